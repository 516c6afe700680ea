"""What a line answers to the finder's question, in words: the same on the pages and in the files."""

from dataclasses import dataclass

from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from portal.base.money import in_figures
from portal.base.querysets import SEPARATOR

from .rules import Verdict, merged_clauses, rates_of


class Fit(models.TextChoices):
    """The verdict on a line as a whole, in the order in which a list shows them."""

    MET = Verdict.MET.value, gettext_lazy("fits")
    NOT_STATED = Verdict.NOT_STATED.value, gettext_lazy("cannot be told from the source")
    NOT_MET = Verdict.NOT_MET.value, gettext_lazy("does not fit")


CLAUSES = {
    "companies": gettext_lazy("Companies"),
    "size": gettext_lazy("Size"),
    "purpose": gettext_lazy("What for"),
    "cost": gettext_lazy("Cost"),
}
VERDICTS = {
    Verdict.MET: gettext_lazy("met"),
    Verdict.NOT_MET: gettext_lazy("not met"),
    Verdict.NOT_STATED: gettext_lazy("not stated in the source"),
}
# The columns of a file that answer the question; empty where nothing is asked.
ANSWER_COLUMNS = (
    "verdict",
    "unmet_clauses",
    "unstated_clauses",
    "reasons",
    "subsidy_krw",
    "own_share_krw",
    "arithmetic",
)


@dataclass(frozen=True)
class Clause:
    """The verdict on one clause: its words, the reason, and the remark that it rests on a merged cell."""

    label: str
    verdict: Verdict
    words: str
    reason: str
    merged: str

    @property
    def in_words(self):
        return f"{self.label}: {self.words}. {self.reason} {self.merged}".rstrip()


@dataclass(frozen=True)
class Sum:
    """What is paid at most of a cost, in KRW, and how it is reckoned; ``of`` is a size, or empty for all."""

    of: str
    amount: int
    own_share: int
    arithmetic: str

    @property
    def in_words(self):
        return f"{self.of}: {self.arithmetic}" if self.of else self.arithmetic


@dataclass(frozen=True)
class AnswerText:
    """An answer in words. ``names`` are those of the clauses, by verdict."""

    fit: Fit
    clauses: list
    sums: list
    names: dict


def answer_text(line, question, answer):
    """Return the Answer of a line to a question in words; None if nothing is asked."""
    if answer is None or answer.verdict is None:
        return None
    merged = merged_clauses(line)
    return AnswerText(
        fit=Fit(answer.verdict),
        clauses=[
            Clause(
                label=CLAUSES[name],
                verdict=verdict,
                words=VERDICTS[verdict],
                reason=REASONS[name](line, question, verdict, answer.subsidies),
                merged=merged_in_words(verdict) if name in merged else "",
            )
            for name, verdict in answer.clauses.items()
        ],
        sums=[
            Sum(capfirst(size_label(line, one.size)), one.amount, one.own_share, arithmetic(line, one))
            for one in answer.subsidies
        ],
        names={verdict: answer.clauses_that_are(verdict) for verdict in Verdict},
    )


def merged_in_words(verdict):
    if verdict == Verdict.NOT_STATED:
        return _("Perhaps a merged cell.")
    return _("Read as a merged cell.")


def answer_columns(line, question, answer):
    """Return {column: text or whole KRW} of the answer, for a file; None where there is nothing to say.

    Where the sum depends on a size that was not given, its cell holds one a size, in the order of the rates.
    """
    text = answer_text(line, question, answer)
    if text is None:
        return dict.fromkeys(ANSWER_COLUMNS)
    return {
        "verdict": text.fit.value,
        "unmet_clauses": SEPARATOR.join(text.names[Verdict.NOT_MET]),
        "unstated_clauses": SEPARATOR.join(text.names[Verdict.NOT_STATED]),
        "reasons": " ".join(clause.in_words for clause in text.clauses),
        "subsidy_krw": cell([one.amount for one in text.sums]),
        "own_share_krw": cell([one.own_share for one in text.sums]),
        "arithmetic": sums_in_words(text),
    }


def sums_in_words(text):
    """Return how the sums are reckoned, and that the line pays none of them as it is; None without a sum."""
    words = [one.in_words for one in text.sums]
    if words and text.fit == Fit.NOT_MET:
        words.insert(0, _("If all clauses were met:"))
    return " ".join(words) or None


def cell(amounts):
    """Return several amounts as one cell; one amount stays a number."""
    return amounts[0] if len(amounts) == 1 else SEPARATOR.join(map(str, amounts)) or None


def companies_reason(line, question, verdict, subsidies):
    needed, given = line.min_companies, question.companies
    if verdict == Verdict.NOT_STATED:
        return _("No number of companies is printed.")
    asked = ngettext("%(n)d company or more is asked for", "%(n)d companies or more are asked for", needed)
    asked %= {"n": needed}
    if verdict == Verdict.MET:
        applying = ngettext("%(asked)s, %(given)d applies.", "%(asked)s, %(given)d apply.", given)
        return applying % {"asked": asked, "given": given}
    n = needed - given
    missing = ngettext("%(n)d more company would meet it", "%(n)d more companies would meet it", n)
    return f"{asked}; {missing % {'n': n}}."


def size_reason(line, question, verdict, subsidies):
    rates = rates_of(line)
    if verdict == Verdict.NOT_STATED:
        return _("No rate is printed for any size.")
    if verdict == Verdict.NOT_MET:
        sizes = ", ".join(size_label(line, size) for size in rates)
        return _("A rate is printed for other applicants only: %(sizes)s.") % {"sizes": sizes}
    if line.has_one_rate:
        return _("One rate is printed, and no size: %(rate)d%% or less.") % {"rate": line.rate_sme}
    asked = {"rate": rates[question.size], "size": size_label(line, question.size)}
    return _("%(rate)d%% or less is printed for this size, %(size)s.") % asked


def purpose_reason(line, question, verdict, subsidies):
    if verdict == Verdict.NOT_STATED:
        return _("No purpose has been given to this line.")
    return _("The line is for: %(purpose)s.") % {"purpose": line.get_purpose_display()}


def cost_reason(line, question, verdict, subsidies):
    if subsidies and line.cap_krw is None:
        return _("The rate is printed, a cap is not.")
    if len(subsidies) > 1:
        return _("Rates and cap are printed; the rate depends on the size.")
    if subsidies:
        return _("Rate and cap are printed.")
    if question.size and rates_of(line):
        return _("No rate is printed for this size.")
    if line.cap_krw is None:
        return _("Neither rate nor cap is printed.")
    return _("No rate is printed; only the cap is known: %(cap)s.") % {"cap": cap_in_words(line)}


REASONS = {
    "companies": companies_reason,
    "size": size_reason,
    "purpose": purpose_reason,
    "cost": cost_reason,
}


def arithmetic(line, subsidy):
    """Return the sum spelled out: the rate of the cost, what the cap makes of it, and the own share."""
    share = subsidy.share
    parts = [
        _("%(rate)d%% of %(cost)s is %(share)s")
        % {"rate": subsidy.rate, "cost": in_figures(subsidy.cost), "share": in_figures(share)}
    ]
    if line.per_case:
        parts[0] = _("Taken as one case, %(sum)s") % {"sum": parts[0]}
    if subsidy.cap is None:
        parts.append(_("no cap is printed"))
    else:
        words = _("exactly the cap of %(cap)s")
        if share < subsidy.cap:
            words = _("below the cap of %(cap)s")
        elif share > subsidy.cap:
            words = _("above the cap of %(cap)s, so no more than the cap is paid")
        parts.append(words % {"cap": cap_in_words(line)})
    if subsidy.amount < share and subsidy.amount != subsidy.cap:
        parts.append(_("rounded down to %(amount)s") % {"amount": in_figures(subsidy.amount)})
    parts.append(_("own share %(own)s") % {"own": in_figures(subsidy.own_share)})
    return "; ".join(parts) + "."


def cap_in_words(line):
    words = _("%(cap)s per case") if line.per_case else _("%(cap)s a year")
    return words % {"cap": in_figures(line.cap_krw)}


def size_label(line, size):
    return str(line.Size(size).label) if size else ""
