"""How mini clusters of one edition continue those of an earlier one. Editorial: no document tells of it."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from portal.base.querysets import PairQuerySet
from portal.models import PairKey, related

from .mini_clusters import MiniCluster


class Continuation(PairKey, models.Model):
    """That a mini cluster continues one of an earlier edition. Ours, judged from names and hubs."""

    class Kind(models.TextChoices):
        """Where two would fit, the one that stands first here."""

        MERGED = "merged", _("merged")
        SPLIT = "split", _("split")
        RENAMED = "renamed", _("renamed")
        SAME = "same", _("same")

    later = models.ForeignKey(
        MiniCluster, on_delete=models.CASCADE, related_name="predecessors", verbose_name=_("mini cluster")
    )
    earlier = models.ForeignKey(
        MiniCluster, on_delete=models.CASCADE, related_name="successors", verbose_name=_("continues")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    note = models.TextField(_("evidence"), help_text=_("Which names and which place speak for it."))

    key_fields = ("later", "earlier")
    objects = PairQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["later__edition", "later__number", "earlier__edition", "earlier__number"]
        verbose_name = _("continuation")
        verbose_name_plural = _("continuations")
        constraints = [
            models.UniqueConstraint(fields=["later", "earlier"], name="one_continuation_a_pair"),
        ]

    def __str__(self):
        # In the history of one that went with a mini cluster.
        names = (related(self, name) or _("a mini cluster that is gone") for name in self.key_fields)
        return " ← ".join(map(str, names))

    def clean(self):
        """Raise ValidationError, naming the field, if the earlier one is not of an earlier edition."""
        super().clean()
        later, earlier = (related(self, name) for name in ("later", "earlier"))
        if later and earlier and not earlier.edition.is_before(later.edition):
            raise ValidationError({"earlier": _("It must be of an earlier edition.")})
