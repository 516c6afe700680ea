"""What a reader takes along: citation, link, embed, and paper; the picture is in test_drawn_map.py."""

import html
import re
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from xml.etree import ElementTree

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from clusters.models import MiniCluster
from portal.base.citation import Citation, bibtex_address, bibtex_text
from portal.models import Document

from .browsing import page_of, settle, slugs_of_csv, visitor

CITED = [
    "/clusters/",
    "/clusters/?sector=automotive&edition=2010",
    "/clusters/2010-gumi-mobile/",
    "/complexes/",
    "/complexes/gumi/",
    "/support/",
    "/support/prototype-production/",
    "/map/",
    "/map/?show=complexes&kind=national",
    "/regions/",
    "/regions/zones/busan/",
    "/regions/pan-regions/honam/",
]
BRIEFING, REPORT = "Preparatory Briefing on South Korea", "The Industrial Complex Cluster Program of Korea"


def element(text, name):
    """Return the text of the element with this id, as a browser would give it."""
    found = re.search(rf'<(\w+) id="{name}"[^>]*>(.*?)</\1>', text, re.DOTALL)
    return html.unescape(found[2])


# --- Citation


@pytest.mark.django_db
@pytest.mark.parametrize("address", CITED)
def test_every_page_of_records_is_cited_in_words_and_as_bibtex(client, address):
    text = page_of(client, address)
    citation, bibtex = element(text, "citation"), element(text, "bibtex")
    today = timezone.localdate()
    assert f"http://testserver{address}" in citation
    assert f"{today.day} {today:%B %Y}" in citation
    assert f"url = {{http://testserver{address}}}" in bibtex
    assert f"urldate = {{{today.isoformat()}}}" in bibtex
    assert element(text, "permalink") == f"http://testserver{address}"
    for name in ("citation", "permalink", "bibtex"):
        assert f'data-copy="{name}"' in text


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "named", "not_named"),
    [
        ("/clusters/", [BRIEFING, REPORT], []),
        ("/clusters/?edition=2016", [BRIEFING], [REPORT]),
        ("/clusters/?edition=2009", [REPORT], [BRIEFING]),
        ("/map/?edition=2010", [REPORT], [BRIEFING]),
        ("/support/", [BRIEFING], [REPORT]),
        ("/clusters/2010-gumi-mobile/", [REPORT], [BRIEFING]),
        ("/complexes/gumi/", [BRIEFING, REPORT], []),
        ("/clusters/?q=zzzz", [], [BRIEFING, REPORT]),
    ],
)
def test_only_the_documents_of_the_records_are_cited(client, address, named, not_named):
    text = page_of(client, address)
    for words in (element(text, "citation"), element(text, "bibtex")):
        assert all(title in words for title in named)
        assert not any(title in words for title in not_named)


@pytest.mark.django_db
def test_a_citation_says_the_filters_in_words_and_counts_all_pages(client):
    everything = "edition=2009&edition=2010&edition=2016"
    total = client.get(f"/clusters.json?{everything}").json()["count"]
    citation = element(page_of(client, f"/clusters/?{everything}&page=2"), "citation")
    assert citation.startswith("Mini clusters (Edition: 2009; Edition: 2010; Edition: 2016)")
    assert f"{total} mini clusters" in citation
    assert f"http://testserver/clusters/?{everything} " in citation


@pytest.mark.django_db
def test_a_record_is_cited_with_its_place_in_the_document(client):
    citation = element(page_of(client, "/clusters/2010-gumi-mobile/"), "citation")
    record = MiniCluster.objects.get(slug="2010-gumi-mobile")
    assert citation.startswith(record.citation_title)
    assert record.locator in citation


@pytest.mark.parametrize(
    ("words", "escaped"),
    [
        ("R&BD 100 % #1 a_b $5", r"R\&BD 100 \% \#1 a\_b \$5"),
        ("{", r"\textbraceleft{}"),
        ("}", r"\textbraceright{}"),
        (r"\input{x}", r"\textbackslash{}input\textbraceleft{}x\textbraceright{}"),
        ("~^", r"\textasciitilde{}\textasciicircum{}"),
        ("two\nlines\x00\x1b", "two lines"),
        ("구미 · Gumi", "구미 · Gumi"),
    ],
)
def test_nothing_in_bibtex_is_a_command(words, escaped):
    assert bibtex_text(words) == escaped


def test_a_bibtex_address_keeps_its_signs_but_not_its_braces():
    assert bibtex_address("http://x/?q=50%25&a=b_c") == "http://x/?q=50%25&a=b_c"
    assert bibtex_address("http://x/?q={a}\\ b") == "http://x/?q=%7Ba%7D%5C%20b"


@pytest.mark.parametrize("title", ["}, evil = {x", "{", "\\", "%", '"', "@misc{x,"])
def test_a_bibtex_entry_stays_one_entry(title):
    """Braces balance, and close only at the end: BibTeX counts them, escaped or not."""
    document = Document(title=title, authors=title, publisher=title, published=title, slug="x", year=2010)
    entry = Citation(title, "http://x/?q={", [(document, title)], filters=[title], count=title).bibtex
    depth, depths = 0, []
    for character in entry:
        depth += {"{": 1, "}": -1}.get(character, 0)
        depths.append(depth)
    assert depths[-1] == 0 and 0 not in depths[entry.index("{") : -1]
    assert entry.count("\n  ") == 6


# --- The embed


@pytest.mark.django_db
def test_only_the_embed_may_be_framed_and_it_sets_no_cookie(client):
    response = client.get("/map/embed/?sector=automotive")
    assert "frame-ancestors *" in response["Content-Security-Policy"]
    assert "unsafe" not in response["Content-Security-Policy"]
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert "X-Frame-Options" not in response
    assert not response.cookies and "Cookie" not in response.get("Vary", "")
    assert "frame-ancestors 'none'" in client.get("/map/")["Content-Security-Policy"]
    assert client.post("/map/embed/").status_code == 405


@pytest.mark.django_db
@pytest.mark.parametrize("query", ["", "edition=2009&sector=automotive", "show=complexes&kind=national"])
def test_the_embed_has_the_records_of_its_query_and_leads_to_the_portal(client, query):
    text = page_of(client, f"/map/embed/?{query}")
    stem = "complexes" if "complexes" in query else "clusters"
    records = client.get(f"/{stem}.json?{query}").json()["results"]
    assert f"{len(records)} " in text
    links = [
        html.unescape(link)
        for link in re.findall(
            r'<a (?:class="spot-link" )?href="([^"]+)" target="_blank" rel="noopener"', text
        )
    ]
    *found, portal = links
    # Each mark of the map stands in the list under it too.
    found, listed = found[: len(found) // 2], found[len(found) // 2 :]
    assert found == listed
    assert portal == "http://testserver/map/" + (f"?{query}" if query else "")
    if stem == "complexes":
        assert sorted(found) == sorted(f"/complexes/{record['slug']}/" for record in records)
    else:
        counts = [client.get(link.replace("/clusters/", "/clusters.json")).json()["count"] for link in found]
        assert sum(counts) == len(records)
    assert "site-header" not in text and "site-footer" not in text


@pytest.mark.django_db
def test_the_embed_says_what_it_cannot_read_or_find(client):
    response = client.get("/map/embed/?zone=atlantis")
    assert response.status_code == 400
    assert "There is no “atlantis” here." in response.content.decode()
    assert "No record meets all of these at once." in page_of(client, "/map/embed/?q=zzzz")
    assert client.get("/map/embed/?show=nothing").status_code == 404


@pytest.mark.django_db
def test_the_map_offers_the_code_of_its_own_embed(client):
    text = page_of(client, "/map/?show=complexes&kind=national&q=%22%3E")
    code = element(text, "embed-code")
    frame = ElementTree.fromstring(code)
    assert frame.get("src") == "http://testserver/map/embed/?show=complexes&kind=national&q=%22%3E"
    assert '">' in frame.get("title")
    assert "<iframe" not in text  # it is shown, not run
    assert 'href="/map.svg?show=complexes&amp;kind=national&amp;q=%22%3E"' in text
    assert "embed-code" not in page_of(client, "/clusters/")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "queries"),
    [
        ("/map.svg", 7),
        ("/map.svg?edition=2016&zone=busan", 8),
        ("/map/embed/", 7),
        ("/map/embed/?show=complexes", 4),
    ],
)
def test_drawn_maps_take_few_queries(client, address, queries, django_assert_num_queries):
    with django_assert_num_queries(queries):
        assert client.get(address).status_code == 200


# --- In a browser


def opened(page, name):
    page.locator(f"#{name}").evaluate("details => { details.open = true; }")


@pytest.mark.browser
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
            return page.evaluate("navigator.clipboard.readText()")

        assert copy("citation") == page.locator("#citation").inner_text()
        assert copy("permalink") == page.url.partition("#")[0]
        opened(page, "cite-bibtex")
        bibtex = copy("bibtex")
        assert bibtex.startswith("@misc{") and bibtex.endswith("}") and bibtex.count("\n") == 7
        if "/map/" in address:
            opened(page, "embed")
            assert copy("embed-code").startswith(f'<iframe src="{portal}/map/embed/?')


@pytest.mark.browser
def test_regions_switched_on_the_screen_are_switched_on_paper(browser, portal):
    with visitor(browser) as page:
        asked = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(f"{portal}/map/")
        settle(page)
        # What only paper needs is not sent to the screen: both draw the same file.
        assert not [url for url in asked if "korea" in url or "pan_regions" in url]
        areas = page.locator(".print-map .area")
        expect(areas).to_have_count(11)
        page.locator("#regions-pan_region").check()
        expect(areas).to_have_count(7)
        page.locator("#regions-none").check()
        expect(page.locator(".print-map .land")).to_have_count(1)
        expect(areas).to_have_count(0)


@pytest.mark.browser
def test_the_citation_is_there_without_javascript(browser, portal):
    with visitor(browser, java_script_enabled=False) as page:
        page.goto(f"{portal}/map/?sector=automotive")
        assert f"{portal}/map/?sector=automotive" in page.locator("#citation").inner_text()
        page.locator("#embed > summary").click()
        assert page.locator("#embed-code").is_visible()
        assert not page.locator("[data-copy]").first.is_visible()


@contextmanager
def other_site(body):
    """A page of another origin."""

    class Page(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(f"<!DOCTYPE html><title>Elsewhere</title>{body}<p>{'More. ' * 5000}".encode())

        def log_message(self, *_args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def embedded(browser, portal, query="sector=automotive", **options):
    """The embed in a page elsewhere: (the page around, the frame)."""
    context = browser.new_context(viewport={"width": 900, "height": 700}, **options)
    page = context.new_page()
    try:
        page.goto(f"{portal}/map/?{query}")
        code = page.locator("#embed-code").text_content()
        with other_site(code.replace(' loading="lazy"', "")) as address:
            page.goto(address)
            frame = page.frame_locator("iframe")
            frame.locator(".embed-map svg").wait_for(timeout=30_000)
            yield page, frame
            assert context.cookies() == []
    finally:
        context.close()


def view_box(frame):
    return frame.locator(".embed-map svg").get_attribute("viewBox")


@pytest.mark.browser
def test_an_embed_shows_the_same_map_in_a_page_elsewhere(browser, portal):
    with embedded(browser, portal) as (page, frame):
        numbers = frame.locator(".embed-map text.number").all_text_contents()
        assert sum(map(int, numbers)) == len(slugs_of_csv(portal, "clusters", "sector=automotive"))
        with page.context.expect_page() as opening:
            frame.get_by_role("link", name="Open in the Korea Cluster Portal").click()
        assert opening.value.url == f"{portal}/map/?sector=automotive"
        # No other page may be framed.
        page.evaluate("address => document.querySelector('iframe').src = address", f"{portal}/map/")
        page.wait_for_timeout(1000)
        assert not any("/map/" in other.url for other in page.frames)


@pytest.mark.browser
def test_an_embed_is_no_scroll_trap(browser, portal):
    with embedded(browser, portal) as (page, frame):
        assert frame.locator(".embed-hint").is_visible()
        whole = view_box(frame)
        box = frame.locator(".embed-map svg").bounding_box()
        page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 200)
        page.mouse.wheel(0, 300)
        page.wait_for_function("scrollY > 0")
        assert view_box(frame) == whole

        page.evaluate("scrollTo(0, 0)")
        page.keyboard.down("Control")
        page.mouse.wheel(0, -300)
        page.keyboard.up("Control")
        frame.locator("svg[data-zoomed]").wait_for()
        assert page.evaluate("scrollY") == 0

        frame.get_by_role("button", name="Zoom out").focus()
        for _press in range(4):
            page.keyboard.press("Enter")
        assert view_box(frame) == whole


@pytest.mark.browser
def test_two_fingers_zoom_an_embed_and_one_does_not(browser, portal):
    with visitor(browser, viewport={"width": 390, "height": 700}, has_touch=True, is_mobile=True) as page:
        page.goto(f"{portal}/map/embed/")
        page.locator(".embed-hint").wait_for()
        whole = page.locator(".embed-map svg").get_attribute("viewBox")
        session = page.context.new_cdp_session(page)

        def touch(kind, *points):
            places = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(points)]
            session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": places})

        touch("touchStart", (200, 250))
        for step in range(1, 6):
            touch("touchMove", (200, 250 - 10 * step))
        touch("touchEnd")
        assert page.locator(".embed-map svg").get_attribute("viewBox") == whole

        touch("touchStart", (180, 250), (220, 250))
        for step in range(1, 6):
            touch("touchMove", (180 - 10 * step, 250), (220 + 10 * step, 250))
        touch("touchEnd")
        page.locator("svg[data-zoomed]").wait_for()
        assert page.evaluate("visualViewport.scale") == 1


@pytest.mark.browser
def test_an_embed_without_javascript_is_whole_and_offers_no_dead_buttons(browser, portal):
    with embedded(browser, portal, java_script_enabled=False) as (_page, frame):
        assert frame.locator(".embed-map a").count()
        assert not frame.locator(".embed-zoom").is_visible()
        assert not frame.locator(".embed-hint").is_visible()


@pytest.mark.browser
def test_axe_finds_nothing_in_embed_and_citation(browser, portal):
    from axe_playwright_python.sync_playwright import Axe

    def violations(page):
        rules = Axe().run(page, options={"rules": {"target-size": {"enabled": True}}}).response["violations"]
        # Marks are where their places are; the list under the map has the same links, large enough.
        return [
            (rule["id"], node["html"])
            for rule in rules
            for node in rule["nodes"]
            if not (rule["id"] == "target-size" and 'class="mark' in node["html"])
        ]

    with visitor(browser) as page:
        for scheme in ("light", "dark"):
            for width in (1440, 390):
                page.emulate_media(color_scheme=scheme)
                page.set_viewport_size({"width": width, "height": 900})
                for query in ("edition=2010", "show=complexes", "q=zzzz", "zone=atlantis"):
                    page.goto(f"{portal}/map/embed/?{query}")
                    if page.locator(".embed-list").count():
                        page.locator(".embed-list > summary").click()
                    assert violations(page) == []
                page.goto(f"{portal}/clusters/?sector=automotive")
                opened(page, "cite-bibtex")
                assert violations(page) == []


SEEN = """selectors => selectors.map((selector) => {
  const shown = [...document.querySelectorAll(selector)].filter((it) => it.checkVisibility());
  return shown.length;
})"""


@pytest.mark.browser
@pytest.mark.parametrize(
    ("address", "pages"),
    [
        ("/map/", 1),
        ("/map/?zone=busan&edition=2010", 1),
        ("/map/?edition=2016", 1),
        ("/map/?sector=automotive&sector=machinery&q=parts", 1),
        ("/map/?show=complexes", 1),
        ("/map/?show=complexes&kind=national", 1),
        ("/map/?pan_region=seoul-metropolitan", 1),
        ("/clusters/?sector=automotive", 1),
        ("/clusters/2010-noksan-parts-and-material/", 2),
        ("/regions/zones/busan/", 2),
    ],
)
@pytest.mark.parametrize("scripted", [True, False])
def test_a_page_prints_on_clean_sheets_of_a4(browser, portal, address, pages, scripted):
    with visitor(browser, java_script_enabled=scripted) as page:
        page.goto(portal + address)
        if scripted:
            settle(page)
        pdf = page.pdf(prefer_css_page_size=True)
        assert len(re.findall(rb"/Type\s*/Page\b", pdf)) <= pages
        for box in re.findall(rb"/MediaBox\s*\[([\d. ]+)\]", pdf):
            assert [round(float(length)) for length in box.split()][2:] in ([595, 842], [596, 842])
        page.emulate_media(media="print")
        if not scripted:
            return
        hidden = page.evaluate(
            SEEN, ["nav", "form button", ".copy", ".leaflet-container", ".filters", "#embed"]
        )
        assert hidden == [0] * 6
        assert page.evaluate(SEEN, ["h1", "#citation, .citation"]) == [1, 1]
        if "/map/" in address:
            stem = "complexes" if "complexes" in address else "clusters"
            records = len(slugs_of_csv(portal, stem, address.partition("?")[2]))
            shown = page.evaluate(SEEN, [".print-map svg", ".print-map li", ".map-records li a", ".chips b"])
            # The zones whose list of 2016 is a picture are named on paper, too.
            assert page.evaluate(SEEN, [".notice a"]) == [page.locator(".notice a").count()]
            assert shown[0] == 1 and shown[1] and shown[2] == records
            assert shown[3] == len(page.locator(".chips b").all())
