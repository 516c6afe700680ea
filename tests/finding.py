"""What the tests of the support finder share: lines as Figure 16 might have printed them, and questions."""

from support_programs.finder.rules import Question, assess
from support_programs.finder.words import answer_columns
from support_programs.models import SupportProgram

# Lines of Figure 16, and what it might have printed: (cap, per case, SME, middle, large, companies, purpose).
LINES = {
    "development": (200_000_000, False, 75, 66, 33, 2, "development"),
    "prototype": (20_000_000, False, 60, 60, 60, 1, "prototype"),
    "patent": (2_000_000, True, 70, 70, 70, 1, "property"),
    "overseas": (5_000_000, False, 70, 70, 70, 3, "marketing"),
    "transfer": (7_000_000, False, None, None, None, 1, "transfer"),
    "idea": (3_000_000, False, 70, 70, 70, 5, "idea"),
    "SMEs only": (10_000_000, False, 50, None, None, None, ""),
    "two sizes": (10_000_000, False, 50, 50, None, 1, ""),
    "no cap": (None, False, 60, 60, 60, 1, "training"),
    "nothing printed": (None, False, None, None, None, None, ""),
}


FIELDS = ("cap_krw", "per_case", "rate_sme", "rate_middle", "rate_large", "min_companies", "purpose")


def line(name):
    return SupportProgram(**dict(zip(FIELDS, LINES[name], strict=True)))


def question(**asked):
    return Question(**asked | {"purposes": tuple(asked.get("purposes", ()))})


def columns_of(line, asked):
    """Return what a file says of the answer of a line."""
    return answer_columns(line, asked, assess(line, asked))
