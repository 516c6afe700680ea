"""Sectors: each leads to all that has it."""

import re

import pytest

from clusters.models import (
    Sector,
)
from complexes.models import IndustrialComplex
from tests.reading import text_of

pytestmark = pytest.mark.django_db


def test_every_sector_has_a_page_with_its_records(client):
    for sector in Sector.objects.all():
        page = text_of(client, sector.get_absolute_url())
        records = [
            *sector.stories.all(),
            *sector.named_clusters.all(),
            *sector.tables.figures(),
            *IndustrialComplex.objects.filter(sectors=sector)[:60],
        ]
        missing = [record for record in records if f'href="{record.get_absolute_url()}"' not in page]
        assert missing == []
        texts = [passage.text.split("\n")[0] for passage in sector.passages.all()]
        assert [text for text in texts if text not in page] == []
        for division in sector.nace_divisions.all():
            assert f"<b>{division.code}</b> {division.name}" in page
        # Market and cooperation come first, and who is there comes next.
        parts = re.findall('<section id="([-a-z]+)"', page)
        order = ["market", "cooperation", "mini-clusters", "complexes", "stories", "other-clusters"]
        assert parts == [part for part in [*order, "figures", "policy"] if part in parts]
        assert {"mini-clusters", "complexes"} <= {*parts}


def test_the_list_of_sectors_leads_to_as_many_records_as_it_counts(client):
    page = client.get("/sectors/").content.decode()
    for _stem, n in re.findall(r'<a href="(/[-\w]+)/\?sector=[-\w]+">(\d+) ', page):
        assert int(n) > 0
    for sector in Sector.objects.all():
        for stem in ("clusters", "complexes", "stories", "other-clusters"):
            count = client.get(f"/{stem}.json?sector={sector.slug}").json()["count"]
            link = f'<a href="/{stem}/?sector={sector.slug}">{count} '
            assert (link in page) == bool(count), link
