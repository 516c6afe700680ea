"""The shortlist in a real browser: kept from page to page, and without JavaScript."""

import pytest
from playwright.sync_api import expect

from tests.browsing import heading, listed, open_map, query_of

pytestmark = pytest.mark.browser


def test_support_programmes_offer_no_ticks(page, portal):
    page.goto(f"{portal}/support/")
    expect(page.locator(".records input[type=checkbox]")).to_have_count(0)
    expect(page.get_by_role("button", name="Show only the ticked")).to_have_count(0)


# --- Shortlist and citation


def test_shortlist_survives_from_page_to_page(page, portal):
    page.goto(f"{portal}/clusters/")
    link = page.locator("[data-shortlist-link=clusters]")
    expect(link).to_be_hidden()
    ticks = page.locator("[data-shortlist=clusters]")
    chosen = [ticks.nth(number).get_attribute("value") for number in (1, 4)]
    for number in (1, 4):
        ticks.nth(number).check()
    expect(link).to_have_text("Shortlist (2)")

    page.goto(f"{portal}/about/")
    expect(link).to_have_text("Shortlist (2)")
    link.click()
    expect(heading(page)).to_have_text("2 mini clusters")
    assert sorted(listed(page, "clusters")) == sorted(chosen)
    expect(ticks.first).to_be_checked()

    ticks.first.uncheck()
    expect(link).to_have_text("Shortlist (1)")
    ticks.last.uncheck()
    expect(link).to_be_hidden()


def test_shortlist_without_javascript(plain, portal):
    plain.goto(f"{portal}/complexes/")
    ticks = plain.locator(".tick input[type=checkbox]")
    chosen = [ticks.nth(number).get_attribute("value") for number in (0, 3)]
    for number in (0, 3):
        ticks.nth(number).check()
    plain.get_by_role("button", name="Show only the ticked").click()
    assert query_of(plain) == {"slug": chosen}
    assert sorted(listed(plain, "complexes")) == sorted(chosen)


def test_a_shortlist_is_kept_on_the_map_itself(phone, portal):
    open_map(phone, portal, "at=gumi")
    tick = phone.locator(".leaflet-popup input.keep").first
    tick.check()
    slug = tick.get_attribute("value")
    expect(phone.locator(f".map-records input.keep[value='{slug}']")).to_be_checked()
    link = phone.locator("[data-shortlist-link=clusters]")
    expect(link).to_have_text("Shortlist (1)")
    link.click()
    expect(phone.locator(".chips")).to_contain_text("Selected: 1 record")
    phone.goto(f"{portal}/clusters/{slug}/")
    phone.get_by_label("Keep on the shortlist").uncheck()
    expect(link).to_be_hidden()
