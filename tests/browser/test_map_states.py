"""The map where something is in the way: small windows, bad filters, lost answers; and what follows it."""

import re

import pytest
from playwright.sync_api import expect

from tests.browsing import open_map, rest, settle, slugs_of_csv, visitor

pytestmark = pytest.mark.browser

# The parts of what is open at a mark that lie outside the map, or under something else.
HIDDEN_PARTS = """() => {
  const frame = document.getElementById("map").getBoundingClientRect();
  return ["h2", ".leaflet-popup-close-button"].filter((part) => {
    const box = document.querySelector(`.leaflet-popup ${part}`).getBoundingClientRect();
    const found = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
    const inside = box.top >= frame.top && box.bottom <= frame.bottom && box.right <= frame.right;
    return !inside || !found?.closest(".leaflet-popup");
  });
}"""


@pytest.mark.parametrize("size", [(1366, 768), (1280, 720), (1024, 768), (390, 844), (320, 568), (844, 390)])
def test_what_an_address_opens_can_be_read_and_closed(browser, portal, size):
    with visitor(browser, viewport=dict(zip(("width", "height"), size, strict=True))) as page:
        for hub in ("gumi", "changwon", "donghae", "incheon"):
            open_map(page, portal, f"at={hub}&edition=2010&edition=2016")
            expect(page.locator(".leaflet-popup li a").first).to_be_visible()
            rest(page)  # it may move into the map
            assert page.evaluate(HIDDEN_PARTS) == [], hub


@pytest.mark.parametrize("size", [(1440, 900), (1024, 768)])
@pytest.mark.parametrize("query", ["", "edition=2016", "show=complexes", "layers=complexes,offices"])
def test_the_page_ends_where_its_footer_ends(browser, portal, size, query):
    with visitor(browser, viewport=dict(zip(("width", "height"), size, strict=True))) as page:
        open_map(page, portal, query)
        footer = page.locator(".site-footer").bounding_box()
        assert page.evaluate("document.documentElement.scrollHeight") == round(footer["y"] + footer["height"])
        legend = page.locator(".legend").bounding_box()
        frame = page.locator(".map-frame").bounding_box()
        assert frame["y"] + frame["height"] <= footer["y"]
        assert legend["x"] >= frame["x"]


def test_a_box_leaves_its_own_mark_free(browser, portal):
    for width in (1024, 1280):
        with visitor(browser, viewport={"width": width, "height": 720}) as page:
            open_map(page, portal, "edition=2009&edition=2010&edition=2016")
            for marker in page.locator(".hub-marker").all():
                marker.focus()
                box = page.locator(".hover-card")
                expect(box).to_be_visible()
                expect(box.locator("[aria-busy]")).to_have_count(0)
                mark, shown, frame = (it.bounding_box() for it in (marker, box, page.locator("#map")))
                x, y = mark["x"] + mark["width"] / 2, mark["y"] + mark["height"] / 2
                assert not (
                    shown["x"] < x < shown["x"] + shown["width"]
                    and shown["y"] < y < shown["y"] + shown["height"]
                )
                assert shown["y"] >= frame["y"] and shown["x"] >= frame["x"]
                assert shown["y"] + shown["height"] <= frame["y"] + frame["height"] + 1


@pytest.mark.parametrize("query", ["edition=1999", "zone=nowhere", "q=" + "word+" * 13])
def test_of_a_filter_that_cannot_be_read_nothing_is_drawn(page, portal, query):
    open_map(page, portal, query)
    expect(page.locator(".leaflet-marker-icon")).to_have_count(0)
    expect(page.locator("#results-heading")).to_have_text("0 mini clusters")
    expect(page.locator("#announcement")).to_have_text(re.compile("cannot be read, so nothing is shown"))
    expect(page.locator("#map-failed")).to_be_hidden()


def test_lost_answers_are_told_to_everyone(browser, portal):
    # Not the visitor who reports what failed: here it fails on purpose.
    page = browser.new_page()
    open_map(page, portal)
    page.route("**/map/data.json*", lambda route: route.abort())
    page.locator("#sector-automotive").check()
    expect(page.locator("#map-failed")).to_be_visible()
    expect(page.locator(".hub-marker")).to_have_count(0)
    page.unroute("**/map/data.json*")
    page.route("**/map/?*", lambda route: route.abort())
    page.locator("#sector-machinery").check()
    expect(page.locator("#failed")).to_be_visible()
    page.unroute("**/map/?*")
    page.locator("#sector-electronics").check()
    expect(page.locator("#failed")).to_be_hidden()
    expect(page.locator("#map-failed")).to_be_hidden()
    expect(page.locator(".hub-marker")).not_to_have_count(0)
    page.context.close()


def test_links_and_citation_follow_how_the_map_is_drawn(page, portal):
    open_map(page, portal, "sector=automotive")
    page.locator("#cite-bibtex > summary").click()
    page.locator("#regions-pan_region").check()
    page.locator("#overlay-offices").check()
    expect(page.locator("#permalink")).to_have_attribute(
        "href", re.compile(r"\?layers=offices&regions=pan_region&sector=automotive$")
    )
    assert "regions=pan_region" in page.locator("#bibtex").inner_text()
    for place in (
        ".tabs a:not([aria-current])",
        ".chips a:not(.clear)",
        ".chips .clear",
        ".tools [download='map.svg']",
    ):
        assert "regions=pan_region" in page.locator(f"#map-view {place}").first.get_attribute("href"), place
    # What neither picture draws is in none of their addresses.
    assert "layers" not in page.locator(".tools [download='map.svg']").get_attribute("href")
    assert "layers" not in page.locator("#embed-code").text_content()
    page.locator(".chips .clear").click()
    settle(page)
    expect(page.locator("#regions-pan_region")).to_be_checked()
    expect(page.locator("#overlay-offices")).to_be_checked()


def test_regions_change_and_the_view_stays(page, portal):
    open_map(page, portal, "lat=36.2&lon=128.4&zoom=9")
    page.locator("#regions-pan_region").check()
    expect(page.locator("#map")).to_have_attribute("data-regions", "pan_region")
    assert "zoom=9" in page.url and "regions=pan_region" in page.url


def test_each_kind_of_complex_at_a_point_has_its_symbol(page, portal):
    query = "show=complexes&kind=foreign-investment&kind=national"
    open_map(page, portal, query)
    drawn = page.locator(".complex-marker .kind-foreign-investment").count()
    assert drawn == len(slugs_of_csv(portal, "complexes", "kind=foreign-investment"))


def test_without_script_the_filters_keep_how_the_map_is_drawn(plain, portal):
    plain.goto(f"{portal}/map/?regions=pan_region&layers=offices")
    plain.locator("#sector-automotive").check()
    plain.locator("#filters button[type=submit]").click()
    assert "regions=pan_region" in plain.url and "layers=offices" in plain.url
    expect(plain.locator("input.keep").first).to_be_hidden()


def test_the_tip_of_a_region_is_text(page, portal):
    def rename(route):
        answer = route.fetch()
        text = answer.text()
        assert '"label": "Busan: ' in text
        evil = '"label": "\\u003ch1 id=evil\\u003eBusan\\u003c/h1\\u003e: '
        route.fulfill(response=answer, body=text.replace('"label": "Busan: ', evil))

    page.route(f"{portal}/map/?", rename)
    open_map(page, portal)
    area = page.locator("path.region[aria-label*='Busan']")
    box = area.bounding_box()
    # Not by the pointer: the hub lies over the middle of its region.
    area.dispatch_event("mouseover", {"clientX": box["x"] + 5, "clientY": box["y"] + 5})
    expect(page.locator(".region-tip")).to_contain_text("<h1 id=evil>Busan</h1>: ")
    expect(page.locator("#evil")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(page.locator(".region-tip")).to_have_count(0)
