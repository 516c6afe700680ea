"""Who may do what in the admin, and how one gets in."""

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission, User
from django.core.management import call_command
from django.urls import reverse

from clusters.models import MiniCluster
from complexes.models import IndustrialComplex
from portal.apps import EDITED_APPS, EDITORS
from portal.models import DataVersion, Prepared
from tests.editing import (
    PASSWORD,
    address,
    log_in,
    words,
)

pytestmark = pytest.mark.django_db


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
            if model in (DataVersion, Prepared):  # the database alone moves it; commands write it
                continue
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
