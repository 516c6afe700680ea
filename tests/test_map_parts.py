"""What the map page asks for one by one: the parts that open at a mark, the list in view; and its layers."""

import html
import json
import re

import pytest

from clusters.models import MiniCluster
from complexes.models import Hub, IndustrialComplex, Office, PanRegion, Zone

from .test_exports import QUERIES
from .test_map_data import BUSAN, inside, rows

pytestmark = pytest.mark.django_db

SLUG = re.compile(r'data-slug="([^"]+)"')


def part(client, address):
    response = client.get(address)
    assert response.status_code == 200, response.content
    return response.content.decode()


def items(text):
    """Return the items of a part, without the space between them."""
    return [" ".join(item.split()) for item in re.findall(r"<li data-slug.*?</li>", text, flags=re.DOTALL)]


def slugs(text):
    return sorted(SLUG.findall(text))


# --- What opens at a mark


@pytest.mark.parametrize("query", QUERIES["clusters"])
def test_hubs_hold_the_records_of_the_file(client, query):
    """The parts of all hubs together are the CSV of the same query string."""
    expected = rows(client, "clusters", query)
    found = []
    for hub in sorted({row["hub"] for row in expected} | {"gumi"}):
        text = part(client, f"/map/hub/{hub}/?{query}")
        n = len([row for row in expected if row["hub"] == hub])
        assert f": {n} mini cluster{'' if n == 1 else 's'}</h2>" in text
        assert len(slugs(text)) == n
        found += slugs(text)
    assert sorted(found) == sorted(row["slug"] for row in expected)


@pytest.mark.parametrize("query", QUERIES["complexes"])
def test_points_hold_the_complexes_of_the_file(client, query):
    expected = rows(client, "complexes", query)
    by_point = {}
    for row in expected:
        by_point.setdefault((row["longitude"], row["latitude"]), []).append(row["slug"])
    for members in by_point.values():
        assert slugs(part(client, f"/map/complex/{members[0]}/?{query}")) == sorted(members)


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
    assert listed and items(part(client, address)) == listed


def test_a_hub_says_its_connected_complexes_and_its_office(client):
    text = part(client, "/map/hub/gumi/")
    connected = rows(client, "complexes", "hub=gumi&role=connected-2010")
    points = {
        f'<a href="/complexes/{row["slug"]}/" data-point="{row["latitude"]},{row["longitude"]}">'
        for row in connected
    }
    assert points == set(re.findall(r'<a href="/complexes/[^>]*>', text))
    office = Office.objects.get(slug="kicox-gumi-branch")
    assert f"Office (2010): {office.name}, {office.address}" in text
    # Nothing of the filter at this hub: that, too, is said.
    text = part(client, "/map/hub/gumi/?q=zzzz")
    assert ": 0 mini clusters</h2>" in text and "<li" not in text


def test_a_complex_says_its_roles_and_how_exact_its_place_is(client):
    text = part(client, "/map/complex/gumi/")
    assert re.search(r'<h2 tabindex="-1">\s*Gumi <span lang="ko">구미국가산업단지</span>\s*</h2>', text)
    assert "pilot 2005, hub 2010, listed 2016 · hub: Gumi" in text
    assert "only" not in text
    rough = IndustrialComplex.objects.filter(location_precision="municipality").first()
    assert "Placed by its municipality only" in part(client, f"/map/complex/{rough.slug}/")


def test_complexes_at_one_spot_open_together(client):
    gumi = IndustrialComplex.objects.get(slug="gumi")
    IndustrialComplex.objects.filter(slug="daebul").update(latitude=gumi.latitude, longitude=gumi.longitude)
    text = part(client, "/map/complex/daebul/")
    assert slugs(text) == ["daebul", "gumi"]
    assert re.search(r": 2 industrial complexes\s*</h2>", text)
    # One without a point has no neighbours at it.
    IndustrialComplex.objects.filter(hub__slug="gumi").update(
        latitude=None, longitude=None, location_precision=""
    )
    assert slugs(part(client, "/map/complex/gumi/")) == ["gumi"]


def test_an_office_says_its_address_and_whose_it_was(client):
    text = part(client, "/map/office/kicox-gumi-branch/")
    assert "164, Gongdan-dong, Gumi-si" in text
    assert '<a href="/clusters/?hub=gumi">Gumi</a>' in text


def test_a_large_hub_lists_some_and_leads_to_all(client):
    gumi = Hub.objects.get(slug="gumi")
    first = MiniCluster.objects.filter(hub=gumi, edition=2016).first()
    MiniCluster.objects.bulk_create(
        MiniCluster(
            slug=f"made-{n}", name=f"Made {n}", edition=2016, number=1000 + n, hub=gumi,
            document=first.document, locator="test",
        )
        for n in range(100)
    )  # fmt: skip
    text = part(client, "/map/hub/gumi/?edition=2016&regions=none")
    assert len(slugs(text)) == 60 and ": 107 mini clusters</h2>" in text
    assert 'href="/clusters/?edition=2016&amp;regions=none&amp;hub=gumi">All 107 of them as a list' in text


# --- The list of what is in view


@pytest.mark.parametrize(("show", "query"), [("clusters", "edition=2010"), ("complexes", "kind=general")])
def test_the_list_in_view_is_the_file_within_it(client, show, query):
    text = part(client, f"/map/in-view/?show={show}&{query}&bbox={BUSAN}")
    expected = [row["slug"] for row in rows(client, show, query) if inside(row, BUSAN)]
    assert slugs(text) == sorted(expected)
    assert f'data-count="{len(expected)}"' in text


# --- Like every other answer


PARTS = ["/map/hub/gumi/", "/map/complex/gumi/", "/map/office/kicox-gumi-branch/", "/map/in-view/"]


@pytest.mark.parametrize("address", PARTS)
def test_it_is_read_only_cacheable_and_not_sent_again(client, address):
    response = client.get(address)
    assert {"public", "max-age=60"} == set(response["Cache-Control"].split(", "))
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
@pytest.mark.parametrize("address", PARTS)
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
    for address in PARTS:
        text = part(client, address)
        assert "<script>alert" not in text and "<img src=x" not in text
        assert "&lt;script&gt;alert" in text


QUERY_COUNTS = {
    # the hub, its records, its connected complexes, its office; and to know a zone by its name
    "/map/hub/gumi/": 4,
    "/map/hub/gumi/?zone=daegu-north-gyeongsang": 5,
    # the complex, those at its point, their printed roles
    "/map/complex/gumi/": 3,
    "/map/office/kicox-gumi-branch/": 2,
    "/map/in-view/": 1,
    "/map/in-view/?show=complexes": 2,
}


@pytest.mark.parametrize(("address", "queries"), QUERY_COUNTS.items())
def test_a_part_takes_so_many_queries(client, address, queries, django_assert_num_queries):
    with django_assert_num_queries(queries):
        part(client, address)


# --- What the page tells its script


def told(client, query):
    """Return what the page tells its script of a query string, and the attributes of its list."""
    text = client.get(f"/map/?{query}").content.decode()
    data = re.search(r'<script type="application/json" id="map-layers">(.*?)</script>', text, re.DOTALL)[1]
    return json.loads(data), re.search(r'<section class="map-list"[^>]*>', text)[0]


@pytest.mark.parametrize(
    ("query", "complexes", "complexes_within", "offices", "offices_within"),
    [
        ("", "", "", 18, ""),
        ("edition=2010&complex=gumi&sort=-name&regions=none", "", "", 18, ""),
        ("zone=busan&layers=offices", "zone=busan", "Zone (2016): Busan", 1, "Zone (2016): Busan"),
        (
            "sector=automotive&q=gumi&pan_region=daekyung",
            "sector=automotive&q=gumi&pan_region=daekyung",
            "Sector: Automotive, Search: gumi, Pan-region (2010): Daekyung",
            None,
            "Pan-region (2010): Daekyung",
        ),
        ("province=seoul&hub=gumi", "province=seoul&hub=gumi", "Province: Seoul, Hub: Gumi", None, None),
    ],
)
def test_layers_follow_what_of_the_filter_they_meet(
    client, query, complexes, complexes_within, offices, offices_within
):
    layers = told(client, query)[0]["overlays"]
    assert dict(pair.split("=") for pair in layers["complexes"]["filter"].split("&") if pair) == dict(
        pair.split("=") for pair in complexes.split("&") if pair
    )
    assert set(layers["complexes"]["within"].split(", ")) == set(complexes_within.split(", "))
    if offices is not None:
        assert len(layers["offices"]["marks"]) == offices
        assert layers["offices"]["within"] == offices_within
    shown = {mark["slug"] for mark in layers["offices"]["marks"]}
    chosen = Office.objects.all()
    for pair in filter(None, query.split("&")):
        name, value = pair.split("=")
        if name in ("zone", "pan_region"):
            chosen = chosen.filter(**{f"province__{name}__slug": value})
        elif name == "province":
            chosen = chosen.filter(province__slug=value)
    assert shown == set(chosen.exclude(latitude=None).values_list("slug", flat=True))


def test_a_filter_that_is_refused_narrows_no_layer(client):
    layers = told(client, "zone=atlantis&sector=ict")[0]["overlays"]
    assert layers["complexes"] == {"filter": "sector=ict", "within": "Sector: ICT"}
    assert len(layers["offices"]["marks"]) == 18


def test_the_filter_of_a_record_is_told_without_how_the_map_is_drawn(client):
    _layers, section = told(client, "zone=busan&regions=none&layers=offices&in_view=1&sort=name&zoom=8&at=x")
    assert 'data-filter="zone=busan"' in section
    assert "data-by-view" not in section


@pytest.mark.parametrize(
    ("model", "slug", "layer"), [(Zone, "busan", "zone"), (PanRegion, "jeju", "pan_region")]
)
def test_a_region_is_called_what_an_editor_calls_it(client, model, slug, layer):
    model.objects.filter(slug=slug).update(name="Named <anew>")
    for query in (f"regions={layer}", f"regions={layer}&q=zzzz"):
        layers, _section = told(client, query)
        assert layers["layers"][layer]["regions"][slug]["label"].startswith("Named <anew>: ")
    text = client.get(f"/map/?regions={layer}").content.decode()
    assert f'aria-label="{html.escape("Named <anew>")}: ' in text
