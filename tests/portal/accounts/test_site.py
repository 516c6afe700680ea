"""What a login forgets, and what the admin says while the database is busy."""

import sqlite3
from datetime import timedelta

import pytest
from axes.models import AccessLog
from django.contrib.auth.models import User
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice

from complexes.models import IndustrialComplex
from portal.accounts import site
from tests.editing import PASSWORD, address, confirm, form_values, log_in, upload, words
from tests.entering import INDEX, PAGE, enter

pytestmark = pytest.mark.django_db

# --- What is forgotten


def test_a_login_forgets_old_logins_and_sessions_that_ended(client, editor):
    enter(Client())
    AccessLog.objects.update(attempt_time=timezone.now() - timedelta(days=site.LOGINS_KEPT + 1))
    Session.objects.update(expire_date=timezone.now() - timedelta(days=1))
    enter(client)
    assert AccessLog.objects.count() == 1
    assert Session.objects.count() == 1
    assert client.get(INDEX).status_code == 200


# --- A busy database


def busy_error():
    if connection.vendor == "sqlite":
        cause = sqlite3.OperationalError("database is locked")
        cause.sqlite_errorcode = sqlite3.SQLITE_BUSY
    else:
        cause = type("LockNotAvailable", (Exception,), {"pgcode": "55P03"})()
    error = OperationalError("database is locked")
    error.__cause__ = cause
    return error


def fail(error):
    def raising(*args, **kwargs):
        raise error

    return raising


def hidden_fields(response):
    return dict(response.context["sent"])


def test_a_form_that_meets_a_busy_database_is_kept_to_be_sent_again(editing, complex, monkeypatch):
    page = address(IndustrialComplex, "change", complex.pk)
    values = form_values(editing.get(page)) | {"name": 'Gumi "National" <b>', "_continue": "Save"}
    with monkeypatch.context() as patched:
        patched.setattr(IndustrialComplex, "save", fail(busy_error()))
        refused = editing.post(page, values)
    assert (refused.status_code, refused["Retry-After"]) == (503, "5")
    assert "no-store" in refused["Cache-Control"]
    assert "What you typed is kept" in words(refused)
    assert "<b>" not in refused.content.decode()
    sent = hidden_fields(refused)
    assert sent["name"] == 'Gumi "National" <b>' and "csrfmiddlewaretoken" not in sent
    assert editing.post(page, sent).status_code == 302
    complex.refresh_from_db()
    assert complex.name == 'Gumi "National" <b>'


def test_an_import_that_meets_a_busy_database_can_be_confirmed_again(editing, complex, monkeypatch):
    preview = upload(editing, IndustrialComplex, [{"slug": "gumi", "name": "Gumi National"}])
    with monkeypatch.context() as patched:
        patched.setattr(IndustrialComplex, "save", fail(busy_error()))
        refused = confirm(editing, IndustrialComplex, preview)
    assert refused.status_code == 503
    again = editing.post(address(IndustrialComplex, "process_import"), hidden_fields(refused), follow=True)
    assert "1 updated" in words(again)


def test_no_password_is_written_into_a_page(client, chief, monkeypatch):
    log_in(client, chief)
    monkeypatch.setattr(User, "save", fail(busy_error()))
    sent = {"old_password": PASSWORD, "new_password1": PASSWORD[::-1], "new_password2": PASSWORD[::-1]}
    refused = client.post("/admin/password_change/", sent)
    assert refused.status_code == 503 and PASSWORD[::-1] not in refused.content.decode()
    assert "Go back in your browser" in words(refused)


@pytest.mark.parametrize("written", [(User, "save"), (SessionStore, "save"), (AccessLog, "save")])
def test_a_login_that_meets_a_busy_database_is_told_so(client, editor, monkeypatch, written):
    with monkeypatch.context() as patched:
        patched.setattr(*written, fail(busy_error()))
        refused = enter(client)
    assert refused.status_code == 503 and PASSWORD not in refused.content.decode()
    assert client.get(INDEX).status_code == 302  # not logged in by half
    assert enter(client).url == INDEX


def test_setting_a_second_factor_up_waits_too(editing, monkeypatch):
    editing.get(PAGE)
    monkeypatch.setattr(TOTPDevice, "save", fail(busy_error()))
    refused = editing.post(PAGE, {"code": "123456"})
    assert (refused.status_code, hidden_fields(refused)) == (503, {"code": "123456"})


def test_other_errors_of_the_database_are_not_taken_for_that(editing, complex, monkeypatch):
    monkeypatch.setattr(IndustrialComplex, "save", fail(OperationalError("no such table")))
    page = address(IndustrialComplex, "change", complex.pk)
    refused = editing.post(page, form_values(editing.get(page)) | {"name": "x"})
    assert "What you typed is kept" not in words(refused)
