"""What opens at a mark of the map, in a real browser: pointed at, chosen; and the sheet of a phone."""

import pytest
from playwright.sync_api import expect

from tests.browsing import PHONE, drawn, open_map, slugs_of_csv, slugs_of_links

pytestmark = pytest.mark.browser


def marker(page, name):
    return page.locator(f".hub-marker[aria-label^='{name}:']")


def asked(page):
    """Return the list that the addresses of parts are put into as the page asks for them."""
    addresses = []
    page.on("request", lambda request: "/map/hub/" in request.url and addresses.append(request.url))
    return addresses


@pytest.mark.parametrize("query", ["edition=2010", "sector=machinery", "q=parts&edition=2009&edition=2010"])
def test_the_box_of_a_hub_is_the_file_of_its_query_string(page, portal, query):
    open_map(page, portal, query)
    labels = page.locator(".hub-marker").evaluate_all("all => all.slice(0, 5).map(it => it.ariaLabel)")
    assert labels
    for label in labels:
        marker(page, label.split(":")[0]).focus()
        box = page.locator(".hover-card .card:not([aria-busy])")
        expect(box.locator("h2")).to_contain_text(label.split(",")[0].split(": ")[1])
        hub = page.locator(".hover-card li").first.get_attribute("data-hub")
        listed = slugs_of_links(box.locator("li a"), "clusters")
        assert sorted(listed) == sorted(slugs_of_csv(portal, "clusters", f"{query}&hub={hub}"))


def test_name_and_number_are_there_before_the_server_answers(page, portal):
    open_map(page, portal)
    held = []
    page.route("**/map/hub/gumi/*", lambda route: held.append(route))
    gumi = marker(page, "Gumi")
    gumi.hover()
    box = page.locator(".hover-card")
    n = len(slugs_of_csv(portal, "clusters", "hub=gumi"))
    expect(box.locator("h2")).to_have_text(f"Gumi: {n} mini clusters")
    expect(box).to_contain_text("Loading …")
    gumi.click()
    popup = page.locator(".leaflet-popup")
    expect(popup.locator("h2")).to_be_focused()
    expect(popup).to_contain_text("Loading …")
    assert len(held) == 1  # box and popup share what they ask for
    held[0].continue_()
    expect(popup.locator("li")).to_have_count(n)
    expect(popup).not_to_contain_text("Loading …")
    expect(popup.locator("h2")).to_be_focused()
    expect(popup.locator("h2 [lang=ko]")).to_have_text("구미")


def test_a_hub_is_asked_for_once(page, portal):
    open_map(page, portal)
    addresses = asked(page)
    for name in ("Gumi", "Ulsan", "Gumi", "Ulsan", "Gumi"):
        marker(page, name).hover()
        expect(page.locator(".hover-card h2")).to_contain_text(name)
        expect(page.locator(".hover-card li")).not_to_have_count(0)
    marker(page, "Gumi").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".leaflet-popup li")).not_to_have_count(0)
    assert len(addresses) == 2
    page.keyboard.press("Escape")

    # Another filter is another answer.
    page.locator("#time-2010").check()
    drawn(page, len(slugs_of_csv(portal, "clusters", "edition=2010")))
    n = len(slugs_of_csv(portal, "clusters", "hub=gumi&edition=2010"))
    marker(page, "Gumi").focus()
    expect(page.locator(".hover-card li")).to_have_count(n)
    assert addresses[-1].endswith("/map/hub/gumi/?edition=2010") and len(addresses) == 3


def test_a_hub_by_keyboard_alone(page, portal):
    open_map(page, portal, "zone=daegu-north-gyeongsang")
    gumi = marker(page, "Gumi")
    for _press in range(60):
        page.keyboard.press("Tab")
        if gumi.evaluate("it => it === document.activeElement"):
            break
    box, popup = page.locator(".hover-card"), page.locator(".leaflet-popup")
    n = len(slugs_of_csv(portal, "clusters", "hub=gumi"))
    expect(box.locator("li")).to_have_count(n)
    page.keyboard.press("Escape")
    expect(box).to_have_count(0)
    expect(gumi).to_be_focused()
    for key in ("Enter", "Space"):
        page.keyboard.press(key)
        expect(popup.locator("h2")).to_be_focused()
        expect(popup.locator("li")).to_have_count(n)
        expect(box).to_have_count(0)
        page.keyboard.press("Tab")
        expect(popup.locator("li input").first).to_be_focused()
        page.keyboard.press("Tab")
        expect(popup.locator("li a").first).to_be_focused()
        page.keyboard.press("Escape")
        expect(popup).to_have_count(0)
        expect(gumi).to_be_focused()

    # The tab key goes on to the next mark, and not into the box of this one.
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.hover-card')") is None


def test_links_of_the_box_lead_on(page, portal):
    page.clock.install()
    open_map(page, portal)
    marker(page, "Gumi").hover()
    link = page.locator(".hover-card li a").first
    name = link.inner_text()
    link.hover()
    page.clock.run_for(1000)  # longer than the box lingers where nothing points at it
    link.click()
    page.wait_for_url("**/clusters/*/")
    expect(page.locator("h1")).to_contain_text(name)


def test_complexes_and_offices_open_too(page, portal):
    open_map(page, portal, "show=complexes&kind=national&layers=offices")
    gumi = page.locator(".complex-marker[aria-label='Gumi']")
    gumi.focus()
    page.keyboard.press("Enter")
    popup = page.locator(".leaflet-popup")
    expect(popup).to_contain_text("pilot 2005, hub 2010, listed 2016 · hub: Gumi")
    expect(popup.locator("li a")).to_have_attribute("href", "/complexes/gumi/")
    page.keyboard.press("Escape")
    expect(popup).to_have_count(0)
    office = page.locator(".office-marker[aria-label*='Gumi Branch']")
    office.focus()
    page.keyboard.press("Enter")
    expect(popup).to_contain_text("164, Gongdan-dong, Gumi-si")
    at = page.url
    assert "at=kicox-gumi-branch" in at

    # The address opens it elsewhere, in whichever layer it is.
    page.goto("about:blank")
    page.goto(at)
    expect(popup).to_contain_text("164, Gongdan-dong, Gumi-si")


def test_a_part_that_does_not_come_says_so(browser, portal):
    context = browser.new_context()  # no visitor: what went wrong is in the console
    page = context.new_page()
    open_map(page, portal)
    page.route("**/map/hub/gumi/*", lambda route: route.abort())
    gumi = marker(page, "Gumi")
    gumi.focus()
    page.keyboard.press("Enter")
    popup = page.locator(".leaflet-popup")
    expect(popup).to_contain_text("could not be loaded")
    page.keyboard.press("Escape")
    page.unroute("**/map/hub/gumi/*")
    page.keyboard.press("Enter")  # and is asked for again
    expect(popup.locator("li")).not_to_have_count(0)
    context.close()


def drag(phone, selector, by):
    """Move a finger over the screen, from the middle of an element by so many pixels downwards."""
    box = phone.locator(selector).bounding_box()
    finger = phone.context.new_cdp_session(phone)
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def touch(kind, *points):
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": list(points)})

    touch("touchStart", {"x": x, "y": y})
    for step in range(1, 6):
        touch("touchMove", {"x": x, "y": y + by * step / 5})
    touch("touchEnd")


def test_the_sheet_of_a_phone_is_dragged(phone, portal):
    open_map(phone, portal)
    button, entries = phone.locator("#sheet-handle"), phone.locator(".map-records a")
    expect(entries.first).to_be_hidden()
    drag(phone, "#sheet-handle", -5)  # a finger that trembles: a tap
    expect(button).to_have_attribute("aria-expanded", "true")
    button.tap()
    expect(button).to_have_attribute("aria-expanded", "false")
    drag(phone, "#sheet-handle", -20)  # too far for a tap, and not far enough to drag
    expect(button).to_have_attribute("aria-expanded", "false")
    drag(phone, "#sheet-handle", -300)
    expect(button).to_have_attribute("aria-expanded", "true")
    expect(button).to_have_text("Show the map")
    expect(entries.first).to_be_visible()
    top = phone.locator("#map-data").bounding_box()["y"]
    assert top < 0.5 * PHONE["height"]
    drag(phone, "#sheet-handle", 300)
    expect(button).to_have_attribute("aria-expanded", "false")
    expect(entries.first).to_be_hidden()
    # The page itself did not move along.
    assert phone.evaluate("scrollY") == 0
