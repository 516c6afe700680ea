"""Every kind of page: WCAG 2.2 AA by axe, structure, the way of the tab key, and room on a phone."""

from itertools import pairwise

import pytest
from playwright.sync_api import expect

from tests.axe import violations
from tests.browsing import DESKTOP, PAGES, PHONE, settle, visitor

pytestmark = pytest.mark.browser


each_page = pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)


@pytest.fixture(scope="module")
def page(browser):
    """One visitor for the whole module: these tests only look. ``visitor`` says what may not happen."""
    with visitor(browser) as page:
        yield page


def open_popup(page):
    marker = page.locator(".leaflet-marker-icon").last
    marker.focus()
    marker.press("Enter")
    expect(page.locator(".leaflet-popup h2")).to_be_focused()
    # It fades in: half faded, its contrast would be measured too low.
    page.wait_for_function("() => getComputedStyle(document.querySelector('.leaflet-popup')).opacity === '1'")


@each_page
def test_axe_finds_nothing(page, portal, path):
    page.set_viewport_size(DESKTOP)
    page.goto(portal + path)
    settle(page)
    if page.locator("#map").count():
        open_popup(page)
    found = {}
    for width, size in (("wide", DESKTOP), ("phone", PHONE)):
        page.set_viewport_size(size)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            found[f"{width}, {scheme}"] = violations(page)
    assert not any(found.values()), found


def test_axe_finds_nothing_among_the_open_filters(page, portal):
    page.set_viewport_size(PHONE)
    for path in ("/clusters/", "/complexes/", "/support/"):
        page.goto(portal + path)
        page.locator("#filters > summary").click()
        for closed in reversed(page.locator("#filters details:not([open]) > summary").all()):
            closed.click()
        expect(page.locator("#filters details:not([open])")).to_have_count(0)
        assert violations(page) == []


@each_page
def test_structure(page, portal, path):
    """One title, one first heading, no level skipped, no id twice, and room on a phone."""
    page.set_viewport_size(PHONE)
    page.goto(portal + path)
    settle(page)
    assert page.title().endswith("Korea Cluster Portal")
    assert page.locator("h1").count() == 1
    assert page.locator("h1").inner_text().strip()
    levels = page.locator("h1, h2, h3, h4").evaluate_all("all => all.map(h => Number(h.tagName[1]))")
    assert all(after <= before + 1 for before, after in pairwise(levels)), levels
    ids = page.locator("[id]").evaluate_all("all => all.map(it => it.id)")
    assert len(ids) == len(set(ids))
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_titles_tell_pages_apart(page, portal):
    titles = {}
    for path in PAGES.values():
        page.goto(portal + path)
        titles.setdefault(page.title(), []).append(path.split("?")[0])
    assert all(len(set(paths)) == 1 for paths in titles.values()), titles


@each_page
def test_tab_key(page, portal, path):
    """The skip link comes first and works; then header, content and footer in this order, each in view."""
    page.set_viewport_size(DESKTOP)
    page.goto(portal + path)
    settle(page)
    page.keyboard.press("Tab")
    skip = page.locator(".skip-link").first
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport(ratio=1)
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")

    # No positive tabindex: the order is that of the document.
    assert page.locator("[tabindex]:not([tabindex='0']):not([tabindex='-1'])").count() == 0
    assert page.evaluate("[...document.body.children].filter(it => it.matches('header, main, footer'))"
                         ".map(it => it.tagName).join(' ')") == "HEADER MAIN FOOTER"  # fmt: skip


def test_focus_is_always_visible(page, portal):
    """Whatever the tab key reaches on a list shows an outline."""
    page.set_viewport_size(DESKTOP)
    page.goto(f"{portal}/clusters/?q=gumi")
    for _press in range(40):
        page.keyboard.press("Tab")
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline != "none", page.evaluate("document.activeElement.outerHTML")
