"""The map that the server draws: as a picture, on paper, and until the script has come."""

import csv
import html
import io
import json
import re
import urllib.request
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.utils import timezone

from clusters.models import MiniCluster, Sector
from complexes.models import Hub, IndustrialComplex, PanRegion, Zone
from portal.base.points import MAX_MARKS, MapPoint, short, spread
from portal.map.drawing import HUB_COLOUR, KIND_COLOURS, SECTOR_COLOURS, marks
from portal.map.regions import STEP_COLOURS, STEPS

from .browsing import page_of, settle, visitor

SVG = "{http://www.w3.org/2000/svg}"
STATIC = Path(__file__).resolve().parent.parent / "static" / "css"


def picture(client, query=""):
    response = client.get(f"/map.svg?{query}")
    assert response.status_code == 200
    return ElementTree.fromstring(response.content)


def texts(svg):
    return ["".join(text.itertext()) for text in svg.iter(f"{SVG}text")]


def of_class(svg, name):
    """Return the elements of this one class."""
    return [element for element in svg.iter() if element.get("class") == name]


def rows_of(client, stem, query):
    """Return the rows of the CSV of this query string."""
    text = client.get(f"/{stem}.csv?{query}").content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def letters_of_hubs(rows):
    """Return {hub: letters of the sector that most of its rows have}; of equals, the first in order."""
    order = list(Sector.objects.values_list("slug", flat=True))
    counts = {}
    for row in rows:
        counts.setdefault(row["hub_name"], Counter()).update(filter(None, row["sectors"].split("; ")))
    leading = {hub: min(found, key=lambda it: (-found[it], order.index(it))) for hub, found in counts.items()}
    return {hub: sector[:3].upper() for hub, sector in leading.items()}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "query",
    ["", "sector=automotive", "edition=2009&q=parts", "q=zzzz", "zone=busan&edition=2010&regions=pan_region"],
)
def test_the_picture_numbers_names_and_colours_the_hubs_of_the_filter(client, query):
    svg = picture(client, query)
    records = rows_of(client, "clusters", query)
    expected = Counter(record["hub_name"] for record in records)
    numbers = sorted(int(number.text) for number in of_class(svg, "number"))
    assert numbers == sorted(expected.values())
    named = {name.text.strip(): "".join(it.text for it in name) for name in of_class(svg, "name")}
    assert named.keys() == expected.keys()
    leading = letters_of_hubs(records)
    assert named == leading
    # Each sector that leads somewhere stands in the legend, with the colour that its hubs have.
    keys = {key.get("fill") for key in of_class(svg, "key")}
    assert len(of_class(svg, "key")) == len(set(leading.values()))
    marks_drawn = [it for it in svg.iter(f"{SVG}g") if (it.get("class") or "").startswith("mark ")]
    assert {mark.get("fill") for mark in marks_drawn} == keys
    shown = " ".join(texts(svg))
    today = timezone.localdate()
    assert f"{len(records)} mini cluster" in shown and f"{today.day} {today:%B %Y}" in shown
    assert "Legend" in shown and (not records or "After" in shown)


@pytest.mark.django_db
def test_the_picture_draws_every_complex_by_its_kind(client):
    svg = picture(client, "show=complexes&kind=general&kind=agro-industrial")
    expected = client.get("/complexes.json?kind=general&kind=agro-industrial").json()["results"]
    drawn = sorted(group.get("class") for group in svg.iter(f"{SVG}g") if group.get("class"))
    assert drawn == sorted(f"mark is-{record['kind']}" for record in expected)
    assert "Kind: general; Kind: agro-industrial" in " ".join(texts(svg))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "name", "titles"),
    [
        ("", "zone", 11),
        ("edition=2009&sector=automotive", "zone", 11),
        ("regions=pan_region", "pan_region", 7),
        ("regions=nonsense&q=parts", "zone", 11),
        ("regions=none", "zone", 0),
        ("show=complexes&regions=pan_region&kind=national", "pan_region", 7),
    ],
)
def test_the_picture_says_and_colours_the_number_of_each_region(client, query, name, titles):
    svg = picture(client, query)
    stem = "complexes" if "complexes" in query else "clusters"
    counts = Counter(row[name] for row in rows_of(client, stem, query))
    model = {"zone": Zone, "pan_region": PanRegion}[name]
    areas = of_class(svg, "area")
    found = {}
    for area in areas:
        region, _, number = area.find(f"{SVG}title").text.partition(": ")
        found[region] = (int(number.split()[0]), area.get("fill"))
    assert len(areas) == titles
    slugs = dict(model.objects.values_list("name", "slug"))
    assert all(n == counts[slugs[region]] for region, (n, _fill) in found.items())
    # The darker the more; the legend has each colour with its class.
    steps = [STEP_COLOURS.index(fill) for _n, fill in sorted(found.values(), key=lambda it: it[0])]
    assert steps == sorted(steps)
    legend = [STEP_COLOURS.index(it.get("fill")) for it in of_class(svg, "class")]
    assert legend == sorted(legend) and set(steps) <= set(legend)


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/map.svg", "/map/embed/", "/map/"])
def test_zones_that_are_pictures_are_hatched(client, address):
    pictured = Zone.objects.pictured_2016()
    text = page_of(client, f"{address}?edition=2016")
    for zone in pictured:
        assert f"{zone.name}: 0 mini clusters – its list of 2016 is printed as a picture" in text
    # The areas and the key of the legend; pages have that as a style.
    drawn = text.count('fill="url(#drawn-hatch)"')
    assert drawn == len(pictured) + (address == "/map.svg")
    for other in ("?edition=2010", "?edition=2016&regions=pan_region", "?show=complexes", ""):
        assert "url(#drawn-hatch)" not in page_of(client, address + other)


def test_the_drawn_colours_are_those_of_the_large_map():
    styles = "".join((STATIC / f"{name}.css").read_text() for name in ("map", "portal"))
    light = dict(reversed(re.findall(r"--([\w-]+): (#\w+);", styles)))
    sectors = {name.removeprefix("sector-"): it for name, it in light.items() if name.startswith("sector-")}
    assert sectors == SECTOR_COLOURS
    assert tuple(light[f"step-{step}"] for step in range(STEPS + 1)) == STEP_COLOURS
    assert {kind: light[kind] for kind in KIND_COLOURS} == KIND_COLOURS
    assert light["hub"] == HUB_COLOUR


@pytest.mark.django_db
def test_the_picture_is_a_file_of_its_own_under_the_strict_policy(client):
    response = client.get("/map.svg?show=complexes")
    assert response["Content-Type"] == "image/svg+xml; charset=utf-8"
    assert "unsafe" not in response["Content-Security-Policy"] and not response.cookies
    assert response["X-Frame-Options"] == "DENY"
    text = response.content.decode()
    for foreign in ("<style", "style=", "<script", "href=", "<foreignObject", "<image", "<use"):
        assert foreign not in text
    assert set(re.findall(r"url\(([^)]*)", page_of(client, "/map.svg?edition=2016"))) == {"#drawn-hatch"}
    assert (
        client.get("/map.svg", headers={"If-None-Match": client.get("/map.svg")["ETag"]}).status_code == 304
    )


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "&lt;b&gt;", '"><g onload="x', "bell\x07 ]]>"])
def test_names_in_the_picture_and_embed_are_never_markup(client, name):
    Hub.objects.filter(slug="gumi").update(name=name)
    drawn = texts(picture(client, "hub=gumi"))
    assert any(text.startswith(name.replace("\x07", "")) for text in drawn)
    embed = page_of(client, "/map/embed/?hub=gumi")
    assert "<script>alert" not in embed and "<g onload" not in embed


@pytest.mark.django_db
def test_a_search_in_the_picture_is_never_markup(client):
    words = "<script>x</script>"
    svg = picture(client, "q=%3Cscript%3Ex%3C/script%3E")
    assert f"Search: {words}" in " ".join(texts(svg))
    assert not list(svg.iter(f"{SVG}script"))


@pytest.mark.django_db
def test_the_picture_of_a_bad_filter_is_its_reason(client):
    response = client.get("/map.svg?zone=atlantis")
    assert response.status_code == 400
    assert json.loads(response.content) == {"errors": {"zone": ["There is no “atlantis” here."]}}
    assert client.get("/map.svg?show=nothing").status_code == 404


def test_names_stand_beside_their_marks_and_not_on_each_other():
    places = [(100, 100), (130, 100), (100, 112), (672, 300), (5, 300)]
    drawn = marks([MapPoint(Hub(name=f"Place {n}"), x, y, 1, 9) for n, (x, y) in enumerate(places)])
    assert len({(mark.name.x, mark.name.y) for mark in drawn}) == len(places)
    assert drawn[3].name.anchor == "end"
    assert drawn[4].name.anchor == "start"


def test_too_many_names_are_left_out():
    drawn = marks([MapPoint(Hub(name="Hub"), 10 * n, 10, 1, 9) for n in range(50)])
    assert len(drawn) == 50 and not any(mark.name for mark in drawn)


@pytest.fixture
def more_hubs():
    """As many hubs as are not drawn one by one, at two places, with two mini clusters each."""
    gumi, busan = (Hub.objects.select_related("seat").get(slug=slug) for slug in ("gumi", "noksan"))
    source = {"document": gumi.document, "locator": "test"}
    hubs = [
        Hub(slug=f"more-{n}", name=f"More {n}", seat=(gumi, busan)[n % 2].seat, **source)
        for n in range(MAX_MARKS)
    ]
    hubs = Hub.objects.bulk_create(hubs)
    MiniCluster.objects.bulk_create(
        MiniCluster(
            slug=f"{hub.slug}-{n}", name="x", edition=2010, number=1000 + n + 2 * number, hub=hub, **source
        )
        for number, hub in enumerate(hubs)
        for n in (0, 1)
    )


@pytest.mark.django_db
def test_too_many_marks_become_cells_that_say_so(client, more_hubs, django_assert_num_queries):
    query = "edition=2010"
    n = len(rows_of(client, "clusters", query))
    with django_assert_num_queries(5):
        svg = picture(client, query)
    assert "too many to draw one by one" in texts(svg)
    assert not of_class(svg, "name") and not of_class(svg, "key")
    assert len(of_class(svg, "mark")) < 40
    for address in ("/map/embed/", "/map/"):
        text = page_of(client, f"{address}?{query}")
        assert "there are too many to draw one by one" in text
        labels = set(re.findall(r'aria-label="[\d.]+° N, [\d.]+° E: (\d+) mini clusters?"', text))
        links = re.findall(r'class="spot-link" href="([^"]+)"', text)
        assert max(map(int, labels)) >= MAX_MARKS and len(links) < 40
        assert re.fullmatch(r"/map/\?edition=2010&amp;lat=[\d.]+&amp;lon=[\d.]+&amp;zoom=9", links[0])
    counts = re.findall(r'<span class="aside">(\d+)</span>\s*</li>', page_of(client, f"/map/embed/?{query}"))
    assert sum(map(int, counts)) == n


@pytest.mark.django_db
def test_the_home_page_draws_cells_too(client, more_hubs):
    # The newest known edition is that of 2010 in Busan alone.
    MiniCluster.objects.filter(slug__startswith="more-", hub__seat__slug="gumi").update(edition=2016)
    text = page_of(client, "/")
    assert "There are more hubs than can be drawn" in text
    assert text.partition('class="hub-map"')[2].partition("</svg>")[0].count("<circle") < 40
    MiniCluster.objects.filter(slug__startswith="more-").delete()
    text = page_of(client, "/")
    drawn = text.partition('class="hub-map"')[2].partition("</svg>")[0]
    numbers = [int(n) for n in re.findall(r'aria-label="[^":]+: (\d+)"', drawn)]
    assert sorted(numbers) == sorted(MiniCluster.objects.latest_known().count_by_hub().values())
    assert "than can be drawn" not in text


@pytest.mark.parametrize(
    ("count", "words"),
    [(1, "1"), (999, "999"), (1000, "1.0k"), (9949, "9.9k"), (9950, "10k"), (123456, "123k")],
)
def test_a_large_number_is_short(count, words):
    assert short(count) == words


def test_circles_at_one_spot_are_drawn_apart():
    apart = spread([MapPoint(Hub(name="Hub"), 100, 100, 5, 12), MapPoint(Hub(name="Hub"), 100, 100, 5, 12)])
    assert abs(apart[0].x - apart[1].x) >= 20


@pytest.mark.django_db
@pytest.mark.parametrize("query", ["", "edition=2009", "show=complexes&kind=national", "q=zzzz"])
def test_paper_and_first_paint_draw_what_the_picture_draws(client, query):
    """The marks, their words and colours, and the regions are those of /map.svg, whatever page is open."""
    text = page_of(client, f"/map/?{query}")
    paper = text.partition('class="print-map"')[2].partition("</figure>")[0]
    first = text.partition('<svg class="drawn"')[2].partition("</svg>")[0]
    svg = picture(client, query)
    expected = sorted(it.get("transform") for it in svg.iter(f"{SVG}g") if "mark" in (it.get("class") or ""))
    for drawn in (first, paper) if expected else (first,):
        assert sorted(re.findall(r'<g class="mark[^"]*"\s+transform="([^"]+)"', drawn)) == expected
        labels = [html.unescape(label) for label in re.findall(r'aria-label="([^"]+: \d[^"]*)"', drawn)]
        assert {area.find(f"{SVG}title").text for area in of_class(svg, "area")} <= set(labels)
    fills = [area.get("fill") for area in of_class(svg, "area")]
    assert not expected or sorted(re.findall(r'<g class="area[^>]* fill="([^"]+)"', paper)) == sorted(fills)


@pytest.mark.django_db
def test_a_record_without_a_place_is_counted_but_not_drawn(client):
    IndustrialComplex.objects.filter(slug="gumi").update(latitude=None, longitude=None, location_precision="")
    svg = picture(client, "show=complexes&slug=gumi")
    assert "1 industrial complex, 1 without a place on the map" in texts(svg)
    assert not [group for group in svg.iter(f"{SVG}g") if (group.get("class") or "").startswith("mark")]


@pytest.mark.browser
def test_the_picture_opens_by_itself_and_has_the_letters_of_the_large_map(browser, portal):
    with visitor(browser) as page:
        page.goto(f"{portal}/map/?edition=2010")
        settle(page)
        shown = page.locator("#map .hub-marker [data-letters]").evaluate_all(
            "all => all.map(it => `${it.textContent} ${it.dataset.letters}`)"
        )
    picture = urllib.request.urlopen(f"{portal}/map.svg?edition=2010", timeout=60).read()
    svg = ElementTree.fromstring(picture)
    numbers = [number.text for number in of_class(svg, "number")]
    letters = [name[0].text for name in of_class(svg, "name")]
    assert sorted(shown) == sorted(f"{n} {it}" for n, it in zip(numbers, letters, strict=True))
    context = browser.new_context()
    page, refused = context.new_page(), []
    page.on("console", lambda message: refused.append(message.text))
    page.goto(f"{portal}/map.svg?edition=2016")
    # Nothing of it is refused by the policy: hatching, colours and text are drawn.
    width = page.locator("text.name").first.evaluate("name => name.getBBox().width")
    assert width > 20 and not [text for text in refused if "favicon" not in text and "404" not in text]
    context.close()
