"""A released database with an editor's work in it moves up by migrations alone, and loses nothing."""

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

from . import CHANGES, FOLDER

EVERY_CHANGE = [change for step in CHANGES["steps"] for change in step["changes"]]


@pytest.fixture(scope="module")
def environment(tmp_path_factory):
    """The environment of commands on the released database: on SQLite, or on the PostgreSQL of the tests."""
    folder = tmp_path_factory.mktemp("released")
    environment = os.environ | {"VAR_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "portal.settings"}
    address = environment.pop("DATABASE_URL", "")
    dump = gzip.decompress((FOLDER / f"{connection.vendor}.sql.gz").read_bytes()).decode()
    if connection.vendor == "sqlite":
        with sqlite3.connect(folder / "portal.sqlite3") as database:
            database.executescript(dump)
        return environment
    # A name of its own for each process that runs tests.
    name = f"released_{os.getpid()}"
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
def moved(environment):
    """What the database holds once it has moved up."""
    _said, facts = json.loads(run(environment, "-m", "tests.released", "migrate"))
    return facts


def test_what_an_editor_changed_added_or_deleted_stays_so(moved):
    assert len(moved["fields"]) == len(EVERY_CHANGE) == 23
    last = {}
    for change, fields in zip(EVERY_CHANGE, moved["fields"], strict=True):
        if change["action"] == "deleted":
            assert fields is None, change["slug"]
            continue
        last.setdefault((change["model"], change["pk"]), ({}, fields))[0].update(
            {name: value["new"] for name, value in change["fields"].items()}
        )
    for (model, key), (expected, fields) in last.items():
        assert {name: fields[name] for name in fields} == {name: expected[name] for name in fields}, (
            model,
            key,
        )


def test_the_history_of_each_change_is_there_with_user_and_reason(moved):
    for change, entries in zip(EVERY_CHANGE, moved["history"], strict=True):
        assert len(entries) == change["history_rows_in_the_end"]
        for entry in change["history"]:
            assert [entry["type"], entry["reason"], entry["user"] or ""] in entries


def test_no_record_and_no_history_is_lost(moved):
    assert moved["rows"] == CHANGES["rows"]


def test_what_came_new_is_loaded_and_the_rest_stays(environment, moved):
    said, facts = json.loads(run(environment, "-m", "tests.released", "load_documents"))
    # The continuations, but for those of the mini cluster that the editor deleted; and the one note that has
    # been corrected since the release, on the mini clusters of Seoul.
    assert "84 new, 1 changed" in said
    assert facts["fields"] == moved["fields"]


def test_the_legibility_of_a_zone_went_with_its_history(environment, moved):
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
