"""The login: name and password and, of an account with a second factor, a code."""

from django import forms
from django.contrib.admin.forms import AdminAuthenticationForm
from django.core.validators import MaxLengthValidator
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
    """Django's, which checks one password at a time, and then the code."""

    error_messages = AdminAuthenticationForm.error_messages | {
        # One text for all that may be wrong: it does not say whether the password was right.
        "invalid_login": _(
            "Please enter the correct %(username)s and password for a staff account and, if it has a second "
            "factor, a code that was not used before. Capital and small letters differ in name and password."
        ),
        "too_many": _("Others are logging in just now. Please try again."),
    }
    code = forms.CharField(
        label=_("Code"),
        required=False,
        max_length=20,
        help_text=_("From your app, or a recovery code. Leave it empty if your account has none."),
        widget=CodeForm.base_fields["code"].widget,
    )

    def __init__(self, *arguments, **named):
        super().__init__(*arguments, **named)
        # Django writes this length into the page, and checks nothing. Without end it would be remembered.
        name = self.fields["username"]
        name.validators.append(MaxLengthValidator(name.max_length))

    @classmethod
    def username_of(cls, sent):
        """Return whose password is tried: the name as the form reads it, "" where it would refuse it.

        It takes off spaces and brings letters into one form, so that one account has names without number.
        """
        try:
            return cls().fields["username"].clean(sent.get("username", ""))
        except forms.ValidationError:
            return ""

    def clean(self):
        # Nothing is checked of what is incomplete.
        if not (self.cleaned_data.get("username") and self.cleaned_data.get("password")):
            return self.cleaned_data
        if not throttle.hashing.acquire(timeout=throttle.PATIENCE):
            raise forms.ValidationError(self.error_messages["too_many"], code="too_many")
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
