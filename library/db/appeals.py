"""What people wrote to the library: domain values to rows and back, lists of work, and figures of a time."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any, Protocol

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, case, func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from library.db.tables import appeals
from library.domain.appeals import (
    WAITING,
    Appeal,
    AppealFigures,
    AppealKind,
    AppealState,
    By,
    Channel,
    Outcome,
    figures_of,
)
from library.domain.errors import N_, AppealNotReady, NotFound, StaleVersion
from library.domain.workdays import Deadlines

_DAY = timedelta(days=1)
_WAITS = appeals.c.state.in_([state.value for state in WAITING])
# The clock that runs out next.
_DUE = case((appeals.c.looked_at.is_(None), appeals.c.first_look_due), else_=appeals.c.measures_due)


class Days(Protocol):
    """A time from its first day to its last one, both in it."""

    @property
    def first(self) -> date:
        """The first day."""

    @property
    def last(self) -> date:
        """The last day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealFilter:
    """Which appeals a list shows; what is None or empty leaves all in.

    `late_at` leaves those in of which a clock had run out by then, `escalated` those that are with the head.
    """

    states: frozenset[AppealState] = frozenset()
    kind: AppealKind | None = None
    record_id: int | None = None
    assigned_to: str = ""
    late_at: datetime | None = None
    escalated: bool = False


class ReadAppeals:
    """Appeals as they are."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, appeal_id: int) -> Appeal:
        """The appeal with this number; `NotFound` where there is none."""
        row = self._connection.execute(select(appeals).where(appeals.c.id == appeal_id)).one_or_none()
        if row is None:
            raise NotFound(N_("There is no appeal {id}."), id=appeal_id)
        return _appeal(row)

    def of_form(self, form_key: str) -> Appeal | None:
        """The appeal that this form made."""
        row = self._connection.execute(select(appeals).where(appeals.c.form_key == form_key)).one_or_none()
        return None if row is None else _appeal(row)

    def found(self, wanted: AppealFilter, limit: int, offset: int = 0) -> list[Appeal]:
        """A page of a list: those that wait, by the clock that runs out next; then what was answered last."""
        rank = case((_WAITS, 0), else_=1)
        order = (rank, case((_WAITS, _DUE), else_=None), appeals.c.answered_at.desc(), appeals.c.id)
        query = select(appeals).where(*_conditions(wanted)).order_by(*order)
        return self._some(query.limit(limit).offset(offset))

    def count(self, wanted: AppealFilter) -> int:
        """How many the list has."""
        query = select(func.count()).select_from(appeals).where(*_conditions(wanted))
        found: int = self._connection.execute(query).scalar_one()
        return found

    def to_escalate(self, now: datetime, limit: int) -> list[Appeal]:
        """Those of which a clock ran out that the head was not told of yet."""
        no_look = and_(
            appeals.c.looked_at.is_(None), appeals.c.look_escalated_at.is_(None), appeals.c.first_look_due < now
        )
        no_answer = and_(appeals.c.measures_escalated_at.is_(None), appeals.c.measures_due < now)
        return self._some(select(appeals).where(_WAITS, or_(no_look, no_answer)).order_by(appeals.c.id).limit(limit))

    def by_another_calendar(self, version: int, limit: int) -> list[Appeal]:
        """Those whose clocks run by another version of the calendar."""
        other = appeals.c.calendar_version != version
        return self._some(select(appeals).where(_WAITS, other).order_by(appeals.c.id).limit(limit))

    def to_erase(self, before: datetime, limit: int) -> list[Appeal]:
        """Those that were answered before this moment and whose sender was not erased yet."""
        due = (appeals.c.answered_at < before, appeals.c.erased_at.is_(None))
        return self._some(select(appeals).where(*due).order_by(appeals.c.id).limit(limit))

    def figures(self, span: Days, *, at: datetime, zone: tzinfo) -> dict[AppealKind, AppealFigures]:
        """What became, up to `at`, of all that came on these days (in this zone), by kind; every kind is there."""
        return self.series((span,), at=at, zone=zone)[0]

    def series(self, spans: Sequence[Days], *, at: datetime, zone: tzinfo) -> list[dict[AppealKind, AppealFigures]]:
        """The figures of each of these spans, in their order: one query. They may overlap."""
        if not spans:
            return []
        first, last = min(one.first for one in spans), max(one.last for one in spans)
        came = (
            appeals.c.received_at >= _midnight(first, zone),
            appeals.c.received_at < _midnight(last + _DAY, zone),
            appeals.c.received_at <= at,
        )
        found = self._some(select(appeals).where(*came).order_by(appeals.c.received_at))
        times = [one.received_at for one in found]

        def of(span: Days) -> dict[AppealKind, AppealFigures]:
            begin = bisect_left(times, _midnight(span.first, zone))
            end = bisect_left(times, _midnight(span.last + _DAY, zone))
            inside = found[begin:end]
            return {kind: figures_of((one for one in inside if one.kind is kind), at) for kind in AppealKind}

        return [of(span) for span in spans]

    def _some(self, query: Select[Any]) -> list[Appeal]:
        return [_appeal(row) for row in self._connection.execute(query)]


class Appeals(ReadAppeals):
    """Appeals that can be taken and worked on."""

    def add(self, appeal: Appeal) -> Appeal:
        """Keep a new one; it comes back with its number. `AppealNotReady` where its form made one already."""
        try:
            key = self._connection.execute(insert(appeals).values(_row(appeal))).inserted_primary_key
        except IntegrityError as error:
            raise AppealNotReady(N_("This form was sent already.")) from error
        assert key is not None, "the row was written"
        return replace(appeal, id=int(key[0]))

    def save(self, appeal: Appeal) -> Appeal:
        """Write the next version of an appeal as it was read and changed; `StaleVersion` if somebody was quicker."""
        statement = (
            update(appeals)
            .where(appeals.c.id == appeal.id, appeals.c.version == appeal.version)
            .values({**_row(appeal), "version": appeal.version + 1})
        )
        if self._connection.execute(statement).rowcount != 1:
            raise StaleVersion(N_("Somebody worked on this appeal meanwhile. Look at it again."))
        return replace(appeal, version=appeal.version + 1)


def _midnight(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time(), tzinfo=zone)


def _conditions(wanted: AppealFilter) -> Collection[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.states:
        conditions.append(appeals.c.state.in_([state.value for state in wanted.states]))
    if wanted.kind is not None:
        conditions.append(appeals.c.kind == wanted.kind.value)
    if wanted.record_id is not None:
        conditions.append(appeals.c.record_id == wanted.record_id)
    if wanted.assigned_to:
        conditions.append(appeals.c.assigned_to == wanted.assigned_to)
    if wanted.late_at is not None:
        conditions.append(and_(_WAITS, wanted.late_at > _DUE))
    if wanted.escalated:
        told = or_(appeals.c.look_escalated_at.is_not(None), appeals.c.measures_escalated_at.is_not(None))
        conditions.append(and_(_WAITS, told))
    return conditions


def _by(row: Row[*tuple[Any, ...]], deed: str) -> By | None:
    of = row._mapping  # noqa: SLF001  (SQLAlchemy's own public name)
    at = of[f"{deed}_at"]
    return None if at is None else By(key=of[f"{deed}_by"], name=of[f"{deed}_by_name"], at=at)


def _appeal(row: Row[*tuple[Any, ...]]) -> Appeal:
    return Appeal(
        id=row.id,
        kind=AppealKind(row.kind),
        channel=Channel(row.channel),
        state=AppealState(row.state),
        subject=row.subject,
        text=row.text,
        name=row.name,
        contact=row.contact,
        language=row.language,
        about=row.about,
        record_id=row.record_id or 0,
        outside_number=row.outside_number,
        form_key=row.form_key,
        received_at=row.received_at,
        deadlines=Deadlines(first_look=row.first_look_due, measures=row.measures_due),
        calendar_version=row.calendar_version,
        looked=_by(row, "looked"),
        assigned_to=row.assigned_to,
        assigned_name=row.assigned_name,
        look_escalated_at=row.look_escalated_at,
        measures_escalated_at=row.measures_escalated_at,
        outcome=Outcome(row.outcome) if row.outcome else None,
        answer=row.answer,
        answered=_by(row, "answered"),
        days_taken=row.days_taken,
        effect=row.effect,
        closed=_by(row, "closed"),
        erased_at=row.erased_at,
        version=row.version,
    )


def _row(appeal: Appeal) -> dict[str, object]:
    """The row of an appeal, without its number."""
    row: dict[str, object] = {
        "form_key": appeal.form_key,
        "kind": appeal.kind.value,
        "channel": appeal.channel.value,
        "state": appeal.state.value,
        "record_id": appeal.record_id or None,
        "first_look_due": appeal.deadlines.first_look,
        "measures_due": appeal.deadlines.measures,
        "outcome": appeal.outcome.value if appeal.outcome else "",
    }
    for name in _AS_THEY_ARE:
        row[name] = getattr(appeal, name)
    for deed in ("looked", "answered", "closed"):
        by: By | None = getattr(appeal, deed)
        row |= {
            f"{deed}_by": by.key if by else "",
            f"{deed}_by_name": by.name if by else "",
            f"{deed}_at": by.at if by else None,
        }
    return row


_AS_THEY_ARE = (
    *("subject", "text", "name", "contact", "language", "about", "outside_number", "received_at", "calendar_version"),
    *("assigned_to", "assigned_name", "look_escalated_at", "measures_escalated_at", "answer", "days_taken", "effect"),
    *("erased_at", "version"),
)
