"""What templates need beyond Django's own tags."""

from html import escape

from django import template
from django.utils.safestring import mark_safe

register = template.Library()


@register.simple_tag
def count_of(noun, count):
    """Return the number of records in words ("1 mini cluster"); ``noun`` is a lazy plural of ``count``."""
    return noun % {"count": count}


@register.simple_tag
def checkboxes(facet):
    """Return the choices of a facet as ticked or unticked boxes with their counts.

    A hundred and more stand on every list page; a template loop over them took most of its time.
    """
    name = escape(facet.name)
    return mark_safe(  # noqa: S308 - every value is escaped
        "".join(
            f'<label><input type="checkbox" id="{name}-{escape(choice.value)}" name="{name}"'
            f' value="{escape(choice.value)}"{" checked" if choice.selected else ""}>'
            f' {escape(str(choice.label))} <span class="count">{choice.count}</span></label>'
            for choice in facet.choices
        )
    )


@register.filter
def won(amount):
    """Return an amount of KRW as the documents write it: "KRW 20 million"; empty for None."""
    if amount is None:
        return ""
    if amount and amount % 1_000_000 == 0:
        return f"KRW\xa0{amount // 1_000_000:,}\xa0million"
    return f"KRW\xa0{amount:,}"
