"""``python -m bench.scale``: sizes and times of the portal over very many records.

100,000 complexes and 40,000 mini clusters, unless told otherwise. Times are of one reader; processor is that
of the portal, which with SQLite does the work of the database too. With VAR_DIR or DATABASE_URL naming a
database that ``bench.generate`` filled, that one is measured; without, one is filled for this run. Figures
and machine: bench/README.md.
"""

import argparse
import gzip
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

from tests.serving import ROOT, wait_for

from .__main__ import load, processor

KOREA = "124.5,32.9,132,38.7"
SOUTH_EAST = "127.5,34.5,130,36.5"
BUSAN = "128.7,34.9,129.3,35.4"
NEAR = "128.95,35.08,129.05,35.15"
ADDRESSES = [
    "/map/data.json?show=complexes",
    f"/map/data.json?show=complexes&bbox={KOREA}&zoom=7",
    f"/map/data.json?show=complexes&bbox={SOUTH_EAST}&zoom=8.5",
    f"/map/data.json?show=complexes&bbox={BUSAN}&zoom=11",
    f"/map/data.json?show=complexes&bbox={NEAR}&zoom=13",
    f"/map/data.json?show=complexes&bbox={KOREA}&zoom=7&kind=national",
    f"/map/data.json?show=complexes&bbox={KOREA}&zoom=7&sector=automotive",
    f"/map/data.json?show=complexes&bbox={BUSAN}&zoom=11&sector=automotive&role=listed-2016",
    f"/map/data.json?show=complexes&bbox={KOREA}&zoom=7&q=gumi",
    "/map/data.json",
    f"/map/data.json?bbox={KOREA}&zoom=7",
    f"/map/data.json?bbox={SOUTH_EAST}&zoom=8.5",
    f"/map/data.json?bbox={BUSAN}&zoom=11",
    f"/map/data.json?bbox={KOREA}&zoom=7&sector=automotive&edition=2010",
    f"/map/in-view/?show=complexes&bbox={BUSAN}",
    "/map/hub/gumi/",
    "/map/complex/gumi/",
    "/",
    "/map/",
    "/map/?show=complexes",
    "/clusters/",
    "/clusters/?sector=automotive",
    "/clusters/?zone=busan&edition=2010",
    "/clusters/?page=200",
    "/complexes/",
    "/complexes/?sector=automotive",
    "/complexes/?kind=national&zone=busan",
    "/complexes/?q=gumi",
    "/complexes/?page=1000",
    "/complexes/gumi/",
    "/regions/",
]


def fetch(port, address):
    """Return (body, bytes over the wire, milliseconds) of one answer, which may be a 400."""
    request = urllib.request.Request(f"http://127.0.0.1:{port}{address}", headers={"Accept-Encoding": "gzip"})
    start = time.perf_counter()
    with urllib.request.urlopen(request, timeout=120) as response:
        body = response.read()
    took = (time.perf_counter() - start) * 1000
    packed = response.headers.get("Content-Encoding") == "gzip"
    return gzip.decompress(body) if packed else body, len(body), took


def drawn(address, body):
    """Return what an answer for the map holds, in words."""
    if not address.startswith("/map/data.json"):
        return ""
    data = json.loads(body)
    what = "cells" if data["cells"] else "points"
    return f"{len(data['features'])} {what} of {data['count']}"


def measure(server, options):
    port = options.port
    # Each worker reads the columns of all records in the background, once it is asked for a list.
    for _worker in range(4 * options.workers):
        for address in ("/clusters/", "/complexes/"):
            fetch(port, address)
    time.sleep(options.wait)
    print("| address | answer | KB | KB gzipped | median ms | 95 % ms | processor ms | four, requests/s |")
    print("| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |", flush=True)
    for address in ADDRESSES:
        if options.only and options.only not in address:
            continue
        try:
            fetch(port, address)  # warm
            before = processor(server)
            answers = [fetch(port, address) for _turn in range(options.turns)]
            cost = (processor(server) - before) * 1000 / options.turns
        except urllib.error.HTTPError as error:
            print(f"| `{address}` | {error.code} | | | | |", flush=True)
            continue
        body, packed, _took = answers[-1]
        rate, _times = load(port, address, options.seconds)
        times = sorted(took for _body, _packed, took in answers)
        print(
            f"| `{address}` | {drawn(address, body)} | {len(body) / 1000:.0f} | {packed / 1000:.0f} "
            f"| {statistics.median(times):.0f} | {times[int(len(times) * 0.95)]:.0f} | {cost:.0f} "
            f"| {rate:.1f} |",
            flush=True,
        )


def main():
    parser = argparse.ArgumentParser(prog="python -m bench.scale", description=__doc__)
    parser.add_argument("--complexes", default="100000")
    parser.add_argument("--clusters", default="40000")
    parser.add_argument("--port", type=int, default=8403)
    parser.add_argument("--workers", type=int, default=os.cpu_count())
    parser.add_argument("--turns", type=int, default=20, help="of one reader, for each address")
    parser.add_argument(
        "--wait", type=float, default=20, help="seconds in which the workers read the columns"
    )
    parser.add_argument("--seconds", type=float, default=3, help="of four readers, for each address")
    parser.add_argument("--only", default="", help="measure only addresses that hold this text")
    options = parser.parse_args()
    given = {"VAR_DIR", "DATABASE_URL"} & set(os.environ)
    with tempfile.TemporaryDirectory(prefix="portal-scale-") as folder:
        environment = {"VAR_DIR": folder} | os.environ | {
            "DJANGO_SETTINGS_MODULE": "portal.settings", "ANSWERS_MB": "0",
        }  # fmt: skip
        run = {"cwd": ROOT, "env": environment}
        if not given:
            rows = ("--complexes", options.complexes, "--clusters", options.clusters)
            subprocess.run([sys.executable, "-m", "bench.generate", *rows], check=True, **run)
        subprocess.run([sys.executable, "manage.py", "prepare"], check=True, **run)
        serve = ("-m", "portal.serve", "--port", str(options.port), "--workers", str(options.workers))
        server = subprocess.Popen([sys.executable, *serve], stdout=subprocess.DEVNULL, **run)
        try:
            wait_for(options.port)
            measure(server, options)
        finally:
            server.terminate()
            server.wait(timeout=20)


if __name__ == "__main__":
    main()
