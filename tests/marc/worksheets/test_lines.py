"""A record as lines of text: nothing is lost on the way, and what is wrong is named by its line."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from library.domain.marc import ControlField, DataField, Dialect, MarcRecord, Subfield
from library.marc.irbis import values as irbis_values
from library.marc.worksheets import parse_text, to_text
from library.marc.worksheets.lines import MOST_PROBLEMS
from tests.builders import MARC21_LEADER, UNIMARC_LEADER, a_field

SIGNS = "aZ019 #$^{}\\=:\n\r\t|ўҚ漢\u2028\xa0"
NAMES = ("{dollar}", "{lcub}", "{none}", "{control}", "{data}", "{num}", "{")
text = st.lists(st.one_of(st.text(SIGNS, max_size=6), st.sampled_from(NAMES)), max_size=4).map("".join)
code = st.sampled_from(["a", "B", "1", "$", "^", "{", "#", " ", ""])
subfields = st.lists(st.builds(Subfield, code, text), max_size=4).map(tuple)
tags = st.from_regex(r"[0-9A-Z]{3}", fullmatch=True)
fields = st.one_of(
    st.builds(ControlField, tags, text),
    st.builds(DataField, tags, st.text("01 #${a", min_size=2, max_size=2), subfields),
)
irbis_fields = st.one_of(
    st.builds(DataField, st.integers(1, 2**31 - 1).map(str), st.just("  "), subfields),
    st.builds(irbis_values.field, st.integers(1, 9999), text),
    st.builds(ControlField, tags, text),
)


@settings(max_examples=120, deadline=None)
@given(
    st.lists(fields, max_size=6), st.sampled_from([(Dialect.MARC21, MARC21_LEADER), (Dialect.UNIMARC, UNIMARC_LEADER)])
)
def test_every_record_comes_back_from_its_lines(found: list[ControlField | DataField], kind: tuple[Dialect, str]):
    dialect, leader = kind
    marc = MarcRecord(leader, tuple(found))
    lines = to_text(dialect, marc)
    assert parse_text(dialect, lines) == marc
    assert parse_text(dialect, "\r\n\r\n" + lines.replace("\n", "\r\n") + "\r\n") == marc


@settings(max_examples=120, deadline=None)
@given(st.lists(irbis_fields, max_size=6), st.sampled_from([irbis_values.LEADER, "0" * 24]))
def test_every_irbis_record_comes_back_from_its_lines(found: list[ControlField | DataField], leader: str):
    marc = MarcRecord(leader, tuple(found))
    assert parse_text(Dialect.IRBIS, to_text(Dialect.IRBIS, marc)) == marc


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=80), st.sampled_from(Dialect))
def test_any_text_is_a_record_or_has_problems(typed: str, dialect: Dialect):
    read = parse_text(dialect, typed)
    assert isinstance(read, MarcRecord) or read


def test_lines_look_as_librarians_write_them():
    marc = MarcRecord(
        MARC21_LEADER,
        (ControlField("008", "260905s2026    uz "), a_field("245", "1 ", a="Baho 5$", c="{A} B.")),
    )
    assert to_text(Dialect.MARC21, marc) == (
        "=LDR  00000nam#a2200000#i#4500\n=008  260905s2026####uz#\n=245  1#$aBaho 5{dollar}$c{A} B."
    )
    irbis = MarcRecord(irbis_values.LEADER, (irbis_values.field(200, "^AСуу^FА. Б."), irbis_values.field(101, "kir")))
    assert to_text(Dialect.IRBIS, irbis) == "#200: ^AСуу^FА. Б.\n#101: kir"


def test_blanks_may_be_typed_as_blanks():
    typed = "=LDR  00714cam a2200205 a 4500\n=001  7\n=245  10$aSuv\n"
    assert parse_text(Dialect.MARC21, typed) == MarcRecord(
        "00000cam a2200000 a 4500", (ControlField("001", "7"), a_field("245", "10", a="Suv"))
    )


@pytest.mark.parametrize(
    ("typed", "line", "reason"),
    [
        ("=LDR  00000nam#a2200000#i#4500\nTitle", 2, "must begin with ="),
        ("=LDR  00000nam", 1, "8 characters instead of 24"),
        ("=245  10$aSuv", 0, "leader is missing"),
        ("=LDR  00000nam#a2200000#i#4500\n\n=245  1$aSuv", 3, "two indicators"),
        ("=LDR  00000nam#a2200000#i#4500\n=245  10$aSuv$", 2, "no subfield code"),
        ("=LDR  00000nam#a2200000#i#4500\n=245  10$aSu\x00v", 2, "control characters"),
    ],
)
def test_what_is_wrong_is_named_by_its_line(typed: str, line: int, reason: str):
    problems = parse_text(Dialect.MARC21, typed)
    assert isinstance(problems, tuple)
    assert [problem.line for problem in problems] == [line]
    assert reason in str(problems[0].message)


def test_a_text_of_nonsense_is_answered_with_few_problems():
    problems = parse_text(Dialect.IRBIS, "x\n" * 10_000)
    assert isinstance(problems, tuple)
    assert len(problems) == MOST_PROBLEMS
    assert isinstance(parse_text(Dialect.IRBIS, "#1: a" * 2_000_000), tuple)
