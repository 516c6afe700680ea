"""What commands ask of the database of the settings: what it is, what is in it, and who works on it."""

import fcntl
import pkgutil
import sqlite3
import time
from contextlib import ExitStack, contextmanager, suppress
from importlib import import_module
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.management.base import CommandError
from django.db import DatabaseError, InterfaceError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from portal.apps import EDITED_APPS

# Names the lock on PostgreSQL, any number of ours.
LOCK = 0x6B636C75
WAIT = 0.2


def is_sqlite():
    return connection.vendor == "sqlite"


def sqlite_path():
    """Return the file of the database; None where it is PostgreSQL's, or in memory as in tests."""
    if not is_sqlite() or connection.is_in_memory_db():
        return None
    return Path(connection.settings_dict["NAME"])


def address():
    """Return what names the database to people, without its password."""
    if is_sqlite():
        return str(connection.settings_dict["NAME"])
    known = connection.settings_dict
    port = f":{known['PORT']}" if known["PORT"] else ""
    return f"postgres://{known['HOST']}{port}/{known['NAME']}"


def is_empty():
    """Return whether no portal was ever made in the database. A file that is not there is not made."""
    path = sqlite_path()
    if path and (not path.exists() or not path.stat().st_size):
        return True
    with connection.cursor() as cursor:
        return MigrationRecorder.Migration._meta.db_table not in connection.introspection.table_names(cursor)


def migrations_here():
    """Return {(app, name)} of the migrations that the code has, without importing them."""
    found = set()
    for app in apps.get_app_configs():
        module, _explicit = MigrationLoader.migrations_module(app.label)
        try:
            folders = import_module(module).__path__ if module else []
        except ModuleNotFoundError:
            continue
        found |= {(app.label, name) for _, name, _ in pkgutil.iter_modules(folders) if name[0] not in "_~"}
    return found


def migrations_there():
    """Return {(app, name)} of the migrations that were applied to the database."""
    return set(MigrationRecorder(connection).applied_migrations())


def newer(applied):
    """Return those of these applied migrations of ours that the code does not have, as text."""
    unknown = {(app, name) for app, name in applied if app in EDITED_APPS} - migrations_here()
    return sorted(f"{app}.{name}" for app, name in unknown)


@contextmanager
def in_words():
    """Raise what a database or a disk refuses as a CommandError, which is shown without a traceback."""
    try:
        yield
    except (DatabaseError, InterfaceError, sqlite3.Error) as error:
        text = " ".join(str(error).split())
        raise CommandError(f"The database {address()} cannot be used: {text}") from error
    except OSError as error:
        at = f"{error.filename}: " if error.filename else ""
        raise CommandError(f"{at}{error.strerror or error}.") from error


@contextmanager
def alone(say):
    """Wait until no other command is making this database or VAR_DIR ready, and keep others waiting.

    On one machine by a lock on a file in each of the two folders, on several by a lock in PostgreSQL.
    """
    path = sqlite_path()
    folders = {Path(settings.VAR_DIR).resolve()} | ({path.parent.resolve()} if path else set())
    told = []

    def wait(taken):
        while not taken():
            if not told:
                say("Another start is making the portal ready; waiting for it.")
                told.append(True)
            time.sleep(WAIT)

    with ExitStack() as stack:
        # In one order for everyone, so that no two wait for each other.
        for folder in sorted(folders):
            if not folder.is_dir():
                raise CommandError(
                    f"The folder {folder} does not exist. If it is on a mount, mount it; else make it."
                )
            file = stack.enter_context((folder / "prepare.lock").open("a"))
            wait(lambda file=file: locked(file))
        if is_sqlite():
            yield
            return
        # What the pages may ask for seconds, a migration may for minutes.
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = 0")
            wait(lambda: one(cursor, "SELECT pg_try_advisory_lock(%s)", [LOCK]))
        try:
            yield
        finally:
            # With a connection that is broken the lock is gone too.
            with suppress(DatabaseError, InterfaceError), connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
                cursor.execute("RESET statement_timeout")


def locked(file):
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def one(cursor, query, values=()):
    """Return the one value that a query gives."""
    cursor.execute(query, values)
    return cursor.fetchone()[0]
