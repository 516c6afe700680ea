"""The ASGI application that the production server runs."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
django.setup()

from portal.gate import Gate  # noqa: E402 - needs the settings

application = Gate()
