"""What a portal served as in production holds against; `bench.hold` and `bench.hostile` measure how well."""

import asyncio
import os
import shutil
import signal
import time
from contextlib import asynccontextmanager

import pytest

from tests.holding import holding
from tests.hostility import Hostility, faults
from tests.wire import Lost, ask, at_end, connect, read_answer, request

ADDRESSES = ["/", "/clusters/?zone=busan", "/map/", "/map/data.json", "/complexes.csv"]
# What Django would read the body for: a token that could be right, and a form.
FORM = [("Cookie", f"csrftoken={'a' * 32}"), ("Content-Type", "application/x-www-form-urlencoded")]
HUGE = 600_000_000
# Clients that hang in one way.
MANY = 20


@pytest.fixture(scope="module")
def folder(to_serve, tmp_path_factory):
    """Where the portals of these tests have their one database."""
    folder = tmp_path_factory.mktemp("held")
    shutil.copytree(to_serve, folder / "var")
    return folder


@pytest.fixture(scope="module")
def served(folder):
    with holding(folder=folder) as portal:
        yield portal


@pytest.fixture
def portal(served):
    """A portal that runs, whatever the test before did to it."""
    if served.process.poll() is not None:
        served.start()
    return served


def post(target, length=500):
    return request(target, "POST", [*FORM, ("Content-Length", length)])


# Name: (what is sent, and no more; what the system keeps for the reader).
HANGING = {
    "idle connections": (b"", None),
    "heads begun": (b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ", None),
    "half-sent logins": (post("/admin/login/") + b"username=", None),
    "half-sent POSTs to a page": (post("/clusters/") + b"a=", None),
    "answers not read": (request("/complexes.json") * 8, 2048),
}


@asynccontextmanager
async def hanging(portal, names=HANGING):
    """Hold ``MANY`` connections of each kind, each from an address of its own."""
    writers = []
    try:
        for kind in names:
            sent, buffer = HANGING[kind]
            for number in range(MANY):
                source = f"127.0.1.{number + 1}"
                _reader, writer = await connect(portal.port, source, buffer, limit=1024)
                writer.write(sent)
                writers.append(writer)
        await asyncio.sleep(0.3)
        yield
    finally:
        for writer in writers:
            writer.transport.abort()


@pytest.mark.parametrize("kind", HANGING)
def test_others_are_answered_while_clients_hang(portal, kind):
    async def others():
        async with hanging(portal, [kind]):
            return [await ask(portal.port, address, seconds=8) for address in ADDRESSES]

    assert [answer.status for answer in asyncio.run(others())] == [200] * len(ADDRESSES)


@pytest.mark.parametrize("target", ["/", "/clusters/", "/admin/login/"])
@pytest.mark.parametrize("more", [[], [("Expect", "100-continue")]], ids=["at once", "asked before"])
def test_a_body_that_is_too_large_is_refused_before_it_is_sent(portal, target, more):
    async def announce():
        reader, writer = await connect(portal.port)
        try:
            writer.write(request(target, "POST", [*FORM, ("Content-Length", HUGE), *more]))
            async with asyncio.timeout(8):
                return await read_answer(reader), await at_end(reader, 5)
        finally:
            writer.transport.abort()

    before = portal.on_disk()
    answer, is_closed = asyncio.run(announce())
    # A page that is for reading alone may say so first.
    assert answer.status == 413 or (answer.status == 405 and not target.startswith("/admin"))
    # Else what is sent all the same would be read as the next request.
    assert is_closed
    assert portal.on_disk() < before + 1


def test_a_body_without_an_end_is_refused_too(portal):
    """Chunked, so that nothing announces its length."""

    async def pour():
        reader, writer = await connect(portal.port)
        try:
            head = [*FORM, ("Transfer-Encoding", "chunked")]
            writer.write(request("/admin/login/", "POST", head))
            reading = asyncio.create_task(read_answer(reader))
            for _part in range(1000):
                if reading.done():
                    break
                writer.write(b"10000\r\n" + b"x" * 65536 + b"\r\n")
                await asyncio.wait_for(writer.drain(), 8)
                await asyncio.sleep(0)
            async with asyncio.timeout(8):
                return await reading
        except OSError:
            return await reading
        finally:
            writer.transport.abort()

    before = portal.on_disk()
    assert asyncio.run(pour()).status == 413
    assert portal.on_disk() < before + 1


async def asking(portal, until, most=60):
    """Ask over fresh connections, one after the other, until ``until()``; return (answered, lost)."""
    answered = lost = 0
    end = time.monotonic() + most
    while not until() and time.monotonic() < end:
        try:
            answer = await ask(portal.port, ADDRESSES[answered % len(ADDRESSES)], seconds=10)
            answered += answer.status == 200
            lost += answer.status != 200
        except Lost:
            lost += 1
    return answered, lost


def test_a_killed_worker_has_a_successor_and_others_are_answered(portal):
    workers = portal.workers()
    victim = min(workers)
    os.kill(victim, signal.SIGKILL)
    answered, lost = asyncio.run(asking(portal, lambda: len(portal.workers() - {victim}) == len(workers), 20))
    assert len(portal.workers() - {victim}) == len(workers)
    # One may have been on its way to it.
    assert answered and lost <= 1


def test_sighup_brings_new_workers_and_loses_nothing(portal):
    workers = portal.workers()
    portal.process.send_signal(signal.SIGHUP)
    answered, lost = asyncio.run(asking(portal, lambda: not portal.workers() & workers))
    assert not portal.workers() & workers and len(portal.workers()) == len(workers)
    assert answered and not lost


def test_sigterm_ends_whatever_hangs(portal):
    async def end():
        async with hanging(portal):
            return await asyncio.to_thread(portal.stop, "terminate", 40)

    took = asyncio.run(end())
    assert took is not None and took < 20


# --- Hostile requests

REQUESTS = 400


async def send(port, sent):
    """Return the answer to a request over a connection of its own, or how there was none."""
    reader, writer = await connect(port, f"127.0.1.{len(sent.raw) % 250 + 1}")
    try:
        writer.write(sent.raw)
        async with asyncio.timeout(sent.seconds):
            return await read_answer(reader, sent.method)
    except (Lost, OSError, TimeoutError) as error:
        return error
    finally:
        writer.transport.abort()


def found(portal, side, hostility):
    """Return what is wrong with the answers of a portal, each with the request."""

    async def go():
        wrong = []
        for _turn in range(REQUESTS // 8):
            sent = [hostility.request(portal.port) for _number in range(8)]
            answers = await asyncio.gather(*(send(portal.port, each) for each in sent))
            for each, answer in zip(sent, answers, strict=True):
                if isinstance(answer, Exception):
                    said = ["no answer"] if each.is_whole else []
                else:
                    said = faults(each, answer, side)
                wrong += [(fault, each.short()) for fault in said]
        return wrong

    workers = portal.workers()
    return asyncio.run(go()) + ([] if portal.workers() == workers else ["a worker ended"])


@pytest.mark.django_db
def test_no_hostile_request_is_answered_amiss(portal):
    # Made before, as the database is not asked from within the event loop.
    assert found(portal, "", Hostility(9)) == []


@pytest.mark.django_db
def test_no_hostile_request_is_answered_amiss_by_the_public_side_alone(folder):
    with holding("public", folder=folder) as portal:
        assert found(portal, "public", Hostility(10)) == []
