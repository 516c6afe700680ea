"""What a drawn map shows where: marks with their names, for picture, print and embed. Plain Python."""

from typing import NamedTuple

from .svg_map import HEIGHT, WIDTH

# Lengths in pixels of the picture. A letter of the name is, on average, so much of its size wide.
NAME_SIZE = 11
LETTER = 0.6
SYMBOL = 6
# More names than this would cover each other, and the map.
MOST_NAMES = 40
ROUGH = ("municipality", "province")


class Name(NamedTuple):
    """Where the name of a mark begins, is centred, or ends (``anchor``), on its base line."""

    x: float
    y: float
    anchor: str


class Mark(NamedTuple):
    """A circle with a number (a hub; ``kind`` is empty) or a symbol of its kind (a complex)."""

    record: object
    x: float
    y: float
    radius: float
    count: int
    kind: str
    rough: bool
    name: Name | None


def marks(points):
    """Return a Mark for each MapPoint, in the same order, with names where there is room for them all."""
    drawn = []
    for point in points:
        kind = getattr(point.record, "kind", "")
        rough = bool(kind) and point.record.location_precision in ROUGH
        radius = SYMBOL if kind else point.radius
        drawn.append(Mark(point.record, point.x, point.y, radius, point.count, kind, rough, None))
    if len(drawn) > MOST_NAMES:
        return drawn
    return [mark._replace(name=name) for mark, name in zip(drawn, _names(drawn), strict=True)]


def _names(drawn):
    """Return a Name for each mark: beside it where that is free, else where it covers least."""
    taken = [(m.x - m.radius, m.y - m.radius, m.x + m.radius, m.y + m.radius) for m in drawn]
    names = []
    for mark in drawn:
        width = LETTER * NAME_SIZE * len(mark.record.name)
        name, box = min(
            _places(mark, width), key=lambda place: sum(_overlap(place[1], other) for other in taken)
        )
        taken.append(box)
        names.append(name)
    return names


def _places(mark, width):
    """Return (Name, its box) beside, below and above the mark, as far as these are in the picture."""
    gap = mark.radius + 3
    low, high = mark.y - NAME_SIZE / 2, mark.y + NAME_SIZE / 2
    base = round(mark.y + 0.35 * NAME_SIZE, 1)
    places = [
        (Name(round(mark.x + gap, 1), base, "start"), (mark.x + gap, low, mark.x + gap + width, high)),
        (Name(round(mark.x - gap, 1), base, "end"), (mark.x - gap - width, low, mark.x - gap, high)),
    ]
    aside = 0.7 * mark.radius + 3
    for top in (mark.y + gap, mark.y - gap - NAME_SIZE):
        line = round(top + 0.85 * NAME_SIZE, 1)
        low, high = top, top + NAME_SIZE
        places += [
            (Name(mark.x, line, "middle"), (mark.x - width / 2, low, mark.x + width / 2, high)),
            (
                Name(round(mark.x + aside, 1), line, "start"),
                (mark.x + aside, low, mark.x + aside + width, high),
            ),
            (
                Name(round(mark.x - aside, 1), line, "end"),
                (mark.x - aside - width, low, mark.x - aside, high),
            ),
        ]
    inside = [
        (name, box)
        for name, box in places
        if box[0] >= 0 and box[1] >= 0 and box[2] <= WIDTH and box[3] <= HEIGHT
    ]
    return inside or places


def _overlap(one, other):
    """Return the area that two boxes (left, top, right, bottom) share."""
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    return max(width, 0) * max(height, 0)
