"""Rows of a table: what stands in them, and that no spreadsheet computes any of it."""

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from library.projections import table
from tests.builders import a_description

SIGNS = "=+-@＝＋－＠﹦﹢﹣﹫"
FORMULAS = [
    "=1+1",
    "+1",
    "-2+3",
    "@SUM(A1)",
    " =cmd|' /C calc'!A0",
    "\u00a0=1",
    "\u2003\u200b=1",
    "\ufeff=1",
    "\u202e=1",
    "＝1+1",
    "＋1",
    "－1",
    "＠x",
    "\t=1",
    "\r=1",
    "\n=1",
    "\tplain",
]


def _is_computed(cell: str) -> bool:
    return cell.lstrip("\ufeff\u200b\u202e \u00a0\u2003\t\r\n")[:1] in set(SIGNS) or cell[:1] in {"\t", "\r", "\n"}


@pytest.mark.parametrize("text", FORMULAS)
def test_what_looks_like_a_formula_becomes_text(text: str) -> None:
    safe = table.safe_cell(text)
    assert safe.startswith("'")
    assert safe.replace("'", "") == text.replace("'", "")


@pytest.mark.parametrize(
    "text", ["", "Algebra", "1+1=2", "C++", "'=1", "Название = Title", "kitob-daftar", "1941–1945"]
)
def test_other_text_stays_as_it_is(text: str) -> None:
    assert table.safe_cell(text) == text


@pytest.mark.parametrize("text", ["a;=1+1", 'a,"=1', "a; ＝1", "a\t@x", "=1;=2", "a\n=1", 'a;"" =1'])
@pytest.mark.parametrize("written_with", [",", ";"])
@pytest.mark.parametrize("read_with", [",", ";", "\t"])
def test_a_program_with_another_separator_computes_nothing_either(text: str, written_with: str, read_with: str) -> None:
    written = table.line(("1", text, "x"), written_with)
    for row in csv.reader(io.StringIO(written, newline=""), delimiter=read_with):
        assert not any(_is_computed(cell) for cell in row), row


@given(st.lists(st.text(alphabet=f"{SIGNS},;\"' \t\u00a0ab\n"), min_size=1, max_size=4), st.sampled_from(",;"))
@settings(max_examples=300, deadline=None)
def test_no_cell_of_any_text_is_computed(texts: list[str], separator: str) -> None:
    written = table.line(texts, separator)
    (row,) = csv.reader(io.StringIO(written, newline=""), delimiter=separator)
    assert not any(_is_computed(cell) for cell in row), row


def test_a_row_has_a_cell_for_every_heading() -> None:
    cells = table.row(7, a_description(), "https://library.example/record/7", {"textbook": "Darslik", "uzb": "Oʻzbek"})
    named = dict(zip(table.HEADINGS, cells, strict=True))
    assert named["Record number"] == "7"
    assert named["Permanent link"] == "https://library.example/record/7"
    assert named["Title"] == a_description().title
    assert named["Year"] == str(a_description().year)
    assert named["Language of the text"] == "Oʻzbek"
