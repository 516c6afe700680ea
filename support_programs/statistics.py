"""What the printed tables say of one complex or region, as its own page shows it."""

from typing import NamedTuple

from .grid import grids, lines_about
from .models import PrintedTable, TableRow


class Reading(NamedTuple):
    """One cell of a line: the name of the line that crosses it there, and what is printed.

    ``number`` is short text, or None for words; ``printed`` is None where it says no more than the number.
    """

    name: str
    number: str | None
    unit: str
    printed: str | None
    note: str


def statistics_of(**subject):
    """Return [(PrintedTable, its row or column, [Reading])] about one record, in five queries at most.

    ``subject`` is ``complex=`` or ``pan_region=`` and the record.
    """
    made = grids(PrintedTable.objects.about(**subject).listed())
    return [
        (table, line, [reading(grid, line, other, cell) for other, cell, _unit in cells])
        for grid in made
        for table, line, cells in lines_about([grid], **subject)
    ]


def reading(grid, line, other, cell):
    """Return the Reading of the cell in which two lines of a Grid cross."""
    place = (line, other) if isinstance(line, TableRow) else (other, line)
    number = grid.number(*place)
    words = cell.as_printed if number is None or grid.spelled(*place) else None
    unit = "" if number is None else grid.unit(*place)
    # "55.4%" has its unit already.
    if number and unit in number:
        unit = ""
    return Reading(str(other), number, unit, words, cell.note)
