"""``make bench``: speed, processor and memory of the portal and of Datasette, side by side.

Both serve the same rows with the same facets on this machine; one client asks both in turn, over four
connections kept open, and no answer comes out of a cache. Figures and machine: bench/README.md.
"""

import argparse
import http.client
import json
import os
import platform
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from pathlib import Path

import psutil

from tests.serving import ROOT, wait_for

EDITIONS = "edition=2009&edition=2010&edition=2016"
FILTERED = f"/clusters/?sector=automotive&{EDITIONS}"
PAGES = [
    "/",
    f"/clusters/?{EDITIONS}",
    FILTERED,
    "/clusters/2016-gumi-mobile/",
    "/complexes/",
    "/map/",
    f"/clusters.csv?{EDITIONS}",
    f"/clusters.json?{EDITIONS}",
    f"/clusters.geojson?{EDITIONS}",
]
FACETS = "&".join(
    [
        *(f"_facet={name}" for name in ("zone", "pan_region", "province", "edition", "hub")),
        *(f"_facet_array={name}" for name in ("sectors", "complexes")),
        "_size=50",
    ]
)
DATASETTE_FILTERED = f"/portal/clusters?sectors__arraycontains=automotive&{FACETS}"
DATASETTE_PAGES = [
    f"/portal/clusters?{FACETS}",
    DATASETTE_FILTERED,
    "/portal/clusters.csv?_size=max",
    "/portal/clusters.json?_size=max&_shape=objects",
]


def get(port, address):
    """Return the body of one answer; raises on anything but 200."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{address}", timeout=60) as response:
        return response.read()


def load(port, address, seconds, connections=4):
    """Ask for one address as fast as it is answered; return (requests per second, times in ms)."""
    times, failed = [], []
    end = time.perf_counter() + seconds

    def ask():
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        while (start := time.perf_counter()) < end:
            connection.request("GET", address)
            response = connection.getresponse()
            response.read()
            times.append((time.perf_counter() - start) * 1000)
            if response.status != 200:
                failed.append(response.status)

    started = time.perf_counter()
    threads = [threading.Thread(target=ask) for _ in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise SystemExit(f"{address}: {len(failed)} answers failed, the first with {failed[0]}")
    return len(times) / (time.perf_counter() - started), sorted(times)


def processes(process):
    """Return all processes of a server."""
    parent = psutil.Process(process.pid)
    return [parent, *parent.children(recursive=True)]


def processor(process):
    """Return the seconds of processor that all processes of a server have used."""
    times = [each.cpu_times() for each in processes(process)]
    return sum(each.user + each.system for each in times)


def largest_worker(process):
    """Return the memory (RSS, MB) of the largest process of a server, its children included."""
    return max(each.memory_info().rss for each in processes(process)) / 1e6


def write_database(path, records):
    """Write the exported records as a table for Datasette; cells of several values as JSON arrays."""
    with sqlite3.connect(path) as database:
        columns = list(records[0])
        names = ", ".join(f'"{column}"' for column in columns)
        database.execute(f"CREATE TABLE clusters ({names})")
        for record in records:
            for column in ("sectors", "complexes"):
                record[column] = json.dumps(record[column].split("; "))
        rows = [tuple(record.values()) for record in records]
        marks = ", ".join("?" * len(columns))
        database.executemany(f"INSERT INTO clusters VALUES ({marks})", rows)
    return len(rows)


def measured(server, port, address, seconds):
    """Ask as ``load`` does; return (requests per second, times in ms, ms of processor an answer)."""
    before = processor(server)
    rate, times = load(port, address, seconds)
    return rate, times, (processor(server) - before) * 1000 / len(times)


def row(name, address, figures, memory):
    rate, times, cost = figures
    p95 = times[int(len(times) * 0.95)]
    print(
        f"| {name} | `{address}` | {rate:.0f} | {statistics.median(times):.1f} | {p95:.1f} | {cost:.1f} "
        f"| {memory:.0f} |",
        flush=True,
    )


def compare(options):
    """Print the tables; return (how many times Datasette's cost is ours, ms of processor of the map page)."""
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder:
        environment = os.environ | {
            "VAR_DIR": folder, "DJANGO_SETTINGS_MODULE": "portal.settings", "ANSWERS_MB": "0",
            "WORK_PER_ADDRESS": "0", "ACCESS_LOG": "off",
        }  # fmt: skip
        python = [sys.executable]
        quiet = {"cwd": ROOT, "env": environment, "stdout": subprocess.DEVNULL}
        print("Preparing ...", file=sys.stderr)
        subprocess.run([*python, "manage.py", "prepare"], check=True, **quiet)
        servers = [
            subprocess.Popen(
                [*python, "-m", "portal.serve", "--port", "8401", "--workers", str(options.workers)], **quiet
            )
        ]
        try:
            wait_for(8401)
            records = json.loads(get(8401, f"/clusters.json?{EDITIONS}"))["results"]
            database = Path(folder) / "portal.db"
            count = write_database(database, records)
            servers.append(
                subprocess.Popen(
                    [*python, "-m", "datasette", "serve", "--immutable", str(database), "--port", "8402"],
                    **quiet,
                    stderr=subprocess.DEVNULL,
                )
            )
            wait_for(8402)
            return measure(servers, count, options)
        finally:
            for server in servers:
                server.terminate()
                server.wait(timeout=20)


def measure(servers, count, options):
    """Print the table of all addresses, then the ratio that is promised; return as ``compare`` does."""
    portal, datasette = servers
    costs = {}
    print(
        f"{count} rows; {os.cpu_count()} processors, Python {platform.python_version()}; "
        f"{options.workers} workers; 4 connections, {options.seconds:g} s each.\n"
    )
    print("| server | address | requests/s | median ms | 95 % ms | processor ms | largest worker MB |")
    print("| --- | --- | ---: | ---: | ---: | ---: | ---: |")
    for server, port, pages in ((portal, 8401, PAGES), (datasette, 8402, DATASETTE_PAGES)):
        for address in pages:
            load(port, address, 1)  # warm
            figures = measured(server, port, address, options.seconds)
            costs[address] = figures[2]
            row("portal" if port == 8401 else "Datasette", address, figures, largest_worker(server))
    # The promise, in one run: short turns, so that a change of the machine's speed meets both. By processor,
    # as Datasette has one process, and the portal as many as there are.
    turns = [
        (measured(portal, 8401, FILTERED, 1)[2], measured(datasette, 8402, DATASETTE_FILTERED, 1)[2])
        for _turn in range(12)
    ]
    ours, theirs = (statistics.mean(costs) for costs in zip(*turns, strict=True))
    ratios = sorted(their / our for our, their in turns)
    print(
        f"\nThe filtered list with all counts, twelve turns of a second each: portal {ours:.1f}, Datasette "
        f"{theirs:.1f} ms of processor an answer, so {theirs / ours:.1f} times; single turns from "
        f"{ratios[0]:.1f} to {ratios[-1]:.1f}."
    )
    return theirs / ours, costs["/map/"]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=5, help="for each address")
    parser.add_argument("--workers", type=int, default=os.cpu_count())
    compare(parser.parse_args())


if __name__ == "__main__":
    main()
