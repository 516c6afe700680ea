"""No template asks for what is not there: Jinja's chainable undefined would say nothing, and show nothing."""

import jinja2
import pytest
from django.forms import BaseForm
from django.template import engines

from tests.mapping import CARD_QUERIES
from tests.reading import PAGES


@pytest.fixture
def undefined(monkeypatch):
    """Names that templates ask for and that are not there."""
    found = set()

    class Logged(jinja2.ChainableUndefined):
        def __init__(self, hint=None, obj=jinja2.utils.missing, name=None, exc=jinja2.UndefinedError):
            super().__init__(hint, obj, name, exc)
            # A form may lack a field that others have, and a dict a key.
            if obj is not jinja2.utils.missing and not isinstance(obj, (dict, jinja2.Undefined, BaseForm)):
                found.add(f"{type(obj).__name__}.{name}")

    monkeypatch.setattr(engines["jinja2"].env, "undefined", Logged)
    engines["jinja2"].env.cache.clear()
    yield found
    engines["jinja2"].env.cache.clear()


@pytest.mark.django_db
def test_templates_ask_records_only_for_what_they_have(client, undefined):
    for address in [*PAGES, *CARD_QUERIES, "/map/office/kicox-gumi-branch/", "/map/embed/", "/map.svg"]:
        assert client.get(address).status_code == 200, address
    assert undefined == set()
