"""Every page: it answers, in a fixed number of queries, to readers only, under a strict policy."""

import html
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clusters.models import Edition, MiniCluster, NamedCluster, Sector, SuccessStory
from complexes.models import Designation, Hub, IndustrialComplex, PanRegion, Province, Role, Zone
from portal.models import Document
from support_programs.models import PrintedTable, SupportProgram

pytestmark = pytest.mark.django_db

# What each page asks of the database; the number does not depend on the rows (see below).
PAGES = {
    "/": 7,
    "/clusters/": 7,
    "/clusters/?sector=automotive": 8,
    "/clusters/?edition=2016&zone=ulsan": 9,
    "/clusters.csv": 3,
    "/clusters.json?zone=seoul": 4,
    "/clusters.geojson": 3,
    "/clusters/2010-gumi-mobile/": 12,
    "/clusters/2016-gumi-mobile/": 12,
    "/complexes/": 7,
    "/complexes/?role=hub-2010": 8,
    "/complexes.csv": 3,
    "/complexes.geojson": 3,
    "/complexes/gumi/": 16,
    "/complexes/?municipality=Gumi-si&province=north-gyeongsang": 9,
    "/regions/": 4,
    "/regions/zones/busan/": 7,
    "/regions/pan-regions/honam/": 12,
    "/support/": 3,
    "/support.json": 1,
    "/support/prototype-production/": 2,
    "/map/": 13,
    "/map/?show=complexes": 9,
    "/sectors/": 2,
    "/sectors/photonics/": 17,
    "/stories/": 6,
    "/stories/?sector=automotive": 7,
    "/stories.csv": 5,
    "/stories.geojson": 5,
    "/stories/lifesaver-defibrillator/": 11,
    "/other-clusters/": 5,
    "/other-clusters.json": 2,
    "/other-clusters/foodpolis/": 3,
    "/programme/": 6,
    "/programme/process/": 6,
    "/programme/cooperation/": 8,
    "/programme/location-policy/": 5,
    "/programme/timeline/": 3,
    "/programme/timeline/?kind=law": 4,
    "/programme/timeline.csv": 1,
    "/programme/cluster-programmes/": 8,
    "/programme/cluster-programmes.json": 1,
    "/organisations/": 3,
    "/organisations.csv": 1,
    "/statistics/": 4,
    "/statistics.csv": 1,
    "/statistics/budget-by-programme/": 6,
    "/statistics/budget-by-programme.csv": 6,
    "/statistics/budget-by-programme.json": 7,
    "/about/discrepancies/": 8,
    "/about/discrepancies.csv": 7,
    "/about/": 2,
}


@pytest.mark.parametrize(("address", "queries"), PAGES.items())
def test_a_page_answers_in_its_number_of_queries(client, address, queries, django_assert_num_queries):
    with django_assert_num_queries(queries):
        assert client.get(address).status_code == 200


@pytest.fixture
def many_more_rows():
    """Three times as many records everywhere."""
    document, gumi = Document.objects.get(slug="report-2010"), IndustrialComplex.objects.get(slug="gumi")
    hub, province, sectors = Hub.objects.get(slug="gumi"), gumi.province, Sector.objects.all()[:3]
    source = {"document": document, "locator": "test"}
    for n in range(60):
        complex = IndustrialComplex.objects.create(
            slug=f"more-{n}", name=f"More {n}", kind="national", province=province, hub=hub,
            municipality="Gumi-si", municipality_ko="구미시", location_precision="municipality",
            latitude=gumi.latitude, longitude=gumi.longitude, **source,
        )  # fmt: skip
        complex.sectors.set(sectors)
        Designation.objects.create(
            complex=complex, role=Role.objects.get(slug="hub-2010"), year=2010, **source
        )
        for edition in (2009, 2010, 2016):
            cluster = MiniCluster.objects.create(
                slug=f"{edition}-more-{n}",
                name=f"More {n}",
                edition=Edition.objects.get(year=edition),
                number=1000 + n,
                hub=hub,
                **source,
            )
            cluster.sectors.set(sectors)
            cluster.complexes.set([gumi, complex])
        SupportProgram.objects.create(
            slug=f"more-{n}", category="rbd-support", programme="Prototype production", **source
        )
        PanRegion.objects.create(
            slug=f"more-{n}", name=f"More {n}", vision="x", specialised_industries="x", population=1,
            population_share=1, grdp_usd_billion=1, grdp_share=1, large_company_share=1, patent_share=1,
            **source,
        )  # fmt: skip
        zone = Zone.objects.create(slug=f"more-{n}", name=f"More {n}", **source)
        Province.objects.create(
            slug=f"more-{n}", name=f"More {n}", zone=zone, pan_region=province.pan_region, **source
        )


def test_no_number_of_queries_grows_with_the_rows(client, many_more_rows):
    counted = {}
    for address in PAGES:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        counted[address] = len(queries)
    assert counted == PAGES


def test_a_page_names_some_neighbours_and_leads_to_all(client, many_more_rows):
    text = client.get("/complexes/gumi/").content.decode()
    inside = {"municipality": "Gumi-si", "province": "north-gyeongsang"}
    n = IndustrialComplex.objects.filter(municipality="Gumi-si", province__slug=inside["province"]).count()
    assert f'<a href="/complexes/?{html.escape(urlencode(inside))}">All {n} industrial complexes' in text
    assert client.get("/complexes.json", inside).json()["count"] == n > 60
    section = text.partition("Other complexes in Gumi-si")[2].partition("</section>")[0]
    assert section.count("<li>") == 24
    assert "All " not in client.get("/complexes/daebul/").content.decode().partition("<main")[2]


RECORDS = (
    MiniCluster,
    IndustrialComplex,
    SupportProgram,
    Zone,
    PanRegion,
    Hub,
    Sector,
    SuccessStory,
    NamedCluster,
    PrintedTable,
)


def every_address():
    """Return the address of every record's page, and some of those of its place on the map."""
    for model in RECORDS:
        for number, record in enumerate(model.objects.all()):
            yield record.get_absolute_url()
            if number % 20 == 0 and hasattr(record, "get_map_url"):
                yield record.get_map_url()


def test_every_record_has_a_page_and_a_place_on_the_map(client):
    failed = [address for address in every_address() if client.get(address).status_code != 200]
    assert failed == []


@pytest.mark.parametrize("address", [*PAGES, "/nowhere/", "/clusters/?zone=atlantis"])
def test_public_pages_set_no_cookie_and_carry_the_policy(client, address):
    response = client.get(address)
    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")
    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy and "http" not in policy
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Frame-Options"] == "DENY"
    assert response["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options", "trace"])
def test_public_pages_answer_readers_only(client, address, method):
    client.handler.enforce_csrf_checks = True
    assert getattr(client, method)(address).status_code == 405


@pytest.mark.parametrize("address", PAGES)
def test_head_is_get_without_the_body(client, address):
    response = client.head(address)
    assert response.status_code == 200
    assert response.content == b""


@pytest.mark.parametrize("address", PAGES)
def test_an_unchanged_page_is_not_sent_again(client, address):
    tag = client.get(address)["ETag"]
    assert client.get(address, headers={"If-None-Match": tag}).status_code == 304


def test_hsts_is_sent_over_https_only(client):
    assert "Strict-Transport-Security" in client.get("/", secure=True)
    assert "Strict-Transport-Security" not in client.get("/")


def test_htmx_gets_the_fragment_of_the_page(client):
    fragment = client.get("/clusters/?zone=seoul", headers={"HX-Request": "true"})
    page = client.get("/clusters/?zone=seoul")
    assert b"<html" not in fragment.content
    assert fragment.content.decode().strip() in page.content.decode()
    assert "HX-Request" in page["Vary"] and "HX-Request" in fragment["Vary"]


def test_an_empty_result_says_why_and_what_to_try(client):
    text = client.get("/clusters/?zone=seoul&sector=shipbuilding-marine").content.decode()
    assert "No record meets all of these at once." in text
    assert 'href="/clusters/?zone=seoul"' in text
    assert 'href="/clusters/?sector=shipbuilding-marine"' in text


def test_a_zone_that_is_a_picture_says_so_and_offers_2010(client):
    text = client.get("/clusters/?edition=2016&zone=ulsan").content.decode()
    assert "as a picture only" in text
    assert 'href="/clusters/?edition=2010&amp;zone=ulsan"' in text
    assert "as a picture only" in client.get("/regions/zones/ulsan/").content.decode()
    assert "as a picture only" not in client.get("/clusters/?edition=2016&zone=seoul").content.decode()


def test_paging_keeps_the_filters_and_a_filter_drops_the_page(client):
    text = client.get("/clusters/?edition=2010&sort=name&page=2").content.decode()
    assert 'href="/clusters/?edition=2010&amp;sort=name&amp;page=1"' in text
    assert 'href="/clusters/?sort=name"' in text  # the chip of the edition
    assert 'name="page"' not in text


def test_a_detail_page_shows_its_source_and_its_neighbours(client):
    text = client.get("/clusters/2010-gunsan-industrial-machines/").content.decode()
    for words in (
        "MINI CLUSTER LIST",
        "As printed",
        "Editor’s note",
        "+82-70-8895-7912",
        "KICOX Gunsan Branch",
    ):
        assert words in text, words
    text = client.get("/complexes/gumi/").content.decode()
    for words in (
        "구미국가산업단지",
        "pilot 2005",
        "hub 2010",
        "listed 2016",
        "Figure 5",
        "Its mini clusters",
    ):
        assert words in text, words


def test_the_support_page_reads_out_what_an_errand_needs(client):
    """Two firms, a prototype: what is paid, at most, at which rate, for how many companies."""
    text = client.get("/support/?companies=2&q=prototype&size=sme").content.decode()
    for words in ("Prototype production", "KRW\xa020\xa0million", "up to 60%", "1 company or more"):
        assert words in text, words


def test_the_about_page_has_every_list_stated_against_printed(client):
    text = client.get("/about/").content.decode()
    assert text.count("<tr id=") == 75
    assert "differs" in text
