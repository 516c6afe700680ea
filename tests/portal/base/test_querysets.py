"""Querysets: records as dicts of the public columns."""

import pytest

from clusters.models import MiniCluster

pytestmark = pytest.mark.django_db


def test_several_values_stand_in_one_cell():
    clusters = MiniCluster.objects.filter(slug="2010-ochang-cheongju-semiconductor")
    (record,) = clusters.exported()
    assert record["complexes"].split("; ") == ["cheongju", "ochang-science"]
    assert record["sectors"] == "semiconductors-displays"
