"""Whether a colour can be told from what it lies on: the contrast of WCAG 2.2 (criteria 1.4.3 and 1.4.11)."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

HEX = r"#[0-9a-f]{6}"
# The colour of the number in a mark, and what marks lie on: the sea, the land and its regions (portal.css and
# map.css; a test compares them), each with the ratio that is wanted: 4.5 for text, 3 for shapes. The deepest
# step of the regions is left out, as only near black or white were told from it: there the mark's edge is.
LIGHT_GROUNDS = {"#ffffff": 4.5, "#e8eef4": 3, "#98bddc": 3}
DARK_GROUNDS = {"#0a1a2a": 4.5, "#161e27": 3, "#27323e": 3, "#32597f": 3}


def luminance(colour):
    """Return the relative luminance, 0 to 1, of a colour like "#1e4c9c"."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    """Return the contrast ratio of two colours, 1 to 21."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def readable_on_light(colour):
    """Raise ValidationError unless this is a colour that can be told in the light scheme and on paper."""
    check(colour, LIGHT_GROUNDS)


def readable_on_dark(colour):
    """Raise ValidationError unless this is a colour that can be told in the dark scheme."""
    check(colour, DARK_GROUNDS)


def check(colour, grounds):
    """Raise ValidationError for what is no colour, or one that lacks contrast to a ground."""
    if not re.fullmatch(HEX, colour):
        raise ValidationError(_("Write a colour as # and six digits of 0-9 and a-f, such as #1e4c9c."))
    for ground, least in grounds.items():
        if (ratio := contrast(colour, ground)) < least:
            raise ValidationError(
                _("Its contrast to %(ground)s is %(ratio).1f to 1; it must be %(least)s to 1 at least."),
                params={"ground": ground, "ratio": ratio, "least": least},
            )
