import pytest

from complexes.models import IndustrialComplex


@pytest.fixture
def complex():
    return IndustrialComplex.objects.get(slug="gumi")
