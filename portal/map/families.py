"""``/families.css``: the colours of the families of sectors, out of their records, for every map in a page.

It stands beside the style sheets of files, so that a new family, or a new colour, needs no new file.
"""

from django.http import HttpResponse
from django.views.generic import View

from clusters.models import Family
from portal.base.views import PublicMixin


class FamilyStyleView(PublicMixin, View):
    """A class for each family, which gives a mark or key its ``--hub``; of the scheme that is wanted."""

    def get(self, request):
        families = Family.objects.all()
        light = "".join(rule(family.slug, family.colour) for family in families)
        dark = "".join(rule(family.slug, family.colour_dark) for family in families)
        # Paper is always light.
        style = f"{light}@media screen and (prefers-color-scheme: dark) {{\n{dark}}}\n"
        return HttpResponse(style, content_type="text/css; charset=utf-8")


def rule(slug, colour):
    """Return the rule of a family for one scheme."""
    return f".family-{slug} {{ --hub: {colour}; }}\n"
