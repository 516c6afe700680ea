"""Amounts in the currency of the country, in words and in figures."""

from decimal import Decimal
from fractions import Fraction

from portal.korea import CURRENCY


def in_millions(amount: int | None) -> str:
    """Return an amount as the documents write it: "KRW 20 million", unbroken; empty for None."""
    if amount is None:
        return ""
    if amount and amount % 1_000_000 == 0:
        return f"{CURRENCY}\xa0{amount // 1_000_000:,}\xa0million"
    return unbroken(in_figures(amount))


def in_figures(amount: int | Decimal | Fraction) -> str:
    """Return an amount in figures; hundredths only where there are any."""
    return f"{CURRENCY} {amount:,.2f}" if amount % 1 else f"{CURRENCY} {int(amount):,}"


def unbroken(text: str) -> str:
    """Return a text in which no line break parts an amount from its currency."""
    return text.replace(f"{CURRENCY} ", f"{CURRENCY}\xa0")
