"""Events and organisations in the admin."""

import pytest

from clusters.models import NamedCluster
from support_programs.models import (
    Organisation,
    ProgrammeEvent,
)
from tests.editing import errors, save, words

pytestmark = pytest.mark.django_db


# What is wrong is said beside its field


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (
            {"month": 2, "day": 31, "year": 2005},
            {"day": ["February 2005 has no such day."]},
        ),
        ({"month": 2, "day": 29, "year": 2006}, {"day": ["February 2006 has no such day."]}),
        ({"month": "", "day": 4}, {"day": ["A day needs its month."]}),
        ({"end_year": 1990}, {"end_year": ["The end lies before the beginning."]}),
        (
            {"year": 2005, "month": 7, "day": "", "end_year": 2005, "end_month": 4},
            {"end_year": ["The end lies before the beginning."]},
        ),
        ({"year": ""}, {"year": ["This field is required."]}),
        ({"year": "", "end_year": 2005}, {"year": ["This field is required."]}),
        ({"month": 13, "day": 1}, {"month": ["Ensure this value is less than or equal to 12."]}),
        ({"year": 0}, {"year": ["Ensure this value is greater than or equal to 1900."]}),
        ({"year": "9" * 30}, None),
    ],
)
def test_an_impossible_date_is_refused(editing, changes, expected):
    event = ProgrammeEvent.objects.get(slug="korean-war")
    dated = {"year": 2005, "month": 7, "day": "", "end_year": "", "end_month": ""}
    response = save(editing, event, **(dated | changes))
    assert response.status_code == 200
    if expected:
        assert errors(response) == expected


def test_a_leap_day_is_a_day(editing, client):
    event = ProgrammeEvent.objects.get(slug="korean-war")
    dated = {"year": 2008, "month": 2, "day": 29, "end_year": "", "end_month": ""}
    assert save(editing, event, **dated).status_code == 302
    assert "29 February 2008" in words(client.get("/programme/timeline/"))


@pytest.mark.parametrize("model", [Organisation, NamedCluster])
@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "www.kicox or kr", "x" * 400])
def test_an_address_that_is_none_is_refused(editing, model, url):
    assert "url" in errors(save(editing, model.objects.first(), url=url))
