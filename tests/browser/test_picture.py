"""The picture of the map in a real browser."""

import urllib.request
from xml.etree import ElementTree

import pytest

from tests.browsing import settle, visitor
from tests.mapping import of_class

pytestmark = pytest.mark.browser


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
