"""Workbooks as another program reads them: no text is computed, numbers add up, nothing is cut in silence."""

from __future__ import annotations

import tempfile
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from library.domain.errors import NotExpressible
from library.projections import workbook
from library.projections.delimited import Cell
from library.projections.workbook import Sheet

MADE_AT = datetime(2026, 10, 2, 3, 4, 5, tzinfo=UTC)
FORMULAS = ("=1+1", "+1", "-2+3", "@SUM(A1)", " =cmd|' /C calc'!A0", "＝1+1", "\t=1", "{=1}", '=HYPERLINK("x")')


def _written(*rows: tuple[Cell, ...], name: str = "Report") -> bytes:
    width = max(map(len, rows))
    sheet = Sheet(name=name, headings=[f"Column {number}" for number in range(width)], rows=rows)
    return workbook.workbook([sheet], title="Report", made_at=MADE_AT)


@pytest.mark.parametrize("text", FORMULAS)
def test_a_title_that_looks_like_a_formula_is_a_text_and_stays_one_when_it_is_edited(text: str) -> None:
    cell = load_workbook(BytesIO(_written((text,))))["Report"]["A2"]
    assert cell.data_type in ("s", "inlineStr")
    assert str(cell.value) == text.strip()
    assert cell.quotePrefix or not text.strip().startswith(("=", "+", "-", "@", "＝"))


def test_figures_are_numbers_and_unknown_ones_are_empty() -> None:
    sheet = load_workbook(BytesIO(_written((12, Decimal("-3.50"), None, date(2026, 9, 1), MADE_AT))))["Report"]
    values = [cell.value for cell in sheet[2]]
    assert [str(value) for value in values] == ["12", "-3.5", "None", "2026-09-01 00:00:00", "2026-10-02 03:04:05"]
    assert [cell.number_format for cell in sheet[2]][:2] == ["#,##0", "#,##0.00"]


def test_headings_stay_in_sight_below_what_is_told_above_them() -> None:
    sheet = Sheet(name="Sheet", headings=("Month", "Amount"), rows=[("2026-09", 5)], above=[("Made", MADE_AT), ()])
    read = load_workbook(BytesIO(workbook.workbook([sheet], title="", made_at=MADE_AT)))["Sheet"]
    assert [cell.value for cell in read[3]] == ["Month", "Amount"]
    assert read["A3"].font.b
    assert read.freeze_panes == "A4"
    assert [cell.value for cell in read[4]] == ["2026-09", 5]


def test_the_same_tables_make_the_same_bytes() -> None:
    assert _written(("a", 1)) == _written(("a", 1))


def test_names_of_sheets_have_no_signs_that_spreadsheets_refuse() -> None:
    assert load_workbook(BytesIO(_written(("a",), name="'6-NK: [2026/2027] and more than thirty-one"))).sheetnames == [
        "6-NK- (2026-2027) and more tha"
    ]


def test_a_text_that_no_cell_can_hold_ends_visibly() -> None:
    text = load_workbook(BytesIO(_written(("x" * 40_000,))))["Report"]["A2"].value
    assert len(str(text)) == 32_767
    assert str(text).endswith("x…")


def test_more_rows_than_fit_are_refused_and_leave_nothing_behind(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(workbook, "MOST_ROWS", 4)
    assert _written(*[("a",)] * 3)
    with pytest.raises(NotExpressible, match="4 rows"):
        _written(*[("a",)] * 4)
    assert not list(tmp_path.iterdir())


@given(st.lists(st.text(max_size=40), min_size=1, max_size=5))
@settings(max_examples=30, deadline=None)
def test_whatever_stands_in_a_title_another_program_can_open_the_file(texts: list[str]) -> None:
    cells = load_workbook(BytesIO(_written(tuple(texts))))["Report"][2]
    assert all(cell.data_type != "f" for cell in cells)
