"""Amounts as the documents write them."""

import pytest

from portal.base.money import in_millions


@pytest.mark.parametrize(
    ("amount", "written"),
    [
        (None, ""),
        (0, "KRW\xa00"),
        (20_000_000, "KRW\xa020\xa0million"),
        (1_000_000_000, "KRW\xa01,000\xa0million"),
        (1_500_000, "KRW\xa01,500,000"),
    ],
)
def test_amounts_in_millions_as_the_documents_write_it(amount, written):
    assert in_millions(amount) == written
