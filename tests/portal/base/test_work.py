"""Work is counted by address, forgotten in time, and nobody's keeps another from being served."""

import asyncio

import pytest

from portal.base import work as module
from portal.base.work import Turns, Work, household


class Clock:
    """Time that goes on when it is told to; ``spend`` is work of that many seconds."""

    def __init__(self):
        self.now = 100.0
        self.worked = 0.0

    def spend(self, seconds):
        self.now += seconds
        self.worked += seconds


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(module, "monotonic", lambda: clock.now)
    monkeypatch.setattr(module, "thread_time", lambda: clock.worked)
    return clock


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::"),
        ("2001:db8:1:2:bbbb::9", "2001:db8:1:2::"),
        ("2001:db8:1:3::1", "2001:db8:1:3::"),
        ("", ""),
        ("::1", "::"),
        ("fe80::1%eth0", "fe80::"),
        ("unix:", ""),
    ],
)
def test_a_household_is_one_client(address, expected):
    assert household(address) == expected


def test_who_asks_for_much_waits_until_it_is_forgotten(clock):
    work = Work(0.5)
    for _request in range(10):
        assert work.may("192.0.2.1")
        assert work.timed("192.0.2.1", lambda: clock.spend(4)) is None
    # 40 seconds, of which half a second each second is forgotten: 18 of the first 36.
    assert work.level("192.0.2.1") == pytest.approx(22)
    work.timed("192.0.2.1", lambda: clock.spend(20))
    assert work.level("192.0.2.1") == pytest.approx(32) and not work.may("192.0.2.1")
    assert work.may("192.0.2.2")
    clock.now += 5
    assert work.may("192.0.2.1")
    clock.now += 1000
    assert work.level("192.0.2.1") == 0


def test_work_that_fails_counts_too(clock):
    def fail():
        clock.spend(3)
        raise ValueError

    work = Work(0.5)
    with pytest.raises(ValueError):
        work.timed("192.0.2.1", fail)
    assert work.level("192.0.2.1") == pytest.approx(3, abs=1.6)


def test_no_rate_counts_nothing(clock):
    work = Work(0)
    work.timed("192.0.2.1", lambda: clock.spend(1000))
    for _request in range(module.MAX_AT_ONCE + 1):
        work.begin("192.0.2.1")
    assert work.may("192.0.2.1")


def test_no_more_at_once_than_is_fair():
    work = Work(0.5)
    for n in range(module.MAX_AT_ONCE):
        assert work.may("2001:db8::1")
        work.begin(f"2001:db8::{n}")
    assert not work.may("2001:db8::ffff") and work.may("2001:db8:0:1::1")
    work.end("2001:db8::5")
    assert work.may("2001:db8::ffff")
    assert work.waiting == module.MAX_AT_ONCE - 1


def test_many_addresses_take_bounded_memory(clock, monkeypatch):
    monkeypatch.setattr(module, "MAX_ADDRESSES", 50)
    work = Work(0.5)
    for n in range(200):
        work.timed(f"198.51.100.{n}", lambda: clock.spend(1))
    assert len(work.done) == 50 and work.level("198.51.100.199") > 0


# --- Turns


def test_turns_go_to_who_has_had_the_least_work_and_then_by_time():
    async def main():
        turns = Turns(1)
        first = turns.take(9)
        waiting = {name: turns.take(level) for name, level in (("a", 5), ("b", 0), ("c", 0), ("d", 2))}
        turns.give(waiting["c"])  # has left
        assert len(turns.waiting) == 3
        order, had = [], first
        while waiting:
            turns.give(had)
            (name,) = [name for name, turn in waiting.items() if turn.done() and not turn.cancelled()]
            order.append(name)
            had = waiting.pop(name)
            waiting.pop("c", None)
        turns.give(had)
        return order, turns

    order, turns = asyncio.run(main())
    assert order == ["b", "d", "a"] and not turns.waiting


def test_a_turn_is_given_back_once():
    async def main():
        turns = Turns(2)
        had = [turns.take(0), turns.take(0)]
        waits = turns.take(0)
        assert [turn.done() for turn in (*had, waits)] == [True, True, False]
        turns.give(waits)
        turns.give(waits)
        for turn in had:
            turns.give(turn)
        return turns.free

    assert asyncio.run(main()) == 2
