"""A request names one host, and it is ours with its port."""

import pytest

from portal.base.hosts import MAX_HOST, has_our_host, is_allowed, names_and_ports


def scope(*hosts, scheme="http", server=("127.0.0.1", "8000")):
    headers = [(b"accept", b"*/*"), *((b"host", host.encode("latin-1")) for host in hosts)]
    return {"scheme": scheme, "server": server, "headers": headers}


@pytest.fixture(autouse=True)
def allowed(settings):
    settings.ALLOWED_HOSTS = ["127.0.0.1", "[::1]", ".example.org"]
    settings.ALLOWED_PORTS = ["8443"]


@pytest.mark.parametrize(
    "asked",
    [
        scope("127.0.0.1:8000"),
        scope("127.0.0.1"),
        scope("127.0.0.1:80"),
        scope("[::1]:8000"),
        scope("Portal.Example.org"),
        scope("portal.example.org.:8443"),
        scope("portal.example.org:443", scheme="https"),
        scope(),  # HTTP/1.0
        scope(server=("::1", 8000)),
        scope("portal.example.org:9000", server=("/run/portal.sock", "0")),
    ],
)
def test_our_host_is_answered(asked):
    assert has_our_host(asked)


@pytest.mark.parametrize(
    "asked",
    [
        scope("127.0.0.1:9999"),
        scope("127.0.0.1:443"),
        scope("127.0.0.1:80", scheme="https"),
        scope("127.0.0.1:0"),
        scope("127.0.0.1:8000:8000"),
        scope("evil.example"),
        scope("evil.example:8000"),
        scope("example.org@evil.example"),
        scope("/x.example.org"),
        scope("::1"),
        scope(""),
        scope("é.example.org"),
        scope("127.0.0.1:8000", "127.0.0.1:8000"),
        scope("127.0.0.1", "evil.example"),
        scope(server=("/run/portal.sock", "0")),
        scope("evil.example:80", server=("/run/portal.sock", "0")),
        scope(server=None),
    ],
)
def test_any_other_is_refused(asked):
    assert not has_our_host(asked)


def test_any_name_may_be_allowed_and_the_port_still_counts(settings):
    settings.ALLOWED_HOSTS = ["*"]
    assert has_our_host(scope("any.example:8000"))
    assert not has_our_host(scope("any.example:9999"))


def test_allowed_hosts_may_name_ports():
    hosts = ["localhost:8080", "[::1]:8080", "[::1]", ".example.org", "*", "localhost", "::1"]
    names, ports = names_and_ports(hosts)
    assert names == ["localhost", "[::1]", ".example.org", "*", "::1"]
    assert ports == ["8080", "8080"]


def test_a_host_longer_than_any_name_is_not_kept_either():
    is_allowed.cache_clear()
    assert not has_our_host(scope("a" * MAX_HOST + ".example.org"))
    assert is_allowed.cache_info().currsize == 0
