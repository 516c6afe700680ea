"""A portal that one may hurt: as `make run` serves it, on a database and with temporary files of its own."""

import os
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

from .serving import ROOT, free_port, wait_for

GONE = (psutil.NoSuchProcess, psutil.AccessDenied, psutil.ZombieProcess)


class Portal:
    """A running portal; ``process`` is the one that was started, and that signals go to."""

    def __init__(self, folder, side="", workers=2):
        """Prepare a database in ``folder``, if none is there; ``side`` as `portal.serve` has it, or both."""
        self.folder = Path(folder)
        self.count = workers
        self.port = free_port()
        self.temporary = self.folder / f"tmp-{self.port}"
        self.temporary.mkdir()
        self.log = self.folder / f"log-{self.port}"
        self.environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "portal.settings",
            "VAR_DIR": str(self.folder / "var"),
            "TMPDIR": str(self.temporary),
        }
        self.environment.pop("DATABASE_URL", None)
        options = [*([f"--{side}"] if side else []), "--port", str(self.port), "--workers", str(workers)]
        self.command = [sys.executable, "-m", "portal.serve", *options]
        run = {"cwd": ROOT, "env": self.environment, "stdout": subprocess.DEVNULL}
        subprocess.run([sys.executable, "manage.py", "prepare"], check=True, **run)

    def start(self):
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
            )
        end = time.monotonic() + 60
        while self.process.poll() is None and time.monotonic() < end and len(self.workers()) < self.count:
            time.sleep(0.1)
        if self.process.poll() is not None:
            raise RuntimeError(f"The portal did not start: {self.log.read_text(errors='replace')[-2000:]}")
        wait_for(self.port)
        return self

    def processes(self):
        """Return all processes of the portal that run."""
        with suppress(*GONE):
            parent = psutil.Process(self.process.pid)
            return [parent, *parent.children(recursive=True)]
        return []

    def workers(self):
        """Return {pid} of the processes without children that listen at the portal's port."""
        found = set()
        for process in self.processes():
            with suppress(*GONE):
                listening = (
                    each.laddr.port == self.port and each.status == psutil.CONN_LISTEN
                    for each in process.net_connections("tcp")
                )
                if not process.children() and any(listening):
                    found.add(process.pid)
        return found

    def memory(self):
        """Return the memory (RSS) of all processes, in MB."""
        total = 0
        for process in self.processes():
            with suppress(*GONE):
                total += process.memory_info().rss
        return total / 1e6

    def cpu(self):
        """Return the seconds of processor that the processes which run now have used."""
        total = 0.0
        for process in self.processes():
            with suppress(*GONE):
                times = process.cpu_times()
                total += times.user + times.system
        return total

    def on_disk(self):
        """Return what lies in temporary files, in MB, those that were deleted while open included."""
        total = sum(path.stat().st_size for path in self.temporary.rglob("*") if path.is_file())
        for process in self.processes():
            with suppress(OSError):
                for descriptor in Path(f"/proc/{process.pid}/fd").iterdir():
                    with suppress(OSError):
                        if "(deleted)" in os.readlink(descriptor):
                            total += descriptor.stat().st_size
        return total / 1e6

    def stop(self, signal="terminate", seconds=60):
        """Ask it to end; return the seconds until none of its processes was left, or None after so many."""
        processes, start = self.processes(), time.perf_counter()
        with suppress(*GONE):
            getattr(self.process, signal)()
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(seconds)
        _gone, left = psutil.wait_procs(processes, timeout=max(0, start + seconds - time.perf_counter()))
        took = time.perf_counter() - start
        for process in left:
            with suppress(*GONE):
                process.kill()
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        return None if left else took


@contextmanager
def holding(side="", workers=2, folder=None):
    """Yield a running Portal, and end it; without a ``folder``, what it made is forgotten too."""
    with tempfile.TemporaryDirectory(prefix="portal-held-", ignore_cleanup_errors=True) as own:
        portal = Portal(folder or own, side, workers)
        try:
            yield portal.start()
        finally:
            portal.stop(seconds=20)
