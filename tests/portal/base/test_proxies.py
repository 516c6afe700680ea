"""Of what stands in front of the portal only as much is believed as is trusted."""

import pytest

from portal.base.proxies import address_of, believed, client_of

PEER = "203.0.113.9"


def scope(*headers, client=(PEER, "4711"), scheme="http"):
    return {
        "type": "http",
        "client": client,
        "scheme": scheme,
        "headers": [(name.encode(), value.encode("latin-1")) for name, value in headers],
    }


# Lines of X-Forwarded-For, the number of trusted proxies, and the address that counts.
CHAINS = [
    ([], 0, PEER),
    ([], 1, PEER),
    (["198.51.100.1"], 0, PEER),
    (["198.51.100.1"], 1, "198.51.100.1"),
    # What a visitor wrote stands to the left of what the proxies append.
    (["10.0.0.1, 198.51.100.1"], 1, "198.51.100.1"),
    (["10.0.0.1, 198.51.100.1, 192.0.2.7"], 2, "198.51.100.1"),
    (["10.0.0.1", "198.51.100.1", "192.0.2.7"], 2, "198.51.100.1"),
    (["10.0.0.1 ,198.51.100.1", "192.0.2.7"], 2, "198.51.100.1"),
    # Shorter than the chain of proxies: one of them was passed by.
    (["198.51.100.1"], 2, PEER),
    # No address.
    (["198.51.100.1, unknown"], 1, PEER),
    (["198.51.100.1, "], 1, PEER),
    (["198.51.100.1, 192.0.2.256"], 1, PEER),
    (["<script>, _hidden"], 2, PEER),
    (["1" * 5000], 1, PEER),
    (["10.0.0.1, " * 500 + "198.51.100.1"], 1, "198.51.100.1"),
    # With ports, and IPv6.
    (["198.51.100.1:51000"], 1, "198.51.100.1"),
    (["2001:DB8::1"], 1, "2001:db8::1"),
    (["[2001:db8::1]:443"], 1, "2001:db8::1"),
    (["::ffff:198.51.100.1"], 1, "198.51.100.1"),
]


@pytest.mark.parametrize(("lines", "proxies", "address"), CHAINS)
def test_the_address_is_the_one_that_the_first_trusted_proxy_saw(lines, proxies, address):
    asked = scope(*(("x-forwarded-for", line) for line in lines))
    assert client_of(asked, proxies)[0] == address


@pytest.mark.parametrize(
    ("lines", "proxies", "scheme"),
    [
        ([], 1, "http"),
        (["https"], 0, "http"),
        (["https"], 1, "https"),
        (["HTTPS"], 1, "https"),
        (["https"], 2, "https"),
        (["https, http"], 1, "http"),
        (["https", "http"], 1, "http"),
        (["http, https, http"], 2, "https"),
        (["http, https"], 3, "http"),
        (["gopher"], 1, "http"),
        (["https;x"], 1, "http"),
    ],
)
def test_the_scheme_is_what_a_trusted_proxy_says(lines, proxies, scheme):
    asked = scope(*(("x-forwarded-proto", line) for line in lines))
    assert client_of(asked, proxies)[1] == scheme


def test_tls_that_ends_here_stays_so_where_no_proxy_says_otherwise():
    assert client_of(scope(scheme="https"), 1)[1] == "https"


@pytest.mark.parametrize(
    ("peer", "address"),
    [
        (None, ""),
        (("", "0"), ""),
        (("::ffff:192.0.2.1", 1), "192.0.2.1"),
        (("2001:db8::1", 1), "2001:db8::1"),
    ],
)
def test_any_peer_has_an_address(peer, address):
    assert client_of(scope(client=peer), 0)[0] == address


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-",
        "unknown",
        "1.2.3",
        "1.2.3.4:x",
        "1.2.3.4:",
        "[::1",
        "[::1]x",
        "[::1]:",
        "fe80::1%<b>",
        "0x7f.1",
    ],
)
def test_what_is_no_address_is_none(text):
    assert address_of(text) == ""


SENT = [
    "host",
    "accept",
    "hx-request",
    "x-forwarded-for",
    "x-forwarded-proto",
    "x-request-id",
    "x-forwarded-host",
    "x-forwarded-port",
    "forwarded",
    "x-real-ip",
    "x_forwarded_for",
    "x_forwarded_proto",
    "x-forwarded_for",
    "hx_request",
]


@pytest.mark.parametrize(
    ("proxies", "kept"),
    [
        (0, ["host", "accept", "hx-request"]),
        (1, ["host", "accept", "hx-request", "x-forwarded-for", "x-forwarded-proto", "x-request-id"]),
    ],
)
def test_only_a_trusted_proxys_own_headers_reach_the_portal(proxies, kept):
    headers = scope(*((name, "x") for name in SENT))["headers"]
    assert [name.decode() for name, _value in believed(headers, proxies)] == kept
