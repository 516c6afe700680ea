"""``python -m bench.worst``: the single requests that cost the most, with the processor each takes.

Nothing comes out of a cache. The questions are as large as the portal lets them be: every choice of every
facet, as many words as are read, every record of a shortlist, addresses as long as are taken.
"""

import argparse
import os
import re
import urllib.error
import urllib.parse
import urllib.request
from urllib.parse import urlencode

from tests.serving import free_port, serving_process

from .__main__ import get, processor

EDITIONS = "edition=2009&edition=2010&edition=2016"
# One letter each, as those are in almost every record.
WORDS = "q=" + "+".join("aeiontsrulcm")


def choices(port, stem):
    """Return the query string that ticks every box in the filter of a list."""
    form = get(port, f"/{stem}/").decode().partition("<form")[2].partition("</form>")[0]
    return urlencode(re.findall(r'<input type="checkbox"[^>]* name="([^"]+)" value="([^"]+)"', form))


def slugs(port, stem, query):
    """Return the names of the records that pass, as CSV has them first."""
    lines = get(port, f"/{stem}.csv?{query}").decode("utf-8-sig").splitlines()[1:]
    return [line.partition(",")[0] for line in lines]


def questions(port):
    """Return [(what it is, address)]."""
    clusters, complexes = slugs(port, "clusters", EDITIONS), slugs(port, "complexes", "")
    everything, sites = choices(port, "clusters"), choices(port, "complexes")
    chosen = "&".join(f"slug={slug}" for slug in clusters[:199])
    of_sites = "&".join(f"complex={slug}" for slug in complexes[:199])
    unknown = "&".join(f"x{n}=1" for n in range(1500))
    wrong = "&".join(f"zone=z{n}" for n in range(900))
    found = []
    for what, query, show in (
        ("twelve words", f"{WORDS}&{EDITIONS}", "clusters"),
        ("twelve words", WORDS, "complexes"),
        ("every choice", everything, "clusters"),
        ("every choice", sites, "complexes"),
        ("every choice, twelve words", f"{everything}&{WORDS}", "clusters"),
        ("every choice, twelve words", f"{sites}&{WORDS}", "complexes"),
        (f"{len(clusters[:199])} records by name", chosen, "clusters"),
        (f"{len(complexes[:199])} records by name", "slug=" + ",".join(complexes[:199]), "complexes"),
        (f"{len(complexes[:199])} complexes ticked", of_sites, "clusters"),
        ("1,500 parameters that nothing knows", unknown, "clusters"),
        ("900 zones that are not there", wrong, "clusters"),
    ):
        on_map = f"show={show}&layers=complexes,offices&{query}"
        found += [(what, f"/{show}/?{query}"), (what, f"/map/?{on_map}")]
        if query not in (unknown, wrong):
            found += [(what, f"/map.svg?{on_map}"), (what, f"/map/data.json?{on_map}")]
    for stem in ("stories", "other-clusters", "statistics", "programme/timeline", "support"):
        found.append(("twelve words", f"/{stem}/?{WORDS}"))
    whole = [f"/clusters.{suffix}?{EDITIONS}" for suffix in ("csv", "json", "geojson", "kml")]
    whole += ["/complexes.kml", f"/map/?{EDITIONS}&layers=complexes,offices", "/map/?show=complexes"]
    whole += [
        "/programme/timeline/",
        "/about/discrepancies/",
        "/clusters/2016-gumi-mobile/",
        "/complexes/gumi/",
    ]
    return found + [("everything", address) for address in whole]


def ask(port, address):
    """Read one answer and return its length; it may be a refusal."""
    try:
        return len(get(port, address))
    except urllib.error.HTTPError as error:
        return len(error.read())


def main():
    parser = argparse.ArgumentParser(prog="python -m bench.worst", description=__doc__)
    parser.add_argument("--turns", type=int, default=20, help="for each address")
    parser.add_argument("--most", type=int, default=25, help="rows that are printed")
    options = parser.parse_args()
    port = free_port()
    os.environ["ANSWERS_MB"] = "0"
    with serving_process(port, 1) as server:
        rows = []
        for what, address in questions(port):
            size = ask(port, address)
            before = processor(server)
            for _turn in range(options.turns):
                ask(port, address)
            rows.append(((processor(server) - before) * 1000 / options.turns, size, what, address))
    print("| question | of | KB | processor ms |")
    print("| --- | --- | ---: | ---: |")
    for cost, size, what, address in sorted(rows, reverse=True)[: options.most]:
        print(f"| {what} | `{address.partition('?')[0]}` | {size / 1000:.0f} | {cost:.0f} |")


if __name__ == "__main__":
    main()
