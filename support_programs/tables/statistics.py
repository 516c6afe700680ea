"""What other pages show of the printed tables: whole tables, or what they say of one complex or region."""

from typing import NamedTuple

from support_programs.models import PrintedTable

from .charts import chart_of
from .grid import grids


class Reading(NamedTuple):
    """One cell of a line: the name of the line that crosses it there, and what is printed.

    ``number`` is short text, or None for words; ``printed`` is None where it says no more than the number.
    """

    name: str
    number: str | None
    unit: str
    printed: str | None
    note: str


def with_charts(tables):
    """Return [(Grid, Chart or None)] of these printed tables, in five queries at most."""
    return [(grid, chart_of(grid)) for grid in grids(tables)]


def statistics_of(**subject):
    """Return [(PrintedTable, its row or column, [Reading])] about one record, in five queries at most.

    ``subject`` is ``complex=`` or ``pan_region=`` and the record.
    """
    ((name, record),) = subject.items()
    return [
        (grid.table, line, [reading(grid, *crossing) for crossing in crossings])
        for grid in grids(PrintedTable.objects.about(**subject).listed())
        for line, crossings in grid.lines_about(name, record)
    ]


def reading(grid, other, row, column):
    """Return the Reading of the cell of a Grid at a row and a column, one of which is the other line."""
    cell, number = grid.cell(row, column), grid.number(row, column)
    words = cell.as_printed if number is None or grid.spelled(row, column) else None
    unit = "" if number is None else grid.unit(row, column)
    # "55.4%" has its unit already.
    if number and unit in number:
        unit = ""
    return Reading(str(other), number, unit, words, cell.note)
