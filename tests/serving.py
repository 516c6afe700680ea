"""A portal as `make run` serves it, on a database of its own: for the browser tests, and for bench/."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(port):
    for _attempt in range(200):
        try:
            return urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=60).close()
        except OSError:
            time.sleep(0.1)
    raise SystemExit(f"Nothing answers at port {port}.")


@contextmanager
def serving(port, workers, generate=(), own=True, ready=None):
    """Serve a database, by default its own, and yield the address.

    It is filled as ``generate`` says, or a copy of the VAR_DIR ``ready``.
    """
    with serving_process(port, workers, generate, own, ready):
        yield f"http://127.0.0.1:{port}"


@contextmanager
def serving_process(port, workers, generate=(), own=True, ready=None):
    """Serve it and yield the process of the server."""
    with tempfile.TemporaryDirectory(prefix="portal-served-") as folder:
        environment = os.environ | {"DJANGO_SETTINGS_MODULE": "portal.settings"}
        if own:
            environment["VAR_DIR"] = folder
            environment.pop("DATABASE_URL", None)
        # All readers here are one address, and ask more than people do.
        environment["WORK_PER_ADDRESS"] = "0"
        run = {"cwd": ROOT, "env": environment, "stdout": subprocess.DEVNULL}
        if ready:
            shutil.copytree(ready, folder, dirs_exist_ok=True)
        if generate:
            subprocess.run([sys.executable, "-m", "bench.generate", *generate], check=True, **run)
        subprocess.run([sys.executable, "manage.py", "prepare"], check=True, **run)
        serve = ("-m", "portal.serve", "--port", str(port), "--workers", str(workers))
        server = subprocess.Popen([sys.executable, *serve], **run)
        try:
            wait_for(port)
            yield server
        finally:
            server.terminate()
            server.wait(timeout=20)
