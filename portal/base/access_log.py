"""The access log: a line for each request, and the id by which everything else that is logged names it.

It tells the path and the names of the parameters that were sent, never their values: what people look for
does not stand beside their address.
"""

import asyncio
import json
import logging
import re
import time
from collections.abc import Awaitable, Callable, MutableMapping
from secrets import token_hex
from typing import Any

from django.conf import settings

from . import metrics
from .logs import access_writer, clock, error_writer, printable, request_id
from .proxies import REQUEST_ID, believed, client_of

log = logging.getLogger(__name__)

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

# What proxies make: hexadecimal, a UUID, "Root=1-67891233-abcdef".
WELL_FORMED = re.compile(rb"[\w.:=+/-]{8,100}", re.ASCII)
# Names as ours are; anything else between "?" and "=" may be a text.
NAMES = re.compile(rb"(?:^|&)([a-z][a-z_]{0,19})=")
# Of an address so much is told, of its query so much is read.
MAX_PATH = 200
MAX_QUERY = 500
MAX_NAMES = 8
# The client has left before it was answered; nginx calls it so.
GONE = 499


def id_of(scope: Scope) -> bytes:
    """Return the id that a trusted proxy gave the request, else a new one."""
    given = [value for name, value in scope["headers"] if name == REQUEST_ID]
    if len(given) == 1 and WELL_FORMED.fullmatch(given[0]):
        return given[0]
    return token_hex(8).encode()


def path_of(scope: Scope) -> str:
    """Return the path as it was sent, on one line and cut."""
    raw = scope.get("raw_path")
    return printable(raw.decode("ascii", "backslashreplace") if raw else scope["path"], MAX_PATH)


def parameters_of(scope: Scope) -> list[str]:
    """Return the names of the parameters that were sent, each once."""
    if not (query := scope.get("query_string")):
        return []
    names = dict.fromkeys(NAMES.findall(query[:MAX_QUERY]))
    return [name.decode() for name in names][:MAX_NAMES]


def line(scope: Scope, status: int, seconds: float, size: int) -> str:
    """Return what is told of a request, for people to read."""
    names = parameters_of(scope)
    return (
        f"{clock.text(time.time())} {printable(scope['method'], 12)} {path_of(scope).replace(' ', '%20')}"
        f"{'?' if names else ''}{'&'.join(names)} {status} {seconds * 1000:.1f}ms {size} "
        f"{'kept' if scope['portal'].get('kept') else 'made'} {request_id.get()} {scope['client'][0] or '-'}"
    )


def json_line(scope: Scope, status: int, seconds: float, size: int) -> str:
    """Return what is told of a request, for programs to read."""
    return json.dumps(
        {
            "time": clock.text(time.time()),
            "method": printable(scope["method"], 12),
            "path": path_of(scope),
            "parameters": parameters_of(scope),
            "status": status,
            "ms": round(seconds * 1000, 1),
            "bytes": size,
            "answer": "kept" if scope["portal"].get("kept") else "made",
            "id": request_id.get(),
            "address": scope["client"][0],
        }
    )


FORMS: dict[str, Callable[[Scope, int, float, int], str] | None] = {
    "lines": line,
    "json": json_line,
    "off": None,
}


class AccessLog:
    """An ASGI application around all others: it names each request, counts it, and writes its line.

    It stands first, so it also puts the visitor's true address and scheme into the scope, and leaves of the
    headers what is believed (portal/base/proxies.py). In ``scope["portal"]``, a dict, others say "kept" of an
    answer that was not made anew, and "quiet" of one that is only told when it fails.
    """

    def __init__(self, app: App) -> None:
        self.app = app
        self.form = FORMS[settings.ACCESS_LOG]
        access_writer.start()
        error_writer.start()
        metrics.own.get()  # before any thread counts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            # A worker of the server ends without Python's own farewell.
            access_writer.finish()
            error_writer.finish()
            return
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        begun = time.perf_counter()
        proxies = settings.TRUSTED_PROXIES
        peer = scope.get("client") or ("", 0)
        address, scope["scheme"] = client_of(scope, proxies)
        scope["client"] = (address, peer[1])
        scope["headers"] = believed(scope["headers"], proxies)
        name = id_of(scope)
        if proxies > 0:
            scope["headers"] = [pair for pair in scope["headers"] if pair[0] != REQUEST_ID]
        scope["headers"].append((REQUEST_ID, name))
        told = scope.setdefault("portal", {})
        request_id.set(name.decode())
        status = size = 0
        has_ended = has_left = False

        async def sending(message: Message) -> None:
            nonlocal status, size, has_ended
            if message["type"] == "http.response.start":
                status = message["status"]
                message = {**message, "headers": [*message.get("headers", ()), (REQUEST_ID, name)]}
            elif message["type"] == "http.response.body":
                size += len(message.get("body", b""))
                has_ended = not message.get("more_body", False)
            await send(message)

        async def receiving() -> Message:
            nonlocal has_left
            message = await receive()
            if message["type"] == "http.disconnect" and not has_ended:
                has_left = True
            return message

        try:
            await self.app(scope, receiving, sending)
        except asyncio.CancelledError:
            has_left = not has_ended
            raise
        except Exception:
            log.exception("Not answered: %s %s", printable(scope["method"], 12), path_of(scope))
            if not status:
                await fail(sending)
        finally:
            if has_left or not status:
                status = GONE
            if not told.get("quiet") or status >= 400:
                seconds = time.perf_counter() - begun
                kept = bool(told.get("kept"))
                metrics.answered(scope["method"], status, kept=kept, seconds=seconds, size=size)
                if self.form:
                    access_writer.put(self.form(scope, status, seconds, size))


async def fail(send: Send) -> None:
    """Answer 500 where something went wrong outside of Django, which has a page for what does within."""
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": 500, "headers": headers})
    await send({"type": "http.response.body", "body": b"Something went wrong here. Please try again.\n"})
