"""Citation, link, BibTeX and code for an iframe in a real browser: copied as they stand."""

import pytest
from playwright.sync_api import expect

from tests.axe import violations
from tests.browsing import settle, visitor

pytestmark = pytest.mark.browser

# --- In a browser


def opened(page, name):
    page.locator(f"#{name}").evaluate("details => { details.open = true; }")


def pasted(page):
    """Return what a visitor pastes. No script may read the clipboard here (Permissions-Policy)."""
    page.evaluate(
        "() => { const box = document.createElement('textarea'); box.id = 'pasted';"
        " document.body.append(box); box.focus(); }"
    )
    page.keyboard.press("Control+V")
    text = page.locator("#pasted").input_value()
    page.evaluate("document.getElementById('pasted').remove()")
    return text


@pytest.mark.parametrize(
    "address", ["/clusters/?sector=automotive", "/map/?edition=2010", "/complexes/gumi/"]
)
def test_everything_is_copied_as_it_stands(browser, portal, address):
    with visitor(browser, permissions=["clipboard-read", "clipboard-write"]) as page:
        page.goto(portal + address)
        settle(page)

        def copy(name):
            button = page.locator(f"[data-copy={name}]")
            button.click()
            page.wait_for_function(
                "name => document.querySelector(`[data-copy=${name}]`).textContent === 'Copied'", arg=name
            )
            assert page.locator("#copied").inner_text() == "Copied"
            return pasted(page)

        assert copy("citation") == page.locator("#citation").inner_text()
        assert copy("permalink") == page.url.partition("#")[0]
        opened(page, "cite-bibtex")
        bibtex = copy("bibtex")
        assert bibtex.startswith("@misc{") and bibtex.endswith("}") and bibtex.count("\n") == 7
        if "/map/" in address:
            opened(page, "embed")
            assert copy("embed-code").startswith(f'<iframe src="{portal}/map/embed/?')


def test_the_citation_is_there_without_javascript(browser, portal):
    with visitor(browser, java_script_enabled=False) as page:
        page.goto(f"{portal}/map/?sector=automotive")
        assert f"{portal}/map/?sector=automotive" in page.locator("#citation").inner_text()
        page.locator("#embed > summary").click()
        assert page.locator("#embed-code").is_visible()
        assert not page.locator("[data-copy]").first.is_visible()


def test_copy_the_citation(browser, portal):
    with visitor(browser, permissions=["clipboard-read", "clipboard-write"]) as page:
        page.goto(f"{portal}/clusters/?sector=automotive")
        page.get_by_role("button", name="Copy the citation").click()
        expect(page.get_by_role("button", name="Copied")).to_be_visible()
        copied = pasted(page)
    assert copied.startswith("Mini clusters (Sector: Automotive)")
    assert f"{portal}/clusters/?sector=automotive" in copied


def test_axe_finds_nothing_in_an_open_citation(page, portal):
    for scheme in ("light", "dark"):
        for width in (1440, 390):
            page.emulate_media(color_scheme=scheme)
            page.set_viewport_size({"width": width, "height": 900})
            page.goto(f"{portal}/clusters/?sector=automotive")
            opened(page, "cite-bibtex")
            assert violations(page) == []
