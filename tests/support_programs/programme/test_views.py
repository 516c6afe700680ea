"""The programme's story: pages that lead to each other, and in few queries."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.models import Document
from support_programs.models import (
    CLUSTER_PROGRAMMES,
    LOCATION_POLICY,
    ClusterProgramme,
    Organisation,
    PrintedTable,
    ProgrammeEvent,
    ProgrammePassage,
    TableColumn,
)
from tests.reading import main_of, page_of

pytestmark = pytest.mark.django_db


# What each page asks of the database, however many records there are.
PAGES = {
    "/programme/": 7,
    "/programme/process/": 7,
    "/programme/cooperation/": 9,
    "/programme/location-policy/": 6,
    "/programme/timeline/": 4,
    "/programme/timeline/?since=2004&until=2010&kind=programme": 5,
    "/programme/timeline.csv": 1,
    "/programme/cluster-programmes/": 9,
    "/programme/cluster-programmes.json": 1,
    "/organisations/": 4,
    "/organisations/?kind=association": 5,
    "/organisations.csv": 1,
}


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
    tables = PrintedTable.objects.by_part(LOCATION_POLICY)
    assert len(tables) == 3
    for table in tables:
        for column in TableColumn.objects.filter(table=table):
            section = text.partition(f'id="d{column.key}"')[2].partition("</section>")[0]
            assert table.title in section, column.slug


SOURCE = {"locator": "here", "as_printed": "there"}


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
    # Those of location policy stand decade by decade.
    for part in {table.part for table in tables} - {LOCATION_POLICY}:
        shown = sections["figures" if part == CLUSTER_PROGRAMMES else part]
        assert shown == [table.slug for table in tables if table.part == part], part


def test_the_number_of_queries_does_not_grow_with_the_records(client, without_stores):
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
