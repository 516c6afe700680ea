"""``python -m bench.servers``: production servers side by side, by speed and by what they hold against.

Each serves the public side of one prepared portal. Those of WSGI run Django as it comes, without the gate.
"""

import argparse
import asyncio
import os
import resource
import statistics
import sys
import tempfile

from portal.serve import command
from tests.holding import Portal

from .hold import head, hurt
from .warm import rate

CASES = ["half-sent POSTs", "idle connections", "heads, a byte a second", "slow readers"]
KEPT = "/clusters/?sector=automotive&edition=2016"


def granian_wsgi(port, workers, threads):
    """Return the command of Granian with Django's own WSGI application."""
    where = ("--host", "127.0.0.1", "--port", str(port), "--blocking-threads", str(threads), "--factory")
    return command(where, workers, "django.core.wsgi:get_wsgi_application", "wsgi")


def uvicorn(port, workers):
    """Return the command of Uvicorn with the gate."""
    return [
        *(
            sys.executable,
            "-m",
            "uvicorn",
            "portal.asgi:application",
            "--loop",
            "uvloop",
            "--log-level",
            "error",
        ),
        *("--no-access-log", "--port", str(port), "--workers", str(workers)),
    ]


SERVERS = {
    "Granian, ASGI (ours)": lambda port, workers: command(
        ("--host", "127.0.0.1", "--port", str(port)), workers
    ),
    "Uvicorn, ASGI": uvicorn,
    "Granian, WSGI, 1 thread": lambda port, workers: granian_wsgi(port, workers, 1),
    "Granian, WSGI, 16 threads": lambda port, workers: granian_wsgi(port, workers, 16),
}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=8, help="for each case")
    parser.add_argument("--workers", type=int, default=os.cpu_count())
    options = parser.parse_args()
    options.share, options.sources = 1, 20
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    rates = {}
    head()
    with tempfile.TemporaryDirectory(prefix="portal-servers-", ignore_cleanup_errors=True) as folder:
        for name, command_of in SERVERS.items():
            portal = Portal(folder, workers=options.workers)
            portal.environment |= {"SIDE": "public", "ACCESS_LOG": "off"}
            portal.command = command_of(portal.port, options.workers)
            portal.start()
            try:
                rates[name] = [rate(portal.port, KEPT, 2) for _turn in range(3)]
                for case in CASES:
                    asyncio.run(hurt(portal, case, options, f"{name}: {case}"))
            finally:
                portal.stop(seconds=30)
    print("\n| server | kept answers/s, median | least | most |\n| --- | ---: | ---: | ---: |")
    for name, found in rates.items():
        print(f"| {name} | {statistics.median(found):,.0f} | {min(found):,.0f} | {max(found):,.0f} |")


if __name__ == "__main__":
    sys.exit(main())
