"""What makes the portal ready: everything where it is new, nothing where it is not, and no database twice."""

import shutil
import sqlite3
import stat
import time
from io import StringIO
from pathlib import Path
from unittest import mock

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection

from portal.management import databases
from portal.management.commands import prepare
from portal.models import DataVersion, Prepared
from tests.ready import copy_of, environment, run


@pytest.fixture
def called(monkeypatch, settings, tmp_path):
    """The commands that are called, in a folder of their own; none of them does anything."""
    settings.VAR_DIR = tmp_path
    settings.STATIC_ROOT = tmp_path / "static"
    found = []

    def call(name, **options):
        found.append(name)
        if name == "collectstatic":
            settings.STATIC_ROOT.mkdir(exist_ok=True)

    monkeypatch.setattr(prepare, "call_command", call)
    Prepared.objects.update_or_create(
        name="tables", defaults={"fingerprint": prepare.fingerprint_of_tables()}
    )
    return found


def start(**options):
    out = StringIO()
    call_command("prepare", stdout=out, **options)
    return out.getvalue()


@pytest.mark.django_db
class TestWhatIsDone:
    @pytest.fixture(autouse=True)
    def applied(self, monkeypatch):
        """The tables of the tests are made without migrations."""
        monkeypatch.setattr(databases, "migrations_here", lambda: {("clusters", "0001_initial")})
        monkeypatch.setattr(databases, "migrations_there", databases.migrations_here)
        monkeypatch.setattr(databases, "is_empty", lambda: False)

    def test_a_second_start_changes_nothing(self, called):
        start()
        assert called == ["collectstatic"]
        called.clear()
        before = DataVersion.objects.get().token
        assert start() == ""
        assert called == [] and DataVersion.objects.get().token == before

    def test_new_fixtures_are_loaded_into_a_database_that_is_there(self, called, monkeypatch):
        monkeypatch.setattr(prepare, "fingerprint_of_fixtures", lambda: "another")
        start()
        assert called == ["load_documents", "collectstatic"]

    def test_what_was_loaded_stands_in_the_database_not_in_a_folder(self, called, settings):
        start()
        called.clear()
        Prepared.objects.filter(name="fixtures").delete()  # another database, or one restored
        start()
        assert called == ["load_documents"]

    def test_a_new_migration_is_applied(self, called, monkeypatch):
        monkeypatch.setattr(databases, "migrations_there", set)
        start()
        assert called == ["migrate", "collectstatic"]

    def test_a_migration_cut_short_is_finished(self, called):
        DataVersion.objects.all().delete()
        start()
        assert called == ["migrate", "collectstatic"]

    def test_another_trigger_is_made(self, called, monkeypatch):
        monkeypatch.setitem(prepare.MOVE, connection.vendor, "UPDATE otherwise")
        start()
        assert called == ["migrate", "collectstatic"]

    def test_static_files_that_are_gone_are_collected_again(self, called, settings):
        start()
        shutil.rmtree(settings.STATIC_ROOT)
        called.clear()
        start()
        assert called == ["collectstatic"]

    def test_a_database_of_a_newer_version_is_left_alone(self, called, monkeypatch):
        monkeypatch.setattr(databases, "migrations_there", lambda: {("clusters", "0999_of_next_year")})
        with pytest.raises(CommandError, match=r"newer version, with clusters\.0999_of_next_year"):
            start()
        assert called == []

    def test_the_public_side_writes_nothing_into_the_database(self, called, settings, monkeypatch):
        settings.SIDE = "public"
        Prepared.objects.all().delete()
        start()
        assert called == ["collectstatic"]
        monkeypatch.setattr(databases, "migrations_there", set)
        with pytest.raises(CommandError, match=r"lacks clusters\.0001_initial: start the admin side"):
            start()

    def test_what_the_disk_or_the_database_refuses_is_said_in_words(self, called, monkeypatch):
        def full(*_args):
            raise OSError(28, "No space left on device", "/var/x")

        with monkeypatch.context() as broken:
            broken.setattr(prepare, "write", full)
            with pytest.raises(CommandError, match=r"/var/x: No space left on device"):
                start()
        for error in (OperationalError("refused"), sqlite3.OperationalError("refused")):
            monkeypatch.setattr(databases, "is_empty", mock.Mock(side_effect=error))
            with pytest.raises(CommandError, match="cannot be used: refused"):
                start()


# --- As a process of its own, on a file of SQLite

on_files = pytest.mark.skipif(connection.vendor != "sqlite", reason="The same whatever the tests run on.")


@pytest.fixture
def folder(ready, tmp_path):
    """A folder in which a portal was made ready, which a test may spoil."""
    copy_of(ready, tmp_path / "var", "")
    return tmp_path / "var"


def prepare_in(folder, *arguments, **variables):
    """Run `manage.py prepare` in a folder of its own."""
    return run(environment(folder) | variables, "manage.py", "prepare", *arguments)


def said(done):
    """Return what a command that stopped says, in words."""
    code, _out, errors = done
    assert code != 0 and "Traceback" not in errors, errors
    return errors


def test_two_starts_at_once_wait_for_each_other(ready):
    # One began anew; the other waited, and found nothing to do.
    assert sum("A new database is made" in text for text in ready["said"]) == 1
    assert sum("waiting for it" in text for text in ready["said"]) == 1
    assert sum("Fixtures:" in text for text in ready["said"]) == 1


def test_what_is_made_is_private(ready):
    made = Path(ready["folder"])
    for path in (made, *made.rglob("*")):
        assert not stat.S_IMODE(path.stat().st_mode) & 0o077, path


@on_files
def test_what_strangers_could_read_is_made_private_but_for_static_files_elsewhere(folder, tmp_path):
    (folder / "portal.sqlite3").chmod(0o644)
    code, _out, errors = prepare_in(folder, "--existing", STATIC_DIR=str(tmp_path / "static"))
    assert code == 0, errors
    assert stat.S_IMODE((folder / "portal.sqlite3").stat().st_mode) == 0o640
    # There another server may read them.
    paths = list((tmp_path / "static").rglob("*"))
    assert paths
    for path in paths:
        assert stat.S_IMODE(path.stat().st_mode) & 0o044 == 0o044


@on_files
def test_a_vanished_database_is_not_replaced_in_silence(folder):
    (folder / "portal.sqlite3").unlink()
    text = said(prepare_in(folder))
    assert "there was one" in text and "make restore" in text and "prepare --new" in text
    assert not (folder / "portal.sqlite3").exists()
    sqlite3.connect(folder / "portal.sqlite3").close()  # as a server that was started nevertheless
    assert "there was one" in said(prepare_in(folder))


@on_files
def test_one_may_forbid_to_make_a_database(tmp_path):
    folder = tmp_path / "var"
    assert "--existing was given" in said(prepare_in(folder, "--existing"))
    assert not (folder / "portal.sqlite3").exists()
    (folder / "fixtures.fingerprint").write_text("x")  # as the version before left it
    assert "there was one" in said(prepare_in(folder))


@on_files
@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ({"VAR_DIR": "/nowhere/at/all"}, "If it is on a mount, mount it"),
        ({"VAR_DIR": "/dev/null"}, "VAR_DIR=/dev/null cannot be used"),
        ({"VAR_DIR": "/proc/self"}, "VAR_DIR=/proc/self cannot be used"),
        ({"DATABASE_URL": "sqlite:////nowhere/portal.sqlite3"}, "The folder /nowhere does not exist"),
        ({"DATABASE_URL": "mysql://localhost/portal"}, "neither with postgres:// nor with sqlite:///"),
        ({"DATABASE_URL": "nonsense"}, "neither with postgres:// nor with sqlite:///"),
        ({"DATABASE_URL": "postgres://u:secret@127.0.0.1:9/x"}, "postgres://127.0.0.1:9/x cannot be used"),
    ],
)
def test_what_cannot_be_used_is_said_in_words(tmp_path, variables, words):
    text = said(prepare_in(tmp_path / "var", **variables))
    assert words in text and "secret" not in text.replace("secret key", "")


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite is for one machine.")
def test_a_start_on_another_machine_is_waited_for(tmp_path, settings, monkeypatch):
    settings.VAR_DIR = tmp_path
    waited = []
    with connection.copy().cursor() as other:
        other.execute("SELECT pg_advisory_lock(%s)", [databases.LOCK])

        def release(_seconds):
            other.execute("SELECT pg_advisory_unlock(%s)", [databases.LOCK])

        monkeypatch.setattr(time, "sleep", release)
        with databases.alone(waited.append):
            assert databases.one(other, "SELECT pg_try_advisory_lock(%s)", [databases.LOCK]) is False
        assert databases.one(other, "SELECT pg_try_advisory_lock(%s)", [databases.LOCK]) is True
        other.connection.close()
    assert len(waited) == 1
