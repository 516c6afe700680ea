"""The map that the server draws: as a picture, on paper, and until the script has come."""

import html
import re
from collections import Counter

import pytest
from django.utils import timezone

from clusters.models import Edition, Family, MiniCluster, Sector
from complexes.models import Hub, PanRegion, Zone
from portal.base.points import MAX_MARKS, MapPoint
from portal.map.drawing import marks
from portal.map.regions import STEP_COLOURS
from tests.mapping import SVG, of_class, picture, texts
from tests.reading import page_of, rows_of


def hub_names(rows):
    """Return the name of each row's hub, as the pictures have it."""
    names = dict(Hub.objects.values_list("slug", "name"))
    return [names[row["hub"]] for row in rows]


def families_of_hubs(rows):
    """Return {hub: slug of the family that most of its rows belong to}; of equals, the first in order."""
    order = list(Family.objects.values_list("slug", flat=True))
    family_of = dict(Sector.objects.values_list("slug", "family__slug"))
    counts = {}
    for hub, row in zip(hub_names(rows), rows, strict=True):
        sectors = filter(None, row["sectors"].split("; "))
        counts.setdefault(hub, Counter()).update({family_of[sector] for sector in sectors})
    return {hub: min(found, key=lambda it: (-found[it], order.index(it))) for hub, found in counts.items()}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "query",
    ["", "sector=automotive", "edition=2009&q=parts", "q=zzzz", "zone=busan&edition=2010&regions=pan_region"],
)
def test_the_picture_numbers_names_colours_and_shapes_the_hubs_of_the_filter(client, query):
    svg = picture(client, query)
    records = rows_of(client, "clusters", query)
    expected = Counter(hub_names(records))
    numbers = sorted(int(number.text) for number in of_class(svg, "number"))
    assert numbers == sorted(expected.values())
    assert {name.text.strip() for name in of_class(svg, "name")} == expected.keys()
    leading = families_of_hubs(records)
    families = {f"mark family-{family.slug}": family for family in Family.objects.all()}
    drawn = [it for it in svg.iter(f"{SVG}g") if (it.get("class") or "").startswith("mark")]
    assert Counter(mark.get("class") for mark in drawn) == Counter(
        f"mark family-{slug}" for slug in leading.values()
    )
    for mark in drawn:
        family = families[mark.get("class")]
        assert mark.get("fill") == family.colour
        # As large as its number, whatever the shape.
        n = int(mark.find(f"{SVG}text").text)
        assert mark.find(f"{SVG}path").get("d") == family.path(round(max(9, 6 * n**0.5), 1))
    # Each family that leads somewhere stands in the legend, in order, with the colour and shape of its hubs.
    keys = [(key.get("fill"), key.get("d")) for key in of_class(svg, "key")]
    found = [family for family in families.values() if family.slug in leading.values()]
    assert keys == [(family.colour, family.path(7)) for family in found]
    assert {family.name for family in found} <= {*texts(svg)}
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
    pictured = Zone.objects.filter(pictured_editions__slug="2016")
    text = page_of(client, f"{address}?edition=2016")
    for zone in pictured:
        assert f"{zone.name}: 0 mini clusters – its list of 2016 is printed as a picture" in text
    # The areas and the key of the legend; pages have that as a style.
    drawn = text.count('fill="url(#drawn-hatch)"')
    assert drawn == len(pictured) + (address == "/map.svg")
    for other in ("?edition=2010", "?edition=2016&regions=pan_region", "?show=complexes", ""):
        assert "url(#drawn-hatch)" not in page_of(client, address + other)


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
    edition = Edition.objects.get(slug="2010")
    hubs = [
        Hub(slug=f"more-{n}", name=f"More {n}", seat=(gumi, busan)[n % 2].seat, **source)
        for n in range(MAX_MARKS)
    ]
    hubs = Hub.objects.bulk_create(hubs)
    MiniCluster.objects.bulk_create(
        MiniCluster(
            slug=f"{hub.slug}-{n}",
            name="x",
            edition=edition,
            number=1000 + n + 2 * number,
            hub=hub,
            **source,
        )
        for number, hub in enumerate(hubs)
        for n in (0, 1)
    )


@pytest.mark.django_db
def test_too_many_marks_become_cells_that_say_so(client, more_hubs, django_assert_num_queries):
    query = "edition=2010"
    n = len(rows_of(client, "clusters", query))
    with django_assert_num_queries(9):
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
    MiniCluster.objects.filter(slug__startswith="more-", hub__seat__slug="gumi").update(
        edition=Edition.objects.get(slug="2016")
    )
    text = page_of(client, "/")
    assert "There are more hubs than can be drawn" in text
    assert text.partition('class="hub-map"')[2].partition("</svg>")[0].count("<circle") < 40
    MiniCluster.objects.filter(slug__startswith="more-").delete()
    text = page_of(client, "/")
    drawn = text.partition('class="hub-map"')[2].partition("</svg>")[0]
    numbers = [int(n) for n in re.findall(r'aria-label="[^":]+: (\d+)"', drawn)]
    hubs = MiniCluster.objects.latest_known().values_list("hub", flat=True)
    assert sorted(numbers) == sorted(Counter(hubs).values())
    assert "than can be drawn" not in text


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
