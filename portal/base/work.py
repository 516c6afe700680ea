"""How much work is done for each address, so that no one takes what is there for all."""

import asyncio
from collections.abc import Callable
from heapq import heapify, heappop, heappush
from ipaddress import ip_address
from itertools import count as count_from
from threading import Lock
from time import monotonic, thread_time
from typing import Any

from cachetools import LRUCache

# Seconds of work that an address may have at once, before it is held to so many a second.
BURST = 30.0
# Requests of one address that are worked for or wait.
MAX_AT_ONCE = 96
# So many addresses are remembered; of more, those that asked last.
MAX_ADDRESSES = 20_000


def household(address: str) -> str:
    """Return what counts as one client: an IPv4 address, or the network of an IPv6 one; "" without any."""
    try:
        known = ip_address(address)
    except ValueError:
        return ""
    if known.version == 4:
        return str(known)
    if known.ipv4_mapped:
        return str(known.ipv4_mapped)
    # The first 64 bits, within which a household moves freely.
    return str(type(known)(int(known) >> 64 << 64))


class Work:
    """Work by address, in seconds of processor; it is forgotten at ``rate`` seconds a second. 0 refuses none.

    Answers that are kept are no work, so that who reads on is not held up. Of one process: where several
    serve, each counts its own.
    """

    def __init__(self, rate: float) -> None:
        self.rate = rate
        self.pace = rate or 0.5
        self.lock = Lock()
        # {household: (seconds of work, when that was so)}
        self.done: LRUCache[str, tuple[float, float]] = LRUCache(MAX_ADDRESSES)
        self.present: dict[str, int] = {}
        self.waiting = 0

    def level(self, address: str) -> float:
        """Return the seconds of work not yet forgotten."""
        with self.lock:
            seconds, since = self.done.get(household(address), (0.0, 0.0))
        return max(0.0, seconds - (monotonic() - since) * self.pace)

    def may(self, address: str) -> bool:
        """Return whether a request of this address may be worked for."""
        if not self.rate:
            return True
        return self.level(address) < BURST and self.present.get(household(address), 0) < MAX_AT_ONCE

    def begin(self, address: str) -> None:
        name = household(address)
        self.present[name] = self.present.get(name, 0) + 1
        self.waiting += 1

    def end(self, address: str) -> None:
        name = household(address)
        self.present[name] -= 1
        if not self.present[name]:
            del self.present[name]
        self.waiting -= 1

    def timed(self, address: str, work: Callable[..., Any], *arguments: Any) -> Any:
        """Return what the work gives, and count the seconds that it takes of this thread's processor."""
        begun = thread_time()
        try:
            return work(*arguments)
        finally:
            level = self.level(address) + thread_time() - begun
            with self.lock:
                self.done[household(address)] = (level, monotonic())


class Turns:
    """So many may work at once; of those that wait, who has had the least work goes first.

    So a visitor does not wait behind all that others ask, from however many addresses. For one event loop.
    """

    def __init__(self, count: int) -> None:
        self.free = count
        # A heap of (work that was had, number, turn).
        self.waiting: list[tuple[float, int, asyncio.Future[None]]] = []
        self.numbers = count_from(1)

    def take(self, level: float) -> "asyncio.Future[None]":
        """Return a turn: a future that is done when it is one's turn. It is to be given back."""
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        if self.free:
            self.free -= 1
            turn.set_result(None)
        else:
            heappush(self.waiting, (level, next(self.numbers), turn))
        return turn

    def refuse_one(self) -> None:
        """Let one of those that wait go without: who has had the most work, of equals who came last."""
        last = max(self.waiting)
        self.waiting.remove(last)
        heapify(self.waiting)
        last[2].cancel()

    def give(self, turn: "asyncio.Future[None]") -> None:
        """Give a turn back, whether one had it or only waited for it."""
        if turn.cancel():
            # At once: behind others it would never come up while more of them come, and still take a place.
            self.waiting = [each for each in self.waiting if each[2] is not turn]
            heapify(self.waiting)
            return
        if turn.cancelled():
            return
        while self.waiting:
            following = heappop(self.waiting)[2]
            if not following.done():
                following.set_result(None)
                return
        self.free += 1
