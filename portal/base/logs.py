"""What the portal writes about itself: one form for all lines, the request that each belongs to, and bounds.

Lines go to standard output (the access log) and standard error (all else). While the portal serves, a thread
writes them: a pipe that nobody reads must stop neither an answer nor the event loop.
"""

import atexit
import json
import logging
import os
import re
import sys
import time
import traceback
from collections import deque
from contextvars import ContextVar
from threading import Event, Lock, Thread
from time import monotonic

from cachetools import LRUCache

# The id of the request that is worked for, "" outside of one. A thread that works for it runs in its context.
request_id: ContextVar[str] = ContextVar("request_id", default="")

# Lines that wait to be written; of more, the newest are left out, and counted.
MAX_LINES = 10_000
# In seconds: lines are written together, as each waking of the writer takes time from answers.
PAUSE = 0.1
# What a pipe takes as one piece (PIPE_BUF), so that lines of several processes do not run into each other.
ONE_PIECE = 4096
# Characters of a message, and of a traceback, of which the end says most.
MAX_MESSAGE = 1_000
MAX_TRACEBACK = 8_000
# So many records of one kind are written in so many seconds.
MAX_OF_A_KIND = 10
WINDOW = 60.0
MAX_KINDS = 500

CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def printable(text: str, most: int = MAX_MESSAGE) -> str:
    """Return a text on one line, cut: what a visitor sent can neither begin a line nor colour it."""
    if len(text) > most:
        text = f"{text[:most]}..."
    return CONTROL.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


class Clock:
    """The time in UTC as ISO 8601 with milliseconds; the second's part is made once a second."""

    def __init__(self) -> None:
        self.known = (0, "")

    def text(self, seconds: float) -> str:
        whole = int(seconds)
        second, text = self.known
        if second != whole:
            text = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(whole))
            self.known = (whole, text)
        return f"{text}.{int((seconds - whole) * 1000):03d}Z"


clock = Clock()


class Writer:
    """Writes lines to a file descriptor in a thread of its own, once it is started."""

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor
        self.running = False
        self.broken = False
        self.left_out = 0
        self.lines: deque[str] = deque()
        self.waiting = Event()
        self.lock = Lock()
        os.register_at_fork(after_in_child=self.forget)

    def forget(self) -> None:
        """Begin anew in a child, which has no thread and whose parent writes what was waiting."""
        self.running = False
        self.lines = deque()
        self.waiting = Event()
        self.lock = Lock()

    def start(self) -> None:
        """Write in a thread from now on; safe to repeat."""
        with self.lock:
            if self.running:
                return
            self.running = True
        Thread(target=self.run, daemon=True, name="log").start()
        atexit.register(self.finish)

    def put(self, line: str) -> None:
        """Have a line written soon; never waits."""
        if len(self.lines) >= MAX_LINES or self.broken:
            self.left_out += 1
            return
        self.lines.append(line)
        if not self.waiting.is_set():
            self.waiting.set()

    def run(self) -> None:
        while not self.broken:
            self.waiting.wait()
            time.sleep(PAUSE)
            self.waiting.clear()
            self.flush()

    def flush(self) -> None:
        """Write what waits, in pieces that a pipe takes as a whole."""
        with self.lock:
            piece: list[bytes] = []
            size = 0
            while self.lines:
                line = f"{self.lines.popleft()}\n".encode("utf-8", "backslashreplace")
                if piece and size + len(line) > ONE_PIECE:
                    self.write(b"".join(piece))
                    piece, size = [], 0
                piece.append(line)
                size += len(line)
            if self.left_out and not self.broken:
                left_out, self.left_out = self.left_out, 0
                piece.append(f"{clock.text(time.time())} {left_out} lines were left out\n".encode())
            if piece:
                self.write(b"".join(piece))

    def write(self, piece: bytes) -> None:
        while piece and not self.broken:
            try:
                piece = piece[os.write(self.descriptor, piece) :]
            except BlockingIOError:
                time.sleep(PAUSE)
            except OSError:  # nobody will ever read it: the pipe is broken, or the disk is full
                self.broken = True

    def finish(self) -> None:
        """Write the rest at the end, for a second at most."""
        last = Thread(target=self.flush, daemon=True)
        last.start()
        last.join(timeout=1)


access_writer = Writer(1)
error_writer = Writer(2)


class Handler(logging.StreamHandler):
    """Writes records to standard error, while the portal serves without ever waiting for it."""

    def emit(self, record: logging.LogRecord) -> None:
        self.stream = sys.stderr
        if not error_writer.running:
            return super().emit(record)
        try:
            error_writer.put(self.format(record))
        except Exception:
            self.handleError(record)


def traceback_of(record: logging.LogRecord) -> str:
    """Return the traceback of a record, "" for none; of a long one the end."""
    if not record.exc_info or not record.exc_info[0]:
        return ""
    text = "".join(traceback.format_exception(*record.exc_info)).rstrip()
    return text if len(text) <= MAX_TRACEBACK else f"...{text[-MAX_TRACEBACK:]}"


class LinesFormatter(logging.Formatter):
    """A record as a line to read: time, level, logger, request, message; a traceback is set in below."""

    def format(self, record: logging.LogRecord) -> str:
        line = (
            f"{clock.text(record.created)} {record.levelname} {record.name} "
            f"{request_id.get() or '-'} {printable(record.getMessage())}"
        )
        # Set in, no line of it passes for one of the log.
        lines = [printable(line) for line in traceback_of(record).splitlines()]
        return "\n    ".join([line, *lines])


class JsonFormatter(logging.Formatter):
    """A record as an object in JSON, on one line."""

    def format(self, record: logging.LogRecord) -> str:
        told = {
            "time": clock.text(record.created),
            "level": record.levelname,
            "logger": record.name,
            "id": request_id.get(),
            "message": printable(record.getMessage()),
        }
        if text := traceback_of(record):
            told["traceback"] = text
        return json.dumps(told)


class Bounds(logging.Filter):
    """Lets through so many records of one kind a minute, and says how many were left out.

    A kind is the logger, the level, and where it was raised or what is always the same in its message. What
    hostile requests bring about (4xx) is told without its traceback: it lies in the request.
    """

    def __init__(self) -> None:
        super().__init__()
        self.lock = Lock()
        # {kind: (since when, how many of it)}
        self.seen: LRUCache[tuple[object, ...], tuple[float, int]] = LRUCache(MAX_KINDS)

    def filter(self, record: logging.LogRecord) -> bool:
        is_of_client = getattr(record, "status_code", 500) < 500 or record.name.startswith("django.security")
        if is_of_client:
            record.exc_info = record.exc_text = None
        kind: tuple[object, ...] = (record.name, record.levelno, getattr(record, "status_code", None))
        if not is_of_client:
            kind = (*kind, record.msg, raised_at(record))
        now = monotonic()
        with self.lock:
            since, count = self.seen.get(kind, (now, 0))
            before = 0
            if now - since >= WINDOW:
                since, before, count = now, max(0, count - MAX_OF_A_KIND), 0
            count += 1
            self.seen[kind] = (since, count)
        if count > MAX_OF_A_KIND:
            return False
        if before:
            self.add(record, f"({before} like it were left out before)")
        if count == MAX_OF_A_KIND:
            self.add(record, f"(more like it are left out for up to {WINDOW:.0f} s)")
        return True

    @staticmethod
    def add(record: logging.LogRecord, words: str) -> None:
        record.msg, record.args = f"{printable(record.getMessage())} {words}", ()


def raised_at(record: logging.LogRecord) -> tuple[str, int] | None:
    """Return file and line at which the exception of a record was raised."""
    trace = record.exc_info[2] if record.exc_info else None
    if trace is None:
        return None
    while trace.tb_next:
        trace = trace.tb_next
    return trace.tb_frame.f_code.co_filename, trace.tb_lineno
