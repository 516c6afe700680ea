"""What `manage.py check --deploy` says of the settings when strangers can reach the portal.

Django's own checks do not know which hosts are public, nor that all of this is set by a few variables of the
environment (README.md lists them). So they are silenced where the portal serves its own machine alone, and
these speak in their place.
"""

from ipaddress import ip_address
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import Error, Info, Tags, Warning, register
from django.utils.http import is_same_domain

from portal.base.access_log import FORMS

# "testserver" is the host of Django's test client.
LOCAL_NAMES = {"localhost", "testserver"}
# Characters of a token that cannot be guessed.
MIN_TOKEN = 20
# The referrer policies under which another origin hears where a request comes from.
POLICIES_THAT_SEND = {
    "no-referrer-when-downgrade",
    "origin",
    "origin-when-cross-origin",
    "strict-origin",
    "strict-origin-when-cross-origin",
    "unsafe-url",
}


def is_public(host):
    """Return whether a host of ALLOWED_HOSTS means more than this very machine."""
    name = host.lower().strip("[]")
    try:
        return not ip_address(name).is_loopback
    except ValueError:
        return name not in LOCAL_NAMES and not name.endswith(".localhost")


def public_hosts():
    """Return the hosts of ALLOWED_HOSTS by which strangers reach the portal; "*" is one."""
    return [host for host in settings.ALLOWED_HOSTS if is_public(host)]


def is_trusted(host):
    """Return whether some origin of CSRF_TRUSTED_ORIGINS is this host over HTTPS; both may be wildcards."""
    names = [
        # "https://*.example.org" and ALLOWED_HOSTS' ".example.org" mean the same hosts.
        origin.removeprefix("https://").partition(":")[0].lower().removeprefix("*")
        for origin in settings.CSRF_TRUSTED_ORIGINS
        if origin.startswith("https://")
    ]
    host = host.lower()
    return any(is_same_domain(host.lstrip("."), name) or is_same_domain(name, host) for name in names)


@register(Tags.security, deploy=True)
def check_https(app_configs, **kwargs):
    if not settings.HTTPS and (hosts := public_hosts()):
        yield Warning(
            f"ALLOWED_HOSTS names {', '.join(hosts)}, but HTTPS=1 is not set: passwords and the cookies of "
            "the admin travel readable.",
            hint="Set HTTPS=1 and, where a proxy ends TLS, TRUSTED_PROXIES=1 and CSRF_TRUSTED_ORIGINS too.",
            id="portal.W001",
        )


@register(Tags.security, deploy=True)
def check_proxy(app_configs, **kwargs):
    """Say what is missing where proxies are believed (TRUSTED_PROXIES), or where they should be."""
    hosts = public_hosts()
    if not settings.TRUSTED_PROXIES:
        # TLS may end in the portal's own server, of which no setting tells: no more than a hint.
        if settings.HTTPS and hosts:
            yield Info(
                "HTTPS=1 without TRUSTED_PROXIES is right only if TLS ends in the portal's own server. "
                "Behind a proxy that ends it, every page would redirect to itself for ever.",
                hint="Behind such a proxy set TRUSTED_PROXIES=1, or how many stand one behind the other; it "
                "has to set X-Forwarded-Proto itself, and to append to X-Forwarded-For who asked it.",
                id="portal.I001",
            )
        return
    if not settings.HTTPS:
        yield Warning(
            "TRUSTED_PROXIES without HTTPS=1: the proxy may speak HTTPS, but nobody is led there, and the "
            "admin's cookies travel over HTTP too.",
            hint="Set HTTPS=1.",
            id="portal.W002",
        )
    if not hosts:
        yield Warning(
            "TRUSTED_PROXIES is set, but ALLOWED_HOSTS names this machine alone: what visitors ask the proxy "
            "for is refused or, if it passes on its own name, cited with an address that is not theirs.",
            hint="Let the proxy pass on Host, and name that host: ALLOWED_HOSTS=portal.example.org",
            id="portal.W003",
        )
    if missing := [host for host in hosts if host != "*" and not is_trusted(host)]:
        origins = ",".join(f"https://{'*' if host.startswith('.') else ''}{host}" for host in missing)
        yield Warning(
            f"TRUSTED_PROXIES is set, but CSRF_TRUSTED_ORIGINS lacks {', '.join(missing)}: the admin refuses "
            "its own forms if the proxy passes on another Host or port than the visitor's.",
            hint=f"Set CSRF_TRUSTED_ORIGINS={origins}",
            id="portal.W004",
        )


@register(Tags.security, deploy=True)
def check_any_host(app_configs, **kwargs):
    if "*" in settings.ALLOWED_HOSTS:
        yield Warning(
            "ALLOWED_HOSTS=* lets a request choose the host that stands in citations and embed codes, which "
            "shared caches may keep.",
            hint="Name the hosts: ALLOWED_HOSTS=portal.example.org",
            id="portal.W005",
        )


@register(Tags.security, deploy=True)
def check_preload(app_configs, **kwargs):
    if settings.SECURE_HSTS_PRELOAD and not settings.SECURE_HSTS_INCLUDE_SUBDOMAINS:
        yield Warning(
            "HSTS_PRELOAD=1 without HSTS_INCLUDE_SUBDOMAINS=1: browsers take no such domain "
            "into their lists.",
            hint="Set both, or neither.",
            id="portal.W008",
        )


@register(Tags.security)
def check_access_log(app_configs, **kwargs):
    if settings.ACCESS_LOG not in FORMS:
        yield Error(
            f"ACCESS_LOG={settings.ACCESS_LOG} is none of {', '.join(FORMS)}.",
            id="portal.E001",
        )


@register(Tags.security, deploy=True)
def check_metrics_token(app_configs, **kwargs):
    if 0 < len(settings.METRICS_TOKEN) < MIN_TOKEN:
        yield Warning(
            f"METRICS_TOKEN has fewer than {MIN_TOKEN} characters: it can be guessed.",
            hint="Make one: python -c 'import secrets; print(secrets.token_urlsafe())'",
            id="portal.W009",
        )


# At every start, and not only at --deploy: Django's own check of DEBUG speaks there alone.
@register(Tags.security)
def check_debug(app_configs, **kwargs):
    if settings.DEBUG and (hosts := public_hosts()):
        yield Warning(
            f"DEBUG=1 while ALLOWED_HOSTS names {', '.join(hosts)}: an error page would show settings, "
            "queries and source to anyone.",
            hint="Leave DEBUG out, or serve this machine alone.",
            id="portal.W006",
        )


@register(Tags.security, deploy=True)
def check_tiles(app_configs, **kwargs):
    host = urlsplit(settings.TILE_URL).hostname or ""
    # A list of policies, of which a browser follows the last that it knows.
    policy = settings.SECURE_REFERRER_POLICY
    last = (policy.split(",") if isinstance(policy, str) else list(policy))[-1].strip()
    if is_same_domain(host, ".openstreetmap.org") and last not in POLICIES_THAT_SEND:
        yield Warning(
            f"TILE_URL names {host}, which refuses requests without a Referer, and the policy {last} sends "
            "none there.",
            hint="Set SECURE_REFERRER_POLICY=strict-origin-when-cross-origin",
            id="portal.W007",
        )
