"""The regions of the map: their borders, their names, and the classes of their numbers."""

import html

import pytest

from complexes.models import PanRegion, Zone
from portal.map.regions import classes
from tests.mapping import (
    page_data,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("model", "slug", "layer"), [(Zone, "busan", "zone"), (PanRegion, "jeju", "pan_region")]
)
def test_a_region_is_called_what_an_editor_calls_it(client, model, slug, layer):
    model.objects.filter(slug=slug).update(name="Named <anew>")
    for query in (f"regions={layer}", f"regions={layer}&q=zzzz"):
        layers, _section = page_data(client, query)
        assert layers["regions"][layer]["regions"][slug]["label"].startswith("Named <anew>: ")
    text = client.get(f"/map/?regions={layer}").content.decode()
    assert f'aria-label="{html.escape("Named <anew>")}: ' in text


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ([], []),
        ([0, 0], [(0, "0")]),
        ([1, 2], [(1, "1"), (2, "2")]),
        ([0, 5, 12], [(0, "0"), (1, "1–3"), (2, "4–6"), (3, "7–9"), (4, "10–12")]),
    ],
)
def test_classes_hold_every_count(counts, expected):
    assert classes(counts) == expected
