"""The files of deploy/ are right each by itself, and docs/operate.md tells of what is in them."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from django.conf import settings

from tests.debian import find

from .machines import DEPLOY, HOST, shipped
from .proxies import Nginx

README = (Path(settings.BASE_DIR) / "README.md").read_text(encoding="utf-8")
READ = set(re.findall(r"`([A-Z_]{3,})`", README.partition("\n## Settings\n")[2].partition("\n## ")[0]))
GUIDE = (Path(settings.BASE_DIR) / "docs" / "operate.md").read_text(encoding="utf-8")
FILES = {path.relative_to(DEPLOY).as_posix(): path for path in DEPLOY.rglob("*") if path.is_file()}
UNITS = [name for name in FILES if name.endswith(".service")]
TEXTS = {name: path.read_text(encoding="utf-8") for name, path in FILES.items()}


def needs(name):
    return pytest.mark.skipif(find(name) is None, reason=f"there is no {name}")


def test_every_variable_is_one_of_the_settings():
    for name, text in {**TEXTS, "operate.md": GUIDE}.items():
        # "HTTPS=1" in a line of its own, also as a comment, and `HTTPS=1` in the guide.
        given = set(re.findall(r"(?:^#?|`)([A-Z][A-Z_]{2,})=", text, re.MULTILINE))
        # README has all of them and no other, as tests/test_docs.py knows.
        assert given <= READ, name


def test_the_environment_says_what_a_public_host_needs():
    given = dict(re.findall(r"^(\w+)=(.*)$", TEXTS["portal.env"], re.MULTILINE))
    assert given["HTTPS"] == "1" and given["TRUSTED_PROXIES"] == "1"
    assert given["ALLOWED_HOSTS"] == HOST and given["CSRF_TRUSTED_ORIGINS"] == f"https://{HOST}"


def test_the_guide_tells_of_every_file_and_of_paths_that_are_in_them():
    for name in FILES:
        assert name in GUIDE or Path(name).name in GUIDE, name
    # A version's folder stands for any; below it lies the repository.
    paths = set(re.findall(r"/(?:etc|opt|var)/[\w./-]*\w", re.sub(r"/opt/portal/(current/|1\.0)", "", GUIDE)))
    assert len(paths) > 5 and not [path for path in paths if path not in "\n".join(TEXTS.values())]


def test_the_units_differ_in_what_they_start_and_in_nothing_that_holds_them():
    """One list of what a unit may not do, so that none is forgotten where another is mended."""
    assert len(UNITS) == 3
    held = {TEXTS[name].partition("StateDirectory=")[2].partition("[Install]")[0].strip() for name in UNITS}
    assert len(held) == 1
    directives = held.pop().splitlines()
    for directive in ("NoNewPrivileges=yes", "PrivateTmp=yes", "ProtectSystem=strict", "UMask=0077"):
        assert directive in directives


@needs("systemd-analyze")
@pytest.mark.parametrize("name", UNITS)
def test_a_unit_is_held_tightly(name):
    run = subprocess.run(
        [find("systemd-analyze"), "security", "--offline=yes", "--no-pager", "--threshold=15", FILES[name]],
        capture_output=True,
        text=True,
        timeout=60,
    )
    # Of ten parts, 1.5 at most.
    assert run.returncode == 0, run.stdout[-3000:] + run.stderr


@needs("systemd-analyze")
def test_the_units_are_understood(tmp_path):
    for name in UNITS:
        shutil.copy(FILES[name], tmp_path)
    instances = [name.replace("@", "@8001") for name in UNITS]
    (tmp_path / "portal-public@8001.service").write_text(TEXTS["portal-public@.service"])
    run = subprocess.run(
        [find("systemd-analyze"), "verify", "--man=no", *(tmp_path / name for name in instances)],
        capture_output=True,
        text=True,
        timeout=60,
    )
    found = [line for line in run.stderr.splitlines() if "portal-" in line]
    # The machine of the tests has no portal in /opt.
    assert not [line for line in found if "is not executable" not in line], run.stderr


@needs("nginx")
def test_nginx_takes_its_configuration_without_a_warning(tmp_path):
    nginx = Nginx(tmp_path / "nginx", {})
    code, said = nginx.check()
    assert code == 0 and "warn" not in said, said


@needs("caddy")
def test_caddy_takes_its_configuration_and_would_not_write_it_otherwise():
    for command in (["validate", "--adapter", "caddyfile", "--config"], ["fmt"]):
        run = subprocess.run(
            [find("caddy"), *command, FILES["Caddyfile"]], capture_output=True, text=True, timeout=60
        )
        assert run.returncode == 0, run.stderr
    assert run.stdout.strip() == TEXTS["Caddyfile"].strip()


def test_both_proxies_pass_on_to_the_ports_that_the_units_listen_at():
    ports = {"8000", "8001", "8002"}
    for name in ("nginx.conf", "Caddyfile"):
        assert ports <= set(re.findall(r"127\.0\.0\.1:(\d+)", TEXTS[name])), name
    assert "--port 8000" in TEXTS["portal-admin.service"]
    assert "portal-public@8001 portal-public@8002" in TEXTS["portal-public@.service"]


def test_what_is_to_be_changed_is_there_to_be_changed():
    with pytest.raises(AssertionError, match=r"has no nowhere\.example"):
        shipped("nginx.conf", {"nowhere.example": "x"})
