"""A backup is whole whatever is written meanwhile, and comes back only where it should."""

import json
import os
import sqlite3
import stat
import subprocess
import sys
import zipfile
from contextlib import closing
from urllib.parse import urlsplit

import psycopg2
import pytest
from django.conf import settings as portal_settings
from django.db import connection

# As an editor: two records in one transaction, over and over, and what was last saved in a file.
EDITOR = """
import sys, django
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
"""


def environment(folder, address):
    given = os.environ | {"VAR_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "portal.settings"}
    given.pop("DATABASE_URL", None)
    return given | ({"DATABASE_URL": address} if address else {})


class Portal:
    """A portal of its own, on SQLite or on the PostgreSQL of the tests, without static files."""

    def __init__(self, folder, name):
        folder.mkdir(exist_ok=True)
        self.folder, self.address = folder, ""
        if connection.vendor == "postgresql":
            server = os.environ["DATABASE_URL"]
            with closing(psycopg2.connect(server)) as made:
                made.autocommit = True
                made.cursor().execute(f"CREATE DATABASE {name}")
            self.address = urlsplit(server)._replace(path=f"/{name}").geturl()
        self.environment = environment(folder, self.address)

    def run(self, *arguments):
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=portal_settings.BASE_DIR,
            env=self.environment,
            capture_output=True,
            text=True,
        )

    def do(self, *arguments):
        done = self.run("manage.py", *arguments)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def refuse(self, *arguments):
        """Return the words in which a command is refused."""
        done = self.run("manage.py", *arguments)
        assert done.returncode != 0 and "Traceback" not in done.stderr, done.stderr
        return done.stderr

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
def portal(tmp_path_factory):
    made = Portal(tmp_path_factory.mktemp("portal"), f"backed_up_{os.getpid()}")
    made.do("migrate", "--verbosity", "0")
    made.do("load_documents")
    return made


@pytest.fixture(scope="module")
def backup(portal):
    """A backup made while an editor saves, and what was said of it."""
    saving = {"env": portal.environment, "cwd": portal_settings.BASE_DIR, "text": True}
    with subprocess.Popen([sys.executable, "-c", EDITOR], stdout=subprocess.PIPE, **saving) as editor:
        try:
            assert editor.stdout.readline() == "ready\n"
            said = portal.do("backup")
            assert editor.poll() is None  # it has not been stopped by a lock
        finally:
            editor.kill()
    (path,) = (portal.folder / "backups").glob("*.zip")
    return path, said


@pytest.fixture(scope="module")
def restored(backup, tmp_path_factory):
    made = Portal(tmp_path_factory.mktemp("restored"), f"restored_{os.getpid()}")
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


def test_in_a_new_place_every_public_file_is_the_same(portal, backup, restored):
    assert json.loads(restored.do("hash_files")) == manifest_of(backup[0])["files"]
    # Of one moment: the editor's two records were saved together.
    telephones = restored.ask(
        "SELECT telephone FROM clusters_historicalminicluster WHERE history_change_reason IS NULL"
    )
    assert telephones and all(telephones.count(telephone) == 2 for telephone in telephones)


def test_the_restored_version_is_another(portal, backup, restored):
    """Whoever kept pages of before asks for them anew."""
    assert restored.token() != manifest_of(backup[0])["data_version"]


def test_a_database_is_replaced_only_when_told_and_put_aside_first(restored, backup):
    before = restored.token()
    assert "is not empty" in restored.refuse("restore", str(backup[0]))
    assert restored.token() == before
    said = restored.do("restore", str(backup[0]), "--overwrite")
    (aside,) = (restored.folder / "backups").glob("*.zip")
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


@pytest.mark.parametrize("how", SPOILT)
def test_what_is_not_right_is_refused_and_changes_nothing(restored, backup, tmp_path, how):
    spoil, words = SPOILT[how]
    spoil(backup[0], tmp_path / "spoilt.zip")
    before = restored.token()
    assert words in restored.refuse("restore", str(tmp_path / "spoilt.zip"), "--overwrite")
    assert restored.token() == before


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
    def test_tools_that_are_missing_or_too_old_are_said(self, portal, tmp_path):
        old = tmp_path / "pg_dump"
        old.write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 9.6.24'\n")
        old.chmod(0o700)
        path, portal.environment["PATH"] = portal.environment["PATH"], str(tmp_path)
        try:
            assert "pg_dump is of version 9, the server of" in portal.refuse("backup", "--no-verify")
            old.unlink()
            assert "pg_dump is not on PATH" in portal.refuse("backup", "--no-verify")
        finally:
            portal.environment["PATH"] = path

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
