"""Points on a drawing: apart where they fall together, and their numbers short."""

import pytest

from complexes.models import Hub
from portal.base.points import MapPoint, short, spread


@pytest.mark.parametrize(
    ("count", "words"),
    [(1, "1"), (999, "999"), (1000, "1.0k"), (9949, "9.9k"), (9950, "10k"), (123456, "123k")],
)
def test_a_large_number_is_short(count, words):
    assert short(count) == words


def test_circles_at_one_spot_are_drawn_apart():
    apart = spread([MapPoint(Hub(name="Hub"), 100, 100, 5, 12), MapPoint(Hub(name="Hub"), 100, 100, 5, 12)])
    assert abs(apart[0].x - apart[1].x) >= 20
