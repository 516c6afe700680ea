"""The shapes of families: closed, of equal area, and with room for a number in the middle."""

import re
from math import pi

import pytest
from shapely import Point, Polygon

from clusters.shapes import POINTS, Shape, path

polygons = pytest.mark.parametrize("shape", [shape for shape in Shape if shape != Shape.CIRCLE])


def drawn(shape, radius):
    """Return the polygon that a path of straight lines draws."""
    d = path(shape, radius)
    assert re.fullmatch(r"M(-?[\d.]+,-?[\d.]+ ?)+Z", d)
    return Polygon([tuple(map(float, pair.split(","))) for pair in d[1:-1].split()])


@polygons
@pytest.mark.parametrize("radius", [1, 9, 20])
def test_a_shape_has_the_area_of_a_circle(shape, radius):
    polygon = drawn(shape, radius)
    assert polygon.is_valid
    assert polygon.area == pytest.approx(pi * radius**2, rel=0.01)


@polygons
def test_a_number_has_room_in_the_middle(shape):
    polygon = drawn(shape, 12)
    assert polygon.centroid.distance(Point(0, 0)) < 0.1
    assert polygon.contains(Point(0, 0).buffer(6))


def test_a_circle_is_two_arcs():
    assert path(Shape.CIRCLE, 9) == "M-9.00,0A9.00,9.00 0 1 1 9.00,0A9.00,9.00 0 1 1 -9.00,0Z"


def test_every_shape_but_the_circle_has_its_points():
    assert {*POINTS, Shape.CIRCLE} == {*Shape}
