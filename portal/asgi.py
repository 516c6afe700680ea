"""The ASGI application that the production server runs."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
django.setup()

# These need the settings.
from portal.base.access_log import AccessLog  # noqa: E402
from portal.base.headers import SecurityHeaders  # noqa: E402
from portal.base.health import Health  # noqa: E402
from portal.gate import Gate  # noqa: E402

application = AccessLog(SecurityHeaders(Health(Gate())))
