"""Load the transcribed documents from fixtures/, without touching what an editor changed."""

from collections import Counter
from pathlib import Path

from django.conf import settings
from django.core import serializers
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.db.models.signals import post_save

from portal.base.querysets import SlugQuerySet
from portal.models import Document

# The reason in the history of what came from a fixture. Any other entry there is an editor's.
LOADED = "Loaded from the documents"

# What is named must be there first. Complexes and hubs name each other; a complex may wait for its hub.
FIXTURES = (
    "documents.yaml",
    "sectors.yaml",
    "pan_regions.yaml",
    "zones.yaml",
    "provinces.yaml",
    "complexes_*.yaml",
    "hubs.yaml",
    "designations_*.yaml",
    "offices.yaml",
    "mini_clusters_*.yaml",
    "support_programs.yaml",
    "printed_lists.yaml",
    "nace_divisions.yaml",
    "named_clusters.yaml",
    "sector_passages.yaml",
    "stories.yaml",
    "story_*.yaml",
    "programme_*.yaml",
    "cluster_programmes.yaml",
    "organisations.yaml",
    "tables_*.yaml",
    "discrepancies.yaml",
)


def fixture_paths():
    """Return the paths of all fixtures in the order in which they can be loaded."""
    folder = Path(settings.FIXTURE_DIRS[0])
    return [path for pattern in FIXTURES for path in sorted(folder.glob(pattern))]


class Command(BaseCommand):
    help = (
        "Load every fixture in one transaction. Safe to repeat: a record that an editor changed, made or "
        "deleted stays as the editor left it, unless --overwrite is given."
    )

    def add_arguments(self, parser):
        parser.add_argument("--if-empty", action="store_true", help="do nothing when records are there")
        parser.add_argument("--overwrite", action="store_true", help="put editors' records back to the print")

    def handle(self, *args, if_empty=False, overwrite=False, **options):
        if if_empty and Document.objects.exists():
            return
        self.overwrite = overwrite
        self.report = Counter(new=0, changed=0, same=0, kept=0)
        self.edited = {}
        self.stored = {}
        SlugQuerySet.remembered = {}
        try:
            with transaction.atomic():
                self.load()
        finally:
            SlugQuerySet.remembered = None
        self.stdout.write(
            "Fixtures: {new} new, {changed} changed, {same} unchanged, "
            "{kept} kept as an editor left them.".format_map(self.report)
        )

    def load(self):
        """Save every record of every fixture that is new or differs, and write its first history."""
        saved = []
        for path in fixture_paths():
            with path.open(encoding="utf-8") as stream:
                try:
                    for record in serializers.deserialize("yaml", stream, handle_forward_references=True):
                        if self.wanted(record):
                            created = record.object.pk is None
                            self.save(record)
                            saved.append((record, created))
                except (serializers.base.DeserializationError, CommandError) as error:
                    raise CommandError(f"{path.name}: {error}") from error
        for record, _created in saved:
            if record.deferred_fields:
                record.save_deferred_fields()
        for record, created in saved:
            write_history(record.object, created)

    def wanted(self, record):
        """Return whether to save this record, and count it.

        Raises CommandError if this load has brought it already.
        """
        stored = self.stored_records(type(record.object)).get(record.object.pk)
        if record.object.pk is not None and stored is None:
            raise CommandError(f"{record.object} stands in the fixtures twice.")
        edited = natural_key(record.object) in self.edited_keys(type(record.object))
        if (edited and not self.overwrite) or self.orphaned(record):
            verdict = "kept"
        elif record.object.pk is None:
            verdict = "new"
        else:
            verdict = "same" if is_same(record, stored) else "changed"
        self.report[verdict] += 1
        return verdict in ("new", "changed")

    def stored_records(self, model):
        """Return {primary key: record} of all that was stored of a model before this load, in few queries."""
        if model not in self.stored:
            relations = [field.name for field in model._meta.many_to_many]
            self.stored[model] = model.objects.prefetch_related(*relations).in_bulk()
        return self.stored[model]

    def orphaned(self, record):
        """Return whether the record belongs to one that an editor deleted.

        Raises CommandError if it names one that was never there. A complex may name a hub that is still to
        come; everything else that is named has been loaded before.
        """
        for field, named in (record.deferred_fields or {}).items():
            if field.null:
                continue
            target = field.remote_field.model
            for key in named if field.many_to_many else [named]:
                if key[0] in self.edited_keys(target):
                    return True
                if not target.objects.filter(slug=key[0]).exists():
                    raise CommandError(f"{record.object} names {key[0]}, which no fixture holds.")
        return False

    def edited_keys(self, model):
        """Return the natural keys, past ones too, of all records of ``model`` that an editor has touched."""
        if model not in self.edited:
            history = model.history.all()
            touched = history.exclude(history_change_reason=LOADED).values("id")
            self.edited[model] = {natural_key(entry) for entry in history.filter(id__in=touched)}
        return self.edited[model]

    def save(self, record):
        # The setting of many-to-many fields would write one history entry each.
        record.object.skip_history_when_saving = True
        record.save()
        del record.object.skip_history_when_saving
        if hasattr(record.object, "slug"):
            type(record.object).objects.all().remembered_keys()[record.object.slug] = record.object.pk


def natural_key(record):
    """Return what names a record, or an entry of its history, whatever happened to what it refers to."""
    return record.slug if hasattr(record, "slug") else (record.complex_id, record.role)


def is_same(record, stored):
    """Return whether a stored record equals the deserialized one, relations included."""
    fields = all(
        field.to_python(getattr(record.object, field.attname)) == getattr(stored, field.attname)
        for field in stored._meta.concrete_fields
    )
    return fields and all(
        {getattr(related, "pk", related) for related in values}
        == {related.pk for related in getattr(stored, name).all()}
        for name, values in record.m2m_data.items()
    )


def write_history(instance, created):
    """Write the history entry of a load, with its relations, as a save by an editor would."""
    instance._change_reason = LOADED
    # The signal alone: it reaches django-simple-history, and the record is not saved again.
    post_save.send(type(instance), instance=instance, created=created, raw=False, using="default")
