"""What does not add up, of tables that lack something."""

from decimal import Decimal

import pytest

from support_programs.models import TableRelation, TableValue
from tests.editing import address, read_all
from tests.tables import TABLE

pytestmark = pytest.mark.django_db


def test_many_printed_decimals_break_no_sum(client):
    TableValue.objects.filter(value=None).delete()
    TableValue.objects.update(value=Decimal("3"), as_printed="3." + "0" * 60)
    read_all(client, f"/statistics/{TABLE}/")


@pytest.mark.parametrize("name", ["result", "operands", "whole", "only"])
def test_a_relation_to_a_line_that_is_gone_implies_nothing(client, name):
    """Of a sum of three, two would be left to add up, and the third to be named."""
    for relation in TableRelation.objects.all():
        setattr(relation, name, " ".join(["gone", *getattr(relation, name).split()[1:]]))
        relation.save_without_historical_record()
    results = client.get("/about/discrepancies.json").json()["results"]
    assert results and not [found for found in results if found["kind"] == "rounding"]
    assert client.get("/about/discrepancies/").status_code == 200


def test_a_line_that_a_relation_names_may_be_deleted(editing, client):
    relation = next(
        found for found in TableRelation.objects.filter(kind="sum") if len(found.operands.split()) > 2
    )
    lines = relation.table.rows if relation.axis == "rows" else relation.table.columns
    line = lines.get(slug__endswith=f"--{relation.operands.split()[0]}")
    assert editing.post(address(type(line), "delete", line.pk), {"post": "yes"}).status_code == 302
    read_all(client, relation.table.get_absolute_url())
    assert relation.table.title not in [
        row["title"].partition(":")[0] for row in client.get("/about/discrepancies.json").json()["results"]
    ]
