"""The programme's story: dated and sourced records, lists that say the same as their files, safe input."""

import csv
import io
import re
from collections import Counter

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from portal.models import Document
from support_programs.models import (
    CLUSTER_PROGRAMMES,
    ClusterProgramme,
    Organisation,
    PrintedTable,
    ProgrammeEvent,
    ProgrammePassage,
    TableColumn,
)
from support_programs.programme.filters import (
    ClusterProgrammeFilterSet,
    OrganisationFilterSet,
    ProgrammeEventFilterSet,
)
from support_programs.programme.views import DECADE_TABLES

from .browsing import page_of

pytestmark = pytest.mark.django_db

FILTERSETS = {
    "/programme/timeline": ProgrammeEventFilterSet,
    "/programme/cluster-programmes": ClusterProgrammeFilterSet,
    "/organisations": OrganisationFilterSet,
}
# What each page asks of the database, however many records there are.
PAGES = {
    "/programme/": 6,
    "/programme/process/": 6,
    "/programme/cooperation/": 8,
    "/programme/location-policy/": 5,
    "/programme/timeline/": 3,
    "/programme/timeline/?since=2004&until=2010&kind=programme": 4,
    "/programme/timeline.csv": 1,
    "/programme/cluster-programmes/": 8,
    "/programme/cluster-programmes.json": 1,
    "/organisations/": 3,
    "/organisations/?kind=association": 4,
    "/organisations.csv": 1,
}


def main_of(client, address):
    """Return what stands in the page itself, without navigation and footer."""
    return page_of(client, address).partition("<main")[2].partition("</main>")[0]


def slugs_of_page(client, path, query=""):
    """Return the slugs of the records that the page shows, in its order."""
    text = main_of(client, f"{path}/?{query}").partition('<section id="figures"')[0]
    return re.findall(r'<(?:li|tr) id="([-\w]+)"', text)


@pytest.mark.parametrize(
    ("model", "field", "counts"),
    [
        (
            ProgrammePassage,
            "part",
            {
                "summary": 6,
                "overview": 7,
                "background": 6,
                "strategy": 7,
                "phases": 6,
                "process": 6,
                "roles": 15,
                "projects": 12,
                "law": 6,
                "evaluation": 3,
                "outcome": 7,
                "direction": 6,
                "cooperation": 16,
                "europe": 8,
            },
        ),
        (
            ProgrammeEvent,
            "kind",
            {
                "policy": 34,
                "law": 5,
                "programme": 39,
                "complexes": 25,
                "organisation": 14,
                "project": 21,
                "cooperation": 13,
                "economy": 13,
            },
        ),
        (ProgrammeEvent, "document__slug", {"report-2010": 99, "briefing-2016": 65}),
        (ClusterProgramme, "kind", {"government-supported": 8, "privately-led": 2}),
        (
            Organisation,
            "kind",
            {"ministry": 12, "agency": 23, "association": 7, "support": 6, "regional": 10, "european": 27},
        ),
    ],
)
def test_every_record_is_there(model, field, counts):
    assert Counter(model.objects.values_list(field, flat=True)) == counts


@pytest.mark.parametrize("model", [ProgrammePassage, ProgrammeEvent, ClusterProgramme, Organisation])
def test_every_record_says_where_it_was_read(model):
    for record in model.objects.select_related("document"):
        record.full_clean()
        assert record.document and record.locator and record.as_printed, record.slug


def years_in(printed):
    """Return the years that a printed date can mean: 2005 of "Apr. 05", all of the decade of "the 1990s"."""
    years = set()
    for digits, decade in re.findall(r"(?<!\d)(\d{4}|\d{2})(s?)(?![\d])", printed):
        year = int(digits) if len(digits) == 4 else 2000 + int(digits)
        years |= set(range(year, year + 10)) if decade else {year}
    return years


def test_every_date_lies_in_what_is_printed():
    # The table of location policies heads its decades with their first year alone.
    decades = set(ProgrammeEvent.objects.filter(note__contains="read as the decade").values_list("slug"))
    for event in ProgrammeEvent.objects.all():
        years = years_in(event.date_as_printed)
        assert event.year in years, event.slug
        if event.end_year and (event.slug,) not in decades:
            assert event.end_year in years or "1950-1953" in event.note, event.slug


def test_what_is_dated_twice_names_each_other():
    pairs = ProgrammeEvent.objects.exclude(dated_otherwise=None).select_related("dated_otherwise")
    assert len(pairs) == 20
    for event in pairs:
        assert event.dated_otherwise.dated_otherwise_id == event.pk, event.slug
        assert event.date != event.dated_otherwise.date, event.slug


@pytest.mark.parametrize(
    ("dates", "printed", "shown"),
    [
        ({"year": 2005, "month": 4}, "Apr. 05", ""),
        ({"year": 2005, "month": 4}, "in April 2005", ""),
        ({"year": 2008}, "since 2008", "since 2008"),
        ({"year": 2002, "end_year": 2007}, "'02~'07", ""),
        ({"year": 1960, "end_year": 1969}, "1960", "1960"),
        ({"year": 1960, "end_year": 1969}, "the 1960s", "the 1960s"),
        ({"year": 2016, "month": 7, "day": 4}, "4-8 July 2016", "4-8 July 2016"),
        ({"year": 2008, "month": 7, "day": 9}, "09 July 2008", ""),
        ({"year": 2009, "month": 7, "end_year": 2010, "end_month": 6}, "from July 2009 to June 2010", ""),
        (
            {"year": 2009, "month": 3, "day": 1, "end_year": 2010, "end_month": 2},
            "2009.3.1~2010.2.28",
            "2009.3.1~2010.2.28",
        ),
    ],
)
def test_the_printed_date_stands_where_it_says_more(dates, printed, shown):
    assert ProgrammeEvent(**dates, date_as_printed=printed).printed_date == shown


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
    rows = csv.DictReader(io.StringIO(client.get(f"{stem}.csv?{query}").content.decode("utf-8-sig")))
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
        rows = csv.DictReader(io.StringIO(client.get(f"{stem}.csv").content.decode("utf-8-sig")))
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
        ("From the year", "2004", "until=2010&amp;kind=law&amp;q=act"),
        ("To the year", "2010", "since=2004&amp;kind=law&amp;q=act"),
        ("Kind", "law", "since=2004&amp;until=2010&amp;q=act"),
        ("Search", "act", "since=2004&amp;until=2010&amp;kind=law"),
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


@pytest.mark.parametrize("address", ["/programme/timeline/", "/programme/location-policy/", "/programme/"])
def test_what_a_page_jumps_to_is_on_it(client, address):
    text = main_of(client, address)
    jumps = re.findall(r'href="#([-\w]+)"', text)
    assert len(jumps) > 5
    for target in jumps:
        assert text.count(f'id="{target}"') == 1, target


def test_an_event_dated_otherwise_is_reached_though_it_is_filtered_out(client):
    everything = main_of(client, "/programme/timeline/")
    filtered = main_of(client, "/programme/timeline/?kind=policy&document=briefing-2016")
    (target,) = re.findall(r'Dated differently:\s+<a href="/programme/timeline/#([-\w]+)"', filtered)
    assert target == "cluster-policy-begins"
    assert f'id="{target}"' not in filtered and f'id="{target}"' in everything


def test_the_steps_come_first_and_in_order_then_the_roles(client):
    text = main_of(client, "/programme/process/")
    steps = text.partition('<ol class="steps">')[2].partition("</ol>")[0]
    assert re.findall(r"<h3>([^<]+?)\s*</h3>", steps) == [
        "Find the difficulty",
        "Make it a project",
        "Match the partners",
        "Solve it together",
        "Complete the project",
        "Evaluate and pass on",
    ]
    parts = re.findall(r'<section id="(\w+)"', text)
    assert parts[:5] == ["process", "roles", "projects", "evaluation", "law"]
    roles = [
        text.index(f'id="roles-{name}"')
        for name in ("ministry", "kicox", "pan-regional-headquarters", "mini-clusters", "expert-pool")
    ]
    assert roles == sorted(roles)


def test_the_overview_leads_to_how_it_works(client):
    overview, process = main_of(client, "/programme/"), main_of(client, "/programme/process/")
    targets = re.findall(r'href="/programme/process/#([-\w]+)"', overview)
    assert len(targets) == 5 + 6 + 15 + 12 + 3 + 6
    for target in targets:
        assert f'id="{target}"' in process, target


def test_every_passage_stands_on_one_page(client):
    pages = [main_of(client, f"/programme/{path}") for path in ("", "process/", "cooperation/")]
    for passage in ProgrammePassage.objects.all():
        assert sum(f'id="{passage.slug}"' in page for page in pages) == 1, passage.slug


def test_a_decade_shows_the_heading_that_is_printed(client):
    text = main_of(client, "/programme/location-policy/")
    nineties = text.partition('id="d1990s"')[2].partition("</section>")[0]
    assert "column “since the 1990s”" in nineties and "column “1990”" in nineties
    assert "column “1990s”" not in text  # that of Figure 10 is the heading of the section itself
    for slug in DECADE_TABLES:
        table = PrintedTable.objects.get(slug=slug)
        for column in TableColumn.objects.filter(table=table):
            section = text.partition(f'id="d{column.key}"')[2].partition("</section>")[0]
            assert table.title in section, column.slug


SOURCE = {"locator": "here", "as_printed": "there"}
MARKUP = "<script>alert(1)</script>"


def test_markup_in_a_record_stays_text(client):
    source = SOURCE | {"document": Document.objects.get(slug="report-2010"), "note": MARKUP}
    ProgrammePassage.objects.create(slug="m", part="overview", title=MARKUP, text=MARKUP, **source)
    ProgrammeEvent.objects.create(
        slug="m", kind="cooperation", title=MARKUP, text=MARKUP, year=2005, date_as_printed=MARKUP, **source
    )
    ClusterProgramme.objects.create(slug="m", name=MARKUP, kind="privately-led", text=MARKUP, **source)
    Organisation.objects.create(slug="m", name=MARKUP, kind="european", role=MARKUP, **source)
    for address in (
        "/programme/",
        "/programme/cooperation/",
        "/programme/timeline/",
        "/programme/cluster-programmes/",
        "/organisations/",
    ):
        text = page_of(client, address)
        assert MARKUP not in text and "&lt;script&gt;alert(1)" in text, address


def test_a_passage_without_printed_words_names_its_place(client):
    ProgrammePassage.objects.create(
        slug="bare",
        part="overview",
        title="Bare",
        text="x",
        document=Document.objects.get(slug="report-2010"),
        locator="here",
    )
    assert '<p class="printed-in">report-2010, here</p>' in page_of(client, "/programme/")


def test_every_table_of_the_programme_stands_in_its_part(client):
    pages = [
        "/programme/",
        "/programme/process/",
        "/programme/cooperation/",
        "/programme/cluster-programmes/",
    ]
    sections = {}
    for page in pages:
        for section in re.findall(
            r'<section id="([-\w]+)">(.*?)</section>', main_of(client, page), re.DOTALL
        ):
            sections[section[0]] = re.findall(r'<h3>\s*<a href="/statistics/([-\w]+)/">', section[1])
    tables = PrintedTable.objects.exclude(part="")
    assert tables.count() >= 60
    for part in {table.part for table in tables}:
        shown = sections["figures" if part == CLUSTER_PROGRAMMES else part]
        assert shown == [table.slug for table in tables if table.part == part], part


def test_a_period_that_ends_before_it_begins_is_an_error(client):
    response = client.get("/programme/timeline/?since=2006&until=2005")
    assert "This year lies before the first one." in response.content.decode()
    assert slugs_of_page(client, "/programme/timeline", "since=2006&until=2005") == []
    assert client.get("/programme/timeline.csv?since=2006&until=2005").status_code == 400
    assert client.get("/programme/timeline.csv?since=2006&until=2006").status_code == 200


def test_the_number_of_queries_does_not_grow_with_the_records(client):
    for more in (False, True):
        if more:
            add_records()
        for address, queries in PAGES.items():
            with CaptureQueriesContext(connection) as asked:
                assert client.get(address).status_code == 200
            assert len(asked) == queries, (address, more)


def add_records():
    source = SOURCE | {"document": Document.objects.get(slug="briefing-2016")}
    other = ProgrammeEvent.objects.first()
    parts = ProgrammePassage.Part.values
    for n in range(60):
        ProgrammePassage.objects.create(
            slug=f"more-{n}", part=parts[n % len(parts)], title=f"More {n}", text="x", **source
        )
        ProgrammeEvent.objects.create(
            slug=f"more-{n}",
            kind=("programme", "cooperation")[n % 2],
            title=f"More {n}",
            year=1950 + n,
            date_as_printed=str(1950 + n),
            dated_otherwise=other,
            **source,
        )
        ClusterProgramme.objects.create(
            slug=f"more-{n}", name=f"More {n}", kind="privately-led", text="x", **source
        )
        Organisation.objects.create(
            slug=f"more-{n}", name=f"More {n}", kind=("association", "european")[n % 2], role="x", **source
        )
