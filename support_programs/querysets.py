"""Named queries on support programmes."""

from django.db.models import Case, CharField, Q, Value, When

from portal.base.querysets import SearchQuerySet, SlugQuerySet

from .finder.rules import Verdict


class SupportProgramQuerySet(SearchQuerySet):
    search_fields = ("programme", "item", "details", "as_printed")

    def listed(self):
        """Return them with what a list shows of each, in one query."""
        return self.all()

    def judged(self, verdicts):
        """Return them with ``verdict`` out of {primary key: verdict}, those that fit first.

        The ranks are the order of ``Verdict``, in which a list shows them.
        """
        keys = {}
        for key, verdict in verdicts.items():
            keys.setdefault(verdict, []).append(key)
        ordered = [verdict for verdict in Verdict if verdict in keys]
        given = [When(pk__in=keys[verdict], then=Value(verdict.value)) for verdict in ordered]
        lines = self.annotate(verdict=Case(*given, default=None, output_field=CharField()))
        if not keys:
            return lines
        rank = [When(verdict=verdict.value, then=Value(place)) for place, verdict in enumerate(ordered)]
        return lines.order_by(Case(*rank), *self.model._meta.ordering)


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

    def since(self, year):
        """Return those that lasted into this year or came after."""
        return self.filter(Q(year__gte=year) | Q(end_year__gte=year))


class ClusterProgrammeQuerySet(SearchQuerySet):
    search_fields = ("name", "text", "place", "as_printed")

    def listed(self):
        """Return them with what a list shows of each, in one query."""
        return self.select_related("document")


class OrganisationQuerySet(SearchQuerySet):
    search_fields = ("name", "name_ko", "acronym", "role", "other_names")

    def listed(self):
        """Return them with what a list shows of each, in one query."""
        return self.select_related("document")


class PrintedTableQuerySet(SearchQuerySet):
    search_fields = ("title", "remark", "unit", "locator")
    search_related = ("rows__label", "columns__label")

    def figures(self):
        """Return the tables of numbers."""
        return self.filter(content="figures")

    def by_part(self, *parts):
        """Return those that belong to these parts of the programme's story."""
        return self.filter(part__in=parts)

    def about(self, **subject):
        """Return the tables with a row or column about a record: ``complex=`` or ``pan_region=``."""
        ((name, record),) = subject.items()
        lines = Q(**{f"rows__{name}": record}) | Q(**{f"columns__{name}": record})
        return self.filter(pk__in=self.model.objects.filter(lines).order_by().values("pk"))

    def listed(self):
        """Return them with what a list shows of each, in one query."""
        return self.select_related("document")
