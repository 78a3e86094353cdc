"""What a browser, or somebody worse, sends for a form: read exactly, or passed over; never an error."""

from __future__ import annotations

import time

from hypothesis import given, settings
from hypothesis import strategies as st

from library.domain.description import Material
from library.domain.marc import Dialect
from library.marc.worksheets import Name, carried, fill, form_of, parse_form, values_of, worksheet
from library.marc.worksheets.form_values import LONGEST_FORM, LONGEST_VALUE, MOST_INPUTS
from tests.builders import a_marc21_record

BOOK = worksheet(Dialect.MARC21, Material.BOOK)
BASE = a_marc21_record()
names = st.builds(
    Name,
    st.sampled_from(["245", "LDR", "2147483647", "0", "abc"]),
    st.integers(0, 9999),
    st.just(""),
    st.sampled_from("aZ9$^"),
    st.integers(0, 999),
) | st.builds(Name, st.sampled_from(["245", "008"]), st.integers(0, 9999), st.sampled_from(["ind1", "p35", "remove"]))


@given(names)
def test_a_name_is_read_as_it_is_written(name: Name):
    assert Name.parse(str(name)) == name


@given(st.one_of(st.text(max_size=40), st.from_regex(r"[0-9A-Z]{0,12}\.-?[0-9]{0,6}\.[a-z0-9.]{0,9}", fullmatch=True)))
def test_a_text_is_a_name_only_as_it_is_written(text: str):
    name = Name.parse(text)
    assert name is None or str(name) == text


def test_names_of_other_things_are_none():
    for text in ("", "csrf_token", "245", "245.0", "245.0.a", "245.00.a.0", "245.0.a.-1", "245.0.ab.0", "245.٠.a.0",
                 "245.0.a.0\n", "245.10000.a.0", "245.0.p100", "245.0..0", "x" * 100_000, "245.0.\x00.0"):  # fmt: skip
        assert Name.parse(text) is None, text
    assert Name.parse("101.0.text.0") == Name("101", 0)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.one_of(st.text(max_size=20), names.map(str)), st.text(max_size=20)), max_size=20))
def test_any_pairs_are_taken(pairs: list[tuple[str, str]]):
    values = parse_form(pairs, BASE)
    marc = fill(BOOK, values)
    form_of(BOOK, values)
    assert fill(BOOK, values_of(BOOK, marc)) == marc


def test_characters_that_no_record_can_hold_are_left_out():
    values = parse_form([("245.0.a.0", "S\x00u\ud800\x08v\ufffe"), ("245.0.a.0", "second")], BASE)
    assert values.value("245.0.a.0") == "Suv"
    assert fill(BOOK, values).first("245", "a") == "Suv"


def test_too_much_is_cut_and_said():
    begun = time.monotonic()
    many = parse_form(((f"653.{number}.a.0", "x") for number in range(10_000)), BASE)
    assert many.is_cut
    assert len(many.inputs) == MOST_INPUTS
    long = parse_form([("245.0.a.0", "x" * 30_000_000), ("245.0.b.0", "y")], BASE)
    assert long.is_cut
    assert len(long.value("245.0.a.0")) == LONGEST_VALUE
    assert long.value("245.0.b.0") == "y"
    heavy = parse_form([(f"520.{number}.a.0", "x" * LONGEST_VALUE) for number in range(100)], BASE)
    assert heavy.is_cut
    assert sum(len(value) for _, value in heavy.inputs) <= LONGEST_FORM
    assert not parse_form([("245.0.a.0", "x")] * 20_000, BASE).is_cut
    assert time.monotonic() - begun < 30


def test_a_record_that_was_damaged_on_the_way_is_none():
    assert carried(Dialect.MARC21, "") is None
    assert carried(Dialect.MARC21, "=LDR  00000nam#a22") is None
    assert carried(Dialect.MARC21, '{"leader": 1, "fields": []}') is None
