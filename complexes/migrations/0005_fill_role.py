"""Make a record of each role that was a choice, and let every entry in a printed list name it."""

from django.db import migrations
from django.utils import timezone

# slug: (name, year, document, kind of list, order), as the choices stood.
ROLES = {
    "listed-2016": ("listed 2016", 2016, "briefing-2016", "complexes", 1),
    "pilot-2005": ("pilot 2005", 2005, "report-2010", "targets", 2),
    "expansion-2008": ("expansion 2008", 2008, "report-2010", "targets", 3),
    "hub-2010": ("hub 2010", 2010, "report-2010", "hubs", 4),
    "connected-2010": ("connected 2010", 2010, "report-2010", "connected", 5),
}
LOADED = "Loaded from the documents"


def fill(apps, schema_editor):
    document, role, designation = (
        apps.get_model(*name.split("."))
        for name in ("portal.Document", "complexes.Role", "complexes.Designation")
    )
    past_role, past_designation = (
        apps.get_model("complexes", f"Historical{name}") for name in ("Role", "Designation")
    )
    if not document.objects.exists():
        return  # a new database: the fixtures bring the roles
    for slug, (name, year, source, kind, order) in ROLES.items():
        entries = designation.objects.filter(role=slug)
        found = document.objects.filter(slug=source).first()
        found = found or document.objects.filter(pk__in=entries.values("document")).first()
        if found is None:
            continue
        fields = {
            "slug": slug, "name": name, "year": year, "document_id": found.pk, "kind": kind, "order": order
        }
        made = role.objects.create(**fields)
        past_role.objects.create(
            id=made.pk, **fields, history_date=timezone.now(), history_type="+", history_change_reason=LOADED
        )
        entries.update(role_record=made)
        past_designation.objects.filter(role=slug).update(role_record=made)


class Migration(migrations.Migration):
    dependencies = [("complexes", "0004_role")]
    operations = [migrations.RunPython(fill)]
