"""The WSGI application that the production server runs."""

import os

from django.core.wsgi import get_wsgi_application

from portal.base import patience

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
# Whoever serves must not hang; commands may take their time.
patience.install()
application = get_wsgi_application()
