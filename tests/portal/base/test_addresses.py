"""Addresses of records are those that Django would give, under any prefix of the site."""

import pytest
from django.urls import reverse, set_script_prefix

from portal.base.addresses import address


@pytest.mark.parametrize("prefix", ["/", "/below/"])
def test_it_is_what_reverse_gives(prefix):
    set_script_prefix(prefix)
    try:
        for route in ("clusters:detail", "complexes:detail", "zone"):
            assert address(route, "gumi-2") == reverse(route, args=["gumi-2"])
            assert address(route, "gumi-2").startswith(prefix)
    finally:
        set_script_prefix("/")
