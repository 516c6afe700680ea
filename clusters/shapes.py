"""The shapes of marks on a map, of equal area, as SVG paths around 0,0 for a circle of radius 1."""

from math import cos, pi, sin

from django.db import models
from django.utils.translation import gettext_lazy as _


class Shape(models.TextChoices):
    """What tells a family of sectors beside its colour."""

    CIRCLE = "circle", _("circle")
    SQUARE = "square", _("square")
    DIAMOND = "diamond", _("diamond")
    HEXAGON = "hexagon", _("hexagon")
    CROSS = "cross", _("cross")
    TRIANGLE = "triangle", _("triangle")
    PENTAGON = "pentagon", _("pentagon")
    STAR = "star", _("star")


def polygon(corners, turn=0.0, inner=None):
    """Return the points of a regular polygon whose first corner is ``turn`` radians from the top.

    With ``inner``, a part of the radius, every second point lies so near the centre: a star.
    """
    number = corners * (2 if inner else 1)
    return [
        (radius * sin(turn + place * 2 * pi / number), -radius * cos(turn + place * 2 * pi / number))
        for place in range(number)
        for radius in [inner if inner and place % 2 else 1.0]
    ]


# Half the side of a cross, and half the width of its arms, in which a number has room.
ARM, HALF = 1.0, 0.55
CROSS = [(HALF, -ARM), (HALF, -HALF), (ARM, -HALF), (ARM, HALF), (HALF, HALF), (HALF, ARM)]
CROSS = [*CROSS, *((-x, -y) for x, y in CROSS)]
POINTS = {
    Shape.SQUARE: polygon(4, pi / 4),
    Shape.DIAMOND: polygon(4),
    Shape.HEXAGON: polygon(6, pi / 6),
    Shape.CROSS: CROSS,
    Shape.TRIANGLE: polygon(3),
    Shape.PENTAGON: polygon(5),
    Shape.STAR: polygon(5, inner=0.6),
}


def area(points):
    """Return the area of a polygon."""
    pairs = zip(points, [*points[1:], points[0]], strict=True)
    return abs(sum(x * below - across * y for (x, y), (across, below) in pairs)) / 2


def path(shape, radius=1.0):
    """Return the "d" attribute that draws a shape as large as a circle of this radius, in pixels."""
    points = POINTS.get(shape)
    if points is None:
        r = f"{radius:.2f}"
        return f"M-{r},0A{r},{r} 0 1 1 {r},0A{r},{r} 0 1 1 -{r},0Z"
    scale = radius * (pi / area(points)) ** 0.5
    return "M" + " ".join(f"{x * scale:.2f},{y * scale:.2f}" for x, y in points) + "Z"
