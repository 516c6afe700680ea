"""What the numbers of a printed table imply of each other, and whether they hold. Exact decimals, no floats.

A rounded number stands for all that would be printed alike: 53.2 for 53.15 to 53.25. What a table implies is
computed on these intervals, so that a total that only rounding keeps from its sum is told from a wrong one.
Counts are exact.
"""

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext

from portal.korea import CURRENCY

NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
# A value keeps so many decimals; any that are printed beyond them are zeros.
MAX_PLACES = 6
# Digits in which is computed: values of 20 digits, divided by each other, and a few decimals.
PRECISION = 60
# Whole numbers of these units were rounded before they were printed; of any other they are counts.
ROUNDED_UNITS = re.compile(rf"billion|million|thousand|%|percent|dollar|USD|{CURRENCY}|€|EUR", re.IGNORECASE)


@dataclass(frozen=True)
class Printed:
    """A number as printed, with how many decimals it has and whether it was rounded."""

    value: Decimal
    places: int = 0
    rounded: bool = False

    @property
    def interval(self):
        half = Decimal(5).scaleb(-self.places - 1) if self.rounded else Decimal(0)
        return self.value - half, self.value + half


@dataclass(frozen=True)
class Finding:
    """A number that is not what its table implies: where it stands, the print and the computed value.

    ``row`` and ``column`` are keys. ``computed`` has the decimals of the print, a quotient one more.
    ``by_rounding`` says that rounding alone can explain the difference.
    """

    row: str
    column: str
    printed: Decimal
    computed: Decimal
    by_rounding: bool

    @property
    def difference(self):
        return self.printed - self.computed


def read(value, as_printed, unit):
    """Return the Printed number of a cell: ``value`` with the decimals that ``as_printed`` shows of it."""
    places = max(0, -value.normalize().as_tuple().exponent)
    for found in NUMBER.findall(as_printed):
        if Decimal(found.replace(",", "")) == abs(value):
            places = min(len(found.partition(".")[2]), MAX_PLACES)
            break
    return Printed(value, places, rounded=places > 0 or bool(ROUNDED_UNITS.search(unit)))


def check(grid, *, axis, kind, result, operands, whole="", only=()):
    """Return a Finding for each line in which the relation does not hold exactly.

    ``grid`` is {(row key, column key): Printed}. With ``axis`` "columns" the column ``result`` should follow
    from the columns ``operands`` in every row (or in the rows ``only``); with "rows" the other way round.
    ``kind`` is a value of TableRelation.Kind. Lines without all the numbers imply nothing; a sum needs at
    least two of its operands, as an empty cell adds nothing.
    """
    if axis == "columns":
        grid = {(column, row): number for (row, column), number in grid.items()}
    across = only or list(dict.fromkeys(other for _line, other in grid))
    additive, findings = kind in ADDITIVE, []
    with localcontext(prec=PRECISION):
        for other in across:
            printed = grid.get((result, other))
            terms = [grid[line, other] for line in operands if (line, other) in grid]
            if kind == "share" and (operands[0], whole) in grid:
                terms.append(grid[operands[0], whole])
            if printed is None or len(terms) < (2 if kind == "sum" else max(2, len(operands))):
                continue
            outcome = compute(kind, terms)
            if outcome is None:
                continue
            exact, low, high = outcome
            # Everything but sums and differences of counts is printed rounded to its own decimals.
            places = max(number.places for number in (printed, *terms)) if additive else printed.places
            computed = exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
            if computed == printed.value:
                continue
            bottom, top = Printed(printed.value, printed.places, printed.rounded or not additive).interval
            if not additive:
                # A digit more than printed shows why it does not round to the print.
                computed = exact.quantize(Decimal(1).scaleb(-places - 1), ROUND_HALF_UP)
            place = (other, result) if axis == "columns" else (result, other)
            by_rounding = low <= top and bottom <= high
            findings.append(Finding(*place, printed.value, computed, by_rounding))
    return findings


ADDITIVE = ("sum", "difference")


def compute(kind, terms):
    """Return (value, lowest, highest) of a relation over Printed terms; None where it divides by nothing."""
    values = [term.value for term in terms]
    lows, highs = zip(*(term.interval for term in terms), strict=True)
    if kind == "sum":
        return sum(values), sum(lows), sum(highs)
    if kind == "difference":
        return values[0] - values[1], lows[0] - highs[1], highs[0] - lows[1]
    if kind == "growth":
        # From the first to the second.
        ratio = divide(1, 0, values, lows, highs)
        return ratio and tuple((part - 1) * 100 for part in ratio)
    ratio = divide(0, 1, values, lows, highs)
    return ratio and tuple(part * (1 if kind == "ratio" else 100) for part in ratio)


def divide(top, bottom, values, lows, highs):
    """Return (quotient, lowest, highest); None where the divisor may be nothing or less."""
    if lows[bottom] <= 0:
        return None
    corners = [a / b for a in (lows[top], highs[top]) for b in (lows[bottom], highs[bottom])]
    return values[top] / values[bottom], min(corners), max(corners)
