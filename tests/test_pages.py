"""Every page: it answers, in a fixed number of queries, to readers only, under a strict policy."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clusters.models import Edition, MiniCluster, Sector
from complexes.models import Designation, Hub, IndustrialComplex, PanRegion, Province, Role, Zone
from portal.models import Document
from support_programs.models import SupportProgram
from tests.reading import PAGES, RECORDS

pytestmark = pytest.mark.django_db


def make_many_more_rows():
    """Make three times as many records everywhere."""
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


def test_no_number_of_queries_grows_with_the_rows(client, without_stores):
    before = queries_of(client)
    make_many_more_rows()
    assert queries_of(client) == before


def queries_of(client):
    """Return {address: number of queries} of every page."""
    counted = {}
    for address in PAGES:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        counted[address] = len(queries)
    return counted


@pytest.mark.parametrize("model", RECORDS, ids=lambda model: model.__name__)
def test_records_have_a_page_and_a_place_on_the_map(client, model):
    """Of the many a few, and of the places on the map; tests/served/ asks for the page of each."""
    records = model.objects.all()
    addresses = [record.get_absolute_url() for record in records[:: len(records) // 20 + 1]]
    addresses += [record.get_map_url() for record in records[::40] if hasattr(record, "get_map_url")]
    assert addresses
    assert [address for address in addresses if client.get(address).status_code != 200] == []


def check_headers(response):
    """No cookie, and the strict policy."""
    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")
    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy and "http" not in policy
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Frame-Options"] == "DENY"
    assert response["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize(("address", "queries"), PAGES.items())
def test_a_page_answers_in_its_number_of_queries_and_is_not_sent_again(
    client, address, queries, django_assert_num_queries
):
    client.get(address)  # what the stores learn once is known by now
    with django_assert_num_queries(queries):
        response = client.get(address)
    assert response.status_code == 200
    check_headers(response)
    assert client.get(address, headers={"If-None-Match": response["ETag"]}).status_code == 304


@pytest.mark.parametrize("address", ["/nowhere/", "/clusters/?zone=atlantis"])
def test_pages_of_errors_carry_the_policy(client, address):
    check_headers(client.get(address))


ONLY_READ = [*PAGES, "/sectors/automotive/", "/other-clusters/daedeok-innopolis/", "/statistics.json"]


@pytest.mark.parametrize("address", ONLY_READ)
def test_public_pages_answer_readers_only(client, address):
    client.handler.enforce_csrf_checks = True
    for method in ("post", "put", "patch", "delete", "options", "trace"):
        assert getattr(client, method)(address).status_code == 405, method
    head = client.head(address)
    assert (head.status_code, head.content) == (200, b"")


def test_hsts_is_sent_over_https_only(client):
    assert "Strict-Transport-Security" in client.get("/", secure=True)
    assert "Strict-Transport-Security" not in client.get("/")
