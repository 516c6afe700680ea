"""How long a process waits for PostgreSQL.

The server keeps ``statement_timeout`` itself, and TCP says when a machine is gone; neither helps where the
server hangs and its machine goes on acknowledging. So the driver's waiting is ours, with an end (psycopg2's
wait callback). While the server does not answer, one connection at a time is tried; whoever else wants one is
told at once.
"""

import select
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from threading import Lock
from time import monotonic
from typing import Any

import psycopg2
from psycopg2 import extensions

# In seconds. A connection; a statement, which the server should have ended before (portal/settings.py).
CONNECT = 3.0
STATEMENT = 17.0
# So long nobody tries again after a connection in vain.
PAUSE = 3.0

_limit: ContextVar[float | None] = ContextVar("limit", default=STATEMENT)
_trying = Lock()
_failed: float | None = None


@contextmanager
def at_most(seconds: float | None) -> Iterator[None]:
    """Wait no longer than this for a statement or a connection; None waits as long as it takes."""
    before = _limit.set(seconds)
    try:
        yield
    finally:
        _limit.reset(before)


def wait(connection: Any) -> None:
    """Wait for what a connection is doing; raises OperationalError where that takes too long."""
    if connection.status == extensions.STATUS_SETUP:
        wait_for_connection(connection)
    else:
        poll(connection, _limit.get())


def wait_for_connection(connection: Any) -> None:
    global _failed
    is_probe = _failed is not None
    if _failed is not None and (monotonic() - _failed < PAUSE or not _trying.acquire(blocking=False)):
        raise psycopg2.OperationalError("The server did not answer a moment ago.")
    try:
        poll(connection, min(CONNECT, _limit.get() or CONNECT))
        _failed = None
    except psycopg2.OperationalError:
        _failed = monotonic()
        raise
    finally:
        if is_probe:
            _trying.release()


def poll(connection: Any, limit: float | None) -> None:
    end = None if limit is None else monotonic() + limit
    while (state := connection.poll()) != extensions.POLL_OK:
        waiting = select.poll()
        waiting.register(
            connection.fileno(), select.POLLIN if state == extensions.POLL_READ else select.POLLOUT
        )
        left = None if end is None else (end - monotonic()) * 1000
        if left is not None and (left <= 0 or not waiting.poll(left)):
            raise psycopg2.OperationalError("The server does not answer.")
        if left is None:
            waiting.poll()


def install() -> None:
    """Let every connection of this process wait so."""
    extensions.set_wait_callback(wait)
