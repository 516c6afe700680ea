"""The map in a real browser: overlays, list, address, phone, and accessible in every state."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from tests.axe import violations
from tests.browsing import (
    count,
    drawn,
    mark_page,
    never_left,
    open_map,
    query_of,
    rest,
    settle,
    slugs_of_csv,
    slugs_of_links,
    visitor,
)

pytestmark = pytest.mark.browser


# --- Layers


def test_complexes_and_offices_beside_the_hubs(page, portal):
    open_map(page, portal, "zone=busan")
    drawn(page, count(portal, "zone=busan"))
    page.locator("#overlay-complexes").check()
    page.locator("#overlay-offices").check()
    expect(page.locator(".office-marker")).to_have_count(1)
    expect(page.locator("#overlay-offices-note")).to_have_text("1 within Zone (2016): Busan")
    expect(page.locator("#legend-complexes")).to_be_visible()
    expect(page.locator("#legend-offices")).to_be_visible()
    n = count(portal, "zone=busan", "complexes")
    expect(page.locator(".complex-marker")).not_to_have_count(0)
    named = page.locator(".complex-marker").evaluate_all("all => all.flatMap(it => it.ariaLabel.split(', '))")
    assert len(named) == n
    expect(page.locator("#overlay-complexes-note")).to_have_text(f"{len(named)} within Zone (2016): Busan")
    assert query_of(page)["layers"] == ["complexes,offices"]

    page.locator("[name=sector]").first.check()  # a filter keeps the layers
    page.wait_for_url("**sector=**")
    assert query_of(page)["layers"] == ["complexes,offices"]
    page.reload()
    settle(page)
    expect(page.locator("#overlay-offices")).to_be_checked()
    expect(page.locator(".office-marker")).to_have_count(1)

    open_map(page, portal, "layers=offices")
    expect(page.locator(".office-marker")).to_have_count(18)
    expect(page.locator(".office-marker.is-rough")).to_have_count(2)
    expect(page.locator("#overlay-offices-note")).to_have_text("all 18")


# --- List, map and address


def asked(page):
    """Return the list that the query strings of the map's data are put into as the page asks for them."""
    queries = []
    page.on(
        "request",
        lambda request: (
            "/map/data.json" in request.url and queries.append(parse_qs(urlsplit(request.url).query))
        ),
    )
    return queries


def test_a_small_set_is_asked_for_once_and_whole(page, portal):
    queries = asked(page)
    open_map(page, portal, "edition=2010")
    page.locator(".leaflet-control-zoom-in").click()
    page.wait_for_url("**zoom=**")
    page.locator("#in-view").check()
    expect(page.locator("#announcement")).to_have_text(re.compile(" in view$"))
    page.locator(".leaflet-control-zoom-in").click()
    expect(page.locator("#announcement")).to_have_text(re.compile(" in view$"))
    page.wait_for_load_state("networkidle")
    assert queries == [{"edition": ["2010"], "show": ["clusters"]}]


def test_where_a_small_set_comes_as_cells_the_view_is_asked_for(page, portal):
    cell = {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [128, 36]},
        "properties": {"n": 9, "bbox": [127, 35, 129, 37]},
    }
    cells = {"type": "FeatureCollection", "count": 9, "unplaced": 0, "cells": True, "features": [cell]}
    queries = asked(page)
    page.route(
        re.compile(r"/map/data\.json\?(?!.*zoom)"),
        lambda route: route.fulfill(json=cells, content_type="application/geo+json"),
    )
    open_map(page, portal, "edition=2010")
    expect(page.locator(".hub-marker")).not_to_have_count(0)
    assert ["bbox" in query for query in queries] == [False, True]


def test_list_and_map_light_each_other(page, portal):
    open_map(page, portal)
    entry = page.locator(".map-records a", has_text="Smart automotive parts").first
    entry.focus()
    expect(page.locator(".hub-marker.is-lit")).to_have_attribute("aria-label", re.compile("Seongseo: "))
    page.locator(".hub-marker[aria-label^='Gumi:']").focus()
    lit = page.locator(".map-records .is-lit a")
    expect(lit).to_have_count(count(portal, "hub=gumi"))
    expect(lit.first).to_be_in_viewport()


def test_only_what_is_in_view(page, portal):
    open_map(page, portal, "lat=35.85&lon=128.5&zoom=9")
    entries = page.locator(".map-records li[data-slug]:visible a")
    everything = entries.count()
    page.locator("#in-view").check()
    expect(page.locator("#announcement")).to_have_text(
        re.compile(rf"^\d+ of {everything} mini clusters in view$")
    )
    seen = int(page.locator("#announcement").inner_text().split()[0])
    assert 0 < seen < everything
    assert len(slugs_of_links(entries, "clusters")) == seen
    page.locator(".leaflet-control-zoom-out").click()
    page.locator(".leaflet-control-zoom-out").click()
    expect(page.locator("#announcement")).not_to_have_text(re.compile(rf"^{seen} of"))
    assert query_of(page)["in_view"] == ["1"]
    page.locator("#in-view").uncheck()
    expect(entries).to_have_count(everything)


def test_the_address_gives_the_same_picture_elsewhere(browser, page, portal):
    open_map(page, portal, "regions=pan_region")
    page.locator(".leaflet-control-zoom-in").click()
    page.wait_for_url("**zoom=**")
    page.locator(".hub-marker[aria-label^='Daegu Seongseo:']").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**at=seongseo**")
    rest(page)
    where = "() => [...document.querySelectorAll('.hub-marker')].map(it => it.getBoundingClientRect().left)"
    with visitor(browser) as other:
        other.goto(page.url)
        settle(other)
        expect(other.locator(".leaflet-popup h2")).to_contain_text("Daegu Seongseo")
        expect(other.locator("#map")).to_have_attribute("data-regions", "pan_region")
        for here, there in zip(page.evaluate(where), other.evaluate(where), strict=True):
            assert abs(here - there) < 8
    # A filter is a step in the history, and leaves the old view behind.
    page.locator("#sector-automotive").check()
    page.wait_for_url("**sector=automotive**")
    assert "zoom" not in query_of(page)
    page.go_back()
    page.wait_for_url("**at=seongseo**")
    settle(page)
    expect(page.locator(".leaflet-popup h2")).to_contain_text("Daegu Seongseo")


@pytest.mark.parametrize(
    "query", ["lat=x&lon=1&zoom=2", "regions=nothing&layers=nothing&at=nothing", "lat=99"]
)
def test_a_state_that_cannot_be_read_is_the_default(page, portal, query):
    open_map(page, portal, query)
    drawn(page, count(portal, ""))
    expect(page.locator("path.region")).to_have_count(11)


# --- Phone, no JavaScript, accessibility


def test_the_list_is_a_sheet_on_a_phone(phone, portal):
    open_map(phone, portal, "zone=busan")
    entries = phone.locator(".map-records a")
    button = phone.locator("#sheet-handle")
    expect(entries.first).to_be_hidden()
    expect(phone.locator("#results-heading")).to_be_in_viewport()
    button.tap()
    expect(button).to_have_attribute("aria-expanded", "true")
    expect(phone.locator(".portrait h2")).to_be_in_viewport()
    entries.first.scroll_into_view_if_needed()
    expect(entries.first).to_be_in_viewport()
    button.tap()
    expect(entries.first).to_be_hidden()
    assert button.bounding_box()["height"] >= 24
    # The page scrolls below the map.
    assert phone.evaluate("document.querySelector('#map').clientHeight < 0.6 * innerHeight")
    small = "all => all.filter(it => Math.min(it.offsetWidth, it.offsetHeight) < 24).length"
    assert phone.locator(".map-controls label").evaluate_all(small) == 0


STATES = {
    "pan-region chosen": "regions=pan_region&pan_region=dongnam&at=changwon",
    "pictures": "edition=2016",
    "layers": "layers=complexes,offices&regions=none&at=gumi",
    "in view": "in_view=1&lat=35.85&lon=128.5&zoom=9",
}


@pytest.mark.parametrize("query", STATES.values(), ids=STATES)
def test_axe_finds_nothing_in_any_state(page, portal, query):
    open_map(page, portal, query)
    if "&at=" in query:
        expect(page.locator(".leaflet-popup")).to_be_visible()
        page.wait_for_function(
            "() => getComputedStyle(document.querySelector('.leaflet-popup')).opacity === '1'"
        )
    found = {}
    for width, scheme in ((1440, "light"), (390, "dark")):
        page.set_viewport_size({"width": width, "height": 844})
        page.emulate_media(color_scheme=scheme)
        if width == 390:
            page.locator("#sheet-handle").click()
        found[scheme] = violations(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert not any(found.values()), found


def test_filtering_redraws_the_map(page, portal):
    page.goto(f"{portal}/map/")
    settle(page)
    mark_page(page)
    downloads = []
    page.on("request", lambda request: "/map/data.json?" in request.url and downloads.append(request.url))

    page.locator("#sector-automotive").check()
    expected = slugs_of_csv(portal, "clusters", "sector=automotive")
    drawn(page, len(expected))
    assert sum(int(number) for number in page.locator(".hub-marker").all_inner_texts()) == len(expected)
    assert sorted(slugs_of_links(page.locator(".map-records a"), "clusters")) == sorted(expected)
    expect(page.locator("#announcement")).to_have_text(
        re.compile(rf"^{len(expected)} mini clusters at \d+ hubs$")
    )
    expect(page.locator("#sector-automotive")).to_be_focused()
    assert query_of(page) == {"sector": ["automotive"]}
    assert len(downloads) == 1
    assert never_left(page)

    page.go_back()
    settle(page)
    expect(page.locator("#sector-automotive")).not_to_be_checked()
    everything = slugs_of_csv(portal, "clusters", "")
    drawn(page, len(everything))


def test_map_without_javascript(plain, portal):
    plain.goto(f"{portal}/map/?zone=busan")
    expected = slugs_of_csv(portal, "clusters", "zone=busan")
    assert sorted(slugs_of_links(plain.locator(".map-records a"), "clusters")) == sorted(expected)
    mark = plain.locator("#map svg a.spot-link")
    labels = mark.evaluate_all("all => all.map(a => a.ariaLabel)")
    assert sum(int(label.split(": ")[-1].split()[0]) for label in labels) == len(expected)
    mark.first.click()
    expect(plain.locator(".chips")).to_contain_text("Hub")
