"""The widgets of forms."""

import re

import pytest

from complexes.models import IndustrialComplex
from tests.editing import (
    address,
)

pytestmark = pytest.mark.django_db


def test_the_map_picker_comes_without_inline_script(editing, complex):
    page = editing.get(address(IndustrialComplex, "change", complex.pk)).content.decode()
    assert 'data-map-picker="id_longitude"' in page
    assert "map/provinces" in page
    assert not re.search(r"<script(?![^>]* src=)[^>]*>|<style|\sstyle=|\son\w+=", page)
