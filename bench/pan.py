"""``python -m bench.pan``: the map in a real Chromium: its weight, how soon it redraws, how it pans.

Weight and redraw are measured over the shipped documents, in a database of their own; panning over the
database that VAR_DIR or DATABASE_URL names, filled by ``bench.generate``; without one, a database is filled
for this run. Figures and machine: bench/README.md.
"""

import argparse
import json
import os
import statistics
import sys

from playwright.sync_api import sync_playwright

from tests.chromium import find_chromium
from tests.serving import serving

DESKTOP = {"width": 1440, "height": 900}
# A task that long freezes the page, in milliseconds.
FREEZE = 200

WATCH = """
window.drawn = [];
document.addEventListener("DOMContentLoaded", () => {
  const map = document.getElementById("map");
  const say = () => requestAnimationFrame(() => requestAnimationFrame(() => drawn.push(performance.now())));
  if (map) new MutationObserver(say).observe(map, { attributeFilter: ["data-drawn"] });
});
"""

# For a redraw: from the end of the answer that came last to the second frame after it, in milliseconds.
SINCE_ANSWER = """(ask) => {
  const answers = performance.getEntriesByType("resource").filter(({ name }) => RegExp(ask).test(name));
  return drawn.at(-1) - answers.at(-1).responseEnd;
}"""

# The sizes of the answers by view, before compression.
SIZES = """performance.getEntriesByType("resource")
  .filter(({ name }) => name.includes("/map/data.json")).map(({ decodedBodySize }) => decodedBodySize)"""


def settle(page):
    """Wait until the map is drawn and asks for nothing more."""
    page.wait_for_selector("#map[data-drawn]", timeout=120_000)
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(400)


def weigh(browser, portal):
    """Print what a first visit to the map sends over the wire."""
    page = browser.new_page(viewport=DESKTOP)
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    sizes, kinds = {}, {}
    network.on("Network.responseReceived", lambda event: kinds.update({event["requestId"]: event["type"]}))
    network.on(
        "Network.loadingFinished",
        lambda event: sizes.update({event["requestId"]: event["encodedDataLength"]}),
    )
    page.goto(f"{portal}/map/")
    settle(page)
    by_kind = {}
    for request, size in sizes.items():
        by_kind.setdefault(kinds.get(request, "Other"), []).append(size)
    print("| what | requests | KB |\n| --- | ---: | ---: |")
    for kind, found in sorted(by_kind.items()):
        print(f"| {kind} | {len(found)} | {sum(found) / 1000:.0f} |")
    print(f"| together | {len(sizes)} | {sum(sizes.values()) / 1000:.0f} |\n", flush=True)
    page.close()


def redraw(browser, portal, turns):
    """Print how long after the answer the map shows what a filter changed."""
    page = browser.new_page(viewport=DESKTOP)
    page.add_init_script(WATCH)
    page.goto(f"{portal}/map/")
    settle(page)
    times, since_page = [], []
    for turn in range(turns):
        for choice in ("#sector-automotive", "#time-2010", "#sector-automotive", "#time-newest"):
            before = page.evaluate("drawn.length")
            page.locator(choice).click()
            page.wait_for_function("before => drawn.length > before", arg=before)
            settle(page)
            if turn:  # not the first: what is compiled and fetched once belongs to no answer
                times.append(page.evaluate(SINCE_ANSWER, "/map/data.json"))
                since_page.append(page.evaluate(SINCE_ANSWER, r"/map/(\?|$)"))
    print("| a filter changed | median ms | largest ms |\n| --- | ---: | ---: |")
    for what, found in (("the data to the picture", times), ("the list to the picture", since_page)):
        print(f"| from the answer with {what} | {statistics.median(found):.0f} | {max(found):.0f} |")
    print(flush=True)
    page.close()


VIEWS = [
    "/map/?show=complexes",
    "/map/?show=complexes&lat=35.2&lon=128.9&zoom=11",
    "/map/",
    "/map/?lat=35.2&lon=128.9&zoom=10",
    "/map/?layers=complexes,offices&lat=36.5&lon=127.5&zoom=9",
]


def drag(page, across, down):
    """Take the middle of the map by so many pixels, as a hand does."""
    box = page.locator("#map").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    # Between the marks: a press on one would be a click on it.
    page.mouse.move(x, y)
    page.mouse.down()
    for step in range(1, 21):
        page.mouse.move(x + across * step / 20, y + down * step / 20)
    page.mouse.up()


def move(page):
    """Pan by hand and by key, zoom in and out by wheel, and choose a cell."""
    for across, down in ((-250, 0), (0, -200), (250, 120), (180, -150), (-300, 200), (-200, -220)):
        drag(page, across, down)
        page.wait_for_timeout(300)
    page.mouse.wheel(0, -300)
    settle(page)
    page.locator("#map").focus()
    for key in ("ArrowRight", "ArrowDown", "ArrowLeft", "ArrowUp") * 2:
        page.keyboard.press(key)
        page.wait_for_timeout(200)
    cell = page.locator(".cell-marker")
    if cell.count():
        cell.nth(cell.count() // 2).press("Enter")
        settle(page)
    page.mouse.wheel(0, 700)
    settle(page)


def tasks_of(trace):
    """Return the tasks of the page's main thread in a trace, as (milliseconds, of these on the processor)."""
    events = json.loads(trace)["traceEvents"]
    mains = {
        (event["pid"], event["tid"])
        for event in events
        if event["name"] == "thread_name" and event["args"]["name"] == "CrRendererMain"
    }
    return [
        (event["dur"] / 1000, event.get("tdur", 0) / 1000)
        for event in events
        if event["name"] == "RunTask" and (event["pid"], event["tid"]) in mains and "dur" in event
    ]


def pan(browser, portal):
    """Print the longest tasks while the map is moved, and what it asked for; return whether none froze it.

    On a busy machine a task waits for the processor: what it took of it says more of the page.
    """
    print("| address | most marks | answers | largest KB | longest task ms | of these on the processor |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |", flush=True)
    smooth = True
    for address in VIEWS:
        page = browser.new_page(viewport=DESKTOP)
        marks = []
        page.goto(f"{portal}{address}")
        settle(page)
        browser.start_tracing(page=page, categories=["disabled-by-default-devtools.timeline"])
        for _turn in range(2):
            marks.append(page.locator(".leaflet-marker-icon").count())
            move(page)
        tasks = tasks_of(browser.stop_tracing())
        data = page.evaluate(SIZES)
        longest, busiest = (max(times) for times in zip(*tasks, strict=True))
        print(
            f"| `{address}` | {max(marks)} | {len(data)} | {max(data, default=0) / 1000:.0f} "
            f"| {longest:.0f} | {busiest:.0f} |",
            flush=True,
        )
        smooth = smooth and busiest <= FREEZE
        page.close()
    return smooth


def main():
    parser = argparse.ArgumentParser(prog="python -m bench.pan", description=__doc__)
    parser.add_argument("--complexes", default="100000")
    parser.add_argument("--clusters", default="40000")
    parser.add_argument("--port", type=int, default=8404)
    parser.add_argument("--workers", type=int, default=os.cpu_count())
    parser.add_argument("--turns", type=int, default=4, help="of four filter changes")
    parser.add_argument("--only", choices=["weight", "redraw", "pan"], help="measure this alone")
    options = parser.parse_args()
    own = not {"VAR_DIR", "DATABASE_URL"} & set(os.environ)
    rows = ("--complexes", options.complexes, "--clusters", options.clusters)
    smooth = True
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_chromium(), args=["--no-sandbox", "--disable-gpu"]
        )
        if options.only != "pan":
            with serving(options.port, options.workers) as portal:
                if options.only != "redraw":
                    weigh(browser, portal)
                if options.only != "weight":
                    redraw(browser, portal, options.turns)
        if options.only in (None, "pan"):
            with serving(options.port, options.workers, rows if own else (), own) as portal:
                smooth = pan(browser, portal)
        browser.close()
    sys.exit(0 if smooth else f"A task took more than {FREEZE} ms of the processor.")


if __name__ == "__main__":
    main()
