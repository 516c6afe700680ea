"""A table as rows and cells: each number with its unit and its print."""

import pytest

from support_programs.models import TableColumn, TableRow, TableValue
from tests.tables import grid_of, make

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("printed", "value", "unit", "number", "spelled"),
    [
        ("1,176", "1176", "", "1,176", False),
        ("Δ6.7", "-6.7", "%", "Δ6.7", False),
        ("5 projects", "5", "projects", "5", False),
        ("Gumi(6)", "6", "mini clusters", "6", True),
        ("4.91 million people", "4910000", "people", "4,910,000", True),
        ("5,061 (61.5%)", "61.5", "%", "61.5", True),
        ("more than doubled", "2", "times", "2", True),
        ("in 2009", "2009", "year", "2009", True),
        ("none", None, "", None, False),
    ],
)
def test_a_print_that_says_more_stands_below_its_number(client, printed, value, unit, number, spelled):
    table = make("print", {"one": [printed]}, unit=unit)
    TableValue.objects.filter(slug="print--r1--c1").update(value=value)
    grid = grid_of(table)
    (row,), (column,) = grid.rows, grid.columns
    assert (grid.number(row, column), grid.spelled(row, column)) == (number, spelled)
    page = client.get("/statistics/print/").content.decode()
    assert f'<span class="print">{printed}</span>' in page
    assert (f"<b>{number}</b>" in page) == spelled


def test_the_unit_of_a_column_comes_before_the_one_of_a_row():
    table = make("both", {"one": ["1", "50"]}, unit="cases")
    TableRow.objects.filter(slug="both--r1").update(unit="won")
    TableColumn.objects.filter(slug="both--c2").update(unit="%")
    assert [record["unit"] for record in grid_of(table).records()] == ["won", "%"]
