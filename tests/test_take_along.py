"""What a reader takes along: citation, link, picture of the map, embed, and paper."""

import csv
import html
import io
import json
import re
import threading
import urllib.request
from collections import Counter
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from clusters.models import MiniCluster, Sector
from complexes.models import Hub, IndustrialComplex, PanRegion, Zone
from portal.citation import Citation, bibtex_address, bibtex_text
from portal.map_drawing import (
    HUB_COLOUR,
    KIND_COLOURS,
    MOST_MARKS,
    SECTOR_COLOURS,
    MapPoint,
    marks,
    short,
    spread,
)
from portal.map_regions import STEP_COLOURS, STEPS
from portal.models import Document

from .browsing import settle, slugs_of_csv, visitor

CITED = [
    "/clusters/",
    "/clusters/?sector=automotive&edition=2010",
    "/clusters/2010-gumi-mobile/",
    "/complexes/",
    "/complexes/gumi/",
    "/support/",
    "/support/prototype-production/",
    "/map/",
    "/map/?show=complexes&kind=national",
    "/regions/",
    "/regions/zones/busan/",
    "/regions/pan-regions/honam/",
]
BRIEFING, REPORT = "Preparatory Briefing on South Korea", "The Industrial Complex Cluster Program of Korea"
SVG = "{http://www.w3.org/2000/svg}"
STATIC = Path(__file__).resolve().parent.parent / "static" / "css"


def element(text, name):
    """Return the text of the element with this id, as a browser would give it."""
    found = re.search(rf'<(\w+) id="{name}"[^>]*>(.*?)</\1>', text, re.DOTALL)
    return html.unescape(found[2])


def page_of(client, address):
    return client.get(address).content.decode()


# --- Citation


@pytest.mark.django_db
@pytest.mark.parametrize("address", CITED)
def test_every_page_of_records_is_cited_in_words_and_as_bibtex(client, address):
    text = page_of(client, address)
    citation, bibtex = element(text, "citation"), element(text, "bibtex")
    today = timezone.localdate()
    assert f"http://testserver{address}" in citation
    assert f"{today.day} {today:%B %Y}" in citation
    assert f"url = {{http://testserver{address}}}" in bibtex
    assert f"urldate = {{{today.isoformat()}}}" in bibtex
    assert element(text, "permalink") == f"http://testserver{address}"
    for name in ("citation", "permalink", "bibtex"):
        assert f'data-copy="{name}"' in text


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "named", "not_named"),
    [
        ("/clusters/", [BRIEFING, REPORT], []),
        ("/clusters/?edition=2016", [BRIEFING], [REPORT]),
        ("/clusters/?edition=2009", [REPORT], [BRIEFING]),
        ("/map/?edition=2010", [REPORT], [BRIEFING]),
        ("/support/", [BRIEFING], [REPORT]),
        ("/clusters/2010-gumi-mobile/", [REPORT], [BRIEFING]),
        ("/complexes/gumi/", [BRIEFING, REPORT], []),
        ("/clusters/?q=zzzz", [], [BRIEFING, REPORT]),
    ],
)
def test_only_the_documents_of_the_records_are_cited(client, address, named, not_named):
    text = page_of(client, address)
    for words in (element(text, "citation"), element(text, "bibtex")):
        assert all(title in words for title in named)
        assert not any(title in words for title in not_named)


@pytest.mark.django_db
def test_a_citation_says_the_filters_in_words_and_counts_all_pages(client):
    everything = "edition=2009&edition=2010&edition=2016"
    total = client.get(f"/clusters.json?{everything}").json()["count"]
    citation = element(page_of(client, f"/clusters/?{everything}&page=2"), "citation")
    assert citation.startswith("Mini clusters (Edition: 2009; Edition: 2010; Edition: 2016)")
    assert f"{total} mini clusters" in citation
    assert f"http://testserver/clusters/?{everything} " in citation


@pytest.mark.django_db
def test_a_record_is_cited_with_its_place_in_the_document(client):
    citation = element(page_of(client, "/clusters/2010-gumi-mobile/"), "citation")
    record = MiniCluster.objects.get(slug="2010-gumi-mobile")
    assert citation.startswith(record.citation_title)
    assert record.locator in citation


@pytest.mark.parametrize(
    ("words", "escaped"),
    [
        ("R&BD 100 % #1 a_b $5", r"R\&BD 100 \% \#1 a\_b \$5"),
        ("{", r"\textbraceleft{}"),
        ("}", r"\textbraceright{}"),
        (r"\input{x}", r"\textbackslash{}input\textbraceleft{}x\textbraceright{}"),
        ("~^", r"\textasciitilde{}\textasciicircum{}"),
        ("two\nlines\x00\x1b", "two lines"),
        ("구미 · Gumi", "구미 · Gumi"),
    ],
)
def test_nothing_in_bibtex_is_a_command(words, escaped):
    assert bibtex_text(words) == escaped


def test_a_bibtex_address_keeps_its_signs_but_not_its_braces():
    assert bibtex_address("http://x/?q=50%25&a=b_c") == "http://x/?q=50%25&a=b_c"
    assert bibtex_address("http://x/?q={a}\\ b") == "http://x/?q=%7Ba%7D%5C%20b"


@pytest.mark.parametrize("title", ["}, evil = {x", "{", "\\", "%", '"', "@misc{x,"])
def test_a_bibtex_entry_stays_one_entry(title):
    """Braces balance, and close only at the end: BibTeX counts them, escaped or not."""
    document = Document(title=title, authors=title, publisher=title, published=title, slug="x", year=2010)
    entry = Citation(title, "http://x/?q={", [(document, title)], filters=[title], count=title).bibtex
    depth, depths = 0, []
    for character in entry:
        depth += {"{": 1, "}": -1}.get(character, 0)
        depths.append(depth)
    assert depths[-1] == 0 and 0 not in depths[entry.index("{") : -1]
    assert entry.count("\n  ") == 6


# --- The picture


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
        for n in range(MOST_MARKS)
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
        assert max(map(int, labels)) >= MOST_MARKS and len(links) < 40
        assert re.fullmatch(r"/map/\?edition=2010&amp;lat=[\d.]+&amp;lon=[\d.]+&amp;zoom=9", links[0])
    counts = re.findall(r'<span class="aside">(\d+)</span></li>', page_of(client, f"/map/embed/?{query}"))
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
        assert sorted(re.findall(r'<g class="mark[^"]*" transform="([^"]+)"', drawn)) == expected
        labels = [html.unescape(label) for label in re.findall(r'aria-label="([^"]+: \d[^"]*)"', drawn)]
        assert {area.find(f"{SVG}title").text for area in of_class(svg, "area")} <= set(labels)
    fills = [area.get("fill") for area in of_class(svg, "area")]
    assert not expected or sorted(re.findall(r'<g class="area[^>]* fill="([^"]+)"', paper)) == sorted(fills)


# --- The embed


@pytest.mark.django_db
def test_only_the_embed_may_be_framed_and_it_sets_no_cookie(client):
    response = client.get("/map/embed/?sector=automotive")
    assert "frame-ancestors *" in response["Content-Security-Policy"]
    assert "unsafe" not in response["Content-Security-Policy"]
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert "X-Frame-Options" not in response
    assert not response.cookies and "Cookie" not in response.get("Vary", "")
    assert "frame-ancestors 'none'" in client.get("/map/")["Content-Security-Policy"]
    assert client.post("/map/embed/").status_code == 405


@pytest.mark.django_db
@pytest.mark.parametrize("query", ["", "edition=2009&sector=automotive", "show=complexes&kind=national"])
def test_the_embed_has_the_records_of_its_query_and_leads_to_the_portal(client, query):
    text = page_of(client, f"/map/embed/?{query}")
    stem = "complexes" if "complexes" in query else "clusters"
    records = client.get(f"/{stem}.json?{query}").json()["results"]
    assert f"{len(records)} " in text
    links = [
        html.unescape(link)
        for link in re.findall(
            r'<a (?:class="spot-link" )?href="([^"]+)" target="_blank" rel="noopener"', text
        )
    ]
    *found, portal = links
    # Each mark of the map stands in the list under it too.
    found, listed = found[: len(found) // 2], found[len(found) // 2 :]
    assert found == listed
    assert portal == "http://testserver/map/" + (f"?{query}" if query else "")
    if stem == "complexes":
        assert sorted(found) == sorted(f"/complexes/{record['slug']}/" for record in records)
    else:
        counts = [client.get(link.replace("/clusters/", "/clusters.json")).json()["count"] for link in found]
        assert sum(counts) == len(records)
    assert "site-header" not in text and "site-footer" not in text


@pytest.mark.django_db
def test_the_embed_says_what_it_cannot_read_or_find(client):
    response = client.get("/map/embed/?zone=atlantis")
    assert response.status_code == 400
    assert "There is no “atlantis” here." in response.content.decode()
    assert "No record meets all of these at once." in page_of(client, "/map/embed/?q=zzzz")
    assert client.get("/map/embed/?show=nothing").status_code == 404


@pytest.mark.django_db
def test_the_map_offers_the_code_of_its_own_embed(client):
    text = page_of(client, "/map/?show=complexes&kind=national&q=%22%3E")
    code = element(text, "embed-code")
    frame = ElementTree.fromstring(code)
    assert frame.get("src") == "http://testserver/map/embed/?show=complexes&kind=national&q=%22%3E"
    assert '">' in frame.get("title")
    assert "<iframe" not in text  # it is shown, not run
    assert 'href="/map.svg?show=complexes&amp;kind=national&amp;q=%22%3E"' in text
    assert "embed-code" not in page_of(client, "/clusters/")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "queries"),
    [
        ("/map.svg", 7),
        ("/map.svg?edition=2016&zone=busan", 8),
        ("/map/embed/", 7),
        ("/map/embed/?show=complexes", 4),
    ],
)
def test_drawn_maps_take_few_queries(client, address, queries, django_assert_num_queries):
    with django_assert_num_queries(queries):
        assert client.get(address).status_code == 200


@pytest.mark.django_db
def test_a_record_without_a_place_is_counted_but_not_drawn(client):
    IndustrialComplex.objects.filter(slug="gumi").update(latitude=None, longitude=None, location_precision="")
    svg = picture(client, "show=complexes&slug=gumi")
    assert "1 industrial complex, 1 without a place on the map" in texts(svg)
    assert not [group for group in svg.iter(f"{SVG}g") if (group.get("class") or "").startswith("mark")]


# --- In a browser


def opened(page, name):
    page.locator(f"#{name}").evaluate("details => { details.open = true; }")


@pytest.mark.browser
@pytest.mark.parametrize(
    "address", ["/clusters/?sector=automotive", "/map/?edition=2010", "/complexes/gumi/"]
)
def test_everything_is_copied_as_it_stands(browser, portal, address):
    with visitor(browser, permissions=["clipboard-read", "clipboard-write"]) as page:
        page.goto(portal + address)
        settle(page)

        def copy(name):
            button = page.locator(f"[data-copy={name}]")
            button.click()
            page.wait_for_function(
                "name => document.querySelector(`[data-copy=${name}]`).textContent === 'Copied'", arg=name
            )
            assert page.locator("#copied").inner_text() == "Copied"
            return page.evaluate("navigator.clipboard.readText()")

        assert copy("citation") == page.locator("#citation").inner_text()
        assert copy("permalink") == page.url.partition("#")[0]
        opened(page, "cite-bibtex")
        bibtex = copy("bibtex")
        assert bibtex.startswith("@misc{") and bibtex.endswith("}") and bibtex.count("\n") == 7
        if "/map/" in address:
            opened(page, "embed")
            assert copy("embed-code").startswith(f'<iframe src="{portal}/map/embed/?')


@pytest.mark.browser
def test_regions_switched_on_the_screen_are_switched_on_paper(browser, portal):
    with visitor(browser) as page:
        asked = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(f"{portal}/map/")
        settle(page)
        # What only paper needs is not sent to the screen: both draw the same file.
        assert not [url for url in asked if "korea" in url or "pan_regions" in url]
        areas = page.locator(".print-map .area")
        expect(areas).to_have_count(11)
        page.locator("#regions-pan_region").check()
        expect(areas).to_have_count(7)
        page.locator("#regions-none").check()
        expect(page.locator(".print-map .land")).to_have_count(1)
        expect(areas).to_have_count(0)


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


@pytest.mark.browser
def test_the_citation_is_there_without_javascript(browser, portal):
    with visitor(browser, java_script_enabled=False) as page:
        page.goto(f"{portal}/map/?sector=automotive")
        assert f"{portal}/map/?sector=automotive" in page.locator("#citation").inner_text()
        page.locator("#embed > summary").click()
        assert page.locator("#embed-code").is_visible()
        assert not page.locator("[data-copy]").first.is_visible()


@contextmanager
def other_site(body):
    """A page of another origin."""

    class Page(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(f"<!DOCTYPE html><title>Elsewhere</title>{body}<p>{'More. ' * 5000}".encode())

        def log_message(self, *_args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def embedded(browser, portal, query="sector=automotive", **options):
    """The embed in a page elsewhere: (the page around, the frame)."""
    context = browser.new_context(viewport={"width": 900, "height": 700}, **options)
    page = context.new_page()
    try:
        page.goto(f"{portal}/map/?{query}")
        code = page.locator("#embed-code").text_content()
        with other_site(code.replace(' loading="lazy"', "")) as address:
            page.goto(address)
            frame = page.frame_locator("iframe")
            frame.locator(".embed-map svg").wait_for(timeout=30_000)
            yield page, frame
            assert context.cookies() == []
    finally:
        context.close()


def view_box(frame):
    return frame.locator(".embed-map svg").get_attribute("viewBox")


@pytest.mark.browser
def test_an_embed_shows_the_same_map_in_a_page_elsewhere(browser, portal):
    with embedded(browser, portal) as (page, frame):
        numbers = frame.locator(".embed-map text.number").all_text_contents()
        assert sum(map(int, numbers)) == len(slugs_of_csv(portal, "clusters", "sector=automotive"))
        with page.context.expect_page() as opening:
            frame.get_by_role("link", name="Open in the Korea Cluster Portal").click()
        assert opening.value.url == f"{portal}/map/?sector=automotive"
        # No other page may be framed.
        page.evaluate("address => document.querySelector('iframe').src = address", f"{portal}/map/")
        page.wait_for_timeout(1000)
        assert not any("/map/" in other.url for other in page.frames)


@pytest.mark.browser
def test_an_embed_is_no_scroll_trap(browser, portal):
    with embedded(browser, portal) as (page, frame):
        assert frame.locator(".embed-hint").is_visible()
        whole = view_box(frame)
        box = frame.locator(".embed-map svg").bounding_box()
        page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 200)
        page.mouse.wheel(0, 300)
        page.wait_for_function("scrollY > 0")
        assert view_box(frame) == whole

        page.evaluate("scrollTo(0, 0)")
        page.keyboard.down("Control")
        page.mouse.wheel(0, -300)
        page.keyboard.up("Control")
        frame.locator("svg[data-zoomed]").wait_for()
        assert page.evaluate("scrollY") == 0

        frame.get_by_role("button", name="Zoom out").focus()
        for _press in range(4):
            page.keyboard.press("Enter")
        assert view_box(frame) == whole


@pytest.mark.browser
def test_two_fingers_zoom_an_embed_and_one_does_not(browser, portal):
    with visitor(browser, viewport={"width": 390, "height": 700}, has_touch=True, is_mobile=True) as page:
        page.goto(f"{portal}/map/embed/")
        page.locator(".embed-hint").wait_for()
        whole = page.locator(".embed-map svg").get_attribute("viewBox")
        session = page.context.new_cdp_session(page)

        def touch(kind, *points):
            places = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(points)]
            session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": places})

        touch("touchStart", (200, 250))
        for step in range(1, 6):
            touch("touchMove", (200, 250 - 10 * step))
        touch("touchEnd")
        assert page.locator(".embed-map svg").get_attribute("viewBox") == whole

        touch("touchStart", (180, 250), (220, 250))
        for step in range(1, 6):
            touch("touchMove", (180 - 10 * step, 250), (220 + 10 * step, 250))
        touch("touchEnd")
        page.locator("svg[data-zoomed]").wait_for()
        assert page.evaluate("visualViewport.scale") == 1


@pytest.mark.browser
def test_an_embed_without_javascript_is_whole_and_offers_no_dead_buttons(browser, portal):
    with embedded(browser, portal, java_script_enabled=False) as (_page, frame):
        assert frame.locator(".embed-map a").count()
        assert not frame.locator(".embed-zoom").is_visible()
        assert not frame.locator(".embed-hint").is_visible()


@pytest.mark.browser
def test_axe_finds_nothing_in_embed_and_citation(browser, portal):
    from axe_playwright_python.sync_playwright import Axe

    def violations(page):
        rules = Axe().run(page, options={"rules": {"target-size": {"enabled": True}}}).response["violations"]
        # Marks are where their places are; the list under the map has the same links, large enough.
        return [
            (rule["id"], node["html"])
            for rule in rules
            for node in rule["nodes"]
            if not (rule["id"] == "target-size" and 'class="mark' in node["html"])
        ]

    with visitor(browser) as page:
        for scheme in ("light", "dark"):
            for width in (1440, 390):
                page.emulate_media(color_scheme=scheme)
                page.set_viewport_size({"width": width, "height": 900})
                for query in ("edition=2010", "show=complexes", "q=zzzz", "zone=atlantis"):
                    page.goto(f"{portal}/map/embed/?{query}")
                    if page.locator(".embed-list").count():
                        page.locator(".embed-list > summary").click()
                    assert violations(page) == []
                page.goto(f"{portal}/clusters/?sector=automotive")
                opened(page, "cite-bibtex")
                assert violations(page) == []


SEEN = """selectors => selectors.map((selector) => {
  const shown = [...document.querySelectorAll(selector)].filter((it) => it.checkVisibility());
  return shown.length;
})"""


@pytest.mark.browser
@pytest.mark.parametrize(
    ("address", "pages"),
    [
        ("/map/", 1),
        ("/map/?zone=busan&edition=2010", 1),
        ("/map/?edition=2016", 1),
        ("/map/?sector=automotive&sector=machinery&q=parts", 1),
        ("/map/?show=complexes", 1),
        ("/map/?show=complexes&kind=national", 1),
        ("/map/?pan_region=seoul-metropolitan", 1),
        ("/clusters/?sector=automotive", 1),
        ("/clusters/2010-noksan-parts-and-material/", 2),
        ("/regions/zones/busan/", 2),
    ],
)
@pytest.mark.parametrize("scripted", [True, False])
def test_a_page_prints_on_clean_sheets_of_a4(browser, portal, address, pages, scripted):
    with visitor(browser, java_script_enabled=scripted) as page:
        page.goto(portal + address)
        if scripted:
            settle(page)
        pdf = page.pdf(prefer_css_page_size=True)
        assert len(re.findall(rb"/Type\s*/Page\b", pdf)) <= pages
        for box in re.findall(rb"/MediaBox\s*\[([\d. ]+)\]", pdf):
            assert [round(float(length)) for length in box.split()][2:] in ([595, 842], [596, 842])
        page.emulate_media(media="print")
        if not scripted:
            return
        hidden = page.evaluate(
            SEEN, ["nav", "form button", ".copy", ".leaflet-container", ".filters", "#embed"]
        )
        assert hidden == [0] * 6
        assert page.evaluate(SEEN, ["h1", "#citation, .citation"]) == [1, 1]
        if "/map/" in address:
            stem = "complexes" if "complexes" in address else "clusters"
            records = len(slugs_of_csv(portal, stem, address.partition("?")[2]))
            shown = page.evaluate(SEEN, [".print-map svg", ".print-map li", ".map-records li a", ".chips b"])
            # The zones whose list of 2016 is a picture are named on paper, too.
            assert page.evaluate(SEEN, [".notice a"]) == [page.locator(".notice a").count()]
            assert shown[0] == 1 and shown[1] and shown[2] == records
            assert shown[3] == len(page.locator(".chips b").all())
