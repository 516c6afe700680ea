"""What the tests of pages and files share: query strings to ask with, and what is read out of an answer."""

import csv
import html
import io
import re
from urllib.parse import quote

from clusters.models import MiniCluster, NamedCluster, Sector, SuccessStory
from complexes.models import Hub, IndustrialComplex, PanRegion, Zone
from support_programs.models import PrintedTable, SupportProgram

# What no page may repeat at full length, and what none may take for its own.
LONG = "x" * 10_000
PAYLOAD = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"

# Records with a page of their own.
RECORDS = (
    MiniCluster,
    IndustrialComplex,
    SupportProgram,
    Zone,
    PanRegion,
    Hub,
    Sector,
    SuccessStory,
    NamedCluster,
    PrintedTable,
)

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
# What each page asks of the database by its second time; the number does not depend on the rows (see below).
PAGES = {
    "/": 8,
    "/clusters/": 3,
    "/clusters/?sector=automotive": 3,
    "/clusters/?edition=2016&zone=ulsan": 2,
    "/clusters.csv": 6,
    "/clusters.json?zone=seoul": 6,
    "/clusters.geojson": 6,
    "/clusters/2010-gumi-mobile/": 18,
    "/clusters/2016-gumi-mobile/": 18,
    "/complexes/": 4,
    "/complexes/?role=hub-2010": 4,
    "/complexes.csv": 4,
    "/complexes.geojson": 4,
    "/complexes/gumi/": 16,
    "/complexes/?municipality=Gumi-si&province=north-gyeongsang": 5,
    "/regions/": 7,
    "/regions/zones/busan/": 8,
    "/regions/pan-regions/honam/": 13,
    "/support/": 4,
    "/support.json": 1,
    "/support/prototype-production/": 3,
    "/map/": 4,
    "/map/?show=complexes": 5,
    "/families.css": 1,
    "/sectors/": 3,
    "/sectors/photonics/": 17,
    "/stories/": 3,
    "/stories/?sector=automotive": 3,
    "/stories.csv": 6,
    "/stories.geojson": 6,
    "/stories/lifesaver-defibrillator/": 12,
    "/other-clusters/": 3,
    "/other-clusters.json": 3,
    "/other-clusters/foodpolis/": 4,
    "/programme/": 7,
    "/programme/process/": 7,
    "/programme/cooperation/": 9,
    "/programme/location-policy/": 6,
    "/programme/timeline/": 5,
    "/programme/timeline/?kind=law": 6,
    "/programme/timeline.csv": 2,
    "/programme/cluster-programmes/": 8,
    "/programme/cluster-programmes.json": 2,
    "/organisations/": 3,
    "/organisations.csv": 2,
    "/statistics/": 3,
    "/statistics.csv": 2,
    "/statistics/budget-by-programme/": 7,
    "/statistics/budget-by-programme.csv": 6,
    "/statistics/budget-by-programme.json": 7,
    "/about/discrepancies/": 9,
    "/about/discrepancies.csv": 7,
    "/about/": 7,
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
