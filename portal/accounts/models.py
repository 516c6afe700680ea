"""Of whom a second factor is required. The factors themselves are records of django-otp."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Requirement(models.Model):
    """That an account, or every account, may edit only with a second factor."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        verbose_name=_("account"),
        null=True,
        blank=True,
        related_name="+",
        help_text=_("Leave it empty to require a second factor of everybody."),
    )

    class Meta:
        verbose_name = _("required second factor")
        verbose_name_plural = _("required second factors")

    def __str__(self):
        return str(self.user or _("everybody"))
