"""The version of the public data: what caches and validators name, moved by whatever changes a record.

The database moves it itself, by triggers, in the transaction of the change: so no way of changing a record is
forgotten, ``update()`` and ``bulk_create()`` included, and what is rolled back has moved nothing.
"""

import logging
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from time import monotonic
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import DatabaseError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone

log = logging.getLogger(__name__)

EVENTS = ("insert", "update", "delete")
FUNCTION = "move_data_version"
# Django writes times into SQLite as text, in UTC.
MOVE = {
    "sqlite": "UPDATE {version} SET token = lower(hex(randomblob(16))), moved_at = datetime('now')",
    # now() is the time of the transaction: it moves once in each, however many statements that has.
    "postgresql": "UPDATE {version} SET token = replace(gen_random_uuid()::text, '-', ''), moved_at = now() "
    "WHERE moved_at IS DISTINCT FROM now()",
}
# What answers are made of, beside the data.
SOURCES = ("portal", "complexes", "clusters", "support_programs", "templates", "static", "locale")


def tables(watched: Iterable[Any]) -> list[str]:
    """Return the tables of these models and of their many-to-many relations."""
    joins = [field.remote_field.through for model in watched for field in model._meta.local_many_to_many]
    return sorted({model._meta.db_table for model in (*watched, *joins)})


def trigger_names(table: str) -> dict[str, str]:
    """Return {event: name of its trigger} of a table."""
    return {event: f"{table}_{event}_version" for event in EVENTS}


def stop_watching(database: BaseDatabaseWrapper, watched: Iterable[Any]) -> None:
    """Remove the triggers, as before a migration: SQLite makes a table anew when its columns change."""
    with database.cursor() as cursor:
        there = set(database.introspection.table_names(cursor))
        for table in there.intersection(tables(watched)):
            where = f" ON {table}" if database.vendor == "postgresql" else ""
            for name in trigger_names(table).values():
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}{where}")


def watch(database: BaseDatabaseWrapper, watched: Iterable[Any]) -> None:
    """Make the record of the version where it is missing, move it, and make the triggers that move it."""
    version = apps.get_model("portal.DataVersion")
    stop_watching(database, watched)
    with database.cursor() as cursor:
        there = set(database.introspection.table_names(cursor))
        if version._meta.db_table not in there:  # migrated back to before there was one
            return
        move = MOVE[database.vendor].format(version=version._meta.db_table)
        version.objects.using(database.alias).get_or_create(pk=1, defaults={"moved_at": timezone.now()})
        cursor.execute(move)
        if database.vendor == "postgresql":
            cursor.execute(
                f"CREATE OR REPLACE FUNCTION {FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS "
                f"$$ BEGIN {move}; RETURN NULL; END $$"
            )
        action = f"EXECUTE FUNCTION {FUNCTION}()" if database.vendor == "postgresql" else f"BEGIN {move}; END"
        for table in there.intersection(tables(watched)):
            for event, name in trigger_names(table).items():
                cursor.execute(f"CREATE TRIGGER {name} AFTER {event} ON {table} {action}")


def fingerprint() -> str:
    """Return a hash of the code, templates, scripts and settings that answers are made with."""
    digest = sha256(
        repr([settings.TILE_URL, settings.TILE_ATTRIBUTION, settings.CONTENT_SECURITY_POLICY]).encode()
    )
    root = Path(settings.BASE_DIR)
    paths = [path for name in SOURCES for path in (root / name).rglob("*") if path.is_file()]
    for path in sorted(path for path in (*paths, root / "requirements.txt") if path.suffix != ".pyc"):
        digest.update(str(path.relative_to(root)).encode() + path.read_bytes())
    return digest.hexdigest()[:16]


class KnownVersion:
    """The version as this process knows it: asked for at most once a second, and kept while none is there.

    Safe for threads: at worst two ask at once.
    """

    # In seconds; the second where the database does not answer.
    every = 1.0
    every_while_away = 3.0

    def __init__(self) -> None:
        self.token = ""
        self.away = False
        self.asked = float("-inf")
        self.fingerprint = ""

    def ask(self, *, now: bool = False) -> str:
        """Return the version with the day, as pages say when they were read; empty where none is known yet.

        ``now`` asks whatever was asked before: who has just changed a record wants to see it.
        """
        wait = self.every_while_away if self.away else self.every
        if now or monotonic() - self.asked >= wait:
            self.read()
            self.asked = monotonic()
        return self.token

    def read(self) -> None:
        try:
            tokens = list(apps.get_model("portal.DataVersion").objects.values_list("token", flat=True))
        except DatabaseError:
            if not self.away:
                log.warning("The database does not answer; what is known is served.")
            self.away = True
            return
        self.away = False
        self.fingerprint = self.fingerprint or fingerprint()
        day = timezone.localdate().isoformat()
        self.token = f"{tokens[0]}-{day}-{self.fingerprint}" if tokens else ""


known_version = KnownVersion()
