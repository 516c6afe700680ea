"""Whom to ring about a mini cluster: the newest printed number of the same one, else its hub’s office."""

from typing import NamedTuple

from django.db.models import Q

from .models import Continuation, MiniCluster

# What goes on as one, be it under a new name. Of merged and split ones a number may be another’s.
AS_ONE = (Continuation.Kind.SAME, Continuation.Kind.RENAMED)


class Contact(NamedTuple):
    """A printed telephone number, or the office of the hub, and the edition that prints it.

    ``name`` is that of the mini cluster beside the number, where it is another than the record's own.
    """

    telephone: str
    edition: str
    name: str = ""
    office: str = ""
    address: str = ""


def contacts(clusters):
    """Return {primary key: Contact} of these mini clusters; of those without any, none.

    As many queries as a line through the editions has steps, and two more; none a record.
    """
    clusters = list(clusters)
    lines = lines_through(cluster.pk for cluster in clusters)
    numbers = MiniCluster.objects.filter(pk__in={pk for line in lines.values() for pk in line})
    printed = {
        pk: (telephone, edition, name)
        for pk, *(telephone, edition, name) in numbers.exclude(telephone="")
        .order_by("-edition__year", "-edition__order")
        .values_list("pk", "telephone", "edition__slug", "name")
    }
    offices = offices_of({cluster.hub_id for cluster in clusters})
    found = {}
    for cluster in clusters:
        # The newest first, as they were read.
        own = next((numbers for pk, numbers in printed.items() if pk in lines[cluster.pk]), None)
        if own:
            telephone, edition, name = own
            found[cluster.pk] = Contact(telephone, edition, name if name != cluster.name else "")
        elif cluster.hub_id in offices:
            found[cluster.pk] = offices[cluster.hub_id]
    return found


def lines_through(keys):
    """Return {primary key: keys of all that it is in other editions, itself included}."""
    lines = {key: {key} for key in keys}
    fresh = set(lines)
    while fresh:
        ends = Q(later__in=fresh) | Q(earlier__in=fresh)
        pairs = list(Continuation.objects.filter(ends, kind__in=AS_ONE).values_list("later", "earlier"))
        fresh = {key for pair in pairs for key in pair} - set(lines)
        for later, earlier in pairs:
            line = lines.get(later, {later}) | lines.get(earlier, {earlier})
            for key in line:
                lines[key] = line
    return lines


def offices_of(hubs):
    """Return {primary key of a hub: Contact} of the office that the newest edition prints beside it."""
    entries = (
        MiniCluster.objects.filter(hub__in=hubs, office__isnull=False)
        .order_by("-edition__year", "-edition__order", "number")
        .values_list("hub", "edition__slug", "office__name", "office__address")
    )
    found = {}
    for hub, edition, name, address in entries:
        found.setdefault(hub, Contact("", edition, office=name, address=address))
    return found
