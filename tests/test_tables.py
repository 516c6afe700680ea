"""Printed tables: as a page, a chart and a file, with the same values; what does not add up is said."""

import csv
import io
import json
import re
from decimal import Decimal
from xml.etree import ElementTree

import pytest
from django.template.loader import render_to_string

from complexes.models import IndustrialComplex
from portal.models import Document
from support_programs.models import PrintedTable, TableColumn, TableRelation, TableRow, TableValue
from support_programs.tables.charts import chart_of
from support_programs.tables.grid import grids

pytestmark = pytest.mark.django_db


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
    rows = list(csv.DictReader(io.StringIO(client.get("/statistics/cells.csv").content.decode("utf-8-sig"))))
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


def drawing(chart):
    """Return the SVG of a chart as XML."""
    text = render_to_string("parts/chart.html", {"chart": chart}, using="jinja2")
    return ElementTree.fromstring(text[text.index("<figure") :])


def widths(chart):
    return [bar["width"] for bar in chart.bars]


def test_bars_are_as_long_as_their_values():
    chart = chart_of(grid_of(make("bars", {"one": ["10"], "two": ["5"], "words": ["none"]})))
    assert widths(chart) == [82, 41]
    assert [bar["value"] for bar in chart.bars] == ["10", "5"]
    assert len(drawing(chart).findall(".//rect")) == 2


def test_bars_of_negative_values_go_the_other_way():
    chart = chart_of(grid_of(make("less", {"one": ["30"], "two": ["-10"]})))
    (up, down) = chart.bars
    assert chart.baseline == up["x"] == pytest.approx(20.5)
    assert down["x"] == 0 and down["width"] == pytest.approx(20.5)


def test_each_unit_has_a_scale_of_its_own():
    table = make("units", {"events": ["10", "20"], "persons": ["500", "1,000"]}, unit="")
    for key, unit in (("r1", "events"), ("r2", "persons")):
        TableRow.objects.filter(slug=f"units--{key}").update(unit=unit)
    chart = chart_of(grid_of(table))
    assert widths(chart) == [41, 82, 41, 82] and chart.units == ["events", "persons"]


def test_a_few_years_are_compared_in_each_line():
    chart = chart_of(grid_of(make("then", {"2004": ["1", "2"], "2009": ["3", "4"]}, c1="Gumi", c2="Ulsan")))
    assert [label["text"] for label in chart.labels] == ["Gumi", "Ulsan"]
    assert chart.series == [("A", "2004"), ("B", "2009")]


def test_a_long_label_goes_over_two_lines():
    chart = chart_of(grid_of(make("long", {"a word " * 30: ["1"]})))
    first, second = [label["text"] for label in chart.labels]
    assert len(first) <= 48 and second.endswith("…")


def test_series_are_named_by_what_tells_them_apart():
    table = make("named", {"one": ["1", "2"], "two": ["3", "4"]}, c1="cases", c2="cases")
    assert [name for _letter, name in chart_of(grid_of(table)).series] == ["cases (1)", "cases (2)"]
    for key, group in (("c1", "R&D"), ("c2", "Marketing")):
        TableColumn.objects.filter(slug=f"named--{key}").update(group=group)
    assert [name for _letter, name in chart_of(grid_of(table)).series] == ["R&D", "Marketing"]


def test_lines_join_the_years_and_break_where_nothing_is_printed():
    years = {"c1": "2005", "c2": "2006", "c3": "2007"}
    table = make("years", {"one": ["1", "2", "3"], "two": ["1", "-", "3"]}, chart="lines", **years)
    chart = chart_of(grid_of(table))
    assert [name for _letter, name in chart.series] == ["one", "two"]
    assert len(chart.segments) == 2 and len(chart.points) == 5
    heights = [point["y"] for point in chart.points[:3]]
    assert heights == sorted(heights, reverse=True)


def test_shares_fill_the_width():
    chart = chart_of(
        grid_of(make("parts", {"one": ["60", "30", "10"], "two": ["1", "1", "2"]}, chart="shares"))
    )
    assert widths(chart) == [60, 30, 10, 25, 25, 50]


def test_shares_in_percent_leave_blank_what_is_missing():
    chart = chart_of(grid_of(make("percent", {"one": ["60", "20"]}, chart="shares", unit="%")))
    assert widths(chart) == [60, 20]
    assert chart.series == [("A", "c1: 60"), ("B", "c2: 20")]


def test_shares_of_years_are_a_bar_for_each_year():
    table = make("yearly", {"one": ["1", "3"], "two": ["3", "1"]}, chart="shares", c1="2008", c2="2009")
    chart = chart_of(grid_of(table))
    assert [label["text"] for label in chart.labels] == ["2008", "2009"]
    assert widths(chart) == [25, 75, 75, 25]


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


def test_notes_stand_below_the_table_under_their_number(client):
    make("noted", {"one": ["1", "2"], "two": ["3", "4"]})
    for place, note in (("r1--c2", "first"), ("r2--c1", "second")):
        TableValue.objects.filter(slug=f"noted--{place}").update(note=note)
    page = client.get("/statistics/noted/").content.decode()
    assert '2</span><a class="to-note" href="#noted-note-1"' in page
    assert re.search(r'<li id="noted-note-1">first</li>\s*<li id="noted-note-2">second</li>', page)


@pytest.mark.parametrize("cells", [{"one": ["none"]}, {"one": ["0"]}, {str(n): ["1"] * 9 for n in range(9)}])
@pytest.mark.parametrize("kind", ["bars", "lines", "shares", "none"])
def test_what_cannot_be_drawn_is_a_table_without_chart(client, cells, kind):
    make("plain", cells, chart=kind)
    assert chart_of(grid_of(PrintedTable.objects.get(slug="plain"))) is None
    assert client.get("/statistics/plain/").status_code == 200


def test_a_line_about_a_complex_is_found(client):
    table = make("about", {"one": ["1", "2"], "two": ["3", "4"]})
    gumi = IndustrialComplex.objects.get(slug="gumi")
    TableRow.objects.filter(slug="about--r1").update(complex=gumi)
    TableColumn.objects.filter(slug="about--c2").update(complex=gumi)
    assert table in PrintedTable.objects.about(complex=gumi)
    grid = grid_of(table)
    lines = grid.lines_about("complex", gumi)
    assert [
        (str(line), [grid.cell(row, column).as_printed for _other, row, column in crossings])
        for line, crossings in lines
    ] == [("one", ["1", "2"]), ("c2", ["2", "4"])]
    assert [str(other) for other, _row, _column in lines[1][1]] == ["one", "two"]


def test_markup_in_a_label_stays_text(client):
    make("markup", {"<script>alert(1)</script>": ["1"]}, c1='"><img src=x>')
    page = client.get("/statistics/markup/").content.decode()
    assert "<script>alert" not in page and "<img src=x" not in page


def test_a_file_of_tables_lists_them(client):
    listed = json.loads(client.get("/statistics.json").content)
    assert listed["count"] == PrintedTable.objects.count()
