"""Released databases with an editor's work in them move up, lose nothing, and have all that came new."""

import gzip
import json
import os
import sqlite3
import subprocess
import sys
from urllib.parse import urlsplit

import psycopg2
import pytest
from django.conf import settings
from django.db import connection

from portal.management.public_files import rows

from . import FOLDER, RELEASES, changes_of, held


@pytest.fixture(scope="module", params=RELEASES)
def release(request):
    return request.param


@pytest.fixture(scope="module")
def changes(release):
    """What the editor did, change by change."""
    return [change for step in changes_of(release)["steps"] for change in step["changes"]]


@pytest.fixture(scope="module")
def environment(release, tmp_path_factory):
    """The environment of commands on the released database: on SQLite, or on the PostgreSQL of the tests."""
    folder = tmp_path_factory.mktemp("released")
    environment = os.environ | {"VAR_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "portal.settings"}
    address = environment.pop("DATABASE_URL", "")
    dump = gzip.decompress((FOLDER / release / f"{connection.vendor}.sql.gz").read_bytes()).decode()
    # As a version left it that kept there what it had loaded, and as if that were today's.
    (folder / "fixtures.fingerprint").write_text("stale")
    if connection.vendor == "sqlite":
        with sqlite3.connect(folder / "portal.sqlite3") as database:
            database.executescript(dump)
        return environment
    # A name of its own for each process that runs tests.
    name = f"released_{release}_{os.getpid()}"
    server = psycopg2.connect(address)
    server.autocommit = True
    server.cursor().execute(f"CREATE DATABASE {name}")
    server.close()
    made = urlsplit(address)._replace(path=f"/{name}").geturl()
    with psycopg2.connect(made) as database:
        database.cursor().execute(dump)
    return environment | {"DATABASE_URL": made}


def run(environment, *command):
    done = subprocess.run(
        [sys.executable, *command], cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def moved(environment, release):
    """What the database holds once it has moved up by migrations alone."""
    _said, facts = json.loads(run(environment, "-m", "tests.released", release, "migrate"))
    return facts


@pytest.fixture(scope="module")
def prepared(environment, release, moved):
    """What `prepare` says, and what the database then holds: facts, records, rows of the public files."""
    return json.loads(run(environment, "-m", "tests.released", release, "prepare"))


def test_what_an_editor_changed_added_or_deleted_stays_so(changes, moved):
    last = {}
    for change, fields in zip(changes, moved["fields"], strict=True):
        if change["action"] == "deleted":
            assert fields is None, change["slug"]
            continue
        last.setdefault((change["model"], change["pk"]), ({}, fields))[0].update(
            {name: value["new"] for name, value in change["fields"].items()}
        )
    assert len(last) >= 10
    for (model, key), (expected, fields) in last.items():
        assert {name: fields[name] for name in fields} == {name: expected[name] for name in fields}, (
            model,
            key,
        )


def test_the_history_of_each_change_is_there_with_user_and_reason(changes, moved):
    for change, entries in zip(changes, moved["history"], strict=True):
        assert len(entries) == change["history_rows_in_the_end"]
        for entry in change["history"]:
            assert [entry["type"], entry["reason"], entry["user"] or ""] in entries


def test_no_record_and_no_history_is_lost(release, moved):
    assert moved["rows"] == changes_of(release)["rows"]


def test_what_came_new_is_loaded_and_the_editors_work_stays(changes, moved, prepared):
    said, facts, _held, _rows = prepared
    # As many as there were corrections, and what belongs to records that the editor deleted.
    assert "Fixtures:" in said and " 0 kept" not in said
    assert facts["fields"] == moved["fields"]


@pytest.mark.django_db
def test_every_model_is_filled_as_in_a_new_portal(changes, prepared):
    """But for what the editor made, deleted, or names otherwise, and what joins others to that."""
    touched = {word for change in changes for word in change["slug"].split()}
    for model, fresh in held().items():
        there = prepared[2][model]
        assert there and fresh, model
        differing = set(there) ^ set(fresh)
        assert all(touched & set(key.split()) for key in differing), (model, differing)
        assert len(differing) <= 4, model


@pytest.mark.django_db
def test_every_public_file_is_that_of_a_new_portal_but_for_the_editors_work(release, prepared):
    fresh, differing = rows(), {}
    assert set(prepared[3]) == set(fresh)
    for address, expected in fresh.items():
        there = prepared[3][address]
        if keys := sorted(key for key in {*there, *expected} if there.get(key) != expected.get(key)):
            differing[address] = keys
    assert differing == changes_of(release)["files"]


def test_the_legibility_of_a_zone_went_with_its_history(release, environment, moved):
    if release != "66e20a7":
        pytest.skip("No editor of this release changed it.")
    script = (
        "from clusters.models import Edition\n"
        "for entry in Edition.history.filter(slug='2016').order_by('history_id'):\n"
        "    zones = sorted(row.zone.slug for row in entry.pictured_zones.all())\n"
        "    print(entry.history_type, entry.history_user, *zones)"
    )
    lines = run(environment, "manage.py", "shell", "--verbosity", "0", "--command", script).splitlines()
    assert lines == [
        "+ None busan chungcheong gangwon north-jeolla ulsan",
        "~ editor chungcheong gangwon north-jeolla ulsan",
    ]
