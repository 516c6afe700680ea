"""What became of a mini cluster from one edition to the next, in a word."""

from django.apps import apps
from django.db.models import Case, CharField, Exists, F, OuterRef, Q, Subquery, TextChoices, Value, When
from django.utils.translation import gettext_lazy as _

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
    """Return what became of a mini cluster where no continuation says it, the later first; one query.

    ``cluster`` comes from ``with_statuses``.
    """
    names = apps.get_model("clusters.Edition").objects.filter(pk__in=[cluster.before, cluster.after])
    slugs = dict(names.values_list("pk", "slug"))
    found = (
        (AFTER_TEXT.get(cluster.status_after), cluster.after),
        (BEFORE_TEXT.get(cluster.status_before), cluster.before),
    )
    return [str(text) % {"other": slugs[edition]} for text, edition in found if text]


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


def with_statuses(clusters):
    """Return these mini clusters with ``status_before`` and ``status_after``; null in the first and the last.

    A continuation says it, of several kinds the first of ``Continuation.Kind``. Else it follows from what the
    other edition lists.
    """
    if "status_before" in clusters.query.annotations:
        return clusters
    continuation, edition = (apps.get_model("clusters", name) for name in ("Continuation", "Edition"))
    rank = Case(*(When(kind=kind, then=place) for place, kind in enumerate(continuation.Kind.values)))
    ordered = continuation.objects.order_by(rank).values("kind")
    own = OuterRef("edition__year"), OuterRef("edition__order")
    pictured = Q(pictured_zones=OuterRef(ZONE))
    covering = edition.objects.filter(Q(zones=OuterRef(ZONE)) | pictured)
    clusters = clusters.annotate(
        before=Subquery(edition.objects.legible_in(OuterRef(ZONE)).older_than(*own).values("pk")[:1]),
        after=Subquery(covering.newer_than(*own).values("pk")[:1]),
        continues_as=Subquery(ordered.filter(later=OuterRef("pk"))[:1]),
        continued_as=Subquery(ordered.filter(earlier=OuterRef("pk"))[:1]),
    )

    def hub_listed(other):
        return Exists(clusters.model.objects.filter(hub=OuterRef("hub"), edition=OuterRef(other)))

    def left_out(other):
        leaving = edition.objects.filter(pk=OuterRef(other), lists_agro_industrial=False)
        return Q(Exists(leaving), agro_industrial=True)

    # A complex may lie in another zone than the hub: then the list may have it where nothing is legible.
    complexes = clusters.model.complexes.through.objects.filter(
        minicluster=OuterRef("pk"), industrialcomplex__province__zone__pictured_editions=OuterRef("after")
    )
    lost = Exists(edition.objects.filter(pictured, pk=OuterRef("after"))) | Exists(complexes)
    return clusters.annotate(
        status_before=Case(
            When(continues_as__isnull=False, then=F("continues_as")),
            When(before__isnull=True, then=None),
            When(left_out("before"), then=Value(Before.NOT_LISTED_BEFORE)),
            When(hub_listed("before"), then=Value(Before.NEW)),
            default=Value(Before.HUB_NOT_LISTED_BEFORE),
            output_field=CharField(),
        ),
        status_after=Case(
            When(continued_as__isnull=False, then=F("continued_as")),
            When(after__isnull=True, then=None),
            When(lost | left_out("after"), then=Value(After.UNKNOWN)),
            When(hub_listed("after"), then=Value(After.GONE)),
            default=Value(After.HUB_NOT_LISTED_AFTER),
            output_field=CharField(),
        ),
    )
