"""Where the figures of a time stand: in the newest revisions of its whole months, and in the days at its ends."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Select, Subquery, Table, and_, func, select

from library.db.tables import usage_months
from library.domain.counter_types import Metric
from library.domain.periods import Span, Step, period_of

COLUMNS: Mapping[Metric, str] = {metric: metric.value.lower() for metric in Metric}
"""The columns of the metrics."""

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """The counts of days and of months of one kind, and the columns that are figures."""

    of_days: Table
    of_months: Table
    figures: tuple[str, ...]


def parts(pair: Pair, span: Span, *, by_day: bool = False) -> Iterator[tuple[Table, Select[Any]]]:
    """Where the figures of a span stand: the tables, each with a query of its rows."""
    months = None if by_day else whole_months(span)
    days, nothing = pair.of_days, select()
    if months is None:
        yield days, nothing.where(days.c.day.between(span.first, span.last))
        return
    table, newest = pair.of_months, newest_revisions(months)
    joined = table.join(newest, and_(table.c.month == newest.c.month, table.c.revision == newest.c.revision))
    yield table, nothing.select_from(joined)
    for edge in (Span(first=span.first, last=months.first - _DAY), Span(first=months.last + _DAY, last=span.last)):
        if edge.first <= edge.last:
            yield days, nothing.where(days.c.day.between(edge.first, edge.last))


def newest_revisions(span: Span) -> Subquery:
    """The newest revision of each month of the span."""
    query = select(usage_months.c.month, func.max(usage_months.c.revision).label("revision"))
    return query.where(usage_months.c.month.between(span.first, span.last)).group_by(usage_months.c.month).subquery()


def widened(span: Span, step: Step) -> Span:
    """The whole periods that the span touches."""
    return Span(first=period_of(span.first, step).first, last=period_of(span.last, step).last)


def whole_months(span: Span) -> Span | None:
    """From the first whole month in the span to the last; None where there is none."""
    first = period_of(span.first, Step.MONTH)
    if first.first < span.first:
        first = first.following
    last = period_of(span.last, Step.MONTH)
    if last.last > span.last:
        last = last.before
    return Span(first=first.first, last=last.last) if first.first <= last.first else None


def figures(metrics: Collection[Metric] | type[Metric], numbers: Sequence[int]) -> Mapping[Metric, int]:
    """Those that are not 0."""
    return {metric: int(number) for metric, number in zip(metrics, numbers, strict=True) if number}


def insert_rows(connection: Connection, table: Table, rows: Sequence[tuple[Any, ...]], otherwise: str = "") -> None:
    """Insert rows in the order of the columns; `otherwise` is what the statement ends with.

    Past the statements of SQLAlchemy, which take longer than the database does: there are a million rows.
    """
    if not rows:
        return
    sign = "%s" if connection.dialect.name == "postgresql" else "?"
    names, signs = ", ".join(table.c.keys()), ", ".join([sign] * len(table.c))
    statement = f"INSERT INTO {table.name} ({names}) VALUES ({signs}) {otherwise}"  # noqa: S608  (names of ours)
    connection.exec_driver_sql(statement, list(rows))
