"""The admin, as an editor uses it: pages, editing, deleting, and the history of a record."""

import io

import pytest
from django.contrib import admin
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clusters.models import (
    Continuation,
    Edition,
    Family,
    MiniCluster,
    NamedCluster,
    Sector,
    StoryActor,
    SuccessStory,
)
from complexes.models import Designation, Hub, IndustrialComplex, Role
from portal.models import Document
from support_programs.models import (
    ClusterProgramme,
    Discrepancy,
    Organisation,
    PrintedTable,
    ProgrammeEvent,
    ProgrammePassage,
    SupportProgram,
    TableRelation,
    TableRow,
    TableValue,
)
from tests.editing import (
    MODELS,
    address,
    errors,
    form_values,
    read_all,
    save,
    words,
)

pytestmark = pytest.mark.django_db


each_model = pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)


# More would mean a query for each row, or for each relation of each row.
MAX_QUERIES = 16


# Pages


@each_model
def test_every_page_opens_in_few_queries(editing, model, django_assert_max_num_queries):
    record = model.objects.last()
    entry = record.history.first()
    pages = {
        "list": address(model, "changelist"),
        "search": address(model, "changelist") + "?q=gumi",
        "add": address(model, "add"),
        "change": address(model, "change", record.pk),
        "history": address(model, "history", record.pk),
        "past version": address(model, "simple_history", record.pk, entry.pk),
        "import": address(model, "import"),
        "export": address(model, "export"),
    }
    for name, page in pages.items():
        with django_assert_max_num_queries(MAX_QUERIES, info=name):
            response = editing.get(page)
        assert response.status_code == 200, name


def count_queries(client, page):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(page).status_code == 200
    return len(queries)


@each_model
def test_a_longer_list_asks_no_more_queries(editing, model, monkeypatch):
    page = address(model, "changelist")
    whole = count_queries(editing, page)
    monkeypatch.setattr(admin.site._registry[model], "list_per_page", 2)
    assert whole == count_queries(editing, page)


def test_more_designations_and_sectors_ask_no_more_queries(editing):
    def queries(complex):
        return count_queries(editing, address(IndustrialComplex, "change", complex.pk))

    complexes = IndustrialComplex.objects.exclude(hub=None).exclude(sectors=None)
    counted = sorted(complexes, key=lambda complex: complex.designations.count())
    assert counted[0].designations.count() < counted[-1].designations.count()
    queries(counted[0])  # what is asked once and remembered
    assert queries(counted[0]) == queries(counted[-1])


@each_model
def test_every_relation_is_completed_as_one_types(editing, model):
    model_admin = admin.site._registry[model]
    for name in model_admin.get_autocomplete_fields(None):
        related = model._meta.get_field(name).related_model
        known = related.objects.first()
        response = editing.get(
            reverse("admin:autocomplete"),
            {
                "term": str(known),
                "app_label": model._meta.app_label,
                "model_name": model._meta.model_name,
                "field_name": name,
            },
        )
        assert str(known.pk) in [found["id"] for found in response.json()["results"]], name


@each_model
def test_the_form_has_every_field_once(rf, editor, model):
    request = rf.get("/")
    request.user = editor
    fieldsets = admin.site._registry[model].get_fieldsets(request)
    names = admin.utils.flatten_fieldsets(fieldsets)
    editable = {
        field.name for field in (*model._meta.fields, *model._meta.many_to_many) if field.editable
    } - {"id"}
    assert sorted(names) == sorted(editable)


@pytest.mark.parametrize(
    ("model", "query", "found"),
    [
        (IndustrialComplex, "구미국가산업단지", "Gumi"),
        (IndustrialComplex, "Cehonan", "Cheonan agro-industrial complexes (3)"),
        (MiniCluster, "8895-7720", "+82-70-8895-7720"),
        (SupportProgram, "prototype", "rototype"),
        (Designation, "Gumi", "listed 2016"),
    ],
)
def test_search_finds_names_hangul_and_printed_spellings(editing, model, query, found):
    response = editing.get(address(model, "changelist"), {"q": query})
    assert 0 < response.context["cl"].result_count < model.objects.count()
    assert found in words(response)


# Editing and history


def test_an_editor_corrects_a_record_and_the_history_says_what_changed(editing, complex):
    old, new = complex.sectors.get(), Sector.objects.get(slug="automotive")
    response = save(editing, complex, name="Gumi National", sectors=[old.pk, new.pk])
    assert response.status_code == 302

    history = editing.get(address(IndustrialComplex, "history", complex.pk))
    newest, first = history.context["page_obj"]
    changes = {change["field"]: (change["old"], change["new"]) for change in newest.history_delta_changes}
    assert changes == {
        "Name": ("Gumi", "Gumi National"),
        "Sectors": (f"[{old}]", f"[{new}, {old}]"),
    }
    assert newest.history_user.username == "editor"
    assert first.history_change_reason == "Loaded from the documents"
    assert "Name: Gumi → Gumi National" in words(history)


def test_loading_the_documents_again_keeps_the_correction(editing, complex):
    save(editing, complex, name="Gumi National")
    call_command("load_documents", verbosity=0, stdout=io.StringIO())
    complex.refresh_from_db()
    assert complex.name == "Gumi National"


def test_saving_without_a_change_is_no_change(editing, complex):
    assert save(editing, complex).status_code == 302
    assert complex.history.count() == 1


def test_an_old_version_is_put_back_with_its_sectors(editing, complex):
    old = complex.sectors.get()
    save(editing, complex, name="Wrong", sectors=[Sector.objects.get(slug="automotive").pk])
    page = address(IndustrialComplex, "simple_history", complex.pk, complex.history.last().pk)

    editing.post(page, form_values(editing.get(page)))

    complex.refresh_from_db()
    assert (complex.name, complex.sectors.get()) == ("Gumi", old)
    assert complex.history.count() == 3


def test_a_new_record_has_one_entry_that_holds_its_relations(editing):
    model = Sector.objects.last()
    cluster = MiniCluster.objects.first()
    values = form_values(editing.get(address(MiniCluster, "change", cluster.pk)))
    response = editing.post(
        address(MiniCluster, "add"), values | {"slug": "brand-new", "number": 999, "sectors": [model.pk]}
    )
    assert response.status_code == 302
    entry = MiniCluster.objects.get(slug="brand-new").history.get()
    assert entry.history_type == "+"
    assert [row.sector for row in entry.sectors.all()] == [model]


def test_designations_are_edited_within_the_complex(editing, complex):
    page = address(IndustrialComplex, "change", complex.pk)
    assert form_values(editing.get(page))["designations-INITIAL_FORMS"] == complex.designations.count()

    save(editing, complex, **{"designations-0-industry": "Robots"})

    designation = complex.designations.get(industry="Robots")
    assert designation.history.count() == 2


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
        listed = IndustrialComplex.objects.filter(designations__role__slug="pilot-2005")
        pilot = Role.objects.get(slug="pilot-2005").pk
        given |= {"role": pilot, "complex": IndustrialComplex.objects.exclude(pk__in=listed)[0].pk}
    if model is Edition:
        given["order"] = 9
    if model is Family:
        given["shape"] = "star"
    if model is Continuation:
        given["earlier"] = MiniCluster.objects.filter(edition__year=2009, successors=None)[0].pk
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
