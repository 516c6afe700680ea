"""Whom to ring about a mini cluster: the newest printed number of the same one, else its hub’s office."""

from typing import NamedTuple

from .models import Continuation, MiniCluster

# What goes on as one, be it under a new name. Of merged and split ones a number may be another’s.
AS_ONE = (Continuation.Kind.SAME, Continuation.Kind.RENAMED)


class Contact(NamedTuple):
    """A printed telephone number, or the office of the hub, and the year of the edition that prints it.

    ``name`` is that of the mini cluster beside the number, where it is another than the record's own.
    """

    telephone: str
    year: int
    name: str = ""
    office: str = ""
    address: str = ""


class Book:
    """What the editions print beside mini clusters that continue each other, and beside hubs; three queries.

    ``lines`` is {primary key: all that the mini cluster is in other editions, itself included}, as far as it
    is in any; ``numbers`` are (primary key, telephone, year, name) of these, the newest first; ``offices`` is
    {primary key of a hub: Contact} of the office that the newest edition prints beside it.
    """

    def __init__(self):
        # All continuations, some eighty an edition: to follow lines step by step takes a query a step.
        self.lines = {}
        for pair in Continuation.objects.filter(kind__in=AS_ONE).order_by().values_list("later", "earlier"):
            line = set().union(*(self.lines.get(key, {key}) for key in pair))
            self.lines |= dict.fromkeys(line, line)
        newest_first = MiniCluster.objects.order_by("-edition__year", "-edition__order", "number")
        self.numbers = list(
            newest_first.filter(pk__in=self.lines)
            .exclude(telephone="")
            .values_list("pk", "telephone", "edition__year", "name")
        )
        self.offices = {}
        entries = newest_first.filter(office__isnull=False)
        for hub, year, *office in entries.values_list(
            "hub", "edition__year", "office__name", "office__address"
        ):
            self.offices.setdefault(hub, Contact("", year, "", *office))

    def contact(self, cluster):
        """Return whom to ring about a mini cluster; None without anybody."""
        line = self.lines.get(cluster.pk)
        if line:
            for key, telephone, year, name in self.numbers:
                if key in line:
                    return Contact(telephone, year, name if name != cluster.name else "")
        elif cluster.telephone:
            return Contact(cluster.telephone, cluster.edition.year)
        return self.offices.get(cluster.hub_id)


def contacts(clusters, book=None):
    """Return {primary key: Contact} of these mini clusters; of those without any, none."""
    book = book or Book()
    found = {cluster.pk: book.contact(cluster) for cluster in clusters}
    return {key: contact for key, contact in found.items() if contact}
