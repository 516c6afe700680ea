"""The next list of mini clusters: entered by an editor, shown everywhere at once, without code or restart."""

import re

import pytest

from clusters.models import Continuation, Edition, MiniCluster
from complexes.models import Hub, Zone
from portal.models import Document
from tests.editing import address, confirm, errors, form_values, upload
from tests.mapping import page_data
from tests.reading import text_of, words_of

pytestmark = pytest.mark.django_db

# (slug, name, sector, telephone)
MADE = [
    ("2024-noksan-hydrogen", "Hydrogen", "energy-green", ""),
    ("2024-noksan-robots", "Robots", "machinery", ""),
    ("2024-noksan-ships", "Ships", "shipbuilding-marine", "+82-51-970-9000"),
]
SLUGS = {slug for slug, *_others in MADE}


def add(client, model, **values):
    """Fill in the empty form of a model and save it."""
    page = address(model, "add")
    response = client.post(page, form_values(client.get(page)) | values)
    assert response.status_code == 302, errors(response)
    return model.objects.order_by("pk").last()


@pytest.fixture
def before(client):
    """The slugs of the newest known by zone, before the list of 2024."""
    records = client.get("/clusters.json").json()["results"]
    return {(record["zone"], record["slug"]) for record in records}


@pytest.fixture
def status_2024(before, editing):
    document = add(
        editing, Document, slug="status-2024", title="Status of 2024", authors="KICOX", publisher="KICOX",
        published="May 2024", year=2024, mention="KICOX’s status of 2024",
    )  # fmt: skip
    busan = Zone.objects.get(slug="busan")
    edition = {"slug": "2024", "year": 2024, "zones": [busan.pk], "pictured_zones": []}
    add(editing, Edition, document=document.pk, locator="Table 1", **edition)
    given = {"edition": "2024", "hub": "noksan", "document": "status-2024", "locator": "Table 1"}
    rows = [
        given | {"slug": slug, "name": name, "number": n, "sectors": sector, "telephone": telephone}
        for n, (slug, name, sector, telephone) in enumerate(MADE, 1)
    ]
    preview = upload(editing, MiniCluster, rows)
    assert confirm(editing, MiniCluster, preview).status_code == 200
    assert MiniCluster.objects.filter(edition__slug="2024").count() == 3


def slugs(client, query=""):
    return {record["slug"] for record in client.get(f"/clusters.json?{query}").json()["results"]}


def test_a_list_of_one_zone_takes_the_place_of_the_older_there_alone(client, before, status_2024):
    others = {slug for zone, slug in before if zone != "busan"}
    assert {zone for zone, _slug in before if zone == "busan"}
    assert slugs(client) == others | SLUGS
    assert slugs(client, "zone=busan") == slugs(client, "edition=2024") == SLUGS
    assert slugs(client, "edition=2016") == slugs(client, "edition=2016&zone=busan") | {
        slug for _zone, slug in before if slug.startswith("2016-")
    }
    assert slugs(client, "zone=busan&edition=2010")  # the older stays where it is asked for


def test_every_page_shows_the_new_list(client, before, status_2024):
    listed = text_of(client, "/clusters/?zone=busan")
    assert "3 mini clusters" in listed and 'id="edition-2024"' in text_of(client, "/clusters/")
    for page in (
        "/clusters/?zone=busan",
        "/regions/zones/busan/",
        "/sectors/shipbuilding-marine/",
        "/map/?zone=busan",
    ):
        assert "/clusters/2024-noksan-ships/" in text_of(client, page), page
    regions = words_of(client.get("/regions/"))
    for row in ("Busan 3 2024 7", "Ulsan 4 2010 the list of 2016 is a picture", "Seoul 5 2016"):
        assert row in regions, row
    assert "prints this zone" not in words_of(client.get("/regions/zones/busan/"))
    assert "prints this zone" in words_of(client.get("/regions/zones/ulsan/"))
    busan = re.search(r"Busan</a>\s*<span class=\"count\">(\d+)", text_of(client, "/"))
    assert busan[1] == "3"


def test_the_map_offers_and_counts_the_new_list(client, before, status_2024):
    text = text_of(client, "/map/")
    assert re.findall(r'id="time-(\w+)"', text) == ["newest", "2009", "2010", "2016", "2024"]
    data = client.get("/map/data.json?edition=2024").json()
    assert (data["count"], [feature["properties"]["hub"] for feature in data["features"]]) == (3, ["noksan"])
    regions = page_data(client, "edition=2024")[0]["regions"]["zone"]["regions"]
    assert [slug for slug, region in regions.items() if region["count"]] == ["busan"]
    assert not any(region["pictured"] for region in regions.values())
    hatched = page_data(client, "edition=2016")[0]["regions"]["zone"]["regions"]
    assert {slug for slug, region in hatched.items() if region["pictured"] == "2016"} == {
        "chungcheong", "north-jeolla", "busan", "ulsan", "gangwon"
    }  # fmt: skip
    assert "2024" in text_of(client, "/map.svg?edition=2024") and "2024" in text_of(
        client, "/map/embed/?edition=2024"
    )


def test_notices_lead_to_the_newest_legible_list_of_each_zone(client, before, status_2024):
    text = words_of(client.get("/clusters/?edition=2016"))
    assert "Figure 15 prints the 2016 list of some zones as a picture only" in text
    assert "See them in 2010: Chungcheong , North Jeolla , Ulsan , Gangwon" in text
    assert "See them in 2024: Busan" in text


def test_what_was_said_of_two_documents_is_said_of_three(client, status_2024):
    assert "Transcribed from three documents, of 2010, 2016 and 2024." in words_of(client.get("/support/"))
    assert "All facts here were read in three documents" in words_of(client.get("/about/"))
    assert "the European briefing of 2016 and KICOX’s status of 2024" in words_of(client.get("/"))


def test_the_older_ones_are_rung_by_the_new_number_once_they_are_continued(client, editing, status_2024):
    older = MiniCluster.objects.get(slug="2010-noksan-shipbuilding-apparatus")
    newer = MiniCluster.objects.get(slug="2024-noksan-ships")
    assert client.get("/clusters.json?slug=" + older.slug).json()["results"][0]["status_after"] == "unknown"
    add(editing, Continuation, later=newer.pk, earlier=older.pk, kind="renamed", note="Ships for ships.")
    (record,) = client.get("/clusters.json?slug=" + older.slug).json()["results"]
    assert (record["continued_by"], record["status_after"]) == (newer.slug, "renamed")
    assert "+82-51-970-9000 2024, as “Ships”" in words_of(client.get("/clusters/?slug=" + older.slug))
    page = words_of(client.get(f"/clusters/{older.slug}/"))
    assert "Whom to ring +82-51-970-9000 2024, as “Ships”" in page and older.telephone in page
    assert slugs(client, "edition=2024&status_before=renamed") == {newer.slug}
    assert slugs(client, "edition=2024&status_before=new") == SLUGS - {newer.slug}


def test_an_edition_of_the_same_year_is_newer_by_its_order(client):
    first = Edition.objects.get(slug="2016")
    later = Edition.objects.create(
        slug="2016-autumn", year=2016, order=1, document=first.document, locator="Table 2"
    )
    later.zones.set(Zone.objects.filter(slug="seoul"))
    assert first.is_before(later) and not later.is_before(first)
    assert slugs(client, "zone=seoul") == set()
    hub = Hub.objects.get(slug="seoul")
    MiniCluster.objects.create(
        slug="autumn",
        name="Autumn",
        edition=later,
        number=1,
        hub=hub,
        document=first.document,
        locator="Table 2",
    )
    assert slugs(client, "zone=seoul") == slugs(client, "edition=2016-autumn") == {"autumn"}


def test_a_zone_that_is_legible_nowhere_is_named_without_a_link(client):
    busan = Zone.objects.get(slug="busan")
    for edition in Edition.objects.exclude(slug="2016"):
        edition.zones.remove(busan)
    for page in (
        "/clusters/?edition=2016",
        "/map/?edition=2016",
        "/map/embed/?edition=2016",
        "/regions/zones/busan/",
    ):
        assert client.get(page).status_code == 200, page
    assert "See them in 2010: Chungcheong , North Jeolla , Ulsan , Gangwon" in words_of(
        client.get("/clusters/?edition=2016")
    )


def test_a_mini_cluster_must_lie_where_its_edition_covers(editing):
    cluster = MiniCluster.objects.get(slug="2016-gumi-mobile")
    response = editing.post(
        address(MiniCluster, "change", cluster.pk),
        form_values(editing.get(address(MiniCluster, "change", cluster.pk)))
        | {"hub": Hub.objects.get(slug="ulsan").pk},
    )
    assert errors(response) == {"hub": ["The edition 2016 does not cover its zone, Ulsan."]}


def test_the_slug_of_an_edition_stays_as_made(editing):
    edition = Edition.objects.get(slug="2016")
    page = address(Edition, "change", edition.pk)
    editing.post(page, form_values(editing.get(page)) | {"slug": "y2016", "locator": "Figure 15, again"})
    edition.refresh_from_db()
    assert (edition.slug, edition.locator) == ("2016", "Figure 15, again")
