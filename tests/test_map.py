"""The cluster map in a real browser: regions, hubs, time, list, address, layers, phone, and no JavaScript."""

import json
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from portal.base.land import MAP_DIR
from portal.map.regions import KINDS, classes, slugs

from .browsing import settle, slugs_of_csv, slugs_of_links, visitor
from .test_accessibility import violations

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


def go(page, portal, query=""):
    page.goto(f"{portal}/map/?{query}")
    settle(page)


def query_of(page):
    return parse_qs(urlsplit(page.url).query)


def names(layer):
    """Return {slug: name} of the areas, as the base map's own file has them."""
    content = json.loads((MAP_DIR / f"{KINDS[layer][1]}.geojson").read_text(encoding="utf-8"))
    return {each["properties"]["slug"]: each["properties"]["name"] for each in content["features"]}


def region(page, name):
    return page.locator(f"path.region[aria-label^='{name}: ']")


def count(portal, query, stem="clusters"):
    return len(slugs_of_csv(portal, stem, query))


def drawn(page, n):
    expect(page.locator("#map")).to_have_attribute("data-drawn", str(n))


# --- The areas


def test_regions_are_sums_of_provinces():
    """Each point of a region's border is one of a province, so that the borders are shared."""

    def vertices(name):
        features = json.loads((MAP_DIR / f"{name}.geojson").read_text(encoding="utf-8"))["features"]
        text = json.dumps([feature["geometry"]["coordinates"] for feature in features])
        return set(re.findall(r"\[[\d., ]+\]", text))

    provinces = vertices("provinces")
    for _model, name in KINDS.values():
        assert vertices(name) <= provinces
    assert (len(slugs("zone")), len(slugs("pan_region"))) == (11, 7)


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ([], []),
        ([0, 0], [(0, "0")]),
        ([1, 2], [(1, "1"), (2, "2")]),
        ([0, 5, 12], [(0, "0"), (1, "1–3"), (2, "4–6"), (3, "7–9"), (4, "10–12")]),
    ],
)
def test_classes_hold_every_count(counts, expected):
    assert classes(counts) == expected


@pytest.mark.parametrize(("layer", "show"), [("zone", "clusters"), ("pan_region", "complexes")])
def test_regions_say_the_number_in_the_filter(page, portal, layer, show):
    go(page, portal, f"show={show}&regions={layer}&sector=machinery")
    areas = page.locator("path.region")
    expect(areas).to_have_count(len(names(layer)))
    for slug, name in list(names(layer).items())[:4]:
        n = count(portal, f"sector=machinery&{layer}={slug}", show)
        label = region(page, name).get_attribute("aria-label")
        assert re.fullmatch(rf"{re.escape(name)}: {n} (mini cluster|industrial complex)(s|es)?", label)
    assert page.locator("#legend-regions li").count() >= 3
    expect(page.locator("#legend-regions")).to_contain_text("by zone" if layer == "zone" else "by pan-region")


def test_a_region_by_keyboard(page, portal):
    go(page, portal)
    area = region(page, "Daegu & North Gyeongsang")
    area.focus()
    before = area.bounding_box()["width"]
    page.keyboard.press("Enter")
    n = count(portal, "zone=daegu-north-gyeongsang")
    drawn(page, n)
    expect(page.locator("#announcement")).to_contain_text(f"{n} mini clusters at ")
    assert query_of(page) == {"zone": ["daegu-north-gyeongsang"]}
    expect(area).to_have_attribute("aria-pressed", "true")
    expect(area).to_be_focused()
    assert area.bounding_box()["width"] > 1.5 * before
    panel = page.locator(".portrait")
    expect(panel).to_contain_text("Gumi")
    expect(panel).to_contain_text("KICOX Daegu Branch")
    assert "/regions/zones/daegu-north-gyeongsang/" in panel.locator("h2 a").get_attribute("href")

    page.keyboard.press("Space")  # lets go of it
    drawn(page, count(portal, ""))
    expect(panel).to_have_count(0)
    page.go_back()
    expect(panel).to_be_visible()


def test_a_pan_region_by_click_says_its_vision(page, portal):
    go(page, portal)
    page.locator("#regions-pan_region").check()
    expect(page.locator("#map")).to_have_attribute("data-regions", "pan_region")
    expect(page.locator("path.region")).to_have_count(7)
    # Jeju, where nothing was found: it is offered all the same.
    jeju = region(page, "Jeju")
    box = jeju.bounding_box()  # its middle is sea: the islets in the north belong to it
    jeju.click(position={"x": box["width"] / 2, "y": box["height"] * 0.8})
    expect(page.locator(".portrait")).to_contain_text("Building an eco friendly bio cluster")
    assert query_of(page) == {"regions": ["pan_region"], "pan_region": ["jeju"]}
    expect(page.locator("#regions-pan_region")).to_be_checked()

    page.locator("#regions-none").check()
    expect(page.locator("path.region")).to_have_count(0)
    expect(page.locator("path.province")).to_have_count(17)
    assert query_of(page)["regions"] == ["none"]


# --- Time


def test_the_edition_by_keyboard(page, portal):
    go(page, portal)
    page.locator("#time-newest").focus()
    page.keyboard.press("ArrowLeft")  # around to the last
    n = count(portal, "edition=2016")
    drawn(page, n)
    expect(page.locator("#time-2016")).to_be_focused()
    expect(page.locator("#announcement")).to_contain_text(f"{n} mini clusters at ")
    assert query_of(page)["edition"] == ["2016"]
    expect(page.locator("#edition-2016")).to_be_checked()

    pictured = page.locator("path.region.is-pictured")
    expect(pictured).to_have_count(5)
    for label in pictured.evaluate_all("all => all.map(it => it.ariaLabel)"):
        assert label.endswith(": 0 mini clusters – its list of 2016 is printed as a picture")
    expect(page.locator("#legend-regions")).to_contain_text("hatched")
    expect(page.locator(".map-list .notice a")).to_have_count(5)

    page.locator("#time-2009").check()
    drawn(page, count(portal, "edition=2009"))
    expect(page.locator("path.region.is-pictured")).to_have_count(0)


# --- Hubs


def test_hubs_say_their_leading_sector_in_letters(page, portal):
    go(page, portal)
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
    go(page, portal)
    box = page.locator(".hover-box")
    gumi = page.locator(".hub-marker[aria-label^='Gumi:']")
    gumi.hover()
    expect(box.locator("li")).to_have_count(count(portal, "hub=gumi"))
    box.hover()  # the pointer may rest on it
    page.wait_for_timeout(500)
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
        go(page, portal, query)
        assert page.evaluate(COVERED) == []


@pytest.mark.parametrize("size", ["page", "phone"])
def test_no_hub_lies_over_the_letters_of_another(request, portal, size):
    page = request.getfixturevalue(size)
    for query in ("", "edition=2010"):
        go(page, portal, query)
        assert page.evaluate(UNREADABLE) == []


def test_circles_at_one_spot_are_moved_apart(page, portal):
    go(page, portal)

    def spread(*circles):
        return page.evaluate(
            "async (circles) => (await import('/static/js/markers.js')).spread(circles)", list(circles)
        )

    moved = spread({"x": 5, "y": 5, "r": 12}, {"x": 5, "y": 5, "r": 12})
    assert moved[1]["dx"] - moved[0]["dx"] >= 20
    # What is fixed stays; the others leave it, and far from it none moves.
    hub = {"x": 0, "y": 0, "r": 20, "fixed": True}
    moved = spread(hub, *({"x": x, "y": 0, "r": 7} for x in (0, 0, 90, 91)))
    assert moved[0] == {"dx": 0, "dy": 0} == moved[3] == moved[4]
    for move in moved[1:3]:
        assert 23 <= (move["dx"] ** 2 + move["dy"] ** 2) ** 0.5 <= 26
    assert moved[1] != moved[2]


def test_a_hub_is_tied_to_its_connected_complexes(page, portal):
    go(page, portal, "at=gumi")
    expect(page.locator(".leaflet-popup")).to_be_visible()
    n = count(portal, "hub=gumi&role=connected-2010", "complexes")
    assert n > 0
    expect(page.locator("path.spoke")).to_have_count(n)
    expect(page.locator(".leaflet-popup")).to_contain_text("Connected complexes of 2010: ")
    expect(page.locator("#legend-lines")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("path.spoke")).to_have_count(0)


# --- Layers


def test_complexes_and_offices_beside_the_hubs(page, portal):
    go(page, portal, "zone=busan")
    drawn(page, count(portal, "zone=busan"))
    page.locator("#layer-complexes").check()
    page.locator("#layer-offices").check()
    expect(page.locator(".office-marker")).to_have_count(1)
    expect(page.locator("#layer-offices-note")).to_have_text("1 within Zone (2016): Busan")
    expect(page.locator("#legend-kinds")).to_be_visible()
    expect(page.locator("#legend-offices")).to_be_visible()
    named = page.locator(".complex-marker").evaluate_all("all => all.flatMap(it => it.ariaLabel.split(', '))")
    assert len(named) == count(portal, "zone=busan", "complexes")
    expect(page.locator("#layer-complexes-note")).to_have_text(f"{len(named)} within Zone (2016): Busan")
    assert query_of(page)["layers"] == ["complexes,offices"]

    page.locator("[name=sector]").first.check()  # a filter keeps the layers
    page.wait_for_url("**sector=**")
    assert query_of(page)["layers"] == ["complexes,offices"]
    page.reload()
    settle(page)
    expect(page.locator("#layer-offices")).to_be_checked()
    expect(page.locator(".office-marker")).to_have_count(1)

    go(page, portal, "layers=offices")
    expect(page.locator(".office-marker")).to_have_count(18)
    expect(page.locator(".office-marker.is-rough")).to_have_count(2)
    expect(page.locator("#layer-offices-note")).to_have_text("all 18")


# --- List, map and address


def test_list_and_map_light_each_other(page, portal):
    go(page, portal)
    entry = page.locator(".map-records a", has_text="Smart automotive parts").first
    entry.focus()
    expect(page.locator(".hub-marker.is-lit")).to_have_attribute("aria-label", re.compile("Seongseo: "))
    page.locator(".hub-marker[aria-label^='Gumi:']").focus()
    lit = page.locator(".map-records .is-lit a")
    expect(lit).to_have_count(count(portal, "hub=gumi"))
    expect(lit.first).to_be_in_viewport()


def test_only_what_is_in_view(page, portal):
    go(page, portal, "lat=35.85&lon=128.5&zoom=9")
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
    go(page, portal, "regions=pan_region")
    page.locator(".leaflet-control-zoom-in").click()
    page.wait_for_url("**zoom=**")
    page.locator(".hub-marker[aria-label^='Daegu Seongseo:']").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**at=seongseo**")
    page.wait_for_function("() => !document.querySelector('.leaflet-pan-anim, .leaflet-zoom-anim .zooming')")
    page.wait_for_timeout(600)
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
    go(page, portal, query)
    drawn(page, count(portal, ""))
    expect(page.locator("path.region")).to_have_count(11)


# --- Phone, no JavaScript, accessibility


def test_the_list_is_a_sheet_on_a_phone(phone, portal):
    go(phone, portal, "zone=busan")
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


def test_regions_and_time_without_javascript(plain, portal):
    plain.goto(f"{portal}/map/?edition=2010")
    area = plain.locator("#map svg a.region[aria-label^='Busan: ']")
    n = count(portal, "zone=busan&edition=2010")
    assert area.get_attribute("aria-label") == f"Busan: {n} mini clusters"
    expect(plain.locator("#map svg a.region")).to_have_count(11)
    area.focus()
    plain.keyboard.press("Enter")
    expect(plain.locator("#results-heading")).to_have_text(f"{n} mini clusters")
    expect(plain.locator(".portrait h2")).to_contain_text("Busan")

    plain.locator("#time-2009").check()
    plain.locator("#regions-pan_region").check()
    plain.get_by_role("button", name="Show", exact=True).click()
    n = count(portal, "zone=busan&edition=2009")
    expect(plain.locator("#results-heading")).to_have_text(f"{n} mini cluster{'' if n == 1 else 's'}")
    expect(plain.locator("#map svg a.region")).to_have_count(7)


STATES = {
    "pan-region chosen": "regions=pan_region&pan_region=dongnam&at=changwon",
    "pictures": "edition=2016",
    "layers": "layers=complexes,offices&regions=none&at=gumi",
    "in view": "in_view=1&lat=35.85&lon=128.5&zoom=9",
}


@pytest.mark.parametrize("query", STATES.values(), ids=STATES)
def test_axe_finds_nothing_in_any_state(page, portal, query):
    go(page, portal, query)
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
