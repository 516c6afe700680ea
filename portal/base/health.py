"""What probes ask: /healthz, whether the process answers, and /readyz, whether it should be asked."""

import asyncio
import json
import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache

from django.apps import apps
from django.contrib.staticfiles.storage import ManifestFilesMixin, staticfiles_storage
from django.db import DatabaseError, InterfaceError, connection, connections
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from .access_log import App, Receive, Scope, Send

log = logging.getLogger(__name__)

PROBES = ("/healthz", "/readyz")
OK = "ok"
# In seconds: an answer holds so long, and is waited for so long.
HOLDS = 1.0
PATIENCE = 3.0
# Said as they are and not in the words of an error, which might name hosts and accounts.
NOT_ASKED = "not asked, as the database does not answer"


@lru_cache(maxsize=1)
def newest_migrations() -> frozenset[tuple[str, str]]:
    """Return the migrations after which there is none, of every app."""
    return frozenset(MigrationLoader(None, ignore_no_migrations=True).graph.leaf_nodes())


def database() -> str:
    """Return OK if the database answers; each check raises what it raises otherwise."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return OK


def version() -> str:
    """Return OK if the data have a version, without which nothing is kept; else what is missing."""
    return OK if apps.get_model("portal.DataVersion").objects.exists() else "there is none: run prepare"


def migrations() -> str:
    """Return OK if the newest migration of every app was applied; else how many apps lack theirs."""
    applied = set(MigrationRecorder(connection).migration_qs.values_list("app", "name"))
    missing = newest_migrations() - applied
    return f"of {len(missing)} apps they are not applied: run prepare" if missing else OK


def static() -> str:
    """Return OK if the static files are collected, as only a storage with hashed names needs; else that."""
    storage = staticfiles_storage
    if isinstance(storage, ManifestFilesMixin) and not storage.read_manifest():
        return "they are not collected: run prepare"
    return OK


# In this order: where the database does not answer, the two after it are not asked.
CHECKS: dict[str, Callable[[], str]] = {
    "database": database,
    "version": version,
    "migrations": migrations,
    "static": static,
}


def readiness() -> dict[str, str]:
    """Return for each check "ok" or why not, in a connection of its own that ends with it."""
    found: dict[str, str] = {}
    try:
        for name, check in CHECKS.items():
            if name in ("version", "migrations") and found["database"] != OK:
                found[name] = NOT_ASKED
                continue
            try:
                found[name] = check()
            except (DatabaseError, InterfaceError, OSError) as error:
                log.warning("Not ready, %s: %s", name, error)
                found[name] = "it does not answer" if name == "database" else "it cannot be read"
    finally:
        connections.close_all()
    return found


class Health:
    """An ASGI application around another that answers the two probes, under any Host and scheme.

    A check of readiness runs in a thread of its own, one at a time, however many ask.
    """

    def __init__(self, app: App) -> None:
        self.app = app
        self.thread = ThreadPoolExecutor(1, thread_name_prefix="readiness")
        self.running: asyncio.Future[dict[str, str]] | None = None
        self.found: dict[str, str] = {}
        self.found_at = float("-inf")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"] if scope["type"] == "http" else ""
        if path not in PROBES:
            return await self.app(scope, receive, send)
        scope.setdefault("portal", {})["quiet"] = True
        status, text, kind = 200, "ok\n", "text/plain"
        headers = [(b"cache-control", b"no-store")]
        if scope["method"] not in ("GET", "HEAD"):
            status, text = 405, "GET or HEAD\n"
            headers.append((b"allow", b"GET, HEAD"))
        elif path == "/readyz":
            found = await self.ready()
            is_ready = set(found.values()) == {OK}
            status, kind = 200 if is_ready else 503, "application/json"
            text = json.dumps({"ready": is_ready, "checks": found}) + "\n"
        headers += [
            (b"content-type", f"{kind}; charset=utf-8".encode()),
            (b"content-length", str(len(text)).encode()),
        ]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        body = b"" if scope["method"] == "HEAD" else text.encode()
        await send({"type": "http.response.body", "body": body})

    async def ready(self) -> dict[str, str]:
        """Return what was found within the last second, else what is found now."""
        if time.monotonic() - self.found_at < HOLDS:
            return self.found
        if self.running is None:
            self.running = asyncio.get_running_loop().run_in_executor(self.thread, readiness)
            self.running.add_done_callback(self.done)
        running = self.running
        await asyncio.wait([running], timeout=PATIENCE)
        if not running.done():
            return dict.fromkeys(CHECKS, f"no answer within {PATIENCE:.0f} s")
        return self.found

    def done(self, running: "asyncio.Future[dict[str, str]]") -> None:
        self.running = None
        if running.cancelled():
            return
        if error := running.exception():
            log.error("Readiness could not be checked.", exc_info=error)
            self.found = dict.fromkeys(CHECKS, "it could not be checked")
        else:
            self.found = running.result()
        self.found_at = time.monotonic()
