"""Pages printed by a real browser."""

import re

import pytest
from playwright.sync_api import expect

from tests.browsing import settle, slugs_of_csv, visitor

pytestmark = pytest.mark.browser


def test_regions_switched_on_the_screen_are_switched_on_paper(browser, portal):
    with visitor(browser) as page:
        asked = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(f"{portal}/map/")
        settle(page)
        # What only paper needs is not sent to the screen: both draw the same file.
        assert not [url for url in asked if "land.svg" in url or "pan_regions" in url]
        areas = page.locator(".print-map .area")
        expect(areas).to_have_count(11)
        page.locator("#regions-pan_region").check()
        expect(areas).to_have_count(7)
        page.locator("#regions-none").check()
        expect(page.locator(".print-map .land")).to_have_count(1)
        expect(areas).to_have_count(0)


SEEN = """selectors => selectors.map((selector) => {
  const shown = [...document.querySelectorAll(selector)].filter((it) => it.checkVisibility());
  return shown.length;
})"""


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
            shown = page.evaluate(
                SEEN, [".print-map .drawn", ".print-map li", ".map-records li a", ".chips b"]
            )
            # The zones whose list of 2016 is a picture are named on paper, too.
            assert page.evaluate(SEEN, [".notice a"]) == [page.locator(".notice a").count()]
            assert shown[0] == 1 and shown[1] and shown[2] == records
            assert shown[3] == len(page.locator(".chips b").all())
