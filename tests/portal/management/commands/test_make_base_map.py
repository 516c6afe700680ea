"""The base map as it is kept: regions whose borders are those of provinces."""

import json
import re

from portal.base.land import MAP_DIR
from portal.map.regions import KINDS, slugs


def test_regions_are_sums_of_provinces():
    """Each point of a region's border is one of a province, so that the borders are shared."""

    def vertices(name):
        features = json.loads((MAP_DIR / f"{name}.geojson").read_text(encoding="utf-8"))["features"]
        text = json.dumps([feature["geometry"]["coordinates"] for feature in features])
        return set(re.findall(r"\[[\d., ]+\]", text))

    provinces = vertices("provinces")
    for _model, name in KINDS.values():
        assert vertices(name) <= provinces
    assert (len(slugs("zone")), len(slugs("pan_region"))) == (11, 7)
