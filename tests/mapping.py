"""What the tests of the map share: its data by view, its page and cards, and its picture."""

import json
import re
from xml.etree import ElementTree

from portal.map.data import MAX_BYTES

from .reading import rows_of

DATA = "/map/data.json"
KOREA = "124.5,32.9,132,38.7"
BUSAN = "128.7,34.9,129.3,35.4"
SVG = "{http://www.w3.org/2000/svg}"
SLUG = re.compile(r'data-slug="([^"]+)"')

# What the cards and the list in view ask of the database.
CARD_QUERIES = {
    # the hub, its records, its connected complexes, its office; and to know a zone by its name
    "/map/hub/gumi/": 6,
    "/map/hub/gumi/?zone=daegu-north-gyeongsang": 6,
    # the complex, those at its point, their printed roles
    "/map/complex/gumi/": 4,
    "/map/office/kicox-gumi-branch/": 2,
    "/map/in-view/": 2,
    "/map/in-view/?show=complexes": 3,
}


def data(client, query):
    response = client.get(f"{DATA}?{query}")
    assert response.status_code == 200, response.content
    assert len(response.content) <= MAX_BYTES
    return response.json()


def numbers(answer):
    """Return the sum of what all features stand for."""
    return sum(feature["properties"].get("n", 1) for feature in answer["features"])


def placed_rows(client, show, query):
    """Return the records of the CSV of this query string that have a point."""
    return [row for row in rows_of(client, show, query) if row["latitude"]]


def inside(row, bbox):
    west, south, east, north = map(float, bbox.split(","))
    return west <= float(row["longitude"]) <= east and south <= float(row["latitude"]) <= north


def card(client, address):
    response = client.get(address)
    assert response.status_code == 200, response.content
    return response.content.decode()


def slugs_in(text):
    return sorted(SLUG.findall(text))


def page_data(client, query):
    """Return what the map's page tells its script of a query string, and the attributes of its list."""
    text = client.get(f"/map/?{query}").content.decode()
    found = re.search(r'<script type="application/json" id="map-drawing">(.*?)</script>', text, re.DOTALL)[1]
    return json.loads(found), re.search(r'<section class="map-list"[^>]*>', text)[0]


def picture(client, query=""):
    response = client.get(f"/map.svg?{query}")
    assert response.status_code == 200
    return ElementTree.fromstring(response.content)


def texts(svg):
    return ["".join(text.itertext()) for text in svg.iter(f"{SVG}text")]


def of_class(svg, name):
    """Return the elements of this one class."""
    return [element for element in svg.iter() if element.get("class") == name]
