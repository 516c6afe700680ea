"""The overlays of the map: which marks lie over it, and within which part of the filter."""

import pytest

from complexes.models import Office
from tests.mapping import page_data

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("query", "complexes", "complexes_within", "offices", "offices_within"),
    [
        ("", "", "", 18, ""),
        ("edition=2010&complex=gumi&sort=-name&regions=none", "", "", 18, ""),
        ("zone=busan&layers=offices", "zone=busan", "Zone (2016): Busan", 1, "Zone (2016): Busan"),
        (
            "sector=automotive&q=gumi&pan_region=daekyung",
            "sector=automotive&q=gumi&pan_region=daekyung",
            "Sector: Automotive, Search: gumi, Pan-region (2010): Daekyung",
            None,
            "Pan-region (2010): Daekyung",
        ),
        ("province=seoul&hub=gumi", "province=seoul&hub=gumi", "Province: Seoul, Hub: Gumi", None, None),
    ],
)
def test_layers_follow_what_of_the_filter_they_meet(
    client, query, complexes, complexes_within, offices, offices_within
):
    layers = page_data(client, query)[0]["overlays"]
    assert dict(pair.split("=") for pair in layers["complexes"]["filter"].split("&") if pair) == dict(
        pair.split("=") for pair in complexes.split("&") if pair
    )
    assert set(layers["complexes"]["within"].split(", ")) == set(complexes_within.split(", "))
    if offices is not None:
        assert len(layers["offices"]["marks"]) == offices
        assert layers["offices"]["within"] == offices_within
    shown = {mark["slug"] for mark in layers["offices"]["marks"]}
    chosen = Office.objects.all()
    for pair in filter(None, query.split("&")):
        name, value = pair.split("=")
        if name in ("zone", "pan_region"):
            chosen = chosen.filter(**{f"province__{name}__slug": value})
        elif name == "province":
            chosen = chosen.filter(province__slug=value)
    assert shown == set(chosen.exclude(latitude=None).values_list("slug", flat=True))


def test_a_filter_that_is_refused_narrows_no_layer(client):
    layers = page_data(client, "zone=atlantis&sector=ict")[0]["overlays"]
    expected = {"label": "Industrial complexes", "filter": "sector=ict", "within": "Sector: ICT"}
    assert layers["complexes"] == expected
    assert len(layers["offices"]["marks"]) == 18
