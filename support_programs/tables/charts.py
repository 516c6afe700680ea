"""Charts of printed tables as plain shapes, which ``parts/chart.html`` draws as SVG without any inline style.

Lengths across are percent of the width, so that bars and lines stretch with the page while letters keep their
size; lengths down are pixels. A chart repeats what its table says, which is what a screen reader gets.
"""

import re
import textwrap
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

# Percent of the width that the longest bar takes; the rest is for its value.
LONGEST = 82
BAR, GAP, LABEL, LINE = 16, 6, 4, 16
PLOT, MARGIN = 180, 34
# As many series have a pattern, a dash and a marker of their own.
MAX_SERIES = 8
MAX_BARS = 60
LETTERS = "ABCDEFGH"
# Characters of a label that a phone has room for in a line.
LABEL_LINE = 48
# Percent of the width that a letter takes on the narrowest screen.
LETTER_WIDTH = Decimal("2.4")
YEAR = re.compile(r"[’']\d\d\b|(19|20)\d\d")
# Up to three years are compared beside each other, in each of the other lines.
MAX_COMPARED = 3


class Mark(NamedTuple):
    """What is drawn of a cell: its number, the same as text, and its unit."""

    value: Decimal
    text: str
    unit: str


@dataclass
class Chart:
    """What is drawn: ``kind``, the names of the series, and shapes. ``height`` in pixels."""

    kind: str
    height: int
    # (letter, name): the letter is the second cue beside the colour. Empty for a single series.
    series: list
    # One unit, or several: each of them has a scale of its own.
    units: list = field(default_factory=list)
    bars: list = field(default_factory=list)
    labels: list = field(default_factory=list)
    segments: list = field(default_factory=list)
    points: list = field(default_factory=list)
    baseline: float = 0


def chart_of(grid):
    """Return the Chart that the table asks for; None where there is nothing, or too much, to draw."""
    rows = [row for row in grid.rows if row.charted]
    columns = [column for column in grid.columns if column.charted]
    drawn = {
        (row.key, column.key): Mark(
            grid.numbers[row.key, column.key].value, grid.number(row, column), grid.unit(row, column)
        )
        for row in rows
        for column in columns
        if (row.key, column.key) in grid.numbers
    }
    if not drawn or len(drawn) > MAX_BARS:
        return None
    rows = [row for row in rows if any((row.key, column.key) in drawn for column in columns)]
    columns = [column for column in columns if any((row.key, column.key) in drawn for row in rows)]
    draw = {"bars": bars, "lines": lines, "shares": shares}.get(grid.table.chart)
    chart = draw and draw(rows, columns, drawn)
    if chart:
        chart.units = list(dict.fromkeys(mark.unit for mark in drawn.values() if mark.unit))
    return chart


def turned(rows, columns, drawn):
    """Return them with rows and columns exchanged."""
    return columns, rows, {(column, row): mark for (row, column), mark in drawn.items()}


def bars(rows, columns, drawn):
    """Return a bar for each value: the rows one below the other, and in each the columns as series."""
    few_years = len(rows) <= MAX_COMPARED and are_years(rows) and not are_years(columns)
    if len(columns) > 1 and (len(rows) == 1 or few_years):
        # A single row is read better with its columns below each other, years beside each other.
        rows, columns, drawn = turned(rows, columns, drawn)
    if len(columns) > MAX_SERIES:
        return None
    largest = {}
    for mark in drawn.values():
        largest[mark.unit] = max(abs(mark.value), largest.get(mark.unit, 0))
    if not all(largest.values()):
        return None
    parts = {place: mark.value / largest[mark.unit] for place, mark in drawn.items()}
    low, high = min(0, *parts.values()), max(0, *parts.values())
    scale = Decimal(LONGEST) / (high - low)
    made = Chart("bars", 0, lettered(columns) if len(columns) > 1 else [])
    made.baseline = percent(-low * scale)
    y = 0
    for row, name in zip(rows, names(rows), strict=True):
        y = put_label(made, y, name)
        for series, column in enumerate(columns):
            if mark := drawn.get((row.key, column.key)):
                part = parts[row.key, column.key]
                start = min(Decimal(0), part) - low
                made.bars.append(
                    {
                        "x": percent(start * scale),
                        "y": y,
                        "width": percent(abs(part) * scale),
                        "height": BAR,
                        "series": series + 1,
                        "value": f"{LETTERS[series]} {mark.text}" if made.series else mark.text,
                        "value_x": percent((start + abs(part)) * scale),
                        "value_y": y + BAR - 4,
                    }
                )
                y += BAR + 2
        y += GAP
    made.height = y
    return made


def lines(rows, columns, drawn):
    """Return a line for each row over its columns (years), or for each column if the rows are the years."""
    if are_years(rows) and not are_years(columns):
        rows, columns, drawn = turned(rows, columns, drawn)
    if len(columns) < 2 or len(rows) > MAX_SERIES:
        return None
    values = [mark.value for mark in drawn.values()]
    low, high = min(0, *values), max(0, *values)
    if low == high:
        return None
    step = Decimal(84) / (len(columns) - 1)
    made = Chart("lines", PLOT + 2 * MARGIN, lettered(rows) if len(rows) > 1 else [])
    made.baseline = float(MARGIN + PLOT * high / (high - low))
    for place, column in enumerate(columns):
        made.labels.append(
            {"x": percent(8 + place * step), "y": PLOT + 2 * MARGIN - 10, "text": column.label}
        )
    for series, row in enumerate(rows, 1):
        before = None
        for place, column in enumerate(columns):
            mark = drawn.get((row.key, column.key))
            if mark is None:
                before = None
                continue
            x = percent(8 + place * step)
            y = round(float(MARGIN + PLOT * (high - mark.value) / (high - low)), 1)
            if before:
                made.segments.append({"x1": before[0], "y1": before[1], "x2": x, "y2": y, "series": series})
            made.points.append({"x": x, "y": y, "series": series, "value": mark.text})
            before = (x, y)
        if made.series:
            made.points[-1]["value"] = f"{LETTERS[series - 1]} {made.points[-1]['value']}"
    part_labels(made.points)
    return made


def part_labels(points):
    """Set ``dy`` of each point's value: above it, or below where another value stands close above."""
    for point in points:
        near = [other for other in points if other["x"] == point["x"] and 0 < point["y"] - other["y"] < 18]
        point["dy"] = 17 if near else -8


def shares(rows, columns, drawn):
    """Return one bar for each row, parted by the columns; by the rows if the columns are one, or years."""
    if len(columns) == 1 or (are_years(columns) and not are_years(rows)):
        rows, columns, drawn = turned(rows, columns, drawn)
    if len(columns) > MAX_SERIES or any(mark.value < 0 for mark in drawn.values()):
        return None
    made = Chart("shares", 0, lettered(columns))
    y = 0
    for row, name in zip(rows, names(rows), strict=True):
        marks = [drawn.get((row.key, column.key)) for column in columns]
        whole = sum(mark.value for mark in marks if mark)
        if not whole:
            continue
        if all(mark.unit.startswith("%") for mark in marks if mark):
            # What is missing from a hundred percent stays blank.
            whole = max(whole, Decimal(100))
        y = put_label(made, y, name)
        x = Decimal(0)
        for series, mark in enumerate(marks, 1):
            if mark:
                width = mark.value * 100 / whole
                made.bars.append(
                    {
                        "x": percent(x),
                        "y": y,
                        "width": percent(width),
                        "height": BAR * 2,
                        "series": series,
                        "value": inside(LETTERS[series - 1], mark.text, width),
                        "value_x": percent(x + width / 2),
                        "value_y": y + BAR + 5,
                    }
                )
                x += width
        y += BAR * 2 + GAP * 2
    if len(rows) == 1:
        # The key has room for the values of parts that are too narrow for them.
        made.series = [
            (letter, f"{name}: {mark.text}") for (letter, name), mark in zip(made.series, marks, strict=True)
        ]
    made.height = y
    return made if made.bars else None


def names(lines):
    """Return what tells lines apart: their labels, their headings where all labels are alike, or both.

    Those that are printed alike all the same are numbered.
    """
    headings = {line.group for line in lines}
    if len(headings) == 1:
        found = [line.label for line in lines]
    elif len({line.label for line in lines}) == 1 and all(headings):
        found = [line.group for line in lines]
    else:
        found = [str(line) for line in lines]
    return [
        f"{name} ({found[:place].count(name) + 1})" if found.count(name) > 1 else name
        for place, name in enumerate(found)
    ]


def lettered(series):
    """Return [(letter, name)] of the series."""
    return list(zip(LETTERS, names(series), strict=False))


def put_label(made, y, text):
    """Add a label of up to two lines below ``y``; return where its bars begin. The table has it whole."""
    for line in textwrap.wrap(text, LABEL_LINE, max_lines=2, placeholder="…"):
        y += LINE
        made.labels.append({"x": 0, "y": y - 2, "text": line})
    return y + LABEL


def inside(letter, text, width):
    """Return what has room inside a part ``width`` percent wide: letter and value, the letter, or nothing."""
    both = f"{letter} {text}"
    if len(both) * LETTER_WIDTH <= width:
        return both
    return letter if width >= 4 else ""


def are_years(lines):
    return bool(YEAR.match(lines[0].label))


def percent(value):
    """Return a length for an attribute, to a hundredth of a percent."""
    return round(float(value), 2)
