"""What all tests share: a database with the documents loaded once, and the real portal for the browser."""

import gc
import os
from io import StringIO

import pytest
from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.db import connection

from portal.apps import EDITORS, public_models
from portal.base.column_store import stores
from portal.base.version import known_version, triggers

from .browsing import PHONE, visitor
from .chromium import find_chromium
from .editing import PASSWORD, log_in
from .filtering import FILTERSETS
from .ready import ready_portal, served_portal
from .serving import free_port, serving


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """The transcribed documents, loaded once; each test works in a transaction of its own."""
    with django_db_blocker.unblock():
        call_command("load_documents", stdout=StringIO())
        # Known for the whole run, so that no test counts the query that asks for it.
        known_version.every = float("inf")
        known_version.ask()
        # As a worker has them by its second request; a test that changes a record asks the database instead.
        for filterset_class in FILTERSETS.values():
            if filterset_class.stored:
                stores.get(filterset_class)
    # What is there by now stays to the end, and need not be walked through by every collection; and what a
    # request makes is gone with it, so that collections may be few. Of the suite they took a tenth.
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


@pytest.fixture(scope="session")
def at_once(django_db_setup, django_db_blocker):
    """The statement by which PostgreSQL moves the version at each change, not when a transaction ends."""
    with django_db_blocker.unblock():
        names = [name for name, event, _table in triggers(connection, public_models()) if event != "truncate"]
    return f"SET CONSTRAINTS {', '.join(names)} IMMEDIATE"


@pytest.fixture(autouse=True)
def version_moves_at_once(request):
    """A test is one transaction, and its end comes when nobody looks any more."""
    if connection.vendor == "postgresql" and request.node.get_closest_marker("django_db"):
        request.getfixturevalue("db")
        connection.cursor().execute(request.getfixturevalue("at_once"))


@pytest.fixture
def without_stores(monkeypatch):
    """The database is asked for everything, as while there is no store."""
    monkeypatch.setattr(stores, "get", lambda filterset_class: None)


@pytest.fixture
def editor():
    user = User.objects.create_user("editor", password=PASSWORD, is_staff=True)
    user.groups.add(Group.objects.get(name=EDITORS))
    return user


@pytest.fixture
def editing(client, editor):
    """A browser in which the editor is logged in."""
    log_in(client, editor)
    return client


@pytest.fixture(scope="session")
def ready(tmp_path_factory):
    """What is known of a portal on the database of the tests that is only to be copied."""
    return ready_portal(tmp_path_factory, connection.vendor)


@pytest.fixture(scope="session")
def to_serve(tmp_path_factory):
    """The VAR_DIR of a portal on SQLite that is ready to be served, and only to be copied."""
    return served_portal(tmp_path_factory)


@pytest.fixture(scope="session")
def portal(to_serve):
    """The address of the portal as `make run` serves it: its own database, static files and workers."""
    with serving(free_port(), 1, ready=to_serve) as address:
        yield address


@pytest.fixture(scope="session")
def browser():
    """A real Chromium, headless; without one the test is skipped, which CI takes for a failure."""
    executable = find_chromium()
    if executable is None:
        message = "NO CHROMIUM COULD BE HAD: THE BROWSER TESTS DID NOT RUN"
        if os.environ.get("REQUIRE_BROWSER"):
            pytest.fail(message)
        pytest.skip(message)
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=30_000)
    # Each of these would be a connection that nobody asked for.
    quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=executable, args=["--no-sandbox", "--disable-gpu", *quiet]
        )
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser):
    with visitor(browser) as page:
        yield page


@pytest.fixture
def phone(browser):
    with visitor(browser, viewport=PHONE, has_touch=True, is_mobile=True) as page:
        yield page


@pytest.fixture
def plain(browser):
    """A page without JavaScript."""
    with visitor(browser, java_script_enabled=False) as page:
        yield page
