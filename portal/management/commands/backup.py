"""Copy the database into one file, with what is needed to trust it, and prove that it can be restored."""

import json
import os
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection
from django.utils import timezone

from portal.base.version import fingerprint
from portal.management import archive, databases
from portal.management.public_files import digests
from portal.models import DataVersion


def manifest():
    """Return what is known of the database as this connection sees it."""
    counts = archive.counts()
    versions = DataVersion.objects.values_list("token", flat=True) if archive.VERSION in counts else []
    with connection.cursor() as cursor:
        server = "SELECT sqlite_version()" if databases.is_sqlite() else "SHOW server_version"
        schema = "" if databases.is_sqlite() else databases.one(cursor, "SELECT current_schema()")
        server = databases.one(cursor, server)
    return {
        "form": archive.FORM,
        "database": connection.vendor,
        "server": server,
        "schema": schema,
        "made_at": timezone.now().isoformat(timespec="seconds"),
        "code": fingerprint(),
        "migrations": sorted(databases.migrations_there()),
        "data_version": "".join(versions),
        "counts": counts,
    }


@contextmanager
def new_place(copy):
    """Restore a copy into a place of its own, and yield the DATABASE_URL of that.

    Raises DatabaseError where this user of PostgreSQL may make no database.
    """
    if databases.is_sqlite():
        yield f"sqlite:///{copy}"
        return
    name = f"portal_verified_{os.getpid()}"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
        try:
            archive.run(
                [
                    *(archive.tool("pg_restore"), "--no-owner", "--no-privileges", "--exit-on-error"),
                    *("--single-transaction", f"--dbname={name}", copy),
                ]
            )
            yield archive.url_of(name)
        finally:
            cursor.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def hashes(address):
    """Return the hashes of all public files out of another database, made by another process."""
    done = subprocess.run(
        [sys.executable, "manage.py", "hash_files"],
        cwd=settings.BASE_DIR,
        env=os.environ | {"DATABASE_URL": address, "VAR_DIR": str(settings.VAR_DIR)},
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise CommandError(f"The public files could not be made out of the copy: {done.stderr.strip()}")
    return json.loads(done.stdout)


class Command(BaseCommand):
    help = (
        "Copy the database into one file while others go on writing. The file is then read again, restored "
        "into a new place, and every public file compared."
    )

    def add_arguments(self, parser):
        parser.add_argument("folder", nargs="?", help="where the file goes; default: backups in VAR_DIR")
        parser.add_argument("--no-verify", action="store_false", dest="verify", help="do not restore it")

    def handle(self, *args, folder=None, verify=True, **options):
        os.umask(0o077)
        folder = Path(folder or Path(settings.VAR_DIR) / "backups")
        with databases.in_words():
            if databases.is_empty():
                raise CommandError(
                    f"There is nothing to back up: the database {databases.address()} is empty."
                )
            folder.mkdir(exist_ok=True)
            path = folder / f"portal-{timezone.now():%Y%m%dT%H%M%SZ}-{os.getpid()}.zip"
            with tempfile.TemporaryDirectory(dir=folder, prefix=".backup-") as work:
                self.back_up(path, Path(work), verify)
        self.stdout.write(f"{path} ({path.stat().st_size / 1e6:.1f} MB)")

    def back_up(self, path, work, verify):
        copy = work / "copy"
        with archive.snapshot() as seen:
            found = manifest() | {"files": digests() if verify else {}}
            archive.copy_to(copy, seen)
        with copy.open("rb") as stream:
            found["sha256"] = archive.digest_of(stream)
        archive.write(path, found, copy)
        copy.unlink()
        if not verify:
            return
        # What stands on the disk, not what was meant to.
        try:
            archive.unpack(path, copy)
            self.compare(found, copy)
        except CommandError:
            path.rename(path.with_suffix(".failed"))
            raise

    def compare(self, found, copy):
        try:
            with new_place(copy) as address:
                there = hashes(address)
        except DatabaseError as error:
            self.stderr.write(f"The checksum is right, but nothing was restored: {error}".strip())
            return
        differing = sorted(
            name for name in {*there, *found["files"]} if there.get(name) != found["files"].get(name)
        )
        if differing:
            raise CommandError(f"Restored, {len(differing)} public files are not the same: {differing[:5]}")
        self.stdout.write(f"Restored into a new place: all {len(there)} public files are the same.")
