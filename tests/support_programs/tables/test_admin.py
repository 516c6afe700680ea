"""The admin of the programme's story and of the printed tables, and what the public then reads."""

from decimal import Decimal

import pytest
from django.contrib import admin
from django.core.exceptions import ValidationError

from clusters.models import MiniCluster, NamedCluster, StoryActor, StoryFigure, SuccessStory
from complexes.models import Designation, Hub, IndustrialComplex
from portal.apps import EDITED_APPS
from portal.models import Document
from support_programs.models import (
    ClusterProgramme,
    Discrepancy,
    Organisation,
    PrintedTable,
    ProgrammeEvent,
    ProgrammePassage,
    SupportProgram,
    TableColumn,
    TableRelation,
    TableRow,
    TableValue,
)
from support_programs.tables.charts import chart_of
from support_programs.tables.grid import grids

from .editing import address, confirm, errors, export, form_values, read_rows, save, upload, words

pytestmark = pytest.mark.django_db

MODELS = [model for model in admin.site._registry if model._meta.app_label in EDITED_APPS]
each_model = pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
TABLE = "cluster-programme-budgets-2007"
SHARE = {"operands": ["Name one line."], "whole": ["A share needs the line of its whole."]}
TWO_LINES = "Name two lines, separated by a space."
# Every page and file on which records of these kinds stand.
PAGES = (
    "/",
    "/about/",
    "/about/discrepancies/",
    "/about/discrepancies.csv",
    "/programme/",
    "/programme/process/",
    "/programme/cooperation/",
    "/programme/location-policy/",
    "/programme/timeline/",
    "/programme/timeline.json",
    "/programme/cluster-programmes/",
    "/organisations/",
    "/organisations.csv",
    "/statistics/",
    "/statistics.json",
    "/stories/",
    "/stories.geojson",
    "/other-clusters/",
    "/sectors/",
    "/sectors/automotive/",
    "/support/?companies=2&cost=30+million",
    "/complexes/gumi/",
    "/regions/pan-regions/daekyung/",
)


def read_all(client, *more):
    """Ask for every page, as a visitor; each must answer."""
    for page in (*PAGES, *more):
        assert client.get(page).status_code == 200, page


@pytest.fixture
def table():
    return PrintedTable.objects.get(slug=TABLE)


def inlines(response):
    """Return what the rows of a form say: [(prefix, {field: messages})]."""
    return [
        (form.prefix, dict(form.errors))
        for inline in response.context["inline_admin_formsets"]
        for form in inline.formset.forms
        if form.errors
    ]


# Adding and deleting


@each_model
def test_a_record_is_added_changed_and_deleted(editing, model):
    record = model.objects.last()
    shown = editing.get(address(model, "change", record.pk)).context["adminform"].form
    given = {field.html_name: field.value() for field in shown}
    given = {name: value for name, value in given.items() if value is not None and value is not False}
    # What no two records may share.
    given |= {"slug": f"{given.get('slug')}-n", "number": 999}
    if model is Designation:
        listed = IndustrialComplex.objects.filter(designations__role="pilot-2005")
        given |= {"role": "pilot-2005", "complex": IndustrialComplex.objects.exclude(pk__in=listed)[0].pk}
    if model is TableValue:
        record.delete()
    before = model.objects.count()

    response = editing.post(address(model, "add"), form_values(editing.get(address(model, "add"))) | given)

    assert response.status_code == 302, errors(response)
    new = model.objects.order_by("pk").last()
    assert save(editing, new, order=7).status_code == 302
    assert editing.post(address(model, "delete", new.pk), {"post": "yes"}).status_code == 302
    assert model.objects.count() == before


@each_model
def test_an_empty_form_is_refused(editing, model):
    page = address(model, "add")
    forms = form_values(editing.get(page))
    forms = {name: value if name.endswith("_FORMS") else "" for name, value in forms.items()}
    # One empty line of each table in the form, and an end without a beginning.
    forms |= {name: 1 for name in forms if name.endswith("-TOTAL_FORMS")}
    forms |= {name.replace("TOTAL_FORMS", "0-slug"): "x" for name in forms if name.endswith("-TOTAL_FORMS")}
    response = editing.post(page, forms | {"end_year": 2005, "end_month": 4, "day": 31})
    assert response.status_code == 200
    assert errors(response)


def test_a_table_is_made_from_nothing(editing, client):
    """Table and lines first, then the values of a row, then what the table implies of itself."""
    page = address(PrintedTable, "add")
    values = form_values(editing.get(page)) | {
        "slug": "firms",
        "title": "Firms",
        "topic": "outcome",
        "chart": "bars",
        "document": Document.objects.get(slug="briefing-2016").pk,
        "locator": "Section 9",
        "columns-TOTAL_FORMS": 1,
        "columns-0-slug": "firms--n",
        "columns-0-label": "Number",
        "columns-0-charted": "on",
        "rows-TOTAL_FORMS": 3,
    }
    for place, key in enumerate(("small", "large", "all")):
        values |= {f"rows-{place}-slug": f"firms--{key}", f"rows-{place}-label": key.title()}
        values |= {f"rows-{place}-order": place, f"rows-{place}-charted": "on"}
    values["columns-0-order"] = 0
    response = editing.post(page, values)
    assert response.status_code == 302, inlines(response)
    read_all(client, "/statistics/firms/", "/statistics/firms.csv", "/statistics/firms.json")

    column = TableColumn.objects.get(slug="firms--n")
    for key, value in (("small", "3"), ("large", "4"), ("all", "8")):
        row = TableRow.objects.get(slug=f"firms--{key}")
        cell = {"slug": f"firms--{key}--n", "column": column.pk, "as_printed": value, "value": value}
        changes = {f"values-0-{name}": given for name, given in cell.items()}
        assert save(editing, row, **changes, **{"values-TOTAL_FORMS": 1}).status_code == 302
    relation = {
        "slug": "firms--sum",
        "axis": "rows",
        "kind": "sum",
        "result": "all",
        "operands": "small large",
    }
    changes = {f"relations-0-{name}": given for name, given in relation.items()}
    table = PrintedTable.objects.get(slug="firms")
    assert save(editing, table, **changes, **{"relations-TOTAL_FORMS": 1}).status_code == 302

    assert "All, Number: printed 8, computed 7" in words(client.get("/statistics/firms/"))
    assert "All = Small + Large" in words(client.get("/about/discrepancies/"))


# What is wrong is said beside its field


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (
            {"month": 2, "day": 31, "year": 2005},
            {"day": ["February 2005 has no such day."]},
        ),
        ({"month": 2, "day": 29, "year": 2006}, {"day": ["February 2006 has no such day."]}),
        ({"month": "", "day": 4}, {"day": ["A day needs its month."]}),
        ({"end_year": 1990}, {"end_year": ["The end lies before the beginning."]}),
        (
            {"year": 2005, "month": 7, "day": "", "end_year": 2005, "end_month": 4},
            {"end_year": ["The end lies before the beginning."]},
        ),
        ({"year": ""}, {"year": ["This field is required."]}),
        ({"year": "", "end_year": 2005}, {"year": ["This field is required."]}),
        ({"month": 13, "day": 1}, {"month": ["Ensure this value is less than or equal to 12."]}),
        ({"year": 0}, {"year": ["Ensure this value is greater than or equal to 1900."]}),
        ({"year": "9" * 30}, None),
    ],
)
def test_an_impossible_date_is_refused(editing, changes, expected):
    event = ProgrammeEvent.objects.get(slug="korean-war")
    dated = {"year": 2005, "month": 7, "day": "", "end_year": "", "end_month": ""}
    response = save(editing, event, **(dated | changes))
    assert response.status_code == 200
    if expected:
        assert errors(response) == expected


def test_a_leap_day_is_a_day(editing, client):
    event = ProgrammeEvent.objects.get(slug="korean-war")
    dated = {"year": 2008, "month": 2, "day": 29, "end_year": "", "end_month": ""}
    assert save(editing, event, **dated).status_code == 302
    assert "29 February 2008" in words(client.get("/programme/timeline/"))


@pytest.mark.parametrize("model", [SuccessStory, ClusterProgramme])
def test_a_period_ends_after_it_begins(editing, model):
    said = errors(save(editing, model.objects.first(), start_year=2010, end_year=2009))
    assert said == {"end_year": ["The end lies before the beginning."]}


@pytest.mark.parametrize("model", [Organisation, NamedCluster])
@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "www.kicox or kr", "x" * 400])
def test_an_address_that_is_none_is_refused(editing, model, url):
    assert "url" in errors(save(editing, model.objects.first(), url=url))


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"result": "gone"}, {"result": ["The table has no such line: gone"]}),
        ({"operands": "gone lost"}, {"operands": ["The table has no such line: gone, lost"]}),
        ({"only": "gone"}, {"only": ["The table has no such line: gone"]}),
        ({"whole": "gone"}, {"whole": ["The table has no such line: gone"]}),
        ({"kind": "difference", "operands": "KEY"}, {"operands": ["Name two lines, separated by a space."]}),
        (
            {"kind": "ratio", "operands": "KEY KEY KEY"},
            {"operands": ["Name two lines, separated by a space."]},
        ),
        ({"kind": "sum", "operands": "KEY"}, {"operands": ["Name two lines or more, separated by spaces."]}),
        ({"kind": "share", "operands": "KEY KEY"}, SHARE),
        ({"kind": "share", "operands": "KEY"}, {"whole": SHARE["whole"]}),
        ({"table": ""}, {"table": ["This field is required."]}),
        ({"result": ""}, {"result": ["This field is required."]}),
    ],
)
def test_a_relation_that_means_nothing_is_refused(editing, changes, expected):
    relation = TableRelation.objects.filter(kind="sum", only="").first()
    key = relation.operands.split()[0]
    changes = {name: value.replace("KEY", key) for name, value in changes.items()}
    assert errors(save(editing, relation, **changes)) == expected


def test_a_relation_within_its_table_is_refused_beside_its_field(editing):
    table = TableRelation.objects.first().table
    response = save(editing, table, **{"relations-0-operands": "gone lost"})
    assert inlines(response) == [("relations-0", {"operands": ["The table has no such line: gone, lost"]})]


def test_a_relation_of_a_table_that_is_not_saved_yet_says_so(editing):
    page = address(PrintedTable, "add")
    table = PrintedTable.objects.first()
    relation = {"slug": "x--r", "axis": "rows", "kind": "sum", "result": "a", "operands": "b c"}
    values = form_values(editing.get(page)) | {
        "slug": "x",
        "title": "X",
        "topic": "outcome",
        "document": table.document_id,
        "locator": "Section 9",
        "relations-TOTAL_FORMS": 1,
    }
    response = editing.post(page, values | {f"relations-0-{name}": given for name, given in relation.items()})
    assert "Save the table with its rows and columns first." in words(response)


def test_a_value_stands_where_lines_of_one_table_cross(editing, table):
    strange = TableColumn.objects.exclude(table=table).first()
    row = table.rows.first()
    response = save(editing, row, **{"values-0-column": strange.pk})
    assert inlines(response) == [("values-0", {"column": ["Row and column belong to two tables."]})]

    page = address(TableRow, "add")
    values = form_values(editing.get(page)) | {"slug": f"{TABLE}--new", "label": "New", "table": table.pk}
    cell = {"slug": f"{TABLE}--new--x", "column": strange.pk, "as_printed": "1"}
    values |= {f"values-0-{name}": given for name, given in cell.items()} | {"values-TOTAL_FORMS": 1}
    assert inlines(editing.post(page, values)) == [
        ("values-0", {"column": ["Row and column belong to two tables."]})
    ]


@pytest.mark.parametrize("slug", ["no-key", f"{TABLE}--", "other--budget", TABLE])
def test_the_slug_of_a_line_is_that_of_its_table_and_a_key(editing, table, slug):
    """So that no two lines of a table can have the same key."""
    for line in (table.rows.first(), table.columns.first()):
        said = errors(save(editing, line, slug=slug))
        assert said == {"slug": [f"Expected a slug that begins with “{TABLE}--”."]}


def test_a_line_with_values_stays_in_its_table(editing, table):
    other = PrintedTable.objects.exclude(pk=table.pk).first()
    for line in (table.rows.first(), table.columns.first()):
        said = errors(save(editing, line, table=other.pk, slug=f"{other.slug}--moved"))
        assert said == {"table": ["The line has values, which cross lines of its own table."]}


@pytest.mark.parametrize(
    "value", ["NaN", "Infinity", "1e30", "1" * 21, "ten", "1.1234567", "99999999999999.999999"]
)
@pytest.mark.parametrize("model", [TableValue, StoryFigure])
def test_a_value_that_no_database_would_keep_is_refused(editing, model, value):
    assert "value" in errors(save(editing, model.objects.first(), value=value))


# What is not there any more


def test_a_table_without_rows_and_a_row_without_values_are_shown(client, table):
    pages = [f"/statistics/{TABLE}{suffix}" for suffix in ("/", ".csv", ".json")]
    first = table.rows.first()
    first.values.all().delete()
    read_all(client, *pages)
    assert first.label in words(client.get(pages[0]))
    table.rows.all().delete()
    read_all(client, *pages)
    table.columns.all().delete()
    read_all(client, *pages)
    assert client.get(pages[2]).json()["count"] == 0


def draw_all(client, chart):
    """Draw every table this way, and reckon all sums; show one table of each topic."""
    PrintedTable.objects.update(chart=chart)
    shown = set()
    for grid in grids(PrintedTable.objects.all()):
        chart_of(grid)
        assert isinstance(grid.findings, list)
        if grid.table.topic not in shown:
            shown.add(grid.table.topic)
            assert client.get(grid.table.get_absolute_url()).status_code == 200


@pytest.mark.parametrize("chart", ["bars", "lines", "shares"])
def test_any_chart_is_drawn_with_holes(client, chart):
    """Every third value is emptied, every seventh is gone."""
    keys = list(TableValue.objects.order_by("pk").values_list("pk", flat=True))
    TableValue.objects.filter(pk__in=keys[::3]).update(value=None)
    TableValue.objects.filter(pk__in=keys[::7]).delete()
    draw_all(client, chart)
    read_all(client)


@pytest.mark.parametrize("chart", ["bars", "lines", "shares"])
@pytest.mark.parametrize("value", ["0", "-5", "0.000001", "99999999999999.9"])
def test_charts_and_sums_bear_any_number(client, chart, value):
    TableValue.objects.exclude(value=None).update(value=Decimal(value))
    draw_all(client, chart)
    assert client.get("/about/discrepancies/").status_code == 200


def test_many_printed_decimals_break_no_sum(client, table):
    TableValue.objects.filter(value=None).delete()
    TableValue.objects.update(value=Decimal("3"), as_printed="3." + "0" * 60)
    read_all(client, f"/statistics/{TABLE}/")


@pytest.mark.parametrize("name", ["result", "operands", "whole", "only"])
def test_a_relation_to_a_line_that_is_gone_implies_nothing(client, name):
    """Of a sum of three, two would be left to add up, and the third to be named."""
    for relation in TableRelation.objects.all():
        setattr(relation, name, " ".join(["gone", *getattr(relation, name).split()[1:]]))
        relation.save_without_historical_record()
    results = client.get("/about/discrepancies.json").json()["results"]
    assert results and not [found for found in results if found["kind"] == "rounding"]
    assert client.get("/about/discrepancies/").status_code == 200


def test_a_line_that_a_relation_names_may_be_deleted(editing, client):
    relation = next(
        found for found in TableRelation.objects.filter(kind="sum") if len(found.operands.split()) > 2
    )
    lines = relation.table.rows if relation.axis == "rows" else relation.table.columns
    line = lines.get(slug__endswith=f"--{relation.operands.split()[0]}")
    assert editing.post(address(type(line), "delete", line.pk), {"post": "yes"}).status_code == 302
    read_all(client, relation.table.get_absolute_url())
    assert relation.table.title not in [
        row["title"].partition(":")[0] for row in client.get("/about/discrepancies.json").json()["results"]
    ]


@pytest.mark.parametrize(
    ("model", "slug"), [(Document, "report-2010"), (Hub, "gumi")], ids=["document", "hub"]
)
def test_what_others_stand_on_is_not_deleted(editing, model, slug):
    record = model.objects.get(slug=slug)
    response = editing.post(address(model, "delete", record.pk), {"post": "yes"})
    assert response.status_code == 200 and "protected" in words(response)
    assert model.objects.filter(slug=slug).exists()


def test_what_others_only_mention_is_deleted_and_they_stay(editing, client):
    told = ProgrammeEvent.objects.exclude(dated_otherwise=None).first()
    story = PrintedTable.objects.exclude(story=None).first().story
    table = story.tables.first()
    actors = StoryActor.objects.filter(story=story).count()
    assert actors
    for record in (told.dated_otherwise, story):
        assert editing.post(address(type(record), "delete", record.pk), {"post": "yes"}).status_code == 302
    read_all(client, table.get_absolute_url())
    told.refresh_from_db()
    table.refresh_from_db()
    assert (told.dated_otherwise, table.story) == (None, None)
    assert not StoryActor.objects.filter(story_id=story.pk).exists()


def test_every_page_answers_when_all_of_it_is_deleted(client):
    TableValue.objects.all().delete()
    for model in (
        PrintedTable,
        SuccessStory,
        NamedCluster,
        ProgrammeEvent,
        ProgrammePassage,
        ClusterProgramme,
        Organisation,
        Discrepancy,
        SupportProgram,
    ):
        model.objects.all().delete()
    read_all(client)


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
    row = read_rows(export(editing, model))[0] | change
    refused = upload(editing, model, [row])
    assert said in words(refused)
    assert "confirm_form" not in refused.context


def test_values_are_brought_in_from_a_file(editing, client, table):
    cell = TableValue.objects.filter(row__table=table).exclude(value=None).first()
    rows = [{"slug": cell.slug, "as_printed": "=12", "value": "12"}]
    assert "1 updated" in words(confirm(editing, TableValue, upload(editing, TableValue, rows)))
    told = client.get(f"/statistics/{TABLE}.json").json()["results"]
    assert ("=12", 12) in [(found["as_printed"], found["value"]) for found in told]


def test_the_past_of_what_went_with_another_record_can_be_opened(editing):
    """Its table, row or complex is gone: the form says so, and nothing ends in an error."""
    value = TableValue.objects.get(slug="budget-2005-2010--budget--2005")
    row, relation = value.row, TableRelation.objects.filter(table__slug="goal-achievement-2008").first()
    designation = Designation.objects.filter(complex__slug="seokmun").first()
    gone = [(TableValue, value), (TableRow, row), (TableRelation, relation), (Designation, designation)]
    PrintedTable.objects.filter(slug__in=["budget-2005-2010", "goal-achievement-2008"]).delete()
    IndustrialComplex.objects.get(slug="seokmun").delete()
    for model, record in gone:
        assert editing.get(address(model, "history", record.pk)).status_code == 200
        past = model.history.filter(id=record.pk).last()
        page = address(model, "simple_history", record.pk, past.pk)
        response = editing.get(page)
        assert response.status_code == 200
        assert editing.post(page, form_values(response)).status_code == 200  # refused, not broken


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


def test_a_table_is_not_named_like_its_lines(editing):
    table = PrintedTable.objects.first()
    table.slug = "two--parts"
    with pytest.raises(ValidationError, match="Two hyphens"):
        table.full_clean()
