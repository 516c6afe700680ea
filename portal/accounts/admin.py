"""Accounts, with their second factor; of whom one is required. Only a superuser changes either."""

from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import User
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django_otp.plugins.otp_totp.models import TOTPDevice

from . import second_factor
from .models import Requirement


class AccountAdmin(UserAdmin):
    """Django's, which says who has a second factor, requires one, and resets one that was lost."""

    list_display = [*UserAdmin.list_display, "has_app", "is_required"]
    actions = ["require_second_factor", "reset_second_factor"]

    def get_queryset(self, request):
        apps = TOTPDevice.objects.filter(user=OuterRef("pk"), confirmed=True)
        required = Requirement.objects.filter(user=OuterRef("pk"))
        return super().get_queryset(request).annotate(has_app=Exists(apps), is_required=Exists(required))

    @admin.display(boolean=True, description=_("second factor"))
    def has_app(self, user):
        return user.has_app

    @admin.display(boolean=True, description=_("required"))
    def is_required(self, user):
        return user.is_required

    def has_superuser_permission(self, request):
        return request.user.is_superuser

    @admin.action(description=_("Require a second factor"), permissions=["superuser"])
    def require_second_factor(self, request, accounts):
        for account in accounts:
            Requirement.objects.get_or_create(user=account)
        self.say(
            request,
            ngettext(
                "%d account has to have a second factor.", "%d accounts have to have one.", len(accounts)
            ),
            accounts,
        )

    @admin.action(
        description=_("Reset the second factor, as when a telephone is lost"), permissions=["superuser"]
    )
    def reset_second_factor(self, request, accounts):
        for account in accounts:
            second_factor.remove(account)
            self.log_change(request, account, str(_("Second factor reset.")))
        self.say(
            request,
            ngettext("%d second factor was reset.", "%d second factors were reset.", len(accounts)),
            accounts,
        )

    def say(self, request, text, accounts):
        self.message_user(request, text % len(accounts), messages.SUCCESS)


admin.site.unregister(User)
admin.site.register(User, AccountAdmin)


@admin.register(Requirement)
class RequirementAdmin(admin.ModelAdmin):
    """Of whom a second factor is required. No group has the right to it: superusers alone change it."""

    autocomplete_fields = ["user"]
    list_display = ["__str__"]
    list_select_related = ["user"]
