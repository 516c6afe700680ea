"""Print a hash of every public file, as JSON: what `backup` compares."""

import json

from django.core.management.base import BaseCommand

from portal.management.public_files import digests


class Command(BaseCommand):
    help = "Print {address: SHA-256} of every public file, as JSON."
    requires_system_checks = []

    def handle(self, *args, **options):
        json.dump(digests(), self.stdout)
