"""Bad input: a clear message or a 4xx, never a 500, and never markup out of data."""

import pytest

from clusters.models import MiniCluster
from complexes.models import IndustrialComplex

pytestmark = pytest.mark.django_db

LONG = "x" * 10_000
PATHS = [
    "/clusters/",
    "/complexes/",
    "/support/",
    "/map/",
    "/map/?show=complexes",
    "/clusters.csv",
    "/support.json",
]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "query",
    [
        "page=0",
        "page=-1",
        "page=999999",
        "page=99999999999999999999999999",
        "page=1.5",
        "page=abc",
        "page=%00",
        "page=",
        "sort=nothing",
        "sort=-",
        "sort=name,-name,zone",
        "sort=hub__seat__note",
        "sort=%00",
        "q=%00",
        "q=" + LONG,
        "q=%25_%5C'\"",
        "q=" + "+".join("ab" for _ in range(60)),
        "zone=%00",
        "zone=" + LONG,
        "zone=a&zone=b&zone=c",
        "zone[]=seoul",
        "edition=2016.0",
        "edition=-1",
        "edition=99999999999999999999",
        "companies=1e9",
        "slug=" + ",".join(["x"] * 500),
        "slug=%2e%2e/",
        "%00=1",
        "show=clusters%00",
        "show=nothing",
        "q=%ff%fe",
        LONG,
    ],
)
def test_no_query_string_breaks_a_page(client, path, query):
    response = client.get(f"{path}{'&' if '?' in path else '?'}{query}")
    assert response.status_code in (200, 400, 404), response.status_code
    assert len(response.content) < 400_000


@pytest.mark.parametrize(
    "path",
    [
        "/clusters/unknown/",
        "/clusters/gumi/",  # another kind's slug
        "/complexes/2016-gumi-mobile/",
        "/support/gumi/",
        "/regions/zones/honam/",
        "/regions/pan-regions/busan/",
        "/clusters/%00/",
        "/clusters/..%2f..%2fetc/passwd",
        "/clusters/" + LONG + "/",
        "/complexes/구미/",
        "/clusters.json.csv",
    ],
)
def test_unknown_names_are_not_found(client, path):
    response = client.get(path)
    assert response.status_code == 404
    assert "There is no such page" in response.content.decode()


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/clusters/?page=0", 404),
        ("/clusters/?page=-1", 404),
        ("/clusters/?page=999999", 404),
        ("/clusters/?sort=nothing", 400),
        ("/clusters/?zone=atlantis", 400),
        ("/support/?companies=two", 400),
        ("/map/?show=nothing", 404),
    ],
)
def test_what_is_wrong_has_its_status(client, path, status):
    assert client.get(path).status_code == status


def test_bad_input_is_named_and_what_was_typed_is_kept(client):
    response = client.get("/support/?companies=two&q=prototype")
    text = response.content.decode()
    assert response.status_code == 400
    assert 'value="two"' in text and 'value="prototype"' in text
    assert "Enter a whole number." in text


def test_bad_input_leaves_a_form_to_correct_it_with(client):
    text = client.get("/clusters/?zone=atlantis&zone=seoul&sector=ict").content.decode()
    assert "There is no “atlantis” here." in text
    assert 'name="sector" value="ict" checked' in text and 'name="zone" value="seoul" checked' in text
    assert 'name="zone" value="incheon"' in text


PAYLOAD = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"


@pytest.mark.parametrize("parameter", ["q", "zone", "sort", "slug", "companies", "show", "page", "x"])
def test_nothing_from_the_address_becomes_markup(client, parameter):
    for path in ("/clusters/", "/support/", "/map/", "/" + PAYLOAD):
        text = client.get(path, {parameter: PAYLOAD}).content.decode()
        assert "<script>alert" not in text and "<img src=x" not in text


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/clusters/",
        "/clusters/2016-gumi-mobile/",
        "/complexes/",
        "/complexes/gumi/",
        "/regions/zones/daegu-north-gyeongsang/",
        "/map/",
        "/map/?show=complexes",
    ],
)
def test_nothing_from_a_record_becomes_markup(client, address):
    fields = {"name": PAYLOAD, "name_ko": PAYLOAD, "note": PAYLOAD, "as_printed": PAYLOAD}
    MiniCluster.objects.filter(hub__slug="gumi").update(**fields)
    IndustrialComplex.objects.filter(slug="gumi").update(**fields, aliases=PAYLOAD, municipality=PAYLOAD)
    text = client.get(address).content.decode()
    assert "<script>alert" not in text and "<img src=x" not in text
