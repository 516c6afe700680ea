"""Bad input: a clear message or a 4xx, never a 500, and never markup out of data."""

from urllib.parse import quote

import pytest
from django.apps import apps
from django.db import connection, models
from django.test.utils import CaptureQueriesContext

from portal.apps import EDITED_APPS
from portal.models import Document
from support_programs.models import Organisation, PrintedTable, ProgrammeEvent
from tests.reading import LONG, PAYLOAD

pytestmark = pytest.mark.django_db

PATHS = [
    "/clusters/",
    "/complexes/",
    "/support/",
    "/map/",
    "/map/?show=complexes",
    "/clusters.csv",
    "/support.json",
    "/support/commercialization-of-production-technologies/?size=sme",
    "/stories/",
    "/stories.geojson",
    "/other-clusters/",
    "/programme/timeline/",
    "/programme/timeline.csv",
    "/programme/cluster-programmes/",
    "/organisations/",
    "/statistics/",
    "/statistics.json",
]


# Pages that no query string changes.
FIXED = [
    "/programme/",
    "/programme/process/",
    "/programme/cooperation/",
    "/programme/location-policy/",
    "/sectors/",
    "/sectors/automotive/",
    "/statistics/cluster-programme-budgets-2007/",
    "/statistics/cluster-programme-budgets-2007.csv",
    "/statistics/cluster-programme-budgets-2007.json",
    "/about/discrepancies/",
    "/about/discrepancies.csv",
    "/about/discrepancies.json",
    "/stories/lifesaver-defibrillator/",
    "/other-clusters/daedeok-innopolis/",
]


# More would mean one for each value in the address.
MAX_QUERIES = 30


ODD = [
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
    "page=2&page=-1&page=" + "9" * 31,
    "kind=%00&theme=%00&topic=%00&purpose=%00&verdict=%00&document=%00",
    "&".join(["sector=ict", "kind=law", "topic=budget", "document=report-2010", "purpose=training"] * 60),
    "&".join(f"x{n}=1" for n in range(2001)),
    "since=-1&until=" + "9" * 5000,
    "since=2010&until=1990&since=abc",
    "since=%D9%A2%D9%A0%D9%A0%D9%A5&hub=%F0%9F%92%A9",
    "x=" + LONG,
    LONG,
    LONG + "=1",
]

# These parameters only some pages know; what all the others do with one they do not know, "x" asks.
KNOWN_TO = {
    "edition": ("/clusters", "/map/"),
    "companies": "/support",
    "show": "/map/",
    "since": "/programme/timeline",
}
QUESTIONS = [
    (path, query)
    for path in PATHS
    for query in ODD
    if path.startswith(KNOWN_TO.get(query.partition("=")[0], "/"))
]


@pytest.mark.parametrize(("path", "query"), QUESTIONS)
def test_no_query_string_breaks_a_page(client, path, query):
    with CaptureQueriesContext(connection) as asked:
        response = client.get(f"{path}{'&' if '?' in path else '?'}{query}")
    assert response.status_code in (200, 400, 404), response.status_code
    assert len(response.content) < 400_000
    assert len(asked) <= MAX_QUERIES


@pytest.mark.parametrize("path", FIXED)
def test_a_page_without_filters_minds_no_query_string(client, path):
    plain = client.get(path)
    odd = client.get(f"{path}?page=-1&sort=%00&q={LONG}&cost=1e999&slug=a&slug=b&{quote(PAYLOAD)}=1")
    assert (plain.status_code, odd.status_code) == (200, 200)
    assert "<script>alert" not in odd.content.decode() and len(odd.content) < 400_000


@pytest.mark.parametrize("path", ["/statistics/", "/organisations.csv", "/about/discrepancies.json"])
def test_an_unchanged_page_is_not_sent_again(client, path):
    etag = client.get(path)["ETag"]
    for known in (etag, f'"other", {etag}', "*"):
        assert client.get(path, headers={"If-None-Match": known}).status_code == 304
    for strange in ('"other"', etag[:-2], '"', LONG, "구미"):
        assert client.get(path, headers={"If-None-Match": strange}).status_code == 200


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
        "/statistics/lifesaver-defibrillator/",
        "/statistics/budget--2005/",
        "/statistics/gumi.csv",
        "/statistics/cluster-programme-budgets-2007.xml",
        "/statistics/cluster-programme-budgets-2007.csv/",
        "/statistics/" + LONG + ".json",
        "/statistics/구미.json",
        "/stories/cluster-programme-budgets-2007/",
        "/other-clusters/gumi/",
        "/sectors/gumi/",
        "/sectors/%00/",
        "/sectors.csv",
        "/statistics.geojson",
        "/organisations.kml",
        "/organisations/mke/",
        "/programme/timeline.geojson",
        "/programme/cluster-programmes.xlsx",
        "/programme.json",
        "/about/discrepancies.geojson",
        "/about/discrepancies/x/",
        "/stories.csv%0a",
        "/stories.CSV",
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
        ("/stories/?theme=gold", 400),
        ("/stories.kml?hub=atlantis", 400),
        ("/statistics/?topic=law", 400),
        ("/organisations.csv?kind=law", 400),
        ("/programme/timeline/?kind=ministry", 400),
        ("/programme/timeline/?since=1899", 400),
        ("/programme/timeline/?until=soon", 400),
        ("/support/?size=huge", 400),
        ("/support/?verdict=maybe", 400),
        ("/support/commercialization-of-production-technologies/?size=huge", 400),
        ("/support/commercialization-of-production-technologies/?q=" + LONG, 200),
    ],
)
def test_what_is_wrong_has_its_status(client, path, status):
    assert client.get(path).status_code == status


def test_bad_input_is_named_and_what_was_typed_is_kept(client):
    response = client.get("/support/?companies=two&q=prototype")
    text = response.content.decode()
    assert response.status_code == 400
    assert 'value="two"' in text and 'value="prototype"' in text
    assert "Give a number of companies from 1 to 9,999." in text


def test_bad_input_leaves_a_form_to_correct_it_with(client):
    text = client.get("/clusters/?zone=atlantis&zone=seoul&sector=ict").content.decode()
    assert "There is no “atlantis” here." in text
    assert 'name="sector" value="ict" checked' in text and 'name="zone" value="seoul" checked' in text
    assert 'name="zone" value="incheon"' in text


@pytest.mark.parametrize(
    "parameter",
    [
        "q",
        "zone",
        "sort",
        "slug",
        "companies",
        "cost",
        "size",
        "purpose",
        "since",
        "kind",
        "show",
        "page",
        "x",
    ],
)
def test_nothing_from_the_address_becomes_markup(client, parameter):
    for path in ("/clusters/", "/support/", "/map/", "/programme/timeline/", "/statistics/", "/" + PAYLOAD):
        text = client.get(path, {parameter: PAYLOAD}).content.decode()
        assert "<script>alert" not in text and "<img src=x" not in text


def spoil():
    """Put markup into every text that an editor can write, cut to its length; addresses become scripts."""
    for model in (model for label in EDITED_APPS for model in apps.get_app_config(label).get_models()):
        if model.__name__.startswith("Historical"):
            continue
        fields = {}
        for field in model._meta.fields:
            if isinstance(field, models.URLField):
                fields[field.name] = "javascript:alert(1)"
            elif type(field) in (models.CharField, models.TextField) and not (field.choices or field.unique):
                fields[field.name] = PAYLOAD[: field.max_length]
        model.objects.update(**fields)


def faults(response):
    """Return what is wrong with a page of spoiled records: it must answer, and show them as text alone."""
    text = response.content.decode()
    found = [markup for markup in ("<script>", "<img src=x", 'href="javascript') if markup in text]
    if "&lt;script&gt;alert" not in text:
        found.append("no record is shown")
    return found if response.status_code == 200 else [response.status_code, *found]


SPOILED = [
    *(path for path in (*PATHS, *FIXED) if path.endswith("/")),
    "/",
    "/about/",
    "/clusters/2016-gumi-mobile/",
    "/complexes/gumi/",
    "/regions/zones/daegu-north-gyeongsang/",
    "/regions/pan-regions/daekyung/",
    "/map/?show=complexes",
    "/support/?companies=2&size=sme&cost=30+million",
    "/support/commercialization-of-production-technologies/?companies=1&cost=30+million",
]


def test_wholly_spoiled_records_are_shown_as_text(client):
    spoil()
    client.raise_request_exception = False  # a page that breaks is named like the others, and logged
    found = {address: faults(client.get(address)) for address in SPOILED}
    assert {address: wrong for address, wrong in found.items() if wrong} == {}


def test_every_chart_draws_markup_as_text(client):
    spoil()
    for table in PrintedTable.objects.exclude(chart="none")[:12]:
        text = client.get(table.get_absolute_url()).content.decode()
        assert "<script>" not in text and "<img" not in text


# --- Many values in one address

MANY = {
    "searches": "&".join(f"q={n}" for n in range(1500)),
    "zones that are not there": "&".join(f"zone=z{n}" for n in range(900)),
    "a long selection": "&".join(f"slug=record-number-{n}" for n in range(200)),
    "parameters that nothing knows": "&".join(f"p{n}={'x' * 190}" for n in range(50)),
}


@pytest.mark.parametrize("query", MANY.values(), ids=MANY)
@pytest.mark.parametrize(
    "path", ["/clusters/", "/complexes/", "/map/", "/support/", "/programme/timeline/", "/map.svg"]
)
def test_many_values_make_no_long_page(client, path, query):
    response = client.get(f"{path}?{query}")
    assert response.status_code in (200, 400)
    # A selection may be as long as it is; a page has it in its links.
    assert len(response.content) < (1_500_000 if "slug=" in query else 400_000)


def test_a_query_string_has_a_bound(client):
    for path in ("/clusters/", "/clusters.csv", "/map/data.json", "/statistics/", "/"):
        response = client.get(f"{path}?q={'x' * 12_000}")
        assert response.status_code == 400
        assert "more than 12000 characters" in response.content.decode()


def test_of_a_question_asked_twice_the_last_counts_and_is_what_is_said(client):
    text = client.get("/clusters/?q=gumi&q=mobile").content.decode()
    chips = text.partition('class="chips"')[2].partition("</ul>")[0]
    assert "mobile" in chips and "gumi" not in chips
    assert client.get("/clusters.json?q=gumi&q=mobile").json() == client.get("/clusters.json?q=mobile").json()


def test_files_and_regions_are_not_asked_for_with_what_nothing_knows(client):
    text = client.get(
        "/map/?utm_source=mail&letter=may&regions=pan_region&sector=automotive"
    ).content.decode()
    assert "utm_source" not in text
    assert text.count("letter=may") == 2  # the two tabs, each of which may know what the other does not
    assert "regions=pan_region" in text


def test_another_document_is_a_choice_like_the_two(client):
    document = Document.objects.create(
        slug="report-2030", title="A later report", authors="A", publisher="P", published="May", year=2030
    )
    ProgrammeEvent.objects.filter(slug="korean-war").update(document=document)
    Organisation.objects.filter(slug="motie").update(document=document)
    for path in ("/programme/timeline/", "/organisations/"):
        assert "A later report" in client.get(path).content.decode()
        assert client.get(f"{path[:-1]}.json?document=report-2030").json()["count"] == 1
