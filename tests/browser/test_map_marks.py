"""The marks of the map in a real browser: named, sized, apart, within reach of pointer, key and finger."""

import re

import pytest
from playwright.sync_api import expect

from tests.browsing import (
    count,
    focused,
    heading,
    open_map,
    query_of,
    settle,
    slugs_of_csv,
    slugs_of_links,
    tab_to,
)

pytestmark = pytest.mark.browser

expect.set_options(timeout=20_000)

# How many pixels of each marker are its own: the middle of which no later marker covers.
COVERED = """() => [...document.querySelectorAll(".hub-marker")].filter((marker) => {
  const box = marker.getBoundingClientRect();
  const spots = [0.2, 0.5, 0.8].flatMap((x) => [0.2, 0.5, 0.8].map((y) =>
    document.elementFromPoint(box.left + x * box.width, box.top + y * box.height)));
  return !spots.some((found) => marker.contains(found));
}).map((marker) => marker.ariaLabel)"""


# The hubs whose letters, over the edge of the circle, lie under another hub.
UNREADABLE = """() => [...document.querySelectorAll(".hub-marker")].filter((marker) => {
  const box = marker.getBoundingClientRect();
  const found = document.elementFromPoint(box.left + box.width / 2, box.bottom + 1);
  return found.closest(".hub-marker") && !marker.contains(found);
}).map((marker) => marker.ariaLabel)"""


# --- Hubs


def test_hubs_say_their_leading_sector_in_letters(page, portal):
    open_map(page, portal)
    marks = page.locator(".hub-marker > span").evaluate_all(
        "all => all.map(it => [it.dataset.letters, it.parentElement.className, it.parentElement.ariaLabel])"
    )
    legend = dict(
        page.locator("#legend-sectors li:has(.sector-key)").evaluate_all(
            "all => all.map(it => [it.firstChild.textContent, it.lastChild.textContent])"
        )
    )
    assert {letters for letters, *_rest in marks} == legend.keys()
    for letters, classes_, label in marks:
        assert label.endswith(f", mostly {legend[letters]}")
        assert f"sector-{letters.lower()}" in classes_


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
        assert page.evaluate(COVERED) == []


@pytest.mark.parametrize("size", ["page", "phone"])
def test_no_hub_lies_over_the_letters_of_another(request, portal, size):
    page = request.getfixturevalue(size)
    for query in ("", "edition=2010"):
        open_map(page, portal, query)
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
    for (const link of document.querySelectorAll(".leaflet-popup li a")) paths.add(link.pathname);
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
    expect(page.locator("#map")).to_have_attribute("data-drawn", str(len(expected)))
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
