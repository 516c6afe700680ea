"""``python -m tests.released RELEASE``: move the database up, make it ready, and print what is then there.

As JSON: facts like those of changes.json after `migrate` ("moved"), and the history of which zones an edition
pictures ("zones"); what `prepare` says ("said"), and after it facts ("prepared"), records ("held"), and what
the public files have ("rows").
"""

import io
import json
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
RELEASES = ("4f7adaa", "66e20a7")


def changes_of(release):
    """Return what an editor did in the dumps of a release, and how many rows they have."""
    return json.loads((FOLDER / release / "changes.json").read_text(encoding="utf-8"))


def plain(value):
    """Return a value as changes.json has it: relations by slug, an edition by its year, decimals as text."""
    if hasattr(value, "all"):
        return sorted(record.slug for record in value.all())
    if hasattr(value, "year") and hasattr(value, "lists_agro_industrial"):
        return value.year
    if hasattr(value, "slug"):
        return value.slug
    return f"{value.normalize():f}" if hasattr(value, "normalize") else value


def field_of(record, name):
    """Return a field of a record as changes.json names it; that a zone is legible, the edition says now."""
    if name == "legible_2016":
        return record.editions.filter(slug="2016").exists()
    return plain(getattr(record, name))


def facts(changes):
    """Return {"fields": [...], "history": [...], "rows": {...}} of the database of the settings."""
    from django.apps import apps

    found = {"fields": [], "history": [], "rows": {}}
    for step in changes["steps"]:
        for change in step["changes"]:
            model = apps.get_model(change["model"])
            record = model.objects.filter(pk=change["pk"]).first()
            found["fields"].append(record and {name: field_of(record, name) for name in change["fields"]})
            entries = model.history.filter(id=change["pk"]).order_by("history_id")
            found["history"].append(
                [
                    [entry.history_type, entry.history_change_reason, str(entry.history_user or "")]
                    for entry in entries
                ]
            )
    for name in changes["rows"]:
        model = apps.get_model(name)
        found["rows"][name] = [model.objects.count(), model.history.count()]
    return found


def pictured():
    """Return [[type, user, zones]] of the history of the edition of 2016: which zones it has as a picture."""
    from clusters.models import Edition

    return [
        [
            entry.history_type,
            str(entry.history_user or ""),
            sorted(row.zone.slug for row in entry.pictured_zones.all()),
        ]
        for entry in Edition.history.filter(slug="2016").order_by("history_id")
    ]


def held():
    """Return {model: what names each of its records, sorted} of all models that pages show."""
    from portal.apps import public_models

    found = {}
    for model in public_models():
        records = model.objects.select_related(*(n for n in model.key_fields if n != "slug"))
        found[model._meta.label] = sorted(
            " ".join(str(plain(getattr(record, name))) for name in model.key_fields) for record in records
        )
    return found


def main():
    import django

    django.setup()
    from django.core.management import call_command

    from portal.management.public_files import rows

    changes, said = changes_of(sys.argv[1]), io.StringIO()
    call_command("migrate", verbosity=0)
    found = {"moved": facts(changes), "zones": pictured()}
    call_command("prepare", stdout=said)
    found |= {"said": said.getvalue(), "prepared": facts(changes), "held": held(), "rows": rows()}
    json.dump(found, sys.stdout, ensure_ascii=False)
