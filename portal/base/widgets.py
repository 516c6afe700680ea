"""Form fields of the admin that differ from Django's own: the map picker, and rules beyond the models'."""

import json
from typing import Any

from django import forms
from django.conf import settings
from django.core.validators import RegexValidator
from django.templatetags.static import static
from django.utils.translation import gettext_lazy as _

from portal.korea import BOUNDS, named


class MapPicker(forms.NumberInput):
    """The input of the latitude, with a map that sets it and the longitude of the same form.

    The inputs stay the control that counts: they work without the map and without JavaScript. All that the
    script needs stands in data- attributes, as the policy allows no inline script.
    """

    class Media:
        css = {"all": ["leaflet/leaflet.css", "css/admin_map_picker.css"]}
        js = ["leaflet/leaflet.js", "js/admin/map_picker.js"]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["attrs"] |= {
            "data-map-picker": (attrs or {}).get("id", "").replace("latitude", "longitude"),
            # Asked for at each rendering: the name is hashed, and known only after collectstatic.
            "data-land": static("map/provinces.geojson"),
            # Shown while there is no point.
            "data-bounds": json.dumps(BOUNDS),
            "data-tiles": settings.TILE_URL,
            "data-attribution": settings.TILE_ATTRIBUTION,
            "data-label": _("Map of the point"),
            "data-hint": _("Click the map, or drag the marker, to set latitude and longitude."),
        }
        return context


# What is given to ``formfield()`` of the model fields with these names, in forms and imports alike.
FIELD_OPTIONS: dict[str, dict[str, Any]] = {
    "latitude": {"widget": MapPicker},
    # The addresses are of 2010: what is typed without a scheme was http then.
    "url": {"assume_scheme": "http"},
    "telephone": {
        "validators": [
            RegexValidator(
                r"^\+?[0-9][0-9 ()-]{5,}[0-9]$",
                named(_("Not a telephone number. Expected digits and hyphens, as in %(telephone)s.")),
            )
        ]
    },
}
