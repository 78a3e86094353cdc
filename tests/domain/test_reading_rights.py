"""The policy of reading against the tables of docs/rights.md: every right, use, visitor, state, embargo and term."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest

from library.domain.access import (
    GUEST,
    REFUSALS,
    Action,
    Actor,
    Rule,
    Use,
    Visit,
    may,
    require_reading,
    ruling,
)
from library.domain.access_level import AccessLevel, Rights
from library.domain.document import Document, DocumentState, Signed
from library.domain.errors import ReadingRefused
from library.domain.people import Role
from library.domain.record import Status
from tests.rights_table import BEFORE, PERMITTED, RIGHTS, code_in, expected, row_before

TODAY = date(2026, 11, 21)
SOMEBODY = Signed(by="person:9", by_name="Zilola", at=datetime(2026, 9, 1, tzinfo=UTC))
DAYS = (None, TODAY - timedelta(days=1), TODAY, TODAY + timedelta(days=1))
STAFF = tuple(role for role in Role if may(Actor.person(1, "", frozenset({role})), Action.SEE_WORK))
READERS = tuple(role for role in Role if role not in STAFF)


@dataclass(frozen=True)
class Who:
    """A visitor, and the columns of the table that are theirs: what one of them allows is allowed."""

    columns: tuple[str, ...]
    visit: Visit


def _visitors() -> Iterator[Who]:
    for on_campus in (False, True):
        place = ("On campus",) if on_campus else ()
        yield Who(place or ("Guest",), Visit(actor=GUEST, on_campus=on_campus, today=TODAY))
        for role in READERS:
            reader = Actor.person(7, "Dilnoza", frozenset({role}))
            yield Who((*place, "Reader"), Visit(actor=reader, on_campus=on_campus, today=TODAY))
            granted = Visit(actor=reader, on_campus=on_campus, today=TODAY, has_text_grant=True)
            yield Who((*place, "With text"), granted)
        for role in STAFF:
            person = Actor.person(8, "Nodira", frozenset({role, Role.READER}))
            yield Who((*place, "Staff"), Visit(actor=person, on_campus=on_campus, today=TODAY))


def _documents() -> Iterator[Document]:
    for level, state, status, approved, embargo, term in product(
        AccessLevel, DocumentState, Status, (None, SOMEBODY), DAYS, DAYS
    ):
        yield Document(
            record_id=1,
            state=state,
            name="kitob.pdf",
            size=1,
            rights=Rights(level=level, embargo_until=embargo),
            received=SOMEBODY,
            edited=SOMEBODY,
            approved=approved,
            record_status=status,
            term_ends=term,
        )


@pytest.mark.parametrize("use", Use)
def test_the_policy_is_the_table_that_people_read(use: Use) -> None:
    visitors = tuple(_visitors())
    compared = 0
    for document in _documents():
        for who in visitors:
            decided = ruling(document, use, who.visit)
            assert decided == expected(document, use, who.columns, TODAY), f"{use}: {document} {who}"
            compared += 1
    assert compared == len(AccessLevel) * len(DocumentState) * len(Status) * 2 * 16 * len(visitors)


def test_the_tables_are_whole_and_name_every_right_state_and_rule() -> None:
    assert {(right, use) for right, use, _ in PERMITTED} == set(product(AccessLevel, Use))
    named = {code_in(row["What is with the file"]) for row in BEFORE}
    assert {state.value for state in DocumentState} - named == {DocumentState.KEPT}
    rules = {cell.rule for cell in PERMITTED.values()} | {Rule(code_in(row["Rule"])) for row in BEFORE}
    assert rules == set(Rule)
    for level in AccessLevel:
        assert f"(`{level}`)" in RIGHTS


def test_what_readers_are_not_told_of_is_refused_to_them_in_every_use() -> None:
    for document in _documents():
        row = row_before(document, TODAY)
        if row is not None and row["Readers"] == "not there":
            visit = Visit(actor=GUEST, on_campus=True, today=TODAY)
            assert {ruling(document, use, visit).rule for use in Use} == {Rule.NOT_PUBLISHED}


def test_a_right_is_no_wider_than_another_only_if_no_visitor_gains_by_it() -> None:
    """The table that decides which changes need a new approval, against what visitors may really do."""
    base = next(_documents())
    open_file = replace(base, state=DocumentState.KEPT, record_status=Status.PUBLISHED, approved=SOMEBODY)
    visitors = tuple(_visitors())

    def uses(level: AccessLevel) -> set[tuple[int, Use]]:
        file = replace(open_file, rights=Rights(level=level))
        return {
            (number, use)
            for number, who in enumerate(visitors)
            for use in Use
            if ruling(file, use, who.visit).allowed and "Staff" not in who.columns
        }

    for one, other in product(AccessLevel, AccessLevel):
        narrower = Rights(level=one).is_no_wider_than(Rights(level=other))
        assert narrower == (uses(one) <= uses(other)), (one, other)


@pytest.mark.parametrize("rule", sorted(set(Rule) - {Rule.OPEN, Rule.STAFF, Rule.GRANT}))
def test_every_rule_that_can_refuse_tells_the_reader_what_to_do(rule: Rule) -> None:
    assert REFUSALS[rule]


def test_a_refusal_names_its_rule_and_its_day() -> None:
    file = replace(
        next(_documents()), state=DocumentState.KEPT, record_status=Status.PUBLISHED, approved=SOMEBODY, term_ends=None
    )
    visit = Visit(actor=GUEST, on_campus=False, today=TODAY)
    embargoed = replace(file, rights=Rights(level=AccessLevel.OPEN, embargo_until=date(2027, 1, 5)))
    with pytest.raises(ReadingRefused, match=r"opens on 2027-01-05") as refused:
        require_reading(embargoed, Use.DOWNLOAD, visit)
    assert refused.value.rule == "embargo"
    ended = replace(file, rights=Rights(level=AccessLevel.OPEN), term_ends=date(2026, 11, 20))
    with pytest.raises(ReadingRefused, match=r"ended on 2026-11-20"):
        require_reading(ended, Use.DOWNLOAD, visit)
    assert require_reading(replace(file, rights=Rights(level=AccessLevel.OPEN)), Use.DOWNLOAD, visit) is Rule.OPEN
