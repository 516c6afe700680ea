"""Whether a request's Host is ours, port included. Django compares the name and lets any port pass."""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http.request import split_domain_port, validate_host

# Of a name and a port; no name in the DNS is longer (RFC 1035). What is longer is not looked at, nor kept.
MAX_HOST = 253 + len(".:65535")
# Which port a browser leaves out.
DEFAULT_PORTS = {"http": "80", "https": "443"}


def names_and_ports(hosts: Iterable[str]) -> tuple[list[str], list[str]]:
    """Return what ALLOWED_HOSTS names, as Django wants it, and the ports that it names beside.

    "localhost:8080" allows that name, and the port 8080 for every name: where a container or a proxy shows
    the portal at another port than it listens at.
    """
    found = [re.fullmatch(r"(\[.*\]|[^:]*)(?::(\d+))?|(.*)", host) for host in hosts]
    names = [match[1] if match[1] is not None else match[3] for match in found if match]
    return list(dict.fromkeys(names)), [match[2] for match in found if match and match[2]]


@lru_cache(maxsize=500)
def is_allowed(host: str, ports: tuple[str, ...], allowed: tuple[str, ...]) -> bool:
    """Return whether a Host names one of the allowed names, with one of these ports or none."""
    name, port = split_domain_port(host)
    return bool(name) and validate_host(name, allowed) and (not port or port in ports)


def has_our_host(scope: Mapping[str, Any]) -> bool:
    """Return whether a request names a host of ALLOWED_HOSTS; with a port only that of its scheme, the one
    that it came in at, or one of settings.ALLOWED_PORTS.

    Who passes on requests through a socket file has chosen their port, and is not asked again. Of several
    Host headers each reader might believe another one: RFC 9112, section 3.2, has them refused.
    Without any, as in HTTP/1.0, the address that was connected to counts, as in Django.
    """
    hosts = [value for name, value in scope["headers"] if name == b"host"]
    server, served = scope.get("server") or ("", "")
    if len(hosts) > 1 or any(len(host) > MAX_HOST for host in hosts):
        return False
    host = hosts[0].decode("latin-1") if hosts else f"[{server}]" if ":" in server else server
    if str(served) == "0":
        host = re.sub(r":\d{1,5}$", "", host)
    ports = (DEFAULT_PORTS.get(scope.get("scheme", "http"), ""), str(served), *settings.ALLOWED_PORTS)
    return is_allowed(host, ports, tuple(settings.ALLOWED_HOSTS))
