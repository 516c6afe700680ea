"""Make the portal ready to serve: database, data, static files, the editors' group."""

from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Migrate, load the fixtures into an empty database, and collect the static files. Safe to repeat."

    def handle(self, *args, **options):
        call_command("migrate", verbosity=0)
        call_command("load_documents", if_empty=True, stdout=self.stdout)
        call_command("collectstatic", verbosity=0, interactive=False)
