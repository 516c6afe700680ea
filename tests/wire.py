"""HTTP as it goes over the wire: for the benches and tests that send what no client library would."""

import asyncio
import gzip
import socket
import zlib
from contextlib import asynccontextmanager, suppress
from typing import NamedTuple

import brotli

# What is read of an answer's head at most; and of a body.
MAX_HEAD = 256 * 1024
MAX_BODY = 64 * 1024 * 1024


class Lost(Exception):
    """A connection ended, or gave what is no HTTP, before an answer was whole."""


class Answer(NamedTuple):
    """An answer: ``headers`` as (name in lower case, value) in their order, ``body`` as it was sent."""

    status: int
    headers: list
    body: bytes

    def header(self, name, default=""):
        return next((value for known, value in self.headers if known == name), default)

    def text(self):
        """Return the body in bytes, its Content-Encoding undone."""
        encoding = self.header("content-encoding")
        if not self.body or encoding in ("", "identity"):
            return self.body
        if encoding == "br":
            return brotli.decompress(self.body)
        return gzip.decompress(self.body) if encoding == "gzip" else zlib.decompress(self.body)

    def is_last(self):
        """Return whether the server closes the connection after this answer."""
        return "close" in self.header("connection").lower()


def request(target, method="GET", headers=(), body=b"", host="127.0.0.1"):
    """Return the bytes of a request; ``headers`` are (name, value), and a Host stands before them."""
    lines = [f"{method} {target} HTTP/1.1", f"Host: {host}", *(f"{name}: {value}" for name, value in headers)]
    if body:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode() + body


async def connect(port, source="127.0.0.1", buffer=None, limit=MAX_HEAD):
    """Return (reader, writer) of a connection from an address of this machine.

    ``buffer`` is what the system keeps of what is not read yet, in bytes; ``limit`` what the reader does.
    """
    connection = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        connection.setblocking(False)
        if buffer:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        connection.bind((source, 0))
        await asyncio.get_running_loop().sock_connect(connection, ("127.0.0.1", port))
        return await asyncio.open_connection(sock=connection, limit=limit)
    except BaseException:
        connection.close()
        raise


@asynccontextmanager
async def connection(port, **options):
    """Yield (reader, writer), as ``connect`` does, and close them."""
    reader, writer = await connect(port, **options)
    try:
        yield reader, writer
    finally:
        writer.transport.abort()


async def read_answer(reader, method="GET"):
    """Return the next Answer of a connection; raise Lost if there is none, or none that is whole."""
    try:
        while True:
            answer = await _read_answer(reader, method)
            if answer.status >= 200:
                return answer
    except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, OSError, ValueError, IndexError) as error:
        raise Lost(repr(error)) from error


async def _read_answer(reader, method):
    head = await reader.readuntil(b"\r\n\r\n")
    status_line, *lines = head.decode("latin-1").split("\r\n")
    version, status = status_line.split(" ")[:2]
    if not version.startswith("HTTP/1."):
        raise ValueError(status_line[:80])
    headers = [
        (name.lower(), value.strip())
        for name, _colon, value in (line.partition(":") for line in lines if line)
    ]
    answer = Answer(int(status), headers, b"")
    if method == "HEAD" or answer.status in (204, 304) or answer.status < 200:
        return answer
    if "chunked" in answer.header("transfer-encoding").lower():
        parts = []
        while size := int((await reader.readline()).partition(b";")[0], 16):
            parts.append(await reader.readexactly(size))
            await reader.readline()
        await reader.readline()
        return answer._replace(body=b"".join(parts))
    if length := answer.header("content-length"):
        return answer._replace(body=await reader.readexactly(min(int(length), MAX_BODY)))
    return answer._replace(body=await reader.read(MAX_BODY))


async def ask(port, target, method="GET", headers=(), body=b"", seconds=30, **options):
    """Return the Answer to one request over its own connection; raise Lost, also if it takes too long."""
    sent = request(target, method, [*headers, ("Connection", "close")], body, f"127.0.0.1:{port}")
    try:
        async with asyncio.timeout(seconds), connection(port, **options) as (reader, writer):
            writer.write(sent)
            return await read_answer(reader, method)
    except (TimeoutError, OSError) as error:
        raise Lost(repr(error)) from error


async def at_end(reader, seconds):
    """Return whether the server closes a connection in so many seconds; what it sends before is dropped."""
    with suppress(TimeoutError, OSError):
        async with asyncio.timeout(seconds):
            while await reader.read(65536):
                pass
            return True
    return False
