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


def contacts(clusters):
    """Return {primary key: Contact} of these mini clusters; of those without any, none.

    In three queries, however many they are.
    """
    clusters = list(clusters)
    lines = lines_through(cluster.pk for cluster in clusters)
    numbers = MiniCluster.objects.filter(pk__in={pk for line in lines.values() for pk in line})
    printed = {
        pk: (telephone, year, name)
        for pk, *(telephone, year, name) in numbers.exclude(telephone="")
        .order_by("-edition__year", "-edition__order")
        .values_list("pk", "telephone", "edition__year", "name")
    }
    offices = offices_of({cluster.hub_id for cluster in clusters})
    found = {}
    for cluster in clusters:
        # The newest first, as they were read.
        own = next((numbers for pk, numbers in printed.items() if pk in lines[cluster.pk]), None)
        if own:
            telephone, year, name = own
            found[cluster.pk] = Contact(telephone, year, name if name != cluster.name else "")
        elif cluster.hub_id in offices:
            found[cluster.pk] = offices[cluster.hub_id]
    return found


def lines_through(keys):
    """Return {primary key: keys of all that it is in other editions, itself included}; one query.

    It reads every continuation, some eighty an edition: to follow lines step by step takes a query a step.
    """
    lines = {}
    for pair in Continuation.objects.filter(kind__in=AS_ONE).order_by().values_list("later", "earlier"):
        line = set().union(*(lines.get(key, {key}) for key in pair))
        lines |= dict.fromkeys(line, line)
    return {key: lines.get(key, {key}) for key in keys}


def offices_of(hubs):
    """Return {primary key of a hub: Contact} of the office that the newest edition prints beside it."""
    entries = (
        MiniCluster.objects.filter(hub__in=hubs, office__isnull=False)
        .order_by("-edition__year", "-edition__order", "number")
        .values_list("hub", "edition__year", "office__name", "office__address")
    )
    found = {}
    for hub, year, name, address in entries:
        found.setdefault(hub, Contact("", year, office=name, address=address))
    return found
