"""The overlays of a map, complexes and offices beside its records, and which of the filters they meet too."""

from django.db.models import F

from complexes.models import Office

# The filters that mean the same of mini clusters and of complexes.
SHARED = ("q", "sector", "zone", "pan_region", "province", "hub")
# Those of a place, with the way to it from an office.
PLACES = {"zone": "province__zone", "pan_region": "province__pan_region", "province": "province"}


def overlays(filterset):
    """Return, by name, what the map's script draws and says of it; one query, for the offices.

    ``filter`` is the query string of the complexes, ``within`` the filters in words, ``marks`` the offices.
    """
    other = [name for name in filterset.data if name not in SHARED]
    return {
        "complexes": {
            "filter": filterset.query_string(**dict.fromkeys([*other, *filterset.errors], "")),
            "within": within(filterset, SHARED),
        },
        "offices": {"within": within(filterset, PLACES), "marks": offices(filterset)},
    }


def within(filterset, names):
    """Return those filters that are chosen and understood, in words: "Search: gumi, Zone (2016): Busan"."""
    labels = {str(filterset.filters[name].label) for name in names if name not in filterset.errors}
    return ", ".join(f"{chip.label}: {chip.value}" for chip in filterset.chips if str(chip.label) in labels)


def offices(filterset):
    """Return the offices in the places of the filter, those that have a point, each with its ``year``."""
    filterset.is_valid()
    chosen = filterset.form.cleaned_data
    places = {f"{path}__slug__in": chosen[name] for name, path in PLACES.items() if chosen.get(name)}
    columns = ("slug", "name", "latitude", "longitude", "location_precision")
    placed = Office.objects.exclude(latitude=None).filter(**places)
    return [
        office | {"latitude": float(office["latitude"]), "longitude": float(office["longitude"])}
        for office in placed.values(*columns, year=F("document__year"))
    ]
