"""Make the portal ready to serve: database, data, static files."""

from hashlib import sha256
from importlib.metadata import version

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand

from portal.management.commands.load_documents import fixture_paths
from portal.models import Document


def stamp(name):
    """Return the file that keeps the fingerprint of what was last made ready."""
    return settings.VAR_DIR / f"{name}.fingerprint"


def outdated(name, fingerprint):
    """Return whether what was last made ready under this name is not what there is now."""
    return not stamp(name).exists() or stamp(name).read_text() != fingerprint


def keep(name, fingerprint):
    stamp(name).write_text(fingerprint)


def fingerprint_of_fixtures():
    """Return a hash of all fixtures and of the database that they are loaded into."""
    digest = sha256(str(settings.DATABASES["default"]).encode())
    for path in fixture_paths():
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


def fingerprint_of_static_files():
    """Return a hash of what collecting depends on: the names, sizes and times of all static files."""
    digest = sha256(f"{version('whitenoise')} {version('django')}".encode())
    for finder in get_finders():
        for path, storage in finder.list(ignore_patterns=[]):
            status = (settings.BASE_DIR / storage.path(path)).stat()
            digest.update(f"{path} {status.st_size} {status.st_mtime_ns}".encode())
    return digest.hexdigest()


class Command(BaseCommand):
    help = "Migrate, load the fixtures where they are new, and collect the static files. Safe to repeat."

    def handle(self, *args, **options):
        call_command("migrate", verbosity=0)
        # What a new version brings is loaded too; what an editor changed, made or deleted stays.
        if outdated("fixtures", current := fingerprint_of_fixtures()) or not Document.objects.exists():
            call_command("load_documents", stdout=self.stdout)
            keep("fixtures", current)
        # Hashing and compressing take seconds, so that they are done only when a file has changed.
        if outdated("static", current := fingerprint_of_static_files()):
            # Not cleared first: a server that still runs hands out pages that name the files of before.
            call_command("collectstatic", verbosity=0, interactive=False)
            keep("static", current)
