import pytest

from complexes.models import IndustrialComplex
from portal.accounts import throttle


@pytest.fixture(autouse=True)
def nobody_tried():
    """No test is slowed by what another tried at the login."""
    for rate in (throttle.BY_ADDRESS, throttle.BY_BROWSER, throttle.BY_ACCOUNT, throttle.BY_STRANGERS):
        rate.clear()


@pytest.fixture
def complex():
    return IndustrialComplex.objects.get(slug="gumi")
