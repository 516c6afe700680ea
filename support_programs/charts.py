"""Charts of printed tables as plain shapes, which ``parts/chart.html`` draws as SVG without any inline style.

Lengths across are percent of the width, so that bars and lines stretch with the page while letters keep their
size; lengths down are pixels. A chart repeats what its table says, which is what a screen reader gets.
"""

from dataclasses import dataclass, field
from decimal import Decimal

# Percent of the width that the longest bar takes; the rest is for its value.
LONGEST = 82
BAR, GAP, LABEL = 16, 6, 20
PLOT, MARGIN = 180, 34
# As many series have a pattern, a dash and a marker of their own.
MOST_SERIES = 8
MOST_BARS = 60
LETTERS = "ABCDEFGH"
LONGEST_LABEL = 48


@dataclass
class Chart:
    """What is drawn: ``kind``, the names of the series, and shapes. ``height`` in pixels."""

    kind: str
    height: int
    # (letter, name): the letter is the second cue beside the colour. Empty for a single series.
    series: list
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
        (row.key, column.key): grid.cell(row, column)
        for row in rows
        for column in columns
        if (row.key, column.key) in grid.numbers
    }
    if not drawn or len(drawn) > MOST_BARS:
        return None
    rows = [row for row in rows if any((row.key, column.key) in drawn for column in columns)]
    columns = [column for column in columns if any((row.key, column.key) in drawn for row in rows)]
    draw = {"bars": bars, "lines": lines, "shares": shares}.get(grid.table.chart)
    return draw and draw(rows, columns, drawn)


def bars(rows, columns, drawn):
    """Return a bar for each value: the rows one below the other, and in each the columns as series."""
    if len(rows) == 1 and len(columns) > 1:
        # A single row is read better with its columns below each other.
        drawn = {(column, row): cell for (row, column), cell in drawn.items()}
        rows, columns = columns, rows
    if len(columns) > MOST_SERIES:
        return None
    values = [cell.value for cell in drawn.values()]
    low, high = min(0, *values), max(0, *values)
    if low == high:
        return None
    scale = Decimal(LONGEST) / (high - low)
    made = Chart("bars", 0, lettered(columns) if len(columns) > 1 else [])
    made.baseline = percent(-low * scale)
    y = 0
    for row in rows:
        made.labels.append({"x": 0, "y": y + LABEL - 6, "text": shortened(str(row))})
        y += LABEL
        for series, column in enumerate(columns):
            if cell := drawn.get((row.key, column.key)):
                start = min(Decimal(0), cell.value) - low
                made.bars.append(
                    {
                        "x": percent(start * scale),
                        "y": y,
                        "width": percent(abs(cell.value) * scale),
                        "height": BAR,
                        "series": series + 1,
                        "value": f"{LETTERS[series]} {cell.as_printed}" if made.series else cell.as_printed,
                        "value_x": percent((start + abs(cell.value)) * scale),
                        "value_y": y + BAR - 4,
                    }
                )
                y += BAR + 2
        y += GAP
    made.height = y
    return made


def lines(rows, columns, drawn):
    """Return a line for each row over its columns (years), or for each column if the rows are the years."""
    if is_year(rows[0].label) and not is_year(columns[0].label):
        drawn = {(column, row): cell for (row, column), cell in drawn.items()}
        rows, columns = columns, rows
    if len(columns) < 2 or len(rows) > MOST_SERIES:
        return None
    values = [cell.value for cell in drawn.values()]
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
            cell = drawn.get((row.key, column.key))
            if cell is None:
                before = None
                continue
            x = percent(8 + place * step)
            y = round(float(MARGIN + PLOT * (high - cell.value) / (high - low)), 1)
            if before:
                made.segments.append({"x1": before[0], "y1": before[1], "x2": x, "y2": y, "series": series})
            made.points.append({"x": x, "y": y, "series": series, "value": cell.as_printed})
            before = (x, y)
        if made.series and before:
            made.points[-1]["value"] = f"{LETTERS[series - 1]} {made.points[-1]['value']}"
    part_labels(made.points)
    return made


def part_labels(points):
    """Set ``dy`` of each point's value: above it, or below where another value stands close above."""
    for point in points:
        near = [other for other in points if other["x"] == point["x"] and 0 < point["y"] - other["y"] < 18]
        point["dy"] = 17 if near else -8


def shares(rows, columns, drawn):
    """Return one bar for each row, parted by the columns; of a single column, one bar parted by the rows."""
    if len(columns) == 1:
        drawn = {(column, row): cell for (row, column), cell in drawn.items()}
        rows, columns = columns, rows
    if len(columns) > MOST_SERIES or any(cell.value < 0 for cell in drawn.values()):
        return None
    made = Chart("shares", 0, lettered(columns))
    y = 0
    for row in rows:
        whole = sum(cell.value for (key, _column), cell in drawn.items() if key == row.key)
        if not whole:
            continue
        made.labels.append({"x": 0, "y": y + LABEL - 6, "text": shortened(str(row))})
        y += LABEL
        x = Decimal(0)
        for series, column in enumerate(columns, 1):
            if cell := drawn.get((row.key, column.key)):
                width = cell.value * 100 / whole
                made.bars.append(
                    {
                        "x": percent(x),
                        "y": y,
                        "width": percent(width),
                        "height": BAR * 2,
                        "series": series,
                        "value": inside(LETTERS[series - 1], cell.as_printed, width),
                        "value_x": percent(x + width / 2),
                        "value_y": y + BAR + 5,
                    }
                )
                x += width
        y += BAR * 2 + GAP * 2
    made.height = y
    return made if made.bars else None


def lettered(series):
    """Return [(letter, name)] of the series."""
    return list(zip(LETTERS, map(str, series), strict=False))


def shortened(text):
    """Return a label that fits a phone's width; the table has it whole."""
    return text if len(text) <= LONGEST_LABEL else text[: LONGEST_LABEL - 1].rstrip() + "…"


def inside(letter, value, width):
    """Return what has room inside a part ``width`` percent wide: letter and value, the letter, or nothing."""
    if width >= 14:
        return f"{letter} {value}"
    return letter if width >= 5 else ""


def is_year(label):
    return label.strip("’'")[:4].isdigit()


def percent(value):
    """Return a length for an attribute, to a hundredth of a percent."""
    return round(float(value), 2)
