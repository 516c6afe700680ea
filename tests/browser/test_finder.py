"""The support finder in a real browser, and without JavaScript."""

import re

import pytest
from playwright.sync_api import expect

from tests.browsing import settle

pytestmark = pytest.mark.browser


# --- In a browser


def test_the_form_answers_without_a_reload_and_keeps_what_is_being_typed(page, portal):
    page.goto(f"{portal}/support/")
    settle(page)
    page.get_by_label("How many companies apply together?").fill("2")
    page.get_by_label("What does the whole project cost, in KRW?").fill("30 million")
    with page.expect_response(re.compile(r"/support/\?")):
        page.get_by_label("Making a prototype").check()
    expect(page.locator("#results-heading")).to_have_text("1 support programme")
    expect(page.get_by_label("How many companies apply together?")).to_have_value("2")
    expect(page.locator(".verdict")).to_contain_text("fits")
    page.get_by_label("How many companies apply together?").fill("1")
    page.keyboard.press("Enter")
    expect(page.locator(".clauses li").first).to_contain_text("1 company or more is asked for, 1 applies.")
    expect(page.get_by_label("How many companies apply together?")).to_be_focused()


def test_the_finder_works_without_javascript(plain, portal):
    plain.goto(f"{portal}/support/")
    plain.get_by_label("How many companies apply together?").fill("2")
    plain.get_by_label("What size is the applicant?").select_option("sme")
    plain.get_by_label("What does the whole project cost, in KRW?").fill("30 million")
    plain.get_by_label("Making a prototype").check()
    plain.get_by_role("button", name="Find support").click()
    expect(plain.locator(".sum dd").first).to_have_text("KRW\xa018,000,000")
    plain.get_by_role("link", name="Prototype production").click()
    expect(plain.locator("h1")).to_have_text("Prototype production")
    expect(plain.locator(".sum dd").last).to_have_text("KRW\xa012,000,000")
    plain.get_by_role("link", name="Back to what was asked").click()
    expect(plain.get_by_label("What does the whole project cost, in KRW?")).to_have_value("30 million")
    plain.get_by_label("What does the whole project cost, in KRW?").fill("-1")
    plain.get_by_role("button", name="Find support").click()
    expect(plain.get_by_role("alert")).to_contain_text("The cost must be more than zero.")
    expect(plain.get_by_label("What does the whole project cost, in KRW?")).to_have_value("-1")
