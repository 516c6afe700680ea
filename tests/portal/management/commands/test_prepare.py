"""What makes the portal ready: fixtures are loaded where they are new, and only then."""

import pytest
from django.core.management import call_command

from portal.management.commands import prepare


@pytest.fixture
def called(monkeypatch, settings, tmp_path):
    """The commands that are called, in a folder of their own."""
    settings.VAR_DIR = tmp_path
    found = []
    monkeypatch.setattr(prepare, "call_command", lambda name, **options: found.append(name))
    return found


@pytest.mark.django_db
def test_a_second_start_loads_and_collects_nothing(called):
    call_command("prepare")
    assert called == ["migrate", "load_documents", "collectstatic"]
    called.clear()
    call_command("prepare")
    assert called == ["migrate"]


@pytest.mark.django_db
def test_new_fixtures_are_loaded_into_a_database_that_is_there(called, monkeypatch):
    call_command("prepare")
    called.clear()
    monkeypatch.setattr(prepare, "fingerprint_of_fixtures", lambda: "another")
    call_command("prepare")
    assert called == ["migrate", "load_documents"]
