"""The marks of the map in a real browser: named, sized, apart, within reach of pointer, key and finger."""

import re

import pytest
from playwright.sync_api import expect

from tests.browsing import (
    count,
    drawn,
    focused,
    heading,
    open_map,
    query_of,
    settle,
    slugs_of_csv,
    slugs_of_links,
    tab_to,
    visitor,
)

pytestmark = pytest.mark.browser

# How many pixels of each marker are its own: the middle of which no later marker covers.
COVERED = """() => [...document.querySelectorAll(".hub-marker")].filter((marker) => {
  const box = marker.getBoundingClientRect();
  const spots = [0.2, 0.5, 0.8].flatMap((x) => [0.2, 0.5, 0.8].map((y) =>
    document.elementFromPoint(box.left + x * box.width, box.top + y * box.height)));
  return !spots.some((found) => marker.contains(found));
}).map((marker) => marker.ariaLabel)"""


# The hubs whose number lies under another hub or under their own shape.
UNREADABLE = """() => [...document.querySelectorAll(".hub-marker")].filter((marker) => {
  const number = marker.querySelector("b");
  const box = number.getBoundingClientRect();
  return document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2) !== number;
}).map((marker) => marker.ariaLabel)"""

# Of each hub its number, and by how much its shape, which has the area of a circle of radius 1, is enlarged.
SCALES = """() => [...document.querySelectorAll(".hub-marker")].map((marker) => {
  const { matrix } = marker.querySelector(".shape").transform.baseVal.consolidate();
  return [Number(marker.textContent), matrix.a];
})"""


# --- Hubs


# A drawing's class of a family, the colour and the path of its shape, and what is said of it.
DRAWN = """(all, [shape, said]) => all.map((it) => {
  const path = it.querySelector(shape);
  const family = path.closest("[class*=family-]").getAttribute("class");
  return [family.match(/family-[a-z-]+/)[0], getComputedStyle(path).fill, path.getAttribute("d"), it[said]];
})"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_hubs_have_the_colour_and_shape_of_their_family(page, portal, scheme):
    page.emulate_media(color_scheme=scheme)
    open_map(page, portal)
    marks = page.locator(".hub-marker").evaluate_all(DRAWN, [".shape", "ariaLabel"])
    keys = page.locator("#legend-families li:has(svg)").evaluate_all(DRAWN, ["path", "textContent"])
    legend = {family: (colour, path, name) for family, colour, path, name in keys}
    colours, shapes = ({it[place] for it in legend.values()} for place in (0, 1))
    assert len(colours) == len(shapes) == len(legend)
    assert {family for family, *_rest in marks} == legend.keys()
    for family, colour, path, label in marks:
        assert (colour, path) == legend[family][:2]
        assert label.endswith(f", mostly {legend[family][2]}")


def test_a_shape_is_as_large_as_its_number_whatever_the_family(page, portal):
    open_map(page, portal)
    scales = page.evaluate(SCALES)
    assert scales
    for n, scale in scales:
        assert scale == pytest.approx(max(12, 7.5 * n**0.5), abs=0.5)


def test_a_ring_in_the_shape_of_the_family_shows_the_focus(page, portal):
    open_map(page, portal)
    tab_to(page, ".hub-marker.family-vehicles-ships")
    ring = focused(page).locator(".ring")
    assert ring.evaluate("it => getComputedStyle(it).stroke") != "none"
    assert ring.get_attribute("d") == focused(page).locator(".shape").get_attribute("d")
    # No box around it, which would cut the corners of the shape.
    assert focused(page).evaluate("it => getComputedStyle(it).outlineStyle") == "none"
    ring = page.locator(".hub-marker.family-medical-food .ring").first
    assert ring.evaluate("it => getComputedStyle(it).stroke") == "none"


def test_in_forced_colours_the_shapes_stay(browser, portal):
    with visitor(browser, forced_colors="active") as page:
        open_map(page, portal)
        for part in (".hub-marker .shape", "#legend-families path"):
            fills = page.locator(part).evaluate_all("all => all.map(it => getComputedStyle(it).fill)")
            strokes = page.locator(part).evaluate_all("all => all.map(it => getComputedStyle(it).stroke)")
            assert len({*fills}) == len({*strokes}) == 1 and {*fills} != {*strokes}


def test_pointing_shows_the_list_and_escape_hides_it(page, portal):
    page.clock.install()
    open_map(page, portal)
    box = page.locator(".hover-card")
    gumi = page.locator(".hub-marker[aria-label^='Gumi:']")
    gumi.hover()
    expect(box.locator("li")).to_have_count(count(portal, "hub=gumi"))
    box.hover()  # the pointer may rest on it
    page.clock.run_for(1000)
    expect(box).to_be_visible()
    page.keyboard.press("Escape")
    expect(box).to_have_count(0)

    gumi.focus()
    expect(box).to_be_visible()
    page.keyboard.press("Enter")
    expect(box).to_have_count(0)
    expect(page.locator(".leaflet-popup h2")).to_be_focused()
    assert query_of(page)["at"] == ["gumi"]
    page.keyboard.press("Escape")
    expect(page.locator(".leaflet-popup")).to_have_count(0)
    assert "at" not in query_of(page)


def test_every_hub_can_be_reached(page, portal):
    for query in ("", "zone=incheon", "edition=2010"):
        open_map(page, portal, query)
        expect(page.locator(".hub-marker")).not_to_have_count(0)
        assert page.evaluate(COVERED) == []


@pytest.mark.parametrize("size", ["page", "phone"])
def test_no_hub_lies_over_the_number_of_another(request, portal, size):
    page = request.getfixturevalue(size)
    for query in ("", "edition=2010"):
        open_map(page, portal, query)
        expect(page.locator(".hub-marker")).not_to_have_count(0)
        assert page.evaluate(UNREADABLE) == []


def test_a_hub_is_tied_to_its_connected_complexes(page, portal):
    open_map(page, portal, "at=gumi")
    expect(page.locator(".leaflet-popup")).to_be_visible()
    n = count(portal, "hub=gumi&role=connected-2010", "complexes")
    assert n > 0
    expect(page.locator("path.spoke")).to_have_count(n)
    expect(page.locator(".leaflet-popup")).to_contain_text("Connected complexes of 2010: ")
    expect(page.locator("#legend-lines")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("path.spoke")).to_have_count(0)


MAP_QUERIES = [
    "",
    "sector=automotive",
    "zone=busan&edition=2010",
    "q=gumi",
    "show=complexes",
    "show=complexes&kind=agro-industrial",
]


# Clicks every marker and collects where the links of its popup, which the server renders, lead to.
LINKS_OF_ALL_MARKERS = """async stem => {
  const paths = new Set();
  for (const marker of document.querySelectorAll(".leaflet-marker-icon")) {
    marker.click();
    while (document.querySelector(".leaflet-popup [aria-busy]")) {
      await new Promise((done) => setTimeout(done, 5));
    }
    const links = document.querySelectorAll(".leaflet-popup li a:not([href^='tel:'])");
    for (const link of links) paths.add(link.pathname);
  }
  return [...paths].map((path) => path.replace(`/${stem}/`, "").replace("/", ""));
}"""


# --- The map


@pytest.mark.parametrize("query", MAP_QUERIES)
def test_map_list_and_file_are_the_same_records(page, portal, query):
    stem = "complexes" if "show=complexes" in query else "clusters"
    page.goto(f"{portal}/map/?{query}")
    settle(page)
    expected = sorted(slugs_of_csv(portal, stem, query))
    assert expected

    assert sorted(slugs_of_links(page.locator(".map-records a"), stem)) == expected
    assert sorted(page.evaluate(LINKS_OF_ALL_MARKERS, stem)) == expected
    drawn(page, len(expected))
    expect(heading(page)).to_have_text(re.compile(rf"^{len(expected)} "))
    if stem == "clusters":
        assert sum(int(number) for number in page.locator(".hub-marker").all_inner_texts()) == len(expected)


def test_markers_are_named_and_sized_by_their_number(page, portal):
    page.goto(f"{portal}/map/")
    settle(page)
    markers = page.locator(".hub-marker").evaluate_all(
        "all => all.map(it => [Number(it.textContent), it.offsetWidth, it.ariaLabel, it.role])"
    )
    hubs = page.locator(".map-records .group")
    assert len(markers) == hubs.count()
    for number, width, label, role in markers:
        assert re.fullmatch(rf".+: {number} mini cluster{'' if number == 1 else 's'}, mostly .+", label)
        assert role == "button"
        assert width >= 24
    widths = [width for _number, width, *_rest in sorted(markers)]
    assert widths == sorted(widths)
    assert len(set(widths)) > 3


def test_markers_by_keyboard(page, portal):
    page.goto(f"{portal}/map/?zone=daegu-north-gyeongsang")
    settle(page)
    tab_to(page, ".hub-marker")
    name = focused(page).get_attribute("aria-label")
    popup = page.locator(".leaflet-popup")

    for way_out in ("Escape", "close button"):
        page.keyboard.press("Enter")
        expect(popup).to_be_visible()
        expect(popup.locator("h2")).to_be_focused()
        expect(popup.locator("li a").first).to_be_visible()
        # Each record can be kept or opened, also once the card is known and whole from the start.
        page.keyboard.press("Tab")
        expect(popup.locator("li input").first).to_be_focused()
        page.keyboard.press("Tab")
        expect(popup.locator("li a").first).to_be_focused()
        if way_out == "close button":
            popup.locator(".leaflet-popup-close-button").focus()
            page.keyboard.press("Enter")
        else:
            page.keyboard.press("Escape")
        expect(popup).to_have_count(0)
        expect(focused(page)).to_have_attribute("aria-label", name)

    page.keyboard.press("Enter")
    expect(popup.locator("h2")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    record = focused(page).inner_text()
    page.keyboard.press("Enter")
    page.wait_for_url("**/clusters/*/")
    expect(page.locator("h1")).to_contain_text(record)


def test_the_markers_can_be_skipped(page, portal):
    page.goto(f"{portal}/map/?show=complexes")
    settle(page)
    tab_to(page, "a[href='#map-side']", most=20)
    page.keyboard.press("Enter")
    assert tab_to(page, ".map-side *", most=1)
