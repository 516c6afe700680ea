"""Events and their dates."""

import pytest

from support_programs.models import (
    ProgrammeEvent,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("dates", "printed", "shown"),
    [
        ({"year": 2005, "month": 4}, "Apr. 05", ""),
        ({"year": 2005, "month": 4}, "in April 2005", ""),
        ({"year": 2008}, "since 2008", "since 2008"),
        ({"year": 2002, "end_year": 2007}, "'02~'07", ""),
        ({"year": 1960, "end_year": 1969}, "1960", "1960"),
        ({"year": 1960, "end_year": 1969}, "the 1960s", "the 1960s"),
        ({"year": 2016, "month": 7, "day": 4}, "4-8 July 2016", "4-8 July 2016"),
        ({"year": 2008, "month": 7, "day": 9}, "09 July 2008", ""),
        ({"year": 2009, "month": 7, "end_year": 2010, "end_month": 6}, "from July 2009 to June 2010", ""),
        (
            {"year": 2009, "month": 3, "day": 1, "end_year": 2010, "end_month": 2},
            "2009.3.1~2010.2.28",
            "2009.3.1~2010.2.28",
        ),
    ],
)
def test_the_printed_date_stands_where_it_says_more(dates, printed, shown):
    assert ProgrammeEvent(**dates, date_as_printed=printed).printed_date == shown
