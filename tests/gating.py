"""What the tests of the gate share: a client, a worker in Django's place, and a way to ask."""

import asyncio
import threading
from importlib import import_module

# The addresses of both sides, before a test makes this process the public one.
import_module("portal.urls")

TEXT = (200, [(b"content-type", b"text/plain")], b"made")


class Silence:
    """A client that sends what it is told to, and then nothing more, or leaves."""

    def __init__(self, *messages):
        self.messages = list(messages)

    async def __call__(self):
        if self.messages:
            return self.messages.pop(0)
        await asyncio.sleep(60)


def part(body, more=False):
    return {"type": "http.request", "body": body, "more_body": more}


LEAVES = {"type": "http.disconnect"}


def scope(path="/", method="GET", query=b"", client="192.0.2.1", **headers):
    names = {name.replace("_", "-").encode(): value.encode() for name, value in headers.items()}
    return {
        "type": "http",
        "method": method,
        "scheme": "http",
        "path": path,
        "query_string": query,
        "headers": list(({b"host": b"testserver"} | names).items()),
        "portal": {},
        "server": ("127.0.0.1", "8000"),
        "client": (client, "4711"),
    }


async def ask(gate, receive=None, **of_scope):
    """Return (status, headers, body), or None if nothing was answered."""
    sent = []

    async def send(message):
        sent.append(message)

    await gate(scope(**of_scope), receive or Silence(part(b"")), send)
    if not sent:
        return None
    start, body = sent
    return start["status"], dict(start["headers"]), body["body"]


class Worker:
    """Stands in Django's place: it says what it was asked for, and works until it may end."""

    def __init__(self):
        self.asked = []
        self.may_end = threading.Event()
        self.may_end.set()

    def __call__(self, scope, body):
        self.asked.append((scope["path"], scope["query_string"], body))
        assert self.may_end.wait(10)
        return TEXT
