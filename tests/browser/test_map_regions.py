"""Regions and editions on the map, in a real browser: by keyboard, by click, and without JavaScript."""

import json
import re

import pytest
from playwright.sync_api import expect

from portal.base.land import MAP_DIR
from portal.map.regions import KINDS
from tests.browsing import count, drawn, open_map, query_of

pytestmark = pytest.mark.browser


def names(layer):
    """Return {slug: name} of the areas, as the base map's own file has them."""
    content = json.loads((MAP_DIR / f"{KINDS[layer][1]}.geojson").read_text(encoding="utf-8"))
    return {each["properties"]["slug"]: each["properties"]["name"] for each in content["features"]}


def region(page, name):
    return page.locator(f"path.region[aria-label^='{name}: ']")


@pytest.mark.parametrize(("layer", "show"), [("zone", "clusters"), ("pan_region", "complexes")])
def test_regions_say_the_number_in_the_filter(page, portal, layer, show):
    open_map(page, portal, f"show={show}&regions={layer}&sector=machinery")
    areas = page.locator("path.region")
    expect(areas).to_have_count(len(names(layer)))
    for slug, name in list(names(layer).items())[:4]:
        n = count(portal, f"sector=machinery&{layer}={slug}", show)
        label = region(page, name).get_attribute("aria-label")
        assert re.fullmatch(rf"{re.escape(name)}: {n} (mini cluster|industrial complex)(s|es)?", label)
    assert page.locator("#legend-regions li").count() >= 3
    expect(page.locator("#legend-regions")).to_contain_text("by zone" if layer == "zone" else "by pan-region")


def test_a_region_by_keyboard(page, portal):
    open_map(page, portal)
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
    open_map(page, portal)
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
    open_map(page, portal)
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
