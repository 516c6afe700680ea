import pytest
from django.contrib.auth.models import User

from tests.editing import PASSWORD


@pytest.fixture
def chief():
    return User.objects.create_superuser("chief", password=PASSWORD)
