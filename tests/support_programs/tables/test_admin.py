"""Printed tables in the admin: lines, values and relations that belong together, and what is then read."""

import pytest

from portal.models import Document
from support_programs.models import (
    PrintedTable,
    TableColumn,
    TableRelation,
    TableRow,
)
from tests.editing import address, errors, form_values, inlines, read_all, save, words
from tests.tables import TABLE

pytestmark = pytest.mark.django_db


SHARE = {"operands": ["Name one line."], "whole": ["A share needs the line of its whole."]}


@pytest.fixture
def table():
    return PrintedTable.objects.get(slug=TABLE)


def test_a_table_is_made_from_nothing(editing, client):
    """Table and lines first, then the values of a row, then what the table implies of itself."""
    page = address(PrintedTable, "add")
    values = form_values(editing.get(page)) | {
        "slug": "firms",
        "title": "Firms",
        "topic": "outcome",
        "chart": "bars",
        "document": Document.objects.get(slug="briefing-2016").pk,
        "locator": "Section 9",
        "columns-TOTAL_FORMS": 1,
        "columns-0-slug": "firms--n",
        "columns-0-label": "Number",
        "columns-0-charted": "on",
        "rows-TOTAL_FORMS": 3,
    }
    for place, key in enumerate(("small", "large", "all")):
        values |= {f"rows-{place}-slug": f"firms--{key}", f"rows-{place}-label": key.title()}
        values |= {f"rows-{place}-order": place, f"rows-{place}-charted": "on"}
    values["columns-0-order"] = 0
    response = editing.post(page, values)
    assert response.status_code == 302, inlines(response)
    read_all(client, "/statistics/firms/", "/statistics/firms.csv", "/statistics/firms.json")

    column = TableColumn.objects.get(slug="firms--n")
    for key, value in (("small", "3"), ("large", "4"), ("all", "8")):
        row = TableRow.objects.get(slug=f"firms--{key}")
        cell = {"slug": f"firms--{key}--n", "column": column.pk, "as_printed": value, "value": value}
        changes = {f"values-0-{name}": given for name, given in cell.items()}
        assert save(editing, row, **changes, **{"values-TOTAL_FORMS": 1}).status_code == 302
    relation = {
        "slug": "firms--sum",
        "axis": "rows",
        "kind": "sum",
        "result": "all",
        "operands": "small large",
    }
    changes = {f"relations-0-{name}": given for name, given in relation.items()}
    table = PrintedTable.objects.get(slug="firms")
    assert save(editing, table, **changes, **{"relations-TOTAL_FORMS": 1}).status_code == 302

    assert "All, Number: printed 8, computed 7" in words(client.get("/statistics/firms/"))
    assert "All = Small + Large" in words(client.get("/about/discrepancies/"))


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"result": "gone"}, {"result": ["The table has no such line: gone"]}),
        ({"operands": "gone lost"}, {"operands": ["The table has no such line: gone, lost"]}),
        ({"only": "gone"}, {"only": ["The table has no such line: gone"]}),
        ({"whole": "gone"}, {"whole": ["The table has no such line: gone"]}),
        ({"kind": "difference", "operands": "KEY"}, {"operands": ["Name two lines, separated by a space."]}),
        (
            {"kind": "ratio", "operands": "KEY KEY KEY"},
            {"operands": ["Name two lines, separated by a space."]},
        ),
        ({"kind": "sum", "operands": "KEY"}, {"operands": ["Name two lines or more, separated by spaces."]}),
        ({"kind": "share", "operands": "KEY KEY"}, SHARE),
        ({"kind": "share", "operands": "KEY"}, {"whole": SHARE["whole"]}),
        ({"table": ""}, {"table": ["This field is required."]}),
        ({"result": ""}, {"result": ["This field is required."]}),
    ],
)
def test_a_relation_that_means_nothing_is_refused(editing, changes, expected):
    relation = TableRelation.objects.filter(kind="sum", only="").first()
    key = relation.operands.split()[0]
    changes = {name: value.replace("KEY", key) for name, value in changes.items()}
    assert errors(save(editing, relation, **changes)) == expected


def test_a_relation_within_its_table_is_refused_beside_its_field(editing):
    table = TableRelation.objects.first().table
    response = save(editing, table, **{"relations-0-operands": "gone lost"})
    assert inlines(response) == [("relations-0", {"operands": ["The table has no such line: gone, lost"]})]


def test_a_relation_of_a_table_that_is_not_saved_yet_says_so(editing):
    page = address(PrintedTable, "add")
    table = PrintedTable.objects.first()
    relation = {"slug": "x--r", "axis": "rows", "kind": "sum", "result": "a", "operands": "b c"}
    values = form_values(editing.get(page)) | {
        "slug": "x",
        "title": "X",
        "topic": "outcome",
        "document": table.document_id,
        "locator": "Section 9",
        "relations-TOTAL_FORMS": 1,
    }
    response = editing.post(page, values | {f"relations-0-{name}": given for name, given in relation.items()})
    assert "Save the table with its rows and columns first." in words(response)


def test_a_value_stands_where_lines_of_one_table_cross(editing, table):
    strange = TableColumn.objects.exclude(table=table).first()
    row = table.rows.first()
    response = save(editing, row, **{"values-0-column": strange.pk})
    assert inlines(response) == [("values-0", {"column": ["Row and column belong to two tables."]})]

    page = address(TableRow, "add")
    values = form_values(editing.get(page)) | {"slug": f"{TABLE}--new", "label": "New", "table": table.pk}
    cell = {"slug": f"{TABLE}--new--x", "column": strange.pk, "as_printed": "1"}
    values |= {f"values-0-{name}": given for name, given in cell.items()} | {"values-TOTAL_FORMS": 1}
    assert inlines(editing.post(page, values)) == [
        ("values-0", {"column": ["Row and column belong to two tables."]})
    ]


@pytest.mark.parametrize("slug", ["no-key", f"{TABLE}--", "other--budget", TABLE])
def test_the_slug_of_a_line_is_that_of_its_table_and_a_key(editing, table, slug):
    """So that no two lines of a table can have the same key."""
    for line in (table.rows.first(), table.columns.first()):
        said = errors(save(editing, line, slug=slug))
        assert said == {"slug": [f"Expected a slug that begins with “{TABLE}--”."]}


def test_a_line_with_values_stays_in_its_table(editing, table):
    other = PrintedTable.objects.exclude(pk=table.pk).first()
    for line in (table.rows.first(), table.columns.first()):
        said = errors(save(editing, line, table=other.pk, slug=f"{other.slug}--moved"))
        assert said == {"table": ["The line has values, which cross lines of its own table."]}


# What is not there any more


def test_a_table_without_rows_and_a_row_without_values_are_shown(client, table):
    pages = [f"/statistics/{TABLE}{suffix}" for suffix in ("/", ".csv", ".json")]
    first = table.rows.first()
    first.values.all().delete()
    read_all(client, *pages)
    assert first.label in words(client.get(pages[0]))
    table.rows.all().delete()
    read_all(client, *pages)
    table.columns.all().delete()
    read_all(client, *pages)
    assert client.get(pages[2]).json()["count"] == 0
