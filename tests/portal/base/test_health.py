"""Probes hear whether the process answers, and whether it should be asked, and nothing more."""

import asyncio
import json
import threading
import time

import pytest
from django.contrib.staticfiles.storage import StaticFilesStorage
from django.db import DatabaseError, OperationalError, connection

from portal.base import health
from portal.base.health import Health, readiness
from portal.models import DataVersion
from tests.asgi import answering, ask, scope_of

ALL_OK = {"database": "ok", "version": "ok", "migrations": "ok", "static": "ok"}


def asked(path, app=None, **more):
    return asyncio.run(ask(app or Health(answering(status=418)), scope_of(path, **more)))


@pytest.fixture
def found(monkeypatch):
    """What the checks will find; they run without a database."""
    told = dict(ALL_OK)
    monkeypatch.setattr(health, "readiness", lambda: dict(told))
    return told


@pytest.mark.parametrize("host", ["10.0.0.7:8000", "probe", ""])
def test_the_process_answers_any_host_over_any_scheme(monkeypatch, host):
    monkeypatch.setattr(health, "readiness", None)  # it asks nothing
    status, headers, body = asked("/healthz", headers=[("host", host)])
    assert (status, body) == (200, b"ok\n")
    assert headers["cache-control"] == "no-store" and headers["content-length"] == "3"


@pytest.mark.parametrize("path", ["/", "/healthz/", "/Healthz", "/readyz/x", "//healthz"])
def test_everything_else_is_asked_of_the_portal(path):
    assert asked(path)[0] == 418


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_a_probe_may_ask_with_head_and_with_no_other_method(found, path):
    assert asked(path, method="HEAD")[::2] == (200, b"")
    status, headers, _body = asked(path, method="POST")
    assert (status, headers["allow"]) == (405, "GET, HEAD")


def test_ready_names_each_check(found):
    status, headers, body = asked("/readyz")
    assert status == 200 and headers["content-type"] == "application/json; charset=utf-8"
    assert json.loads(body) == {"ready": True, "checks": ALL_OK}


def test_what_is_wrong_makes_it_unready(found):
    found["static"] = "they are not collected: run prepare"
    status, _headers, body = asked("/readyz")
    assert status == 503
    assert json.loads(body) == {"ready": False, "checks": found}


def test_a_probe_is_quiet(found):
    for path in ("/healthz", "/readyz"):
        scope = scope_of(path)
        asyncio.run(ask(Health(answering()), scope))
        assert scope["portal"]["quiet"]


def test_however_many_ask_one_check_runs(monkeypatch):
    running, most, count = set(), [], []

    def slow():
        running.add(threading.get_ident())
        most.append(len(running))
        count.append(1)
        time.sleep(0.02)
        running.discard(threading.get_ident())
        return dict(ALL_OK)

    monkeypatch.setattr(health, "readiness", slow)

    async def many():
        app = Health(answering())
        answers = await asyncio.gather(*(ask(app, scope_of("/readyz")) for _n in range(50)))
        answers.append(await ask(app, scope_of("/readyz")))
        app.found_at -= health.HOLDS
        answers.append(await ask(app, scope_of("/readyz")))
        return {status for status, _headers, _body in answers}

    assert asyncio.run(many()) == {200}
    assert (len(count), max(most)) == (2, 1)


def test_a_database_that_hangs_is_not_waited_for(monkeypatch):
    let_go = threading.Event()
    monkeypatch.setattr(health, "PATIENCE", 0.05)
    monkeypatch.setattr(health, "readiness", lambda: let_go.wait(10) and dict(ALL_OK))

    async def probe():
        app = Health(answering())
        first, second = await ask(app, scope_of("/readyz")), await ask(app, scope_of("/readyz"))
        let_go.set()
        await asyncio.wait([app.running])
        return first, second, await ask(app, scope_of("/readyz"))

    first, second, third = asyncio.run(probe())
    assert [first[0], second[0], third[0]] == [503, 503, 200]
    assert b"no answer within" in first[2]


def test_a_check_that_breaks_is_not_ready(monkeypatch):
    monkeypatch.setattr(health, "readiness", lambda: 1 / 0)
    assert asked("/readyz")[0] == 503


# --- What the checks find


@pytest.fixture
def kept(monkeypatch):
    """The connection of the test is not closed by what it asks."""
    monkeypatch.setattr(health.connections, "close_all", lambda: None)


@pytest.fixture
def migrated(monkeypatch, kept, db):
    """The migrations that are needed, written down as applied: here tables are made from the models."""
    monkeypatch.setattr(health, "newest_migrations", lambda: frozenset({("portal", "0009_last")}))
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE django_migrations (id integer, app varchar(99), name varchar(99))")
        cursor.execute("INSERT INTO django_migrations VALUES (1, 'portal', '0009_last')")


def test_a_portal_in_order_is_ready(migrated):
    assert readiness() == ALL_OK


def test_a_database_that_lacks_a_migration_is_not(migrated, monkeypatch):
    monkeypatch.setattr(health, "newest_migrations", lambda: frozenset({("portal", "0010_next")}))
    assert readiness() == ALL_OK | {"migrations": "of 1 apps they are not applied: run prepare"}


def test_the_newest_migration_of_each_app_is_known(settings):
    settings.MIGRATION_MODULES = {}
    newest = health.newest_migrations.__wrapped__()
    assert {"portal", "complexes", "clusters", "support_programs"} <= {app for app, _name in newest}
    assert len(newest) == len({app for app, _name in newest})


def test_a_database_without_a_version_is_not_ready(migrated):
    DataVersion.objects.all().delete()
    assert readiness()["version"] == "there is none: run prepare"


def test_without_a_database_nothing_more_is_asked_of_it_and_no_secret_is_told(monkeypatch, kept):
    def away():
        raise OperationalError('connection to server at "db.internal", user "portal" failed')

    def never():
        raise AssertionError

    monkeypatch.setattr(
        health, "CHECKS", {"database": away, "version": never, "migrations": never, "static": lambda: "ok"}
    )
    found = readiness()
    assert found["database"] == "it does not answer"
    assert found["version"] == found["migrations"] == health.NOT_ASKED
    assert "internal" not in json.dumps(found)


def test_what_may_not_be_read_is_told(monkeypatch, kept):
    def forbidden():
        raise DatabaseError("permission denied for table django_migrations")

    monkeypatch.setattr(health, "CHECKS", {"database": lambda: "ok", "migrations": forbidden})
    assert readiness() == {"database": "ok", "migrations": "it cannot be read"}


def test_hashed_static_files_need_to_be_collected(monkeypatch, tmp_path):
    from portal.storage import StaticFilesStorage as Hashed

    monkeypatch.setattr(health, "staticfiles_storage", Hashed(location=tmp_path))
    assert "not collected" in health.static()
    (tmp_path / "staticfiles.json").write_text('{"version": "1.1", "paths": {}, "hash": ""}')
    assert health.static() == "ok"
    monkeypatch.setattr(health, "staticfiles_storage", StaticFilesStorage(location=tmp_path))
    assert health.static() == "ok"
