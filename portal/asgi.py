"""The ASGI application that the production server runs."""

import gc
import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
django.setup()
# Seconds that a thread may go on at the interpreter while the event loop wants it: 0.005 by default, so that
# each kept answer would wait as long as an empty page takes.
sys.setswitchinterval(0.001)

# These need the settings.
from portal.base import patience  # noqa: E402
from portal.base.access_log import AccessLog  # noqa: E402
from portal.base.headers import SecurityHeaders  # noqa: E402
from portal.base.health import Health  # noqa: E402
from portal.gate import Gate  # noqa: E402

# Whoever serves must not hang; commands may take their time.
patience.install()
# What is loaded by now stays, and need not be walked through by every collection.
gc.collect()
gc.freeze()
gc.set_threshold(10_000, 20, 20)
application = AccessLog(SecurityHeaders(Health(Gate())))
