"""Make a record of each edition and family, and carry over what editors said of the zones of 2016."""

from django.db import migrations
from django.utils import timezone

LOADED = "Loaded from the documents"
# year: (document, locator, as printed, printed list, whether it lists agro-industrial mini clusters, note)
EDITIONS = {
    2009: (
        "report-2010",
        "[Status of Mini Clusters in Each Complex]",
        "[Status of Mini Clusters in Each Complex]",
        "mini-clusters-2009",
        False,
        "The table has no agro-industrial mini cluster, although the report counts 13 of them up to 2009 (68 mini "
        "clusters including 13 agro-industrial complexes). We read it as covering every zone, as it lists all twelve "
        "complexes of what was by then a nationwide programme (chapter 1.3). The zone of Seoul has no entry in it.",
    ),
    2010: ("report-2010", "MINI CLUSTER LIST", "MINI CLUSTER LIST", "mini-cluster-list", True, ""),
    2016: (
        "briefing-2016",
        "Figure 15",
        "CURRENT STATE OF THE MINI CLUSTERS",
        "figure-15",
        True,
        "Five of the eleven zones are printed as a picture only, so that the document as kept here tells nothing "
        "about them.",
    ),
}
# The edition of which a zone said whether it is legible.
PICTURED = 2016
FAMILIES = [
    (
        "electronics-ict", "Electronics and ICT", "전자·정보통신", "#0b6670", "#62c6d1", "circle",
        ("electronics", "semiconductors-displays", "ict", "photonics"),
    ),
    (
        "machinery-metals", "Machinery and metals", "기계·금속", "#94480a", "#eda565", "square",
        ("machinery", "metals-moulds"),
    ),
    (
        "vehicles-ships", "Vehicles and ships", "운송기계·조선", "#1e4c9c", "#93b6f6", "diamond",
        ("automotive", "shipbuilding-marine", "aerospace"),
    ),
    (
        "materials-energy", "Materials and energy", "소재·에너지", "#56650a", "#c3d070", "hexagon",
        ("materials-textiles", "chemicals", "energy-green"),
    ),
    (
        "medical-food", "Medical and food", "의료·식품", "#a3205c", "#f391bd", "cross",
        ("medical-bio", "agro-food"),
    ),
]
AGRO_INDUSTRIAL = (
    "2010-ochang-cheongju-okcheon-agro-industrial",
    "2010-cheonan-asan-cheonan-agro-industrial",
    "2010-gumi-agro-industrial",
    "2010-gumi-mungyeong-agro-industrial",
    "2010-gumi-pohang-agro-industrial",
    "2010-changwon-gimhae-agro-industrial",
    "2010-changwon-haman-agro-industrial",
    "2010-gunsan-agro-industrial",
    "2010-daebul-gimje-agro-industrial",
    "2010-iksan-naju-agro-industrial",
    "2010-iksan-jeju-agro-industrial-bio",
    "2010-donghae-gangwon-agro-industrial",
    "2016-gumi-north-gyeongsang-agro-industrial",
    "2016-daebul-naju-agro-industrial",
    "2016-daebul-jeju-agro-industrial-bio",
    "2016-changwon-south-gyeongsang-agro-industrial",
)


def fill(apps, schema_editor):
    if not apps.get_model("portal", "Document").objects.exists():
        return  # a new database: the fixtures bring them
    fill_families(apps)
    fill_editions(apps)
    fill_agro_industrial(apps)


def fill_families(apps):
    family, sector, past_family, past_sector = (
        apps.get_model("clusters", name) for name in ("Family", "Sector", "HistoricalFamily", "HistoricalSector")
    )
    for order, (slug, name, name_ko, colour, colour_dark, shape, sectors) in enumerate(FAMILIES, 1):
        fields = {
            "slug": slug, "name": name, "name_ko": name_ko, "colour": colour, "colour_dark": colour_dark,
            "shape": shape, "order": order,
        }
        made = family.objects.create(**fields)
        past_family.objects.create(id=made.pk, **fields, **loaded())
        found = sector.objects.filter(slug__in=sectors)
        # Past states too: else to put one back would take the family away.
        past_sector.objects.filter(id__in=found.values("pk")).update(family=made)
        found.update(family=made)


def fill_editions(apps):
    document, printed_list = (apps.get_model("portal", name) for name in ("Document", "PrintedList"))
    edition, cluster, past_cluster = (
        apps.get_model("clusters", name) for name in ("Edition", "MiniCluster", "HistoricalMiniCluster")
    )
    zones = apps.get_model("complexes", "Zone").objects
    for year, (source, locator, as_printed, listed, lists_agro_industrial, note) in EDITIONS.items():
        clusters = cluster.objects.filter(edition=year)
        found = document.objects.filter(slug=source).first()
        found = found or document.objects.filter(pk__in=clusters.values("document")).first()
        if found is None:
            continue
        made = edition.objects.create(
            slug=str(year),
            year=year,
            document=found,
            locator=locator,
            as_printed=as_printed,
            note=note,
            printed_list=printed_list.objects.filter(slug=listed).first(),
            lists_agro_industrial=lists_agro_industrial,
        )
        if year == PICTURED:
            made.zones.set(zones.filter(legible_2016=True))
            made.pictured_zones.set(zones.filter(legible_2016=False))
        else:
            made.zones.set(zones.all())
        fill_history(apps, made, year == PICTURED)
        clusters.update(edition_record=made)
        past_cluster.objects.filter(edition=year).update(edition_record=made)


def fill_history(apps, edition, pictured):
    """Write the history of an edition: its making, and each change of a zone's legibility as one of its own."""
    past = apps.get_model("clusters", "HistoricalEdition")
    zone, past_zone = (apps.get_model("complexes", name) for name in ("Zone", "HistoricalZone"))
    fields = {
        field.attname: getattr(edition, field.attname) for field in edition._meta.concrete_fields
    }
    now = dict(zone.objects.values_list("pk", "legible_2016")) if pictured else dict.fromkeys(
        zone.objects.values_list("pk", flat=True), True
    )
    changes = []
    if pictured:
        seen = {}
        for entry in past_zone.objects.filter(id__in=now).order_by("history_date", "history_id"):
            if seen.setdefault(entry.id, entry.legible_2016) != entry.legible_2016:
                seen[entry.id] = entry.legible_2016
                changes.append(entry)
    # What it was before all changes: the first state of each zone that history knows.
    state = dict(now)
    for entry in reversed(changes):
        state[entry.id] = not entry.legible_2016
    first = min([entry.history_date for entry in changes], default=timezone.now())
    write(apps, past.objects.create(**fields, **loaded(first)), state)
    for entry in changes:
        state[entry.id] = entry.legible_2016
        made = past.objects.create(
            **fields,
            history_date=entry.history_date,
            history_type="~",
            history_change_reason=entry.history_change_reason,
            history_user_id=entry.history_user_id,
        )
        write(apps, made, state)


def write(apps, entry, state):
    """Write the zones of an entry of the history; ``state`` is {primary key: whether it is legible}."""
    for relation, wanted in (("zones", True), ("pictured_zones", False)):
        rows = apps.get_model("clusters", f"HistoricalEdition_{relation}").objects
        through = getattr(apps.get_model("clusters", "Edition"), relation).through.objects
        keys = dict(through.filter(edition=entry.id).values_list("zone", "pk"))
        for zone, legible in state.items():
            if legible == wanted:
                rows.create(id=keys.get(zone, 0), history=entry, edition_id=entry.id, zone_id=zone)


def fill_agro_industrial(apps):
    cluster, past_cluster = (
        apps.get_model("clusters", name) for name in ("MiniCluster", "HistoricalMiniCluster")
    )
    found = cluster.objects.filter(slug__in=AGRO_INDUSTRIAL)
    past_cluster.objects.filter(id__in=found.values("pk")).update(agro_industrial=True)
    found.update(agro_industrial=True)


def loaded(date=None):
    """Return the fields of a history entry of what came from the documents, and not from an editor."""
    return {"history_date": date or timezone.now(), "history_type": "+", "history_change_reason": LOADED}


class Migration(migrations.Migration):
    dependencies = [("clusters", "0004_editions_and_families")]
    operations = [migrations.RunPython(fill)]
