"""Other clusters that the documents name: where they lie, and addresses that are no links."""

import pytest

from clusters.models import (
    NamedCluster,
    Sector,
)
from tests.reading import text_of

pytestmark = pytest.mark.django_db


def test_a_printed_address_is_text_and_never_a_link(client):
    pages = [text_of(client, sector.get_absolute_url()) for sector in Sector.objects.all()]
    for cluster in NamedCluster.objects.exclude(url=""):
        page = text_of(client, cluster.get_absolute_url())
        assert f"<code>{cluster.url}</code>" in page
        for text in [page, *pages]:
            assert f'href="{cluster.url}"' not in text and f'src="{cluster.url}"' not in text


def test_a_named_cluster_shows_its_place_and_leads_to_its_regions(client):
    for cluster in NamedCluster.objects.detailed():
        page = text_of(client, cluster.get_absolute_url())
        for part in (cluster.name, cluster.place, cluster.municipality, cluster.locator, cluster.note):
            assert part in page
        for record in (cluster.province.zone, cluster.province.pan_region, *cluster.sectors.all()):
            assert f'href="{record.get_absolute_url()}"' in page
