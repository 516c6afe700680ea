"""The environment of the public templates.

They are Jinja2, which renders a list page in a quarter of the time that Django's own language takes; the
admin keeps the latter. Texts are written ``_("…")``, which makemessages finds, and values are put in by
``% {"name": value}``; what belongs to the country, by ``% NAMES``.
"""

from functools import lru_cache
from importlib import import_module
from itertools import groupby
from operator import attrgetter
from urllib.parse import urlencode

from django.conf import settings
from django.db import DatabaseError, InterfaceError
from django.templatetags.static import static
from django.urls import get_script_prefix, reverse
from django.utils.dateformat import format as format_date
from django.utils.translation import get_language, gettext
from jinja2 import ChainableUndefined, Environment, pass_context
from markupsafe import Markup

from portal.base.money import in_figures, in_millions, unbroken
from portal.base.texts import all_of, any_of, in_words
from portal.korea import NAMES
from portal.models import Document


def translate(message):
    """Return a text of ours, which may hold markup; values put in by ``%`` are escaped."""
    return translated(get_language(), message)


@lru_cache(maxsize=2000)
def translated(language, message):
    """Return a text in the language that is active; a page has a hundred."""
    return Markup(gettext(message))  # noqa: S704 - our own words


def url(name, *args):
    """Return the address of a named route."""
    return routed(get_script_prefix(), name) if not args else reverse(name, args=args)


@lru_cache(maxsize=200)
def routed(prefix, name):
    """Return the address of a route without arguments, under this prefix of the site."""
    return reverse(name)


def count_of(noun, count):
    """Return the number of records in words ("1 mini cluster"); ``noun`` is a lazy plural of ``count``."""
    return noun % {"count": count}


@pass_context
def all_documents(context):
    """Return all documents, the oldest first; none where the database is away, as on an error page.

    The request then says so, that no such page is kept.
    """
    try:
        return list(Document.objects.order_by("year", "slug"))
    except (DatabaseError, InterfaceError):
        if request := context.get("request"):
            request.incomplete = True
        return []


def navigation():
    """Return the main links, which stand beside the addresses: (section, route, label)."""
    return import_module(settings.ROOT_URLCONF).NAVIGATION


def querystring(request, **changes):
    """Return the query string of the address with these changes, "?" included; None takes a name out."""
    # By hand: to copy a QueryDict of a thousand parameters takes longer than the rest of a page.
    query = dict(request.GET.lists()) | {name: [value] for name, value in changes.items()}
    return "?" + urlencode(
        [(name, value) for name, values in query.items() for value in values if value is not None]
    )


def number(value):
    """Return a Decimal without exponent and without zeros that nobody printed: "50,050", "0.7"."""
    whole, _point, places = f"{value:,f}".partition(".")
    places = places.rstrip("0")
    return f"{whole}.{places}" if places else whole


def paragraphs(text):
    """Return the paragraphs of a text, which a blank line parts."""
    return [part.strip() for part in text.replace("\r", "").split("\n\n") if part.strip()]


def runs(records, attribute):
    """Return [(value, records)] of neighbours that are alike in an attribute, in their order."""
    return [(value, list(run)) for value, run in groupby(records, key=attrgetter(attribute))]


def environment(**options):
    """Return the Jinja2 environment with what the public templates call."""
    made = Environment(  # noqa: S701 - Django's backend turns autoescape on
        **options | {"undefined": ChainableUndefined, "trim_blocks": True, "lstrip_blocks": True}
    )
    # In the order that we give: the legend has the sectors in theirs.
    made.policies["json.dumps_kwargs"] = {"sort_keys": False}
    made.globals |= {
        "NAMES": NAMES,
        "_": translate,
        "all_of": all_of,
        "any_of": any_of,
        "count_of": count_of,
        "all_documents": all_documents,
        "get_language": get_language,
        "navigation": navigation,
        "querystring": querystring,
        "static": lru_cache(maxsize=200)(static),
        "url": url,
    }
    made.filters |= {
        "date": format_date,
        "in_figures": in_figures,
        "in_millions": in_millions,
        "in_words": in_words,
        "number": number,
        "paragraphs": paragraphs,
        "runs": runs,
        "unbroken": unbroken,
    }
    return made
