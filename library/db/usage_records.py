"""How records are used: for readers, for lists of the most used ones, and in the metrics of COUNTER."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Table, and_, func, select

from library.db.tables import archive_places, usage_day_items, usage_days, usage_month_items, usage_month_titles
from library.db.usage_parts import COLUMNS, Pair, figures, newest_revisions, parts, widened
from library.domain.counter_types import AccessMethod, AccessType, DataType, Metric
from library.domain.periods import Span, Step, period_of
from library.domain.usage_figures import Ranking, RecordUse, TitleUse

_CHUNK = 500
_USES = ("record_views", "readings", "downloads")
_RECORDS = Pair(of_days=usage_day_items, of_months=usage_month_items, figures=_USES)


class ReadUsageRecords:
    """Figures of titles, items and records."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def titles(self, first_month: date, last_month: date, *, institution: str | None = None) -> Iterator[TitleUse]:
        """The metrics of titles in these months, by title, then by month."""
        return self._title_uses(usage_month_titles, first_month, last_month, institution)

    def items(self, first_month: date, last_month: date, *, institution: str | None = None) -> Iterator[TitleUse]:
        """The metrics of items in these months, by item, then by month."""
        return self._title_uses(usage_month_items, first_month, last_month, institution)

    def item_span(self, span: Span) -> Span:
        """The span that figures of records are told of: whole months where their days are kept no more."""
        final = select(func.max(usage_days.c.day)).where(usage_days.c.is_final.is_(True))
        last = self._connection.execute(final).scalar_one_or_none()
        if last is None:
            return span
        first = period_of(span.first, Step.MONTH).first if span.first <= last else span.first
        return Span(first=first, last=period_of(span.last, Step.MONTH).last if span.last <= last else span.last)

    def top_records(
        self, span: Span, ranking: Ranking = Ranking.USES, limit: int = 20, *, institution: str | None = None
    ) -> list[RecordUse]:
        """The records of `item_span` that were used most, the most used first; those not used so are left out."""
        span = self.item_span(span)
        names = _USES if ranking is Ranking.USES else (ranking.value.replace("-", "_"),)
        first, *others = [
            query.where(*([] if institution is None else [table.c.institution == institution])).add_columns(
                table.c.item_id, *(table.c[name] for name in _USES)
            )
            for table, query in parts(_RECORDS, span)
        ]
        rows = first.union_all(*others).subquery()
        sums = {name: func.sum(rows.c[name]).label(name) for name in _USES}
        rank = sum((sums[name].element for name in names[1:]), start=sums[names[0]].element)
        query = select(rows.c.item_id, *sums.values()).group_by(rows.c.item_id).having(rank > 0)
        ranked = query.order_by(rank.desc(), rows.c.item_id).limit(limit)
        return [_record_use(span.first, row.item_id, row) for row in self._connection.execute(ranked)]

    def record_by_month(self, record_id: int, span: Span) -> list[RecordUse]:
        """How a record was used in each month with use that the span touches, in order."""
        return self._by_month([record_id], span, record_id)

    def records_by_month(self, record_ids: Collection[int], span: Span) -> list[RecordUse]:
        """How these records together were used, month by month; `record_id` is 0."""
        return self._by_month(record_ids, span, 0)

    def set_by_month(self, set_spec: str, span: Span) -> list[RecordUse]:
        """How the records of a set of the open archive together were used, month by month: one query, of any size.

        `record_id` is 0.
        """
        members = select(archive_places.c.record_id).where(archive_places.c.set_spec == set_spec)
        return _together(dict(self._months(usage_month_items.c.item_id.in_(members), span)), 0)

    def _by_month(self, record_ids: Collection[int], span: Span, named: int) -> list[RecordUse]:
        found: dict[date, list[int]] = {}
        numbers = sorted(record_ids)
        for begin in range(0, len(numbers), _CHUNK):
            for month, uses in self._months(usage_month_items.c.item_id.in_(numbers[begin : begin + _CHUNK]), span):
                known = found.get(month, [0] * len(_USES))
                found[month] = [one + more for one, more in zip(known, uses, strict=True)]
        return _together(found, named)

    def _months(self, wanted: ColumnElement[bool], span: Span) -> Iterator[tuple[date, list[int]]]:
        """The sums of the items that are wanted, by month."""
        table, newest = usage_month_items, newest_revisions(widened(span, Step.MONTH))
        query = (
            select(table.c.month, *(func.sum(table.c[name]) for name in _USES))
            .join(newest, and_(table.c.month == newest.c.month, table.c.revision == newest.c.revision))
            .where(wanted)
            .group_by(table.c.month)
        )
        for month, *uses in self._connection.execute(query):
            yield month, [int(one) for one in uses]

    def _title_uses(
        self, table: Table, first_month: date, last_month: date, institution: str | None
    ) -> Iterator[TitleUse]:
        newest = newest_revisions(widened(Span(first=first_month, last=last_month), Step.MONTH))
        query = select(table).join(newest, and_(table.c.month == newest.c.month, table.c.revision == newest.c.revision))
        if institution is not None:
            query = query.where(table.c.institution == institution)
        number = table.c.item_id if "item_id" in table.c else table.c.title_id
        metrics = tuple(metric for metric in Metric if COLUMNS[metric] in table.c)
        for row in self._connection.execute(query.order_by(number, table.c.month)):
            yield TitleUse(
                month=row.month,
                item_id=row.item_id if "item_id" in table.c else 0,
                title_id=row.title_id,
                institution=row.institution,
                data_type=DataType(row.data_type),
                access_type=AccessType(row.access_type),
                access_method=AccessMethod(row.access_method),
                figures=figures(metrics, [getattr(row, COLUMNS[metric]) for metric in metrics]),
            )


def _together(found: Mapping[date, Sequence[int]], named: int) -> list[RecordUse]:
    """Sums by month as they are told, in order."""
    return [
        RecordUse(when=month, record_id=named, record_views=uses[0], readings=uses[1], downloads=uses[2])
        for month, uses in sorted(found.items())
    ]


def _record_use(when: date, record_id: int, row: Row[*tuple[Any, ...]]) -> RecordUse:
    return RecordUse(
        when=when,
        record_id=record_id,
        record_views=int(row.record_views),
        readings=int(row.readings),
        downloads=int(row.downloads),
    )
