"""What superusers require of accounts, and mend; and that nobody else can."""

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from portal.accounts import second_factor
from portal.accounts.models import Requirement
from tests.editing import log_in, words
from tests.entering import INDEX, PAGE, enter, set_up

pytestmark = pytest.mark.django_db


def test_editors_cannot_free_themselves(editing):
    for page in (
        reverse("admin:accounts_requirement_changelist"),
        reverse("admin:accounts_requirement_add"),
        reverse("admin:auth_user_changelist"),
    ):
        assert editing.get(page).status_code == 403


def test_a_superuser_requires_and_resets(client, chief, editor, django_assert_max_num_queries):
    owner = Client()
    enter(owner)
    set_up(owner, editor)
    log_in(client, chief)
    users = reverse("admin:auth_user_changelist")
    with django_assert_max_num_queries(12):
        assert "second factor" in words(client.get(users)).lower()
    for action in ("require_second_factor", "reset_second_factor"):
        client.post(users, {"action": action, "_selected_action": [editor.pk]})
    assert Requirement.objects.get().user == editor
    assert not second_factor.has_second_factor(editor)
    # The session goes on, but has to set it up anew.
    assert owner.get(INDEX, follow=True).redirect_chain[-1] == (PAGE, 302)
    assert client.get(reverse("admin:accounts_requirement_changelist")).status_code == 200


def test_staff_that_may_change_users_may_not_reset_superusers_factor(client, chief, editor):
    second_factor.confirm_app(second_factor.new_app(chief))
    editor.user_permissions.set(
        editor.user_permissions.model.objects.filter(codename__in=["view_user", "change_user"])
    )
    log_in(client, editor)
    users = reverse("admin:auth_user_changelist")
    client.post(users, {"action": "reset_second_factor", "_selected_action": [chief.pk]})
    assert second_factor.has_second_factor(chief)


def test_a_command_lets_a_superuser_in_who_lost_it_all(client, chief, capsys):
    second_factor.confirm_app(second_factor.new_app(chief))
    capsys.readouterr()
    call_command("addstatictoken", "chief")
    assert enter(client, "chief", capsys.readouterr().out.strip()).url == INDEX
