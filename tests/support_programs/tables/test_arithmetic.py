"""What a printed table implies of itself: each kind of relation, rounding, and what is left alone."""

from decimal import Decimal

import pytest

from support_programs.tables.arithmetic import Printed, check, read


def grid(unit="", **cells):
    """Return the numbers of a table with one column "x" and a row for each keyword."""
    return {(row, "x"): read(Decimal(text.replace(",", "")), text, unit) for row, text in cells.items()}


# kind, unit, result, operands -> nothing, or (computed, by rounding)
CASES = [
    ("sum", "", "6", ("1", "2", "3"), None),
    ("sum", "", "7", ("1", "2", "3"), ("6", False)),
    ("sum", "persons", "1,001", ("500", "500"), ("1000", False)),
    ("sum", "KRW billion", "50,049", ("4,363", "45,687"), ("50050", True)),
    ("sum", "KRW billion", "50,047", ("4,363", "45,687"), ("50050", False)),
    ("sum", "USD million", "145.0", ("21.3", "29.6", "23.7", "32.1", "38.3"), None),
    ("sum", "USD million", "53.5", ("2.9", "2.7", "12.2", "20.9", "14.8"), None),
    ("sum", "%", "100.1", ("33.3", "33.3", "33.4"), ("100.0", True)),
    ("sum", "%", "101", ("33.3", "33.3", "33.4"), ("100.0", False)),
    ("sum", "", "44.34", ("9.42", "20.53", "14.39"), None),
    ("difference", "", "2.5", ("4.8", "2.2"), ("2.6", True)),
    ("difference", "", "2.3", ("4.8", "2.2"), ("2.6", False)),
    ("difference", "", "-6.7", ("63.0", "69.7"), None),
    ("difference", "", "-1", ("3", "4"), None),
    ("ratio", "", "2.8", ("65,056", "23,188"), None),
    ("ratio", "", "3.0", ("65,056", "23,188"), ("2.81", False)),
    ("percentage", "%", "218", ("4.8", "2.2"), None),
    ("percentage", "%", "135.6", ("258.2", "190.4"), None),
    ("percentage", "%", "102.1", ("258.2", "190.4"), ("135.61", False)),
    ("percentage", "%", "105.8", ("144.9", "137"), None),
    ("growth", "%", "45.8", ("100", "145.8"), None),
    ("growth", "%", "50", ("100", "145.8"), ("45.8", False)),
    ("ratio", "", "5", ("1", "0"), None),  # nothing can be divided by it
]


@pytest.mark.parametrize(("kind", "unit", "result", "operands", "expected"), CASES)
def test_a_relation_down_the_rows(kind, unit, result, operands, expected):
    names = [f"o{n}" for n in range(len(operands))]
    numbers = grid(unit, r=result, **dict(zip(names, operands, strict=True)))
    found = check(numbers, axis="rows", kind=kind, result="r", operands=names)
    assert [(finding.row, finding.column) for finding in found] == ([("r", "x")] if expected else [])
    assert [(str(f.computed), f.by_rounding) for f in found] == ([expected] if expected else [])


def test_a_relation_across_the_columns_names_the_place():
    cells = {
        ("a", "one"): 1,
        ("a", "two"): 2,
        ("a", "all"): 3,
        ("b", "one"): 1,
        ("b", "two"): 2,
        ("b", "all"): 4,
    }
    numbers = {place: Printed(Decimal(value)) for place, value in cells.items()}
    rule = {"axis": "columns", "kind": "sum", "result": "all", "operands": ["one", "two"]}
    (found,) = check(numbers, **rule)
    assert (found.row, found.column, found.difference) == ("b", "all", 1)
    assert check(numbers, **rule, only=["a"]) == []


def test_a_share_is_of_the_line_itself():
    """Row "percent" is row "cases" over its own value in the column "total"."""
    cells = {"single": ("31", "3.5"), "pairs": ("869", "96.5"), "total": ("900", "100")}
    numbers = {}
    for column, (cases, percent) in cells.items():
        numbers["cases", column] = read(Decimal(cases), cases, "")
        numbers["percent", column] = read(Decimal(percent), percent, "%")
    rule = {"axis": "rows", "kind": "share", "result": "percent", "operands": ["cases"], "whole": "total"}
    # 3.444… is printed as 3.5, and 96.555… as 96.5.
    assert [(f.column, str(f.computed)) for f in check(numbers, **rule)] == [
        ("single", "3.44"),
        ("pairs", "96.56"),
    ]
    assert not any(f.by_rounding for f in check(numbers, **rule))


def test_an_empty_cell_adds_nothing_and_a_lone_operand_implies_nothing():
    numbers = grid(total="5", a="2", b="3")
    assert check(numbers, axis="rows", kind="sum", result="total", operands=["a", "b", "missing"]) == []
    assert check(grid(total="5", a="2"), axis="rows", kind="sum", result="total", operands=["a", "b"]) == []


@pytest.mark.parametrize(
    ("value", "as_printed", "unit", "places", "rounded"),
    [
        ("145", "145.0", "USD million", 1, True),
        ("5061", "5,061 (61.5%)", "", 0, False),
        ("61.5", "5,061 (61.5%)", "%", 1, True),
        ("4363", "4,363", "KRW billion", 0, True),
        ("-6.7", "Δ6.7", "%", 1, True),
        ("12", "twelve", "", 0, False),
    ],
)
def test_a_number_is_read_with_the_decimals_of_its_print(value, as_printed, unit, places, rounded):
    assert read(Decimal(value), as_printed, unit) == Printed(Decimal(value), places, rounded)
