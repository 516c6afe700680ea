"""How often somebody may try to log in. Asked before a password is hashed, which costs a third of a second.

A browser that has logged in to an account before carries a signed cookie that says so, and is counted apart
("device cookies", as OWASP describes them). So whoever guesses at an account from many addresses is slowed,
and its owner is not locked out by it.

The counts are of one process and of its lifetime. The locks that django-axes keeps, of an account for an
address, are in the database.
"""

import secrets
import threading
from time import monotonic

from axes.handlers.proxy import AxesProxyHandler
from cachetools import TTLCache
from django.conf import settings
from django.urls import reverse

from portal.base.work import household

# A year, in seconds.
COOKIE, COOKIE_AGE = "known_browser", 365 * 24 * 3600
# So many addresses or accounts are counted at once; of more, those that were heard of longest ago start anew.
MAX_KEYS = 20_000
# Seconds to wait for another password to be hashed. Who waits holds a thread of the server.
PATIENCE = 1


class Rate:
    """At most so many tries in so many seconds for each key, all at once or evenly apart (GCRA)."""

    def __init__(self, tries, seconds):
        self.seconds, self.apart = seconds, seconds / tries
        self.clear()

    def clear(self):
        # By key: until when its tries are used up. After ``seconds`` all are there again.
        self.used = TTLCache(MAX_KEYS, self.seconds, timer=lambda: monotonic())
        self.lock = threading.Lock()

    def take(self, key=""):
        """Return whether one more try is allowed, and count it if it is."""
        with self.lock:
            now = monotonic()
            until = max(self.used.get(key, now), now) + self.apart
            # A hair's breadth for what adding does to fractions.
            if until - now > self.seconds + 0.001:
                return False
            self.used[key] = until
            return True


BY_ADDRESS = Rate(10, 60)
BY_BROWSER = Rate(10, 600)
# Of all browsers that never logged in before: to one account in an hour, and to any in a minute. The latter
# bounds what strangers may cost, at 0.3 s of a processor each.
BY_ACCOUNT = Rate(30, 3600)
BY_STRANGERS = Rate(30, 60)
# One password at a time, so that many at once take no more than one processor.
hashing = threading.BoundedSemaphore()


def address_of(request):
    """Return what counts as one client, by its address; None without one. AXES_CLIENT_IP_CALLABLE."""
    return household(request.META.get("REMOTE_ADDR", "")) or None


def known_browser(request, username):
    """Return what the cookie of a browser that logged in to this account before says, or None."""
    if COOKIE not in request.COOKIES:
        return None
    name, _, token = request.get_signed_cookie(COOKIE, "", salt=COOKIE, max_age=COOKIE_AGE).rpartition(" ")
    return token if token and name == username else None


def is_known(request, credentials):
    """Return whether django-axes shall not lock this browser out of this account: AXES_WHITELIST_CALLABLE."""
    return known_browser(request, (credentials or {}).get("username")) is not None


def remember_browser(response, username):
    """Let this browser be counted apart when it logs in to this account again."""
    response.set_signed_cookie(
        COOKIE,
        f"{username} {secrets.token_urlsafe(12)}",
        salt=COOKIE,
        max_age=COOKIE_AGE,
        path=reverse("admin:index"),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def may_try(request, username):
    """Return whether this client may try a password for this account now, and count the try.

    Quickest first: most of those who are refused are refused by their address, without a query.
    """
    if browser := known_browser(request, username):
        return BY_BROWSER.take(browser)
    if not BY_ADDRESS.take(address_of(request)):
        return False
    # Whom django-axes has locked out of this account costs nothing, and takes nothing from the others.
    if not AxesProxyHandler.is_allowed(request, {"username": username}):
        return True
    return BY_ACCOUNT.take(username) and BY_STRANGERS.take()
