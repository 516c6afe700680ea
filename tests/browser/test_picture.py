"""The picture of the map in a real browser."""

import urllib.request
from xml.etree import ElementTree

import pytest

from tests.browsing import settle, visitor
from tests.mapping import SVG

pytestmark = pytest.mark.browser


def test_the_picture_opens_by_itself_and_has_the_families_of_the_large_map(browser, portal):
    with visitor(browser) as page:
        page.goto(f"{portal}/map/?edition=2010")
        settle(page)
        shown = page.locator("#map .hub-marker").evaluate_all(
            "all => all.map(it => `${it.textContent} ${it.className.match(/family-[a-z-]+/)[0]}`)"
        )
    picture = urllib.request.urlopen(f"{portal}/map.svg?edition=2010", timeout=60).read()
    svg = ElementTree.fromstring(picture)
    marks = [it for it in svg.iter(f"{SVG}g") if (it.get("class") or "").startswith("mark ")]
    drawn = [f"{mark.find(f'{SVG}text').text} {mark.get('class').split()[1]}" for mark in marks]
    assert sorted(shown) == sorted(drawn)
    context = browser.new_context()
    page, refused = context.new_page(), []
    page.on("console", lambda message: refused.append(message.text))
    page.goto(f"{portal}/map.svg?edition=2016")
    # Nothing of it is refused by the policy: hatching, colours and text are drawn.
    width = page.locator("text.name").first.evaluate("name => name.getBBox().width")
    assert width > 20 and not [text for text in refused if "favicon" not in text and "404" not in text]
    context.close()
