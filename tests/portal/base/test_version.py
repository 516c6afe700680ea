"""The version of the data moves with every change of a record, in whichever way it is made, and only then."""

from io import StringIO
from threading import Thread

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import DatabaseError, InterfaceError, connection, transaction

from clusters.models import Continuation, MiniCluster, Sector
from portal.apps import public_models
from portal.base import version
from portal.base.version import KnownVersion
from portal.models import DataVersion, PrintedList
from tests.editing import as_if_committed, save

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def begin(settings):
    """On PostgreSQL the version moves once a transaction, and a test is one: let it be one of an hour ago."""
    DataVersion.objects.update(token="before", moved_at="2000-01-01T00:00:00Z")


def moved():
    """Return whether it has moved, and begin anew."""
    as_if_committed()
    (token,) = DataVersion.objects.values_list("token", flat=True)
    DataVersion.objects.update(token="before", moved_at="2000-01-01T00:00:00Z")
    return token != "before"


def cluster():
    return MiniCluster.objects.get(slug="2016-gumi-mobile")


WAYS = {
    "save": lambda: cluster().save(),
    "update": lambda: MiniCluster.objects.filter(pk=cluster().pk).update(name="x"),
    "bulk_update": lambda: MiniCluster.objects.bulk_update([cluster()], ["name"]),
    "bulk_create": lambda: Sector.objects.bulk_create([Sector(slug="x", name="x", order=99)]),
    "delete": lambda: Continuation.objects.first().delete(),
    "delete of many": lambda: Continuation.objects.all().delete(),
    "relation": lambda: cluster().sectors.set(Sector.objects.all()[:1]),
    "relation cleared": lambda: cluster().complexes.clear(),
    "by hand": lambda: connection.cursor().execute("UPDATE clusters_minicluster SET name = 'x'"),
}


@pytest.mark.parametrize("way", WAYS)
def test_every_way_of_changing_a_record_moves_it(way):
    WAYS[way]()
    assert moved()


def test_every_model_of_public_records_moves_it():
    for model in public_models():
        record = model.objects.first()
        column = model._meta.get_field(
            "locator" if hasattr(record, "locator") else model.key_fields[0]
        ).attname
        model.objects.filter(pk=record.pk).update(**{column: getattr(record, column)})
        assert moved(), model


def test_a_form_and_a_load_move_it(editing):
    save(editing, PrintedList.objects.first(), title="x")
    assert moved()
    call_command("load_documents", overwrite=True, stdout=StringIO())
    assert moved()


@pytest.mark.skipif(connection.vendor == "sqlite", reason="On SQLite one writes at a time.")
def test_two_who_edit_do_not_wait_for_each_other():
    first, second = (connection.copy() for _editor in range(2))
    try:
        for editor, slug in ((first, "2016-gumi-mobile"), (second, "2010-gumi-mobile")):
            with editor.cursor() as cursor:
                cursor.execute("BEGIN")
                cursor.execute("SET LOCAL lock_timeout = '1s'")
                cursor.execute("UPDATE clusters_minicluster SET name = name WHERE slug = %s", [slug])
                assert cursor.rowcount == 1
    finally:
        for editor in (first, second):
            editor.cursor().execute("ROLLBACK")
            editor.close()


def test_what_is_rolled_back_or_not_public_moves_nothing(editing):
    with transaction.atomic():
        cluster().save()
        transaction.set_rollback(True)
    User.objects.create_user("another")
    editing.get("/admin/")
    editing.get("/clusters/")
    assert not moved()


def test_a_table_made_anew_is_watched_again():
    version.stop_watching(connection, public_models())
    cluster().save()  # as in a migration, or after one that failed
    assert KnownVersion().ask() == ""
    version.watch(connection, public_models())
    assert moved()  # what changed meanwhile, nobody has seen
    cluster().save()
    assert moved()
    assert DataVersion.objects.count() == 1


# --- As a process knows it


def test_it_is_asked_for_once_a_second(django_assert_num_queries):
    known = KnownVersion()
    with django_assert_num_queries(1):
        first = known.ask()
        assert known.ask() == first
    known.asked -= 1.01
    with django_assert_num_queries(1):
        assert known.ask() == first
    with django_assert_num_queries(1):
        known.ask(now=True)
    DataVersion.objects.update(token="after")
    assert known.ask(now=True) != first


def test_it_names_the_day_and_the_code():
    known = KnownVersion()
    token, *day, fingerprint = known.ask().split("-")
    assert token == "before" and len(day) == 3 and fingerprint == version.fingerprint()


def test_another_template_or_setting_is_another_fingerprint(settings, tmp_path):
    settings.BASE_DIR = tmp_path
    (tmp_path / "templates").mkdir()
    (tmp_path / "requirements.txt").write_text("django")
    found = {version.fingerprint()}
    (tmp_path / "templates" / "page.html").write_text("one")
    found.add(version.fingerprint())
    (tmp_path / "templates" / "page.html").write_text("two")
    found.add(version.fingerprint())
    settings.TILE_URL = "https://tiles.example/{z}/{x}/{y}.png"
    assert len(found | {version.fingerprint()}) == 4


@pytest.mark.parametrize("error", [DatabaseError, InterfaceError])
def test_without_a_database_the_last_one_holds(monkeypatch, error):
    def gone(*_args, **_options):
        raise error("gone")

    known = KnownVersion()
    first = known.ask()
    with monkeypatch.context() as broken:
        broken.setattr(DataVersion.objects, "values_list", gone)
        assert known.ask(now=True) == first and known.away
    assert known.ask(now=True) == first and known.away  # whoever asks: each would wait for a connection
    known.asked -= 1.01
    apart = []
    monkeypatch.setattr(known, "read_apart", lambda: apart.append(True))
    assert known.ask() == first and not apart  # not asked again at once
    known.asked -= 2
    # And then in a thread of its own, one at a time: nobody waits.
    assert known.ask() == known.ask() == first and known.away
    assert apart == [True]
    known.read()
    assert known.ask() == first and not known.away


def test_a_database_migrated_back_to_before_there_were_versions_is_not_away(monkeypatch):
    known = KnownVersion()
    assert known.ask()
    monkeypatch.setattr(DataVersion._meta, "db_table", "gone")
    if connection.vendor == "sqlite":
        known.read()
    else:  # a query that fails would end the transaction that a test is
        known.asking.acquire()
        thread = Thread(target=known.read_apart)
        thread.start()
        thread.join()
    assert known.token == "" and not known.away
