"""The gate answers what is known, reads bodies within bounds, and lets a request work only in its turn."""

import asyncio
import threading
from contextlib import asynccontextmanager
from time import monotonic

import pytest

from portal import gate as module
from portal.base import work
from portal.base.answers import Answer, Answers, key_of
from portal.base.version import known_version
from portal.gate import Gate, scope_of
from tests.gating import LEAVES, Silence, Worker, ask, part


@pytest.fixture
def kept(settings, monkeypatch):
    settings.ANSWERS_MB = 8
    answers = Answers()
    monkeypatch.setattr(module, "answers", answers)
    monkeypatch.setattr(known_version, "token", "one")
    answers.move("one")
    return answers


@pytest.fixture
def gate(monkeypatch, kept):
    """A gate whose threads only say what they were asked for, and whose database has nothing new."""
    monkeypatch.setattr(module, "Django", Worker)
    monkeypatch.setattr(module, "ask_version", lambda now: None)
    monkeypatch.setattr(known_version, "every", float("inf"))
    monkeypatch.setattr(known_version, "asked", 0.0)
    return Gate()


@pytest.fixture
def public(settings, gate):
    settings.SIDE = "public"
    return gate


def keep(kept, path="/about/", version="one", body=b"kept"):
    key = key_of("http", "testserver", path, "", "", "")
    kept.keep(key, version, Answer(200, {"ETag": '"e"', "Content-Length": str(len(body))}, body))
    return key


@asynccontextmanager
async def busy(gate, client="192.0.2.99"):
    """All threads at work, for one client."""
    gate.django.may_end.clear()
    at_work = [asyncio.ensure_future(ask(gate, path="/busy/", client=client)) for _ in range(module.THREADS)]
    while len(gate.django.asked) < module.THREADS:
        await asyncio.sleep(0.001)
    try:
        yield
    finally:
        gate.django.may_end.set()
        await asyncio.gather(*at_work)


# --- What is known


def test_what_is_kept_is_answered_without_a_thread(gate, kept, settings):
    settings.ALLOWED_HOSTS = ["testserver", "x.example"]
    keep(kept)
    status, headers, body = asyncio.run(ask(gate, path="/about/"))
    assert (status, headers[b"etag"], body) == (200, b'"e"', b"kept")
    assert asyncio.run(ask(gate, path="/about/", query=b"utm_source=x&q="))[2] == b"kept"
    assert gate.django.asked == []
    assert asyncio.run(ask(gate, path="/about/", if_none_match='"e"'))[0] == 304
    assert asyncio.run(ask(gate, path="/about/", method="HEAD"))[1:] == (headers, b"")
    for different in (
        {"query": b"q=1"},
        {"hx_request": "true"},
        {"accept_encoding": "br"},
        {"host": "x.example"},
    ):
        assert asyncio.run(ask(gate, path="/about/", **different))[2] == b"made"


def test_what_is_kept_is_answered_while_all_threads_are_at_work(gate, kept):
    keep(kept)

    async def main():
        async with busy(gate):
            return await asyncio.wait_for(ask(gate, path="/about/"), 1)

    assert asyncio.run(main())[2] == b"kept"


def test_a_database_that_hangs_holds_up_nothing_that_is_known(gate, kept, monkeypatch):
    keep(kept)
    hanging = threading.Event()
    monkeypatch.setattr(module, "PATIENCE", 0.2)
    monkeypatch.setattr(module, "ask_version", lambda now: hanging.wait(10))
    monkeypatch.setattr(known_version, "every", 0)

    async def main():
        # Only the first waits for it; 20 that did would take four seconds.
        answered = await asyncio.wait_for(one_after_the_other(20), 2)
        hanging.set()
        return answered

    async def one_after_the_other(count):
        return [await ask(gate, path="/about/") for _turn in range(count)]

    answered = asyncio.run(main())
    assert [body for _status, _headers, body in answered] == [b"kept"] * 20
    assert all(headers[b"warning"].startswith(b"111 ") for _status, headers, _body in answered)


def test_while_the_database_is_away_what_is_known_says_so(gate, kept, monkeypatch):
    keep(kept)
    monkeypatch.setattr(known_version, "away", True)
    assert asyncio.run(ask(gate, path="/about/"))[1][b"warning"].startswith(b"111 ")


def test_after_a_change_what_is_common_is_made_again(gate, kept, monkeypatch):
    keep(kept)
    keep(kept, "/map/")

    def ask_version(now):
        known_version.token = "two"

    monkeypatch.setattr(module, "ask_version", ask_version)
    monkeypatch.setattr(known_version, "every", 0)

    async def main():
        await ask(gate, path="/map/")
        while gate.warming is None or not gate.warming.done():
            await asyncio.sleep(0.001)

    asyncio.run(main())
    assert kept.version == "two" and kept.to_warm() == []
    assert {path for path, _query, _body in gate.django.asked} == {"/map/", "/about/"}


@pytest.mark.parametrize("host", ["korea.example", "127.0.0.1 8000"])
def test_a_key_asks_again_what_it_was_made_of(host):
    key = key_of("https", host, "/clusters/", "zone=seoul", "true", "br")
    given = dict(scope_of(key)["headers"])
    assert module.question(scope_of(key), given)[0] == key


# --- Bodies


def unread():
    raise AssertionError("The body was read.")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "TRACE", "FOO"])
def test_the_public_side_only_reads(public, method):
    status, headers, body = asyncio.run(ask(public, unread, method=method, content_length="600000000"))
    assert (status, headers[b"allow"]) == (405, b"GET, HEAD")
    assert b"This portal is for reading" in body and public.django.asked == []


@pytest.mark.parametrize("length", ["1", "600000000", "9" * 5000, "-1", "x", "1,1"])
def test_the_public_side_takes_no_body_with_a_question_either(public, length):
    assert asyncio.run(ask(public, unread, content_length=length))[0] == 413


@pytest.mark.parametrize(
    ("cookie", "size", "status"),
    [
        ("", module.MAX_BODY, 200),
        ("", module.MAX_BODY + 1, 413),
        ("a=b", module.MAX_BODY + 1, 413),
        ("sessionid=x", module.MAX_BODY + 1, 200),
        ("sessionid=x", module.MAX_BODY_IN_SESSION + 1, 413),
    ],
)
def test_a_body_is_refused_above_a_size_announced_or_not(gate, cookie, size, status):
    told = {"method": "POST", "path": "/admin/", "cookie": cookie}
    receive = Silence(part(b"x" * size)) if status == 200 else unread
    assert asyncio.run(ask(gate, receive, content_length=str(size), **told))[0] == status
    parts = Silence(part(b"x" * (size - 1), more=True), part(b"x"))
    assert asyncio.run(ask(gate, parts, transfer_encoding="chunked", **told))[0] == status
    assert not gate.bodies
    assert [len(body) for _path, _query, body in gate.django.asked] == ([size] * 2 if status == 200 else [])


def test_a_body_that_does_not_come_takes_no_thread(gate, monkeypatch):
    monkeypatch.setattr(module, "MAX_SILENCE", 0.05)
    slow = Silence(part(b"half", more=True))
    status, _headers, body = asyncio.run(ask(gate, slow, method="POST", path="/admin/", content_length="8"))
    assert status == 408 and b"did not arrive in time" in body
    assert gate.django.asked == [] and not gate.bodies


def test_a_client_that_leaves_in_its_sentence_is_forgotten(gate):
    """Or sends what is no body, which looks the same, and is told so."""
    leaving = Silence(part(b"half", more=True), LEAVES)
    assert asyncio.run(ask(gate, leaving, method="POST", path="/admin/", content_length="8"))[0] == 400
    assert gate.django.asked == [] and not gate.bodies


def test_all_bodies_together_are_bounded(gate, monkeypatch):
    monkeypatch.setattr(module, "MAX_BODIES", 10)

    async def main():
        waiting = asyncio.ensure_future(
            ask(
                gate, Silence(part(b"12345678", more=True)), method="POST", path="/admin/", content_length="9"
            )
        )
        await asyncio.sleep(0.01)
        refused = await ask(gate, Silence(part(b"123")), method="POST", path="/admin/", content_length="3")
        waiting.cancel()
        await asyncio.wait([waiting])
        return refused

    assert asyncio.run(main())[0] == 503
    assert not gate.bodies


@pytest.mark.parametrize(
    ("bounds", "other"),
    [
        ({"MAX_BODIES": 40, "FOR_SHORT": 20}, "192.0.2.2"),
        ({"MAX_BODIES_OF_ADDRESS": 20, "FOR_SHORT": 20}, "192.0.2.1"),
    ],
)
def test_large_bodies_leave_room_for_short_ones(gate, monkeypatch, bounds, other):
    for name, value in ({"MAX_BODY": 5, "MAX_BODY_IN_SESSION": 20} | bounds).items():
        monkeypatch.setattr(module, name, value)
    of_admin = {"method": "POST", "path": "/admin/"}

    async def main():
        large = {**of_admin, "content_length": "20", "cookie": "sessionid=x"}
        held = asyncio.ensure_future(ask(gate, Silence(part(b"x" * 18, more=True)), **large))
        await asyncio.sleep(0.01)
        refused = await ask(gate, Silence(part(b"x" * 18, more=True)), client=other, **large)
        taken = await ask(gate, Silence(part(b"x" * 5)), client=other, content_length="5", **of_admin)
        held.cancel()
        await asyncio.wait([held])
        return refused[0], taken[0]

    assert asyncio.run(main()) == (503, 200)
    assert not gate.bodies


def test_beside_the_admin_the_public_pages_take_no_body(public):
    public.admin = object()
    told = asyncio.run(ask(public, Silence(part(b"12")), content_length="2", cookie="sessionid=x"))
    assert told[0] == 413


# --- Turns


def test_who_has_left_is_not_worked_for(gate):
    async def main():
        async with busy(gate):
            return await ask(gate, Silence(LEAVES), path="/left/")

    assert asyncio.run(main()) is None
    assert "/left/" not in [path for path, _query, _body in gate.django.asked]
    assert not gate.work.present and not gate.work.waiting and gate.turns.free == module.THREADS


def test_who_waits_is_answered_in_turn(gate):
    async def main():
        async with busy(gate):
            waiting = asyncio.ensure_future(ask(gate, path="/waits/"))
            await asyncio.sleep(0.01)
            assert not waiting.done()
        return await waiting

    assert asyncio.run(main())[2] == b"made"


def test_who_has_waited_too_long_is_told_so(gate, monkeypatch):
    monkeypatch.setattr(module, "MAX_WAIT", 0.02)

    async def main():
        async with busy(gate):
            return await ask(gate)

    status, headers, body = asyncio.run(main())
    assert (status, headers[b"retry-after"]) == (503, b"5") and b"More is asked" in body
    assert gate.turns.free == module.THREADS


def test_who_has_had_the_least_work_goes_first(gate):
    gate.work.done["192.0.2.1"] = (20.0, monotonic())
    gate.work.done["192.0.2.2"] = (2.0, monotonic())

    async def main():
        async with busy(gate):
            waiting = [
                asyncio.ensure_future(ask(gate, path=f"/{n}/", client=f"192.0.2.{n}")) for n in (1, 2, 3, 4)
            ]
            await asyncio.sleep(0.01)
        await asyncio.gather(*waiting)

    asyncio.run(main())
    order = [path for path, _query, _body in gate.django.asked if path != "/busy/"]
    assert set(order[:2]) == {"/3/", "/4/"} and set(order[2:]) == {"/2/", "/1/"}


def test_no_more_wait_than_can_be_answered(gate, monkeypatch):
    monkeypatch.setattr(module, "MAX_WAITING", 1)

    async def main():
        async with busy(gate):
            waiting = [asyncio.ensure_future(ask(gate, client=f"192.0.2.{n}")) for n in range(3)]
            await asyncio.sleep(0.01)
            refused = sum(each.done() for each in waiting)
        return refused, [(await each)[0] for each in waiting]

    assert asyncio.run(main()) == (2, [200, 503, 503])


def test_where_too_many_wait_who_has_had_the_most_work_goes_without(gate, monkeypatch):
    monkeypatch.setattr(module, "MAX_WAITING", 2)
    for n in (1, 2, 3):
        gate.work.done[f"192.0.2.{n}"] = (20.0, monotonic())

    async def main():
        async with busy(gate):
            many = [asyncio.ensure_future(ask(gate, client=f"192.0.2.{n}")) for n in (1, 2, 3)]
            await asyncio.sleep(0.01)
            one = asyncio.ensure_future(ask(gate, client="192.0.2.4"))
            await asyncio.sleep(0.01)
        return (await one)[0], sorted([(await each)[0] for each in many])

    assert asyncio.run(main()) == (200, [200, 503, 503])
    assert not gate.work.present and gate.turns.free == module.THREADS


def test_who_has_left_takes_no_place_of_those_that_wait(gate, monkeypatch):
    monkeypatch.setattr(module, "MAX_WAITING", 1)

    async def main():
        async with busy(gate):
            for n in range(3):
                await ask(gate, Silence(LEAVES), client=f"192.0.2.{n}")
            one = asyncio.ensure_future(ask(gate, client="192.0.2.9"))
            await asyncio.sleep(0.01)
        return await one

    assert asyncio.run(main())[0] == 200


def test_one_address_does_not_take_what_is_for_all(gate, monkeypatch):
    monkeypatch.setattr(work, "MAX_AT_ONCE", module.THREADS)

    async def main():
        async with busy(gate, client="192.0.2.1"):
            refused = await ask(gate, client="192.0.2.1")
            other = asyncio.ensure_future(ask(gate, client="192.0.2.2"))
            await asyncio.sleep(0.01)
        return refused, await other

    (status, headers, body), other = asyncio.run(main())
    assert (status, headers[b"retry-after"], other[0]) == (429, b"30", 200)
    assert b"Very much was asked from your address" in body


def test_a_failure_gives_back_the_turn(gate, monkeypatch):
    def fail(scope, body):
        raise RuntimeError

    gate.django = fail
    answered = [asyncio.run(ask(gate)) for _turn in range(module.THREADS + 1)]
    assert {status for status, _headers, _body in answered} == {500}
    assert not gate.work.present and gate.turns.free == module.THREADS


# --- What is understood


def test_a_query_that_is_not_ascii_is_percent_encoded(gate):
    asyncio.run(ask(gate, query="q=구미".encode() + b"\xff&x=%41"))
    assert [query for _path, query, _body in gate.django.asked] == [b"q=%EA%B5%AC%EB%AF%B8%FF&x=%41"]


@pytest.mark.parametrize("host", ["evil.example", "testserver:9999", "", "127.0.0.1:8000@evil.example"])
def test_another_host_is_not_ours(gate, kept, host):
    keep(kept)
    status, _headers, body = asyncio.run(ask(gate, path="/about/", host=host))
    assert status == 400 and b"no request to this portal" in body and gate.django.asked == []


@pytest.mark.parametrize("host", ["testserver", "testserver:80", "testserver:8000"])
def test_the_port_may_be_named(gate, host):
    assert asyncio.run(ask(gate, host=host))[0] == 200
