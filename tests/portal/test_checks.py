"""Each check of the settings speaks where it should and keeps silent elsewhere."""

import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.core.checks import run_checks

PUBLIC = ["portal.example.org"]
LOCAL = ["127.0.0.1", "localhost", "[::1]", "127.8.8.8", "portal.localhost", ".localhost", "testserver"]
ORIGIN = "https://portal.example.org"
OSM = "https://tile.openstreetmap.org/{z}/{x}/{y}.png"

# Settings (by default: only this machine, nothing else set) and the ids of the checks that speak.
CASES = [
    ({}, []),
    ({"ALLOWED_HOSTS": LOCAL}, []),
    ({"HTTPS": True}, []),
    # A public host without HTTPS, whatever else is named.
    ({"ALLOWED_HOSTS": PUBLIC}, ["W001"]),
    ({"ALLOWED_HOSTS": [*LOCAL, "192.168.0.7"]}, ["W001"]),
    ({"ALLOWED_HOSTS": ["[2001:db8::1]"]}, ["W001"]),
    ({"ALLOWED_HOSTS": ["0.0.0.0"]}, ["W001"]),  # noqa: S104 - a host that is asked for, not listened at
    ({"ALLOWED_HOSTS": ["localhost.example.org"]}, ["W001"]),
    ({"ALLOWED_HOSTS": [".example.org"]}, ["W001"]),
    ({"ALLOWED_HOSTS": ["*"]}, ["W001", "W005"]),
    ({"ALLOWED_HOSTS": ["*"], "HTTPS": True}, ["I001", "W005"]),
    # TLS ends in the portal's server, or the proxy is not believed: only a hint.
    ({"ALLOWED_HOSTS": PUBLIC, "HTTPS": True}, ["I001"]),
    # Behind a proxy: all that it needs, and what is missing.
    ({"ALLOWED_HOSTS": PUBLIC, "HTTPS": True, "PROXY": True, "ORIGINS": [ORIGIN]}, []),
    ({"ALLOWED_HOSTS": PUBLIC, "PROXY": True, "ORIGINS": [ORIGIN]}, ["W001", "W002"]),
    ({"HTTPS": True, "PROXY": True}, ["W003"]),
    ({"PROXY": True}, ["W002", "W003"]),
    ({"ALLOWED_HOSTS": PUBLIC, "HTTPS": True, "PROXY": True}, ["W004"]),
    ({"ALLOWED_HOSTS": ["*"], "HTTPS": True, "PROXY": True}, ["W005"]),
    # Shown to strangers.
    ({"DEBUG": True}, []),
    ({"ALLOWED_HOSTS": PUBLIC, "HTTPS": True, "DEBUG": True}, ["I001", "W006"]),
    # Promises for a whole domain.
    ({"SECURE_HSTS_INCLUDE_SUBDOMAINS": True}, []),
    ({"SECURE_HSTS_PRELOAD": True}, ["W008"]),
    ({"SECURE_HSTS_INCLUDE_SUBDOMAINS": True, "SECURE_HSTS_PRELOAD": True}, []),
    # How and to whom it tells of itself.
    ({"ACCESS_LOG": "json"}, []),
    ({"ACCESS_LOG": "yes"}, ["E001"]),
    ({"METRICS_TOKEN": "secret"}, ["W009"]),
    ({"METRICS_TOKEN": "a-long-one-that-nobody-guesses"}, []),
    # Tiles that want a Referer.
    ({"TILE_URL": OSM}, ["W007"]),
    ({"TILE_URL": OSM.replace("tile.", "a.tile.").upper()}, ["W007"]),
    ({"TILE_URL": OSM, "SECURE_REFERRER_POLICY": "strict-origin-when-cross-origin, no-referrer"}, ["W007"]),
    ({"TILE_URL": OSM, "SECURE_REFERRER_POLICY": "strict-origin-when-cross-origin"}, []),
    ({"TILE_URL": OSM, "SECURE_REFERRER_POLICY": ["no-referrer", "origin"]}, []),
    ({"TILE_URL": "https://notopenstreetmap.org/{z}/{x}/{y}.png"}, []),
    ({"TILE_URL": "https://tiles.example.org/openstreetmap.org/{z}.png"}, []),
]


@pytest.fixture
def configure(settings):
    """Make these the settings, and all others those of a portal without any variable set."""

    def configure(DEBUG=False, HTTPS=False, PROXY=False, ORIGINS=(), **others):
        settings.ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
        settings.DEBUG = DEBUG
        settings.HTTPS = settings.SECURE_SSL_REDIRECT = HTTPS
        settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = HTTPS
        settings.TRUSTED_PROXIES = int(PROXY)
        settings.CSRF_TRUSTED_ORIGINS = list(ORIGINS)
        settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = settings.SECURE_HSTS_PRELOAD = False
        settings.ACCESS_LOG, settings.METRICS_TOKEN = "lines", ""
        settings.TILE_URL = ""
        settings.SECURE_REFERRER_POLICY = "same-origin"
        for name, value in others.items():
            setattr(settings, name, value)

    return configure


def spoken(prefix="portal.", deploy=True):
    messages = run_checks(tags=["security"], include_deployment_checks=deploy)
    return sorted(message.id.removeprefix(prefix) for message in messages if message.id.startswith(prefix))


@pytest.mark.parametrize(("given", "expected"), CASES)
def test_a_check_speaks_of_these_settings_and_no_others(configure, given, expected):
    configure(**given)
    assert spoken() == expected


@pytest.mark.parametrize(
    ("hosts", "origin", "trusted"),
    [
        ("portal.example.org", "https://portal.example.org", True),
        ("Portal.example.org", "https://portal.example.org:8443", True),
        ("portal.example.org", "https://*.example.org", True),
        (".example.org", "https://*.example.org", True),
        (".example.org", "https://www.example.org", True),
        ("portal.example.org", "http://portal.example.org", False),
        ("portal.example.org", "https://other.example.org", False),
        ("portal.example.org", "https://example.org", False),
        ("portal.example.org", "https://*.portal.example", False),
    ],
)
def test_an_origin_covers_a_host(configure, hosts, origin, trusted):
    configure(ALLOWED_HOSTS=[hosts], HTTPS=True, PROXY=True, ORIGINS=[origin])
    assert ("W004" in spoken()) is not trusted


def test_debug_is_said_without_deploy_too(configure):
    configure(ALLOWED_HOSTS=PUBLIC, DEBUG=True)
    assert spoken(deploy=False) == ["W006"]


# Not those of the machine, nor what the browser tests set for Playwright.
VARIABLES = ("HTTPS", "TRUSTED_PROXIES", "ALLOWED_HOSTS", "CSRF_TRUSTED_ORIGINS", "TILE_URL", "DEBUG")
HSTS = ("HSTS_INCLUDE_SUBDOMAINS", "HSTS_PRELOAD")
UNWANTED = {*VARIABLES, *HSTS, "DJANGO_ALLOW_ASYNC_UNSAFE"}


def python(*arguments, **variables):
    """Run Python in the repository, with these variables of the settings and no others."""
    kept = {name: value for name, value in os.environ.items() if name not in UNWANTED}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=settings.BASE_DIR,
        env=kept | {"DJANGO_SETTINGS_MODULE": "portal.settings"} | variables,
        capture_output=True,
        text=True,
    )


CHECK = ("manage.py", "check", "--deploy", "--fail-level", "WARNING")


def test_the_command_fails_for_a_public_host_without_https():
    answer = python(*CHECK, ALLOWED_HOSTS="localhost,portal.example.org")
    assert answer.returncode == 1
    assert "(portal.W001) ALLOWED_HOSTS names portal.example.org, but HTTPS=1 is not set" in answer.stderr


def test_the_command_passes_once_all_is_set_that_its_hints_say():
    answer = python(
        *CHECK,
        ALLOWED_HOSTS="portal.example.org",
        HTTPS="1",
        TRUSTED_PROXIES="1",
        CSRF_TRUSTED_ORIGINS="https://portal.example.org",
    )
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout == "System check identified no issues (2 silenced).\n"


# What portal/settings.py silences without any variable, and the setting of which each speaks.
SILENCED = {
    "security.W008": "SECURE_SSL_REDIRECT",
    "security.W012": "SESSION_COOKIE_SECURE",
    "security.W016": "CSRF_COOKIE_SECURE",
    "security.W005": "SECURE_HSTS_INCLUDE_SUBDOMAINS",
    "security.W021": "SECURE_HSTS_PRELOAD",
}


def test_no_other_check_is_silenced():
    assert set(settings.SILENCED_SYSTEM_CHECKS) == set(SILENCED)


@pytest.mark.parametrize(("silenced", "setting"), SILENCED.items())
def test_a_silenced_check_speaks_where_its_setting_is_wrong(configure, settings, silenced, setting):
    configure(HTTPS=True, SECURE_HSTS_INCLUDE_SUBDOMAINS=True, SECURE_HSTS_PRELOAD=True)
    assert silenced not in spoken(prefix="")
    setattr(settings, setting, False)
    assert silenced in spoken(prefix="")


@pytest.mark.parametrize(
    ("variables", "silenced"),
    [
        ({"HTTPS": "1"}, ["security.W005", "security.W021"]),
        ({"HTTPS": "1", "HSTS_INCLUDE_SUBDOMAINS": "1"}, ["security.W021"]),
        ({"HTTPS": "1", "HSTS_INCLUDE_SUBDOMAINS": "1", "HSTS_PRELOAD": "1"}, []),
    ],
)
def test_with_https_no_more_is_silenced_than_is_off_on_purpose(variables, silenced):
    code = "from portal.settings import SILENCED_SYSTEM_CHECKS; print(SILENCED_SYSTEM_CHECKS)"
    assert python("-c", code, **variables).stdout == f"{silenced}\n"
