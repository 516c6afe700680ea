"""``python -m bench.warm``: answers that are kept, beside an empty Django view under the same server.

The client is four processes, each with a connection kept open; it reads no more of an answer than it must.
"""

import argparse
import multiprocessing
import os
import socket
import statistics
import subprocess
import sys
import time
import urllib.request

from portal.serve import command
from tests.serving import ROOT, free_port, serving, wait_for

ADDRESSES = [
    "/clusters/?sector=automotive&edition=2016",
    "/map/",
    "/clusters/2016-gumi-mobile/",
    "/map/data.json",
]
HEADERS = {"Accept-Encoding": "gzip, br"}


def ask(port, address, headers, seconds, answers):
    """Ask over one connection as fast as it is answered, and put the number of answers into a queue."""
    lines = [f"GET {address} HTTP/1.1", f"Host: 127.0.0.1:{port}", *(f"{n}: {v}" for n, v in headers.items())]
    request = "\r\n".join([*lines, "", ""]).encode()
    connection = socket.create_connection(("127.0.0.1", port))
    count, buffer, end = 0, b"", time.perf_counter() + seconds
    while time.perf_counter() < end:
        connection.sendall(request)
        while b"\r\n\r\n" not in buffer:
            buffer += connection.recv(65536)
        head, _end, body = buffer.partition(b"\r\n\r\n")
        if head.split()[1] not in (b"200", b"304"):
            raise SystemExit(f"{address}: {head.splitlines()[0].decode()}")
        length = head.lower().partition(b"content-length:")[2].split(b"\r\n")[0]
        while len(body) < int(length or 0):
            body += connection.recv(65536)
        buffer = body[int(length or 0) :]
        count += 1
    answers.put(count)


def rate(port, address, seconds, connections=4, **headers):
    """Return the answers a second to one address."""
    answers = multiprocessing.Queue()
    arguments = (port, address, HEADERS | headers, seconds, answers)
    clients = [multiprocessing.Process(target=ask, args=arguments) for _ in range(connections)]
    for client in clients:
        client.start()
    count = sum(answers.get(timeout=seconds + 30) for _ in clients)
    for client in clients:
        client.join()
    return count / seconds


def etag(port, address):
    request = urllib.request.Request(f"http://127.0.0.1:{port}{address}", headers=HEADERS)
    with urllib.request.urlopen(request, timeout=60) as response:
        return response.headers["ETag"]


def measure(seconds, turns, workers):
    """Return {answer: [answers a second of each turn]}; the first is the empty view."""
    empty_port, port = free_port(), free_port()
    # As WSGI, which Granian answers faster from a thread of Python than the gate can.
    where = ("--host", "127.0.0.1", "--port", str(empty_port), "--blocking-threads", "1")
    server = subprocess.Popen(command(where, workers, "bench.empty:application", "wsgi"), cwd=ROOT)
    try:
        wait_for(empty_port)
        with serving(port, workers):
            questions = {address: (address, {}) for address in ADDRESSES}
            for address in ADDRESSES[:2]:
                questions[f"{address}, 304"] = (address, {"If-None-Match": etag(port, address)})
            found = {name: [] for name in ("empty view", *questions)}
            for _turn in range(turns):
                found["empty view"].append(rate(empty_port, "/", seconds))
                for name, (address, headers) in questions.items():
                    found[name].append(rate(port, address, seconds, **headers))
    finally:
        server.terminate()
        server.wait(timeout=20)
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=2, help="for each address and turn")
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--workers", type=int, default=os.cpu_count())
    options = parser.parse_args()
    show(measure(options.seconds, options.turns, options.workers))


def show(found):
    """Print what ``measure`` found; return {answer: share of the empty view}."""
    whole = statistics.median(found["empty view"])
    print("| answer | requests/s, median | least | most | share of the empty view |")
    print("| --- | ---: | ---: | ---: | ---: |")
    for name, rates in found.items():
        middle = statistics.median(rates)
        print(f"| `{name}` | {middle:,.0f} | {min(rates):,.0f} | {max(rates):,.0f} | {middle / whole:.0%} |")
    return {name: statistics.median(rates) / whole for name, rates in found.items()}


if __name__ == "__main__":
    sys.exit(main())
