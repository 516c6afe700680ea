"""Figures of all processes of the portal in Prometheus' format, at /admin/metrics.

Each process writes its own into files of a folder, which prometheus_client maps into memory, so that counting
takes no lock between processes; whoever is asked reads all of them. `prepare()` makes the folder before any
process starts. Without it nothing is counted. No figure tells of a person: neither addresses nor questions.
"""

import logging
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_safe

log = logging.getLogger(__name__)

# What a process' file of one type takes. It is set aside at the start: a full disk that is found out later,
# by writing into mapped memory, would end the process.
FILE_SIZE = 256 * 1024
# Prefixes of the names of these files, as prometheus_client makes them.
# The last two tell how a process is, and end with it.
FILES = ("counter", "histogram", "gauge_livesum", "gauge_liveall")
# In seconds: a kept answer takes less than the first, a cold page about the third.
BUCKETS = (0.001, 0.005, 0.025, 0.1, 0.25, 1.0, 2.5, 10.0)
METHODS = {"GET": "get", "HEAD": "head", "POST": "post"}
STATUSES = frozenset({200, 301, 302, 304, 400, 403, 404, 405, 408, 413, 429, 499, 500, 502, 503})


def prepare(folder: Path) -> dict[str, str]:
    """Make an empty folder for the figures, and return the variables that tell of it to processes to start.

    prometheus_client reads them where it is imported. Where the folder cannot be made, that is said once, and
    the portal runs without figures. Where another server that shares it counts already, it stays as it is.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not processes(folder)[0]:
            for path in folder.glob("*.db"):
                path.unlink()
        set_aside(folder / "probe.db")
        (folder / "probe.db").unlink()
    except OSError as error:
        log.warning("No metrics are kept, as %s cannot be written: %s", folder, error.strerror)
        return {}
    return {"PROMETHEUS_MULTIPROC_DIR": str(folder)}


def set_aside(path: Path) -> None:
    """Make a file of zeros that has its place on the disk."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if hasattr(os, "posix_fallocate"):
            os.posix_fallocate(descriptor, 0, FILE_SIZE)
        else:
            os.write(descriptor, bytes(FILE_SIZE))
    finally:
        os.close(descriptor)


def is_alive(pid: int) -> bool:
    """Return whether there is a process of this number."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # another user's
        return True
    return True


def processes(folder: Path) -> tuple[set[int], set[int]]:
    """Return the processes that have files there: those that live, and those that are dead."""
    found = (path.stem.rpartition("_")[2] for path in folder.glob("*_*.db"))
    pids = {int(pid) for pid in found if pid.isdecimal()}
    living = {pid for pid in pids if is_alive(pid)}
    return living, pids - living


def forget(folder: Path, dead: set[int]) -> None:
    """Remove what says how dead processes are."""
    for pid in dead:
        for name in FILES[2:]:
            (folder / f"{name}_{pid}.db").unlink(missing_ok=True)


def succeed(folder: Path) -> None:
    """Go on counting in the files of a dead process, if there is one.

    So there are never more files than there were processes at once, however often one is started again.
    """
    dead = processes(folder)[1]
    forget(folder, dead)
    for pid in sorted(dead):
        try:
            for name in FILES[:2]:
                (folder / f"{name}_{pid}.db").rename(folder / f"{name}_{os.getpid()}.db")
        except FileNotFoundError:  # another was quicker
            continue
        return


class Figures:
    """All that this process counts."""

    def __init__(self, side: str) -> None:
        from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

        names = ("side", "method", "status", "answer")
        # Not the library's own, which also counts what its process collects as garbage.
        registry = CollectorRegistry()
        self.side = side
        self.requests = Counter("portal_requests", "Requests answered", names, registry=registry)
        self.refused = Counter("portal_refused", "Requests not let in", ("side", "reason"), registry=registry)
        seconds = Histogram(
            "portal_request_seconds", "Time to answer", ("side", "answer"), buckets=BUCKETS, registry=registry
        )
        sent = Counter("portal_sent_bytes", "Bytes of bodies sent", ("side", "answer"), registry=registry)
        self.seconds = (seconds.labels(side, "made"), seconds.labels(side, "kept"))
        self.sent = (sent.labels(side, "made"), sent.labels(side, "kept"))
        moves = Counter("portal_version_moves", "Changes of the data noticed", ("side",), registry=registry)
        self.version_moves = moves.labels(side)
        self.gauges = {
            name: Gauge(name, text, ("side",), multiprocess_mode="livesum", registry=registry).labels(side)
            for name, text in (
                ("portal_requests_waiting", "Requests that wait for a thread"),
                ("portal_threads_busy", "Threads that work for a request"),
                ("portal_answers_kept", "Finished answers that are kept"),
                ("portal_answers_kept_bytes", "Bytes that kept answers take"),
            )
        }
        started = Gauge(
            "portal_start_time_seconds",
            "When the process started, in seconds since 1970",
            ("side",),
            multiprocess_mode="liveall",
            registry=registry,
        )
        started.labels(side).set(time.time())
        self.bound: dict[tuple[str, int, bool], Any] = {}

    def request(self, method: str, status: int, kept: bool) -> Any:
        """Return the counter of such requests; there are as many as methods, statuses and two."""
        try:
            return self.bound[method, status, kept]
        except KeyError:
            known = str(status) if status in STATUSES else f"{status // 100}xx"
            counter = self.requests.labels(
                self.side, METHODS.get(method, "other"), known, "kept" if kept else "made"
            )
            if method in METHODS and status in STATUSES:
                self.bound[method, status, kept] = counter
            return counter


def figures() -> Figures | None:
    """Return what this process counts with; nothing where no folder is prepared, or it has no room."""
    folder = settings.METRICS_DIR
    if not folder:
        return None
    try:
        succeed(Path(folder))
        for name in FILES:
            set_aside(Path(folder) / f"{name}_{os.getpid()}.db")
    except OSError as error:
        log.warning("This process counts nothing, as %s cannot be written: %s", folder, error.strerror)
        return None
    return Figures(settings.SIDE or "both")


class Lazily:
    """The figures of this process, made when something is first counted."""

    def __init__(self) -> None:
        self.pid = 0
        self.figures: Figures | None = None

    def get(self) -> Figures | None:
        if not self.pid:
            self.pid = os.getpid()
            self.figures = figures()
        return self.figures


own = Lazily()


def answered(method: str, status: int, *, kept: bool, seconds: float, size: int) -> None:
    """Count a request that was answered, in so many seconds and with so many bytes."""
    if counted := own.get():
        counted.request(method, status, kept).inc()
        counted.seconds[kept].observe(seconds)
        counted.sent[kept].inc(size)


def refused(status: int) -> None:
    """Count a request that was not let in, beside its being answered."""
    if counted := own.get():
        counted.refused.labels(counted.side, str(status)).inc()


def version_moved() -> None:
    """Count that the data were noticed to have changed."""
    if counted := own.get():
        counted.version_moves.inc()


def waiting(requests: int) -> None:
    """Tell how many requests wait for a thread."""
    _set("portal_requests_waiting", requests)


def busy(threads: int) -> None:
    """Tell how many threads work for a request."""
    _set("portal_threads_busy", threads)


def keeping(answers: int, size: int) -> None:
    """Tell how many finished answers are kept, and how many bytes they take."""
    _set("portal_answers_kept", answers)
    _set("portal_answers_kept_bytes", size)


def _set(name: str, value: float) -> None:
    if counted := own.get():
        counted.gauges[name].set(value)


# --- Shown


class Memory:
    """A collector of the memory of the processes that count, as the kernel tells it (Linux alone)."""

    def __init__(self, pids: list[int]) -> None:
        self.pids = pids

    def collect(self) -> Iterator[Any]:
        from prometheus_client.core import GaugeMetricFamily

        family = GaugeMetricFamily("portal_memory_bytes", "Resident memory of a process", labels=["pid"])
        for pid in self.pids:
            try:
                pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
            except (OSError, IndexError, ValueError):
                continue
            family.add_metric([str(pid)], pages * os.sysconf("SC_PAGE_SIZE"))
        yield family


def rendered() -> bytes:
    """Return the figures of all processes, in Prometheus' text format; nothing where none are kept.

    What a process counted stays when it is dead, as a counter must not fall; its gauges go with it.
    """
    folder = settings.METRICS_DIR
    if not folder:
        return b""
    from prometheus_client import CollectorRegistry, generate_latest
    from prometheus_client.multiprocess import MultiProcessCollector

    living, dead = processes(Path(folder))
    forget(Path(folder), dead)
    registry = CollectorRegistry()
    MultiProcessCollector(registry, folder)
    registry.register(Memory(sorted(living)))
    try:
        return generate_latest(registry)
    except FileNotFoundError:  # a new process has just taken over the files of a dead one
        return generate_latest(registry)


def is_allowed(request: HttpRequest) -> bool:
    """Return whether a request may see the figures: a superuser's, or one with the token."""
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer" and settings.METRICS_TOKEN:
        return constant_time_compare(token.strip(), settings.METRICS_TOKEN)
    # Not above: neither the server's start nor the public side has the admin.
    from django.contrib import admin

    # A second factor that is required is required here too.
    return admin.site.has_permission(request) and request.user.is_superuser


@require_safe
def metrics_view(request: HttpRequest) -> HttpResponse:
    """Return the figures to who may see them, never to be kept."""
    if not is_allowed(request):
        response = HttpResponse("For superusers, or with METRICS_TOKEN.\n", "text/plain", status=401)
        response["WWW-Authenticate"] = 'Bearer realm="metrics"'
    elif text := rendered():
        response = HttpResponse(text, "text/plain; version=0.0.4; charset=utf-8")
    else:
        response = HttpResponse("No metrics are kept: see the log.\n", "text/plain", status=503)
    response["Cache-Control"] = "no-store"
    return response
