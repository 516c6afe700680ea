"""The admin, as an editor uses it."""

import io
import re

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Group, Permission, User
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clusters.models import MiniCluster, Sector
from complexes.models import Designation, IndustrialComplex
from portal.apps import EDITED_APPS, EDITORS
from support_programs.models import ProgrammeEvent, SupportProgram, TableRelation

from .editing import (
    PASSWORD,
    address,
    confirm,
    errors,
    export,
    form_values,
    log_in,
    read_rows,
    save,
    upload,
    words,
)

pytestmark = pytest.mark.django_db

MODELS = [model for model in admin.site._registry if model._meta.app_label in EDITED_APPS]
each_model = pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
# More would mean a query for each row, or for each relation of each row.
MOST_QUERIES = 16


@pytest.fixture
def complex():
    return IndustrialComplex.objects.get(slug="gumi")


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
        with django_assert_max_num_queries(MOST_QUERIES, info=name):
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


# What is wrong is said beside its field


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (
            {"latitude": "128.3808", "longitude": "36.1018"},
            {"latitude": ["Latitude and longitude look swapped."]},
        ),
        (
            {"latitude": "35.6800", "longitude": "139.7000"},
            {"longitude": ["Outside South Korea: expected 124.5 to 132.0 degrees."]},
        ),
        ({"longitude": ""}, {"longitude": ["Give both latitude and longitude, or neither."]}),
        (
            {"location_precision": ""},
            {"location_precision": ["A point needs its precision, and a precision needs a point."]},
        ),
        ({"slug": "changwon"}, {"slug": ["Industrial complex with this Slug already exists."]}),
        ({"members": "0"}, {"members": ["Ensure this value is greater than or equal to 1."]}),
    ],
)
def test_a_wrong_complex_is_refused(editing, complex, changes, expected):
    assert errors(save(editing, complex, **changes)) == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"rate_sme": "101"}, {"rate_sme": ["Ensure this value is less than or equal to 100."]}),
        ({"cap_krw": "-1"}, {"cap_krw": ["Ensure this value is greater than or equal to 0."]}),
    ],
)
def test_a_wrong_programme_is_refused(editing, changes, expected):
    assert errors(save(editing, SupportProgram.objects.first(), **changes)) == expected


def test_a_wrong_telephone_is_refused(editing):
    said = errors(save(editing, MiniCluster.objects.first(), telephone="ask Mr Kim"))
    assert "Not a telephone number" in said["telephone"][0]


def test_the_map_picker_comes_without_inline_script(editing, complex):
    page = editing.get(address(IndustrialComplex, "change", complex.pk)).content.decode()
    assert 'data-map-picker="id_longitude"' in page
    assert "map/provinces" in page
    assert not re.search(r"<script(?![^>]* src=)[^>]*>|<style|\sstyle=|\son\w+=", page)


# Files


def test_an_imported_correction_is_previewed_made_and_exported_again(editing, complex):
    rows = read_rows(export(editing, IndustrialComplex, q="gumi"))
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
    again = read_rows(export(editing, IndustrialComplex, q="gumi"))
    assert "Gumi National" in [row["name"] for row in again]


# In a workbook numbers are no text: models with decimals, years, amounts, and yes or no.
WORKBOOKS = [IndustrialComplex, ProgrammeEvent, SupportProgram, TableRelation]


@pytest.mark.parametrize(
    ("model", "kind"), [(model, "csv") for model in MODELS] + [(model, "xlsx") for model in WORKBOOKS]
)
def test_what_was_exported_comes_back_unchanged(editing, model, kind):
    file = export(editing, model, kind).content
    preview = upload(editing, model, file, kind)
    assert f"Unchanged, and not shown: {model.objects.count()}." in words(preview)
    assert preview.context["result"].totals["update"] == 0


@each_model
def test_an_export_asks_no_query_a_record(editing, model, django_assert_max_num_queries):
    export(editing, model)
    with django_assert_max_num_queries(25):
        export(editing, model)


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
    rows = {row["slug"]: row for row in read_rows(export(editing, IndustrialComplex, q="gumi"))}
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
    row = read_rows(export(editing, SupportProgram))[0] | {"rate_sme": "101"}
    assert "Ensure this value is less than or equal to 100." in words(upload(editing, SupportProgram, [row]))


def test_a_designation_is_named_by_complex_and_role(editing, complex):
    row = {"complex": "gumi", "role": "listed-2016", "industry": "Robots"}
    confirm(editing, Designation, upload(editing, Designation, [row]))
    assert complex.designations.get(role="listed-2016").industry == "Robots"


def test_a_file_that_was_imported_is_not_imported_twice(editing):
    preview = upload(editing, IndustrialComplex, [{"slug": "gumi", "name": "Gumi National"}])
    confirm(editing, IndustrialComplex, preview)
    assert "has been imported already" in words(confirm(editing, IndustrialComplex, preview))


# Rights


def test_editors_edit_records_and_see_no_users(editing):
    assert editing.get(reverse("admin:index")).status_code == 200
    for page in ("auth_user", "auth_group", "axes_accessattempt"):
        assert editing.get(reverse(f"admin:{page}_changelist")).status_code == 403
    assert editing.get(reverse("admin:auth_user_add")).status_code == 403


def test_who_may_only_look_may_neither_import_nor_put_back(client, complex):
    viewer = User.objects.create_user("viewer", password=PASSWORD, is_staff=True)
    viewer.user_permissions.add(Permission.objects.get(codename="view_industrialcomplex"))
    log_in(client, viewer)
    version = (complex.pk, complex.history.first().pk)
    expected = {
        address(IndustrialComplex, "changelist"): 200,
        address(IndustrialComplex, "change", complex.pk): 200,
        address(IndustrialComplex, "history", complex.pk): 200,
        address(IndustrialComplex, "export"): 200,
        address(IndustrialComplex, "import"): 403,
        address(IndustrialComplex, "simple_history", *version): 403,
        address(MiniCluster, "export"): 403,
    }
    assert {page: client.get(page).status_code for page in expected} == expected


def test_editors_have_all_rights_on_every_model_of_ours_and_none_else():
    rights = set(
        Group.objects.get(name=EDITORS).permissions.values_list("content_type__app_label", "codename")
    )
    expected = set()
    for label in EDITED_APPS:
        for model in apps.get_app_config(label).get_models():
            past = model.__name__.startswith("Historical")
            actions = ["view"] if past else ["view", "add", "change", "delete"]
            expected |= {(label, f"{action}_{model._meta.model_name}") for action in actions}
    assert rights == expected


def test_a_migration_leaves_the_group_as_the_administrator_left_it():
    group = Group.objects.get(name=EDITORS)
    group.permissions.remove(Permission.objects.get(codename="delete_zone"))
    Permission.objects.filter(codename__endswith="_sector").delete()  # as if the model were new

    call_command("migrate", verbosity=0)

    rights = set(group.permissions.values_list("codename", flat=True))
    assert "delete_zone" not in rights
    assert {"view_sector", "add_sector", "change_sector", "delete_sector"} <= rights


# Passwords


def try_password(client, password):
    return client.post(reverse("admin:login"), {"username": "editor", "password": password})


def test_five_wrong_passwords_lock_the_account_out(client, editor):
    answers = [try_password(client, "wrong").status_code for _ in range(5)]
    assert answers == [200] * 4 + [429]
    locked = try_password(client, PASSWORD)
    assert locked.status_code == 429
    assert "Wait an hour before you try again" in words(locked)


def test_the_right_password_lets_in_and_forgets_the_wrong_ones(client, editor):
    for _ in range(2):
        for _ in range(4):
            try_password(client, "wrong")
        assert try_password(client, PASSWORD).status_code == 302
        client.logout()
