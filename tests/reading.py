"""What the tests of pages and files share: query strings to ask with, and what is read out of an answer."""

import csv
import html
import io
import re
from urllib.parse import quote

# What lists, maps and files are asked for, by the stem of their addresses.
QUERIES = {
    "clusters": [
        "",
        "edition=2009",
        "edition=2010",
        "edition=2009&edition=2010&edition=2016",
        "zone=chungcheong",
        "sector=automotive",
        "sector=automotive&sector=machinery",
        "province=busan&edition=2010",
        "pan_region=honam&sort=-name",
        "complex=gumi&edition=2010",
        "hub=gumi",
        "q=parts",
        "q=" + quote("구미"),
        "q=zzzz",
        "edition=2016&zone=ulsan",
        "slug=2016-gumi-mobile,2010-gumi-mobile",
    ],
    "complexes": [
        "",
        "kind=agro-industrial",
        "role=hub-2010",
        "role=listed-2016&role=pilot-2005",
        "zone=seoul",
        "province=jeju",
        "sector=medical-bio",
        "hub=noksan&sort=-kind",
        "q=agro",
        "slug=gumi",
    ],
    "support": [
        "",
        "companies=2",
        "size=sme&companies=1",
        "category=rbd-support",
        "q=patent",
        "sort=-cap",
        "cost=30+million&purpose=marketing",
        "companies=2&cost=30000000&verdict=met&verdict=not-met",
    ],
}


def page_of(client, address):
    """Return what Django's test client is given at this address, as text."""
    return client.get(address).content.decode()


def main_of(client, address):
    """Return what stands in the page itself, without navigation and footer."""
    return page_of(client, address).partition("<main")[2].partition("</main>")[0]


def text_of(client, address):
    """Return a page that answers, with its entities read."""
    response = client.get(address)
    assert response.status_code == 200, address
    return html.unescape(response.content.decode())


def words_of(response):
    """Return the text of a page, without markup and with plain spaces."""
    text = re.sub(r"<[^>]*>", " ", response.content.decode())
    return " ".join(html.unescape(text).split())


def element(text, name):
    """Return the text of the element with this id, as a browser would give it."""
    found = re.search(rf'<(\w+) id="{name}"[^>]*>(.*?)</\1>', text, re.DOTALL)
    return html.unescape(found[2])


def read_csv(response):
    """Return the rows of a CSV file."""
    return list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"), newline="")))


def rows_of(client, stem, query):
    """Return the rows of the CSV of this query string."""
    return read_csv(client.get(f"/{stem}.csv?{query}"))
