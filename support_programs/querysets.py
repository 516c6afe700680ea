"""Named queries on support programmes."""

from django.db.models import Case, CharField, Q, Value, When

from portal.base.querysets import SearchQuerySet, SlugQuerySet
from support_programs.finder.rules import Question
from support_programs.finder.words import Fit, in_columns


class SupportProgramQuerySet(SearchQuerySet):
    search_fields = ("programme", "item", "details", "as_printed")
    # What the lines are asked; ``exported`` answers it.
    question = Question()

    def _clone(self):
        clone = super()._clone()
        clone.question = self.question
        return clone

    def listed(self):
        """Return them with what a list shows of each, in one query."""
        return self.all()

    def judged(self, question, verdicts):
        """Return them with the ``verdict`` of ``verdicts``, {primary key: verdict}; those that fit first."""
        keys = {}
        for key, verdict in verdicts.items():
            keys.setdefault(verdict, []).append(key)
        given = [When(pk__in=keys[fit], then=Value(fit)) for fit in Fit.values if fit in keys]
        lines = self.annotate(verdict=Case(*given, default=None, output_field=CharField()))
        if keys:
            rank = [When(verdict=fit, then=Value(place)) for place, fit in enumerate(Fit.values)]
            lines = lines.order_by(Case(*rank), *self.model._meta.ordering)
        lines.question = question
        return lines

    def exported(self):
        """Return the records as any others, with their answers where something is asked; no further query."""
        records = super().exported()
        own = [name for name, path in self.model.public_columns.items() if name == path]
        for record in records:
            record |= in_columns(self.model(**{name: record[name] for name in own}), self.question)
        return records


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
