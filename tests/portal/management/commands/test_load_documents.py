"""Loading the fixtures: safe to repeat, in one transaction, and never over an editor's head."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from clusters.models import MiniCluster
from complexes.models import Designation, IndustrialComplex
from portal.management.commands import load_documents
from support_programs.models import SupportProgram

pytestmark = pytest.mark.django_db


def load(**options):
    out = StringIO()
    call_command("load_documents", stdout=out, **options)
    return out.getvalue()


@pytest.fixture(scope="module")
def records():
    """The number of records in all fixtures."""
    return sum(path.read_text().count("model: ") for path in load_documents.fixture_paths())


def test_loading_again_changes_nothing(records):
    assert load() == f"Fixtures: 0 new, 0 changed, {records} unchanged, 0 kept as an editor left them.\n"


def test_every_fixture_is_loaded():
    loaded = [path.name for path in load_documents.fixture_paths()]
    assert sorted(loaded) == sorted(path.name for path in Path("fixtures").glob("*.yaml"))


def test_a_load_into_a_filled_database_can_be_left_out():
    assert load(if_empty=True) == ""


def test_what_an_editor_changed_stays_until_told_otherwise(records):
    gumi = IndustrialComplex.objects.get(slug="gumi")
    gumi.name = "Gumi, corrected"
    gumi.save()
    assert f"{records - 1} unchanged, 1 kept" in load()
    assert IndustrialComplex.objects.get(slug="gumi").name == "Gumi, corrected"
    assert "1 changed" in load(overwrite=True)
    assert IndustrialComplex.objects.get(slug="gumi").name == "Gumi"


def test_what_was_always_empty_in_an_editors_record_is_filled():
    """As after an upgrade that brings a column: the record was edited before there was one."""
    line = SupportProgram.objects.get(slug="prototype-production")
    SupportProgram.objects.filter(pk=line.pk).update(purpose="")
    line.history.update(purpose="")
    line = SupportProgram.objects.get(pk=line.pk)
    line.cap_krw = 1
    line.save()
    assert "1 changed" in load() and "0 changed" in load()
    line.refresh_from_db()
    assert (line.purpose, line.cap_krw) == ("prototype", 1)
    assert line.history.first().history_change_reason == load_documents.LOADED


def test_what_an_editor_emptied_stays_empty():
    line = SupportProgram.objects.get(slug="prototype-production")
    line.purpose = ""
    line.save()
    assert "0 changed" in load() and "1 kept" in load()
    line.refresh_from_db()
    assert line.purpose == ""


def test_what_an_editor_deleted_does_not_come_back(records):
    MiniCluster.objects.get(slug="2016-gumi-mobile").delete()
    Designation.objects.get(complex__slug="gumi", role__slug="pilot-2005").delete()
    # The mini cluster, what it continued, and the designation.
    assert f"{records - 3} unchanged, 3 kept" in load()
    assert not MiniCluster.objects.filter(slug="2016-gumi-mobile").exists()


def test_a_record_that_an_editor_renamed_is_not_loaded_a_second_time():
    gumi = IndustrialComplex.objects.get(slug="gumi")
    gumi.slug = "gumi-national"
    gumi.save()
    assert "0 new" in load()
    assert not IndustrialComplex.objects.filter(slug="gumi").exists()


def test_what_belongs_to_a_deleted_record_stays_away():
    complex = IndustrialComplex.objects.get(slug="seokmun")
    complex.delete()
    load()
    assert not IndustrialComplex.objects.filter(slug="seokmun").exists()
    assert not Designation.objects.filter(as_printed="Seokmun").exists()


def test_an_editors_change_of_sectors_stays_too():
    cluster = MiniCluster.objects.get(slug="2016-gumi-mobile")
    cluster.sectors.clear()
    assert "1 kept" in load()
    assert not cluster.sectors.exists()


def test_a_corrected_fixture_reaches_what_no_editor_touched():
    # As if the fixture had said something else when it was loaded: no history is written.
    IndustrialComplex.objects.filter(slug="gumi").update(name="Kumi")
    assert "1 changed" in load()
    gumi = IndustrialComplex.objects.get(slug="gumi")
    assert gumi.name == "Gumi"
    assert gumi.history.first().history_change_reason == load_documents.LOADED


def test_a_record_that_stands_twice_is_refused(tmp_path, settings):
    for name in ("zones.yaml", "tables_new.yaml"):
        (tmp_path / name).write_text(
            "- model: complexes.zone\n"
            "  fields: {slug: moon, name: Moon, document: [report-2010], locator: none}\n"
        )
    settings.FIXTURE_DIRS = [tmp_path]
    with pytest.raises(CommandError, match=r"tables_new\.yaml: Moon stands in the fixtures twice"):
        load()


def test_every_record_starts_with_its_history():
    gumi = IndustrialComplex.objects.get(slug="gumi")
    (first,) = gumi.history.all()
    assert (first.history_type, first.history_change_reason) == ("+", load_documents.LOADED)
    assert first.hub_id == gumi.hub_id
    assert {entry.sector_id for entry in first.sectors.all()} == {sector.pk for sector in gumi.sectors.all()}


def test_a_broken_fixture_loads_nothing(tmp_path, settings):
    (tmp_path / "documents.yaml").write_text(
        "- model: portal.document\n  fields: {slug: new, title: New, authors: A, publisher: P, "
        "published: May 2020, year: 2020}\n"
    )
    (tmp_path / "zones.yaml").write_text(
        "- model: complexes.zone\n  fields: {slug: x, name: X, document: [none]}\n"
    )
    settings.FIXTURE_DIRS = [tmp_path]
    with pytest.raises(CommandError, match=r"zones\.yaml"):
        load()
    from portal.models import Document

    assert not Document.objects.filter(slug="new").exists()
