"""``python -m portal.serve``: the portal's production server.

    --public    pages, map and files; it has no admin and cannot write
    --admin     the admin
    neither     both behind one address: the public side asks the admin over a private socket

One side alone is the server itself; both are kept running by this process. Either way SIGTERM ends them
within ``MAX_STOP`` seconds, whatever hangs, and SIGHUP starts new workers before it ends the old.
"""

import argparse
import ctypes
import errno
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from django.conf import settings

from portal.base import metrics

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

# Seconds that workers have to finish what they are at.
MAX_STOP = 10
# Seconds that a new worker has to begin, before the old one is ended at SIGHUP.
MAX_START = 4
# Connections that a worker holds at once, idle ones among them.
MAX_CONNECTIONS = 8192
# Milliseconds that a client has to send the head of a request, or to begin its next one.
MAX_HEAD = 15_000
# Bytes that the path of a socket's folder may take: of 108, or elsewhere 104, with room for what is added.
MAX_FOLDER = 80
# Of Linux's <sys/prctl.h>.
PR_SET_PDEATHSIG = 1
# The admin yields the processor to the public side: what it hashes and imports must not slow reading.
NICE = 5


def free(host, port):
    """Return whether nothing listens at this port yet; raises OSError where nothing can."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
            return False
    return True


def folder_of_socket():
    """Return where the folder of the private socket is made: None for where such folders are otherwise.

    The path of a socket is short by nature (about a hundred bytes), and TMPDIR may be long.
    """
    return None if len(os.fsencode(tempfile.gettempdir())) <= MAX_FOLDER else "/tmp"  # noqa: S108


def command(where, workers, application="portal.asgi:application", interface="asgi"):
    """Return the command of the production server; ``where`` is ("--host", …, "--port", …) or ("--uds", …).

    Granian, not Gunicorn or Uvicorn: bench/README.md has them side by side. No HTTP/2 in clear text: no
    browser speaks it.
    """
    return [
        *(sys.executable, "-m", "granian", "--interface", interface, "--loop", "uvloop", "--no-ws"),
        *("--log-level", "error", "--http", "1", "--http1-header-read-timeout", str(MAX_HEAD)),
        *("--backpressure", str(MAX_CONNECTIONS), "--workers", str(workers), "--respawn-failed-workers"),
        *("--respawn-interval", str(MAX_START), "--workers-kill-timeout", str(MAX_STOP)),
        *where,
        application,
    ]


def bind_to_parent(niceness):
    """Set the priority of a new process, and let it end (SIGTERM) when the one that started it has."""
    os.nice(niceness)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


class Sides:
    """Both sides as processes, each started again when it ends unasked."""

    def __init__(self, commands):
        """``commands``: [(command, environment, niceness)]."""
        self.commands = commands
        self.processes = []
        self.is_ending = False

    def start(self, command, environment, niceness):
        if "--uds" in command:
            # What was killed has left its file, and nothing could listen there again.
            Path(command[command.index("--uds") + 1]).unlink(missing_ok=True)
        # our own arguments, no shell; a group of its own, so that no worker outlives its server
        return subprocess.Popen(  # noqa: S603
            command,
            env=os.environ | environment,
            start_new_session=True,
            preexec_fn=lambda: bind_to_parent(niceness),
        )

    @staticmethod
    def kill(process):
        """Kill what is left of a side."""
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)

    def run(self):
        """Return when both have ended, as SIGTERM or SIGINT asks."""
        self.processes = [self.start(*each) for each in self.commands]
        for asked in (signal.SIGTERM, signal.SIGINT):
            signal.signal(asked, self.end)
        signal.signal(signal.SIGHUP, lambda *_arguments: self.tell(signal.SIGHUP))
        while not self.is_ending:
            for place, process in enumerate(self.processes):
                if process.poll() is not None and not self.is_ending:
                    print(f"A side ended ({process.returncode}) and is started again.", file=sys.stderr)
                    self.kill(process)
                    self.processes[place] = self.start(*self.commands[place])
            time.sleep(0.2)
        self.stop()

    def tell(self, what):
        for process in self.processes:
            if process.poll() is None:
                process.send_signal(what)

    def end(self, *_arguments):
        self.is_ending = True

    def stop(self):
        self.tell(signal.SIGTERM)
        last = time.monotonic() + MAX_STOP + 2
        for process in self.processes:
            with suppress(subprocess.TimeoutExpired):
                process.wait(max(0.1, last - time.monotonic()))
            self.kill(process)


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    sides = parser.add_mutually_exclusive_group()
    sides.add_argument("--public", dest="side", action="store_const", const="public")
    sides.add_argument("--admin", dest="side", action="store_const", const="admin")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    host = f"[{options.host}]" if ":" in options.host else options.host
    try:
        if not free(options.host, options.port):
            sys.exit(
                f"Port {options.port} is taken by another program. "
                f"Stop that one, or choose another: PORT={options.port + 1} make run"
            )
    except OSError as error:
        sys.exit(f"The portal cannot listen at {host}:{options.port}: {error.strerror}.")
    print(f"The portal is at http://{host}:{options.port}/ (Ctrl+C stops it).")
    if options.side != "public":
        print("An account for /admin/: .venv/bin/python manage.py createsuperuser", flush=True)
    os.environ |= metrics.prepare(settings.VAR_DIR / "metrics")
    where = ("--host", options.host, "--port", str(options.port))
    if options.side:
        # our own arguments, no shell
        os.execve(sys.executable, command(where, options.workers), os.environ | {"SIDE": options.side})  # noqa: S606
    with tempfile.TemporaryDirectory(prefix="portal-", dir=folder_of_socket()) as folder:
        path = str(Path(folder) / "admin")
        # Its requests are in the log of the public side, which they come through.
        admin = {"SIDE": "admin", "TRUSTED_PROXIES": "1", "ACCESS_LOG": "off"}
        public = {"SIDE": "public", "ADMIN_SOCKET": path}
        Sides(
            [(command(("--uds", path), 1), admin, NICE), (command(where, options.workers), public, 0)]
        ).run()


if __name__ == "__main__":
    main()
