"""/map/data.json: the list's own records by view, as points or cells, in an answer of bounded size."""

import pytest

from clusters.models import Family, MiniCluster
from complexes.models import Hub, IndustrialComplex
from portal.map.data import CELL_PIXELS, MAX_CELLS, BBox, cell_size
from tests.mapping import BUSAN, DATA, data, inside, numbers, placed_rows
from tests.reading import QUERIES

pytestmark = pytest.mark.django_db

EVERY_QUERY = [(show, query) for show in ("clusters", "complexes") for query in QUERIES[show]]


@pytest.mark.parametrize(("show", "query"), EVERY_QUERY)
def test_the_map_holds_the_records_of_the_list(client, show, query):
    expected = placed_rows(client, show, query)
    answer = data(client, f"show={show}&{query}")
    assert answer["count"] == numbers(answer) == len(expected)
    name = "hub" if show == "clusters" else "slug"
    drawn = [feature["properties"][name] for feature in answer["features"]]
    assert sorted(drawn) == sorted({row[name] for row in expected})


@pytest.mark.parametrize(("show", "query"), EVERY_QUERY)
def test_the_view_cuts_it(client, show, query):
    expected = [row for row in placed_rows(client, show, query) if inside(row, BUSAN)]
    answer = data(client, f"show={show}&bbox={BUSAN}&zoom=11&{query}")
    assert answer["count"] == numbers(answer) == len(expected)


def test_a_hub_says_what_is_drawn_of_it(client):
    (feature,) = data(client, "hub=gumi&edition=2016")["features"]
    seat = Hub.objects.get(slug="gumi").seat
    assert feature["type"] == "Feature"
    assert feature["geometry"] == {
        "type": "Point",
        "coordinates": [float(seat.longitude), float(seat.latitude)],
    }
    leading = feature["properties"].pop("family")
    assert feature["properties"] == {
        "hub": "gumi",
        "name": "Gumi",
        "name_ko": "구미",
        "n": 7,
        "kind": None,
        "location_precision": seat.location_precision,
        "zone": "daegu-north-gyeongsang",
    }
    clusters = MiniCluster.objects.filter(hub__slug="gumi", edition__year=2016)
    shares = {
        family.slug: clusters.filter(sectors__family=family).distinct().count()
        for family in Family.objects.all()
    }
    assert shares[leading] == max(shares.values())


def test_a_complex_says_what_is_drawn_of_it(client):
    answer = data(client, "show=complexes&slug=gumi")
    assert (answer["type"], answer["count"], answer["cells"]) == ("FeatureCollection", 1, False)
    gumi = IndustrialComplex.objects.get(slug="gumi")
    (feature,) = answer["features"]
    assert feature["properties"] == {
        "slug": "gumi",
        "name": gumi.name,
        "name_ko": "구미국가산업단지",
        "kind": "national",
        "members": 1,
        "hub": "gumi",
        "location_precision": gumi.location_precision,
    }


@pytest.mark.parametrize("show", ["clusters", "complexes"])
def test_records_without_a_point_are_counted_apart(client, show):
    before = data(client, f"show={show}&hub=gumi")
    IndustrialComplex.objects.filter(hub__slug="gumi").update(
        latitude=None, longitude=None, location_precision=""
    )
    answer = data(client, f"show={show}&hub=gumi")
    assert before["count"] > 0 and before["unplaced"] == 0
    assert (answer["count"], answer["features"], answer["unplaced"]) == (0, [], before["count"])


def test_the_edge_of_the_view_belongs_to_it(client):
    seat = Hub.objects.get(slug="gumi").seat
    at = f"{seat.longitude},{seat.latitude},{seat.longitude},{seat.latitude}"
    assert data(client, f"bbox={at}&hub=gumi&edition=2016")["count"] == 7


def test_far_from_korea_there_is_nothing(client):
    assert data(client, "bbox=-10,40,5,60&zoom=5")["features"] == []


def test_it_is_read_only_cacheable_and_not_sent_again(client):
    response = client.get(DATA)
    assert response["Content-Type"] == "application/geo+json"
    assert response["Cache-Control"] == "public, no-cache, stale-if-error=86400"
    assert not response.cookies and "Cookie" not in response.get("Vary", "")
    assert client.get(DATA, headers={"If-None-Match": response["ETag"]}).status_code == 304
    assert client.head(DATA).content == b""
    client.handler.enforce_csrf_checks = True
    for method in ("post", "put", "patch", "delete", "options"):
        assert getattr(client, method)(DATA).status_code == 405


@pytest.mark.parametrize("zoom", [None, *range(0, 21, 2)])
@pytest.mark.parametrize("bbox", [None, BBox(-180, -90, 180, 90), BBox(128.7, 34.9, 129.3, 35.4)])
def test_a_view_has_never_more_than_so_many_cells(bbox, zoom):
    view = bbox if bbox and bbox.west > 0 else BBox(124.5, 32.9, 132, 38.7)
    width, height = cell_size(bbox, zoom)
    assert (view.east - view.west) / width * (view.north - view.south) / height <= MAX_CELLS


def test_cells_are_so_many_pixels_wide():
    width, _height = cell_size(BBox(128.7, 34.9, 129.3, 35.4), 11)
    assert width * 256 * 2**11 / 360 == pytest.approx(CELL_PIXELS)


QUERY_COUNTS = {
    # the version of the data; of complexes, those with their point
    "edition=2016": 1,
    "edition=2016&bbox=" + BUSAN: 1,
    "show=complexes&kind=national": 2,
    f"show=complexes&kind=national&bbox={BUSAN}&zoom=11": 2,
}


@pytest.mark.parametrize(("query", "queries"), QUERY_COUNTS.items())
def test_points_take_so_many_queries(client, query, queries, django_assert_num_queries):
    data(client, query)  # what the stores learn once is known by now
    with django_assert_num_queries(queries):
        assert data(client, query)["cells"] is False
