"""The drawn base map: what lies on it, and that all small maps have its measure."""

import json
import re

import pytest
from django.conf import settings
from shapely import Point
from shapely.geometry import shape

from complexes.models import IndustrialComplex, Office
from portal.base.land import HEIGHT, MAP_DIR, WIDTH, area_paths, locate

AREAS = {"provinces": "north-gyeongsang", "zones": "daegu-north-gyeongsang", "pan_regions": "daekyung"}
DOKDO = (37.24, 131.87)


def areas(name):
    """Return {slug: polygon in degrees} of some areas of the base map."""
    content = json.loads((MAP_DIR / f"{name}.geojson").read_text(encoding="utf-8"))
    return {it["properties"]["slug"]: shape(it["geometry"]) for it in content["features"]}


@pytest.mark.parametrize(("name", "slug"), AREAS.items())
def test_dokdo_is_on_every_map(name, slug):
    assert areas(name)[slug].contains(Point(DOKDO[1], DOKDO[0]))
    x, y = locate(*DOKDO)
    assert 0 < x < WIDTH and 0 < y < HEIGHT
    (path,) = [path.d for path in area_paths(name, WIDTH, HEIGHT) if path.slug == slug]
    points = [tuple(map(float, pair.split(","))) for pair in re.findall(r"[\d.]+,[\d.]+", path)]
    assert any(abs(px - x) < 2 and abs(py - y) < 2 for px, py in points)
    drawn = (MAP_DIR / f"{name if name != 'provinces' else 'land'}.svg").read_text(encoding="utf-8")
    assert path in drawn


@pytest.mark.django_db
@pytest.mark.parametrize("model", [IndustrialComplex, Office])
def test_every_point_lies_in_its_province_on_the_base_map(model):
    provinces = areas("provinces")
    located = model.objects.exclude(latitude=None).select_related("province")
    assert located
    outside = [
        record.slug
        for record in located
        if not provinces[record.province.slug].contains(Point(record.longitude, record.latitude))
    ]
    assert outside == []


def test_every_small_map_has_the_measure_of_the_drawing():
    boxes = set()
    for template in (settings.BASE_DIR / "templates" / "public").rglob("*.html"):
        text = template.read_text(encoding="utf-8")
        boxes.update(re.findall(r'<svg[^>]*class="(?:drawn|hub-map)"[^>]*viewBox="([^"]+)"', text))
        boxes.update(re.findall(r'class="place">\s*<svg viewBox="([^"]+)"', text))
    assert boxes == {f"0 0 {WIDTH} {HEIGHT}"}
