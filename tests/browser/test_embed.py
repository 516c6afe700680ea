"""The map in the page of another site, in a real browser: the same map, and no scroll trap."""

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import expect

from tests.axe import violations
from tests.browsing import slugs_of_csv, visitor

pytestmark = pytest.mark.browser


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


def test_an_embed_shows_the_same_map_in_a_page_elsewhere(browser, portal):
    with embedded(browser, portal) as (page, frame):
        numbers = frame.locator(".embed-map text.number").all_text_contents()
        assert sum(map(int, numbers)) == len(slugs_of_csv(portal, "clusters", "sector=automotive"))
        with page.context.expect_page() as opening:
            frame.get_by_role("link", name="Open in the Korea Cluster Portal").click()
        assert opening.value.url == f"{portal}/map/?sector=automotive"
        # No other page may be framed: the browser says that it refuses, and shows a page of its own.
        with page.expect_console_message(lambda message: "frame-ancestors" in message.text):
            page.evaluate("address => document.querySelector('iframe').src = address", f"{portal}/map/")
        expect(frame.locator("body.neterror")).to_be_attached()


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


def test_an_embed_without_javascript_is_whole_and_offers_no_dead_buttons(browser, portal):
    with embedded(browser, portal, java_script_enabled=False) as (_page, frame):
        assert frame.locator(".embed-map a").count()
        assert not frame.locator(".embed-zoom").is_visible()
        assert not frame.locator(".embed-hint").is_visible()


def test_axe_finds_nothing_in_an_embed(browser, portal):
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
