"""What became of a mini cluster from one edition to the next, in a word."""

from functools import cache

from django.apps import apps
from django.db.models import Case, Exists, OuterRef, Q, Subquery, TextChoices, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from complexes.models import IndustrialComplex, Zone

ZONE = "hub__seat__province__zone"


class Before(TextChoices):
    """The status of a mini cluster towards the edition before, the newest that is legible in its zone."""

    SAME = "same", _("the same as before")
    RENAMED = "renamed", _("renamed")
    MERGED = "merged", _("merged of several")
    SPLIT = "split", _("split of a larger one")
    NEW = "new", _("new")
    NOT_LISTED_BEFORE = "not-listed-before", _("not listed before: agro-industrial")
    HUB_NOT_LISTED_BEFORE = "hub-not-listed-before", _("hub not listed before")


class After(TextChoices):
    """The status of a mini cluster towards the next edition that covers its zone."""

    SAME = "same", _("the same afterwards")
    RENAMED = "renamed", _("renamed")
    MERGED = "merged", _("merged with others")
    SPLIT = "split", _("split into several")
    GONE = "gone", _("not listed afterwards")
    HUB_NOT_LISTED_AFTER = "hub-not-listed-after", _("hub not listed afterwards")
    UNKNOWN = "unknown", _("unknown: the next list is a picture")


# What is said where no continuation says it, of the ``other`` edition.
BEFORE_TEXT = {
    Before.NEW: _("New: the list of %(other)s has this hub, and no name that this one continues."),
    Before.NOT_LISTED_BEFORE: _(
        "Not listed in %(other)s: it leaves out agro-industrial mini clusters, of which there were some."
    ),
    Before.HUB_NOT_LISTED_BEFORE: _("The list of %(other)s does not have this hub."),
}
AFTER_TEXT = {
    After.GONE: _("The list of %(other)s has this hub, and no name that continues this one."),
    After.HUB_NOT_LISTED_AFTER: _("The list of %(other)s does not have this hub."),
    After.UNKNOWN: _("What became of it is unknown: the list of %(other)s is a picture here."),
}


def statuses_in_words(cluster):
    """Return what became of a mini cluster where no continuation says it, the later first; up to two queries.

    ``cluster`` comes from ``with_statuses``.
    """
    own = cluster.edition.year, cluster.edition.order, cluster.hub.seat.province.zone
    found = (
        (AFTER_TEXT.get(cluster.status_after), after),
        (BEFORE_TEXT.get(cluster.status_before), before),
    )
    return [str(text) % {"other": beside(*own).first()} for text, beside in found if text]


def steps(cluster):
    """Return (earlier, later): the continuations that lead to a mini cluster, and those that lead on from it.

    The nearest first, each with its mini clusters, their editions and hubs. In two queries: all
    continuations, some eighty an edition, and those that are wanted.
    """
    continuations = apps.get_model("clusters.Continuation").objects
    pairs = list(continuations.order_by().values_list("pk", "later", "earlier"))
    backward = walk(cluster.pk, [(pk, later, earlier) for pk, later, earlier in pairs])
    forward = walk(cluster.pk, [(pk, earlier, later) for pk, later, earlier in pairs])
    found = continuations.select_related(
        "later__edition", "later__hub", "earlier__edition", "earlier__hub"
    ).in_bulk([*backward, *forward])
    return [found[pk] for pk in backward], [found[pk] for pk in forward]


def walk(start, steps):
    """Return the keys of the ``steps``, (key, from, to) each, that can be taken from ``start`` on.

    Each once: a circle, which no form lets in, must not go on for ever.
    """
    taken, reached = [], {start}
    while fresh := [step for step in steps if step[1] in reached and step[0] not in taken]:
        taken += [key for key, _near, _far in fresh]
        reached = {far for _key, _near, far in fresh}
    return taken


def before(year, order, zone):
    """Return the editions before one of this year and order that are legible in its zone, the next first."""
    return apps.get_model("clusters.Edition").objects.legible_in(zone).older_than(year, order)


def after(year, order, zone):
    """Return the editions after one of this year and order that cover its zone, the next first."""
    editions = apps.get_model("clusters.Edition").objects
    return editions.filter(Q(zones=zone) | Q(pictured_zones=zone)).newer_than(year, order)


@cache
def statuses():
    """Return {column: expression} of ``status_before`` and ``status_after`` of a mini cluster.

    A continuation says it, of several kinds the first of ``Continuation.Kind``. Else it follows from what the
    edition beside lists, and is asked of that edition: so each is looked up once.
    """
    continuation, mini_cluster = map(apps.get_model, ("clusters.Continuation", "clusters.MiniCluster"))
    rank = Case(*(When(kind=kind, then=place) for place, kind in enumerate(continuation.Kind.values)))
    said = continuation.objects.order_by(rank).values("kind")
    own = OuterRef("edition__year"), OuterRef("edition__order"), OuterRef(ZONE)
    edition, cluster = OuterRef("pk"), OuterRef(OuterRef("pk"))  # seen from within an edition
    hub_listed = Exists(mini_cluster.objects.filter(edition=edition, hub=OuterRef(OuterRef("hub"))))
    # Of two truth values the lesser is the false one: it is agro-industrial, and the edition lists none.
    left_out = Q(lists_agro_industrial__lt=OuterRef("agro_industrial"))
    # A complex may lie in another zone than the hub: then the list may have it where nothing is legible.
    pictured = Exists(Zone.objects.filter(pictured_editions=edition, pk=OuterRef(OuterRef(ZONE)))) | Exists(
        IndustrialComplex.objects.filter(province__zone__pictured_editions=edition, mini_clusters=cluster)
    )
    new = Case(
        When(left_out, then=Value(Before.NOT_LISTED_BEFORE)),
        When(hub_listed, then=Value(Before.NEW)),
        default=Value(Before.HUB_NOT_LISTED_BEFORE),
    )
    gone = Case(
        When(pictured | left_out, then=Value(After.UNKNOWN)),
        When(hub_listed, then=Value(After.GONE)),
        default=Value(After.HUB_NOT_LISTED_AFTER),
    )
    return {
        "status_before": Coalesce(
            Subquery(said.filter(later=OuterRef("pk"))[:1]), Subquery(before(*own).values_list(new)[:1])
        ),
        "status_after": Coalesce(
            Subquery(said.filter(earlier=OuterRef("pk"))[:1]), Subquery(after(*own).values_list(gone)[:1])
        ),
    }


def with_statuses(clusters):
    """Return these mini clusters with the two statuses; null in the first and the last edition."""
    return clusters if "status_before" in clusters.query.annotations else clusters.annotate(**statuses())
