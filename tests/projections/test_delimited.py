"""Tables as text, read by the reader of the standard library."""

from __future__ import annotations

import csv
from datetime import UTC, date, datetime
from decimal import Decimal
from io import StringIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from library.projections.delimited import Cell, lines

ROW: tuple[Cell, ...] = (12, Decimal("-3.50"), None, date(2026, 9, 1), datetime(2026, 9, 1, 3, 4, tzinfo=UTC), "a;b")


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_every_kind_of_cell_is_written_one_way(separator: str) -> None:
    text = "".join(lines([ROW], separator))
    assert text.startswith("\ufeff")
    (read,) = csv.reader(StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=separator)
    assert read == ["12", "-3.50", "", "2026-09-01", "2026-09-01T03:04:00+00:00", "a;b"]


def test_only_the_first_line_has_the_mark() -> None:
    assert [line.count("\ufeff") for line in lines([("a",), ("b",)], ",")] == [1, 0]


def test_a_large_number_is_written_without_an_exponent() -> None:
    assert "".join(lines([(Decimal("1E+7"), 10**16)], ",")) == "\ufeff10000000,10000000000000000\r\n"


def test_titles_that_look_like_formulas_are_neutralised_but_negative_figures_are_not() -> None:
    (line,) = lines([("=1+1", "-x", -5)], ",")
    assert line == "\ufeff'=1+1,'-x,-5\r\n"


@given(st.lists(st.text(max_size=30), min_size=1, max_size=4), st.sampled_from([",", ";"]))
@settings(max_examples=100, deadline=None)
def test_no_cell_begins_a_formula_and_none_is_lost(texts: list[str], separator: str) -> None:
    text = "".join(lines([("x", *texts)], separator)).removeprefix("\ufeff")
    (read,) = csv.reader(StringIO(text, newline=""), delimiter=separator)
    assert len(read) == len(texts) + 1
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n")) for cell in read)
