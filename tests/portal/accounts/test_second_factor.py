"""The second factor, from setting it up to losing it."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django_otp.plugins.otp_totp.models import TOTPDevice

from complexes.models import IndustrialComplex
from portal.accounts import second_factor
from portal.accounts.models import Requirement
from tests.editing import PASSWORD, address, log_in, words
from tests.entering import INDEX, LOGIN, PAGE, code_of, enter, set_up

pytestmark = pytest.mark.django_db

# --- Without one


def test_who_has_none_and_needs_none_logs_in_as_before(client, editor):
    assert enter(client).url == INDEX
    assert client.get(INDEX).status_code == 200
    assert "Second factor" in words(client.get(INDEX))


def test_strangers_and_visitors_have_no_page(client):
    assert client.get(PAGE).url == f"{LOGIN}?next={PAGE}"
    log_in(client, User.objects.create_user("visitor", password=PASSWORD))
    assert client.get(PAGE).url == f"{LOGIN}?next={PAGE}"
    assert not TOTPDevice.objects.exists()


# --- Setting up


def test_it_is_set_up_by_picture_or_key_and_asked_for_from_then_on(editing, editor):
    page = editing.get(PAGE)
    text = page.content.decode()
    key = second_factor.key_of(TOTPDevice.objects.get())
    assert key in text and 'src="data:image/svg+xml' in text
    assert " style=" not in text
    # Without effect until a code is given.
    assert enter(Client()).status_code == 302
    assert editing.get(PAGE).content.decode().count(key) == 1

    wrong = editing.post(PAGE, {"code": "123"})
    assert "not the code that the app shows" in words(wrong)
    TOTPDevice.objects.update(throttling_failure_timestamp=None)
    done = editing.post(PAGE, {"code": code_of(editor)})
    assert len(done.context["codes"]) == second_factor.RECOVERY_CODES
    assert all(code in words(done) for code in done.context["codes"])
    assert editing.get(INDEX).status_code == 200

    other = Client()
    assert enter(other).status_code == 200
    assert enter(other, code=code_of(editor, 1)).url == INDEX
    assert other.get(INDEX).status_code == 200


def test_a_wrong_code_and_a_wrong_password_are_told_alike(editing, editor):
    set_up(editing, editor)
    said = {
        words(enter(Client(), code="000000")).split("Username")[0],
        words(enter(Client(), code="")).split("Username")[0],
        words(enter(Client(), password="wrong")).split("Username")[0],
    }
    assert len(said) == 1 and "if it has a second factor" in said.pop()


def test_no_code_is_good_twice(editing, editor):
    codes = set_up(editing, editor)
    app = code_of(editor, 1)
    for code in (app, codes[0], f" {codes[1].upper()[:4]} {codes[1].upper()[4:]} "):
        assert enter(Client(), code=code).status_code == 302, code
        assert enter(Client(), code=code).status_code == 200, code
        TOTPDevice.objects.update(throttling_failure_timestamp=None)
        second_factor.StaticDevice.objects.update(throttling_failure_timestamp=None)


def test_codes_cannot_be_guessed_on_and_on(editing, editor):
    set_up(editing, editor)
    enter(Client(), code="000000")
    # Whoever was wrong waits, also with the right one.
    assert enter(Client(), code=code_of(editor, 1)).status_code == 200


def test_a_session_from_before_has_to_give_a_code(editing, editor):
    before = Client()
    enter(before)
    set_up(editing, editor)
    assert before.get(INDEX).url == f"{LOGIN}?next={INDEX}"
    assert before.get(LOGIN).status_code == 200
    # Nor may it look at the key, or renew or remove what is there.
    assert before.get(PAGE).url == f"{LOGIN}?next={PAGE}"
    assert before.post(PAGE, {"remove": "1"}).status_code == 302
    assert TOTPDevice.objects.filter(confirmed=True).exists()


def test_recovery_codes_are_renewed_and_the_factor_is_removed(editing, editor):
    old = set_up(editing, editor)
    assert "10 recovery codes" in words(editing.get(PAGE))
    new = editing.post(PAGE, {"renew": "1"}).context["codes"]
    assert not set(old) & set(new)
    assert second_factor.accept(editor, old[0]) is None
    assert editing.post(PAGE, {"remove": "1"}).url == PAGE
    assert enter(Client()).status_code == 302


# --- Required


@pytest.mark.parametrize("everybody", [True, False])
def test_who_has_to_have_one_is_led_to_it_at_the_first_login(client, editor, chief, everybody):
    Requirement.objects.create(user=None if everybody else editor)
    assert enter(client).status_code == 302
    for page in (INDEX, address(IndustrialComplex, "changelist")):
        assert client.get(page, follow=True).redirect_chain[-1] == (PAGE, 302)
    shown = words(client.get(PAGE))
    assert "Before you can edit" in shown and "Log out" in shown
    assert client.post(address(IndustrialComplex, "add"), {}).status_code == 302  # and nothing is done
    set_up(client, editor)
    assert client.get(INDEX).status_code == 200
    enter(other := Client(), "chief")
    assert other.get(INDEX).status_code == (302 if everybody else 200)


def test_who_has_yet_to_set_it_up_can_log_out(client, editor):
    Requirement.objects.create(user=editor)
    enter(client)
    assert client.post("/admin/logout/").status_code == 200
    assert client.get(PAGE).url == f"{LOGIN}?next={PAGE}"
