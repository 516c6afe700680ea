"""What a printed table is held to."""

import pytest
from django.core.exceptions import ValidationError

from support_programs.models import (
    PrintedTable,
)

pytestmark = pytest.mark.django_db


def test_a_table_is_not_named_like_its_lines(editing):
    table = PrintedTable.objects.first()
    table.slug = "two--parts"
    with pytest.raises(ValidationError, match="Two hyphens"):
        table.full_clean()
