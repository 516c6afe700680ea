"""A PostgreSQL that hangs does not hang the portal, and once it is back no restart is needed."""

import http.client
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings
from django.db import OperationalError, connection
from psycopg2 import extensions

from portal.base import patience
from tests.hanging import Silence
from tests.serving import free_port

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no server."),
]


@pytest.fixture
def silence(monkeypatch):
    """What stands before the PostgreSQL of the tests, which it can keep from answering."""
    monkeypatch.setattr(patience, "_failed", None)
    patience.install()
    # A path of a socket is short.
    with tempfile.TemporaryDirectory(prefix="pg-") as folder:
        (host,) = parse_qs(urlsplit(os.environ["DATABASE_URL"]).query)["host"]
        before = Silence(Path(folder), f"{host}/.s.PGSQL.5432")
        before.folder = folder
        yield before
        before.listening.close()
    extensions.set_wait_callback(None)


@pytest.fixture
def behind(silence):
    """A connection that goes through it."""
    made = connection.copy()
    made.settings_dict["HOST"] = silence.folder
    made.settings_dict["OPTIONS"].pop("host", None)
    yield made
    made.close()


def ask(database):
    with database.cursor() as cursor:
        cursor.execute("SELECT 1")
        return cursor.fetchone()[0]


def test_a_statement_is_not_waited_for_beyond_the_limit(silence, behind):
    assert ask(behind) == 1
    silence.hangs = True
    begun = time.monotonic()
    with pytest.raises(OperationalError, match="does not answer"), patience.at_most(0.3):
        ask(behind)
    assert 0.3 <= time.monotonic() - begun < 2


def test_connections_are_tried_one_at_a_time_and_again_once_it_is_back(silence, behind, monkeypatch):
    monkeypatch.setattr(patience, "CONNECT", 0.3)
    silence.hangs = True
    with pytest.raises(OperationalError, match="does not answer"):
        ask(behind)
    begun = time.monotonic()
    for _attempt in range(20):
        with pytest.raises(OperationalError, match="a moment ago"):
            ask(behind)
    assert time.monotonic() - begun < 0.3
    silence.hangs = False
    monkeypatch.setattr(patience, "PAUSE", 0)
    assert ask(behind) == 1


def test_the_server_ends_what_takes_too_long(behind):
    with behind.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone() == ("15s",)
        cursor.execute("SET statement_timeout = '50ms'")
        with pytest.raises(OperationalError, match="statement timeout"):
            cursor.execute("SELECT pg_sleep(5)")
    # Longer than the server's own, so that its words come first.
    assert patience.STATEMENT > 15


def test_a_connection_whose_machine_is_gone_is_given_up():
    options = connection.settings_dict["OPTIONS"]
    assert options["tcp_user_timeout"] == 10_000
    assert options["keepalives_idle"] + options["keepalives_interval"] * options["keepalives_count"] <= 30


@pytest.fixture
def served(silence):
    """A portal of one worker on the database of the tests, behind what can hang; it yields its port."""
    name = connection.settings_dict["NAME"]
    port = free_port()
    environment = os.environ | {
        "DATABASE_URL": f"postgres://postgres:@/{name}?host={silence.folder}",
        "DJANGO_SETTINGS_MODULE": "tests.hanging",
    }
    command = [sys.executable, "-m", "portal.serve", "--port", str(port), "--workers", "1"]
    run = {"cwd": settings.BASE_DIR, "env": environment, "start_new_session": True}
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, **run, **quiet) as server:
        try:
            for _attempt in range(600):
                try:
                    get(port, "/about/")
                    break
                except OSError:
                    time.sleep(0.1)
            yield port
        finally:
            os.killpg(server.pid, signal.SIGKILL)  # its workers too


def get(port, address):
    """Return (status, Warning header, seconds) of an answer."""
    begun = time.monotonic()
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    link.request("GET", address, headers={"Host": "testserver"})
    answer = link.getresponse()
    answer.read()
    link.close()
    return answer.status, answer.getheader("Warning"), time.monotonic() - begun


def test_pages_answer_while_the_database_hangs_and_after_it(silence, served):
    assert get(served, "/clusters/")[:2] == (200, None)
    silence.hangs = True
    time.sleep(1.1)  # the version is known for a second
    status, warning, seconds = get(served, "/clusters/")
    assert status == 200 and "does not answer" in warning and seconds < 4
    # From then on, what is kept waits for nothing, and what is not is refused.
    for _request in range(5):
        status, warning, seconds = get(served, "/clusters/")
        assert status == 200 and "does not answer" in warning and seconds < 2
    status, _warning, seconds = get(served, "/clusters/?q=gumi")
    assert status == 503 and seconds < 6
    silence.hangs = False
    for _attempt in range(100):
        # What is kept says so until the version has been asked for again, some seconds later.
        found = [get(served, address)[:2] for address in ("/clusters/?q=gumi", "/clusters/")]
        if found == [(200, None)] * 2:
            break
        time.sleep(0.2)
    assert found == [(200, None)] * 2
