"""The main links and the way from home, in a real browser."""

import pytest
from playwright.sync_api import expect

from tests.browsing import DESKTOP, PHONE, tab_to

pytestmark = pytest.mark.browser

# --- The main links


def test_the_main_links_are_a_menu_on_a_phone(phone, portal):
    phone.goto(f"{portal}/")
    statistics = phone.get_by_role("navigation", name="Main").get_by_role("link", name="Statistics")
    expect(statistics).to_have_count(0)
    tab_to(phone, ".main-menu summary")
    phone.keyboard.press("Enter")
    expect(statistics).to_be_in_viewport()
    # It lies over the page, which stays where it is.
    assert phone.locator("main").bounding_box()["y"] < 80
    tab_to(phone, "[href='/statistics/']")
    phone.keyboard.press("Enter")
    expect(phone.locator("h1")).to_have_text("Statistics and tables")
    expect(phone.locator(".main-menu [aria-current]")).to_have_text("Statistics")


def test_the_main_links_need_no_script(plain, portal):
    plain.set_viewport_size(PHONE)
    plain.goto(f"{portal}/map/")
    plain.locator(".main-menu summary").click()
    plain.locator(".main-menu").get_by_role("link", name="Regions").click()
    expect(plain.locator("h1")).to_have_text("Regions")
    plain.set_viewport_size(DESKTOP)
    expect(plain.locator(".main-menu")).to_be_hidden()
    plain.get_by_role("navigation", name="Main").get_by_role("link", name="Stories").click()
    expect(plain.locator("h1")).to_have_text("Success stories")


def test_errand_from_home_in_three_clicks(phone, portal):
    """Automotive mini clusters near Daegu, and whom to ring."""
    phone.goto(portal)
    phone.locator("main").get_by_role("link", name="Automotive", exact=True).tap()
    expect(phone.get_by_role("heading", name="Automotive", level=1)).to_be_visible()
    phone.get_by_role("link", name="Smart automotive parts").first.tap()
    expect(phone.get_by_role("heading", name="Whom to ring")).to_be_visible()
    expect(phone.locator("main")).to_contain_text("2010, as “Smart cars”")
    telephone = phone.locator("main a[href^='tel:+82']").first
    telephone.scroll_into_view_if_needed()
    expect(telephone).to_be_in_viewport()
