"""Lists of stories and other clusters: page and files hold what a query string means."""

import re

import pytest
from django.http import QueryDict

from clusters.filters import NamedClusterFilterSet, SuccessStoryFilterSet
from portal.base.exports import neutralise
from tests.reading import rows_of

pytestmark = pytest.mark.django_db

QUERIES = [
    ("stories", "", 15),
    ("stories", "theme=networks", 3),
    ("stories", "theme=networks&theme=global", 6),
    ("stories", "sector=automotive", 3),
    ("stories", "sector=automotive&sector=photonics", 4),
    ("stories", "theme=global&sector=photonics", 1),
    ("stories", "theme=networks&pan_region=dongnam", 0),
    ("stories", "hub=noksan", 2),
    ("stories", "zone=busan", 2),
    ("stories", "pan_region=dongnam", 4),
    ("stories", "complex=myeongji-noksan", 3),  # one of them is told of Changwon
    ("stories", "q=hydraulic", 1),
    ("stories", "q=KOTRA", 1),  # named as an actor
    ("stories", "q=구미", 1),
    ("stories", "q=zzzz", 0),
    ("stories", "slug=open-lab,ito-film", 2),
    ("stories", "sort=-title&utm_source=mail", 15),
    ("other-clusters", "", 36),
    ("other-clusters", "sector=medical-bio", 6),
    ("other-clusters", "province=daegu", 5),
    ("other-clusters", "province=daegu&province=ulsan", 8),
    ("other-clusters", "zone=chungcheong", 9),
    ("other-clusters", "pan_region=chungcheong&sector=medical-bio", 3),
    ("other-clusters", "province=jeju", 0),
    ("other-clusters", "q=osong", 3),
    ("other-clusters", "q=아시아", 1),
    ("other-clusters", "q=wind power", 1),
    ("other-clusters", "slug=foodpolis,songdo&sort=-name", 2),
]


FILTERSETS = {"stories": SuccessStoryFilterSet, "other-clusters": NamedClusterFilterSet}


@pytest.mark.parametrize(("stem", "query", "count"), QUERIES)
def test_page_and_files_hold_the_records_of_the_filter(client, stem, query, count):
    model = FILTERSETS[stem]._meta.model
    asked = FILTERSETS[stem](QueryDict(query), queryset=model.objects.listed())
    assert asked.is_valid(), asked.errors
    expected = [record.slug for record in asked.qs]
    assert len(expected) == len(set(expected)) == count

    page = client.get(f"/{stem}/?{query}").content.decode()
    assert re.findall(rf'<(?:h3|th scope="row")>\s*<a href="/{stem}/([-\w]+)/"', page) == expected
    answer = client.get(f"/{stem}.json?{query}").json()
    assert answer["count"] == count
    assert [record["slug"] for record in answer["results"]] == expected
    features = client.get(f"/{stem}.geojson?{query}").json()["features"]
    assert [feature["properties"] for feature in features] == answer["results"]
    assert rows_of(client, stem, query) == [
        {name: str(neutralise(value)) for name, value in record.items()} for record in answer["results"]
    ]


@pytest.mark.parametrize("stem", FILTERSETS)
def test_every_choice_of_a_filter_leads_to_as_many_records_as_it_counts(client, stem):
    model = FILTERSETS[stem]._meta.model
    for name in ("sector", "zone", "pan_region"):
        asked = FILTERSETS[stem](QueryDict(""), queryset=model.objects.listed())
        choices = asked.facet(name).choices
        assert choices, name
        for choice in choices:
            found = client.get(f"/{stem}.json", {name: choice.value}).json()["count"]
            assert found == choice.count, (name, choice)


@pytest.mark.parametrize(
    "address",
    [
        "/stories/nothing/",
        "/sectors/nothing/",
        "/other-clusters/nothing/",
        "/stories.xml",
        "/other-clusters.xml",
    ],
)
def test_what_does_not_exist_is_not_found(client, address):
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("address", ["/stories/?theme=nothing", "/other-clusters.json?sector=nothing"])
def test_a_bad_filter_is_refused(client, address):
    assert client.get(address).status_code == 400
