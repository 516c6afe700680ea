"""Released databases with an editor's work in them move up, lose nothing, and have all that came new."""

import gzip
import json
import os
import sqlite3
from contextlib import closing

import psycopg2
import pytest
from django.db import connection

from portal.management.public_files import rows
from tests.ready import environment, new_database, once, run

from . import FOLDER, RELEASES, changes_of, held


@pytest.fixture(scope="module", params=RELEASES)
def release(request):
    return request.param


@pytest.fixture(scope="module")
def changes(release):
    """What the editor did, change by change."""
    return [change for step in changes_of(release)["steps"] for change in step["changes"]]


@pytest.fixture(scope="module")
def there(release, tmp_path_factory):
    """What the released database holds once it has moved up and was made ready: once a run.

    On SQLite, or on the PostgreSQL of the tests.
    """

    def make(folder):
        dump = gzip.decompress((FOLDER / release / f"{connection.vendor}.sql.gz").read_bytes()).decode()
        # As a version left it that kept there what it had loaded, and as if that were today's.
        (folder / "fixtures.fingerprint").write_text("stale")
        address = ""
        if connection.vendor == "sqlite":
            with closing(sqlite3.connect(folder / "portal.sqlite3")) as database:
                database.executescript(dump)
        else:
            address = new_database(f"released_{release}_{os.getpid()}")
            with closing(psycopg2.connect(address)) as database, database:
                database.cursor().execute(dump)
        code, out, errors = run(environment(folder, address), "-m", "tests.released", release)
        assert code == 0, errors
        return json.loads(out)

    return once(tmp_path_factory, f"released-{connection.vendor}-{release}", make)


def test_what_an_editor_changed_added_or_deleted_stays_so(changes, there):
    last = {}
    for change, fields in zip(changes, there["moved"]["fields"], strict=True):
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


def test_the_history_of_each_change_is_there_with_user_and_reason(changes, there):
    for change, entries in zip(changes, there["moved"]["history"], strict=True):
        assert len(entries) == change["history_rows_in_the_end"]
        for entry in change["history"]:
            assert [entry["type"], entry["reason"], entry["user"] or ""] in entries


def test_no_record_and_no_history_is_lost(release, there):
    assert there["moved"]["rows"] == changes_of(release)["rows"]


def test_what_came_new_is_loaded_and_the_editors_work_stays(there):
    # As many as there were corrections, and what belongs to records that the editor deleted.
    assert "Fixtures:" in there["said"] and " 0 kept" not in there["said"]
    assert there["prepared"]["fields"] == there["moved"]["fields"]


@pytest.mark.django_db
def test_every_model_is_filled_as_in_a_new_portal(changes, there):
    """But for what the editor made, deleted, or names otherwise, and what joins others to that."""
    touched = {word for change in changes for word in change["slug"].split()}
    for model, fresh in held().items():
        known = there["held"][model]
        assert known and fresh, model
        differing = set(known) ^ set(fresh)
        assert all(touched & set(key.split()) for key in differing), (model, differing)
        assert len(differing) <= 4, model


@pytest.mark.django_db
def test_every_public_file_is_that_of_a_new_portal_but_for_the_editors_work(release, there):
    fresh, differing = rows(), {}
    assert set(there["rows"]) == set(fresh)
    for address, expected in fresh.items():
        known = there["rows"][address]
        if keys := sorted(key for key in {*known, *expected} if known.get(key) != expected.get(key)):
            differing[address] = keys
    assert differing == changes_of(release)["files"]


def test_the_legibility_of_a_zone_went_with_its_history(release, there):
    if release != "66e20a7":
        pytest.skip("No editor of this release changed it.")
    assert there["zones"] == [
        ["+", "", ["busan", "chungcheong", "gangwon", "north-jeolla", "ulsan"]],
        ["~", "editor", ["chungcheong", "gangwon", "north-jeolla", "ulsan"]],
    ]
