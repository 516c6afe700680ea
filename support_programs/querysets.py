"""Named queries on support programmes."""

from django.db.models import Q

from portal.querysets import SearchQuerySet, SlugQuerySet


class SupportProgramQuerySet(SearchQuerySet):
    search_fields = ("programme", "item", "details", "as_printed")

    def listed(self):
        """Return them with what a list shows of each, in one query."""
        return self.all()

    def open_to_companies(self, companies):
        """Return those that so many firms may apply for together; an unprinted number bars nobody."""
        return self.filter(Q(min_companies__lte=companies) | Q(min_companies=None))

    def open_to_size(self, size):
        """Return those with a rate printed for "sme", "middle" or "large", or with no rate at all."""
        return self.exclude(
            Q(**{f"rate_{size}": None})
            & (Q(rate_sme__isnull=False) | Q(rate_middle__isnull=False) | Q(rate_large__isnull=False))
        )


class ProgrammePassageQuerySet(SlugQuerySet):
    def by_part(self, *parts):
        """Return {part: its passages in order}, of these parts, in one query."""
        found = {part: [] for part in parts}
        for passage in self.filter(part__in=parts).select_related("document"):
            found[passage.part].append(passage)
        return found


class ProgrammeEventQuerySet(SearchQuerySet):
    search_fields = ("title", "text", "date_as_printed", "as_printed")

    def listed(self):
        """Return them with what a list shows of each, in one query."""
        return self.select_related("document", "dated_otherwise__document")


class PrintedTableQuerySet(SearchQuerySet):
    search_fields = ("title", "remark", "unit", "locator")
    search_related = ("rows__label", "columns__label")

    def figures(self):
        """Return the tables of numbers."""
        return self.filter(content="figures")

    def about(self, **subject):
        """Return the tables with a row or column about a record: ``complex=`` or ``pan_region=``."""
        ((name, record),) = subject.items()
        lines = Q(**{f"rows__{name}": record}) | Q(**{f"columns__{name}": record})
        return self.filter(pk__in=self.model.objects.filter(lines).order_by().values("pk"))

    def listed(self):
        """Return them with what a list shows of each, in one query."""
        return self.select_related("document")
