"""The security headers stand on every answer, and each says what it should of this one."""

import asyncio

import pytest

from portal.base.headers import SecurityHeaders, strict_transport_security
from tests.asgi import answering, ask, scope_of

DATA = [(b"content-type", b"application/json"), (b"access-control-allow-origin", b"*")]
EMBED = [(b"content-type", b"text/html"), (b"content-security-policy", b"img-src 'self'; frame-ancestors *")]
PAGE = [(b"content-type", b"text/html"), (b"content-security-policy", b"frame-ancestors 'none'")]


def headers_of(status=200, headers=PAGE, scheme="http"):
    app = SecurityHeaders(answering(status, headers))
    return asyncio.run(ask(app, scope_of(scheme=scheme)))[1]


@pytest.mark.parametrize("status", [200, 302, 400, 404, 413, 500, 503])
@pytest.mark.parametrize("headers", [PAGE, DATA, EMBED, []])
def test_every_answer_has_them(status, headers):
    given = headers_of(status, headers)
    assert given["x-content-type-options"] == "nosniff"
    assert given["referrer-policy"] == "same-origin"
    assert given["cross-origin-opener-policy"] == "same-origin"
    assert "geolocation=()" in given["permissions-policy"]
    assert "clipboard-write=(self)" in given["permissions-policy"]  # what the copy buttons need
    assert given["cross-origin-resource-policy"]


@pytest.mark.parametrize(
    ("headers", "policy"),
    [(PAGE, "same-origin"), ([], "same-origin"), (DATA, "cross-origin"), (EMBED, "cross-origin")],
)
def test_only_what_is_for_all_may_be_taken_along(headers, policy):
    assert headers_of(headers=headers)["cross-origin-resource-policy"] == policy


def test_what_a_view_says_itself_stays():
    given = headers_of(headers=[(b"referrer-policy", b"no-referrer"), (b"permissions-policy", b"usb=(self)")])
    assert (given["referrer-policy"], given["permissions-policy"]) == ("no-referrer", "usb=(self)")


def test_a_name_in_capitals_is_the_same_name():
    headers = [(b"Access-Control-Allow-Origin", b"*"), (b"Referrer-Policy", b"no-referrer")]
    given = headers_of(headers=headers)
    assert given["cross-origin-resource-policy"] == "cross-origin"
    assert "referrer-policy" not in given and given["Referrer-Policy"] == "no-referrer"


def test_a_304_repeats_none():
    assert headers_of(304, [(b"etag", b'"x"')]) == {"etag": '"x"'}


@pytest.mark.parametrize("status", [200, 304, 404])
def test_https_is_promised_over_https_alone(status):
    assert headers_of(status, scheme="https")["strict-transport-security"] == "max-age=31536000"
    assert "strict-transport-security" not in headers_of(status)


@pytest.mark.parametrize(
    ("subdomains", "preload", "value"),
    [
        (False, False, "max-age=31536000"),
        (True, False, "max-age=31536000; includeSubDomains"),
        (True, True, "max-age=31536000; includeSubDomains; preload"),
    ],
)
def test_other_hosts_of_the_domain_only_if_asked_for(settings, subdomains, preload, value):
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = subdomains
    settings.SECURE_HSTS_PRELOAD = preload
    assert strict_transport_security() == value
