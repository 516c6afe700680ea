"""What every queryset here can do: be named in a fixture by its slug, and be searched."""

from django.db import models
from django.db.models import Q


class SlugQuerySet(models.QuerySet):
    """The base of every queryset here: a slug is the natural key in every fixture."""

    def get_by_natural_key(self, slug):
        """Return the record that has this slug, or had it before an editor renamed it.

        Raises DoesNotExist.
        """
        try:
            return self.get(slug=slug)
        except self.model.DoesNotExist:
            return self.get(pk__in=self.model.history.filter(slug=slug).values("id"))


class PrintedListQuerySet(SlugQuerySet):
    def named(self, slugs):
        """Return the lists with these slugs, in the printed order."""
        return self.filter(slug__in=slugs)


class SearchQuerySet(SlugQuerySet):
    """A queryset that answers a search box, and that knows its neighbours by sector."""

    # Lookup paths that are searched; those that may give several rows a record go to ``search_related``.
    search_fields = ()
    search_related = ()

    def search(self, text):
        """Return the records in which every word of ``text`` occurs, in any searched field, in any case."""
        queryset = self
        for word in text.split():
            match = Q()
            for field in self.search_fields:
                match |= Q(**{f"{field}__icontains": word})
            for field in self.search_related:
                # A subquery, because a join would give the record once for each match.
                related = self.model.objects.filter(**{f"{field}__icontains": word})
                match |= Q(pk__in=related.order_by().values("pk"))
            queryset = queryset.filter(match)
        return queryset

    def sector_names(self):
        """Return {primary key: "Automotive, Machinery"} of these records, in one query.

        For lists: to prefetch the sectors as records takes as long as the rest of a list.
        """
        names = {}
        pairs = self.model.objects.filter(pk__in=[record.pk for record in self], sectors__isnull=False)
        for key, name in pairs.order_by("pk", "sectors__order").values_list("pk", "sectors__name"):
            names[key] = f"{names[key]}, {name}" if key in names else name
        return names

    def sharing_sector_with(self, record):
        """Return the records that have a sector in common with ``record``."""
        shared = self.model.objects.filter(sectors__in=record.sectors.all()).order_by().values("pk")
        return self.filter(pk__in=shared)
