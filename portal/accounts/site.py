"""The admin's site: its login, the page of the second factor, and what it says while the database is busy."""

import sqlite3
from functools import lru_cache, update_wrapper

import django_otp
from axes.handlers.proxy import AxesProxyHandler
from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.contrib.sessions.models import Session
from django.db import OperationalError
from django.http import HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.decorators import method_decorator
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.debug import sensitive_post_parameters

from . import second_factor, throttle
from .forms import CodeForm, LoginForm

# Seconds after which a client that was refused may ask again.
THROTTLED, BUSY = 60, 5
# Of who logged in, from where, and when: so many days are kept.
LOGINS_KEPT = 90
# How PostgreSQL says that it took too long, or met another: serialization failure, deadlock, lock not
# available, query cancelled.
BUSY_STATES = {"40001", "40P01", "55P03", "57014"}


def is_busy(error):
    """Return whether a statement failed for others' sake alone, so that it may succeed in a moment."""
    cause = error.__cause__
    # SQLite's extended codes carry the primary one in their last byte.
    code = getattr(cause, "sqlite_errorcode", 0) & 0xFF
    busy = code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
    return busy or getattr(cause, "pgcode", None) in BUSY_STATES


def purge():
    """Forget old logins, and sessions that have ended. django-axes itself forgets failures, after an hour."""
    AxesProxyHandler.reset_logs(age_days=LOGINS_KEPT)
    Session.objects.filter(expire_date__lt=timezone.now()).delete()


def too_many_tries():
    """Return what a client is told that is to wait: a page made once, as there may be many such clients."""
    return HttpResponse(too_many_tries_page(get_language()), status=429, headers={"Retry-After": THROTTLED})


@lru_cache
def too_many_tries_page(language):
    return render_to_string("admin/too_many_tries.html", {"site_header": admin.site.site_header})


class PortalAdminSite(admin.AdminSite):
    """Asks for a second factor where there is one or has to be, and has a page to set it up."""

    login_form = LoginForm
    second_factor_template = "admin/second_factor.html"

    def has_permission(self, request):
        return super().has_permission(request) and second_factor.is_satisfied(request.user)

    def get_urls(self):
        return [
            path("second-factor/", self.patient(self.second_factor), name="second_factor"),
            # In place of Django's own: patient too, and who has yet to set up a second factor may leave.
            path("login/", self.patient(self.login), name="login"),
            path("logout/", self.patient(never_cache(csrf_protect(self.logout))), name="logout"),
            *super().get_urls(),
        ]

    def admin_view(self, view, cacheable=False):
        return self.patient(super().admin_view(view, cacheable))

    def patient(self, view):
        """Answer a form that meets a busy database with what was sent, to be sent again."""

        def inner(request, *args, **kwargs):
            try:
                return view(request, *args, **kwargs)
            except OperationalError as error:
                if request.method != "POST" or not is_busy(error):
                    raise
                return self.busy(request)

        return update_wrapper(inner, view)

    def busy(self, request):
        # What the view put into the session would be saved now, and meet the same.
        request.session.modified = False
        sent = [(name, value) for name, values in request.POST.lists() for value in values]
        # A password is not written into a page, and a file cannot be.
        again = not request.FILES and not any("password" in name for name, _value in sent)
        response = TemplateResponse(
            request,
            "admin/busy.html",
            {
                **self.each_context(request),
                "title": _("The database is busy"),
                "again": again,
                "sent": [(name, value) for name, value in sent if name != "csrfmiddlewaretoken"],
            },
            status=503,
            headers={"Retry-After": BUSY},
        )
        add_never_cache_headers(response)
        return response

    @method_decorator(sensitive_post_parameters())
    @method_decorator(never_cache)
    def login(self, request, extra_context=None):
        if request.method != "POST":
            if self.must_set_up(request.user):
                return HttpResponseRedirect(reverse("admin:second_factor", current_app=self.name))
            return super().login(request, extra_context)
        if not throttle.may_try(request, LoginForm.username_of(request.POST)):
            return too_many_tries()
        response = super().login(request, extra_context)
        if response.status_code == 302:
            purge()
            throttle.remember_browser(response, request.user.get_username())
        return response

    def must_set_up(self, user):
        """Return whether this member of staff has no second factor yet, but has to."""
        known = user.is_active and user.is_staff
        return known and not second_factor.is_satisfied(user) and not second_factor.has_second_factor(user)

    @method_decorator(sensitive_post_parameters())
    @method_decorator(never_cache)
    @method_decorator(csrf_protect)
    def second_factor(self, request):
        """Set up, renew or remove the second factor of whoever is logged in."""
        user = request.user
        if not (user.is_active and user.is_staff):
            return redirect_to_login(request.get_full_path(), reverse("admin:login", current_app=self.name))
        if second_factor.has_second_factor(user):
            # Whoever has one gives a code first.
            if not user.is_verified():
                return redirect_to_login(
                    request.get_full_path(), reverse("admin:login", current_app=self.name)
                )
            return self.change_second_factor(request)
        return self.set_up_second_factor(request)

    def set_up_second_factor(self, request):
        device = second_factor.new_app(request.user)
        form = CodeForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            code = form.cleaned_data["code"].replace(" ", "")
            if django_otp.verify_token(request.user, device.persistent_id, code):
                device.refresh_from_db()
                codes = second_factor.confirm_app(device)
                django_otp.login(request, device)
                return self.second_factor_page(request, codes=codes)
            form.add_error("code", _("This is not the code that the app shows now."))
        return self.second_factor_page(
            request,
            form=form,
            key=second_factor.key_of(device),
            picture=second_factor.picture_of(device),
            required=not self.has_permission(request),
        )

    def change_second_factor(self, request):
        if request.method == "POST" and "renew" in request.POST:
            return self.second_factor_page(request, codes=second_factor.new_recovery_codes(request.user))
        if request.method == "POST" and "remove" in request.POST:
            second_factor.remove(request.user)
            return HttpResponseRedirect(reverse("admin:second_factor", current_app=self.name))
        return self.second_factor_page(request, left=second_factor.recovery_codes_left(request.user))

    def second_factor_page(self, request, **context):
        request.current_app = self.name
        context = {**self.each_context(request), "title": _("Second factor"), **context}
        # Of the records nothing is to be had yet.
        context["is_nav_sidebar_enabled"] = context["has_permission"]
        return TemplateResponse(request, self.second_factor_template, context)
