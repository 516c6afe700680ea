"""Addresses of records, which a page has by the hundred."""

from functools import lru_cache

from django.urls import get_script_prefix, reverse


def address(route: str, slug: str) -> str:
    """Return what ``reverse`` would, for a route whose one argument is a slug."""
    before, after = _around(route, get_script_prefix())
    return f"{before}{slug}{after}"


@lru_cache(maxsize=100)
def _around(route: str, prefix: str) -> tuple[str, str]:
    """Return what stands before and behind the slug, under this prefix of the site."""
    before, _slug, after = reverse(route, args=["SLUG"]).partition("SLUG")
    return before, after
