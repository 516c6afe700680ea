"""Each request has its line and its id, and no line tells what somebody was looking for."""

import asyncio
import json
import logging
import re

import pytest

from portal.base import access_log
from portal.base.access_log import AccessLog
from portal.base.logs import request_id
from tests.asgi import answering, ask, scope_of


@pytest.fixture
def written(monkeypatch, settings):
    """The lines that were written; no thread is started."""
    lines = []

    class Here:
        put = lines.append

        def start(self):
            pass

        def finish(self):
            lines.append("all written")

    monkeypatch.setattr(access_log, "access_writer", Here())
    monkeypatch.setattr(access_log, "error_writer", Here())
    settings.TRUSTED_PROXIES = 0
    settings.ACCESS_LOG = "lines"
    return lines


def asked(app, scope, incoming=()):
    return asyncio.run(ask(AccessLog(app), scope, incoming))


LINE = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z GET /clusters/\?zone&q 200 \d+\.\dms 5 (kept|made) "
    r"([0-9a-f]{16}) 192\.0\.2\.1"
)


@pytest.mark.parametrize(("kept", "word"), [(True, "kept"), (False, "made")])
def test_a_line_tells_all_but_what_was_looked_for(written, kept, word):
    query = b"zone=seoul&q=my+illness&q=x&someone@example.org&%3Cb%3E=1&A-NAME=1"
    _status, headers, body = asked(answering(kept=kept), scope_of("/clusters/", query=query))
    found = LINE.fullmatch(written[0])
    assert found and body == b"hello"
    assert found[1] == word
    assert found[2] == headers["x-request-id"]


def test_a_line_in_json_tells_the_same(written, settings):
    settings.ACCESS_LOG = "json"
    _status, headers, _body = asked(answering(status=404, kept=True), scope_of("/x y", query=b"zone=seoul"))
    told = json.loads(written[0])
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", told.pop("time"))
    assert 0 <= told.pop("ms") < 1000
    assert told == {
        "method": "GET",
        "path": "/x y",
        "parameters": ["zone"],
        "status": 404,
        "bytes": 5,
        "answer": "kept",
        "id": headers["x-request-id"],
        "address": "192.0.2.1",
    }


def test_what_waits_is_written_at_the_end(written):
    async def app(scope, receive, send):
        written.append(scope["type"])

    asked(app, {"type": "lifespan"})
    assert written == ["lifespan", "all written", "all written"]


def test_off_writes_nothing_and_still_names_the_request(written, settings):
    settings.ACCESS_LOG = "off"
    _status, headers, _body = asked(answering(), scope_of())
    assert written == [] and headers["x-request-id"]


@pytest.mark.parametrize(
    "path", ["/a\nb 200", "/\x1b[31m", "/구미", "/" + "x" * 5000, "/\udcff", "/a\u2028b"]
)
@pytest.mark.parametrize("form", ["lines", "json"])
def test_no_path_makes_a_line_of_its_own_or_a_long_one(written, settings, path, form):
    settings.ACCESS_LOG = form
    scope = scope_of()
    scope |= {"path": path, "raw_path": path.encode("utf-8", "surrogatepass")}
    asked(answering(), scope)
    del scope["raw_path"]
    asked(answering(), scope)
    for line in written:
        assert re.fullmatch(r"[\x20-\x7e가-힣]+", line) and len(line) < 800
        assert form == "json" or len(line.split(" ")) == 9


ID = "7f3c0de1-aaaa-4bbb-8ccc-1234567890ab"


@pytest.mark.parametrize(
    ("given", "proxies", "is_taken"),
    [
        ([ID], 1, True),
        (["Root=1-67891233-abcdef012345678912345678"], 1, True),
        ([ID], 0, False),
        ([], 1, False),
        ([ID, ID], 1, False),
        (["short"], 1, False),
        (["x" * 101], 1, False),
        (["with a space in it"], 1, False),
        (["<script>alert(1)</script>"], 1, False),
        ([""], 1, False),
    ],
)
def test_a_trusted_proxys_id_is_taken_if_it_is_one(written, settings, given, proxies, is_taken):
    settings.TRUSTED_PROXIES = proxies
    seen = []

    async def app(scope, receive, send):
        seen.extend(value.decode() for name, value in scope["headers"] if name == b"x-request-id")
        seen.append(request_id.get())
        await answering()(scope, receive, send)

    _status, headers, _body = asked(app, scope_of(headers=[("x-request-id", text) for text in given]))
    assert seen == [headers["x-request-id"]] * 2
    assert (seen[0] in given) is is_taken
    assert f" {seen[0]} " in written[0]


def test_each_request_has_an_id_of_its_own(written):
    async def app(scope, receive, send):
        before = request_id.get()
        await asyncio.sleep(0)
        assert request_id.get() == before
        await answering()(scope, receive, send)

    async def many():
        logged = AccessLog(app)
        answers = await asyncio.gather(*(ask(logged, scope_of()) for _n in range(20)))
        return {headers["x-request-id"] for _status, headers, _body in answers}

    assert len(asyncio.run(many())) == 20


def test_it_stands_in_the_scope_what_the_proxies_say(written, settings):
    settings.TRUSTED_PROXIES = 1
    scope = scope_of(headers=[("x-forwarded-for", "198.51.100.7"), ("x-forwarded-proto", "https")])
    asked(answering(), scope)
    assert (scope["client"][0], scope["scheme"]) == ("198.51.100.7", "https")
    assert written[0].endswith(" 198.51.100.7")


GONE = {"type": "http.disconnect"}


async def waits_for_the_client(scope, receive, send):
    while (await receive())["type"] != "http.disconnect":
        pass


async def answers_though_it_has_gone(scope, receive, send):
    await receive()
    await answering()(scope, receive, send)


@pytest.mark.parametrize("app", [waits_for_the_client, answers_though_it_has_gone])
def test_who_leaves_before_the_answer_is_said_to(written, app):
    asked(app, scope_of(), [GONE])
    assert written[0].split(" ")[3] == "499"


def test_who_leaves_after_the_answer_was_answered(written):
    async def app(scope, receive, send):
        await answering()(scope, receive, send)
        await receive()

    asked(app, scope_of(), [GONE])
    assert written[0].split(" ")[3] == "200"


def test_what_is_cancelled_is_told_and_stays_cancelled(written):
    async def never(scope, receive, send):
        await asyncio.Event().wait()

    async def cancelled():
        task = asyncio.ensure_future(ask(AccessLog(never), scope_of()))
        await asyncio.sleep(0)
        task.cancel()
        await task

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(cancelled())
    assert written[0].split(" ")[3] == "499"


def test_an_error_is_answered_and_logged_with_its_traceback(written, caplog):
    async def broken(scope, receive, send):
        raise ZeroDivisionError

    with caplog.at_level(logging.ERROR):
        status, headers, body = asked(broken, scope_of("/somewhere"))
    assert status == 500 and b"Something went wrong" in body
    assert " 500 " in written[0] and headers["x-request-id"] in written[0]
    assert caplog.records[0].exc_info[0] is ZeroDivisionError
    assert "GET /somewhere" in caplog.text


@pytest.mark.parametrize(("status", "lines"), [(200, 0), (503, 1)])
def test_what_is_quiet_is_told_when_it_fails(written, status, lines):
    asked(answering(status=status, quiet=True), scope_of("/healthz"))
    assert len(written) == lines


def test_the_headers_of_a_kept_answer_stay_as_they_are(written):
    headers = [(b"etag", b'"x"')]

    async def app(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b""})

    assert len(asked(app, scope_of())[1]) == 2
    assert headers == [(b"etag", b'"x"')]
