"""Success stories, sectors and other clusters: all there, alike on page and in file, and linked both ways."""

import csv
import html
import io
import re

import pytest
from django.db import connection
from django.db.models import Count
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from clusters.filters import NamedClusterFilterSet, SuccessStoryFilterSet
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
from portal.base.exports import neutralise
from portal.models import Document
from support_programs.models import PrintedTable, TableColumn, TableRow, TableValue
from support_programs.tables.statistics import statistics_of

pytestmark = pytest.mark.django_db


def text_of(client, address):
    """Return a page as text, with its entities read."""
    response = client.get(address)
    assert response.status_code == 200, address
    return html.unescape(response.content.decode())


def counted(model, field):
    return dict(model.objects.order_by().values_list(field).annotate(n=Count("pk")))


@pytest.mark.parametrize(
    ("model", "field", "counts"),
    [
        (
            SuccessStory,
            "theme",
            {"networks": 3, "pan-regional": 2, "global": 3, "collaboration": 5, "responsibility": 2},
        ),
        (
            StoryActor,
            "kind",
            {"company": 37, "agency": 19, "university": 8, "group": 6, "government": 3, "institute": 3},
        ),
        (StoryFigure, "expected", {False: 60, True: 13}),
        (SectorPassage, "kind", {"market": 48, "cooperation": 19, "policy": 24}),
        (SectorPassage, "document__slug", {"briefing-2016": 54, "report-2010": 37}),
        (NamedCluster, "document__slug", {"briefing-2016": 26, "report-2010": 10}),
    ],
)
def test_records_of_each_kind(model, field, counts):
    assert counted(model, field) == counts


def test_the_nace_divisions_have_their_names_and_a_sector():
    divisions = dict(NaceDivision.objects.values_list("code", "name"))
    assert len(divisions) == 24
    assert divisions["26"] == "Manufacture of computer, electronic and optical products"
    assert divisions["E"] == "Water supply; sewerage, waste management and remediation activities"
    assert not NaceDivision.objects.filter(sectors=None).exists()
    assert not Sector.objects.filter(nace_divisions=None).exists()


def test_every_story_names_who_took_part_a_complex_and_a_sector():
    for related in ("actors", "complexes", "sectors"):
        assert not SuccessStory.objects.filter(**{related: None}).exists(), related


def test_every_story_lies_where_one_of_its_complexes_does():
    for story in SuccessStory.objects.select_related("hub__seat"):
        complexes = story.complexes.all()
        assert story.hub.seat in complexes or complexes.filter(hub=story.hub).exists(), story


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
    text = client.get(f"/{stem}.csv?{query}").content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert rows == [
        {name: str(neutralise(value)) for name, value in record.items()} for record in answer["results"]
    ]


@pytest.mark.parametrize("stem", FILTERSETS)
def test_every_choice_of_a_filter_leads_to_as_many_records_as_it_counts(client, stem):
    model = FILTERSETS[stem]._meta.model
    for name in ("sector", "zone", "pan_region"):
        asked = FILTERSETS[stem](QueryDict(""), queryset=model.objects.listed())
        for choice in asked.facet(name).choices:
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


@pytest.mark.parametrize(
    ("as_printed", "unit", "left_out"),
    [
        ("17", "SIGs", "SIGs"),
        ("9.34 million", "million dollars", "dollars"),
        ("3,2", "million dollars", "million dollars"),
        ("more than an 87 million dollar increase", "million dollars", ""),
        ("60%", "%", ""),
        ("280kW", "kW", ""),
        ("one third of costs cut", "", ""),
    ],
)
def test_a_figure_says_its_unit_once(as_printed, unit, left_out):
    assert StoryFigure(as_printed=as_printed, unit=unit).unit_left_out == left_out


def test_every_sector_has_a_page_with_its_records(client):
    for sector in Sector.objects.all():
        page = text_of(client, sector.get_absolute_url())
        records = [
            *sector.stories.all(),
            *sector.named_clusters.all(),
            *sector.tables.figures(),
            *IndustrialComplex.objects.filter(sectors=sector)[:60],
        ]
        missing = [record for record in records if f'href="{record.get_absolute_url()}"' not in page]
        assert missing == []
        texts = [passage.text.split("\n")[0] for passage in sector.passages.all()]
        assert [text for text in texts if text not in page] == []
        for division in sector.nace_divisions.all():
            assert f"<b>{division.code}</b> {division.name}" in page
        # Market and cooperation come first, and who is there comes next.
        parts = re.findall('<section id="([-a-z]+)"', page)
        order = ["market", "cooperation", "mini-clusters", "complexes", "stories", "other-clusters"]
        assert parts == [part for part in [*order, "figures", "policy"] if part in parts]
        assert {"mini-clusters", "complexes"} <= {*parts}


def test_the_list_of_sectors_leads_to_as_many_records_as_it_counts(client):
    page = client.get("/sectors/").content.decode()
    for _stem, n in re.findall(r'<a href="(/[-\w]+)/\?sector=[-\w]+">(\d+) ', page):
        assert int(n) > 0
    for sector in Sector.objects.all():
        for stem in ("clusters", "complexes", "stories", "other-clusters"):
            count = client.get(f"/{stem}.json?sector={sector.slug}").json()["count"]
            link = f'<a href="/{stem}/?sector={sector.slug}">{count} '
            assert (link in page) == bool(count), link


def test_a_story_is_linked_from_its_sectors_complexes_regions_and_hub(client):
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
            link = f'href="{story.get_absolute_url()}"'
            assert link in text_of(client, record.get_absolute_url()), (story, record)


def test_a_complex_and_a_region_show_the_lines_that_are_about_them(client):
    gumi = IndustrialComplex.objects.get(slug="gumi")
    honam = PanRegion.objects.get(slug="honam")
    for subject, address in (
        ({"complex": gumi}, "/complexes/gumi/"),
        ({"complex": gumi}, "/clusters/2016-gumi-mobile/"),
        ({"pan_region": honam}, "/regions/pan-regions/honam/"),
    ):
        page = text_of(client, address)
        found = statistics_of(**subject)
        assert found
        for table, line, readings in found:
            assert f'<a href="{table.get_absolute_url()}">{table.title}</a>' in page
            assert f"<caption>{line}</caption>" in page and table.locator in page
            for reading in readings:
                assert f'<th scope="row">{reading.name}</th>' in page
                assert (reading.printed or reading.number) in page
    assert "<h2>Statistics" not in text_of(client, "/complexes/seongnam/")


def test_a_reading_says_number_unit_and_print_once():
    (readings,) = (
        readings
        for table, _line, readings in statistics_of(complex=IndustrialComplex.objects.get(slug="gumi"))
        if table.slug == "specialised-business-share"
    )
    said = {reading.name.rpartition(": ")[2]: reading[1:4] for reading in readings}
    assert said["Specialized sectors"] == (None, "", "Electronics")
    assert said["2009"] == ("66.6", "%", None)


def test_a_printed_address_is_text_and_never_a_link(client):
    pages = [text_of(client, sector.get_absolute_url()) for sector in Sector.objects.all()]
    for cluster in NamedCluster.objects.exclude(url=""):
        page = text_of(client, cluster.get_absolute_url())
        assert f"<code>{cluster.url}</code>" in page
        for text in [page, *pages]:
            assert f'href="{cluster.url}"' not in text and f'src="{cluster.url}"' not in text


def test_a_named_cluster_shows_its_place_and_leads_to_its_regions(client):
    for cluster in NamedCluster.objects.detailed():
        page = text_of(client, cluster.get_absolute_url())
        for part in (cluster.name, cluster.place, cluster.municipality, cluster.locator, cluster.note):
            assert part in page
        for record in (cluster.province.zone, cluster.province.pan_region, *cluster.sectors.all()):
            assert f'href="{record.get_absolute_url()}"' in page


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


def test_no_number_of_queries_grows_with_the_rows(client):
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
