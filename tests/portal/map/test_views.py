"""The page of the map: what it offers, and what it tells its script."""

import pytest

from tests.mapping import page_data

pytestmark = pytest.mark.django_db


def test_the_filter_of_a_record_is_told_without_how_the_map_is_drawn(client):
    _layers, section = page_data(
        client, "zone=busan&regions=none&layers=offices&in_view=1&sort=name&zoom=8&at=x"
    )
    assert 'data-filter="zone=busan"' in section
    assert "data-by-view" not in section
