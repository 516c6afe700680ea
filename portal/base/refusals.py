"""What is said to a request that is not let in: in words, and without database, style sheet or script."""

from functools import cache

from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from .answers import Answer

# {status: (heading, text, more headers)}
REFUSALS = {
    400: (_("Not understood"), _("What was sent is no request to this portal, or not a whole one."), {}),
    405: (
        _("Not allowed here"),
        _("This portal is for reading: it takes GET and HEAD."),
        {"Allow": "GET, HEAD"},
    ),
    408: (_("Too slow"), _("What was sent did not arrive in time. Please try again."), {}),
    413: (_("Too large"), _("What was sent is larger than anything this portal takes."), {}),
    429: (
        _("One moment, please"),
        _("Very much was asked from your address in a short time. Please go on in half a minute."),
        {"Retry-After": "30"},
    ),
    500: (_("Something went wrong"), _("It is our fault, and it is noted. Please try again later."), {}),
    502: (_("The admin does not answer"), _("Please try again in a moment."), {"Retry-After": "5"}),
    503: (
        _("One moment, please"),
        _("More is asked of this portal now than it can answer. Please try again in a moment."),
        {"Retry-After": "5"},
    ),
}


@cache
def refusal(status: int) -> Answer:
    """Return the answer to what is not let in: a page that needs no database, style sheet or script."""
    heading, text, more = REFUSALS[status]
    body = render_to_string("refused.html", {"heading": heading, "text": text}).encode()
    return Answer(
        status,
        {
            "Content-Type": "text/html; charset=utf-8",
            "Content-Length": str(len(body)),
            "Cache-Control": "no-store",
            "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
            "X-Frame-Options": "DENY",
            # What is left of a body is not read.
            "Connection": "close",
        }
        | more,
        body,
    )


def prepare_refusals() -> None:
    """Make all of them, so that nobody waits for it later."""
    for status in REFUSALS:
        refusal(status)
