"""``python -m portal.serve``: say where the portal is, then hand over to the production server."""

import argparse
import os
import socket
import sys


def free(host, port):
    """Return whether nothing listens at this port yet."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def command(host, port, workers, application="portal.wsgi:application"):
    """Return the command of the production server.

    Granian, not Gunicorn: bench/README.md has both. One thread a worker: more would only take turns at the
    interpreter, and each would hold a connection of its own. No HTTP/2 in clear text: no browser speaks it.
    """
    return [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws", "--log-level", "error"),
        *("--blocking-threads", "1", "--http", "1"),
        *("--host", host, "--port", str(port), "--workers", str(workers)),
        application,
    ]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    if not free(options.host, options.port):
        sys.exit(
            f"Port {options.port} is taken by another program. "
            f"Stop that one, or choose another: PORT={options.port + 1} make run"
        )
    print(f"The portal is at http://{options.host}:{options.port}/ (Ctrl+C stops it).")
    print("An account for /admin/: .venv/bin/python manage.py createsuperuser", flush=True)
    # our own arguments, no shell
    os.execv(sys.executable, command(options.host, options.port, options.workers))  # noqa: S606


if __name__ == "__main__":
    main()
