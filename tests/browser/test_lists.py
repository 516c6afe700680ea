"""Lists in a real browser: filters, search, phone, and without JavaScript."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.browsing import heading, listed, mark_page, never_left, query_of, settle, slugs_of_csv

pytestmark = pytest.mark.browser

# --- Filtering a list


def test_filtering_swaps_only_the_list(page, portal):
    page.goto(f"{portal}/clusters/?page=2")
    second_page = listed(page, "clusters")
    mark_page(page)
    page.locator("#facet-pan_region > summary").click()
    page.locator("#facet-edition > summary").click()
    box = page.locator("#edition-2016")
    box.check()

    expected = slugs_of_csv(portal, "clusters", "edition=2016")
    expect(heading(page)).to_have_text(f"{len(expected)} mini clusters")
    expect(page.locator("#announcement[role=status]")).to_have_text(f"{len(expected)} mini clusters")
    assert query_of(page) == {"edition": ["2016"]}
    shown = listed(page, "clusters")
    assert set(shown) <= set(expected) and len(shown) == min(len(expected), 50)
    expect(page.locator("label", has=page.locator("#sector-automotive")).locator(".count")).to_have_text(
        str(len(slugs_of_csv(portal, "clusters", "edition=2016&sector=automotive")))
    )
    expect(page.locator("#facet-pan_region")).to_have_attribute("open", "")
    expect(box).to_be_focused()
    expect(box).to_be_checked()

    # Taken away again: the facet has nothing chosen, but the reader is still in it.
    page.keyboard.press("Space")
    page.wait_for_url("**/clusters/")
    expect(page.locator("#facet-edition")).to_have_attribute("open", "")
    expect(box).to_be_focused()
    assert never_left(page)

    page.go_back()
    expect(heading(page)).to_have_text(f"{len(expected)} mini clusters")
    expect(box).to_be_checked()
    page.go_back()
    expect(page.locator(".pages [aria-current]")).to_have_text(re.compile("2$"))
    expect(box).not_to_be_checked()
    assert listed(page, "clusters") == second_page


def test_searching_while_typing_keeps_the_cursor(phone, portal):
    phone.goto(f"{portal}/clusters/")
    phone.locator("#filters > summary").click()
    search = phone.locator("#id_q")
    search.click()
    for typed in ("gum", "i"):
        with phone.expect_response(re.compile(r"/clusters/\?")):
            phone.keyboard.type(typed)
        phone.wait_for_function("() => !document.querySelector('.htmx-request, .htmx-swapping')")
        expect(search).to_be_focused()
    expect(search).to_have_value("gumi")
    expect(heading(phone)).to_have_text(f"{len(slugs_of_csv(portal, 'clusters', 'q=gumi'))} mini clusters")
    assert query_of(phone) == {"q": ["gumi"]}


def test_what_is_typed_while_the_answer_comes_is_kept_and_searched(page, portal):
    held = []
    for path in ("clusters", "map"):
        page.goto(f"{portal}/{path}/")
        if path == "map":
            settle(page)
        asked = re.compile(rf"/{path}/\?q=gum$")
        page.route(asked, lambda route: held.append(route))
        page.locator("#id_q").click()
        with page.expect_request(asked):
            page.keyboard.type("gum")
        page.keyboard.type("i")
        held.pop().continue_()
        page.wait_for_url(f"**/{path}/?q=gumi")
        expect(heading(page)).to_have_text(f"{len(slugs_of_csv(portal, 'clusters', 'q=gumi'))} mini clusters")
        expect(page.locator("#id_q")).to_have_value("gumi")
        expect(page.locator("#id_q")).to_be_focused()
        page.unroute(asked)


def test_focus_goes_to_the_results_where_the_pressed_button_is_gone(page, portal):
    for path in ("/stories/?q=the", "/support/?companies=2"):
        page.goto(f"{portal}{path}")
        with page.expect_response(re.compile(r"/(stories|support)/\?")):
            page.locator("form[role=search] button[type=submit]").press("Enter")
        expect(page.locator("#results-heading")).to_be_focused()
        expect(page.locator("#results-heading")).to_be_in_viewport()


# --- On a phone


def test_filters_and_map_on_a_phone(phone, portal):
    phone.goto(f"{portal}/clusters/")
    automotive = phone.locator("#sector-automotive")
    expect(automotive).to_be_hidden()
    phone.locator("#filters > summary").tap()
    automotive.tap()
    expect(phone.locator("#filters > summary")).to_have_text("Filters (1)")
    expect(phone.locator("#filters")).to_have_attribute("open", "")
    expect(automotive).to_be_focused()

    phone.goto(f"{portal}/map/?zone=seoul&zone=incheon")
    settle(phone)
    phone.locator(".hub-marker[aria-label^='Seoul:']").tap()
    popup = phone.locator(".leaflet-popup")
    listed = slugs_of_csv(portal, "clusters", "hub=seoul")
    expect(popup.locator("li a[href^='/clusters/']")).to_have_count(len(listed))
    # Once the map has moved, the popup lies within it and beside the buttons.
    phone.wait_for_function("""() => {
      const box = (selector) => document.querySelector(selector).getBoundingClientRect();
      const [map, zoom] = [box("#map"), box(".leaflet-control-zoom")];
      const popup = box(".leaflet-popup-content-wrapper");
      const beside = popup.left >= zoom.right || popup.top >= zoom.bottom;
      return popup.left >= map.left && popup.right <= map.right && popup.top >= map.top && beside;
    }""")


# --- Without JavaScript


def test_list_without_javascript(plain, portal):
    plain.goto(f"{portal}/clusters/")
    plain.locator("#sector-machinery").check()
    plain.locator("#sector-electronics").check()
    plain.locator("#facet-edition > summary").click()
    for edition in (2009, 2010, 2016):
        plain.locator(f"#edition-{edition}").check()
    plain.get_by_role("button", name="Apply").click()
    query = urlsplit(plain.url).query
    expected = slugs_of_csv(portal, "clusters", query)
    expect(heading(plain)).to_have_text(f"{len(expected)} mini clusters")

    found = listed(plain, "clusters")
    while plain.locator("a[rel=next]").count():
        plain.locator("a[rel=next]").click()
        found += listed(plain, "clusters")
    assert len(expected) > 50
    assert sorted(found) == sorted(expected)
