"""Load the transcribed documents from fixtures/, without touching what an editor changed."""

from collections import Counter
from hashlib import sha256
from pathlib import Path

import yaml
from django.apps import apps
from django.conf import settings
from django.core import serializers
from django.core.management.base import BaseCommand, CommandError
from django.core.serializers.pyyaml import SafeLoader
from django.db import transaction
from django.db.models.signals import post_save

from portal.models import Document, Prepared

# The reason in the history of what came from a fixture. Any other entry there is an editor's.
LOADED = "Loaded from the documents"

EMPTY = (None, "")
# What a fixture that is not right ends in.
UNREADABLE = (serializers.base.DeserializationError, CommandError, LookupError, TypeError, yaml.YAMLError)

# What is named must be there first. Complexes and hubs name each other; a complex may wait for its hub.
FIXTURES = (
    "documents.yaml",
    "families.yaml",
    "sectors.yaml",
    "pan_regions.yaml",
    "zones.yaml",
    "provinces.yaml",
    "complexes_*.yaml",
    "hubs.yaml",
    "roles.yaml",
    "designations_*.yaml",
    "offices.yaml",
    "printed_lists.yaml",
    "editions.yaml",
    "mini_clusters_*.yaml",
    "continuations.yaml",
    "support_programs.yaml",
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


def fingerprint_of_fixtures():
    """Return a hash of all fixtures."""
    digest = sha256()
    for path in fixture_paths():
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


class Command(BaseCommand):
    help = (
        "Load every fixture in one transaction. Safe to repeat: a record that an editor changed, made or "
        "deleted stays as the editor left it, unless --overwrite is given; only what was always empty in it "
        "is filled."
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
        self.keys = {}
        with transaction.atomic():
            self.load()
            # In the database itself: it may be another's tomorrow, or one of last year, restored.
            Prepared.objects.update_or_create(
                name="fixtures", defaults={"fingerprint": fingerprint_of_fixtures()}
            )
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
                    for record in self.read(stream):
                        if self.wanted(record):
                            created = record.object.pk is None
                            self.save(record)
                            saved.append((record, created))
                except UNREADABLE as error:
                    raise CommandError(f"{path.name}: {error}") from error
        for record, _created in saved:
            if record.deferred_fields:
                record.save_deferred_fields()
        for record, created in saved:
            write_history(record.object, created)

    def read(self, stream):
        """Yield the DeserializedObjects of a file.

        What is named there is looked up here, once a model: thousands of records are named, and to ask the
        database for each takes longer than all the rest. Whatever is not there yet is left to Django.
        """
        for entry in yaml.load(stream, Loader=SafeLoader):  # noqa: S506
            model = apps.get_model(entry["model"])
            fields = dict(entry["fields"])
            for field in (*model._meta.fields, *model._meta.many_to_many):
                if field.is_relation and fields.get(field.name):
                    fields[field.name] = self.named(field, fields[field.name])
            key = tuple(fields.get(name) for name in model.key_fields)
            pk = self.known_keys(model).get(key)
            # Without a number Django would look for the record in the database; 0 is none.
            entry = {"model": entry["model"], "pk": pk or 0, "fields": fields}
            for record in serializers.deserialize("python", [entry], handle_forward_references=True):
                record.object.pk = pk
                yield record

    def named(self, field, names):
        """Return the primary keys of what a relation names; its natural keys where any is unknown."""
        keys = self.known_keys(field.related_model)
        if not field.many_to_many:
            return keys.get(tuple(names), tuple(names))
        found = [keys.get(tuple(name)) for name in names]
        return names if None in found else found

    def known_keys(self, model):
        """Return {key: primary key} of a model's records, past keys included."""
        if model not in self.keys:
            now = keys_of(model, model.objects.order_by(), "pk")
            past = model.history.filter(id__in=now.values()).order_by("history_id")
            self.keys[model] = keys_of(model, past, "id") | now
        return self.keys[model]

    def wanted(self, record):
        """Return whether to save this record, and count it.

        Raises CommandError if this load has brought it already.
        """
        stored = self.stored_records(type(record.object)).get(record.object.pk)
        if record.object.pk is not None and stored is None:
            raise CommandError(f"{record.object} stands in the fixtures twice.")
        edited = own_key(record.object) in self.edited_keys(type(record.object))
        if self.orphaned(record):
            verdict = "kept"
        elif edited and not self.overwrite:
            verdict = "changed" if stored and fill(record, stored) else "kept"
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
                if tuple(key) in self.edited_keys(target):
                    return True
                if not target.objects.filter(slug=key[0]).exists():
                    raise CommandError(f"{record.object} names {key[0]}, which no fixture holds.")
        return False

    def edited_keys(self, model):
        """Return the keys, past ones too, of all records of ``model`` that an editor has touched."""
        if model not in self.edited:
            history = model.history.all()
            touched = history.exclude(history_change_reason=LOADED).values("id")
            self.edited[model] = {own_key(entry, model) for entry in history.filter(id__in=touched)}
        return self.edited[model]

    def save(self, record):
        # The setting of many-to-many fields would write one history entry each.
        record.object.skip_history_when_saving = True
        record.save()
        del record.object.skip_history_when_saving
        self.known_keys(type(record.object))[own_key(record.object)] = record.object.pk


def key_columns(model):
    """Return the columns that name a record: its slug, or the primary keys of the two that it joins."""
    return [model._meta.get_field(name).attname for name in model.key_fields]


def keys_of(model, records, primary):
    """Return {key: primary key} of these records, or entries of their history."""
    return {tuple(key): pk for *key, pk in records.values_list(*key_columns(model), primary)}


def own_key(record, model=None):
    """Return what names a record, or an entry of its model's history, whatever happened to what it joins."""
    return tuple(getattr(record, column) for column in key_columns(model or type(record)))


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


def fill(record, stored):
    """Return whether a fixture fills what no editor ever filled: columns that came with a newer version.

    The record of the fixture is then the stored one with these filled; all else stays as the editor left it.
    """
    columns = [field.attname for field in stored._meta.concrete_fields]
    given = {
        name: value
        for name in columns
        if getattr(stored, name) in EMPTY and (value := getattr(record.object, name)) not in EMPTY
    }
    if not given:
        return False
    for entry in stored.history.values(*given):
        given = {name: value for name, value in given.items() if entry[name] in EMPTY}
    for name, value in given.items():
        setattr(stored, name, value)
    record.object, record.m2m_data, record.deferred_fields = stored, {}, {}
    return bool(given)


def write_history(instance, created):
    """Write the history entry of a load, with its relations, as a save by an editor would."""
    instance._change_reason = LOADED
    # The signal alone: it reaches django-simple-history, and the record is not saved again.
    post_save.send(type(instance), instance=instance, created=created, raw=False, using="default")
