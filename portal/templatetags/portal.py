"""What templates need beyond Django's own tags."""

from django import template
from django.utils.html import format_html_join
from django.utils.safestring import mark_safe

register = template.Library()

CHECKED = mark_safe(" checked")


@register.simple_tag
def count_of(noun, count):
    """Return the number of records in words ("1 mini cluster"); ``noun`` is a lazy plural of ``count``."""
    return noun % {"count": count}


@register.simple_tag
def checkboxes(facet):
    """Return the choices of a facet as ticked or unticked boxes with their counts.

    A hundred and more stand on every list page; a template loop over them took most of its time.
    """
    return format_html_join(
        "",
        '<label><input type="checkbox" id="{0}-{1}" name="{0}" value="{1}"{2}> {3}'
        ' <span class="count">{4}</span></label>',
        (
            (facet.name, choice.value, CHECKED if choice.selected else "", choice.label, choice.count)
            for choice in facet.choices
        ),
    )


@register.filter
def won(amount):
    """Return an amount of KRW as the documents write it: "KRW 20 million"; empty for None."""
    if amount is None:
        return ""
    if amount and amount % 1_000_000 == 0:
        return f"KRW\xa0{amount // 1_000_000:,}\xa0million"
    return f"KRW\xa0{amount:,}"
