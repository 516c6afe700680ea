"""What the map page asks for one by one: the cards that open at a mark, and the list in view."""

import re

import pytest

from clusters.models import MiniCluster
from complexes.models import Hub, IndustrialComplex, Office
from tests.mapping import BUSAN, CARD_QUERIES, card, inside, placed_rows, slugs_in
from tests.reading import QUERIES

pytestmark = pytest.mark.django_db


def items(text):
    """Return the items of a part, without the space between them."""
    return [" ".join(item.split()) for item in re.findall(r"<li data-slug.*?</li>", text, flags=re.DOTALL)]


# --- What opens at a mark


@pytest.mark.parametrize("query", QUERIES["clusters"])
def test_hubs_hold_the_records_of_the_file(client, query):
    """The parts of all hubs together are the CSV of the same query string."""
    expected = placed_rows(client, "clusters", query)
    found = []
    for hub in sorted({row["hub"] for row in expected} | {"gumi"}):
        text = card(client, f"/map/hub/{hub}/?{query}")
        n = len([row for row in expected if row["hub"] == hub])
        assert f": {n} mini cluster{'' if n == 1 else 's'}</h2>" in text
        assert len(slugs_in(text)) == n
        found += slugs_in(text)
    assert sorted(found) == sorted(row["slug"] for row in expected)


@pytest.mark.parametrize("query", QUERIES["complexes"])
def test_points_hold_the_complexes_of_the_file(client, query):
    expected = placed_rows(client, "complexes", query)
    by_point = {}
    for row in expected:
        by_point.setdefault((row["longitude"], row["latitude"]), []).append(row["slug"])
    for members in by_point.values():
        assert slugs_in(card(client, f"/map/complex/{members[0]}/?{query}")) == sorted(members)


@pytest.mark.parametrize(
    ("page", "address"),
    [
        ("/map/?hub=gumi&edition=2016", "/map/hub/gumi/?edition=2016"),
        ("/map/?hub=gumi&edition=2016", "/map/in-view/?hub=gumi&edition=2016"),
        ("/map/?show=complexes&hub=gumi", "/map/in-view/?show=complexes&hub=gumi"),
    ],
)
def test_items_are_those_of_the_list_beside_the_map(client, page, address):
    listed = items(client.get(page).content.decode())
    # In a card, whom to ring stands below each.
    found = [item.partition("<br>")[0].removesuffix("</li>") for item in items(card(client, address))]
    assert listed and found == [item.removesuffix("</li>") for item in listed]


def test_a_hub_says_its_connected_complexes_and_its_office(client):
    text = card(client, "/map/hub/gumi/")
    connected = placed_rows(client, "complexes", "hub=gumi&role=connected-2010")
    points = {
        f'<a href="/complexes/{row["slug"]}/" data-point="{row["latitude"]},{row["longitude"]}">'
        for row in connected
    }
    assert points == set(re.findall(r'<a href="/complexes/[^>]*>', text))
    office = Office.objects.get(slug="kicox-gumi-branch")
    assert f"Office (2010): {office.name}, {office.address}" in text
    # Nothing of the filter at this hub: that, too, is said.
    text = card(client, "/map/hub/gumi/?q=zzzz")
    assert ": 0 mini clusters</h2>" in text and "<li" not in text


def test_an_office_says_of_when_and_whose_it_is(client):
    text = " ".join(card(client, "/map/office/kicox-gumi-branch/").split())
    assert "Address, in 2010, of the mini clusters of:" in text and ">Gumi</a>" in text


def test_a_complex_says_its_roles_and_how_exact_its_place_is(client):
    text = card(client, "/map/complex/gumi/")
    assert re.search(r'<h2 tabindex="-1">\s*Gumi <span lang="ko">구미국가산업단지</span>\s*</h2>', text)
    assert "pilot 2005, hub 2010, listed 2016 · hub: Gumi" in text
    assert "only" not in text
    rough = IndustrialComplex.objects.filter(location_precision="municipality").first()
    assert "Placed by its municipality only" in card(client, f"/map/complex/{rough.slug}/")


def test_complexes_at_one_spot_open_together(client):
    gumi = IndustrialComplex.objects.get(slug="gumi")
    IndustrialComplex.objects.filter(slug="daebul").update(latitude=gumi.latitude, longitude=gumi.longitude)
    text = card(client, "/map/complex/daebul/")
    assert slugs_in(text) == ["daebul", "gumi"]
    assert re.search(r": 2 industrial complexes\s*</h2>", text)
    # One without a point has no neighbours at it.
    IndustrialComplex.objects.filter(hub__slug="gumi").update(
        latitude=None, longitude=None, location_precision=""
    )
    assert slugs_in(card(client, "/map/complex/gumi/")) == ["gumi"]


def test_an_office_says_its_address_and_whose_it_was(client):
    text = card(client, "/map/office/kicox-gumi-branch/")
    assert "164, Gongdan-dong, Gumi-si" in text
    assert '<a href="/clusters/?hub=gumi">Gumi</a>' in text


def test_a_large_hub_lists_some_and_leads_to_all(client):
    gumi = Hub.objects.get(slug="gumi")
    first = MiniCluster.objects.filter(hub=gumi, edition__year=2016).first()
    MiniCluster.objects.bulk_create(
        MiniCluster(
            slug=f"made-{n}", name=f"Made {n}", edition=first.edition, number=1000 + n, hub=gumi,
            document=first.document, locator="test",
        )
        for n in range(100)
    )  # fmt: skip
    text = card(client, "/map/hub/gumi/?edition=2016&regions=none")
    assert len(slugs_in(text)) == 60 and ": 107 mini clusters</h2>" in text
    assert 'href="/clusters/?edition=2016&amp;regions=none&amp;hub=gumi">All 107 of them as a list' in text


# --- The list of what is in view


@pytest.mark.parametrize(("show", "query"), [("clusters", "edition=2010"), ("complexes", "kind=general")])
def test_the_list_in_view_is_the_file_within_it(client, show, query):
    text = card(client, f"/map/in-view/?show={show}&{query}&bbox={BUSAN}")
    expected = [row["slug"] for row in placed_rows(client, show, query) if inside(row, BUSAN)]
    assert slugs_in(text) == sorted(expected)
    assert f'data-count="{len(expected)}"' in text


# --- Like every other answer


CARDS = ["/map/hub/gumi/", "/map/complex/gumi/", "/map/office/kicox-gumi-branch/", "/map/in-view/"]


@pytest.mark.parametrize("address", CARDS)
def test_it_is_read_only_cacheable_and_not_sent_again(client, address):
    response = client.get(address)
    assert response["Cache-Control"] == "public, no-cache, stale-if-error=86400"
    assert not response.cookies and "Cookie" not in response.get("Vary", "")
    assert client.get(address, headers={"If-None-Match": response["ETag"]}).status_code == 304
    assert client.head(address).content == b""
    client.handler.enforce_csrf_checks = True
    for method in ("post", "put", "patch", "delete", "options"):
        assert getattr(client, method)(address).status_code == 405


@pytest.mark.parametrize(
    "address",
    [
        "/map/hub/unknown/",
        "/map/hub/2016-gumi-mobile/",
        "/map/complex/unknown/",
        "/map/office/gumi/",
        "/map/hub/%00/",
        "/map/in-view/?show=offices",
    ],
)
def test_what_is_unknown_is_not_found(client, address):
    assert client.get(address).status_code == 404


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("zone=atlantis", "zone: There is no “atlantis” here."),
        ("q=%00", "q: Null characters are not allowed."),
        ("bbox=1", "bbox: Give four numbers in degrees"),
        ("zone=<script>", "There is no “&lt;script&gt;” here."),
    ],
)
@pytest.mark.parametrize("address", ["/map/hub/gumi/", "/map/complex/gumi/", "/map/in-view/"])
def test_what_cannot_be_read_is_refused_in_words(client, address, query, said):
    response = client.get(f"{address}?{query}")
    assert response.status_code == 400
    assert said in response.content.decode()


@pytest.mark.parametrize(
    "query",
    [
        "q=" + "x" * 10_000,
        "zone=" + "x" * 10_000,
        "slug=" + ",".join(["x"] * 500),
        "sort=-",
        "page=-1",
        "zoom=nan",
        "edition=99999999999999999999",
        "%00=1",
        "q=%ff%fe",
        "x" * 10_000,
    ],
)
@pytest.mark.parametrize("address", CARDS)
def test_no_query_string_breaks_a_part(client, address, query):
    response = client.get(f"{address}?{query}")
    assert response.status_code in (200, 400)
    assert len(response.content) < 100_000


def test_nothing_of_a_record_becomes_markup(client):
    payload = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
    MiniCluster.objects.filter(hub__slug="gumi").update(name=payload)
    IndustrialComplex.objects.filter(hub__slug="gumi").update(name=payload, name_ko=payload)
    Hub.objects.filter(slug="gumi").update(name=payload, name_ko=payload)
    Office.objects.filter(slug="kicox-gumi-branch").update(name=payload, address=payload)
    for address in CARDS:
        text = card(client, address)
        assert "<script>alert" not in text and "<img src=x" not in text
        assert "&lt;script&gt;alert" in text


@pytest.mark.parametrize(("address", "queries"), CARD_QUERIES.items())
def test_a_part_takes_so_many_queries(client, address, queries, django_assert_num_queries):
    card(client, address)  # what the stores learn once is known by now
    with django_assert_num_queries(queries):
        card(client, address)
