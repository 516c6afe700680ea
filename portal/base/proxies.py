"""What is believed of a request's headers, with a known number of trusted proxies in front.

Plain functions on the headers and the scope of ASGI, so that whatever stands first can ask them. Behind them
``scope["client"]`` and ``scope["scheme"]`` are the visitor's own, and nothing else needs to know of proxies.
"""

from collections.abc import Iterable, Mapping
from ipaddress import IPv6Address, ip_address
from typing import Any

Headers = Iterable[tuple[bytes, bytes]]

# Read where a proxy is trusted, the last by portal/base/access_log.py.
FOR = b"x-forwarded-for"
PROTO = b"x-forwarded-proto"
REQUEST_ID = b"x-request-id"
BELIEVED = frozenset({FOR, PROTO, REQUEST_ID})
# What proxies say of a request beside those: nothing here reads it, so nobody's word may pass for a proxy's.
UNREAD = frozenset(
    {
        b"client-ip",
        b"forwarded",
        b"true-client-ip",
        b"x-forwarded",
        b"x-forwarded-by",
        b"x-forwarded-host",
        b"x-forwarded-port",
        b"x-forwarded-prefix",
        b"x-forwarded-protocol",
        b"x-forwarded-scheme",
        b"x-forwarded-server",
        b"x-forwarded-ssl",
        b"x-client-ip",
        b"x-cluster-client-ip",
        b"x-original-host",
        b"x-original-url",
        b"x-real-ip",
        b"x-rewrite-url",
    }
)
EVERY = UNREAD | BELIEVED


def believed(headers: Headers, proxies: int) -> list[tuple[bytes, bytes]]:
    """Return the headers without those that only a proxy may send, and that no trusted one did.

    With an underscore a name reads like another's once it stands in an environment: never believed, as nginx
    drops it too. With no proxy trusted, nothing is that a proxy says.
    """
    refused = UNREAD if proxies > 0 else EVERY
    return [pair for pair in headers if pair[0] not in refused and b"_" not in pair[0]]


def last_of(headers: Headers, name: bytes, count: int) -> list[str]:
    """Return so many entries of a header from the right, over all its lines; fewer where there are fewer."""
    lines = [value for given, value in headers if given == name]
    if not lines:
        return []
    # Whatever stands left of them is a visitor's own, of any length.
    entries = b",".join(lines).rsplit(b",", count)[-count:]
    return [entry.decode("latin-1").strip() for entry in entries]


def address_of(text: str) -> str:
    """Return the IP address that stands in an entry of X-Forwarded-For, in its usual form; "" for none.

    Some proxies add the port, and put IPv6 into brackets: "192.0.2.1:4711", "[2001:db8::1]:4711".
    """
    text = text.strip('" ')
    if text.startswith("["):
        text, bracket, port = text[1:].partition("]")
        if not bracket or (port and not (port[0] == ":" and port[1:].isdecimal())):
            return ""
    elif text.count(":") == 1:
        text, _colon, port = text.partition(":")
        if not port.isdecimal():
            return ""
    if "%" in text:  # a zone, which means something on its own machine alone, and may be any text
        return ""
    try:
        address = ip_address(text)
    except ValueError:
        return ""
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(address)


def client_of(scope: Mapping[str, Any], proxies: int) -> tuple[str, str]:
    """Return the visitor's address and scheme ("http" or "https").

    Each proxy appends to X-Forwarded-For whom it was asked by, so the nth from the right is what the first
    of n trusted proxies saw; whatever stands left of it, anyone may have written. X-Forwarded-Proto is
    mostly set and not appended to: a single value is the last proxy's. Where that is missing or no address,
    the peer of the connection and its own scheme count. The address is "" for a socket without one.
    """
    peer, scheme = (scope.get("client") or ("",))[0], scope.get("scheme", "http")
    if peer.startswith("::ffff:"):
        peer = address_of(peer) or peer
    if proxies <= 0:
        return peer, scheme
    headers = scope["headers"]
    chain, schemes = last_of(headers, FOR, proxies), last_of(headers, PROTO, proxies)
    address = address_of(chain[-proxies]) if len(chain) >= proxies else ""
    if len(schemes) in (1, proxies) and schemes[0].lower() in ("http", "https"):
        scheme = schemes[0].lower()
    return address or peer, scheme
