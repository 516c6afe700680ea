"""What the map is asked: view and zoom beside the filter, read or refused by name."""

import pytest

from tests.mapping import DATA, KOREA, data

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("bbox=1", "bbox"),
        ("bbox=124,33,132", "bbox"),
        ("bbox=124,33,132,38,1", "bbox"),
        ("bbox=" + "1," * 5_000, "bbox"),
        ("bbox=nan,33,132,38", "bbox"),
        ("bbox=-inf,33,inf,38", "bbox"),
        ("bbox=1e2,33,132,38", "bbox"),
        ("bbox=124,33,1e99,38", "bbox"),
        ("bbox=124,33," + "9" * 400 + ",38", "bbox"),
        ("bbox=124,33,132,abc", "bbox"),
        ("bbox=124,33,132,", "bbox"),
        ("bbox=124, 33,132,38", "bbox"),
        ("bbox=१२४,33,132,38", "bbox"),
        ("bbox=132,33,124,38", "bbox"),  # east before west
        ("bbox=124,38,132,33", "bbox"),  # north before south
        ("bbox=33,124,38,132", "bbox"),  # latitude first
        ("bbox=-181,33,132,38", "bbox"),
        ("bbox=%00", "bbox"),
        ("zoom=nan", "zoom"),
        ("zoom=inf", "zoom"),
        ("zoom=-1", "zoom"),
        ("zoom=21", "zoom"),
        ("zoom=1e99", "zoom"),
        ("zoom=x", "zoom"),
        ("zoom=%00", "zoom"),
        ("zone=atlantis", "zone"),
        ("edition=1999", "edition"),
        ("q=%00", "q"),
        ("show=complexes&edition=2016&kind=x", "kind"),
        ("bbox=1&zoom=x&zone=atlantis", "bbox"),
    ],
)
def test_what_cannot_be_read_is_refused_by_name(client, query, name):
    response = client.get(f"{DATA}?{query}")
    assert response.status_code == 400
    errors = response.json()["errors"]
    assert name in errors
    assert all(0 < len(message) < 200 for messages in errors.values() for message in messages)


@pytest.mark.parametrize("query", ["", "bbox=&zoom=", "zoom=7", "zoom=0", f"bbox={KOREA}", "page=3"])
def test_view_and_zoom_may_be_left_out(client, query):
    assert data(client, query)["count"] == 77
