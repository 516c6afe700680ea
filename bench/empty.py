"""A Django of one view that says nothing: what a server could answer at most. For ``bench.warm``."""

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpResponse
from django.urls import path

urlpatterns = [path("", lambda request: HttpResponse("ok", headers={"Content-Length": 2}))]
settings.configure(ROOT_URLCONF=__name__, ALLOWED_HOSTS=["127.0.0.1"], SECRET_KEY="none", MIDDLEWARE=[])  # noqa: S106
application = WSGIHandler()
