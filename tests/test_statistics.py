"""The printed tables as shipped: how many there are, and what does not add up in them, finding by finding."""

import re
from collections import Counter
from pathlib import Path

import pytest
from django.conf import settings

from support_programs.models import (
    Discrepancy,
    PrintedTable,
    TableColumn,
    TableRelation,
    TableRow,
    TableValue,
)
from support_programs.tables.arithmetic import Printed, check
from support_programs.tables.grid import grids

pytestmark = pytest.mark.django_db

# file -> tables, rows, columns, values, relations
FILES = {
    "tables_budget": (13, 63, 27, 119, 4),
    "tables_activities": (10, 40, 42, 158, 11),
    "tables_outcome": (18, 55, 59, 153, 13),
    "tables_regions": (3, 13, 11, 63, 0),
    "tables_stories": (8, 25, 23, 50, 2),
    "tables_policy": (15, 61, 33, 123, 0),
    "tables_management": (6, 30, 20, 78, 0),
    "tables_economy": (12, 43, 19, 55, 1),
    "tables_sectors": (9, 20, 11, 23, 0),
    "tables_green": (7, 27, 17, 93, 3),
}

# table, row, column, printed, computed, whether rounding explains it
FINDINGS = [
    ("networking-2005-2009", "activities", "times-outcome", "3", "3.7", False),
    ("networking-2005-2009", "participants", "times-outcome", "2", "2.8", False),
    ("goal-achievement-2008", "production", "ratio", "102.1", "135.61", False),
    ("rd-improvement", "collaboration", "difference", "2.5", "2.6", True),
    ("rd-improvement", "connection", "difference", "0.4", "0.44", True),
    ("rd-consortium-types", "percent", "single", "3.5", "3.44", False),
    ("rd-consortium-types", "percent", "university", "49.9", "50.00", False),
    ("rd-consortium-types", "percent", "ind-ind-university", "9.2", "9.11", False),
    ("rd-consortium-types", "percent", "subtotal", "96.5", "96.56", False),
    ("support-by-company-size", "percentage", "under-300", "10.1", "10.15", False),
    ("sales-increase-and-new-jobs", "increase", "sum-sales", "3.2", "3.12", True),
    ("green-new-deal", "total", "budget-total", "50049", "50050", True),  # across
    ("green-new-deal", "total", "budget-total", "50049", "50050", True),  # down
    ("green-new-deal", "catchment", "budget-total", "942", "943", True),
    ("green-new-deal", "total", "budget-2012", "45687", "45688", True),
    ("green-new-deal", "support", "jobs-total", "141639", "292566", False),
    ("green-new-deal", "total", "jobs-2012", "863060", "902150", False),
    ("green-new-deal", "total", "jobs-total", "956420", "844583", False),
]


def tables(*files):
    """Return the tables that these fixtures bring."""
    slugs = [
        slug
        for file in files
        for slug in re.findall(
            r"^- model: support_programs\.printedtable\n  fields:\n    slug: (\S+)$",
            (Path(settings.BASE_DIR) / "fixtures" / f"{file}.yaml").read_text(encoding="utf-8"),
            re.MULTILINE,
        )
    ]
    return PrintedTable.objects.filter(slug__in=slugs)


@pytest.mark.parametrize(("file", "counts"), FILES.items())
def test_every_file_brings_its_tables(file, counts):
    found = tables(file)
    lines = [model.objects.filter(table__in=found).count() for model in (TableRow, TableColumn)]
    values = TableValue.objects.filter(row__table__in=found).count()
    relations = TableRelation.objects.filter(table__in=found).count()
    assert (found.count(), *lines, values, relations) == counts


def test_what_was_found_by_reading():
    assert Counter(Discrepancy.objects.values_list("kind", flat=True)) == {
        "count": 34,
        "figure": 25,
        "date": 14,
        "name": 77,
        "layout": 20,
        "lost": 73,
    }


def test_what_does_not_add_up_is_what_we_know():
    computed = [
        (
            grid.table.slug,
            found.row,
            found.column,
            plain(found.printed),
            str(found.computed),
            found.by_rounding,
        )
        for grid in grids(tables(*FILES))
        for _relation, found in grid.findings
    ]
    assert sorted(computed) == sorted(FINDINGS)


def plain(number):
    return f"{number.normalize():f}"


def test_every_relation_would_find_a_wrong_value():
    """A relation that checks nothing (no numbers where it looks) is a slip of the fixture."""
    for grid in grids(tables(*FILES)):
        for relation in grid.relations:
            columns = relation.axis == TableRelation.Axis.COLUMNS
            wrong = {
                place: Printed(number.value * 3 + 7) if place[columns] == relation.result else number
                for place, number in grid.numbers.items()
            }
            assert check(
                wrong,
                axis=relation.axis,
                kind=relation.kind,
                result=relation.result,
                operands=relation.operands.split(),
                whole=relation.whole,
                only=relation.only.split(),
            ), relation.slug


def test_tables_stand_in_the_order_of_the_documents():
    orders = list(PrintedTable.objects.values_list("order", "document__slug"))
    assert len({order for order, _document in orders}) == len(orders)
    assert [document for _order, document in orders] == sorted(
        (document for _order, document in orders), reverse=True
    )
