"""The version of the public data: what caches and validators name, moved by whatever changes a record.

The database moves it itself, by triggers, in the transaction of the change: so no way of changing a record is
forgotten, ``update()`` and ``bulk_create()`` included, and what is rolled back has moved nothing. While the
tables are migrated there is no version, and nothing is kept.
"""

import logging
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from secrets import token_hex
from threading import Lock, Thread
from time import monotonic
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, InterfaceError, ProgrammingError, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone

from .patience import at_most

log = logging.getLogger(__name__)

EVENTS = {
    "sqlite": ("insert", "update", "delete"),
    "postgresql": ("insert", "update", "delete", "truncate"),
}
FUNCTION = "move_data_version"
# Django writes times into SQLite as text, in UTC.
MOVE = {
    "sqlite": "UPDATE {version} SET token = lower(hex(randomblob(16))), moved_at = datetime('now')",
    # now() is the time of the transaction: it moves once in each, however many statements that has.
    "postgresql": "UPDATE {version} SET token = replace(gen_random_uuid()::text, '-', ''), moved_at = now() "
    "WHERE moved_at IS DISTINCT FROM now()",
}
# On PostgreSQL at the end of a transaction: else the record of the version would stay locked until then, and
# two who edit several records would wait for each other, or be a deadlock. TRUNCATE knows no such triggers.
CREATE = {
    ("sqlite", False): "CREATE TRIGGER {} AFTER {} ON {} {}",
    ("postgresql", True): "CREATE TRIGGER {} AFTER {} ON {} {}",
    ("postgresql", False): "CREATE CONSTRAINT TRIGGER {} AFTER {} ON {} DEFERRABLE INITIALLY DEFERRED "
    "FOR EACH ROW {}",
}
# What answers are made of, beside the data.
SOURCES = ("portal", "complexes", "clusters", "support_programs", "templates", "static", "locale")
SETTINGS = (
    "CONTENT_SECURITY_POLICY",
    "SECURE_HSTS_INCLUDE_SUBDOMAINS",
    "SECURE_HSTS_PRELOAD",
    "SECURE_HSTS_SECONDS",
    "SECURE_REFERRER_POLICY",
    "TILE_ATTRIBUTION",
    "TILE_URL",
    "X_FRAME_OPTIONS",
)


def tables(watched: Iterable[Any]) -> list[str]:
    """Return the tables of these models and of their many-to-many relations."""
    joins = [field.remote_field.through for model in watched for field in model._meta.local_many_to_many]
    return sorted({model._meta.db_table for model in (*watched, *joins)})


def triggers(database: BaseDatabaseWrapper, watched: Iterable[Any]) -> list[tuple[str, str, str]]:
    """Return (name, event, table) of every trigger, for the tables that are there."""
    with database.cursor() as cursor:
        there = set(database.introspection.table_names(cursor))
    return [
        (f"{table}_{event}_version", event, table)
        for table in tables(watched)
        if table in there
        for event in EVENTS[database.vendor]
    ]


def stop_watching(database: BaseDatabaseWrapper, watched: Iterable[Any]) -> None:
    """Remove the triggers, as before a migration: SQLite makes a table anew when its columns change.

    The version goes too: until ``watch`` has made another, nothing is kept.
    """
    version = apps.get_model("portal.DataVersion")
    with transaction.atomic(using=database.alias), database.cursor() as cursor:
        if database.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # none waits any more, so that all may go
        for name, _event, table in triggers(database, watched):
            where = f" ON {table}" if database.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{where}")
        if version._meta.db_table in database.introspection.table_names(cursor):
            version.objects.using(database.alias).all().delete()


def watch(database: BaseDatabaseWrapper, watched: Iterable[Any]) -> None:
    """Make the triggers that move the version, and then the record of the version itself, another one."""
    version = apps.get_model("portal.DataVersion")
    table_of_version = version._meta.db_table
    stop_watching(database, watched)
    with transaction.atomic(using=database.alias), database.cursor() as cursor:
        if table_of_version not in database.introspection.table_names(cursor):
            return  # migrated back to before there was one
        move = MOVE[database.vendor].format(version=table_of_version)
        action = f"BEGIN {move}; END"
        if database.vendor == "postgresql":
            action = f"EXECUTE FUNCTION {FUNCTION}()"
            cursor.execute(
                f"CREATE OR REPLACE FUNCTION {FUNCTION}() RETURNS trigger LANGUAGE plpgsql "
                f"SET search_path FROM CURRENT AS $$ BEGIN {move}; RETURN NULL; END $$"
            )
        for name, event, table in triggers(database, watched):
            cursor.execute(CREATE[database.vendor, event == "truncate"].format(name, event, table, action))
        version.objects.using(database.alias).create(pk=1, token=token_hex(16), moved_at=timezone.now())


def fingerprint() -> str:
    """Return a hash of the code, templates, scripts and settings that answers are made with."""
    digest = sha256(repr([getattr(settings, name) for name in SETTINGS]).encode())
    root = Path(settings.BASE_DIR)
    paths = [path for name in SOURCES for path in (root / name).rglob("*") if path.is_file()]
    for path in sorted(path for path in (*paths, root / "requirements.txt") if path.suffix != ".pyc"):
        digest.update(str(path.relative_to(root)).encode() + path.read_bytes())
    return digest.hexdigest()[:16]


class KnownVersion:
    """The version as this process knows it: asked for at most once a second, and kept while none is there.

    Safe for threads: at worst two ask at once.
    """

    # In seconds; the second where the database does not answer, and how long an answer may take.
    every = 1.0
    every_while_away = 3.0
    patience = 2.0

    def __init__(self) -> None:
        self.token = ""
        self.away = False
        self.asked = float("-inf")
        self.fingerprint = ""
        self.asking = Lock()

    def ask(self, *, now: bool = False) -> str:
        """Return the version with the day, as pages say when they were read; empty where none is known yet.

        ``now`` asks at once, unless it was in vain: who has just changed a record wants to see it.
        """
        if self.is_due(now=now):
            if self.away:
                self.ask_apart()
            else:
                self.read()
                self.asked = monotonic()
        return self.token

    def is_due(self, *, now: bool = False) -> bool:
        """Return whether ``ask`` would ask the database."""
        wait = self.every_while_away if self.away else self.every
        return (now and not self.away) or monotonic() - self.asked >= wait

    def ask_apart(self) -> None:
        """Ask in a thread of its own: nobody who asks for what is kept waits for a database that is away."""
        if self.asking.acquire(blocking=False):
            Thread(target=self.read_apart, daemon=True).start()

    def read_apart(self) -> None:
        try:
            self.read()
        finally:
            self.asked = monotonic()
            connections.close_all()
            self.asking.release()

    def read(self) -> None:
        version = apps.get_model("portal.DataVersion")
        try:
            with at_most(self.patience):
                tokens = list(version.objects.values_list("token", flat=True))
        except (DatabaseError, InterfaceError) as error:
            if isinstance(error, ProgrammingError) or "no such table" in str(error):
                # It answers, but was migrated back to before there were versions.
                self.away, self.token = False, ""
                return
            if not self.away:
                log.warning("The database does not answer; what is known is served.")
            self.away = True
            return
        self.away = False
        self.fingerprint = self.fingerprint or fingerprint()
        day = timezone.localdate().isoformat()
        self.token = f"{tokens[0]}-{day}-{self.fingerprint}" if tokens else ""


known_version = KnownVersion()
