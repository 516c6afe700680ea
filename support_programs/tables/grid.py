"""A printed table as a grid: lines and cells in the order of the print, read in a fixed number of queries."""

import re
from dataclasses import dataclass, field
from functools import cached_property

from support_programs.models import TableColumn, TableRelation, TableRow, TableValue

from .arithmetic import check, read

# A print that is a number and nothing more: "1,176", "$10", "48.9%", "Δ6.7".
BARE = re.compile(r"\W*Δ?\d[\d,.]*\W*")


@dataclass
class Grid:
    """A table with its rows, columns and cells; ``cells`` is {(row key, column key): TableValue}."""

    table: object
    rows: list
    columns: list
    cells: dict
    relations: list = field(default_factory=list)

    def cell(self, row, column):
        """Return the TableValue at a row and a column; None where nothing is printed."""
        return self.cells.get((row.key, column.key))

    def unit(self, row, column):
        """Return the unit of a cell: its column's, else its row's, else the table's.

        The column comes first: a column of percentages stands beside rows that have units of their own.
        """
        return column.unit or row.unit or self.table.unit

    def number(self, row, column):
        """Return the number of a cell as short text: the print if it is no more than that; None for words."""
        found = self.numbers.get((row.key, column.key))
        if found is None:
            return None
        words = self.cell(row, column).as_printed
        if BARE.fullmatch(words):
            return words
        comma = "" if self.unit(row, column) == "year" else ","
        return f"{found.value:{comma}.{found.places}f}"

    def spelled(self, row, column):
        """Return whether the print of a number says more than the number and its unit."""
        words = self.cell(row, column).as_printed.replace(self.unit(row, column), "")
        return (row.key, column.key) in self.numbers and not BARE.fullmatch(words)

    @cached_property
    def numeric_columns(self):
        """Return the keys of the columns to set as numbers: at least two thirds are, or a dash."""
        found = {}
        for (row, column), cell in self.cells.items():
            found.setdefault(column, []).append((row, column) in self.numbers or len(cell.as_printed) < 4)
        return {
            column
            for column, cells in found.items()
            if self.table.content == "figures" and 3 * sum(cells) >= 2 * len(cells)
        }

    @cached_property
    def column_groups(self):
        """Return [(heading, number of columns)] of the upper heading; empty where there is none."""
        groups = []
        for column in self.columns:
            if groups and column.group and groups[-1][0] == column.group:
                groups[-1][1] += 1
            else:
                groups.append([column.group, 1])
        return groups if any(name for name, _span in groups) else []

    @cached_property
    def notes(self):
        """Return {(row key, column key): number} of the cells with a note, in the order of the print."""
        places = [(row.key, column.key) for row in self.rows for column in self.columns]
        noted = [place for place in places if place in self.cells and self.cells[place].note]
        return {place: number for number, place in enumerate(noted, 1)}

    @cached_property
    def numbers(self):
        """Return {(row key, column key): Printed} of the cells that are numbers."""
        rows = {row.key: row for row in self.rows}
        columns = {column.key: column for column in self.columns}
        return {
            (row, column): read(cell.value, cell.as_printed, self.unit(rows[row], columns[column]))
            for (row, column), cell in self.cells.items()
            if cell.value is not None
        }

    @cached_property
    def findings(self):
        """Return [(TableRelation, Finding)]: what the table implies of itself and does not hold.

        A relation to a line that is there no more implies nothing.
        """
        rows, columns = ({line.key for line in lines} for lines in (self.rows, self.columns))
        return [
            (relation, finding)
            for relation in self.relations
            if not relation.unknown_keys(rows, columns)
            for finding in check(
                self.numbers,
                axis=relation.axis,
                kind=relation.kind,
                result=relation.result,
                operands=relation.operands.split(),
                whole=relation.whole,
                only=relation.only.split(),
            )
        ]

    def lines_about(self, name, record):
        """Return [(line, [(other line, row, column)])]: the lines about a record, and the cells in them.

        ``name`` is "complex" or "pan_region". The other line is the one that crosses the line in the cell.
        """
        crossings = [(row, [(column, row, column) for column in self.columns]) for row in self.rows]
        crossings += [(column, [(row, row, column) for row in self.rows]) for column in self.columns]
        return [
            (line, [crossing for crossing in crossed if self.cell(*crossing[1:])])
            for line, crossed in crossings
            if getattr(line, f"{name}_id") == record.pk
        ]

    def records(self):
        """Return the cells as dicts for a file, one a cell, in the order of the print."""
        return [
            {
                "row": str(row),
                "column": str(column),
                "value": None if cell.value is None else plain_number(cell.value),
                "unit": self.unit(row, column) if cell.value is not None else "",
                "as_printed": cell.as_printed,
                "note": cell.note,
                "complex": next((line.complex.slug for line in (row, column) if line.complex), None),
                "pan_region": next((line.pan_region.slug for line in (row, column) if line.pan_region), None),
            }
            for row in self.rows
            for column in self.columns
            if (cell := self.cell(row, column))
        ]


FILE_COLUMNS = ("row", "column", "value", "unit", "as_printed", "note", "complex", "pan_region")


def plain_number(value):
    """Return a Decimal as JSON has it: a whole number, or one with its decimals."""
    return int(value) if value == value.to_integral_value() else float(value)


def grids(tables):
    """Return a Grid for each of these tables, in their order, in five queries at most."""
    tables = list(tables)
    made = {table.pk: Grid(table, [], [], {}) for table in tables}
    columns, rows = {}, {}
    for column in TableColumn.objects.filter(table__in=made).select_related("complex", "pan_region"):
        made[column.table_id].columns.append(column)
        columns[column.pk] = column
    for row in TableRow.objects.filter(table__in=made).select_related("complex", "pan_region"):
        made[row.table_id].rows.append(row)
        rows[row.pk] = row
    for cell in TableValue.objects.filter(row__table__in=made):
        row, column = rows[cell.row_id], columns[cell.column_id]
        made[row.table_id].cells[row.key, column.key] = cell
    for relation in TableRelation.objects.filter(table__in=made):
        made[relation.table_id].relations.append(relation)
    return [made[table.pk] for table in tables]
