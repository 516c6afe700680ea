"""The way from the public side to the admin, where one address serves both: over a socket of this machine."""

import asyncio
import socket
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from time import monotonic, sleep
from typing import Any
from urllib.parse import quote

from .base.proxies import REQUEST_ID

# Requests of editors that are served at once; of more, each waits.
THREADS = 16
# So long may one take, in seconds: an import of a large file.
MAX_SECONDS = 120
# So long is an admin waited for that is being started, in seconds.
MAX_START = 8
# What belongs to one connection, or is said anew by the server of the next.
OF_CONNECTION = {
    *(
        b"connection",
        b"keep-alive",
        b"proxy-authenticate",
        b"proxy-authorization",
        b"proxy-connection",
        b"te",
    ),
    *(b"trailer", b"transfer-encoding", b"upgrade", b"expect", b"content-length", b"server", b"date"),
}

Headers = list[tuple[bytes, bytes]]


class SocketConnection(HTTPConnection):
    """An HTTP connection over a Unix socket."""

    def __init__(self, path: str) -> None:
        super().__init__("localhost", timeout=MAX_SECONDS)
        self.path = path

    def connect(self) -> None:
        """Connect, and wait a little for an admin that is just starting: nothing has been sent yet."""
        end = monotonic() + MAX_START
        while True:
            self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            self.sock.settimeout(MAX_SECONDS)
            try:
                return self.sock.connect(self.path)
            except (FileNotFoundError, ConnectionRefusedError):
                self.sock.close()
                if monotonic() > end:
                    raise
                sleep(0.1)


class Forward:
    """Asks the admin that listens at a Unix socket, in threads of its own, and hands on its answers.

    The gate has read the body by then, and nobody else can open the socket; so a slow client holds no thread
    here, and what the admin is told of the client is true.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self.threads = ThreadPoolExecutor(THREADS, thread_name_prefix="forward")

    async def ask(self, scope: dict[str, Any], body: bytes) -> tuple[int, Headers, bytes]:
        """Return status, headers and body of the admin's answer.

        Raises OSError or HTTPException where it does not answer.
        """
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self.threads, self.answer, scope, body)

    def answer(self, scope: dict[str, Any], body: bytes) -> tuple[int, Headers, bytes]:
        target = quote(scope["path"], safe="/:@!$&'()*+,;=~-._")
        if scope["query_string"]:
            target += "?" + scope["query_string"].decode("ascii")
        connection = SocketConnection(self.path)
        try:
            connection.putrequest(scope["method"], target, skip_host=True, skip_accept_encoding=True)
            for name, text in scope["headers"]:
                if name not in OF_CONNECTION and not name.startswith(b"x-forwarded-"):
                    connection.putheader(name, text)
            connection.putheader("X-Forwarded-For", scope["client"][0])
            connection.putheader("X-Forwarded-Proto", scope["scheme"])
            connection.putheader("Content-Length", str(len(body)))
            connection.endheaders(body)
            response = connection.getresponse()
            content = response.read()
            headers = [
                (name.lower().encode(), text.encode("latin-1")) for name, text in response.getheaders()
            ]
        finally:
            connection.close()
        length = (b"content-length", str(len(content)).encode())
        # The request's id is the one that was sent, and is answered by whoever sent it.
        kept = [pair for pair in headers if pair[0] not in OF_CONNECTION and pair[0] != REQUEST_ID]
        if scope["method"] == "HEAD":
            length = next((pair for pair in headers if pair[0] == b"content-length"), length)
        # A 304 has no length, and one would be that of the page.
        return response.status, kept if response.status == 304 else [*kept, length], content
