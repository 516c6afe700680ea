"""Printed tables as a page and as a file, with the same values; what does not add up is said."""

import json
import re

import pytest

from support_programs.models import PrintedTable, TableValue
from tests.reading import read_csv
from tests.tables import make

pytestmark = pytest.mark.django_db

TOTAL = {"axis": "rows", "kind": "sum", "result": "r3", "operands": "r1 r2"}


def test_a_table_that_does_not_add_up_says_so(client):
    make("wrong", {"one": ["1", "2"], "two": ["3", "4"], "all": ["4", "7"]}, relations=[TOTAL])
    page = client.get("/statistics/wrong/").content.decode()
    assert "printed 7, computed 6" in page and "printed 4" not in page
    everywhere = client.get("/about/discrepancies/").content.decode()
    assert "all = one + two" in everywhere
    findings = client.get("/about/discrepancies.json").json()["results"]
    assert ("total", "Table wrong: all, c2", "7", "6") in {
        (item["kind"], item["title"], item["as_printed"], item["other_as_printed"]) for item in findings
    }


def test_page_and_files_hold_every_cell(client):
    make("cells", {"one": ["1,176", "-"], "two": ["3.50", None]})
    page = client.get("/statistics/cells/").content.decode()
    rows = read_csv(client.get("/statistics/cells.csv"))
    answer = client.get("/statistics/cells.json").json()
    assert [row["as_printed"] for row in rows] == ["1,176", "'-", "3.50"]
    assert [(cell["row"], cell["column"], cell["value"]) for cell in answer["results"]] == [
        ("one", "c1", 1176),
        ("one", "c2", None),
        ("two", "c1", 3.5),
    ]
    assert answer["table"]["title"] == "Table cells" and answer["count"] == 3
    for cell in answer["results"]:
        assert f'<span class="print">{cell["as_printed"]}</span>' in page
        assert (cell["document"], cell["locator"]) == ("report-2010", "here")


@pytest.mark.parametrize(
    "path", ["/statistics/nothing/", "/statistics/nothing.csv", "/statistics/nothing.json"]
)
def test_an_unknown_table_is_not_found(client, path):
    assert client.get(path).status_code == 404


def test_notes_stand_below_the_table_under_their_number(client):
    make("noted", {"one": ["1", "2"], "two": ["3", "4"]})
    for place, note in (("r1--c2", "first"), ("r2--c1", "second")):
        TableValue.objects.filter(slug=f"noted--{place}").update(note=note)
    page = client.get("/statistics/noted/").content.decode()
    assert '2</span><a class="to-note" href="#noted-note-1"' in page
    assert re.search(r'<li id="noted-note-1">first</li>\s*<li id="noted-note-2">second</li>', page)


def test_markup_in_a_label_stays_text(client):
    make("markup", {"<script>alert(1)</script>": ["1"]}, c1='"><img src=x>')
    page = client.get("/statistics/markup/").content.decode()
    assert "<script>alert" not in page and "<img src=x" not in page


def test_a_file_of_tables_lists_them(client):
    listed = json.loads(client.get("/statistics.json").content)
    assert listed["count"] == PrintedTable.objects.count()
