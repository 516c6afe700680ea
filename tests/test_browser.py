"""The portal in a real browser: map, filters, shortlist, keyboard, phone, and without JavaScript."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from .browsing import DESKTOP, PHONE, settle, slugs_of_csv, slugs_of_links, visitor

pytestmark = pytest.mark.browser

expect.set_options(timeout=20_000)

MAP_QUERIES = [
    "",
    "sector=automotive",
    "zone=busan&edition=2010",
    "q=gumi",
    "show=complexes",
    "show=complexes&kind=agro-industrial",
]

# Clicks every marker and collects where the links of its popup, which the server renders, lead to.
LINKS_OF_ALL_MARKERS = """async stem => {
  const paths = new Set();
  for (const marker of document.querySelectorAll(".leaflet-marker-icon")) {
    marker.click();
    while (document.querySelector(".leaflet-popup [aria-busy]")) {
      await new Promise((done) => setTimeout(done, 5));
    }
    for (const link of document.querySelectorAll(".leaflet-popup li a")) paths.add(link.pathname);
  }
  return [...paths].map((path) => path.replace(`/${stem}/`, "").replace("/", ""));
}"""


def query_of(page):
    """Return the query string as {name: [values]}, empty values included."""
    return parse_qs(urlsplit(page.url).query, keep_blank_values=True)


def listed(page, stem):
    """Return the slugs of the records in the table of a list."""
    return slugs_of_links(page.locator(".records th a:not(.note-mark)"), stem)


def heading(page):
    return page.locator("#results-heading")


def focused(page):
    """Return the locator of the element that has the focus."""
    return page.locator("*:focus")


def tab_to(page, selector, most=60):
    """Press Tab until the focus is on an element that ``selector`` matches; return how often."""
    for presses in range(1, most + 1):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return presses
    raise AssertionError(f"{most} times Tab did not reach {selector}")


def mark_page(page):
    """Leave something in the page's memory that a full page load would forget."""
    page.evaluate("window.neverLeft = true")


def never_left(page):
    return page.evaluate("window.neverLeft === true")


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


# --- The map


@pytest.mark.parametrize("query", MAP_QUERIES)
def test_map_list_and_file_are_the_same_records(page, portal, query):
    stem = "complexes" if "show=complexes" in query else "clusters"
    page.goto(f"{portal}/map/?{query}")
    settle(page)
    expected = sorted(slugs_of_csv(portal, stem, query))
    assert expected

    assert sorted(slugs_of_links(page.locator(".map-records a"), stem)) == expected
    assert sorted(page.evaluate(LINKS_OF_ALL_MARKERS, stem)) == expected
    expect(page.locator("#map")).to_have_attribute("data-drawn", str(len(expected)))
    expect(heading(page)).to_have_text(re.compile(rf"^{len(expected)} "))
    if stem == "clusters":
        assert sum(int(number) for number in page.locator(".hub-marker").all_inner_texts()) == len(expected)


def test_markers_are_named_and_sized_by_their_number(page, portal):
    page.goto(f"{portal}/map/")
    settle(page)
    markers = page.locator(".hub-marker").evaluate_all(
        "all => all.map(it => [Number(it.textContent), it.offsetWidth, it.ariaLabel, it.role])"
    )
    hubs = page.locator(".map-records .group")
    assert len(markers) == hubs.count()
    for number, width, label, role in markers:
        assert re.fullmatch(rf".+: {number} mini cluster{'' if number == 1 else 's'}, mostly .+", label)
        assert role == "button"
        assert width >= 24
    widths = [width for _number, width, *_rest in sorted(markers)]
    assert widths == sorted(widths)
    assert len(set(widths)) > 3


def test_markers_by_keyboard(page, portal):
    page.goto(f"{portal}/map/?zone=daegu-north-gyeongsang")
    settle(page)
    tab_to(page, ".hub-marker")
    name = focused(page).get_attribute("aria-label")
    popup = page.locator(".leaflet-popup")

    for way_out in ("Escape", "close button"):
        page.keyboard.press("Enter")
        expect(popup).to_be_visible()
        expect(popup.locator("h2")).to_be_focused()
        expect(popup.locator("li a").first).to_be_visible()
        # Each record can be kept or opened, also once the card is known and whole from the start.
        page.keyboard.press("Tab")
        expect(popup.locator("li input").first).to_be_focused()
        page.keyboard.press("Tab")
        expect(popup.locator("li a").first).to_be_focused()
        if way_out == "close button":
            popup.locator(".leaflet-popup-close-button").focus()
            page.keyboard.press("Enter")
        else:
            page.keyboard.press("Escape")
        expect(popup).to_have_count(0)
        expect(focused(page)).to_have_attribute("aria-label", name)

    page.keyboard.press("Enter")
    expect(popup.locator("h2")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    record = focused(page).inner_text()
    page.keyboard.press("Enter")
    page.wait_for_url("**/clusters/*/")
    expect(page.locator("h1")).to_contain_text(record)


def test_the_markers_can_be_skipped(page, portal):
    page.goto(f"{portal}/map/?show=complexes")
    settle(page)
    tab_to(page, "a[href='#map-side']", most=20)
    page.keyboard.press("Enter")
    assert tab_to(page, ".map-side *", most=1)


def test_filtering_redraws_the_map(page, portal):
    page.goto(f"{portal}/map/")
    settle(page)
    mark_page(page)
    downloads = []
    page.on("request", lambda request: "/map/data.json?" in request.url and downloads.append(request.url))

    page.locator("#sector-automotive").check()
    expected = slugs_of_csv(portal, "clusters", "sector=automotive")
    expect(page.locator("#map")).to_have_attribute("data-drawn", str(len(expected)))
    assert sum(int(number) for number in page.locator(".hub-marker").all_inner_texts()) == len(expected)
    assert sorted(slugs_of_links(page.locator(".map-records a"), "clusters")) == sorted(expected)
    expect(page.locator("#announcement")).to_have_text(
        re.compile(rf"^{len(expected)} mini clusters at \d+ hubs$")
    )
    expect(page.locator("#sector-automotive")).to_be_focused()
    assert query_of(page) == {"sector": ["automotive"]}
    assert len(downloads) == 1
    assert never_left(page)

    page.go_back()
    settle(page)
    expect(page.locator("#sector-automotive")).not_to_be_checked()
    everything = slugs_of_csv(portal, "clusters", "")
    expect(page.locator("#map")).to_have_attribute("data-drawn", str(len(everything)))


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


def test_support_programmes_offer_no_ticks(page, portal):
    page.goto(f"{portal}/support/")
    expect(page.locator(".records input[type=checkbox]")).to_have_count(0)
    expect(page.get_by_role("button", name="Show only the ticked")).to_have_count(0)


def test_focus_goes_to_the_results_where_the_pressed_button_is_gone(page, portal):
    for path in ("/stories/?q=the", "/support/?companies=2"):
        page.goto(f"{portal}{path}")
        with page.expect_response(re.compile(r"/(stories|support)/\?")):
            page.locator("form[role=search] button[type=submit]").press("Enter")
        expect(page.locator("#results-heading")).to_be_focused()
        expect(page.locator("#results-heading")).to_be_in_viewport()


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


def test_copy_the_citation(browser, portal):
    with visitor(browser, permissions=["clipboard-read", "clipboard-write"]) as page:
        page.goto(f"{portal}/clusters/?sector=automotive")
        page.get_by_role("button", name="Copy the citation").click()
        expect(page.get_by_role("button", name="Copied")).to_be_visible()
        copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("Mini clusters (Sector: Automotive)")
    assert f"{portal}/clusters/?sector=automotive" in copied


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
    expect(popup.locator("li a")).to_have_count(len(slugs_of_csv(portal, "clusters", "hub=seoul")))
    # Once the map has moved, the popup lies within it and beside the buttons.
    phone.wait_for_function("""() => {
      const box = (selector) => document.querySelector(selector).getBoundingClientRect();
      const [map, zoom] = [box("#map"), box(".leaflet-control-zoom")];
      const popup = box(".leaflet-popup-content-wrapper");
      const beside = popup.left >= zoom.right || popup.top >= zoom.bottom;
      return popup.left >= map.left && popup.right <= map.right && popup.top >= map.top && beside;
    }""")


def test_errand_from_home_in_three_clicks(phone, portal):
    """Automotive mini clusters near Daegu, and whom to ring."""
    phone.goto(portal)
    phone.locator("main").get_by_role("link", name="Automotive", exact=True).tap()
    expect(phone.get_by_role("heading", name="Automotive", level=1)).to_be_visible()
    phone.get_by_role("link", name="Smart automotive parts").first.tap()
    expect(phone.get_by_role("heading", name="Whom to ring")).to_be_visible()
    expect(phone.locator("main")).to_contain_text("KICOX Daegu Branch")
    telephone = phone.locator("main a[href^='tel:+82']").first
    telephone.scroll_into_view_if_needed()
    expect(telephone).to_be_in_viewport()


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


def test_map_without_javascript(plain, portal):
    plain.goto(f"{portal}/map/?zone=busan")
    expected = slugs_of_csv(portal, "clusters", "zone=busan")
    assert sorted(slugs_of_links(plain.locator(".map-records a"), "clusters")) == sorted(expected)
    mark = plain.locator("#map svg a.spot-link")
    labels = mark.evaluate_all("all => all.map(a => a.ariaLabel)")
    assert sum(int(label.split(": ")[-1].split()[0]) for label in labels) == len(expected)
    mark.first.click()
    expect(plain.locator(".chips")).to_contain_text("Hub")


def test_shortlist_without_javascript(plain, portal):
    plain.goto(f"{portal}/complexes/")
    ticks = plain.locator(".tick input[type=checkbox]")
    chosen = [ticks.nth(number).get_attribute("value") for number in (0, 3)]
    for number in (0, 3):
        ticks.nth(number).check()
    plain.get_by_role("button", name="Show only the ticked").click()
    assert query_of(plain) == {"slug": chosen}
    assert sorted(listed(plain, "complexes")) == sorted(chosen)
