"""What `make audit` makes of the answer of a source of advisories."""

import pytest

from . import audit

SOUND = {"name": "sound", "version": "1.0", "vulns": []}
UNKNOWN = {"name": "unknown", "skip_reason": "not found"}
VULNERABLE = {
    "name": "vulnerable",
    "version": "0.9",
    "vulns": [{"id": "PYSEC-2026-1", "fix_versions": ["0.9.1", "1.0"], "aliases": [], "description": ""}],
}


@pytest.mark.parametrize(
    ("found", "status", "words"),
    [
        (None, 0, ["NOT AUDITED"]),
        # An index without advisories: pip-audit itself says then that nothing was found.
        ([UNKNOWN], 0, ["NOT AUDITED"]),
        ([SOUND], 0, ["1 packages audited, 0 vulnerable"]),
        ([SOUND, UNKNOWN], 0, ["1 packages audited, 0 vulnerable", "not audited: unknown"]),
        (
            [SOUND, VULNERABLE],
            1,
            ["vulnerable 0.9: PYSEC-2026-1", "0.9.1, 1.0", "2 packages audited, 1 vulnerable"],
        ),
    ],
)
def test_a_vulnerable_package_fails_and_a_silent_source_is_said(found, status, words):
    judged, said = audit.judge(found)
    assert judged == status
    assert [word for word in words if word not in said] == []
    assert ("NOT AUDITED" in said) == ("NOT AUDITED" in words)


def test_every_locked_package_is_asked_after_and_the_next_source_after_the_first(monkeypatch, capsys):
    asked = []

    def run(command, **options):
        asked.append(command)
        # As pip-audit does without a network: no JSON at all.
        return type("Answer", (), {"stdout": "Traceback", "returncode": 1})

    monkeypatch.setattr(audit.subprocess, "run", run)
    assert audit.main() == 0
    assert "NOT AUDITED" in capsys.readouterr().out
    assert [command[-1] for command in asked] == list(audit.SERVICES)
    assert all(lock in command for command in asked for lock in audit.LOCKS)
