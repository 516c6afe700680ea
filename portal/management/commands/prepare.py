"""Make the portal ready to serve: database, data, static files."""

import os
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.checks import Tags
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from portal.apps import EDITORS, public_models
from portal.base.version import CREATE, EVENTS, FUNCTION, MOVE, tables
from portal.management import databases
from portal.management.commands.load_documents import fingerprint_of_fixtures
from portal.models import DataVersion, Prepared

GONE = (
    "The database {address} is empty, but there was one before: {marker} says so. Nothing was made anew.\n"
    "If it lies on a mount that is missing, mount it. From a backup: make restore FROM=...\n"
    "To begin anew without what was in it: .venv/bin/python manage.py prepare --new"
)


def marker():
    """Return the file that names the database which was last made ready from here."""
    return Path(settings.VAR_DIR) / "database"


def is_known():
    """Return whether a database was made ready from here before."""
    # The second as versions before the marker left it.
    return marker().exists() or (Path(settings.VAR_DIR) / "fixtures.fingerprint").exists()


def fingerprint_of_tables():
    """Return a hash of what a migration makes: tables, the triggers of the version, the Editors' rights."""
    parts = (
        sorted(databases.migrations_here()),
        tables(public_models()),
        (EVENTS[connection.vendor], FUNCTION, MOVE[connection.vendor], sorted(CREATE.items()), EDITORS),
        version("django"),
    )
    return sha256(repr(parts).encode()).hexdigest()


def fingerprint_of_static_files():
    """Return a hash of what collecting depends on: place, names, sizes and times of all static files."""
    place = os.path.relpath(settings.STATIC_ROOT, settings.VAR_DIR)
    digest = sha256(f"{version('whitenoise')} {version('django')} {place}".encode())
    for finder in get_finders():
        for path, storage in finder.list(ignore_patterns=[]):
            status = (settings.BASE_DIR / storage.path(path)).stat()
            digest.update(f"{path} {status.st_size} {status.st_mtime_ns}".encode())
    return digest.hexdigest()


def is_prepared(name, fingerprint):
    return Prepared.objects.filter(name=name, fingerprint=fingerprint).exists()


def write(path, text):
    """Write a small file whole or not at all."""
    made = path.with_name(f"{path.name}.{os.getpid()}")
    made.write_text(text, encoding="utf-8")
    made.replace(path)


def make_private(path):
    """Take from strangers what an earlier version or another's umask let them read."""
    mode = path.stat().st_mode
    if mode & 0o007 and path.stat().st_uid == os.geteuid():
        path.chmod(mode & 0o770)


class Command(BaseCommand):
    help = (
        "Migrate, load the fixtures where they are new, and collect the static files. Safe to repeat; with "
        "nothing to do it changes nothing. Stops where a database that was here before is gone."
    )

    # Of Django's checks those of the settings; models and addresses are the developer's, and `make lint`'s.
    requires_system_checks = [Tags.security]

    def add_arguments(self, parser):
        choice = parser.add_mutually_exclusive_group()
        choice.add_argument("--new", action="store_true", help="begin anew where a database is gone")
        choice.add_argument("--existing", action="store_true", help="never make a new database")

    def handle(self, *args, new=False, existing=False, **options):
        # The database, what is collected, and backups hold what strangers must not read.
        os.umask(0o077)
        with databases.in_words():
            Path(settings.VAR_DIR).mkdir(exist_ok=True)  # with a SECRET_KEY of its own, nothing has made it
            with databases.alone(self.stdout.write):
                if getattr(settings, "SIDE", "") == "public":
                    self.look()
                else:
                    self.make_database(new, existing)
                self.collect()

    def look(self):
        """Stop unless the database is ready: the public side, or its replica, cannot make it so."""
        if databases.is_empty():
            raise CommandError(f"The database {databases.address()} is empty: start the admin side first.")
        if missing := databases.migrations_here() - databases.migrations_there():
            names = ", ".join(sorted(f"{app}.{name}" for app, name in missing))
            raise CommandError(f"The database lacks {names}: start the admin side of this version first.")

    def make_database(self, new, existing):
        """Migrate and load what is new; what an editor changed, made or deleted stays."""
        if databases.is_empty():
            if is_known() and not new:
                raise CommandError(GONE.format(address=databases.address(), marker=marker()))
            if existing:
                raise CommandError(f"The database {databases.address()} is empty, and --existing was given.")
            self.stdout.write(f"A new database is made: {databases.address()}")
        applied = databases.migrations_there()
        if unknown := databases.newer(applied):
            raise CommandError(
                f"The database was made by a newer version, with {', '.join(unknown)}. Start that version, "
                "or restore a backup made before it."
            )
        tables = fingerprint_of_tables()
        if (
            databases.migrations_here() - applied
            or not is_prepared("tables", tables)
            or not DataVersion.objects.exists()  # a migration was cut short
        ):
            call_command("migrate", verbosity=0)
            Prepared.objects.update_or_create(name="tables", defaults={"fingerprint": tables})
        if not is_prepared("fixtures", fingerprint_of_fixtures()):
            call_command("load_documents", stdout=self.stdout)
        if path := databases.sqlite_path():
            make_private(path)
        write(marker(), databases.address())

    def collect(self):
        """Collect the static files; hashing and compressing take seconds, so only when one has changed."""
        stamp, current = Path(settings.VAR_DIR) / "static.fingerprint", fingerprint_of_static_files()
        root = Path(settings.STATIC_ROOT)
        if root.exists() and stamp.exists() and stamp.read_text() == current:
            return
        # Elsewhere it is there to be read by another server; it is public.
        os.umask(0o077 if root.is_relative_to(settings.VAR_DIR) else 0o022)
        # Not cleared first: a server that still runs hands out pages that name the files of before.
        call_command("collectstatic", verbosity=0, interactive=False)
        write(stamp, current)
