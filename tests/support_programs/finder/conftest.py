import pytest

from support_programs.models import SupportProgram


@pytest.fixture
def lines(db):
    """The transcribed lines of Figure 16 by their slug."""
    return {line.slug: line for line in SupportProgram.objects.all()}
