"""What tests of the login do: log in, and set a second factor up."""

from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice

from .editing import PASSWORD

PAGE, LOGIN, INDEX = "/admin/second-factor/", "/admin/login/", "/admin/"


def code_of(user, steps=0):
    """Return what the app shows now, or some half minutes later."""
    return f"{totp(TOTPDevice.objects.get(user=user).bin_key, drift=steps):06d}"


def set_up(client, user):
    """Set a second factor up as a person does; return its recovery codes."""
    client.get(PAGE)
    return client.post(PAGE, {"code": code_of(user)}).context["codes"]


def enter(client, name="editor", code="", password=PASSWORD):
    """Log in as a person does."""
    return client.post(LOGIN, {"username": name, "password": password, "code": code})
