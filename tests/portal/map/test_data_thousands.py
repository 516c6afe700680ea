"""The map over thousands of records: cells where points were too many, and parts that stay small."""

import json
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from clusters.models import Edition, MiniCluster, Sector
from complexes.models import Hub, IndustrialComplex
from portal.base.matches import MAX_CHOICES
from portal.map.data import MAX_CELLS, MAX_POINTS, MAX_WHOLE
from portal.models import Document
from tests.mapping import (
    BUSAN,
    CARD_QUERIES,
    DATA,
    KOREA,
    card,
    data,
    numbers,
    page_data,
    placed_rows,
    slugs_in,
)

pytestmark = pytest.mark.django_db


def make_thousands():
    """Make 3,000 complexes in a grid over the country, at each second one a hub with two mini clusters."""
    gumi = IndustrialComplex.objects.get(slug="gumi")
    source = {"document": Document.objects.get(slug="report-2010"), "locator": "test"}
    made = IndustrialComplex.objects.bulk_create(
        IndustrialComplex(
            slug=f"made-{n}", name=f"An industrial complex {n}", name_ko=f"제{n}산업단지", kind="general",
            province=gumi.province, location_precision="site",
            latitude=Decimal("34.5") + Decimal(n // 60) / 20,
            longitude=Decimal("126.5") + Decimal(n % 60) / 20,
            **source,
        )
        for n in range(3000)
    )  # fmt: skip
    hubs = Hub.objects.bulk_create(
        Hub(slug=f"hub-{n}", name=f"A hub with a name {n}", seat=complex, **source)
        for n, complex in enumerate(made[::2])
    )
    edition = Edition.objects.get(slug="2010")
    clusters = MiniCluster.objects.bulk_create(
        MiniCluster(
            slug=f"made-{n}",
            name=f"Made {n}",
            edition=edition,
            number=1000 + n,
            hub=hubs[n // 2],
            **source,
        )
        for n in range(3000)
    )
    MiniCluster.sectors.through.objects.bulk_create(
        MiniCluster.sectors.through(minicluster=cluster, sector=sector)
        for cluster in clusters
        for sector in Sector.objects.all()[:2]
    )


@pytest.fixture(scope="module", autouse=True)
def thousands(django_db_setup, django_db_blocker):
    """The records, made once for all tests here: each of them works in a savepoint of its own."""
    with django_db_blocker.unblock(), transaction.atomic():
        make_thousands()
        yield
        transaction.set_rollback(True)


LARGE = [("clusters", "edition=2010"), ("complexes", ""), ("clusters", "q=made&edition=2010")]


VIEWS = ["", f"bbox={KOREA}&zoom=7", f"bbox={KOREA}&zoom=20", "zoom=9.25"]


@pytest.mark.parametrize(("show", "query"), LARGE)
def test_too_many_points_are_counted_by_cell(client, show, query):
    expected = len(placed_rows(client, show, query))
    for view in VIEWS:
        answer = data(client, f"show={show}&{query}&{view}")
        assert answer["cells"] is True
        assert 1 < len(answer["features"]) <= MAX_CELLS
        assert answer["count"] == numbers(answer) == expected


def test_the_bounds_of_a_cell_ask_for_its_records(client):
    for feature in data(client, f"show=complexes&bbox={KOREA}&zoom=7")["features"][::9]:
        west, south, east, north = feature["properties"]["bbox"]
        longitude, latitude = feature["geometry"]["coordinates"]
        assert west <= longitude <= east and south <= latitude <= north
        closer = data(client, f"show=complexes&bbox={west},{south},{east},{north}&zoom=10")
        assert closer["count"] == feature["properties"]["n"]


@pytest.mark.parametrize("show", ["clusters", "complexes"])
def test_closer_by_there_are_points_again(client, show):
    answer = data(client, f"show={show}&edition=2010&bbox={BUSAN}&zoom=11")
    assert answer["cells"] is False
    assert 0 < answer["count"] == numbers(answer)
    assert len(answer["features"]) <= MAX_POINTS


def test_a_small_set_comes_whole_where_no_view_is_asked_for(client):
    some = [f"made-{n}" for n in range(500)]
    IndustrialComplex.objects.filter(slug__in=some).update(kind="foreign-investment")
    query = "show=complexes&kind=foreign-investment"
    expected = len(placed_rows(client, "complexes", "kind=foreign-investment"))
    assert MAX_POINTS < expected <= MAX_WHOLE
    assert "data-by-view" not in page_data(client, query)[1]
    answer = data(client, query)
    assert (answer["cells"], len(answer["features"])) == (False, expected)
    assert data(client, f"{query}&zoom=7")["cells"] is True


def test_an_answer_too_long_for_its_points_has_cells(client):
    IndustrialComplex.objects.filter(kind="general").update(name="x" * 200, name_ko="가" * 200)
    bbox = "127,35,127.9,35.6"
    answer = data(client, f"show=complexes&kind=general&bbox={bbox}&zoom=9")
    assert answer["count"] <= MAX_POINTS
    assert answer["cells"] is True
    assert numbers(answer) == answer["count"]


@pytest.mark.parametrize("show", ["clusters", "complexes"])
def test_a_view_of_everything_is_like_none(client, show):
    query = f"show={show}&edition=2010&zoom=7"
    assert data(client, f"{query}&bbox={KOREA}") == data(client, query)


@pytest.mark.parametrize(("show", "query"), [("clusters", "edition=2010"), ("complexes", "kind=general")])
def test_cells_take_few_queries_however_many_rows(client, show, query):
    with CaptureQueriesContext(connection) as queries:
        assert data(client, f"show={show}&{query}")["cells"] is True
    # There is no store of them yet: version, count, cells, those without a point. An edition is a record, and
    # known by one query more; mini clusters are counted by hub first.
    assert len(queries) == (6 if show == "clusters" else 4)


def test_a_facet_of_thousands_offers_those_with_the_most_records(client):
    response = client.get("/clusters/?edition=2010&hub=hub-1499&hub=gumi")
    text = response.content.decode()
    assert response.status_code == 200
    assert text.count('name="hub" value=') == MAX_CHOICES
    for hub in ("hub-1499", "gumi"):
        assert f'name="hub" value="{hub}" checked' in text
    assert "more are found by search" in text
    assert "more are found by search" not in client.get("/clusters/?edition=2016").content.decode()


def test_the_answer_is_the_same_text_each_time(client):
    bodies = {client.get(f"{DATA}?show=complexes&kind=general").content for _turn in range(3)}
    assert len(bodies) == 1
    assert json.loads(bodies.pop())["cells"] is True


# --- Parts and page


def test_the_list_in_view_says_how_many_there_are_when_it_holds_but_some(client):
    text = card(client, "/map/in-view/?show=complexes")
    n = len(placed_rows(client, "complexes", ""))
    assert len(slugs_in(text)) == 200
    assert f'data-count="{n}"' in text


def test_the_list_in_view_of_thousands_takes_one_query_more(client):
    with CaptureQueriesContext(connection) as queries:
        card(client, "/map/in-view/?show=complexes")
    assert len(queries) == CARD_QUERIES["/map/in-view/?show=complexes"] + 1


def test_a_set_too_large_for_one_answer_is_asked_for_by_view(client):
    assert "data-by-view" in page_data(client, "show=complexes")[1]
    assert "data-by-view" not in page_data(client, "show=complexes&kind=national")[1]
