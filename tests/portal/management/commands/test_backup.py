"""A backup is whole whatever is written meanwhile, and comes back only where it should."""

import json
import os
import sqlite3
import stat
import zipfile
from contextlib import closing
from pathlib import Path

import psycopg2
import pytest
from django.db import connection

from tests.ready import copy_of, environment, new_database, once, python, run

# As an editor: two records in one transaction, over and over, and what was last saved in a file.
EDITOR = """
import time, django
django.setup()
from django.db import transaction
from clusters.models import MiniCluster
first, second = MiniCluster.objects.filter(edition__year=2016)[:2]
print("ready", flush=True)
for number in range(100_000):
    with transaction.atomic():
        for record in (first, second):
            record.telephone = f"+82-2-{number}"
            record.save()
    time.sleep(0.02)
"""


class Portal:
    """A portal on SQLite or on the PostgreSQL of the tests."""

    def __init__(self, folder, address):
        self.folder, self.address = folder, address
        self.environment = environment(folder, address)

    def do(self, *arguments):
        code, out, errors = run(self.environment, "manage.py", *arguments)
        assert code == 0, errors
        return out

    def refuse(self, *arguments):
        """Return the words in which a command is refused."""
        code, _out, errors = run(self.environment, "manage.py", *arguments)
        assert code != 0 and "Traceback" not in errors, errors
        return errors

    def ask(self, query):
        """Return the first column of what a query finds, straight out of the database."""
        file = self.folder / "portal.sqlite3"
        opened = psycopg2.connect(self.address) if self.address else sqlite3.connect(file)
        with closing(opened) as database, closing(database.cursor()) as cursor:
            cursor.execute(query)
            return [value for (value, *_more) in cursor.fetchall()]

    def token(self):
        return self.ask("SELECT token FROM portal_dataversion")[0]


@pytest.fixture(scope="module")
def backup(ready, tmp_path_factory):
    """A backup made while an editor saves, once a run, and what was said of it."""

    def make(folder):
        portal = Portal(folder, copy_of(ready, folder, f"backed_up_{os.getpid()}"))
        with python(portal.environment, "-c", EDITOR) as editor:
            try:
                assert editor.stdout.readline() == "ready\n"
                said = portal.do("backup")
                assert editor.poll() is None  # it has not been stopped by a lock
            finally:
                editor.kill()
        (path,) = (portal.folder / "backups").glob("*.zip")
        return [str(path), said]

    path, said = once(tmp_path_factory, f"backup-{connection.vendor}", make)
    return Path(path), said


@pytest.fixture(scope="module")
def restored(backup, tmp_path_factory):
    """What the backup became in a new place."""
    folder = tmp_path_factory.mktemp("restored")
    made = Portal(
        folder, new_database(f"restored_{os.getpid()}") if connection.vendor == "postgresql" else ""
    )
    made.do("restore", str(backup[0]))
    return made


def manifest_of(path):
    with zipfile.ZipFile(path) as file:
        return json.loads(file.read("manifest.json"))


def test_a_backup_is_verified_while_an_editor_saves(backup):
    path, said = backup
    manifest = manifest_of(path)
    assert f"all {len(manifest['files'])} public files are the same" in said
    assert len(manifest["files"]) > 200
    assert manifest["counts"]["clusters_minicluster"] > 180
    assert manifest["database"] == connection.vendor
    for private in (path, path.parent):
        assert not stat.S_IMODE(private.stat().st_mode) & 0o077
    assert [other.name for other in path.parent.iterdir()] == [path.name]


def test_in_a_new_place_every_public_file_is_the_same(backup, restored):
    assert json.loads(restored.do("hash_files")) == manifest_of(backup[0])["files"]
    # Of one moment: the editor's two records were saved together.
    telephones = restored.ask(
        "SELECT telephone FROM clusters_historicalminicluster WHERE history_change_reason IS NULL"
    )
    assert telephones and all(telephones.count(telephone) == 2 for telephone in telephones)


def test_the_restored_version_is_another(backup, restored):
    """Whoever kept pages of before asks for them anew."""
    assert restored.token() != manifest_of(backup[0])["data_version"]


def test_a_database_is_replaced_only_when_told_and_put_aside_first(restored, backup):
    before = restored.token()
    assert "is not empty" in restored.refuse("restore", str(backup[0]))
    assert restored.token() == before
    kept = set((restored.folder / "backups").glob("*.zip"))
    said = restored.do("restore", str(backup[0]), "--overwrite")
    (aside,) = set((restored.folder / "backups").glob("*.zip")) - kept
    assert str(aside) in said and restored.token() != before
    assert manifest_of(aside)["data_version"] == before


def spoilt(path, target, change):
    """Copy a backup, changing its manifest or its database."""
    with zipfile.ZipFile(path) as file, zipfile.ZipFile(target, "w") as made:
        for name in file.namelist():
            made.writestr(name, change(name, file.read(name)))
    return target


def with_manifest(**given):
    return lambda name, body: json.dumps(json.loads(body) | given) if name == "manifest.json" else body


SPOILT = {
    "cut": (lambda path, target: target.write_bytes(path.read_bytes()[:-1000]), "is damaged"),
    "a bit": (
        lambda path, target: target.write_bytes(
            (body := path.read_bytes())[:200_000] + bytes([body[200_000] ^ 1]) + body[200_001:]
        ),
        "is damaged",
    ),
    "no backup": (lambda path, target: target.write_text("hello"), "is damaged, or no backup"),
    "another database": (
        lambda path, target: spoilt(
            path, target, lambda name, body: body if name == "manifest.json" else body[:-1] + b"x"
        ),
        "the checksum does not fit",
    ),
    "a newer version": (
        lambda path, target: spoilt(path, target, with_manifest(migrations=[["portal", "0999_next"]])),
        "made by a newer version, with portal.0999_next",
    ),
    "other rows": (
        lambda path, target: spoilt(
            path,
            target,
            with_manifest(counts=manifest_of(path)["counts"] | {"clusters_minicluster": 3}),
        ),
        "not have the rows",
    ),
    "another form": (lambda path, target: spoilt(path, target, with_manifest(form=99)), "a form not known"),
}


# Restores each of these files, all in one process, and says what becomes of it, and of the version.
RESTORE_EACH = """
import json, sys, django
django.setup()
from django.core.management import CommandError, call_command
from portal.models import DataVersion
found = []
for path in sys.argv[1:]:
    try:
        call_command("restore", path, overwrite=True, stdout=sys.stderr)
        found.append(["restored", ""])
    except CommandError as error:
        found.append([str(error), DataVersion.objects.get().token])
print(json.dumps(found))
"""


def test_what_is_not_right_is_refused_and_changes_nothing(restored, backup, tmp_path):
    paths = [tmp_path / f"{how}.zip" for how in SPOILT]
    for path, (spoil, _words) in zip(paths, SPOILT.values(), strict=True):
        spoil(backup[0], path)
    before = restored.token()
    code, out, errors = run(restored.environment, "-c", RESTORE_EACH, *map(str, paths))
    assert code == 0, errors
    for (how, (_spoil, words)), (said, token) in zip(SPOILT.items(), json.loads(out), strict=True):
        assert words in said and token == before, how
    assert words in restored.refuse("restore", str(paths[-1]), "--overwrite")


def scrawl(body):
    """Return a database with a page in the middle of it overwritten."""
    return body[:40_960] + b"x" * 8_192 + body[49_152:]


@pytest.mark.skipif(connection.vendor == "postgresql", reason="SQLite is one file.")
@pytest.mark.parametrize("damage", [scrawl, lambda body: b"not a database" * 1000], ids=["page", "file"])
def test_what_cannot_be_read_any_more_is_moved_aside(restored, backup, tmp_path, damage):
    portal = Portal(tmp_path, "")
    body = damage((restored.folder / "portal.sqlite3").read_bytes())
    (tmp_path / "portal.sqlite3").write_bytes(body)
    portal.refuse("restore", str(backup[0]))
    assert (tmp_path / "portal.sqlite3").read_bytes() == body
    assert "and was moved to" in portal.do("restore", str(backup[0]), "--overwrite")
    (aside,) = tmp_path.glob("portal.sqlite3.damaged-*")
    assert aside.read_bytes() == body and portal.token()


@pytest.mark.skipif(connection.vendor != "postgresql", reason="A matter of PostgreSQL's tools.")
class TestTools:
    def test_tools_that_are_missing_or_too_old_are_said(self, restored, tmp_path):
        old = tmp_path / "pg_dump"
        old.write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 9.6.24'\n")
        old.chmod(0o700)
        portal = Portal(restored.folder, restored.address)
        portal.environment["PATH"] = str(tmp_path)
        assert "pg_dump is of version 9, the server of" in portal.refuse("backup", "--no-verify")
        old.unlink()
        assert "pg_dump is not on PATH" in portal.refuse("backup", "--no-verify")

    def test_a_role_that_only_reads_may_still_read_afterwards(self, restored, backup):
        role = f"reader_{os.getpid()}"
        with closing(psycopg2.connect(restored.address)) as database:
            database.autocommit = True
            cursor = database.cursor()
            cursor.execute(f"CREATE ROLE {role}")
            cursor.execute(f"GRANT SELECT ON clusters_sector TO {role}")
            restored.do("restore", str(backup[0]), "--overwrite")
            for table, allowed in (("clusters_sector", True), ("auth_user", False)):
                cursor.execute("SELECT has_table_privilege(%s, %s, 'SELECT')", [role, table])
                assert cursor.fetchone() == (allowed,)
            cursor.execute(f"DROP OWNED BY {role}; DROP ROLE {role}")
