"""What the settings make of a side: the public one has no admin, and a database that it cannot write."""

import os
import subprocess
import sys
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection

# Run by a process of the public side: what it is made of, and what comes of writing.
TRY_TO_WRITE = """
import django; django.setup()
from django.conf import settings
from django.db import DatabaseError, connection
from django.urls import NoReverseMatch, reverse
from clusters.models import MiniCluster
from portal.models import DataVersion
print("records", MiniCluster.objects.count() > 100)
for write in (
    lambda: MiniCluster.objects.update(name="x"),
    lambda: MiniCluster.objects.first().delete(),
    lambda: DataVersion.objects.create(pk=2, token="x", moved_at="2026-01-01T00:00Z"),
    lambda: connection.cursor().execute("CREATE TABLE mine (id int)"),
):
    try:
        write()
        print("written")
    except DatabaseError as error:
        print("refused", "read" in str(error) and "only" in str(error))
try:
    reverse("admin:index")
except NoReverseMatch:
    print("no admin")
print("names", *settings.MIDDLEWARE, *settings.INSTALLED_APPS)
"""


def python(code, **variables):
    """Run Python as a process of the public side, with these variables of the settings."""
    kept = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "VAR_DIR")}
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=settings.BASE_DIR,
        env=kept | {"DJANGO_SETTINGS_MODULE": "portal.settings", "SIDE": "public"} | variables,
        capture_output=True,
        text=True,
    )


@pytest.fixture
def database(tmp_path):
    """The variables that name a database with the documents, as the process of the tests has it."""
    if connection.vendor == "postgresql":
        url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}")
        return {"VAR_DIR": str(tmp_path), "DATABASE_URL": url.geturl()}
    connection.ensure_connection()
    (tmp_path / "portal.sqlite3").write_bytes(connection.connection.serialize())
    return {"VAR_DIR": str(tmp_path)}


@pytest.mark.django_db
def test_the_public_process_cannot_write(database):
    answer = python(TRY_TO_WRITE, **database)
    found = answer.stdout.splitlines()
    assert found[:-1] == ["records True", *["refused True"] * 4, "no admin"], answer.stderr
    for name in ("session", "csrf", "auth.middleware", "message", "history.middleware", "axes", "admin"):
        assert name not in found[-1].lower(), name


@pytest.mark.django_db
def test_the_public_side_may_have_a_database_of_its_own(database):
    """A role that reads, or a replica: the address of the other is not even looked at."""
    if connection.vendor != "postgresql":
        database["DATABASE_URL"] = f"sqlite:///{database['VAR_DIR']}/portal.sqlite3"
    own = {"PUBLIC_DATABASE_URL": database["DATABASE_URL"], "DATABASE_URL": "sqlite:////nowhere/at/all"}
    code = (
        "import django; django.setup(); from portal.models import Document; print(Document.objects.count())"
    )
    answer = python(code, **database | own)
    assert answer.stdout == "2\n", answer.stderr


def test_the_public_side_makes_no_database(tmp_path):
    """One that vanished is not replaced by an empty one."""
    code = "import django; django.setup(); from portal.models import Document; Document.objects.count()"
    answer = python(code, VAR_DIR=str(tmp_path))
    assert answer.returncode and "unable to open database file" in answer.stderr
    assert not list(tmp_path.glob("*.sqlite3*"))
