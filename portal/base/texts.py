"""Small pieces of running text: numbers and lists in words."""

from collections.abc import Iterable

from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

NUMBERS = (
    gettext_lazy("no"),
    gettext_lazy("one"),
    gettext_lazy("two"),
    gettext_lazy("three"),
    gettext_lazy("four"),
    gettext_lazy("five"),
    gettext_lazy("six"),
    gettext_lazy("seven"),
    gettext_lazy("eight"),
    gettext_lazy("nine"),
    gettext_lazy("ten"),
    gettext_lazy("eleven"),
    gettext_lazy("twelve"),
)


def in_words(number: int) -> str:
    """Return a number as running text has it: in words up to twelve, then in figures."""
    return str(NUMBERS[number]) if number < len(NUMBERS) else str(number)


def all_of(parts: Iterable[object]) -> str:
    """Return "2010 and 2016" or "a, b and c"."""
    return get_text_list([str(part) for part in parts], _("and"))


def any_of(parts: Iterable[object]) -> str:
    """Return "2010 or 2016" or "a, b or c"."""
    return get_text_list([str(part) for part in parts], _("or"))
