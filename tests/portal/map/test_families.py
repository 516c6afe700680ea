"""Families of sectors on every map: their style sheet, and a sixth one that an editor makes in the admin."""

import re

import pytest
from django.utils.html import escape

from clusters.models import Family, MiniCluster, Sector
from clusters.shapes import Shape, path
from portal.map.drawing import COLOURS
from tests.editing import address, errors, save
from tests.mapping import SVG, data, of_class, page_data, picture, texts
from tests.reading import page_of

pytestmark = pytest.mark.django_db

SIXTH = {
    "slug": "space-deep-sea",
    "name": "Space & deep sea",
    "name_ko": "우주·심해",
    "colour": "#5b3a8c",
    "colour_dark": "#c9b2f0",
    "shape": "star",
    "order": "6",
}


def schemes(client):
    """Return {family: colour} of the style sheet in the light and in the dark scheme."""
    light, dark = page_of(client, "/families.css").split("@media screen and (prefers-color-scheme: dark)")
    return [dict(re.findall(r"\.family-([\w-]+) \{ --hub: (#\w{6}); \}", part)) for part in (light, dark)]


def test_the_style_sheet_has_each_family_in_both_schemes(client):
    families = Family.objects.all()
    assert schemes(client) == [
        {family.slug: family.colour for family in families},
        {family.slug: family.colour_dark for family in families},
    ]


def test_the_style_sheet_is_public_and_not_sent_again(client):
    response = client.get("/families.css")
    assert response["Content-Type"] == "text/css; charset=utf-8"
    assert response["Cache-Control"] == "public, no-cache, stale-if-error=86400"
    assert not response.cookies and "Cookie" not in response.get("Vary", "")
    assert client.get("/families.css", headers={"If-None-Match": response["ETag"]}).status_code == 304
    assert client.post("/families.css").status_code == 405


@pytest.mark.parametrize("page", ["/map/", "/map/?show=complexes", "/map/embed/"])
def test_pages_with_a_map_link_the_style_sheet_once(client, page):
    assert page_of(client, page).count('<link rel="stylesheet" href="/families.css">') == 1


def test_the_page_tells_its_script_the_families_in_order(client):
    families = page_data(client, "")[0]["families"]
    expected = [
        (family.slug, {"name": family.name, "path": family.path(1)}) for family in Family.objects.all()
    ]
    assert list(families.items()) == expected
    assert len({family["path"] for family in families.values()}) == len(expected) >= 5


def test_a_sixth_family_needs_the_admin_alone(editing):
    assert editing.post(address(Family, "add"), SIXTH).status_code == 302
    family = Family.objects.get(slug=SIXTH["slug"])
    sector = {"slug": "submarines", "name": "Submarines", "name_ko": "", "description": "", "order": "15"}
    assert editing.post(address(Sector, "add"), sector | {"family": family.pk}).status_code == 302
    submarines = Sector.objects.get(slug="submarines")
    for cluster in MiniCluster.objects.filter(hub__slug="gumi"):
        assert save(editing, cluster, sectors=[submarines.pk]).status_code == 302

    assert [scheme[family.slug] for scheme in schemes(editing)] == [family.colour, family.colour_dark]
    (feature,) = data(editing, "hub=gumi")["features"]
    assert feature["properties"]["family"] == family.slug
    assert page_data(editing, "")[0]["families"][family.slug] == {
        "name": family.name,
        "path": path(Shape.STAR),
    }
    label, key = (
        "Gumi: 7 mini clusters, mostly Space &amp; deep sea",
        f'class="shape-key family-{family.slug}"',
    )
    for page in ("/map/", "/map/embed/"):
        text = page_of(editing, page)
        assert f'aria-label="{label}"' in text
        assert f'<g class="mark family-{family.slug}"' in text
        legend = text.partition('aria-label="Legend"')[2].partition("</div>")[0]
        assert key in legend and escape(family.name) in legend
    svg = picture(editing)
    (mark,) = [group for group in svg.iter(f"{SVG}g") if group.get("class") == f"mark family-{family.slug}"]
    assert mark.get("fill") == family.colour and mark.find(f"{SVG}text").text == "7"
    assert mark.find(f"{SVG}path").get("d") == path(Shape.STAR, round(6 * 7**0.5, 1))
    assert of_class(svg, "key")[-1].get("fill") == family.colour and family.name in texts(svg)
    assert "15 of our own" in page_of(editing, "/sectors/")
    assert "15 of our own in 6 families" in page_of(editing, "/about/")


@pytest.mark.parametrize(
    ("field", "colour", "message"),
    [
        ("colour", "#ffff00", "Its contrast to #ffffff is 1.1 to 1; it must be 4.5 to 1 at least."),
        ("colour_dark", "#1e4c9c", "Its contrast to #0a1a2a is 2.2 to 1; it must be 4.5 to 1 at least."),
    ],
)
def test_a_colour_that_cannot_be_told_is_refused_with_its_ratio(editing, field, colour, message):
    response = editing.post(address(Family, "add"), SIXTH | {field: colour})
    assert errors(response) == {field: [message]}
    assert not Family.objects.filter(slug=SIXTH["slug"]).exists()


def test_two_families_have_not_one_shape(editing):
    response = editing.post(address(Family, "add"), SIXTH | {"shape": "circle"})
    assert errors(response).keys() == {"shape"}


@pytest.mark.parametrize("sectors", [1, 0])
def test_a_hub_without_a_family_is_a_circle_in_the_colour_of_hubs(client, sectors):
    without = [Sector.objects.create(slug="other", name="Other", family=None)][:sectors]
    for cluster in MiniCluster.objects.filter(hub__slug="gumi"):
        cluster.sectors.set(without)
    (feature,) = data(client, "hub=gumi")["features"]
    assert feature["properties"]["family"] is None
    for query in ("hub=gumi", ""):
        svg = picture(client, query)
        (mark,) = [group for group in svg.iter(f"{SVG}g") if group.get("class") == "mark"]
        assert mark.get("fill") == COLOURS["hub"]
        assert mark.find(f"{SVG}path").get("d") == path(Shape.CIRCLE, round(6 * 7**0.5, 1))
    assert 'aria-label="Gumi: 7 mini clusters"' in page_of(client, "/map/")
