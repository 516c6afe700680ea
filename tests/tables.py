"""Printed tables, made for a test."""

from decimal import Decimal

from portal.models import Document
from support_programs.models import PrintedTable, TableColumn, TableRelation, TableRow, TableValue
from support_programs.tables.grid import grids

TABLE = "cluster-programme-budgets-2007"  # one that is printed, with sums and a chart


def make(slug, cells, *, chart="bars", unit="cases", relations=(), **lines):
    """Make a table out of {row label: [printed cells]} with columns "c1", "c2", …; return it."""
    document = Document.objects.get(slug="report-2010")
    table = PrintedTable.objects.create(
        slug=slug,
        title=f"Table {slug}",
        topic="outcome",
        unit=unit,
        chart=chart,
        document=document,
        locator="here",
    )
    width = max(len(row) for row in cells.values())
    columns = [
        TableColumn.objects.create(
            table=table, slug=f"{slug}--c{n}", label=lines.get(f"c{n}", f"c{n}"), order=n
        )
        for n in range(1, width + 1)
    ]
    for order, (label, printed) in enumerate(cells.items(), 1):
        row = TableRow.objects.create(table=table, slug=f"{slug}--r{order}", label=label, order=order)
        for column, text in zip(columns, printed, strict=False):
            if text is not None:
                number = text.replace(",", "")
                value = Decimal(number) if number.lstrip("-").replace(".", "").isdigit() else None
                slug_of_cell = f"{row.slug}--{column.key}"
                TableValue.objects.create(
                    slug=slug_of_cell, row=row, column=column, as_printed=text, value=value
                )
    for n, relation in enumerate(relations):
        TableRelation.objects.create(table=table, slug=f"{slug}--rule{n}", **relation)
    return table


def grid_of(table):
    return grids([table])[0]
