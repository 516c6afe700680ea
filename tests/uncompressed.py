"""The portal's settings, for commands as processes of their own: static files are copied, and no more.

Hashing and compressing them costs as much as all else that `prepare` does; a portal that is served has it.
"""

from portal.settings import *  # noqa: F403
from portal.settings import STORAGES

STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
