"""Lines are whole, bounded and named by their request; nobody who does not read them stops the portal."""

import json
import logging
import os
import sys
import time
from contextlib import suppress

import pytest
from django.conf import settings as portal_settings
from django.test import Client

from portal.base import logs
from portal.base.logs import (
    MAX_LINES,
    MAX_OF_A_KIND,
    Bounds,
    JsonFormatter,
    LinesFormatter,
    Writer,
    printable,
    request_id,
)


def record(message="It is %s", *arguments, name="portal", level=logging.WARNING, status=None, exc_info=None):
    made = logging.LogRecord(name, level, __file__, 1, message, arguments or (), exc_info)
    if status:
        made.status_code = status
    return made


def raised(error=None):
    try:
        raise error or ValueError("wrong\n2026-01-01T00:00:00.000Z ERROR a line that is none")
    except Exception:
        return sys.exc_info()


def test_what_is_printed_stays_on_its_line():
    assert printable("a\nb\r\x1b[0m\u2028\x85") == "a\\nb\\r\\x1b[0m\\u2028\\x85"
    assert printable("구미 é") == "구미 é"
    assert printable("x" * 300, 200) == "x" * 200 + "..."


def test_a_record_is_a_line_with_its_request():
    token = request_id.set("abc123")
    text = LinesFormatter().format(record("Seen %s", "a\nb"))
    request_id.reset(token)
    assert text.endswith("Z WARNING portal abc123 Seen a\\nb")
    assert LinesFormatter().format(record("Seen")).endswith(" WARNING portal - Seen")


def test_a_traceback_is_set_in_so_that_no_line_of_it_passes_for_another():
    lines = LinesFormatter().format(record("Broken", exc_info=raised())).splitlines()
    assert "Traceback" in lines[1] and len(lines) > 3
    assert all(line.startswith("    ") for line in lines[1:])


def test_a_record_in_json_is_one_line():
    token = request_id.set("abc123")
    text = JsonFormatter().format(record("Seen %s", "a\nb", exc_info=raised()))
    request_id.reset(token)
    told = json.loads(text)
    assert "\n" not in text
    assert (told["level"], told["logger"], told["id"], told["message"]) == (
        "WARNING",
        "portal",
        "abc123",
        "Seen a\\nb",
    )
    assert "ValueError: wrong" in told["traceback"]


def test_a_long_traceback_keeps_its_end():
    def deeper(n):
        return deeper(n - 1) if n else 1 / (n and 1)

    def deep(n):
        if n:
            exec(f"deep({n - 1})", {"deep": deep})  # noqa: S102 - frames that are not folded as repeated
        raise ZeroDivisionError("at the bottom")

    try:
        deep(200)
    except ZeroDivisionError:
        text = LinesFormatter().format(record("Deep", exc_info=sys.exc_info()))
    assert "at the bottom" in text and len(text) < 15_000


@pytest.fixture
def clock(monkeypatch):
    now = [1000.0]
    monkeypatch.setattr(logs, "monotonic", lambda: now[0])
    return now


def passed(bounds, records):
    return [made for made in records if bounds.filter(made)]


def test_so_many_of_a_kind_pass_and_the_rest_is_counted(clock):
    bounds = Bounds()
    hostile = [
        record(
            f"Invalid HTTP_HOST header: 'h{n}'", name="django.security.DisallowedHost", level=40, status=400
        )
        for n in range(1000)
    ]
    first = passed(bounds, hostile)
    assert len(first) == MAX_OF_A_KIND
    assert "more like it are left out" in first[-1].getMessage()
    clock[0] += 61
    (after,) = passed(bounds, hostile[:1])
    assert "(990 like it were left out before)" in after.getMessage()


def test_one_kind_does_not_silence_another(clock):
    bounds = Bounds()
    passed(bounds, [record("Broken: %s", n, level=40, exc_info=raised()) for n in range(50)])
    for other in (
        record("Broken: %s", 1, level=40, exc_info=raised_elsewhere()),
        record("Something else", level=40),
        record("Broken: %s", 1, level=40, name="clusters", exc_info=raised()),
    ):
        assert bounds.filter(other)


def raised_elsewhere():
    try:
        return {}["nothing"]
    except KeyError:
        return sys.exc_info()


def test_what_a_client_did_wrong_has_no_traceback_and_what_we_did_has_one(clock):
    bounds = Bounds()
    theirs = record("Bad Request: %s", "/x", name="django.request", status=400, exc_info=raised())
    ours = record(
        "Internal Server Error: %s", "/x", name="django.request", level=40, status=500, exc_info=raised()
    )
    assert bounds.filter(theirs) and bounds.filter(ours)
    assert theirs.exc_info is None and ours.exc_info


# --- The writer


@pytest.fixture
def pipe():
    reading, writing = os.pipe()
    yield reading, writing
    for descriptor in (reading, writing):
        with suppress(OSError):
            os.close(descriptor)


def test_lines_are_written_in_order_and_whole(pipe):
    reading, writing = pipe
    writer = Writer(writing)
    for n in range(300):
        writer.put(f"line {n} {'x' * 100}")
    writer.flush()
    text = os.read(reading, 1_000_000).decode()
    assert [line.split()[1] for line in text.splitlines()] == [str(n) for n in range(300)]


def test_no_piece_is_longer_than_a_pipe_takes_at_once(monkeypatch):
    pieces = []
    monkeypatch.setattr(logs.os, "write", lambda _descriptor, piece: pieces.append(piece) or len(piece))
    writer = Writer(1)
    for _n in range(200):
        writer.put("x" * 150)
    writer.flush()
    assert len(pieces) > 1 and max(map(len, pieces)) <= 4096
    assert all(piece.endswith(b"\n") for piece in pieces)


def test_a_pipe_that_nobody_reads_stops_nothing(pipe):
    reading, writing = pipe
    writer = Writer(writing)
    writer.start()
    begun = time.process_time()
    for n in range(MAX_LINES * 3):
        writer.put(f"line {n} {'x' * 100}")
    assert time.process_time() - begun < 5
    assert len(writer.lines) <= MAX_LINES and writer.left_out
    # Read again, it goes on and says what is missing.
    text = b""
    while b"lines were left out" not in text:
        text += os.read(reading, 65536)
    assert text.startswith(b"line 0 ")


def test_a_broken_pipe_is_written_to_no_more(pipe):
    reading, writing = pipe
    os.close(reading)
    writer = Writer(writing)
    for _n in range(3):
        writer.put("x")
        writer.flush()
    assert writer.broken and not writer.lines


def test_a_running_writer_writes_by_itself(pipe):
    reading, writing = pipe
    writer = Writer(writing)
    writer.start()
    writer.start()
    writer.put("soon")
    assert os.read(reading, 100) == b"soon\n"


# --- As the settings put it together


@pytest.fixture
def written(monkeypatch):
    """What the configured handler writes, as it would while serving."""
    lines = []
    monkeypatch.setattr(logs.error_writer, "running", True)
    monkeypatch.setattr(logs.error_writer, "put", lines.append)
    for handler in logging.getLogger().handlers:
        for bounds in handler.filters:
            monkeypatch.setattr(bounds, "seen", {})
    return lines


@pytest.mark.django_db
def test_hostile_requests_leave_few_lines(written, settings):
    settings.ALLOWED_HOSTS = ["testserver"]
    client = Client(raise_request_exception=False)
    for n in range(30):
        assert client.get("/clusters/", headers={"Host": f"evil{n}.example"}).status_code == 400
        assert client.get(f"/nothing{n}/").status_code == 404
        assert client.get(f"/clusters/?q={'x' * 12_000}").status_code == 400
    text = "\n".join(written)
    assert 1 <= len(written) <= MAX_OF_A_KIND and "Traceback" not in text
    assert "DisallowedHost" in text


@pytest.mark.django_db
def test_an_error_of_ours_keeps_its_traceback(written, monkeypatch):
    monkeypatch.setattr("portal.views.AboutView.get", raising)
    token = request_id.set("abc123")
    assert Client(raise_request_exception=False).get("/about/").status_code == 500
    request_id.reset(token)
    assert "ERROR django.request abc123 Internal Server Error: /about/" in written[0]
    assert "ZeroDivisionError" in written[0]


def raising(*arguments, **more):
    raise ZeroDivisionError


def test_every_record_passes_the_one_handler():
    assert portal_settings.LOGGING["root"]["handlers"] == ["console"]
    assert logging.getLogger("django").handlers == []
