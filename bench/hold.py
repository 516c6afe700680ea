"""``python -m bench.hold``: what a portal of its own, served as `make run` does, holds against.

Each case hurts it for ``--seconds`` while other clients go on asking; the table says how long these waited
before and meanwhile, what they lost, and what the portal took of memory and disk. All of it stays on this
machine, from its own addresses, bounded in number and in time.
"""

import argparse
import asyncio
import os
import platform
import random
import re
import resource
import signal
import statistics
import sys
import time
from collections import Counter
from contextlib import asynccontextmanager, suppress
from urllib.parse import quote

from tests.holding import holding
from tests.wire import Lost, ask, at_end, connect, read_answer, request

# What the others ask for, in turn: kept answers, and one that nobody asked for before, which is made.
ADDRESSES = ["/", "/clusters/", "/map/", "/map/data.json", "/complexes/gumi/", "/support/", "/clusters.csv"]
# Seconds between two questions of one of the others, and until it gives up.
PACE = 0.025
PATIENCE = 10
# Answers of which slow readers read little: every complex with all columns.
BIG = "/complexes.json"
# The others' 95th percentile may grow by so much; the rate of answers may fall to this share of it.
MAX_GROWTH = 2
MIN_RATE = 0.5
# What clients may make it write into temporary files, in MB.
MAX_DISK = 20
# Seconds in which SIGTERM must end everything, and a killed worker have its successor.
MAX_STOP = 15
MAX_SUCCESSOR = 5
HUGE = 600 * 1000 * 1000
FORM = ("Content-Type", "application/x-www-form-urlencoded")


# --- The others


class Others:
    """Clients that read as people do: one opens a connection for each question, one keeps its own."""

    def __init__(self, port, pace=PACE):
        self.port, self.pace = port, pace
        self.times = {"fresh": [], "kept": []}
        self.lost = []
        self.statuses = Counter()
        self.number = 0

    def address(self):
        self.number += 1
        if self.number % (len(ADDRESSES) + 1):
            return ADDRESSES[self.number % len(ADDRESSES)]
        return f"/clusters/?q={random.randrange(10**9)}"  # noqa: S311 - no secret

    def source(self):
        """Return one of many addresses of this machine: the others are many."""
        return f"127.0.3.{self.number % 200 + 1}"

    def answered(self, kind, answer, start):
        self.times[kind].append(time.perf_counter() - start)
        self.statuses[answer.status] += 1
        if answer.status != 200:
            self.lost.append(start)

    async def fresh(self):
        while True:
            start = time.perf_counter()
            try:
                self.answered(
                    "fresh",
                    await ask(self.port, self.address(), seconds=PATIENCE, source=self.source()),
                    start,
                )
            except Lost as error:
                self.missed("fresh", error, start)
            except asyncio.CancelledError:
                self.unfinished("fresh", start)
                raise
            await asyncio.sleep(max(0, start + self.pace - time.perf_counter()))

    async def kept(self):
        connection = None
        while True:
            start = time.perf_counter()
            was_open = connection is not None
            try:
                async with asyncio.timeout(PATIENCE):
                    connection = connection or await connect(self.port, self.source())
                    reader, writer = connection
                    writer.write(request(self.address(), host=f"127.0.0.1:{self.port}"))
                    answer = await read_answer(reader)
                self.answered("kept", answer, start)
                if answer.is_last():
                    writer.transport.abort()
                    connection = None
            except (Lost, OSError, TimeoutError) as error:
                if connection:
                    connection[1].transport.abort()
                connection = None
                # A browser asks again at once when an idle connection turns out to be closed.
                if not was_open or isinstance(error, TimeoutError):
                    self.missed("kept", error, start)
                else:
                    self.statuses["asked again"] += 1
            except asyncio.CancelledError:
                self.unfinished("kept", start)
                raise
            await asyncio.sleep(max(0, start + self.pace - time.perf_counter()))

    def missed(self, kind, error, start):
        self.times[kind].append(time.perf_counter() - start)
        self.lost.append(start)
        self.statuses["late" if "Timeout" in repr(error) else "lost"] += 1

    def unfinished(self, kind, start):
        """Note what was still waited for when the case ended, if that was long already."""
        if time.perf_counter() - start > 1:
            self.missed(kind, TimeoutError(), start)

    @asynccontextmanager
    async def asking(self, fresh=1, kept=1):
        tasks = [asyncio.create_task(self.fresh()) for _ in range(fresh)]
        tasks += [asyncio.create_task(self.kept()) for _ in range(kept)]
        try:
            yield self
        finally:
            await end(tasks)

    def figures(self, kind):
        """Return (median, 95th percentile) of the times, in ms."""
        times = sorted(self.times[kind]) or [float("nan")]
        return statistics.median(times) * 1e3, times[int(len(times) * 0.95)] * 1e3


async def end(tasks):
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


# --- Hurting: each case is a client, of which there are many; what it returns is counted


class Attack:
    """Many clients that do one thing again and again until they are told to stop."""

    def __init__(self, portal, options):
        self.portal, self.port, self.sources = portal, portal.port, options.sources
        self.seen = Counter()
        self.held = 0
        self.sent = 0

    def source(self, number):
        return f"127.0.1.{number % self.sources + 1}"

    async def again(self, client, number):
        while True:
            try:
                await client(number)
            except (Lost, OSError, TimeoutError) as error:
                self.seen[type(error).__name__] += 1
            # Who is thrown out comes back.
            await asyncio.sleep(0.5)

    async def holding(self, number, sent):
        """Send the beginning of a request, and hold the connection until the server lets go."""
        connection = await connect(self.port, self.source(number))
        reader, writer = connection
        self.held += 1
        try:
            writer.write(sent)
            self.seen[(await read_answer(reader)).status] += 1
            # Answered without the rest: it hangs on all the same, as long as it may.
            await at_end(reader, 600)
        finally:
            self.held -= 1
            writer.transport.abort()

    # 100 half-sent POSTs, half of them to the login
    async def half_sent(self, number):
        headers = [("Cookie", f"csrftoken={'a' * 32}"), ("Content-Length", 500), FORM]
        target = "/admin/login/" if number % 2 else "/clusters/"
        await self.holding(number, request(target, "POST", headers, host=self.host()) + b"username=")

    # 1,200 idle connections
    async def idle(self, number):
        await self.holding(number, b"")

    async def dripping(self, number, start, rest):
        """Send something, and then one byte a second."""
        reader, writer = await connect(self.port, self.source(number))
        self.held += 1
        reading = asyncio.create_task(read_answer(reader))
        try:
            writer.write(start)
            for place in range(len(rest)):
                if reading.done():
                    break
                writer.write(rest[place : place + 1])
                await asyncio.wait([reading], timeout=1)
            self.seen[(await reading).status] += 1
        finally:
            self.held -= 1
            reading.cancel()
            writer.transport.abort()

    # 200 heads of which a byte comes each second
    async def slow_head(self, number):
        await self.dripping(number, b"GET / HTT", b"P/1.1\r\nHost: 127.0.0.1\r\nX-Slow: " + b"x" * 10_000)

    # 100 bodies of which a byte comes each second
    async def slow_body(self, number):
        target = "/admin/login/" if number % 2 else "/"
        headers = [("Cookie", f"csrftoken={'a' * 32}"), ("Content-Length", 20_000), FORM]
        head = request(target, "POST", headers, host=self.host())
        await self.dripping(number, head, b"a" * 20_000)

    # 300 readers of big answers who read next to nothing
    async def slow_reader(self, number):
        reader, writer = await connect(self.port, self.source(number), buffer=2048, limit=1024)
        self.held += 1
        try:
            writer.write(request(f"{BIG}?x={number % 3}", host=self.host()) * 8)
            while part := await reader.read(200):
                self.sent += len(part)
                await asyncio.sleep(1)
            self.seen["closed"] += 1
        finally:
            self.held -= 1
            writer.transport.abort()

    # A file announced as 600 MB, sent as fast as it is taken
    async def huge_body(self, number):
        target = "/admin/login/" if number % 2 else "/"
        reader, writer = await connect(self.port, self.source(number))
        self.held += 1
        reading = asyncio.create_task(read_answer(reader))
        part, sent = b"x" * 65536, 0
        kind = ("Content-Type", "multipart/form-data; boundary=b")
        headers = [("Cookie", f"csrftoken={'a' * 32}"), ("Content-Length", HUGE), kind]
        begun = b'--b\r\nContent-Disposition: form-data; name="a"; filename="a"\r\n\r\n'
        try:
            writer.write(request(target, "POST", headers, host=self.host()) + begun)
            with suppress(OSError):  # refused while it is sent; the answer is there all the same
                while sent < HUGE and not reading.done():
                    writer.write(part)
                    sent += len(part)
                    await asyncio.wait_for(writer.drain(), 60)
                    await asyncio.sleep(0)
            self.seen[(await asyncio.wait_for(reading, 60)).status] += 1
        finally:
            self.sent = max(self.sent, sent)
            self.held -= 1
            reading.cancel()
            writer.transport.abort()
        await asyncio.sleep(1)

    # 40 connections that try names and passwords
    async def wrong_login(self, number):
        reader, writer = await connect(self.port, self.source(number))
        self.held += 1
        try:
            writer.write(request("/admin/login/", host=self.host()))
            page = await read_answer(reader)
            cookie = page.header("set-cookie").partition(";")[0].strip()
            token = re.search(rb'name="csrfmiddlewaretoken" value="(\w+)"', page.text())
            headers = [("Cookie", cookie), FORM]
            for _attempt in range(20):
                name = f"name{random.randrange(10**9)}"  # noqa: S311 - no secret
                form = (
                    f"csrfmiddlewaretoken={token[1].decode() if token else ''}&username={name}&password=wrong"
                )
                writer.write(request("/admin/login/", "POST", headers, form.encode(), self.host()))
                answer = await read_answer(reader)
                self.seen[answer.status] += 1
                if answer.is_last():
                    break
        finally:
            self.held -= 1
            writer.transport.abort()

    # 16 connections with questions that cost much and that nobody asked before
    async def costly(self, number):
        while True:
            name = random.choice(list(COSTLY))  # noqa: S311 - no secret
            self.seen[(await ask(self.port, costly(name), source=self.source(number))).status] += 1

    # Clients that ask the same and leave at once
    async def leaving(self, number):
        _reader, writer = await connect(self.port, self.source(number))
        writer.write(request(costly(random.choice(list(COSTLY))), host=self.host()))  # noqa: S311 - no secret
        await writer.drain()
        await asyncio.sleep(0.02)
        writer.transport.abort()
        self.seen["left"] += 1
        await asyncio.sleep(0.5)

    def host(self):
        return f"127.0.0.1:{self.port}"


# Name: (client, how many).
CASES = {
    "half-sent POSTs": (Attack.half_sent, 100),
    "idle connections": (Attack.idle, 1200),
    "heads, a byte a second": (Attack.slow_head, 200),
    "bodies, a byte a second": (Attack.slow_body, 100),
    "slow readers": (Attack.slow_reader, 300),
    "bodies of 600 MB": (Attack.huge_body, 2),
    "wrong logins": (Attack.wrong_login, 40),
    "costly questions": (Attack.costly, 16),
    "clients that leave": (Attack.leaving, 40),
}

# As many as a search takes.
WORDS = "gumi changwon daegu ulsan busan incheon complex industrial park mini cluster auto"
SLUGS = ",".join(f"2016-gumi-mobile-{number}" for number in range(199))
COSTLY = {
    "many words": "/complexes/?q=" + quote(WORDS),
    "many words, clusters": "/clusters/?edition=2009&edition=2010&edition=2016&q=" + quote(WORDS),
    "all facets": "/clusters/?zone=busan&pan_region=dongnam&province=busan&sector=ict&edition=2010&hub=gumi",
    "199 slugs": f"/clusters/?slug={SLUGS}",
    "many layers": "/map/?layers=complexes,offices&show=clusters&edition=2009&edition=2010&edition=2016",
    "map of complexes": "/map/?show=complexes&layers=offices&regions=pan_region",
    "picture": "/map.svg?show=complexes&layers=offices",
}


def costly(name):
    """Return a costly address that nothing keeps yet."""
    return f"{COSTLY[name]}&x={random.randrange(10**9)}"  # noqa: S311 - no secret


# --- The table


def row(*cells):
    print("| " + " | ".join(str(cell) for cell in cells) + " |", flush=True)


def told(counter):
    return ", ".join(f"{number:,} x {name}" for name, number in counter.most_common(4)) or "none"


def head():
    """Print what stands over the lines of ``hurt``."""
    print("Times in ms, median / 95th percentile; memory of all processes in MB before / most / after.\n")
    calm = ("fresh: calm", "hurt", "kept: calm", "hurt")
    row("case", "clients", *calm, "growth", "lost", "memory", "MB on disk", "their answers", "held")
    row("---", *["---:"] * 9, "---", "---")


class Peak:
    """The most memory and disk that the portal took while it was watched, in MB."""

    def __init__(self, portal):
        self.portal = portal
        self.memory = self.disk = 0

    async def watch(self):
        while True:
            self.memory = max(self.memory, self.portal.memory())
            self.disk = max(self.disk, self.portal.on_disk())
            await asyncio.sleep(0.3)


async def settle(portal, seconds=30):
    """Wait until the portal is at rest, so that no case is measured in the wake of another; or restart it."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        used = portal.cpu()
        with suppress(Lost):
            await ask(portal.port, "/", seconds=2, source="127.0.5.1")
            await asyncio.sleep(1)
            if portal.cpu() - used < 0.3:
                return
    print("(started again, as it did not come to rest)")
    await asyncio.to_thread(portal.stop, "terminate", 20)
    await asyncio.to_thread(portal.start)


async def hurt(portal, name, options, label=""):
    """Run one case, print its line under a label (its name), and return whether it held."""
    await settle(portal)
    client, count = CASES[name]
    count = max(1, int(count * options.share))
    async with Others(portal.port).asking() as calm:
        await asyncio.sleep(max(4, options.seconds / 3))
    before, on_disk = portal.memory(), portal.on_disk()
    attack, peak = Attack(portal, options), Peak(portal)
    watching = asyncio.create_task(peak.watch())
    clients = [asyncio.create_task(attack.again(client.__get__(attack), number)) for number in range(count)]
    await asyncio.sleep(min(3, options.seconds / 4))
    async with Others(portal.port).asking() as others:
        await asyncio.sleep(options.seconds)
    held = attack.held
    await end([*clients, watching])
    await asyncio.sleep(2)
    cells, growths = [], []
    for kind in ("fresh", "kept"):
        (calm_median, calm_late), (median, late) = calm.figures(kind), others.figures(kind)
        cells += [f"{calm_median:.1f} / {calm_late:.1f}", f"{median:.1f} / {late:.1f}"]
        growths.append(late / calm_late)
    lost = sum(number for status, number in others.statuses.items() if status not in (200, "asked again"))
    disk = max(0, peak.disk - on_disk)
    is_held = max(growths) <= MAX_GROWTH and not lost and disk < MAX_DISK
    memory = f"{before:.0f} / {peak.memory:.0f} / {portal.memory():.0f}"
    note = f"{told(attack.seen)}; {held} at the end"
    if attack.sent:
        note += f"; {attack.sent / 1e6:,.1f} MB {'sent at most' if client is Attack.huge_body else 'read'}"
    row(
        label or name,
        count,
        *cells,
        f"{max(growths):.1f}",
        lost,
        memory,
        f"{disk:.0f}",
        note,
        "yes" if is_held else "NO",
    )
    return is_held


async def killed_worker(portal, options):
    """Kill a worker under load; a request that was on its way there may be lost, no other."""
    workers = portal.workers()
    async with Others(portal.port, 0.005).asking(4, 4) as others:
        await asyncio.sleep(2)
        victim, start = min(workers), time.perf_counter()
        os.kill(victim, signal.SIGKILL)
        while len(portal.workers() - {victim}) < len(workers) and time.perf_counter() < start + 30:
            await asyncio.sleep(0.05)
        successor = time.perf_counter() - start
        await asyncio.sleep(max(2, options.seconds / 4))
    # By when they were sent: what was on its way to the worker may be noticed later.
    at_once = sum(when < start + 0.3 for when in others.lost)
    later = len(others.lost) - at_once
    is_held = later == 0 and at_once <= 8 and successor < MAX_SUCCESSOR
    asked = sum(others.statuses.values())
    row(
        "a worker is killed",
        asked,
        f"{at_once} at once, {later} later",
        f"{successor:.1f}",
        told(others.statuses),
        "yes" if is_held else "NO",
    )
    return is_held


async def reload(portal, options):
    """SIGHUP under load: every worker is another one, and nothing is lost."""
    workers = portal.workers()
    async with Others(portal.port, 0.005).asking(4, 4) as others:
        await asyncio.sleep(2)
        start = time.perf_counter()
        portal.process.send_signal(signal.SIGHUP)
        while portal.workers() & workers and time.perf_counter() < start + 40:
            await asyncio.sleep(0.1)
        took = time.perf_counter() - start
        await asyncio.sleep(max(2, options.seconds / 4))
    is_held = not others.lost and took < 40 and len(portal.workers()) == len(workers)
    asked = sum(others.statuses.values())
    row("SIGHUP", asked, len(others.lost), f"{took:.1f}", told(others.statuses), "yes" if is_held else "NO")
    return is_held


async def terminated(portal, options):
    """SIGTERM while clients hang in every way; everything ends in time."""
    attack = Attack(portal, options)
    hanging = [Attack.half_sent, Attack.idle, Attack.slow_head, Attack.slow_reader, Attack.slow_body]
    clients = [
        asyncio.create_task(attack.again(client.__get__(attack), number))
        for client in hanging
        for number in range(20)
    ]
    await asyncio.sleep(2)
    took = await asyncio.to_thread(portal.stop, "terminate", 60)
    await end(clients)
    is_held = took is not None and took <= MAX_STOP
    said = "not in 60 s" if took is None else f"{took:.1f}"
    row(
        "SIGTERM, 100 clients hanging",
        "",
        "",
        said,
        f"{portal.process.returncode} was the exit status",
        "yes" if is_held else "NO",
    )
    await asyncio.to_thread(portal.start)
    return is_held


async def left_alone(portal, options):
    """Print what a hundred costly questions cost, and what they cost when those who ask have left."""
    used = portal.cpu()
    for number in range(100):
        with suppress(Lost):
            await ask(portal.port, costly(list(COSTLY)[number % len(COSTLY)]), source=f"127.0.2.{number + 1}")
    whole, used = portal.cpu() - used, portal.cpu()
    writers = []
    for number in range(100):
        _reader, writer = await connect(portal.port, f"127.0.2.{number + 101}")
        writer.write(request(costly(list(COSTLY)[number % len(COSTLY)]), host=f"127.0.0.1:{portal.port}"))
        writers.append(writer)
    await asyncio.sleep(0.1)
    for writer in writers:
        writer.transport.abort()
    await asyncio.sleep(max(4, 2 * whole))
    left = portal.cpu() - used
    is_held = left <= whole / 2
    row(
        "100 costly questions, all leave",
        100,
        "",
        f"{left:.1f}",
        f"{whole:.1f} s of processor if they stay",
        "yes" if is_held else "NO",
    )
    return is_held


async def costs(portal):
    """Print the processor time of each costly question alone, made anew; return whether none is too dear."""
    print("\n| costly question | processor ms, median of 9 | answer |\n| --- | ---: | ---: |")
    is_held = True
    for place, name in enumerate(COSTLY):
        times, statuses = [], Counter()
        for number in range(9):
            used = portal.cpu()
            answer = await ask(portal.port, costly(name), source=f"127.0.4.{place * 9 + number + 1}")
            await asyncio.sleep(0.05)
            times.append(portal.cpu() - used)
            statuses[answer.status] += 1
        middle = statistics.median(times) * 1e3
        is_held &= middle <= 60
        row(f"{name}, `{COSTLY[name][:60]}`", f"{middle:.0f}", told(statuses))
    return is_held


async def announced(portal):
    """Print what is answered to a body of 600 MB that is announced and not sent, and how soon."""
    print("\n| announced | answer | ms | connection |\n| --- | ---: | ---: | --- |")
    for target in ("/", "/clusters/", "/admin/login/"):
        for more in ([], [("Expect", "100-continue")]):
            reader, writer = await connect(portal.port)
            start = time.perf_counter()
            headers = [("Content-Length", HUGE), *more]
            writer.write(request(target, "POST", headers, host=f"127.0.0.1:{portal.port}"))
            try:
                async with asyncio.timeout(PATIENCE):
                    said = (await read_answer(reader)).status
            except (Lost, TimeoutError) as error:
                said = repr(error)[:40] if isinstance(error, Lost) else f"none in {PATIENCE} s"
            took = (time.perf_counter() - start) * 1e3
            closed = "closed" if await at_end(reader, 0.5) else "left open"
            writer.transport.abort()
            row(f"600 MB to `{target}`{', Expect' if more else ''}", said, f"{took:.0f}", closed)


async def logins(portal, options):
    """Print how many answers a second others get beside 40 wrong logins; return whether it holds."""
    async with Others(portal.port, 0).asking(0, 4) as calm:
        await asyncio.sleep(options.seconds / 2)
    attack = Attack(portal, options)
    clients = [asyncio.create_task(attack.again(attack.wrong_login, number)) for number in range(40)]
    await asyncio.sleep(1)
    async with Others(portal.port, 0).asking(0, 4) as others:
        await asyncio.sleep(options.seconds / 2)
    await end(clients)
    rates = [each.statuses[200] / options.seconds * 2 for each in (calm, others)]
    print(
        f"\nBeside 40 connections of wrong logins others get {rates[1]:,.0f} answers a second, without them "
        f"{rates[0]:,.0f}: {rates[1] / rates[0]:.0%}. The logins were answered: {told(attack.seen)}."
    )
    return rates[1] >= MIN_RATE * rates[0]


async def run(portal, options):
    """Run what was asked for; return the names of what did not hold."""
    for address in ADDRESSES:
        await ask(portal.port, address)
    wanted = [name for name in CASES if not options.case or options.case in name]
    broken = []
    if wanted:
        head()
    for name in wanted:
        if not await hurt(portal, name, options):
            broken.append(name)
    ends = {"killed": killed_worker, "SIGHUP": reload, "SIGTERM": terminated, "leave": left_alone}
    if wanted := [name for name in ends if not options.case or options.case in name]:
        print()
        row("case", "asked", "lost", "seconds", "answers", "held")
        row("---", *["---:"] * 3, "---", "---")
    for name in wanted:
        await settle(portal)
        if not await ends[name](portal, options):
            broken.append(name)
    if not options.case or options.case == "costs":
        await announced(portal)
        broken += [] if await costs(portal) else ["what a costly question costs"]
        broken += [] if await logins(portal, options) else ["the rate beside wrong logins"]
    return broken


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=20, help="for each case; 120 is what is asked for")
    parser.add_argument(
        "--case", default="", help="only those with this in their name; costs: what is single"
    )
    parser.add_argument("--share", type=float, default=1, help="of the clients of each case")
    parser.add_argument(
        "--sources", type=int, default=20, help="addresses that the hostile clients come from"
    )
    parser.add_argument("--side", choices=["", "public"], default="")
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    # So that the portal is ended, too, when this is told to end.
    signal.signal(signal.SIGTERM, lambda *_arguments: sys.exit(1))
    with holding(options.side, options.workers) as portal:
        side = f"the {options.side} side" if options.side else "both sides"
        print(
            f"{os.cpu_count()} processors, Python {platform.python_version()}; {side}, {options.workers} "
            f"workers; {options.seconds:g} s a case.\n"
        )
        broken = asyncio.run(run(portal, options))
    print(f"\n{'Did not hold: ' + ', '.join(broken) if broken else 'All of it held'}.")
    return bool(broken)


if __name__ == "__main__":
    sys.exit(main())
