"""Settings, read from the environment; safe without any. README.md lists the variables."""

import os
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from portal.base.hosts import names_and_ports
from portal.korea import NAMES, TIME_ZONE  # noqa: F401 - TIME_ZONE is a setting

env = environ.Env()

BASE_DIR = Path(__file__).resolve().parent.parent
# What the portal makes while running (database, secret key, collected static files); kept out of git.
VAR_DIR = Path(env("VAR_DIR", default=str(BASE_DIR / "var")))


def _secret_key():
    """Return the environment's key, or the one in var/secret_key, made on the first run."""
    if key := env("SECRET_KEY", default=""):
        return key
    path = VAR_DIR / "secret_key"
    try:
        # Its parents are not made: where they are missing, a mount is.
        VAR_DIR.mkdir(mode=0o700, exist_ok=True)
        if not path.exists():
            with tempfile.NamedTemporaryFile("w", dir=VAR_DIR) as file:  # private
                file.write(secrets.token_urlsafe(64))
                file.flush()
                # Of several processes starting at once, one gives its key the name and the others read it.
                with suppress(FileExistsError):
                    os.link(file.name, path)
        return path.read_text().strip()
    except OSError as error:
        raise ImproperlyConfigured(
            f"VAR_DIR={VAR_DIR} cannot be used: {error.strerror}. The portal keeps its database, secret key "
            "and static files there. If it is on a mount, mount it; else make it, and let this user write."
        ) from error


DEBUG = env.bool("DEBUG", default=False)
# What this process serves: "public" has no admin and cannot write, "admin" is the other; "" is both, as for a
# developer and in tests. portal/serve.py starts one of each.
SIDE = env("SIDE", default="")
# Where the public side finds the admin, if one address serves both: the path of a Unix socket.
ADMIN_SOCKET = env("ADMIN_SOCKET", default="")
# Seconds of processor a second that one address may have of a process; 0: as many as there are.
WORK_PER_ADDRESS = env.float("WORK_PER_ADDRESS", default=0.5)
SECRET_KEY = _secret_key()
# Django knows names alone; ports are for portal/base/hosts.py.
ALLOWED_HOSTS, ALLOWED_PORTS = names_and_ports(
    env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
)
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = [
    "portal",
    "complexes",
    "clusters",
    "support_programs",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_filters",
    "django_htmx",
    "leaflet",
    "simple_history",
    "csp",
]
MIDDLEWARE = [
    "portal.base.answers.AnswersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
if SIDE != "public":
    INSTALLED_APPS = [
        "portal.apps.PortalAdminConfig",
        *INSTALLED_APPS,
        "django.contrib.sessions",
        "django.contrib.messages",
        "import_export",
        "axes",
        "portal.accounts",
        "django_otp",
        "django_otp.plugins.otp_totp",
        "django_otp.plugins.otp_static",
    ]
    MIDDLEWARE += [
        "django.middleware.gzip.GZipMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django_otp.middleware.OTPMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
        "simple_history.middleware.HistoryRequestMiddleware",
        "axes.middleware.AxesMiddleware",
    ]

ROOT_URLCONF = "portal.urls"

TEMPLATES = [
    # The public pages. Files of templates/public/ are found here, all others (the admin's) below.
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [BASE_DIR / "templates" / "public"],
        "OPTIONS": {"environment": "portal.jinja.environment"},
    },
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.admin.name_of_site",
            ],
        },
    },
]

DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'portal.sqlite3'}")}
if SIDE == "public" and env("PUBLIC_DATABASE_URL", default=""):
    DATABASES["default"] = env.db("PUBLIC_DATABASE_URL")
_database = DATABASES["default"]
if _database.get("ENGINE", "").rpartition(".")[2] not in ("sqlite3", "postgresql"):
    raise ImproperlyConfigured("DATABASE_URL begins neither with postgres:// nor with sqlite:///.")
_database["CONN_MAX_AGE"] = 60
if _database["ENGINE"] == "django.db.backends.sqlite3":
    _database["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA busy_timeout=5000;",
    }
    if SIDE == "public":
        # Neither written nor made where it is missing.
        _database["NAME"] = f"{Path(_database['NAME']).absolute().as_uri()}?mode=ro"
        _database["OPTIONS"] = {"init_command": "PRAGMA query_only=ON; PRAGMA busy_timeout=5000;"}
else:
    _database["CONN_HEALTH_CHECKS"] = True
    # In seconds and milliseconds: a database that hangs must not hang the pages.
    _database["OPTIONS"] = {
        "connect_timeout": 3,
        "options": "-c statement_timeout=15000"
        + (" -c default_transaction_read_only=on" if SIDE == "public" else ""),
        # For a machine that is gone without a word; portal/base/patience.py has those that go on hanging.
        "keepalives_idle": 10,
        "keepalives_interval": 5,
        "keepalives_count": 3,
        "tcp_user_timeout": 10000,
    } | _database.get("OPTIONS", {})
# What a worker keeps of finished answers, in MB; portal/base/answers.py.
ANSWERS_MB = env.float("ANSWERS_MB", default=32)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
FIXTURE_DIRS = [BASE_DIR / "fixtures"]

AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
# Five wrong passwords lock the pair of account and address out for an hour, which further tries do not draw
# out; not the browsers that have logged in to the account before. More in portal/accounts/throttle.py.
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 1
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_CLIENT_IP_CALLABLE = "portal.accounts.throttle.address_of"
AXES_WHITELIST_CALLABLE = "portal.accounts.throttle.is_known"
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = True
AXES_SENSITIVE_PARAMETERS = ["code"]
AXES_LOCKOUT_TEMPLATE = "admin/locked_out.html"
AXES_VERBOSE = False


def OTP_TOTP_ISSUER(device):
    """Return whose codes they are, as an app for them lists it."""
    return str(NAMES["portal"])


# After a login without a place to return to.
LOGIN_REDIRECT_URL = "admin:index"

LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
USE_THOUSAND_SEPARATOR = False

STATIC_URL = "static/"
STATIC_ROOT = Path(env("STATIC_DIR", default=str(VAR_DIR / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "portal.storage.StaticFilesStorage"},
}
# What is collected is as private as the umask says; portal/management/commands/prepare.py sets it.
FILE_UPLOAD_PERMISSIONS = None
WHITENOISE_MAX_AGE = 3600
WHITENOISE_MIMETYPES = {".geojson": "application/geo+json"}

# Leaflet comes out of django-leaflet; the map is started by our own module, so no plugin and no tiles.
# TILE_URL may name a raster base map (its host is then added to the policy below). OpenStreetMap's own
# servers refuse requests without a Referer: set SECURE_REFERRER_POLICY=strict-origin-when-cross-origin too.
TILE_URL = env("TILE_URL", default="")
TILE_ATTRIBUTION = env("TILE_ATTRIBUTION", default="")
LEAFLET_CONFIG = {"TILES": [], "RESET_VIEW": False, "NO_GLOBALS": False}

# Security. One policy for every page: nothing inline, nothing from elsewhere. A nonce would forbid caching.
_tile_host = ["{0.scheme}://{0.netloc}".format(urlsplit(TILE_URL))] if TILE_URL else []
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", *_tile_host],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
HTTPS = env.bool("HTTPS", default=False)
# HSTS is only ever sent on a secure request, so these may stand without HTTPS too.
SECURE_HSTS_SECONDS = 31536000
# Other hosts of a domain are not ours to promise for, and a preloaded one is not taken back for months.
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("HSTS_INCLUDE_SUBDOMAINS", default=False)
SECURE_HSTS_PRELOAD = env.bool("HSTS_PRELOAD", default=False)
SECURE_SSL_REDIRECT = HTTPS
# Of so many proxies in front what they say of the visitor is believed; portal/base/proxies.py reads it, and
# hands Django the true scheme and address, so that SECURE_PROXY_SSL_HEADER stays unset.
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)
SECURE_REFERRER_POLICY = env("SECURE_REFERRER_POLICY", default="same-origin")
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 60 * 60 * 12
# The two cookies and the redirect need HTTPS=1, as the portal must also run on plain http://127.0.0.1.
# portal/checks.py says so at `check --deploy` when ALLOWED_HOSTS names a public host without it.
SILENCED_SYSTEM_CHECKS = [] if HTTPS else ["security.W008", "security.W012", "security.W016"]
# Off on purpose, as said above.
if not SECURE_HSTS_INCLUDE_SUBDOMAINS:
    SILENCED_SYSTEM_CHECKS.append("security.W005")
if not SECURE_HSTS_PRELOAD:
    SILENCED_SYSTEM_CHECKS.append("security.W021")

DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

SIMPLE_HISTORY_HISTORY_CHANGE_REASON_USE_TEXT_FIELD = False
IMPORT_EXPORT_USE_TRANSACTIONS = True

# "lines", "json" or "off"; by lines or as JSON everything is logged. portal/base/access_log.py, logs.py.
ACCESS_LOG = env("ACCESS_LOG", default="lines")
# What a scraper of /admin/metrics shows as `Authorization: Bearer ...`; without one only superusers see them.
METRICS_TOKEN = env("METRICS_TOKEN", default="")
# Where processes count; portal.serve makes it, and prometheus_client reads the variable itself.
METRICS_DIR = env("PROMETHEUS_MULTIPROC_DIR", default="")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "form": {"()": f"portal.base.logs.{'Json' if ACCESS_LOG == 'json' else 'Lines'}Formatter"},
    },
    "filters": {"bounds": {"()": "portal.base.logs.Bounds"}},
    "handlers": {
        "console": {"class": "portal.base.logs.Handler", "formatter": "form", "filters": ["bounds"]},
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        # Not Django's own handlers beside ours.
        "django": {"handlers": [], "level": "INFO" if DEBUG else "WARNING"},
        # What is refused (4xx) stands in the access log; that it warns of it once more helps nobody.
        "django.request": {"level": "ERROR"},
    },
}
