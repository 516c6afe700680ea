"""Make the portal ready to serve: database, data, static files."""

from hashlib import sha256
from importlib.metadata import version

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand


def fingerprint():
    """Return a hash of what collecting depends on: the names, sizes and times of all static files."""
    digest = sha256(f"{version('whitenoise')} {version('django')}".encode())
    for finder in get_finders():
        for path, storage in finder.list(ignore_patterns=[]):
            status = (settings.BASE_DIR / storage.path(path)).stat()
            digest.update(f"{path} {status.st_size} {status.st_mtime_ns}".encode())
    return digest.hexdigest()


class Command(BaseCommand):
    help = "Migrate, load the fixtures into an empty database, and collect the static files. Safe to repeat."

    def handle(self, *args, **options):
        call_command("migrate", verbosity=0)
        call_command("load_documents", if_empty=True, stdout=self.stdout)
        # Hashing and compressing take seconds, so that they are done only when a file has changed.
        stamp, current = settings.STATIC_ROOT / "fingerprint", fingerprint()
        if not stamp.exists() or stamp.read_text() != current:
            # Not cleared first: a server that still runs hands out pages that name the files of before.
            call_command("collectstatic", verbosity=0, interactive=False)
            stamp.write_text(current)
