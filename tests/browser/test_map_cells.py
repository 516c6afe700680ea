"""The map in a real browser over more records than come in one answer: cells, what is in view, no freeze."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from tests.axe import violations
from tests.browsing import drawn, query_of, rows_of_csv, settle, slugs_of_links
from tests.serving import free_port, serving

pytestmark = pytest.mark.browser

CLUSTERS = "edition=2009&edition=2010&edition=2016"


RECORDS = r"^(\d+) (industrial complex|mini cluster)(es|s)?, zoom in$"


@pytest.fixture(scope="module")
def large(browser):  # without which no portal is made
    """The address of a portal with 8,000 made complexes and as many mini clusters at 400 hubs."""
    with serving(free_port(), 1, ("--complexes", "8000", "--clusters", "8000")) as portal:
        yield portal


def go(page, large, query):
    page.goto(f"{large}/map/?{query}")
    settle(page)
    page.wait_for_load_state("networkidle")


def numbers(page):
    """Return what all cells say of themselves, as numbers."""
    labels = page.locator(".cell-marker").evaluate_all("all => all.map(it => it.ariaLabel)")
    return [int(re.fullmatch(RECORDS, label)[1]) for label in labels]


@pytest.mark.parametrize(("show", "query"), [("complexes", "kind=general"), ("clusters", CLUSTERS)])
def test_cells_hold_the_records_of_the_file(page, large, show, query):
    go(page, large, f"show={show}&{query}")
    expected = rows_of_csv(large, show, query)
    assert sum(numbers(page)) == len(expected)
    expect(page.locator("#results-heading")).to_have_text(re.compile(f"^{len(expected)} "))
    cells = page.locator(".cell-marker").count()
    expect(page.locator("#announcement")).to_have_text(
        re.compile(rf"^{len(expected)} .+, in {cells} circles; zoom in for the single ones$")
    )
    expect(page.locator("#legend-cells")).to_be_visible()
    sizes = page.locator(".cell-marker").evaluate_all(
        "all => all.map(it => [Number.parseInt(it.ariaLabel), it.offsetWidth])"
    )
    assert [width for _n, width in sorted(sizes)] == sorted(width for _n, width in sizes)
    assert min(width for _n, width in sizes) >= 24


def test_cells_by_keyboard_down_to_single_complexes(page, large):
    go(page, large, "show=complexes")
    zooms = []
    while page.locator(".complex-marker").count() == 0:
        assert len(zooms) < 12, zooms
        cell = page.locator(".cell-marker").nth(page.locator(".cell-marker").count() // 2)
        cell.focus()
        expect(page.locator(".hover-card")).to_have_text(re.compile(RECORDS))
        with page.expect_response("**/map/data.json?*"):
            page.keyboard.press("Enter" if len(zooms) % 2 else "Space")
        page.wait_for_load_state("networkidle")
        # The cell is gone; the focus stays on the map.
        expect(page.locator("#map")).to_be_focused()
        zooms.append(float(query_of(page)["zoom"][0]))
        expect(page.locator("#announcement")).to_have_text(re.compile("in view and close to it$"))
    assert zooms == sorted(set(zooms))

    name = page.locator(".complex-marker").first.get_attribute("aria-label")
    marker = page.locator(f".complex-marker[aria-label='{name}']")
    marker.focus()
    expect(page.locator(".hover-card li")).not_to_have_count(0)
    page.keyboard.press("Enter")
    expect(page.locator(".leaflet-popup h2")).to_be_focused()
    page.keyboard.press("Escape")
    expect(marker).to_be_focused()


def test_the_view_that_the_address_says_is_asked_for(page, large):
    page.clock.install()
    hub = rows_of_csv(large, "clusters", "hub=gumi&edition=2016")[0]
    answers = []
    page.on("request", lambda request: "/map/data.json" in request.url and answers.append(request.url))
    go(page, large, f"{CLUSTERS}&at=gumi&lat={hub['latitude']}&lon={hub['longitude']}&zoom=11")
    n = len(rows_of_csv(large, "clusters", f"{CLUSTERS}&hub=gumi"))
    expect(page.locator(".hub-marker[aria-label^='Gumi: ']")).to_have_attribute(
        "aria-label", re.compile(f"^Gumi: {n} mini clusters")
    )
    expect(page.locator(".leaflet-popup h2")).to_contain_text(f": {n} mini clusters")
    # Everything once, for the number in all, then the view.
    assert ["bbox=" in address for address in answers] == [False, True]
    # A step that stays within what was asked for asks for nothing.
    before = page.url
    page.locator("#map").press("ArrowRight")
    page.wait_for_function("before => location.href !== before", arg=before)
    page.clock.run_for(2000)
    # One that does not is the third question; had the step asked, it would be the fourth.
    with page.expect_response("**/map/data.json?*"):
        page.locator(".leaflet-control-zoom-out").click()
    assert len(answers) == 3


def test_only_what_is_in_view_is_asked_of_the_server(page, large):
    go(page, large, "show=complexes&lat=35.2&lon=128.9&zoom=11")
    entries = page.locator(".map-records li[data-slug] a")
    first_page = slugs_of_links(entries, "complexes")
    everything = rows_of_csv(large, "complexes", "")
    assert len(first_page) == 200

    def check(response):
        west, south, east, north = map(float, parse_qs(urlsplit(response.url).query)["bbox"][0].split(","))
        seen = [
            row["slug"]
            for row in everything
            if west <= float(row["longitude"]) <= east and south <= float(row["latitude"]) <= north
        ]
        expect(page.locator("#in-view-count")).to_have_text(
            re.compile(rf"^{len(seen)} of {len(everything)} industrial complexes in view")
        )
        listed = slugs_of_links(entries, "complexes")
        assert len(listed) == min(200, len(seen)) and set(listed) <= set(seen)
        more = page.locator("#in-view-count", has_text="the first 200 are listed")
        expect(more).to_have_count(int(len(seen) > 200))
        return len(seen)

    with page.expect_response("**/map/in-view/?*") as answer:
        page.locator("#in-view").check()
    check(answer.value)
    expect(page.locator(".pages")).to_be_hidden()
    with page.expect_response("**/map/in-view/?*") as answer:
        page.locator(".leaflet-control-zoom-out").click()
    check(answer.value)
    expect(page.locator("#announcement")).to_have_text(re.compile("industrial complexes in view"))
    page.locator("#in-view").uncheck()
    expect(page.locator(".pages")).to_be_visible()
    assert slugs_of_links(entries, "complexes") == first_page


def test_an_answer_that_comes_too_late_is_not_drawn(page, large):
    go(page, large, "show=complexes&lat=35.2&lon=128.9&zoom=11")
    held, failed = [], []
    page.on("requestfailed", lambda request: failed.append(request.url))
    page.route("**/map/data.json?*", lambda route: route.continue_() if held else held.append(route))
    zoom_out = page.locator(".leaflet-control-zoom-out")
    with page.expect_request("**/map/data.json?*"):
        zoom_out.click()
    with page.expect_response("**/map/data.json?*") as answer:
        zoom_out.click()
    page.wait_for_load_state("networkidle")
    assert failed == [held[0].request.url]
    n = answer.value.json()["count"]
    drawn(page, n)


def test_complexes_beside_hubs_are_cells_too(page, large):
    go(page, large, "zone=busan")
    n = len(rows_of_csv(large, "complexes", "zone=busan"))
    page.locator("#overlay-complexes").check()
    expect(page.locator("#overlay-complexes-note")).to_have_text(f"{n} within Zone (2016): Busan")
    expect(page.locator("#announcement")).to_have_text(f"Industrial complexes: {n} within Zone (2016): Busan")
    expect(page.locator(".cell-marker, .complex-marker")).not_to_have_count(0)
    cell = page.locator(".cell-marker")
    if cell.count():
        expect(cell.first).to_have_attribute("aria-label", re.compile(RECORDS))
    # The hubs lie over them.
    assert page.locator(".leaflet-complexes-pane").evaluate("pane => Number(pane.style.zIndex)") < 600


@pytest.mark.parametrize("query", ["show=complexes", f"{CLUSTERS}&layers=complexes,offices&in_view=1"])
def test_axe_finds_nothing_among_cells(page, large, query):
    go(page, large, query)
    found = {}
    for width, scheme in ((1440, "light"), (390, "dark")):
        page.set_viewport_size({"width": width, "height": 844})
        page.emulate_media(color_scheme=scheme)
        page.wait_for_load_state("networkidle")
        found[scheme] = violations(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert not any(found.values()), found


def test_a_cell_by_finger(phone, large):
    go(phone, large, "show=complexes")
    before = sum(numbers(phone))
    cell = phone.locator(".cell-marker").nth(phone.locator(".cell-marker").count() // 2)
    drawn(phone, before)
    cell.tap()
    expect(phone.locator("#map")).not_to_have_attribute("data-drawn", str(before))
    assert sum(numbers(phone)) < before
