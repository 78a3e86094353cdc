"""Forms of authorities as files: what they hold, and what is said of one that can't be used."""

from __future__ import annotations

import contextlib
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from library.domain.errors import InvalidReportForm
from library.domain.statistics import Dimension
from library.domain.statistics_forms import Form, form_from
from library.projections.uzbek_cyrillic import to_cyrillic
from library.services.statistics_indicators import indicator_table

TABLE = indicator_table()
SOUND = """
[title]
uz-Latn = "Yillik varaq"

[[row]]
number = "1"
title.ru = "Фонд"

[[row]]
number = "1.1"
indicator = "holdings.titles"
where.type = ["textbook", "book"]
"""


def read(text: str, form_id: str = "sheet") -> Form:
    return form_from(form_id, text, TABLE, to_cyrillic)


def test_a_form_needs_no_more_than_its_rows_and_a_title_in_one_language() -> None:
    form = read(SOUND)
    assert form.titles["uz-Cyrl"] == "Йиллик варақ"
    assert form.titles["en"] == "Yillik varaq"
    heading, row = form.rows
    assert (heading.indicator, heading.titles["uz-Latn"]) == ("", "Фонд")
    assert row.where == ((Dimension.TYPE, ("textbook", "book")),)
    assert row.titles == TABLE.get("holdings.titles").names


@pytest.mark.parametrize(
    ("former", "mended", "line", "told"),
    [
        ('number = "1"\n', 'number = "1\n', 6, "Mend it"),
        ("holdings.titles", "holdings.books", 9, "no indicator “holdings.books”"),
        ("where.type", "where.faculty", 9, "can't be told by these. It can be told by: type"),
        ("where.type", "where.tpye", 9, "“tpye” is not known here. There are: access-method"),
        ('["textbook", "book"]', '"textbook"', 9, "values of “type” as a list"),
        ('["textbook", "book"]', "[]", 9, "values of “type” as a list"),
        ("where.type", "were.type", 9, "“were” is not known here"),
        ('number = "1.1"', "number = 1.1", 9, "in quotation marks"),
        ("title.ru", "title.de", 5, "one of these languages at least: uz-Latn, ky, ru, en"),
        ('title.ru = "Фонд"', "", 5, "one of these languages"),
        ("[[row]]", "[[line]]", 1, "“line” is not known here"),
        (SOUND[SOUND.index("[[row]]") :], "", 1, "write from 1 to 500 rows"),
    ],
)
def test_what_is_wrong_is_told_with_its_line_and_the_remedy(former: str, mended: str, line: int, told: str) -> None:
    with pytest.raises(InvalidReportForm, match=re.escape(told)) as caught:
        read(SOUND.replace(former, mended))
    assert f"Form sheet.toml, line {line}:" in str(caught.value)


def test_the_name_of_the_file_is_a_name_for_addresses() -> None:
    with pytest.raises(InvalidReportForm, match="small letters"):
        read(SOUND, "Yillik varaq")


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=80), st.integers(0, len(SOUND)))
def test_no_text_in_a_form_does_more_than_be_refused(noise: str, place: int) -> None:
    with contextlib.suppress(InvalidReportForm):
        read(SOUND[:place] + noise + SOUND[place:])
