"""Charts: as long, as wide and as broken as the values that are printed."""

from decimal import Decimal
from xml.etree import ElementTree

import pytest
from django.template.loader import render_to_string

from support_programs.models import (
    PrintedTable,
    TableColumn,
    TableRow,
    TableValue,
)
from support_programs.tables.charts import chart_of
from support_programs.tables.grid import grids
from tests.editing import (
    read_all,
)
from tests.tables import grid_of, make

pytestmark = pytest.mark.django_db


def draw_all(client, chart):
    """Draw every table this way, and reckon all sums; show one table of each topic."""
    PrintedTable.objects.update(chart=chart)
    shown = set()
    for grid in grids(PrintedTable.objects.all()):
        chart_of(grid)
        assert isinstance(grid.findings, list)
        if grid.table.topic not in shown:
            shown.add(grid.table.topic)
            assert client.get(grid.table.get_absolute_url()).status_code == 200


@pytest.mark.parametrize("chart", ["bars", "lines", "shares"])
def test_any_chart_is_drawn_with_holes(client, chart):
    """Every third value is emptied, every seventh is gone."""
    keys = list(TableValue.objects.order_by("pk").values_list("pk", flat=True))
    TableValue.objects.filter(pk__in=keys[::3]).update(value=None)
    TableValue.objects.filter(pk__in=keys[::7]).delete()
    draw_all(client, chart)
    read_all(client)


@pytest.mark.parametrize("chart", ["bars", "lines", "shares"])
@pytest.mark.parametrize("value", ["0", "-5", "0.000001", "99999999999999.9"])
def test_charts_and_sums_bear_any_number(client, chart, value):
    TableValue.objects.exclude(value=None).update(value=Decimal(value))
    draw_all(client, chart)
    assert client.get("/about/discrepancies/").status_code == 200


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


@pytest.mark.parametrize("cells", [{"one": ["none"]}, {"one": ["0"]}, {str(n): ["1"] * 9 for n in range(9)}])
@pytest.mark.parametrize("kind", ["bars", "lines", "shares", "none"])
def test_what_cannot_be_drawn_is_a_table_without_chart(client, cells, kind):
    make("plain", cells, chart=kind)
    assert chart_of(grid_of(PrintedTable.objects.get(slug="plain"))) is None
    assert client.get("/statistics/plain/").status_code == 200
