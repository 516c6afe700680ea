"""All that does not fit, from three places: tables that do not add up, lists that are longer or shorter than
stated, and what editors noted. Nothing is corrected in silence."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.models import PrintedList
from support_programs.models import Discrepancy, PrintedTable

from .grid import grids

FILE_COLUMNS = (
    "kind",
    "title",
    "as_printed",
    "document",
    "locator",
    "other_as_printed",
    "other_document",
    "other_locator",
    "note",
)

SIGNS = {"sum": " + ", "difference": " − ", "ratio": " ÷ "}
PHRASES = {
    "percentage": gettext_lazy("%(first)s in percent of %(second)s"),
    "growth": gettext_lazy("growth in percent from %(first)s to %(second)s"),
}


def sums():
    """Return [(Grid, TableRelation, Finding, relation in words)] of all tables; in five queries."""
    found = []
    for grid in grids(PrintedTable.objects.figures().select_related("document")):
        for relation, finding in grid.findings:
            found.append((grid, relation, finding, in_words(grid, relation)))
    return found


def in_words(grid, relation):
    """Return what a table implies, as "Total = 2005 + 2006"."""
    lines = {line.key: str(line) for line in (grid.rows if relation.axis == "rows" else grid.columns)}
    names = [lines[key] for key in relation.operands.split()]
    if relation.kind in SIGNS:
        computed = SIGNS[relation.kind].join(names)
    elif relation.kind == "share":
        others = {line.key: str(line) for line in (grid.columns if relation.axis == "rows" else grid.rows)}
        computed = _("%(first)s in percent of its value in %(whole)s") % {
            "first": names[0],
            "whole": others[relation.whole],
        }
    else:
        computed = PHRASES[relation.kind] % {"first": names[0], "second": names[1]}
    return f"{lines[relation.result]} = {computed}"


def place_in_words(grid, finding):
    """Return where a finding stands: "row, column"."""
    row = next(row for row in grid.rows if row.key == finding.row)
    column = next(column for column in grid.columns if column.key == finding.column)
    return f"{row}, {column}"


def records():
    """Return all discrepancies as dicts of FILE_COLUMNS: computed ones first, then lists, then noted ones."""
    found = []
    for grid, relation, finding, words in sums():
        found.append(
            {
                "kind": "rounding" if finding.by_rounding else "total",
                "title": f"{grid.table}: {place_in_words(grid, finding)}",
                "as_printed": grid.cells[finding.row, finding.column].as_printed,
                "document": grid.table.document.slug,
                "locator": grid.table.locator,
                "other_as_printed": str(finding.computed),
                "other_document": "",
                "other_locator": _("computed: %(words)s") % {"words": words},
                "note": relation.note,
            }
        )
    for item in PrintedList.objects.differing().select_related("document"):
        found.append(
            {
                "kind": "count",
                "title": item.title,
                "as_printed": str(item.stated),
                "document": item.document.slug,
                "locator": item.stated_where or item.locator,
                "other_as_printed": str(item.printed),
                "other_document": item.document.slug,
                "other_locator": item.locator,
                "note": item.note,
            }
        )
    for noted in Discrepancy.objects.exported():
        found.append({column: noted[column] for column in FILE_COLUMNS})
    return found
