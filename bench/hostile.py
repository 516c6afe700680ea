"""``python -m bench.hostile``: a hundred thousand hostile requests, and what must not be found in any answer.

They go over the wire to a portal of its own, served as in production, on this machine alone; the same seed
makes the same requests. Nothing may answer 5xx, hand back markup, set a cookie outside the admin, lack the
security headers, or leave a whole request without an answer. It stops by itself after ``--requests`` or
``--minutes``.
"""

import argparse
import asyncio
import os
import re
import signal
import statistics
import sys
import time
from collections import Counter, defaultdict

import django

from tests.holding import holding
from tests.hostility import Hostility, faults
from tests.wire import Lost, connect, read_answer

EXAMPLES = 3


class Run:
    """One run against a portal: what was answered, how long it took, and what was found."""

    def __init__(self, portal, hostility, options):
        self.portal, self.hostility, self.options = portal, hostility, options
        self.side = options.side
        self.statuses = Counter()
        self.times = defaultdict(list)
        self.slowest = []
        self.found = defaultdict(list)
        self.left = options.requests
        self.end = time.monotonic() + 60 * options.minutes

    def note(self, sent, answer, took):
        self.statuses[answer.status] += 1
        self.times[sent.family()].append(took)
        self.slowest = sorted([*self.slowest, (took, sent)], key=lambda pair: -pair[0])[:5]
        for fault in faults(sent, answer, self.side):
            self.found[fault].append((sent, answer))

    async def client(self, number):
        """Send requests one after the other; a whole one over a kept connection, any other over its own."""
        kept = None
        while self.left > 0 and time.monotonic() < self.end:
            self.left -= 1
            sent = self.hostility.request(self.portal.port)
            connection, was_kept = (kept, kept is not None) if sent.is_whole else (None, False)
            kept = None if sent.is_whole else kept
            start = time.perf_counter()
            try:
                # From many addresses of this machine, as a limit for each address is not what is tested.
                source = f"127.0.{number}.{self.left % 250 + 1}"
                connection = connection or await connect(self.portal.port, source)
                async with asyncio.timeout(sent.seconds):
                    connection[1].write(sent.raw)
                    answer = await read_answer(connection[0], sent.method)
            except TimeoutError as error:
                self.unanswered("waited for more", sent, error)
            except (Lost, OSError) as error:
                if was_kept:
                    self.left += 1  # closed while it was idle, as any server may: another takes its place
                else:
                    self.unanswered("closed", sent, error)
            else:
                self.note(sent, answer, time.perf_counter() - start)
                # Now and then another connection, and so another address.
                if sent.is_whole and not answer.is_last() and self.left % 40:
                    kept, connection = connection, None
            if connection:
                connection[1].transport.abort()
        if kept:
            kept[1].transport.abort()

    def unanswered(self, how, sent, error):
        self.statuses[how] += 1
        if sent.is_whole:
            self.found["a whole request without an answer"].append((sent, error))

    async def watch(self):
        """Say how far it is."""
        while True:
            await asyncio.sleep(10)
            done = self.options.requests - self.left
            print(f"{done:,} requests, {sum(map(len, self.found.values()))} findings", file=sys.stderr)

    async def go(self):
        watching = asyncio.create_task(self.watch())
        await asyncio.gather(*(self.client(number) for number in range(1, self.options.connections + 1)))
        watching.cancel()


def logged(portal):
    """Return (number of lines, of tracebacks, Counter of how tracebacks end) of what the portal wrote."""
    text = portal.log.read_text(errors="replace")
    ends = re.findall(r"^Traceback \(most recent call last\):\n(?:[ \t].*\n|\n)*(.*)", text, re.MULTILINE)
    return text.count("\n"), len(ends), Counter(end[:100] for end in ends)


def report(run, portal, before, took):
    """Print what was answered, what was slow and what was found; return the exit status."""
    count = sum(run.statuses.values())
    used, memory = portal.cpu() - before["cpu"], portal.memory()
    side = f"the {run.side} side" if run.side else "both sides"
    print(f"\n{count:,} requests in {took:.0f} s to {side}, seed {run.options.seed}.\n")
    print("| answer | requests | share |\n| --- | ---: | ---: |")
    for status, number in run.statuses.most_common():
        print(f"| {status} | {number:,} | {number / count:.1%} |")
    print("\n| slowest | requests | median ms | largest ms |\n| --- | ---: | ---: | ---: |")
    worst = sorted(run.times.items(), key=lambda pair: -max(pair[1]))[:12]
    for family, times in worst:
        print(
            f"| `{family}` | {len(times):,} | {statistics.median(times) * 1e3:.0f} | {max(times) * 1e3:.0f} |"
        )
    lines, tracebacks, ends = logged(portal)
    print(
        f"\nProcessor: {used:.0f} s, {used / count * 1e3:.1f} ms a request. Memory of all processes: "
        f"{before['memory']:.0f} MB, then {memory:.0f}. Log: {lines:,} lines, tracebacks {tracebacks}:"
    )
    for end, number in ends.most_common(5):
        print(f"  {number} times: {end}")
    for took, sent in run.slowest:
        print(f"  {took * 1e3:.0f} ms: {sent.short()}")
    if (now := portal.workers()) != before["workers"]:
        run.found["a worker ended"].append((None, f"{sorted(before['workers'])} -> {sorted(now)}"))
    for fault, cases in sorted(run.found.items()):
        print(f"\nFOUND {len(cases):,} times: {fault}")
        for sent, answer in cases[:EXAMPLES]:
            status = getattr(answer, "status", answer)
            print(f"  {status}: {sent.short() if sent else ''}")
    print(f"\n{'FAILED' if run.found else 'Nothing found'}.")
    return bool(run.found)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=100_000)
    parser.add_argument("--minutes", type=float, default=40, help="after which it stops anyhow")
    parser.add_argument("--seed", type=int, default=9)
    parser.add_argument(
        "--side", choices=["", "public"], default="", help="the public process alone, or both"
    )
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    # So that the portal is ended, too, when this is told to end.
    signal.signal(signal.SIGTERM, lambda *_arguments: sys.exit(1))
    with holding(options.side, options.workers) as portal:
        # The addresses are those of this portal's own routes and database.
        os.environ |= {"VAR_DIR": portal.environment["VAR_DIR"], "DJANGO_SETTINGS_MODULE": "portal.settings"}
        django.setup()
        hostility = Hostility(options.seed)
        run = Run(portal, hostility, options)
        before = {"cpu": portal.cpu(), "memory": portal.memory(), "workers": portal.workers()}
        start = time.monotonic()
        asyncio.run(run.go())
        return report(run, portal, before, time.monotonic() - start)


if __name__ == "__main__":
    sys.exit(main())
