"""The login: name and password and, of an account with a second factor, a code."""

from django import forms
from django.contrib.admin.forms import AdminAuthenticationForm
from django.utils.translation import gettext_lazy as _

from . import second_factor, throttle


class CodeForm(forms.Form):
    """A code of the app."""

    code = forms.CharField(
        label=_("Code"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "spellcheck": "false"}),
    )


class LoginForm(AdminAuthenticationForm):
    """Django's, which asks first whether this client may try, and last for a code."""

    error_messages = AdminAuthenticationForm.error_messages | {
        # One text for all that may be wrong: it does not say whether the password was right.
        "invalid_login": _(
            "Please enter the correct %(username)s and password for a staff account and, if it has a second "
            "factor, a code that was not used before. Note that both fields may be case-sensitive."
        ),
        "throttled": _("There were too many tries. Please wait a minute, then try again."),
    }
    code = forms.CharField(
        label=_("Code"),
        required=False,
        max_length=20,
        help_text=_("From your app, or a recovery code. Leave it empty if your account has none."),
        widget=CodeForm.base_fields["code"].widget,
    )

    def clean(self):
        username, password = self.cleaned_data.get("username"), self.cleaned_data.get("password")
        if username is None or not password:
            return self.cleaned_data
        if not throttle.may_try(self.request, username):
            raise self.refusal("throttled")
        if not throttle.hashing.acquire(timeout=throttle.PATIENCE):
            raise self.refusal("throttled")
        try:
            return super().clean()
        finally:
            throttle.hashing.release()

    def confirm_login_allowed(self, user):
        super().confirm_login_allowed(user)
        if second_factor.has_second_factor(user):
            # django-otp takes it over into the session.
            user.otp_device = second_factor.accept(user, self.cleaned_data.get("code") or "")
            if not user.otp_device:
                raise self.get_invalid_login_error()

    def refusal(self, code):
        return forms.ValidationError(self.error_messages[code], code=code)
