"""The second factor of an account: an app that shows codes (TOTP), and recovery codes for when it is lost.

Kept and checked by django-otp, which also makes whoever gives wrong codes wait.
"""

from base64 import b32encode

import segno
from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django_otp import devices_for_user, verify_token
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from .models import Requirement

RECOVERY_CODES = 10
# What the devices are called in django-otp's records.
APP, RECOVERY = "app", "recovery codes"


def has_second_factor(user):
    """Return whether a code is asked when this account logs in."""
    return any(True for device in devices_for_user(user))


def is_satisfied(user):
    """Return whether this session may edit: a code was given, or there is none and none is required.

    Asked twice a page, of the database once.
    """
    # Where django-otp's middleware notes it. Just logged in, an account without a device has not got this.
    if getattr(user, "otp_device", None):
        return True
    if not hasattr(user, "lacks_code"):
        accounts = get_user_model().objects.filter(pk=user.pk)
        required = Requirement.objects.filter(Q(user=OuterRef("pk")) | Q(user=None))
        apps, codes = (
            model.objects.filter(user=OuterRef("pk"), confirmed=True) for model in (TOTPDevice, StaticDevice)
        )
        user.lacks_code = accounts.filter(Exists(required) | Exists(apps) | Exists(codes)).exists()
    return not user.lacks_code


def accept(user, code):
    """Return the device to which this code belongs, or None. A code is good for one time.

    One of six digits is the app's, any other a recovery code.
    """
    code = "".join(code.split()).lower()
    model = TOTPDevice if code.isdecimal() and len(code) == 6 else StaticDevice
    for device in model.objects.devices_for_user(user, confirmed=True):
        if verify_token(user, device.persistent_id, code):
            return device
    return None


def new_app(user):
    """Return the app that is being set up: without effect until a code of it is given."""
    return TOTPDevice.objects.get_or_create(user=user, confirmed=False, defaults={"name": APP})[0]


def key_of(device):
    """Return the key of an app as people type it: letters and digits in groups of four."""
    key = b32encode(device.bin_key).decode().rstrip("=")
    return " ".join(key[n : n + 4] for n in range(0, len(key), 4))


def picture_of(device):
    """Return the QR code that such apps scan, as the address of an image that holds it."""
    return segno.make(device.config_url, error="m").svg_data_uri(scale=5, border=4, dark="#000", light="#fff")


@transaction.atomic
def confirm_app(device):
    """Let a new app count from now on; return its recovery codes."""
    device.confirmed = True
    device.save()
    return new_recovery_codes(device.user)


@transaction.atomic
def new_recovery_codes(user):
    """Return new recovery codes; the old ones are no longer good."""
    StaticDevice.objects.devices_for_user(user).delete()
    device = StaticDevice.objects.create(user=user, name=RECOVERY)
    codes = [StaticToken.random_token() for _n in range(RECOVERY_CODES)]
    StaticToken.objects.bulk_create([StaticToken(device=device, token=code) for code in codes])
    return codes


def recovery_codes_left(user):
    """Return how many recovery codes this account has not used yet."""
    return StaticToken.objects.filter(device__user=user).count()


@transaction.atomic
def remove(user):
    """Remove the second factor of an account, recovery codes and all."""
    for model in (TOTPDevice, StaticDevice):
        model.objects.devices_for_user(user).delete()
