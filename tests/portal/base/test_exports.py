"""One query string, one set: list, map, CSV, JSON and GeoJSON; and files that are safe to open."""

import csv
import io
import json
import re
from xml.etree import ElementTree

import pytest

from clusters.models import NamedCluster, SuccessStory
from complexes.models import IndustrialComplex
from portal.base.exports import neutralise
from support_programs.models import Organisation, PrintedTable, TableValue
from tests.reading import QUERIES, read_csv

pytestmark = pytest.mark.django_db


COLUMNS = {
    "clusters": (
        "slug, edition, name, name_ko, zone, pan_region, province, hub, complexes, sectors, url, telephone, "
        "office, address, latitude, longitude, location_precision, document, locator, as_printed, note, "
        "continues, continued_by, status_before, status_after"
    ),
    "complexes": (
        "slug, name, name_ko, aliases, kind, members, province, municipality, zone, pan_region, hub, roles, "
        "sectors, latitude, longitude, location_precision, document, locator, as_printed, note"
    ),
    "support": (
        "slug, category, programme, item, details, cap_krw, per_case, rate_sme, rate_middle, rate_large, "
        "min_companies, document, locator, as_printed, note, purpose, verdict, unmet_clauses, "
        "unstated_clauses, reasons, subsidy_krw, own_share_krw, arithmetic"
    ),
}


EVERY_QUERY = [(stem, query) for stem, queries in QUERIES.items() for query in queries]


KML = "{http://www.opengis.net/kml/2.2}"


def read_placemark(placemark):
    return {data.get("name"): data[0].text or "" for data in placemark.find(f"{KML}ExtendedData")}


def pages(client, path, query):
    """Yield every page of a list as text."""
    number = 1
    while True:
        page = client.get(f"{path}?{query}&page={number}")
        assert page.status_code == 200
        yield page.content.decode()
        if 'rel="next"' not in page.content.decode():
            return
        number += 1


def listed(client, stem, query):
    """Return the slugs of all rows on all pages of a list, in their order."""
    html = "".join(pages(client, f"/{stem}/", query))
    return re.findall(rf'<th scope="row">\s*<a href="/{stem}/([-\w]+)/["?]', html)


def mapped(client, stem, query):
    html = "".join(pages(client, "/map/", f"show={stem}&{query}"))
    return re.findall(rf'<a href="/{stem}/([-\w]+)/"', html.partition('class="map-records"')[2])


@pytest.mark.parametrize(("stem", "query"), EVERY_QUERY)
def test_list_map_and_files_give_the_same_records(client, stem, query):
    as_json = client.get(f"/{stem}.json?{query}").json()
    records = as_json["results"]
    expected = [record["slug"] for record in records]
    assert as_json["count"] == len(expected)
    assert listed(client, stem, query) == expected
    rows = read_csv(client.get(f"/{stem}.csv?{query}"))
    assert [row["slug"] for row in rows] == expected
    if stem != "support":
        features = client.get(f"/{stem}.geojson?{query}").json()["features"]
        assert [feature["properties"] for feature in features] == records
        assert sorted(mapped(client, stem, query)) == sorted(expected)
        placemarks = ElementTree.fromstring(client.get(f"/{stem}.kml?{query}").content)[0]
        assert [read_placemark(placemark) for placemark in placemarks] == [
            {name: "" if value is None else str(value) for name, value in record.items()}
            for record in records
        ]


@pytest.mark.parametrize("stem", COLUMNS)
def test_columns_and_values_are_the_same_in_every_file(client, stem):
    columns = COLUMNS[stem].split(", ")
    records = client.get(f"/{stem}.json").json()["results"]
    rows = read_csv(client.get(f"/{stem}.csv"))
    assert all(list(record) == columns for record in records)
    for record, row in zip(records, rows, strict=True):
        assert row == {name: str(neutralise(value)) for name, value in record.items()}


@pytest.mark.parametrize("stem", COLUMNS)
def test_an_empty_file_still_has_its_heading(client, stem):
    text = client.get(f"/{stem}.csv?q=zzzz").content.decode("utf-8-sig")
    assert text.splitlines() == [",".join(COLUMNS[stem].split(", "))]


def test_csv_is_for_excel(client):
    response = client.get("/clusters.csv")
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="clusters.csv"'
    assert response.content.startswith("\ufeff".encode())


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t"])
def test_a_cell_that_a_spreadsheet_would_run_is_neutralised(client, start):
    complex = IndustrialComplex.objects.get(slug="gumi")
    complex.name = f"{start}HYPERLINK(1)"
    complex.save()
    (row,) = read_csv(client.get("/complexes.csv?slug=gumi"))
    assert row["name"] == f"'{start}HYPERLINK(1)"
    assert client.get("/complexes.json?slug=gumi").json()["results"][0]["name"] == f"{start}HYPERLINK(1)"


def test_a_record_without_a_point_keeps_an_empty_geometry(client):
    IndustrialComplex.objects.filter(slug="gumi").update(latitude=None, longitude=None, location_precision="")
    (feature,) = client.get("/complexes.geojson?slug=gumi").json()["features"]
    assert feature["geometry"] is None
    assert feature["properties"]["latitude"] is None


def test_geojson_has_longitude_first(client):
    (feature,) = client.get("/complexes.geojson?slug=gumi").json()["features"]
    longitude, latitude = feature["geometry"]["coordinates"]
    assert 36 < latitude < 36.5 and 128 < longitude < 129


@pytest.mark.parametrize("suffix", ["csv", "json", "geojson"])
def test_a_bad_filter_gives_no_file_but_its_reason(client, suffix):
    response = client.get(f"/clusters.{suffix}?zone=atlantis")
    assert response.status_code == 400
    assert json.loads(response.content) == {"errors": {"zone": ["There is no “atlantis” here."]}}


@pytest.mark.parametrize("address", ["/support.geojson", "/clusters.xml", "/clusters.csv/", "/regions.csv"])
def test_files_that_do_not_exist(client, address):
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_no_cell_of_a_file_is_run_by_a_spreadsheet(client, start):
    formula = f"{start}HYPERLINK(1)"
    PrintedTable.objects.update(title=formula, remark=formula)
    TableValue.objects.update(as_printed=formula, note=formula)
    Organisation.objects.update(name=formula, role=formula)
    SuccessStory.objects.update(title=formula)
    NamedCluster.objects.update(place=formula)
    for path in (
        "/statistics.csv",
        "/statistics/cluster-programme-budgets-2007.csv",
        "/organisations.csv",
        "/stories.csv",
        "/other-clusters.csv",
        "/about/discrepancies.csv",
    ):
        rows = list(csv.reader(io.StringIO(client.get(path).content.decode("utf-8-sig"), newline="")))
        cells = [cell for row in rows for cell in row if "HYPERLINK" in cell]
        assert cells
        assert not [cell for cell in cells if cell.startswith(start)], path
