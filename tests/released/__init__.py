"""``python -m tests.released COMMAND``: run it, and print what it says and what the database then holds.

As JSON, the second like changes.json.
"""

import io
import json
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
CHANGES = json.loads((FOLDER / "changes.json").read_text(encoding="utf-8"))


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


def facts():
    """Return {"fields": [...], "history": [...], "rows": {...}} of the database of the settings."""
    from django.apps import apps

    found = {"fields": [], "history": [], "rows": {}}
    for step in CHANGES["steps"]:
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
    for name in CHANGES["rows"]:
        model = apps.get_model(name)
        found["rows"][name] = [model.objects.count(), model.history.count()]
    return found


def main():
    import django

    django.setup()
    from django.core.management import call_command

    said = io.StringIO()
    call_command(sys.argv[1], stdout=said)
    json.dump([said.getvalue(), facts()], sys.stdout, ensure_ascii=False)
