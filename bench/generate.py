"""``python -m bench.generate``: fill a database of its own with many plausible records, to measure with.

    VAR_DIR=/tmp/large python -m bench.generate --complexes 100000 --clusters 40000

All are invented, named "made-…", and the same on every run. The shipped documents are loaded first; around
their complexes, and thinly over the whole country, the made ones are scattered.
"""

import argparse
import json
import os
import sys
from collections import defaultdict
from itertools import count, islice

import django
import numpy
import shapely
from django.core.management import call_command
from django.db import connection, transaction

SEED = 20101116
BATCH = 5000
CLUSTERS_PER_HUB = 20
# Degrees around a shipped complex within which most made ones lie, and how many lie anywhere instead.
SPREAD, ANYWHERE = 0.12, 0.3
PRECISIONS = ("site", "neighbourhood", "municipality", "province")
KINDS = ("national", "general", "foreign-investment", "agro-industrial")
SOURCE = {"locator": "made for measuring", "note": "Made by bench/generate.py; not in any document."}


def progress(what, done, total):
    sys.stderr.write(f"\r{what}: {done:,} of {total:,}{'' if done < total else chr(10)}")
    sys.stderr.flush()


def create(what, model, records, total):
    """Save the records, of which there are ``total``, in batches."""
    records, done = iter(records), 0
    while batch := list(islice(records, BATCH)):
        model.objects.bulk_create(batch)
        done += len(batch)
        progress(what, done, total)


def create_all(what, model, records):
    create(what, model, records, len(records))


def has_editors_records():
    """Return whether somebody worked in this database: a record whose history is not only of loading."""
    from simple_history.models import registered_models

    from portal.management.commands.load_documents import LOADED

    return any(
        model.history.exclude(history_change_reason=LOADED).exists()
        for model in registered_models.values()
        if hasattr(model, "history")  # not a many-to-many table
    )


def provinces():
    """Return {slug: polygon} of the base map."""
    from portal.base.land import MAP_DIR

    features = json.loads((MAP_DIR / "provinces.geojson").read_text(encoding="utf-8"))["features"]
    shapes = {each["properties"]["slug"]: shapely.geometry.shape(each["geometry"]) for each in features}
    for shape in shapes.values():
        shapely.prepare(shape)
    return shapes


def scatter(total, centres, random):
    """Yield ``total`` of (longitude, latitude, slug of the province) inside South Korea."""
    shapes = provinces()
    west, south, east, north = shapely.total_bounds(list(shapes.values()))
    made = 0
    while made < total:
        points = centres[random.integers(len(centres), size=BATCH)] + random.normal(0, SPREAD, (BATCH, 2))
        anywhere = random.random(BATCH) < ANYWHERE
        points[anywhere] = random.uniform((west, south), (east, north), (anywhere.sum(), 2))
        points = points.round(4)
        home = numpy.full(BATCH, "", dtype=object)
        for slug, shape in shapes.items():
            home[shapely.contains_xy(shape, points)] = slug
        for (longitude, latitude), slug in zip(points.tolist(), home, strict=True):
            if slug and made < total:
                made += 1
                yield longitude, latitude, slug


def pairs(left, right, keys, choices, random, most):
    """Yield the rows of a many-to-many table: one to ``most`` of ``choices(key)`` for each key."""
    for key in keys:
        offered = choices(key)
        size = min(len(offered), int(random.integers(1, most + 1)))
        for chosen in random.choice(offered, size=size, replace=False):
            yield {left: key, right: int(chosen)}


def generate(complexes, clusters, seed=SEED):
    """Make so many complexes and mini clusters, and a hub for every twenty of the latter."""
    from clusters.models import Edition, MiniCluster, Sector
    from complexes.models import Designation, Hub, IndustrialComplex, Province, Role
    from portal.models import Document

    random = numpy.random.default_rng(seed)
    shipped = list(IndustrialComplex.objects.in_view())
    centres = numpy.array([[float(each.longitude), float(each.latitude)] for each in shipped])
    homes = {province.slug: province for province in Province.objects.all()}
    places = defaultdict(list)
    for each in shipped:
        places[each.province.slug].append((each.municipality, each.municipality_ko))
    sectors = list(Sector.objects.values_list("pk", flat=True))
    source = SOURCE | {"document": Document.objects.first()}

    def made_complex(number, longitude, latitude, slug):
        municipality, municipality_ko = (places[slug] or [(homes[slug].name, homes[slug].name_ko)])[
            number % max(1, len(places[slug]))
        ]
        kind = KINDS[int(random.choice(4, p=(0.05, 0.5, 0.05, 0.4)))]
        return IndustrialComplex(
            slug=f"made-{number}",
            name=f"{municipality.removesuffix('-si').removesuffix('-gun')} {kind} {number}",
            name_ko=f"{municipality_ko} 제{number}산업단지",
            kind=kind,
            members=1 + number % 3 if kind == "agro-industrial" else 1,
            province=homes[slug],
            municipality=municipality,
            municipality_ko=municipality_ko,
            latitude=latitude,
            longitude=longitude,
            location_precision=PRECISIONS[number % 4],
            **source,
        )

    points = scatter(complexes, centres, random)
    create(
        "Complexes",
        IndustrialComplex,
        (made_complex(number, *point) for number, point in enumerate(points, 1)),
        complexes,
    )
    made = IndustrialComplex.objects.filter(slug__startswith="made-").order_by("pk")
    rows = list(made.values_list("pk", "name", "name_ko", "province"))
    keys = [key for key, *_rest in rows]

    seats = [rows[index] for index in sorted(random.choice(len(rows), clusters // CLUSTERS_PER_HUB, False))]
    create_all(
        "Hubs",
        Hub,
        [
            Hub(
                slug=f"made-hub-{key}",
                name=f"{name} hub",
                name_ko=name_ko,
                seat_id=key,
                order=1000,
                **source,
            )
            for key, name, name_ko, _province in seats
        ],
    )
    hubs = Hub.objects.filter(slug__startswith="made-").order_by("pk")
    members, of_province = {}, defaultdict(list)
    for hub, seat, province in hubs.values_list("pk", "seat", "seat__province"):
        members[hub] = [seat]
        of_province[province].append(hub)
    # Of five complexes two are tied to a hub, one of their own province.
    seated = {key for key, *_rest in seats}
    for key, _name, _name_ko, province in rows:
        if key not in seated and of_province[province] and random.random() < 0.4:
            members[of_province[province][int(random.integers(len(of_province[province])))]].append(key)
    for done, (hub, tied) in enumerate(members.items(), 1):
        IndustrialComplex.objects.filter(pk__in=tied).update(hub=hub)
        progress("Hubs with their complexes", done, len(members))

    roles = Role.objects.in_bulk(field_name="slug")
    create_all(
        "Designations",
        Designation,
        [
            Designation(complex_id=key, role=role, year=role.year, **source)
            for key in keys
            for role, share in ((roles["listed-2016"], 0.5), (roles["connected-2010"], 0.3))
            if random.random() < share
        ],
    )

    editions = list(Edition.objects.filter(year__in=(2009, 2010, 2016)).reverse())
    numbers = {edition: count(10_001) for edition in editions}
    hub_keys = list(members)

    def made_cluster(number):
        edition, hub = editions[number % 3], hub_keys[int(random.integers(len(hub_keys)))]
        return MiniCluster(
            slug=f"made-{edition}-{number}",
            name=f"Made mini cluster {number}",
            name_ko=f"미니클러스터 {number}",
            edition=edition,
            number=next(numbers[edition]),
            hub_id=hub,
            telephone="+82-2-000-0000",
            **source,
        )

    create("Mini clusters", MiniCluster, map(made_cluster, range(clusters)), clusters)
    made = MiniCluster.objects.filter(slug__startswith="made-").order_by("pk")
    hub_of = dict(made.values_list("pk", "hub"))
    for what, field, left, right, of, choices, most in (
        ("Sectors of complexes", IndustrialComplex.sectors, "industrialcomplex_id", "sector_id",
         keys, lambda _key: sectors, 2),
        ("Sectors of mini clusters", MiniCluster.sectors, "minicluster_id", "sector_id",
         hub_of, lambda _key: sectors, 2),
        ("Complexes of mini clusters", MiniCluster.complexes, "minicluster_id", "industrialcomplex_id",
         hub_of, lambda key: members[hub_of[key]], 3),
    ):  # fmt: skip
        table = field.through
        create_all(what, table, [table(**pair) for pair in pairs(left, right, of, choices, random, most)])


def main():
    parser = argparse.ArgumentParser(prog="python -m bench.generate", description=__doc__)
    parser.add_argument("--complexes", type=int, default=100_000)
    parser.add_argument("--clusters", type=int, default=40_000)
    parser.add_argument("--yes", action="store_true", help="even into a database in which editors worked")
    options = parser.parse_args()
    if not 0 <= options.clusters <= 60_000:
        parser.error("--clusters: an edition numbers its mini clusters, up to 32,767.")
    if options.complexes < max(1, options.clusters // CLUSTERS_PER_HUB):
        parser.error("--complexes: each hub, one for twenty mini clusters, needs a complex of its own.")
    if not options.yes and not {"VAR_DIR", "DATABASE_URL"} & set(os.environ):
        parser.error("name a database to fill by VAR_DIR or DATABASE_URL, or give --yes to fill your own.")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    django.setup()
    call_command("migrate", verbosity=0)
    call_command("load_documents", if_empty=True)

    from complexes.models import IndustrialComplex

    if IndustrialComplex.objects.filter(slug__startswith="made-").exists():
        sys.exit("This database has made records already.")
    if not options.yes and has_editors_records():
        sys.exit("Editors worked in this database; it was left alone. --yes fills it nevertheless.")
    with transaction.atomic():
        generate(options.complexes, options.clusters)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


if __name__ == "__main__":
    main()
