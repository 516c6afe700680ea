"""The settings of the tests, for a portal that keeps what it made; and PostgreSQL behind what can hang."""

import select
import socket
from contextlib import suppress
from pathlib import Path
from threading import Thread

from tests.settings import *  # noqa: F403

ANSWERS_MB = 8


class Silence:
    """Stands before a PostgreSQL, at a Unix socket in ``folder``; ``hangs`` takes all and says nothing.

    As a server whose processes are stopped: connections are accepted, and what is sent is acknowledged.
    """

    def __init__(self, folder: Path, target: str):
        self.target, self.hangs = target, False
        self.listening = socket.socket(socket.AF_UNIX)
        self.listening.bind(str(folder / ".s.PGSQL.5432"))
        self.listening.listen()
        Thread(target=self.accept, daemon=True).start()

    def accept(self):
        with suppress(OSError):
            while True:
                client, _address = self.listening.accept()
                Thread(target=self.relay, args=(client,), daemon=True).start()

    def relay(self, client):
        with suppress(OSError), client, socket.socket(socket.AF_UNIX) as server:
            server.connect(self.target)
            while True:
                for source in select.select([client, server], [], [])[0]:
                    if not (data := source.recv(65536)):
                        return
                    if not self.hangs:
                        (server if source is client else client).sendall(data)
