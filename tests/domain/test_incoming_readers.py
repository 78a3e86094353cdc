"""Categories and dates of readers, as other systems spell them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from library.domain.people import ReaderCategory
from library.domain.readers import category_of, category_with_doubt, date_of


@pytest.mark.parametrize(
    ("word", "category"),
    [
        ("Talaba", ReaderCategory.STUDENT),
        ("студент 2 курса", ReaderCategory.STUDENT),
        ("Бакалавриат", ReaderCategory.STUDENT),
        ("Magistr (2-kurs)", ReaderCategory.MASTER),
        ("студент-магистрант", ReaderCategory.MASTER),
        ("Tayanch doktorant", ReaderCategory.DOCTORAL),
        ("аспирант", ReaderCategory.DOCTORAL),
        ("Oʻqituvchi", ReaderCategory.TEACHER),
        ("o'qituvchi", ReaderCategory.TEACHER),
        ("ПРЕПОДАВАТЕЛЬ", ReaderCategory.TEACHER),
        ("ага окутуучу", ReaderCategory.TEACHER),
        ("Xodim", ReaderCategory.EMPLOYEE),
        ("кызматкер", ReaderCategory.EMPLOYEE),
        ("Посторонний", ReaderCategory.EXTERNAL),
        ("external", ReaderCategory.EXTERNAL),
        ("", None),
        ("7", None),
        ("'; DROP TABLE people", None),
    ],
)
def test_categories_are_known_in_the_languages_of_the_universities(word: str, category: ReaderCategory | None) -> None:
    assert category_of(word) is category


def test_an_unknown_category_gives_the_least_and_says_so() -> None:
    category, doubts = category_with_doubt("космонавт")
    assert category is ReaderCategory.EXTERNAL
    assert "космонавт" in str(doubts[0])
    assert category_with_doubt("talaba") == (ReaderCategory.STUDENT, ())


@pytest.mark.parametrize(
    "text",
    ["2026-06-30", "30.06.2026", "30/06/2026", "20260630", " 30.6.2026 ", "2026-06-30T00:00:00", "30.06.2026 0:00"],
)
def test_a_date_is_read_in_each_spelling(text: str) -> None:
    assert date_of(text) == date(2026, 6, 30)


@pytest.mark.parametrize("text", ["", "2026", "31.02.2026", "2026-13-01", "0000-00-00", "June", "20260631", "1" * 500])
def test_what_is_no_date_is_none(text: str) -> None:
    assert date_of(text) is None


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60))
def test_nothing_that_is_typed_breaks_the_reading(text: str) -> None:
    date_of(text)
    category_of(text)
