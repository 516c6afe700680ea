"""Files that an editor brings in and out: previewed, refused with a reason, all rows or none."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clusters.models import MiniCluster, NamedCluster, StoryActor, SuccessStory
from complexes.models import Designation, Hub, IndustrialComplex
from support_programs.models import (
    ClusterProgramme,
    Discrepancy,
    Organisation,
    ProgrammeEvent,
    ProgrammePassage,
    SupportProgram,
    TableRelation,
    TableRow,
    TableValue,
)
from tests.editing import MODELS, confirm, export, upload, words
from tests.reading import read_csv
from tests.tables import TABLE

pytestmark = pytest.mark.django_db


each_model = pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)


# Files


def test_an_imported_correction_is_previewed_made_and_exported_again(editing, complex):
    rows = read_csv(export(editing, IndustrialComplex, q="gumi"))
    row = next(row for row in rows if row["slug"] == "gumi")
    row |= {"name": "Gumi National", "sectors": "electronics; automotive"}

    preview = upload(editing, IndustrialComplex, rows)
    assert "Changed: 1. Unchanged, and not shown: 2." in words(preview)
    assert "Gumi<ins> National</ins>" in preview.content.decode()
    assert " style=" not in preview.content.decode()
    complex.refresh_from_db()
    assert complex.name == "Gumi"

    assert "1 updated" in words(confirm(editing, IndustrialComplex, preview))
    complex.refresh_from_db()
    assert complex.name == "Gumi National"
    assert {sector.slug for sector in complex.sectors.all()} == {"electronics", "automotive"}
    newest, _loaded = complex.history.all()
    assert (newest.history_change_reason, newest.history_user.username) == (
        "Imported from records.csv",
        "editor",
    )
    again = read_csv(export(editing, IndustrialComplex, q="gumi"))
    assert "Gumi National" in [row["name"] for row in again]


# In a workbook numbers are no text: models with decimals, years, amounts, and yes or no.
WORKBOOKS = [IndustrialComplex, ProgrammeEvent, SupportProgram, TableRelation]


@pytest.mark.parametrize(
    ("model", "kind"), [(model, "csv") for model in MODELS] + [(model, "xlsx") for model in WORKBOOKS]
)
def test_what_was_exported_comes_back_unchanged(editing, model, kind, django_assert_max_num_queries):
    """And what is exported asks no query a record."""
    with django_assert_max_num_queries(29):
        file = export(editing, model, kind).content
    preview = upload(editing, model, file, kind)
    assert f"Unchanged, and not shown: {model.objects.count()}." in words(preview)
    assert preview.context["result"].totals["update"] == 0


def test_a_file_fetches_records_and_what_they_name_at_once(editing):
    file = export(editing, MiniCluster).content
    with CaptureQueriesContext(connection) as queries:
        upload(editing, MiniCluster, file)
    selected = [query["sql"] for query in queries if query["sql"].startswith("SELECT")]
    # The library compares each row with a copy of its record, which forgets what its two relations hold.
    assert len(selected) < 2 * MiniCluster.objects.count() + 25


def test_a_csv_file_is_safe_and_legible_in_excel(editing):
    response = export(editing, MiniCluster)
    text = response.content.decode()
    assert text.startswith("\ufeff")
    assert ",'+82-70-" in text
    assert ",+82" not in text


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            {"latitude": "35.68", "longitude": "139.7"},
            "Row 2, gumi, longitude: Outside South Korea: expected 124.5 to 132.0 degrees.",
        ),
        (
            {"latitude": "128.3808", "longitude": "36.1018"},
            "Row 2, gumi, latitude: Latitude and longitude look swapped.",
        ),
        ({"province": "tokyo"}, "Row 2, gumi, province: There is no province with the slug “tokyo”."),
        ({"sectors": "electronics; gold"}, "Row 2: There is no sector with the slug “gold”."),
        ({"kind": "secret"}, "Row 2, gumi, kind: Select a valid choice."),
        ({"members": "1.5"}, "Row 2, gumi, members: Enter a whole number."),
    ],
)
def test_a_wrong_row_is_refused_by_its_number(editing, change, said):
    rows = {row["slug"]: row for row in read_csv(export(editing, IndustrialComplex, q="gumi"))}
    refused = upload(editing, IndustrialComplex, [rows["gumi-agro-industrial"], rows["gumi"] | change])
    assert said in words(refused)
    assert "confirm_form" not in refused.context


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (b"slug,naem\ngumi,Gumi\n", "There is no such column: naem."),
        (b"name\nGumi\n", "The file lacks the column: slug."),
        ("slug,name_ko\ngumi,구미\n".encode("cp949"), "The file is not in UTF-8."),
        (b"", "The submitted file is empty."),
    ],
)
def test_a_wrong_file_is_refused(editing, file, said):
    assert said in words(upload(editing, IndustrialComplex, file))


def test_a_rate_over_100_is_refused_in_a_file_too(editing):
    row = read_csv(export(editing, SupportProgram))[0] | {"rate_sme": "101"}
    assert "Ensure this value is less than or equal to 100." in words(upload(editing, SupportProgram, [row]))


def test_a_designation_is_named_by_complex_and_role(editing, complex):
    row = {"complex": "gumi", "role": "listed-2016", "industry": "Robots"}
    confirm(editing, Designation, upload(editing, Designation, [row]))
    assert complex.designations.get(role__slug="listed-2016").industry == "Robots"


def test_a_file_that_was_imported_is_not_imported_twice(editing):
    preview = upload(editing, IndustrialComplex, [{"slug": "gumi", "name": "Gumi National"}])
    confirm(editing, IndustrialComplex, preview)
    assert "has been imported already" in words(confirm(editing, IndustrialComplex, preview))


# Files


@pytest.mark.parametrize(
    ("model", "change", "said"),
    [
        (TableRelation, {"operands": "gone"}, "The table has no such line: gone"),
        (TableRelation, {"table": "gone"}, "There is no printed table with the slug “gone”."),
        (TableValue, {"value": "ten"}, "Enter a number."),
        (TableValue, {"column": "gone"}, "There is no column with the slug “gone”."),
        (TableRow, {"complex": "gone"}, "There is no industrial complex with the slug “gone”."),
        (TableRow, {"table": ""}, "This field cannot be null."),
        (ProgrammeEvent, {"month": "2", "day": "31"}, "has no such day."),
        (ProgrammeEvent, {"year": ""}, "year"),
        (ProgrammeEvent, {"dated_otherwise": "gone"}, "There is no event with the slug “gone”."),
        (SuccessStory, {"sectors": "gold"}, "There is no sector with the slug “gold”."),
        (SuccessStory, {"hub": "gone"}, "There is no hub with the slug “gone”."),
        (StoryActor, {"kind": "king"}, "Select a valid choice."),
        (Organisation, {"url": "javascript:alert(1)"}, "Enter a valid URL."),
        (Discrepancy, {"other_document": "gone"}, "There is no document with the slug “gone”."),
        (NamedCluster, {"latitude": "51.5", "longitude": "0"}, "Outside South Korea"),
        (ClusterProgramme, {"budget_usd_million": "much"}, "Enter a number."),
        (ProgrammePassage, {"part": "gone"}, "Select a valid choice."),
    ],
)
def test_a_wrong_row_is_refused_with_its_reason(editing, model, change, said):
    row = read_csv(export(editing, model))[0] | change
    refused = upload(editing, model, [row])
    assert said in words(refused)
    assert "confirm_form" not in refused.context


def test_values_are_brought_in_from_a_file(editing, client):
    cell = TableValue.objects.filter(row__table__slug=TABLE).exclude(value=None).first()
    rows = [{"slug": cell.slug, "as_printed": "=12", "value": "12"}]
    assert "1 updated" in words(confirm(editing, TableValue, upload(editing, TableValue, rows)))
    told = client.get(f"/statistics/{TABLE}.json").json()["results"]
    assert ("=12", 12) in [(found["as_printed"], found["value"]) for found in told]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("slug,name\nseoul,Seoul\nseoul,Soul\n", "The file has this record twice: seoul."),
        ("slug,name,name\nseoul,Seoul,Soul\n", "The file has this column twice: name."),
    ],
)
def test_what_stands_twice_in_a_file_is_refused(editing, rows, said):
    assert said in words(upload(editing, Hub, rows.encode(), "csv"))
    assert Hub.objects.get(slug="seoul").name == "Seoul"


def test_a_file_is_held_to_the_relations_that_the_form_asks_for(editing):
    response = upload(editing, MiniCluster, b"slug,sectors\n2016-gumi-mobile,\n", "csv")
    assert "Row 1: This field is required." in words(response)
