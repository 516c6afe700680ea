"""Lines of printed tables where what they are about is shown."""

import pytest

from complexes.models import IndustrialComplex, PanRegion
from support_programs.models import PrintedTable, TableColumn, TableRow
from support_programs.tables.statistics import statistics_of
from tests.reading import text_of
from tests.tables import grid_of, make

pytestmark = pytest.mark.django_db


def test_a_complex_and_a_region_show_the_lines_that_are_about_them(client):
    gumi = IndustrialComplex.objects.get(slug="gumi")
    honam = PanRegion.objects.get(slug="honam")
    for subject, address in (
        ({"complex": gumi}, "/complexes/gumi/"),
        ({"complex": gumi}, "/clusters/2016-gumi-mobile/"),
        ({"pan_region": honam}, "/regions/pan-regions/honam/"),
    ):
        page = text_of(client, address)
        found = statistics_of(**subject)
        assert found
        for table, line, readings in found:
            assert f'<a href="{table.get_absolute_url()}">{table.title}</a>' in page
            assert f"<caption>{line}</caption>" in page and table.locator in page
            for reading in readings:
                assert f'<th scope="row">{reading.name}</th>' in page
                assert (reading.printed or reading.number) in page
    assert "<h2>Statistics" not in text_of(client, "/complexes/seongnam/")


def test_a_reading_says_number_unit_and_print_once():
    (readings,) = (
        readings
        for table, _line, readings in statistics_of(complex=IndustrialComplex.objects.get(slug="gumi"))
        if table.slug == "specialised-business-share"
    )
    said = {reading.name.rpartition(": ")[2]: reading[1:4] for reading in readings}
    assert said["Specialized sectors"] == (None, "", "Electronics")
    assert said["2009"] == ("66.6", "%", None)


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
