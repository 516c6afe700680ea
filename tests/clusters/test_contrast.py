"""Contrast as WCAG measures it, and the grounds that a family's colours must be told from."""

import re

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError

from clusters.contrast import DARK_GROUNDS, LIGHT_GROUNDS, contrast, readable_on_dark, readable_on_light

STYLES = settings.BASE_DIR / "static" / "css"
# What a mark's number is written in, and what marks lie on, by the names of the style sheets.
NUMBER, GROUNDS = "on-accent", ("sea", "land", "step-0", "step-3")


def tokens():
    """Return {name: colour} of the light and of the dark scheme."""
    light, dark = {}, {}
    for name in ("portal", "map"):
        style = (STYLES / f"{name}.css").read_text()
        for scheme, block in re.findall(
            r"(^|prefers-color-scheme: dark\) \{\s*):root \{(.*?)\}", style, re.S | re.M
        ):
            (dark if scheme else light).update(re.findall(r"--([\w-]+): (#\w{6});", block))
    return light, dark


@pytest.mark.parametrize(("scheme", "grounds"), [(0, LIGHT_GROUNDS), (1, DARK_GROUNDS)])
def test_the_grounds_are_the_colours_of_the_style_sheets(scheme, grounds):
    colours = tokens()[scheme]
    wanted = {colours[name]: 3 for name in GROUNDS} | {colours[NUMBER]: 4.5}
    assert grounds == wanted


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000000", "#ffffff", 21),
        ("#ffffff", "#ffffff", 1),
        ("#777777", "#ffffff", 4.48),
        ("#ff0000", "#0000ff", 2.15),
    ],
)
def test_contrast_is_that_of_wcag(one, other, ratio):
    assert contrast(one, other) == contrast(other, one) == pytest.approx(ratio, abs=0.01)


@pytest.mark.parametrize(
    ("validate", "colour", "message"),
    [
        (readable_on_light, "#ffff00", "Its contrast to #ffffff is 1.1 to 1; it must be 4.5 to 1 at least."),
        (readable_on_light, "#4477aa", "Its contrast to #98bddc is 2.4 to 1; it must be 3 to 1 at least."),
        (readable_on_dark, "#1e4c9c", "Its contrast to #0a1a2a is 2.2 to 1; it must be 4.5 to 1 at least."),
        (readable_on_light, "teal", "Write a colour as # and six digits of 0-9 and a-f, such as #1e4c9c."),
        (readable_on_light, "#FFF", "Write a colour as # and six digits of 0-9 and a-f, such as #1e4c9c."),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_reason(validate, colour, message):
    with pytest.raises(ValidationError) as refused:
        validate(colour)
    assert refused.value.messages == [message]
