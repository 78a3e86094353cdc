"""Facts of the journal in lines that can be read, whatever stands in them."""

from __future__ import annotations

import json
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from library.projections.journal_table import Fact, changes, visible


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("Сув — suv · 水", "Сув — suv · 水"),
        ("a\r\nb\tc", "a\\r\\nb\\tc"),
        ("Nodira\u202egpj", "Nodira\\u{202e}gpj"),
        ("a\x00\x1b[2J", "a\\u{0}\\u{1b}[2J"),
        ("\ud800", "\\u{d800}"),
        ("a\xa0b\u2003c", "a b c"),
        ("", ""),
    ],
)
def test_what_cannot_be_seen_is_written_out(text: str, seen: str) -> None:
    assert visible(text) == seen


def test_both_sides_meet_by_name_and_nothing_empty_is_told() -> None:
    found = changes('{"status":"draft","note":""}', '{"status":"published","version":2,"gone":null}')
    assert found == (
        Fact(name="status", before=("draft",), after=("published",)),
        Fact(name="note", before=(), after=()),
        Fact(name="version", before=(), after=("2",)),
        Fact(name="gone", before=(), after=()),
    )


def test_lists_are_lines_and_things_with_parts_are_one_line_each() -> None:
    (fact,) = changes("{}", json.dumps({"lines": ["a", {"record": 3, "price": "", "number": "12", "is": True}, [1]]}))
    assert fact.after == ("a", "record: 3, number: 12, is: true", "[1]")
    assert fact.length == 3


@pytest.mark.parametrize("text", ["", "{", "[1]", "null", '"x"', "[" * 100_000, '{"a":' * 50_000])
def test_a_side_that_is_no_facts_is_shown_as_it_is(text: str) -> None:
    (fact,) = changes(text, "{}")
    assert (fact.name, fact.before) == ("?", (text,))


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=40))
def test_nothing_unseen_is_left(text: str) -> None:
    assert all(unicodedata.category(letter)[0] not in "C" for letter in visible(text))
    assert visible(text).isprintable()
