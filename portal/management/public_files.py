"""Every file that the public side offers, as this process makes it: so two databases are compared."""

import json
from hashlib import sha256

from django.test import Client, override_settings
from django.urls import get_resolver

from portal.base.views import FilesMixin

# Files that no page lists beside itself: the data of the map, its picture, and the colours of the families.
OTHERS = ("/map/data.json", "/map.svg", "/families.css")


def views(patterns):
    """Return the views with files among these patterns of addresses, those of included ones too."""
    found = {}
    for pattern in patterns:
        if hasattr(pattern, "url_patterns"):
            found |= views(pattern.url_patterns)
        else:
            view = getattr(pattern.callback, "view_class", None)
            if view and issubclass(view, FilesMixin) and view.stem:
                found[view] = None
    return found


def addresses():
    """Return the addresses of all public files."""
    found = []
    for view in views(get_resolver().url_patterns):
        if "<slug:slug>" in view.stem:
            slugs = view.queryset.order_by("slug").values_list("slug", flat=True)
            found += [address for slug in slugs for _suffix, address in view.files(slug=slug)]
        else:
            found += [address for _suffix, address in view.files()]
    return [*found, *OTHERS]


def bodies():
    """Yield (address, body) of every public file; raises RuntimeError where one is not answered."""
    # The host stands in some files, and must be the same wherever they are made.
    with override_settings(ALLOWED_HOSTS=["testserver"], SECURE_SSL_REDIRECT=False, ANSWERS_MB=0):
        client = Client()
        for address in addresses():
            response = client.get(address)
            if response.status_code != 200:
                raise RuntimeError(f"{address} answers {response.status_code}.")
            yield address, response.content


def digests():
    """Return {address: SHA-256} of every public file."""
    return {address: sha256(body).hexdigest() for address, body in bodies()}


def rows():
    """Return {address: {what names a row: row}} of the lists among them, out of their JSON."""
    found = {}
    for address, body in bodies():
        file = json.loads(body) if address.endswith(".json") else {}
        for row in file.get("results", []):
            name = row.get("slug") or row.get("title") or f"{row.get('row')}, {row.get('column')}"
            named = found.setdefault(address, {})
            named[f"{name} again" if name in named else name] = row
    return found
