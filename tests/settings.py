"""The portal's settings, made quick to test: no collected static files needed, no slow password hashes."""

import os
import tempfile

os.environ.setdefault("VAR_DIR", tempfile.mkdtemp(prefix="portal-test-"))

from portal.settings import *  # noqa: F403
from portal.settings import STATIC_ROOT, STORAGES

ALLOWED_HOSTS = ["testserver"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# The browser tests run against the production server, which has the hashed files.
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
# Each test makes its answers anew.
ANSWERS_MB = 0
