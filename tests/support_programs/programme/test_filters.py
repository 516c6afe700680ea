"""Lists of the programme's story: page and files hold what a query string means, and bad input is refused."""

import re

import pytest
from django.http import QueryDict

from support_programs.models import (
    ProgrammeEvent,
)
from support_programs.programme.filters import (
    ClusterProgrammeFilterSet,
    OrganisationFilterSet,
    ProgrammeEventFilterSet,
)
from tests.reading import main_of, read_csv

pytestmark = pytest.mark.django_db

FILTERSETS = {
    "/programme/timeline": ProgrammeEventFilterSet,
    "/programme/cluster-programmes": ClusterProgrammeFilterSet,
    "/organisations": OrganisationFilterSet,
}


def slugs_of_page(client, path, query=""):
    """Return the slugs of the records that the page shows, in its order."""
    text = main_of(client, f"{path}/?{query}").partition('<section id="figures"')[0]
    return re.findall(r'<(?:li|tr) id="([-\w]+)"', text)


@pytest.mark.parametrize(
    ("stem", "query", "count"),
    [
        ("/programme/timeline", "", 164),
        ("/programme/timeline", "kind=law", 5),
        ("/programme/timeline", "kind=law&kind=cooperation", 18),
        ("/programme/timeline", "document=briefing-2016", 65),
        ("/programme/timeline", "document=briefing-2016&document=report-2010", 164),
        ("/programme/timeline", "until=1959", 2),
        ("/programme/timeline", "since=1951&until=1951", 2),  # the war and the rebuilding lasted
        ("/programme/timeline", "since=2021", 3),  # goals; "by 2020 […] by 2050" among them
        ("/programme/timeline", "since=2004&kind=law", 2),
        ("/programme/timeline", "since=2012&until=2012&kind=programme", 2),
        ("/programme/timeline", "since=&until=&q=", 164),
        ("/programme/timeline", "q=innopolis", 1),
        ("/programme/timeline", "q=GREEN growth", 4),
        ("/programme/timeline", "q=zzzz", 0),
        ("/programme/timeline", "slug=kasic,korean-war", 2),
        ("/programme/cluster-programmes", "", 10),
        ("/programme/cluster-programmes", "kind=privately-led", 2),
        ("/programme/cluster-programmes", "q=osong", 1),
        ("/programme/cluster-programmes", "q=daegu", 2),
        ("/organisations", "", 85),
        ("/organisations", "kind=association", 7),
        ("/organisations", "kind=ministry&document=report-2010", 5),
        ("/organisations", "q=kotra", 1),
        ("/organisations", "q=포항", 1),  # by its Hangul name
    ],
)
def test_a_query_means_these_records(client, stem, query, count):
    filterset_class = FILTERSETS[stem]
    asked = filterset_class(QueryDict(query), queryset=filterset_class._meta.model.objects.listed())
    assert asked.is_valid(), asked.errors
    assert asked.qs.count() == asked.total == count
    slugs = slugs_of_page(client, stem, query)
    files = client.get(f"{stem}.json?{query}").json()
    rows = read_csv(client.get(f"{stem}.csv?{query}"))
    assert slugs == [record["slug"] for record in files["results"]] == [row["slug"] for row in rows]
    assert len(slugs) == files["count"] == count


def test_years_leave_out_what_was_over_before_and_what_began_later():
    for event in ProgrammeEventFilterSet(
        QueryDict("since=2003&until=2006"), queryset=ProgrammeEvent.objects.all()
    ).qs:
        assert event.year <= 2006 and (event.end_year or event.year) >= 2003


def test_page_and_files_hold_the_same_values(client):
    for stem in FILTERSETS:
        text = main_of(client, f"{stem}/")
        records = client.get(f"{stem}.json").json()["results"]
        rows = read_csv(client.get(f"{stem}.csv"))
        for record, row in zip(records, rows, strict=True):
            for name, value in record.items():
                # A cell that a spreadsheet would take for a formula has an apostrophe before it.
                assert row[name].removeprefix("'") == ("" if value is None else str(value)).removeprefix("'")
        for field in ("title", "name", "locator", "role", "url"):
            for record in records:
                value = str(record.get(field) or "").replace("&", "&amp;").replace("'", "&#39;")
                assert value in text, (stem, record["slug"], field)


def test_a_filter_reads_in_words_and_can_be_taken_away(client):
    text = main_of(client, "/programme/timeline/?since=2004&until=2010&kind=law&q=act")
    for label, value, rest in (
        ("From the year", "2004", "kind=law&amp;q=act&amp;until=2010"),
        ("To the year", "2010", "kind=law&amp;q=act&amp;since=2004"),
        ("Kind", "law", "q=act&amp;since=2004&amp;until=2010"),
        ("Search", "act", "kind=law&amp;since=2004&amp;until=2010"),
    ):
        link = re.escape(f'href="/programme/timeline/?{rest}"')
        assert re.search(rf"{link}[^>]*>.*{label}: <b>{value}</b>", text)


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        ("since=abc", 'value="abc"'),
        ("since=99999", 'value="99999"'),
        ("until=-1", 'value="-1"'),
        ("since=2005.5", 'value="2005.5"'),
        ("since=%3Cb%3E", 'value="&lt;b&gt;"'),
        ("kind=x", "There is no “x” here."),
        ("kind=law&kind=%00", "There is no “�” here."),
        ("document=report-1910", "There is no “report-1910” here."),
        ("sort=nothing", "sort"),
        ("q=" + "a+" * 20, "Search for at most 12 words."),
    ],
)
def test_bad_input_is_refused_and_kept(client, query, kept):
    response = client.get(f"/programme/timeline/?{query}")
    assert response.status_code == 400
    assert kept in response.content.decode()
    for suffix in ("csv", "json"):
        answer = client.get(f"/programme/timeline.{suffix}?{query}")
        assert answer.status_code == 400 and answer.json()["errors"]


@pytest.mark.parametrize("stem", ["/programme/cluster-programmes", "/organisations"])
def test_bad_input_is_refused_by_the_other_lists_too(client, stem):
    for query in ("kind=x", "sort=x", "q=" + "a" * 300):
        assert client.get(f"{stem}/?{query}").status_code == 400
        assert client.get(f"{stem}.csv?{query}").status_code == 400


def test_events_stand_by_time_either_way(client):
    assert slugs_of_page(client, "/programme/timeline")[0] == "korean-war"
    first = slugs_of_page(client, "/programme/timeline", "sort=year")
    last = slugs_of_page(client, "/programme/timeline", "sort=-year")
    assert first == slugs_of_page(client, "/programme/timeline") and last == first[::-1]
    assert last[0] == "renewable-share"
    months = [(event.year, event.month or 0, event.day or 0) for event in ProgrammeEvent.objects.all()]
    assert months == sorted(months)


def test_a_period_that_ends_before_it_begins_is_an_error(client):
    response = client.get("/programme/timeline/?since=2006&until=2005")
    assert "This year lies before the first one." in response.content.decode()
    assert slugs_of_page(client, "/programme/timeline", "since=2006&until=2005") == []
    assert client.get("/programme/timeline.csv?since=2006&until=2005").status_code == 400
    assert client.get("/programme/timeline.csv?since=2006&until=2006").status_code == 200
