"""What every record is held to, whichever form it comes from."""

import pytest

from clusters.models import MiniCluster, StoryFigure, SuccessStory
from support_programs.models import (
    ClusterProgramme,
    SupportProgram,
    TableValue,
)
from tests.editing import (
    errors,
    save,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("model", [SuccessStory, ClusterProgramme])
def test_a_period_ends_after_it_begins(editing, model):
    said = errors(save(editing, model.objects.first(), start_year=2010, end_year=2009))
    assert said == {"end_year": ["The end lies before the beginning."]}


@pytest.mark.parametrize(
    "value", ["NaN", "Infinity", "1e30", "1" * 21, "ten", "1.1234567", "99999999999999.999999"]
)
@pytest.mark.parametrize("model", [TableValue, StoryFigure])
def test_a_value_that_no_database_would_keep_is_refused(editing, model, value):
    assert "value" in errors(save(editing, model.objects.first(), value=value))


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
