"""The words of a story and its figures."""

import pytest

from clusters.models import (
    StoryFigure,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("as_printed", "unit", "left_out"),
    [
        ("17", "SIGs", "SIGs"),
        ("9.34 million", "million dollars", "dollars"),
        ("3,2", "million dollars", "million dollars"),
        ("more than an 87 million dollar increase", "million dollars", ""),
        ("60%", "%", ""),
        ("280kW", "kW", ""),
        ("one third of costs cut", "", ""),
    ],
)
def test_a_figure_says_its_unit_once(as_printed, unit, left_out):
    assert StoryFigure(as_printed=as_printed, unit=unit).unit_left_out == left_out
