"""The rules of the support finder: what a line of Figure 16 answers to a project.

All of it is read from briefing-2016, Figure 16: its column "Annual Subsidies" is the cap (KRW; a year or,
where so printed, per case), "Amount (of the Total)" the rate (percent of the cost), "Requirements" the least
number of companies. Caps and rates "or less" are upper bounds, so that each subsidy here is the largest
possible and each own share the smallest. A line is anything with the fields of SupportProgram; all sums are
exact.
"""

import re
import unicodedata
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from portal.korea import CURRENCY, CURRENCY_SIGNS, CURRENCY_WORDS, NUMERALS

# A cost above it is refused: it is over a million times the largest cap.
MAX_COST = 10**15
SIZES = ("sme", "middle", "large")
# What a cell of the figure holds, if it is not empty.
PRINTED_SIGNS = {"cap": CURRENCY, "rate": "%", "companies": "or more"}
# What an amount may be followed by, in English and in the language of the country.
UNITS = {
    "thousand": 10**3,
    "million": 10**6,
    "billion": 10**9,
    "trillion": 10**12,
    **NUMERALS,
}
SIGN, WORD = "|".join(CURRENCY_SIGNS), "|".join(CURRENCY_WORDS)
# "3억 5천만원": two parts or more, each smaller than the unit before it.
PART = re.compile(rf"([0-9]{{1,3}}(?:,[0-9]{{3}})+|[0-9]+) ?({'|'.join(NUMERALS)})", re.ASCII)
PARTS = re.compile(rf"(?:{SIGN})? ?(?:{PART.pattern} ?){{2,}}(?:{WORD})?", re.ASCII | re.IGNORECASE)
AMOUNT = re.compile(
    rf"(?:{SIGN})? ?"
    r"(?P<number>[-+−]? ?(?:[0-9]{1,3}(?:(?P<mark>[ ,_])[0-9]{3})(?:(?P=mark)[0-9]{3})*|[0-9]+))"
    rf"(?P<places>\.[0-9]+)? ?(?P<unit>{'|'.join(UNITS)})? ?(?:{WORD})?",
    # ASCII: else an "ı" without its dot would pass for the "i" of "million", which is no key of UNITS.
    re.ASCII | re.IGNORECASE,
)


class Verdict(StrEnum):
    """Of a clause, or of the line as a whole; in the order in which a list shows them."""

    MET = "met"
    NOT_STATED = "not-stated"
    NOT_MET = "not-met"


@dataclass(frozen=True)
class Question:
    """What is asked; each part may be left open."""

    # How many apply together.
    companies: int | None = None
    # One of SIZES.
    size: str = ""
    # Any of these will do.
    purposes: tuple = ()
    # The whole project, in KRW.
    cost: int | None = None

    @property
    def asked(self):
        """Return whether a line can answer it: a purpose alone only chooses among the lines."""
        return bool(self.companies is not None or self.size or self.cost is not None)


@dataclass(frozen=True)
class Subsidy:
    """The most that a line pays of a cost, in whole KRW. Figure 16: a rate of the total, held by a cap."""

    # Of whom; "" where one rate holds for companies of every size.
    size: str
    # Percent.
    rate: int
    cost: int
    cap: int | None

    @property
    def share(self):
        """Return the rate of the cost, exactly: hundredths of a won may be left over."""
        return Decimal(self.rate * self.cost).scaleb(-2)

    @property
    def amount(self):
        """Return the largest subsidy: the share, a fraction of a won dropped, and no more than the cap."""
        share = self.rate * self.cost // 100
        return share if self.cap is None else min(share, self.cap)

    @property
    def own_share(self):
        """Return what remains for the applicant at least."""
        return self.cost - self.amount


@dataclass(frozen=True)
class Answer:
    """What a line answers: a verdict on each clause that was asked about, and the sums of a cost."""

    # {"companies", "size", "purpose" or "cost": verdict}
    clauses: dict = field(default_factory=dict)
    # One; or one a size, where the size was left open and the rates differ.
    subsidies: tuple = ()

    @property
    def verdict(self):
        """Return the verdict of the line, which one clause not met rules out; None if nothing is asked."""
        return self.verdict_without(None)

    def verdict_without(self, clause):
        """Return the verdict of the line, this clause left out of account."""
        found = {verdict for name, verdict in self.clauses.items() if name != clause}
        return next((verdict for verdict in reversed(Verdict) if verdict in found), None)

    def clauses_that_are(self, verdict):
        """Return the names of the clauses with this verdict."""
        return [name for name, own in self.clauses.items() if own == verdict]


def assess(line, question):
    """Return the Answer of a line to a question; an empty one if nothing is asked."""
    if not question.asked:
        return Answer()
    clauses, subsidies = {}, ()
    if question.companies is not None:
        clauses["companies"] = companies_verdict(line, question.companies)
    if question.size:
        clauses["size"] = size_verdict(line, question.size)
    if question.purposes:
        clauses["purpose"] = purpose_verdict(line, question.purposes)
    if question.cost is not None:
        subsidies = subsidies_of(line, question.size, question.cost)
        clauses["cost"] = Verdict.MET if subsidies else Verdict.NOT_STATED
    return Answer(clauses, subsidies)


def companies_verdict(line, companies):
    """Return whether so many may apply together ("Requirements": "Two companies or more")."""
    if line.min_companies is None:
        return Verdict.NOT_STATED
    return Verdict.MET if companies >= line.min_companies else Verdict.NOT_MET


def size_verdict(line, size):
    """Return whether a company of this size is paid for: whether the figure prints a rate for it."""
    rates = rates_of(line)
    if not rates:
        return Verdict.NOT_STATED
    return Verdict.MET if size in rates else Verdict.NOT_MET


def purpose_verdict(line, purposes):
    """Return whether the line is for one of these purposes, which editors gave to it."""
    if not line.purpose:
        return Verdict.NOT_STATED
    return Verdict.MET if line.purpose in purposes else Verdict.NOT_MET


def rates_of(line):
    """Return {size: percent} of the printed rates."""
    rates = {size: getattr(line, f"rate_{size}") for size in SIZES}
    return {size: rate for size, rate in rates.items() if rate is not None}


def subsidies_of(line, size, cost):
    """Return what the line pays of a cost (KRW), for this size or for each; none without a printed rate."""
    rates = rates_of(line)
    if line.has_one_rate:
        rates = {"": line.rate_sme}
    elif size:
        rates = {size: rates[size]} if size in rates else {}
    return tuple(Subsidy(of, rate, cost, line.cap_krw) for of, rate in rates.items())


def merged_clauses(line):
    """Return the clauses that rest on a cell left empty in the line's row, and perhaps merged with another.

    The figure draws no lines between its rows: how far a cell reaches is the editor's reading, which the note
    explains. What the record has and the printed row has not was read so; what neither has was not.
    """
    if not line.as_printed:
        return set()
    empty = {cell for cell, sign in PRINTED_SIGNS.items() if sign not in line.as_printed}
    clauses = {"companies": {"companies"}, "size": {"rate"}, "cost": {"cap", "rate"}}
    return {name for name, cells in clauses.items() if cells & empty}


def read_amount(text):
    """Return an amount as typed, "30,000,000" or "KRW 30 million" or "3억 5천만원", as a Fraction of KRW.

    Raises ValueError if it cannot be read: "30.000" may mean thousands, so a point needs a unit after it, and
    "10²" is not 102.
    """
    if any(character.isdigit() and not character.isdecimal() for character in text):
        raise ValueError(text)
    text = " ".join(unicodedata.normalize("NFKC", text).split())
    if PARTS.fullmatch(text):
        return sum_of_parts(text)
    found = AMOUNT.fullmatch(text)
    if not found or (found["places"] and not found["unit"]):
        raise ValueError(text)
    digits = re.sub(r"[ ,_+]", "", found["number"]).replace("−", "-")
    unit = UNITS[found["unit"].lower()] if found["unit"] else 1
    return Fraction(digits + (found["places"] or "")) * unit


def sum_of_parts(text):
    """Return "3억 5천만" as a Fraction of KRW.

    Raises ValueError where a part is not smaller than the unit before it.
    """
    total, last = Fraction(0), None
    for digits, unit in PART.findall(text):
        amount = int(digits.replace(",", "")) * UNITS[unit]
        if last is not None and amount >= last:
            raise ValueError(text)
        total, last = total + amount, UNITS[unit]
    return total
