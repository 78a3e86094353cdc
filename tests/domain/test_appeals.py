"""The life of an appeal, its clocks, its figures, and the calendar that people type."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from library.domain.appeal_terms import (
    FIXED_HOLIDAYS,
    AppealTerms,
    NamedDay,
    days_from,
    days_text,
    fixed_holidays,
    require_sound_appeals,
    terms_facts,
    terms_from_facts,
    with_days,
)
from library.domain.appeals import (
    Appeal,
    AppealClock,
    AppealFigures,
    AppealKind,
    AppealState,
    By,
    Outcome,
    deadlines_of,
    figures_of,
    together,
)
from library.domain.errors import AppealNotReady, InvalidConfiguration, LibraryError
from library.domain.workdays import WorkCalendar

TASHKENT = ZoneInfo("Asia/Tashkent")
CALENDAR = WorkCalendar(zone=TASHKENT)
BEGIN = datetime(2026, 9, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)

hours = st.integers(0, 24 * 30)
deeds = st.lists(
    st.tuples(st.sampled_from(("look", "assign", "answer", "close", "erase", "escalate")), hours), max_size=7
)


def an_appeal(kind: AppealKind = AppealKind.COMPLAINT, at: datetime = BEGIN) -> Appeal:
    return Appeal(
        kind=kind,
        subject="Mavzu",
        text="Matn",
        name="Dilnoza",
        contact="+998",
        language="uz-Latn",
        received_at=at,
        deadlines=deadlines_of(kind, CALENDAR, at),
    )


def after(appeal: Appeal, deed: str, at: datetime) -> Appeal:
    """What a deed makes of it; the same where it can't be done."""
    by = By(key="person:1", name="Nodira", at=at)
    done = {
        "look": lambda: appeal.look(by),
        "assign": lambda: appeal.assign("person:2", "Aziza", by),
        "answer": lambda: appeal.reply(Outcome.DONE, "Javob", by, 2),
        "close": lambda: appeal.close("Natija", by),
        "erase": lambda: appeal.erase(at),
        "escalate": lambda: _escalated(appeal, at),
    }
    try:
        return done[deed]()
    except LibraryError:
        return appeal


def _escalated(appeal: Appeal, at: datetime) -> Appeal:
    for clock in appeal.ran_out(at):
        appeal = appeal.escalate(clock, at)
    return appeal


def lived(kind: AppealKind, history: list[tuple[str, int]]) -> Appeal:
    appeal, at = an_appeal(kind), BEGIN
    for deed, later in history:
        at += later * HOUR
        appeal = after(appeal, deed, at)
    return appeal


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(AppealKind), deeds)
def test_whatever_is_done_a_clock_runs_until_the_answer_and_never_after_it(
    kind: AppealKind, history: list[tuple[str, int]]
) -> None:
    appeal = lived(kind, history)
    assert (appeal.due is None) == (appeal.answered is not None)
    assert appeal.is_waiting == (appeal.answered is None)
    assert (appeal.answered is None) or appeal.looked is not None
    assert (appeal.state is AppealState.CLOSED) == (appeal.closed is not None)
    if appeal.erased_at is not None:
        assert appeal.answered is not None
        assert (appeal.name, appeal.contact) == ("", "")
    assert not appeal.is_escalated or appeal.answered is None


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(AppealKind), deeds), max_size=5), hours)
def test_every_appeal_is_counted_once_and_what_was_done_later_not_yet(
    histories: list[tuple[AppealKind, list[tuple[str, int]]]], later: int
) -> None:
    appeals, at = [lived(*one) for one in histories], BEGIN + later * HOUR
    now = figures_of(appeals, at)
    assert now.received == len(appeals) == now.answered_in_time + now.answered_late + now.open
    assert now.overdue <= now.open
    assert now.late <= now.received
    assert len(now.days) == now.answered_in_time + now.answered_late
    assert now == together(figures_of([one], at) for one in appeals)
    # By hand, one after another.
    answered = [one for one in appeals if one.answered is not None and one.answered.at <= at]
    assert now.answered_late == sum(one.answered.at > one.deadlines.measures for one in answered if one.answered)
    assert now.open == len(appeals) - len(answered)
    assert (now.median_days is None) == (not answered)


def test_no_appeals_have_no_median() -> None:
    assert together([]) == AppealFigures()
    assert AppealFigures().median_days is None


def test_an_answer_at_the_last_moment_is_in_time_and_a_moment_later_is_late() -> None:
    appeal = an_appeal()
    due = appeal.deadlines.measures
    for at, late in ((due, 0), (due + timedelta(microseconds=1), 1)):
        answered = after(appeal, "answer", at)
        assert figures_of([answered], due + HOUR).answered_late == late
        assert answered.is_late(AppealClock.MEASURES, due + 9 * HOUR) == bool(late)


def test_deeds_out_of_turn_are_refused_in_words() -> None:
    appeal = an_appeal()
    by = By(key="person:1", name="Nodira", at=BEGIN)
    answered = appeal.reply(Outcome.DONE, "Javob", by, 0)
    for deed in (
        lambda: appeal.close("Natija", by),
        lambda: appeal.erase(BEGIN),
        lambda: appeal.look(by).look(by),
        lambda: answered.reply(Outcome.DONE, "Yana", by, 0),
        lambda: answered.assign("person:2", "Aziza", by),
        lambda: answered.reckon(answered.deadlines, 2),
    ):
        with pytest.raises(AppealNotReady):
            deed()


days = st.builds(
    NamedDay,
    day=st.dates(date(2000, 1, 1), date(2200, 12, 31)),
    name=st.text(st.characters(categories=("L", "N", "P", "S")), max_size=20),
)


@settings(max_examples=100, deadline=None)
@given(st.lists(days, max_size=6))
def test_days_are_read_as_they_are_written(found: list[NamedDay]) -> None:
    kept = with_days((), found)
    assert days_from(days_text(kept)) == kept
    assert list(kept) == sorted(kept, key=lambda one: one.day)
    terms = AppealTerms(holidays=kept, weekdays=(0, 5))
    assert terms_from_facts(terms_facts(terms)) == terms


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=40))
def test_whatever_is_typed_is_a_list_of_days_or_a_line_that_is_named(text: str) -> None:
    lines = [line for line in text.splitlines() if line.strip()]
    try:
        found = days_from(text)
    except InvalidConfiguration:
        found = None
    readable = [line for line in lines if _is_day(line)]
    assert (found is None) == (len(readable) < len(lines))


def _is_day(line: str) -> bool:
    try:
        days_from(line)
    except InvalidConfiguration:
        return False
    return True


def test_what_a_person_named_stays_when_fixed_holidays_are_offered() -> None:
    own = (NamedDay(day=date(2026, 3, 21), name="Navroʻz sayli"),)
    offered = with_days(own, fixed_holidays("uz", (2026, 2027)))
    assert len(offered) == 2 * len(FIXED_HOLIDAYS["uz"])
    assert own[0] in offered
    assert fixed_holidays("xx", (2026,)) == ()


@pytest.mark.parametrize(
    "change",
    [
        {"weekdays": ()},
        {"weekdays": (7,)},
        {"reception": "javascript:alert(1)"},
        {"reception": "https://bo sh.example"},
        {"holidays": (NamedDay(day=date(1999, 1, 1)),)},
        {"holidays": (NamedDay(day=date(2026, 1, 1), name="a" * 101),)},
        {"holidays": tuple(NamedDay(day=date(2026, 1, 1) + timedelta(days=n)) for n in range(401))},
        {"holidays": tuple(NamedDay(day=date(2026, 1, 1) + timedelta(days=n)) for n in range(100))},
    ],
)
def test_a_calendar_by_which_nothing_could_be_answered_is_not_saved(change: dict[str, object]) -> None:
    with pytest.raises(InvalidConfiguration):
        require_sound_appeals(replace(AppealTerms(), **change), UTC)  # type: ignore[arg-type]
