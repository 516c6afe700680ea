"""Put the database back as a backup has it."""

import os
import secrets
import tempfile
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone

from portal.management import archive, databases


class Command(BaseCommand):
    help = (
        "Replace the database by that of a backup, in one transaction. What is there is backed up first, and "
        "replaced only with --overwrite. Afterwards `manage.py prepare` moves it up to this version."
    )
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="the backup")
        parser.add_argument("--overwrite", action="store_true", help="even if a database is there")

    def handle(self, *args, file, overwrite=False, **options):
        os.umask(0o077)
        with databases.in_words():
            if not file.is_file():
                raise CommandError(f"There is no backup {file}.")
            Path(settings.VAR_DIR).mkdir(exist_ok=True)
            with (
                databases.alone(self.stdout.write),
                tempfile.TemporaryDirectory(dir=settings.VAR_DIR, prefix=".restore-") as work,
            ):
                self.restore(file, Path(work) / "copy", overwrite)

    def restore(self, file, copy, overwrite):
        manifest = archive.unpack(file, copy)
        if manifest["database"] != connection.vendor:
            raise CommandError(
                f"{file} is a backup of {manifest['database']}, but the database is {databases.address()}."
            )
        if newer := databases.newer({tuple(name) for name in manifest["migrations"]}):
            raise CommandError(
                f"{file} was made by a newer version, with {', '.join(newer)}. Restore it with that."
            )
        self.put_aside(overwrite)
        archive.copy_back(copy, manifest, secrets.token_hex(16))
        self.stdout.write(f"{databases.address()} is as it was at {manifest['made_at']}.")

    def put_aside(self, overwrite):
        """Back up what is there; what cannot be read any more is moved aside as it is."""
        path = databases.sqlite_path()
        if path and path.exists() and overwrite and archive.is_damaged(path):
            connection.close()
            aside = f"{path}.damaged-{timezone.now():%Y%m%dT%H%M%SZ}"
            for suffix in ("", "-wal", "-shm"):
                if (there := path.with_name(path.name + suffix)).exists():
                    there.rename(aside + suffix)
            self.stdout.write(f"What was there could not be read, and was moved to {aside}.")
        elif databases.is_empty():
            return
        elif overwrite:
            call_command("backup", verify=False, stdout=self.stdout)
        else:
            raise CommandError(
                f"The database {databases.address()} is not empty. To replace it: "
                "make restore FROM=... OVERWRITE=1, or --overwrite. It is backed up first."
            )
