"""The regions of the map: how many records each has, in classes and words, and what is printed of one."""

import json
from functools import cache
from typing import NamedTuple

from django.utils.translation import gettext as _

from complexes.models import Hub, IndustrialComplex, Office, PanRegion, Province, Zone
from portal.base.colours import light_colours
from portal.base.land import MAP_DIR

# The kinds of regions: the parameter of the lists that each is, its model, and its file in static/map/.
KINDS = {"zone": (Zone, "zones"), "pan_region": (PanRegion, "pan_regions")}
STEPS = 4
COLOURS = light_colours("map")
STEP_COLOURS = [COLOURS[f"step-{step}"] for step in range(STEPS + 1)]


class Region(NamedTuple):
    """A region as an area of the map: ``step`` is its class, 0 for no record at all."""

    slug: str
    label: str
    count: int
    step: int
    chosen: bool
    # The edition that prints it as a picture only; empty where it is legible.
    pictured: str
    query: str

    @property
    def fill(self):
        """Return what fills the area in a drawn map: the colour of its class, or hatching."""
        return "url(#drawn-hatch)" if self.pictured else STEP_COLOURS[self.step]


@cache
def slugs(kind):
    """Return the slugs of the regions of this kind that the base map has, in its order."""
    content = json.loads((MAP_DIR / f"{KINDS[kind][1]}.geojson").read_text(encoding="utf-8"))
    return [item["properties"]["slug"] for item in content["features"]]


def names():
    """Return {kind: {slug: name}} from the database, where an editor may rename a region; one query."""
    columns = [f"{kind}__{column}" for kind in KINDS for column in ("slug", "name")]
    found = {kind: {} for kind in KINDS}
    for values in Province.objects.values_list(*columns):
        for kind, slug, name in zip(KINDS, values[::2], values[1::2], strict=True):
            found[kind][slug] = name
    return found


def step_width(counts):
    """Return how many numbers a class spans, so that STEPS equal classes hold the highest count."""
    return max(1, -(-max(counts, default=0) // STEPS))


def step_of(count, width):
    """Return the class of a count, from 1; 0 is the class of nothing."""
    return -(-count // width)


def classes(counts):
    """Return (class, "1–3") for each class up to the highest count, the class of nothing if it occurs."""
    width = step_width(counts)
    found = [(0, "0")] if 0 in counts else []
    for step in range(1, step_of(max(counts, default=0), width) + 1):
        low, high = (step - 1) * width + 1, step * width
        found.append((step, str(low) if low == high else f"{low}–{high}"))
    return found


def regions_of(filterset, kind, names, noun, pictured):
    """Return the Regions of a kind, named by ``names``, with the counts of the filter's own facet: no query.

    A facet counts under all *other* filters: beside the chosen region the others keep their numbers. The
    query of a region chooses it in place of any other, or lets go of it. ``pictured`` is {slug: edition} of
    those whose list is a picture.
    """
    choices = {choice.value: choice for choice in filterset.facet(kind).choices}
    counts = {slug: choices[slug].count if slug in choices else 0 for slug in slugs(kind)}
    width = step_width(counts.values())
    regions = []
    for slug in slugs(kind):
        name = names.get(slug, slug)
        chosen = slug in choices and choices[slug].selected
        label = f"{name}: {noun % {'count': counts[slug]}}"
        if slug in pictured:
            label += " – " + _("its list of %(edition)s is printed as a picture") % {
                "edition": pictured[slug]
            }
        others = dict.fromkeys(KINDS, "")
        query = filterset.query_string(**others | {kind: "" if chosen else slug})
        step = step_of(counts[slug], width)
        regions.append(Region(slug, label, counts[slug], step, chosen, pictured.get(slug, ""), query))
    return regions


def chosen_region(cleaned):
    """Return (kind, slug) of the one region that a filter asks for; None for none or several."""
    asked = [(kind, slug) for kind in KINDS for slug in cleaned.get(kind) or []]
    return asked[0] if len(asked) == 1 else None


def portrait(kind, slug, count, drawn):
    """Return what the documents say of a region, for the panel; ``count`` is in the current filter.

    ``hubs`` are (hub, number of its mini clusters in the Drawing ``drawn``, or None if it shows none).
    """
    region = KINDS[kind][0].objects.get(slug=slug)
    counts = {mark.record.pk: mark.count for mark in drawn.marks if isinstance(mark.record, Hub)}
    hubs = Hub.objects.filter(**{f"seat__province__{kind}": region})
    return {
        "region": region,
        "parameter": kind,
        "count": count,
        "hubs": [(hub, counts.get(hub.pk)) for hub in hubs],
        "kinds": IndustrialComplex.objects.filter(**{f"province__{kind}": region}).count_by_kind(),
        "offices": Office.objects.filter(**{f"province__{kind}": region}).select_related("document"),
    }
