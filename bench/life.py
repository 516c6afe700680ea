"""``python -m bench.life``: what a day costs: a start, an edit, and memory once all is kept."""

import argparse
import http.client
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time

import psutil

from tests.holding import Portal, holding
from tests.serving import ROOT

COMMON = [
    "/",
    "/clusters/",
    "/complexes/",
    "/map/",
    "/map/data.json",
    "/regions/",
    "/sectors/",
    "/support/",
    "/stories/",
    "/statistics/",
    "/clusters/2016-gumi-mobile/",
    "/clusters.csv",
]
# As a browser asks.
HEADERS = {"Accept-Encoding": "gzip, br"}


def asked(port, address, headers=HEADERS):
    """Return the milliseconds until an answer was read, over a connection of its own."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    start = time.perf_counter()
    connection.request("GET", address, headers=headers)
    response = connection.getresponse()
    response.read()
    took = (time.perf_counter() - start) * 1000
    connection.close()
    if response.status != 200:
        raise SystemExit(f"{address}: {response.status}")
    return took


def second_start(turns):
    """Return the seconds from `make run`'s commands to the first answer, on a portal that is prepared."""
    took = []
    with tempfile.TemporaryDirectory(prefix="portal-started-", ignore_cleanup_errors=True) as folder:
        portal = Portal(folder)
        for _turn in range(turns):
            start = time.perf_counter()
            subprocess.run(
                [sys.executable, "manage.py", "prepare"],
                cwd=ROOT,
                env=portal.environment,
                stdout=subprocess.DEVNULL,
                check=True,
            )
            portal.start()
            took.append(time.perf_counter() - start)
            portal.stop()
    return took


def edit(portal, name):
    """Change one record as an editor does, in a transaction of its own."""
    database = sqlite3.connect(portal.folder / "var" / "portal.sqlite3", timeout=10)
    with database:
        database.execute("UPDATE clusters_minicluster SET note = ? WHERE slug = '2016-gumi-mobile'", [name])
    database.close()


def after_an_edit(turns):
    """Return ([ms of the first request after an edit], [ms of other common pages two seconds after it])."""
    first, others = [], []
    with holding(workers=1) as portal:
        for _time in range(3):
            for address in COMMON:
                asked(portal.port, address)
        for turn in range(turns):
            time.sleep(1.1)
            edit(portal, f"turn {turn}")
            time.sleep(1.1)
            address = COMMON[turn % len(COMMON)]
            first.append(asked(portal.port, address))
            time.sleep(2)
            others += [asked(portal.port, other) for other in COMMON if other != address]
    return first, others


def full_memory():
    """Return the memory (RSS, MB) of the public worker once it keeps as much as it may."""
    with holding(workers=1) as portal:
        plain = {}
        for n in range(700):  # a page of 70 KB each, kept as it is
            asked(portal.port, f"/clusters/?n={n}", plain)
        (worker,) = portal.workers()
        return psutil.Process(worker).memory_info().rss / 1e6


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--turns", type=int, default=5)
    measure(parser.parse_args().turns)


def measure(turns):
    """Print the table; return the medians: second start, first request after an edit, memory."""
    starts = second_start(turns)
    first, others = after_an_edit(turns)
    print("| what | median | least | most |")
    print("| --- | ---: | ---: | ---: |")
    memory = full_memory()
    for what, unit, values in (
        ("second start to first answer", "s", starts),
        ("first request after an edit", "ms", first),
        ("other common pages, two seconds after it", "ms", others),
        ("memory of a public worker that keeps all it may", "MB", [memory]),
    ):
        shown = (f"{each:.1f} {unit}" for each in (statistics.median(values), min(values), max(values)))
        print(f"| {what} | {' | '.join(shown)} |", flush=True)
    return statistics.median(starts), statistics.median(first), memory


if __name__ == "__main__":
    sys.exit(main())
