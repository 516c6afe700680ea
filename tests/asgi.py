"""A request to an ASGI application, without a server."""

import asyncio


def scope_of(path="/", *, method="GET", headers=(), query=b"", client=("192.0.2.1", "4711"), scheme="http"):
    """Return the scope of a request as the server hands it on."""
    return {
        "type": "http",
        "method": method,
        "scheme": scheme,
        "path": path,
        "raw_path": path.encode(),
        "query_string": query,
        "headers": [(name.encode(), value.encode("latin-1")) for name, value in headers],
        "client": client,
        "server": ("127.0.0.1", "8000"),
    }


async def ask(app, scope, incoming=()):
    """Ask an application, and return status, headers and body; what comes after ``incoming`` never comes."""
    waiting, sent = list(incoming), []

    async def receive():
        if waiting:
            return waiting.pop(0)
        await asyncio.Event().wait()

    async def send(message):
        sent.append(message)

    await app(scope, receive, send)
    if not sent:
        return None, {}, b""
    body = b"".join(message.get("body", b"") for message in sent[1:])
    return sent[0]["status"], {name.decode(): text.decode() for name, text in sent[0]["headers"]}, body


def answering(status=200, headers=(), body=b"hello", **portal):
    """Return an application that answers so, and says this in ``scope["portal"]``."""

    async def app(scope, receive, send):
        scope.setdefault("portal", {}).update(portal)
        await send({"type": "http.response.start", "status": status, "headers": list(headers)})
        await send({"type": "http.response.body", "body": body})

    return app
