"""What a depositor typed: ORCID by its check character, DOI by its shape, days and years, keywords, what is missing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from library.domain.deposit_fields import (
    MOST_AUTHORS,
    NOTHING,
    Author,
    DepositKind,
    Fields,
    asked,
    cut,
    doi_of,
    must,
    orcid_check,
    orcid_of,
    problems,
)

TODAY = date(2026, 9, 1)
DIGITS = st.text("0123456789", min_size=15, max_size=15)


def _written(digits: str) -> str:
    number = digits + orcid_check(digits)
    return "-".join(number[place : place + 4] for place in range(0, 16, 4))


@pytest.mark.parametrize("known", ["0000-0002-1825-0097", "0000-0001-5109-3700", "0000-0002-1694-233X"])
def test_orcids_of_the_register_are_right(known: str) -> None:
    for typed in (known, known.replace("-", ""), f"https://orcid.org/{known}", f" {known.lower()} "):
        assert orcid_of(typed) == known


@settings(max_examples=100, deadline=None)
@given(DIGITS, st.integers(0, 14), st.integers(1, 9))
def test_one_wrong_digit_or_two_exchanged_are_seen(digits: str, place: int, more: int) -> None:
    right = _written(digits)
    assert orcid_of(right) == right
    wrong = digits[:place] + str((int(digits[place]) + more) % 10) + digits[place + 1 :]
    assert not orcid_of(wrong + orcid_check(digits))
    if place < 14 and digits[place] != digits[place + 1]:
        exchanged = digits[:place] + digits[place + 1] + digits[place] + digits[place + 2 :]
        assert not orcid_of(exchanged + orcid_check(digits))


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=60))
def test_whatever_is_typed_is_read_or_is_none(typed: str) -> None:
    assert orcid_of(typed) in ("", _written(orcid_of(typed).replace("-", "")[:15]) if orcid_of(typed) else "")
    found = doi_of(typed)
    assert doi_of(found) == found
    fields = replace(NOTHING, title=typed, year=typed, doi=typed, embargo_until=typed, keywords=typed)
    for kind in DepositKind:
        assert {one.field for one in problems(kind, cut(fields), TODAY, ())}
    assert all(fields.keyword_list)


@pytest.mark.parametrize(
    ("typed", "doi"),
    [
        ("10.5281/Zenodo.1234", "10.5281/zenodo.1234"),
        ("doi:10.1000/182", "10.1000/182"),
        ("https://doi.org/10.1000/182.", "10.1000/182"),
        ("http://dx.doi.org/10.1002/(SICI)1097-4571(1999)50:9", "10.1002/(sici)1097-4571(1999)50:9"),
        ("10.5281", ""),
        ("11.5281/x", ""),
        ("10.52/x", ""),
        ("10.5281/a b", ""),
        ("javascript:10.5281/x", ""),
    ],
)
def test_a_doi_is_read_however_it_is_written(typed: str, doi: str) -> None:
    assert doi_of(typed) == doi


@pytest.mark.parametrize("kind", list(DepositKind))
def test_each_kind_asks_for_what_it_needs_and_names_all_that_is_missing(kind: DepositKind) -> None:
    assert must(kind) <= set(asked(kind))
    missing = {one.field for one in problems(kind, NOTHING, TODAY, ("fizika",))}
    assert missing == must(kind) | {"authors.0.name", "faculty"}
    assert "faculty" not in {one.field for one in problems(kind, NOTHING, TODAY, ())}


@pytest.mark.parametrize(
    ("embargo", "defence", "opens"),
    [
        ("", "", None),
        ("2026-09-01", "", None),
        ("2026-09-02", "", date(2026, 9, 2)),
        ("", "2026-10-01", date(2026, 10, 1)),
        ("2027-01-01", "2026-10-01", date(2027, 1, 1)),
        ("2026-09-15", "2026-10-01", date(2026, 10, 1)),
        ("2020-01-01", "2026-08-31", None),
    ],
)
def test_a_thesis_opens_on_its_defence_or_when_its_embargo_ends(embargo: str, defence: str, opens: date | None) -> None:
    fields = Fields(embargo_until=embargo, defence_date=defence)
    assert fields.opens_on(DepositKind.DISSERTATION, TODAY) == opens
    assert fields.opens_on(DepositKind.TEXTBOOK, TODAY) == Fields(embargo_until=embargo).opens_on(
        DepositKind.ABSTRACT, TODAY
    )


def test_authors_without_end_are_cut() -> None:
    many = Fields(authors=tuple(Author(name=str(number)) for number in range(500)))
    assert len(cut(many).authors) == MOST_AUTHORS
    assert cut(Fields(authors=(Author(), Author(name="A")))).authors == (Author(name="A"),)
