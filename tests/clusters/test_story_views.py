"""Success stories: shown whole, linked both ways, as text, and in few queries."""

import html
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clusters.models import (
    NaceDivision,
    NamedCluster,
    Sector,
    SectorPassage,
    StoryActor,
    StoryFigure,
    SuccessStory,
)
from complexes.models import IndustrialComplex, PanRegion, Zone
from portal.models import Document
from support_programs.models import PrintedTable, TableColumn, TableRow, TableValue
from tests.reading import text_of

pytestmark = pytest.mark.django_db


def test_a_story_shows_place_theme_actors_period_figures_tables_and_source(client):
    for story in SuccessStory.objects.detailed():
        page = text_of(client, story.get_absolute_url())
        linked = [*story.complexes.all(), *story.sectors.all(), *story.tables.all()]
        shown = [
            story.title,
            story.summary,
            story.get_theme_display(),
            story.period_as_printed,
            story.locator,
            story.note,
            story.hub.name,
            f"on the map of South Korea, in {story.hub.seat.province.name}",
            *(f'href="{record.get_absolute_url()}"' for record in linked),
            *(f'<th scope="row">{actor.name}</th>' for actor in story.actors.all()),
            *(f"<b>{figure.as_printed}</b>" for figure in story.figures.all()),
        ]
        assert [part for part in shown if part not in page] == []
        expected = sum(figure.expected for figure in story.figures.all())
        assert page.count('<span class="flag">expected</span>') == expected
        assert ("Expected: what the document hopes for" in page) == bool(expected)


def test_a_story_is_linked_from_its_sectors_complexes_regions_and_hub(client):
    pages = {}
    for story in SuccessStory.objects.all():
        seat = story.hub.seat
        for record in [
            *story.sectors.all(),
            *story.complexes.all(),
            seat.province.zone,
            seat.province.pan_region,
            story.hub,
            *story.hub.mini_clusters.all()[:1],
        ]:
            address = record.get_absolute_url()
            if address not in pages:
                pages[address] = text_of(client, address)
            assert f'href="{story.get_absolute_url()}"' in pages[address], (story, record)


MARKUP = "<script>alert(1)</script>"


def test_markup_in_the_data_stays_text(client):
    story = SuccessStory.objects.get(slug="ito-film")
    SuccessStory.objects.filter(pk=story.pk).update(
        title=MARKUP, summary=MARKUP, text=MARKUP, period_as_printed=MARKUP
    )
    story.actors.update(name=MARKUP, part=MARKUP)
    story.figures.update(label=MARKUP, as_printed=MARKUP, unit=MARKUP)
    NamedCluster.objects.update(name=MARKUP, place=MARKUP, text=MARKUP, url=f'https://a/"{MARKUP}')
    SectorPassage.objects.update(text=MARKUP, note=MARKUP)
    NaceDivision.objects.update(name=MARKUP)
    Sector.objects.filter(slug="electronics").update(name=MARKUP, description=MARKUP)
    TableRow.objects.update(label=MARKUP)
    TableColumn.objects.update(label=MARKUP)
    TableValue.objects.update(as_printed=MARKUP, note=MARKUP)
    for address in (
        "/stories/",
        "/stories/ito-film/",
        "/sectors/",
        "/sectors/electronics/",
        "/other-clusters/",
        "/other-clusters/foodpolis/",
        "/complexes/ochang-science/",
        "/complexes/gumi/",
        "/clusters/2016-gumi-mobile/",
        "/regions/pan-regions/honam/",
    ):
        page = client.get(address).content.decode()
        assert MARKUP not in page and html.escape(MARKUP) in page, address


PAGES = (
    "/stories/",
    "/stories/ito-film/",
    "/stories.json",
    "/sectors/",
    "/sectors/semiconductors-displays/",
    "/other-clusters/",
    "/other-clusters/paju-lcd/",
    "/complexes/ochang-science/",
    "/clusters/?hub=ochang-cheongju",
    "/regions/zones/chungcheong/",
    "/regions/pan-regions/chungcheong/",
)


def queries_of(client):
    counts = {}
    for address in PAGES:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        counts[address] = len(queries)
    return counts


def test_no_number_of_queries_grows_with_the_rows(client, without_stores):
    before = queries_of(client)
    sector = Sector.objects.get(slug="semiconductors-displays")
    complex = IndustrialComplex.objects.get(slug="ochang-science")
    chungcheong = PanRegion.objects.get(slug="chungcheong")
    source = {"document": Document.objects.get(slug="report-2010"), "locator": "test"}
    ito_film = SuccessStory.objects.get(slug="ito-film")
    for n in range(20):
        story = SuccessStory.objects.create(
            slug=f"more-{n}",
            title=f"More {n}",
            theme="global",
            summary="x",
            text="x",
            hub=ito_film.hub,
            **source,
        )
        story.sectors.set(Sector.objects.all())
        story.complexes.set([complex])
        StoryActor.objects.create(slug=f"more-{n}--one", story=ito_film, name="One", kind="company")
        StoryFigure.objects.create(slug=f"more-{n}--one", story=ito_film, label="One", as_printed="1")
        passage = SectorPassage.objects.create(slug=f"more-{n}", kind="market", text="x", **source)
        passage.sectors.set([sector])
        NaceDivision.objects.create(slug=f"more-{n}", code=str(n), name="x").sectors.set([sector])
        cluster = NamedCluster.objects.create(
            slug=f"more-{n}", name=f"More {n}", province=complex.province, **source
        )
        cluster.sectors.set([sector])
        table = PrintedTable.objects.create(
            slug=f"more-{n}", title="More", topic="stories", story=ito_film, chart="bars", **source
        )
        table.sectors.set([sector])
        row = TableRow.objects.create(table=table, slug=f"more-{n}--row", label="r", complex=complex)
        column = TableColumn.objects.create(
            table=table, slug=f"more-{n}--column", label="c", pan_region=chungcheong
        )
        TableValue.objects.create(
            slug=f"more-{n}--cell", row=row, column=column, as_printed="1", value=1, note="x"
        )
    after = queries_of(client)
    # The first table about a complex asks for lines and cells; none of the others asks for more.
    assert {address: n - before[address] for address, n in after.items()} == dict.fromkeys(PAGES, 0) | {
        "/stories/ito-film/": 4
    }


def test_every_zone_and_pan_region_shows_no_story_but_its_own(client):
    for model, parameter in ((Zone, "zone"), (PanRegion, "pan_region")):
        for region in model.objects.all():
            own = client.get("/stories.json", {parameter: region.slug}).json()["results"]
            page = client.get(region.get_absolute_url()).content.decode()
            shown = set(re.findall(r'href="/stories/([-\w]+)/"', page))
            assert shown == {story["slug"] for story in own}, region


def test_a_file_holds_the_key_figures_of_each_story(client):
    found = {story["slug"]: story["key_figures"] for story in client.get("/stories.json").json()["results"]}
    for story in SuccessStory.objects.prefetch_related("figures"):
        assert found[story.slug] == "; ".join(map(str, story.figures.all()))
    assert "Staff after: 92 employees" in found["lifesaver-defibrillator"]
