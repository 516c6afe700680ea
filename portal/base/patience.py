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

# Until when to wait; none: as long as each connection and each statement may take.
_end: ContextVar[float | None] = ContextVar("end", default=None)
_trying = Lock()
_failed: float | None = None


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Wait no longer than this for all that is asked within: connections, and statements."""
    before = _end.set(monotonic() + seconds)
    try:
        yield
    finally:
        _end.reset(before)


def left(otherwise: float) -> float:
    """Return how long may still be waited, in seconds."""
    end = _end.get()
    return otherwise if end is None else end - monotonic()


def wait(connection: Any) -> None:
    """Wait for what a connection is doing; raises OperationalError where that takes too long."""
    if connection.status == extensions.STATUS_SETUP:
        wait_for_connection(connection)
    else:
        poll(connection, left(STATEMENT))


def wait_for_connection(connection: Any) -> None:
    """Wait until a connection is made; after one in vain, for one at a time and not at once again."""
    global _failed
    is_probe = _failed is not None
    if _failed is not None and (monotonic() - _failed < PAUSE or not _trying.acquire(blocking=False)):
        raise psycopg2.OperationalError("The server did not answer a moment ago.")
    try:
        poll(connection, min(CONNECT, left(CONNECT)))
        _failed = None
    except psycopg2.OperationalError:
        _failed = monotonic()
        raise
    finally:
        if is_probe:
            _trying.release()


def poll(connection: Any, seconds: float) -> None:
    """Wait until the server has answered; raises OperationalError after so many seconds."""
    end = monotonic() + seconds
    while (state := connection.poll()) != extensions.POLL_OK:
        waiting = select.poll()
        waiting.register(
            connection.fileno(), select.POLLIN if state == extensions.POLL_READ else select.POLLOUT
        )
        remaining = end - monotonic()
        if remaining <= 0 or not waiting.poll(remaining * 1000):
            raise psycopg2.OperationalError("The server does not answer.")


def install() -> None:
    """Let every connection of this process wait so: of one that serves, not of commands."""
    extensions.set_wait_callback(wait)
