"""The gate: what every request passes before one of the few threads works for it.

It runs in the event loop, which no client and no database can hold up: it answers from what is kept, reads
bodies whole, in time and within bounds, lets requests wait their turn, and drops those whose client has left.
Only then is Django asked, in a thread. What is refused is refused in words.
"""

import asyncio
import logging
import re
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from contextvars import copy_context
from http.client import HTTPException
from io import BytesIO
from typing import Any

from django.conf import settings
from django.core import signals
from django.core.handlers.asgi import ASGIRequest
from django.core.handlers.base import BaseHandler
from django.db import close_old_connections
from django.http import HttpResponseBadRequest
from django.urls import set_script_prefix

from .base import metrics
from .base.answers import ADMIN, WARNING, Key, answers, is_ours, key_of
from .base.hosts import has_our_host
from .base.refusals import prepare_refusals, refusal
from .base.version import known_version
from .base.work import Turns, Work, household
from .forward import Forward

log = logging.getLogger(__name__)

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]
# Status, headers and body.
Made = tuple[int, Headers, bytes]

# Requests that Django works for at once, in one process. More would only take turns at the interpreter, and
# each holds a connection of its own; with one alone, whoever waits for the database would stop all others.
THREADS = 2
# Requests that wait for their turn, in all; and for how long, in seconds.
MAX_WAITING = 200
MAX_WAIT = 15
# So long a known answer waits for the database to say that it still holds, in seconds.
PATIENCE = 0.5
# Bytes of a body: of anyone, and of who has a session (a file to import); and of all that are read at once.
MAX_BODY = 64 * 1024
MAX_BODY_IN_SESSION = 12 * 1024 * 1024
MAX_BODIES = 48 * 1024 * 1024
# Of the latter, bytes that only short ones may take, and that one address may, with a quarter of the former
# for its short ones: who sends large ones slowly must not shut out who logs in or saves.
FOR_SHORT = 8 * 1024 * 1024
MAX_BODIES_OF_ADDRESS = 24 * 1024 * 1024
# Seconds until the next part of a body, and until its end.
MAX_SILENCE = 10
MAX_READING = 60

NOT_ASCII = re.compile(rb"[\x80-\xff]")


class Refused(Exception):
    """A request is not let in; ``status`` says why."""

    def __init__(self, status: int) -> None:
        self.status = status


class Gone(Exception):
    """The client has left."""


class Django(BaseHandler):
    """Django as a plain function that a thread calls: a request in, a finished answer out."""

    def __init__(self) -> None:
        super().__init__()
        self.load_middleware()

    def __call__(self, scope: Scope, body: bytes) -> Made:
        """Return status, headers and body."""
        set_script_prefix("/")
        signals.request_started.send(sender=self.__class__, scope=scope)
        try:
            request = ASGIRequest(scope, BytesIO(body))
        except UnicodeDecodeError:
            response = HttpResponseBadRequest()
        else:
            response = self.get_response(request)
        try:
            headers = [(name.lower().encode(), text.encode("latin-1")) for name, text in response.items()]
            cookies = response.cookies.values()
            headers += [(b"set-cookie", cookie.OutputString().encode("latin-1")) for cookie in cookies]
            return response.status_code, headers, response.getvalue()
        finally:
            response.close()  # which also sends request_finished


def ask_version(now: bool) -> None:
    """Ask for the version in a thread of its own: a request's connections are looked after by its signals."""
    close_old_connections()
    try:
        known_version.ask(now=now)
    finally:
        close_old_connections()


class Gate:
    """The ASGI application."""

    def __init__(self) -> None:
        self.django = Django()
        self.threads = ThreadPoolExecutor(THREADS, thread_name_prefix="django")
        self.turns = Turns(THREADS)
        self.asker = ThreadPoolExecutor(1, thread_name_prefix="version")
        self.asking: asyncio.Future[None] | None = None
        self.asking_since = 0.0
        self.warming: asyncio.Task[None] | None = None
        self.work = Work(settings.WORK_PER_ADDRESS)
        self.at_work = 0
        # {household: bytes of bodies}
        self.bodies: Counter[str] = Counter()
        self.admin = Forward(settings.ADMIN_SOCKET) if settings.ADMIN_SOCKET else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.live(receive, send)
        elif scope["type"] == "http":
            try:
                await self.answer(scope, receive, send)
            except Gone:
                return
            except Refused as refused:
                refusing = refusal(refused.status)
                metrics.refused(refused.status)
            except Exception:
                log.exception("A request failed outside its view.")
                refusing = refusal(500)
            else:
                return
            await self.send(scope, send, refusing.status, refusing.raw_headers, refusing.body)

    async def live(self, receive: Receive, send: Send) -> None:
        """Begin and end with the server."""
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                self.ask(now=True)
                # Not when the first one is refused, while all others wait.
                await asyncio.get_running_loop().run_in_executor(self.threads, prepare_refusals)
            await send({"type": f"{message['type']}.complete"})
            if message["type"] == "lifespan.shutdown":
                return

    async def answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send what is kept or what is made now; raises Refused or Gone before anything is sent."""
        if not has_our_host(scope):
            raise Refused(400)
        scope["query_string"] = NOT_ASCII.sub(lambda found: b"%%%02X" % found[0][0], scope["query_string"])
        given: dict[bytes, bytes] = {}
        for name, text in scope["headers"]:
            given[name] = given[name] + b"," + text if name in given else text
        method, path = scope["method"], scope["path"]
        is_of_admin = path.startswith(ADMIN) or path == ADMIN.rstrip("/")
        if is_ours(method, path):
            in_session = settings.SESSION_COOKIE_NAME.encode() in given.get(b"cookie", b"")
            await self.know_version(now=in_session)
            if answers.version and (answer := answers.find(*question(scope, given))):
                headers = answer.raw_headers
                scope["portal"]["kept"] = True
                if self.is_doubtful():
                    headers = [*headers, (b"warning", WARNING.encode())]
                return await self.send(scope, send, answer.status, headers, answer.body)
        elif (
            settings.SIDE == "public"
            and method not in ("GET", "HEAD", "OPTIONS")
            and not (is_of_admin and self.admin)
        ):
            raise Refused(405)
        sender = household(scope["client"][0])
        takes = settings.SIDE != "public" or (is_of_admin and self.admin is not None)
        body = await self.read(given, receive, sender, takes)
        try:
            if is_of_admin and self.admin:
                result = await self.forwarded(self.admin, scope, body)
            else:
                result = await self.made(scope, body, receive)
        finally:
            self.release(sender, len(body))
        await self.send(scope, send, *result)

    @staticmethod
    async def send(scope: Scope, send: Send, status: int, headers: Headers, body: bytes) -> None:
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})

    # --- What is known

    def ask(self, now: bool = False) -> asyncio.Future[None]:
        """Ask for the version, once at a time."""
        if self.asking is None or self.asking.done():
            loop = asyncio.get_running_loop()
            self.asking_since = loop.time()
            self.asking = loop.run_in_executor(self.asker, ask_version, now)
            self.asking.add_done_callback(self.asked)
        return self.asking

    def asked(self, asking: asyncio.Future[None]) -> None:
        if error := asking.exception():
            log.error("The version of the data could not be asked for.", exc_info=error)
        if known_version.token != answers.version:
            answers.move(known_version.token)
            metrics.version_moved()
        if answers.to_warm() and (self.warming is None or self.warming.done()):
            self.warming = asyncio.get_running_loop().create_task(self.warm())

    async def know_version(self, now: bool) -> None:
        """Ask for the version where it is due, and wait a little for the answer, once for all who ask."""
        if known_version.is_due(now=now):
            asking = self.ask(now)
            patience = self.asking_since + PATIENCE - asyncio.get_running_loop().time()
            await asyncio.wait([asking], timeout=max(0, patience))

    def is_doubtful(self) -> bool:
        """Return whether the database does not say that what is known still holds."""
        hangs = self.asking is not None and not self.asking.done()
        # Who has waited so long may be woken a little early.
        late = asyncio.get_running_loop().time() - self.asking_since > 0.9 * PATIENCE
        return known_version.away or (hangs and late)

    async def warm(self) -> None:
        """Make the most common answers again, one at a time and in turn with what visitors ask."""
        loop = asyncio.get_running_loop()
        while keys := answers.to_warm():
            answers.forget(keys[0])
            turn = self.turns.take(0.0)
            try:
                await turn
                await loop.run_in_executor(self.threads, self.django, scope_of(keys[0]), b"")
            finally:
                self.turns.give(turn)

    # --- What has to be made

    def release(self, sender: str, size: int) -> None:
        """Count bytes of a body no more."""
        self.bodies[sender] -= size
        if not self.bodies[sender]:
            del self.bodies[sender]

    async def read(self, given: dict[bytes, bytes], receive: Receive, sender: str, takes: bool) -> bytes:
        """Return the body, counted in ``bodies`` until it is done with; ``takes``: whether one is taken."""
        if b"transfer-encoding" not in given and given.get(b"content-length", b"0") == b"0":
            return b""
        most = 0
        if takes:
            in_session = settings.SESSION_COOKIE_NAME.encode() in given.get(b"cookie", b"")
            most = MAX_BODY_IN_SESSION if in_session else MAX_BODY
        announced = given.get(b"content-length", b"0")
        if not announced.isdigit() or int(announced[:12]) > most:
            raise Refused(413)
        parts: list[bytes] = []
        size, loop = 0, asyncio.get_running_loop()
        end = loop.time() + MAX_READING
        try:
            while True:
                wait = min(MAX_SILENCE, end - loop.time())
                message = await asyncio.wait_for(receive(), wait)
                if message["type"] == "http.disconnect":
                    # It has left, or what it sent is no body; the latter is still there to be told.
                    raise Refused(400)
                part = message.get("body", b"")
                size += len(part)
                self.bodies[sender] += len(part)
                parts.append(part)
                if size > most:
                    raise Refused(413)
                room, own = MAX_BODIES - FOR_SHORT, MAX_BODIES_OF_ADDRESS
                if size <= MAX_BODY:
                    room, own = room + FOR_SHORT, own + FOR_SHORT // 4
                if self.bodies.total() > room or self.bodies[sender] > own:
                    raise Refused(503)
                if not message.get("more_body"):
                    return b"".join(parts)
        except TimeoutError:
            self.release(sender, size)
            raise Refused(408) from None
        except BaseException:
            self.release(sender, size)
            raise

    async def made(self, scope: Scope, body: bytes, receive: Receive) -> Made:
        """Return the answer that Django makes, once it is this request's turn."""
        address = scope["client"][0]
        if not self.work.may(address):
            raise Refused(429)
        self.work.begin(address)
        metrics.waiting(self.work.waiting)
        try:
            async with self.turn(address, receive):
                self.at_work += 1
                metrics.busy(self.at_work)
                try:
                    return await asyncio.get_running_loop().run_in_executor(
                        self.threads, copy_context().run, self.work.timed, address, self.django, scope, body
                    )
                finally:
                    self.at_work -= 1
                    metrics.busy(self.at_work)
                    metrics.keeping(len(answers.kept), int(answers.kept.currsize))
        finally:
            self.work.end(address)
            metrics.waiting(self.work.waiting)

    async def forwarded(self, admin: Forward, scope: Scope, body: bytes) -> Made:
        """Return the answer of the admin, which is another process."""
        address = scope["client"][0]
        if not self.work.may(address):
            raise Refused(429)
        self.work.begin(address)
        try:
            return await admin.ask(scope, body)
        except (OSError, HTTPException) as error:
            log.error("The admin does not answer: %s", error)
            raise Refused(502) from None
        finally:
            self.work.end(address)

    @asynccontextmanager
    async def turn(self, address: str, receive: Receive) -> AsyncIterator[None]:
        """Wait for one of the threads, no longer than the client does, and give it back."""
        turn = self.turns.take(self.work.level(address))
        try:
            if not turn.done():
                if len(self.turns.waiting) > MAX_WAITING:
                    self.turns.refuse_one()
                gone = asyncio.ensure_future(left(receive))
                try:
                    await asyncio.wait({turn, gone}, timeout=MAX_WAIT, return_when=asyncio.FIRST_COMPLETED)
                    if gone.done():
                        raise Gone
                finally:
                    gone.cancel()
                if not turn.done() or turn.cancelled():
                    raise Refused(503)
            yield
        finally:
            self.turns.give(turn)


async def left(receive: Receive) -> None:
    """Return when the client has left."""
    while (await receive())["type"] != "http.disconnect":
        pass


def question(scope: Scope, given: dict[bytes, bytes]) -> tuple[Key, str]:
    """Return what is asked as a key, and what the reader has already (If-None-Match)."""
    host = given[b"host"].decode("latin-1") if b"host" in given else " ".join(map(str, scope["server"]))
    key = key_of(
        scope["scheme"],
        host,
        scope["path"],
        scope["query_string"].decode(),
        given.get(b"hx-request", b"").decode("latin-1"),
        given.get(b"accept-encoding", b"").decode("latin-1"),
    )
    return key, given.get(b"if-none-match", b"").decode("latin-1")


def scope_of(key: Key) -> Scope:
    """Return the request that asks for the answer of a key."""
    server: tuple[str, ...] = ("127.0.0.1", "80")
    headers = [(b"accept-encoding", key.encoding.encode())]
    if " " in key.host:
        server = tuple(key.host.split(" ", 1))
    else:
        headers.append((b"host", key.host.encode("latin-1")))
    if key.is_part:
        headers.append((b"hx-request", b"true"))
    return {
        "type": "http",
        "method": "GET",
        "scheme": key.scheme,
        "path": key.path,
        "query_string": key.query.encode(),
        "headers": headers,
        "server": server,
        "client": ("127.0.0.1", "0"),
    }
