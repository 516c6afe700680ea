"""The portal's own pages: home, about, and what is said when something is wrong."""

import pytest
from django.core.exceptions import BadRequest

from portal import views

pytestmark = pytest.mark.django_db


def test_the_about_page_has_every_list_stated_against_printed(client):
    text = client.get("/about/").content.decode()
    assert text.count("<tr id=") == 75
    assert "differs" in text


@pytest.mark.parametrize(
    ("view", "args", "status"),
    [
        (views.bad_request, (BadRequest("No such view."),), 400),
        (views.bad_request, (ValueError("secret"),), 400),
        (views.permission_denied, (PermissionError("secret"),), 403),
        (views.page_not_found, (LookupError("secret"),), 404),
        (views.server_error, (), 500),
    ],
)
def test_what_goes_wrong_has_its_status_and_says_no_more_than_it_must(rf, view, args, status):
    response = view(rf.get("/somewhere/"), *args)
    text = response.content.decode()
    assert response.status_code == status
    assert "<h1" in text and "secret" not in text
    assert ("No such view." in text) == (args[:1] != () and isinstance(args[0], BadRequest))
