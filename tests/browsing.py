"""What the tests of pages share: every kind of page, and a visitor whose browser reports what went wrong."""

import csv
import io
import os
import urllib.request
from contextlib import contextmanager
from urllib.parse import parse_qs, urlsplit

# Playwright's event loop runs in the main thread, where Django would refuse its own database otherwise.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}

# One address for each kind of page.
PAGES = {
    "home": "/",
    "clusters": "/clusters/",
    "clusters, nothing found": "/clusters/?q=zzzz",
    "clusters, invalid filter": "/clusters/?sector=nothing",
    "cluster": "/clusters/2016-seongseo-smart-automotive-parts/",
    "cluster with telephone": "/clusters/2010-noksan-parts-and-material/",
    "complexes": "/complexes/",
    "complex": "/complexes/gumi/",
    "regions": "/regions/",
    "zone": "/regions/zones/busan/",
    "pan-region": "/regions/pan-regions/daekyung/",
    "support": "/support/?companies=2&cost=30+million",
    "support programme": "/support/marketing-overseas/?companies=2&cost=30+million",
    "sectors": "/sectors/",
    "sector": "/sectors/photonics/",
    "stories": "/stories/",
    "story": "/stories/lifesaver-defibrillator/",
    "other clusters": "/other-clusters/",
    "other cluster": "/other-clusters/foodpolis/",
    "programme": "/programme/",
    "process": "/programme/process/",
    "timeline": "/programme/timeline/",
    "timeline, invalid year": "/programme/timeline/?since=abc",
    "location policy": "/programme/location-policy/",
    "cluster programmes": "/programme/cluster-programmes/",
    "organisations": "/organisations/",
    "cooperation": "/programme/cooperation/",
    "statistics": "/statistics/",
    "table with bars": "/statistics/specialised-business-share/",
    "table with lines": "/statistics/budget-by-programme/",
    "table with shares": "/statistics/expert-pool-2010/",
    "table of words": "/statistics/location-policies-figure-10/",
    "discrepancies": "/about/discrepancies/",
    "about": "/about/",
    "map": "/map/",
    "map of complexes": "/map/?show=complexes",
    "no such page": "/nothing/",
}


@contextmanager
def visitor(browser, **options):
    """A page of a new visitor; afterwards nothing may have gone wrong behind the scenes.

    That is: no error or warning in the console (a breach of the Content-Security-Policy is one), no script
    that failed, no request to another origin, and no cookie.
    """
    context = browser.new_context(**{"viewport": DESKTOP} | options)
    context.set_default_timeout(60_000)
    page = context.new_page()
    problems, origins = [], set()

    def hear(message):
        # Chromium itself logs the status of a page that answers 400 or 404 on purpose.
        own_status = message.location["url"] == page.url and "the server responded with" in message.text
        if message.type in ("error", "warning") and not own_status:
            problems.append(message.text)

    page.on("console", hear)
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("request", lambda request: origins.add("/".join(request.url.split("/")[:3])))
    try:
        yield page
        assert problems == []
        assert len([origin for origin in origins if not origin.startswith("data:")]) == 1, origins
        assert context.cookies() == []
    finally:
        context.close()


def settle(page):
    """Wait until the page has loaded and, if it is a map, is drawn."""
    page.wait_for_load_state("load")
    if page.locator("#map").count():
        page.wait_for_selector("#map[data-drawn]")


def drawn(page, n):
    """Wait until so many records are drawn on the map."""
    from playwright.sync_api import expect  # here, as what opens no browser imports this module too

    expect(page.locator("#map")).to_have_attribute("data-drawn", str(n))


def open_map(page, portal, query=""):
    page.goto(f"{portal}/map/?{query}")
    settle(page)


def query_of(page):
    """Return the query string as {name: [values]}, empty values included."""
    return parse_qs(urlsplit(page.url).query, keep_blank_values=True)


# What moves a map takes a fifth of a second at most to begin: so many frames without a move are rest.
AT_REST = """() => new Promise((done) => {
  let [before, frames] = ["", 0];
  const look = () => {
    const parts = document.querySelectorAll(".leaflet-map-pane, .leaflet-marker-icon, .leaflet-popup");
    const now = JSON.stringify([...parts].map((part) => part.getBoundingClientRect()));
    const moving = document.querySelector(".leaflet-pan-anim, .leaflet-zoom-anim");
    frames = now === before && !moving ? frames + 1 : 0;
    before = now;
    if (frames >= 12) done(true);
    else requestAnimationFrame(look);
  };
  look();
})"""


def rest(page):
    """Wait until nothing on the map moves any more."""
    page.evaluate(AT_REST)


def rows_of_csv(portal, stem, query):
    """Return the rows in the file of this query string, as the server answers anyone."""
    with urllib.request.urlopen(f"{portal}/{stem}.csv?{query}", timeout=60) as response:
        return list(csv.DictReader(io.StringIO(response.read().decode("utf-8-sig"), newline="")))


def slugs_of_csv(portal, stem, query):
    return [row["slug"] for row in rows_of_csv(portal, stem, query)]


def count(portal, query, stem="clusters"):
    return len(slugs_of_csv(portal, stem, query))


def slugs_of_links(links, stem):
    """Return the slugs of the records that these links lead to."""
    addresses = links.evaluate_all("links => links.map(link => link.pathname)")
    return [path.split("/")[2] for path in addresses if path.startswith(f"/{stem}/") and path != f"/{stem}/"]


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


def listed(page, stem):
    """Return the slugs of the records in the table of a list."""
    return slugs_of_links(page.locator(".records th a:not(.note-mark)"), stem)
