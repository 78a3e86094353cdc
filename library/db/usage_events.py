"""Events of use, the marks of days that are to be counted, agents, and what was searched for."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta, tzinfo
from typing import cast

from sqlalchemy import Connection, Table, bindparam, delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from library.db.tables import (
    records,
    usage_agents,
    usage_days,
    usage_dirty_days,
    usage_events,
    usage_queries,
    usage_query_marks,
)
from library.db.usage_parts import insert_rows
from library.domain.counting import DOUBLE_CLICK
from library.domain.description import Material
from library.domain.usage import UsageEvent, event_time, local_time
from library.domain.usage_rows import COLUMNS, Row, as_robot, plain

MOST_WORDS_A_DAY = 5_000
"""Different words that are kept of a day; more are no list that anybody reads."""

_CHUNK = 200
_SEVERAL = 2
_QUARTER_MILLISECONDS = timedelta(minutes=15) // timedelta(milliseconds=1)
_DOUBLE_CLICK_MILLISECONDS = DOUBLE_CLICK // timedelta(milliseconds=1)
_AGENT = COLUMNS.index("agent_id")
_READ = select(*(usage_events.c[name] for name in COLUMNS)).where(
    usage_events.c.eid >= bindparam("first"), usage_events.c.eid < bindparam("end")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DirtyDay:
    """A day with events that are not counted. The marks are numbers of events, which tell when they were made."""

    day: date
    marks: int
    oldest: bytes
    newest: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Agent:
    """The words of an agent and what a list of robots said of them."""

    id: int
    words: str
    is_robot: bool
    list_version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A search that somebody made; `mark` is a keyed hash of the visitor together with the words."""

    day: date
    words: str
    mark: bytes
    found: bool


class ReadUsageEvents:
    """What was written and waits to be counted."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def rows(self, first: bytes, end: bytes, robots: frozenset[int]) -> list[Row]:
        """The events with numbers from the first up to the end, by time; those of these agents are marked as robots."""
        found = self._connection.execute(_READ.order_by(usage_events.c.eid), {"first": first, "end": end})
        # Past the rows of SQLAlchemy: of the cursor's own tuples a million are had in half the time.
        rows = cast("list[Row]", found.cursor.fetchall() if found.cursor else [])
        found.close()
        if robots:
            return [as_robot(row) if row[_AGENT] in robots else row for row in rows]
        return rows

    def robots(self) -> frozenset[int]:
        """The numbers of all agents that are robots."""
        query = select(usage_agents.c.id).where(usage_agents.c.is_robot.is_(True))
        return frozenset(self._connection.execute(query).scalars())

    def dirty_days(self) -> list[DirtyDay]:
        """All days that wait to be counted, the earliest first."""
        query = select(usage_dirty_days.c.day, usage_dirty_days.c.mark).order_by(
            usage_dirty_days.c.day, usage_dirty_days.c.mark
        )
        days: dict[date, list[bytes]] = {}
        for day, mark in self._connection.execute(query):
            days.setdefault(day, []).append(mark)
        return [DirtyDay(day=day, marks=len(marks), oldest=marks[0], newest=marks[-1]) for day, marks in days.items()]

    def marks(self, day: date) -> list[bytes]:
        """The marks of a day."""
        query = select(usage_dirty_days.c.mark).where(usage_dirty_days.c.day == day)
        return list(self._connection.execute(query).scalars())

    def judged_by_others(self, list_version: str, limit: int) -> list[Agent]:
        """Agents about which another version of the list was asked last."""
        query = select(usage_agents).where(usage_agents.c.list_version != list_version).limit(limit)
        return [
            Agent(id=row.id, words=row.words, is_robot=row.is_robot, list_version=row.list_version)
            for row in self._connection.execute(query)
        ]

    def materials(self, record_ids: Collection[int]) -> Mapping[int, Material]:
        """What the records are, by their numbers; one that never was is left out."""
        query = select(records.c.id, records.c.material).where(records.c.id.in_(record_ids))
        return {number: Material(material) for number, material in self._connection.execute(query)}

    def count(self) -> int:
        """How many events are kept."""
        return self._connection.execute(select(func.count()).select_from(usage_events)).scalar_one()


class UsageEvents(ReadUsageEvents):
    """What can be written; nothing is ever changed."""

    def append(self, events: Sequence[UsageEvent], mark: bytes, zone: tzinfo) -> int:
        """Write events, those that are there already once more without any change, and mark their days.

        `mark` is a new number as of an event. Events of final days come too late and are left out; how many they were.
        """
        days = _days(events, zone)
        final = self._final(days)
        kept = [event for event in events if event.local_day not in final] if final else events
        insert_rows(self._connection, usage_events, [plain(event) for event in kept], "ON CONFLICT DO NOTHING")
        self.mark(days - final, mark)
        return len(events) - len(kept)

    def mark(self, days: Iterable[date], mark: bytes) -> None:
        """Have these days counted."""
        rows = [{"day": day, "mark": mark} for day in sorted(days)]
        if rows:
            self._connection.execute(self._upsert(usage_dirty_days).on_conflict_do_nothing(), rows)

    def clean(self, day: date, marks: Sequence[bytes]) -> None:
        """The events behind these marks were counted."""
        done = delete(usage_dirty_days).where(
            usage_dirty_days.c.day == day, usage_dirty_days.c.mark == bindparam("of_mark")
        )
        if marks:
            self._connection.execute(done, [{"of_mark": mark} for mark in marks])

    def note_agents(self, agents: Sequence[Agent], day: date) -> None:
        """Keep the words of agents that were seen on this day."""
        statement = self._upsert(usage_agents)
        statement = statement.on_conflict_do_update(
            index_elements=[usage_agents.c.id],
            set_={"seen_on": statement.excluded.seen_on},
            where=usage_agents.c.seen_on < statement.excluded.seen_on,
        )
        rows = [
            {
                "id": agent.id,
                "words": agent.words,
                "is_robot": agent.is_robot,
                "list_version": agent.list_version,
                "seen_on": day,
            }
            # In one order, so that two writers never wait for one another.
            for agent in sorted(agents, key=lambda agent: agent.id)
        ]
        if rows:
            self._connection.execute(statement, rows)

    def judge(self, agents: Sequence[Agent]) -> None:
        """Write what a newer list says of agents."""
        statement = (
            update(usage_agents)
            .where(usage_agents.c.id == bindparam("of_id"))
            .values(is_robot=bindparam("robot"), list_version=bindparam("version"))
        )
        rows = [{"of_id": one.id, "robot": one.is_robot, "version": one.list_version} for one in agents]
        if rows:
            self._connection.execute(statement, rows)

    def note_queries(self, queries: Sequence[Query]) -> None:
        """Add what was searched for to the lists of the days; beyond `MOST_WORDS_A_DAY` nothing new is taken in."""
        for day in {query.day for query in queries}:
            self._note_queries(day, [query for query in queries if query.day == day])

    def forget_marks(self, before: date) -> None:
        """Nobody can tell visitors of earlier days apart any more, and words of one visitor alone are gone."""
        self._connection.execute(delete(usage_query_marks).where(usage_query_marks.c.day < before))
        self._connection.execute(
            delete(usage_queries).where(usage_queries.c.day < before, usage_queries.c.visitors < _SEVERAL)
        )

    def forget(self, first: bytes, end: bytes) -> None:
        """Delete the events with numbers from the first up to the end."""
        self._connection.execute(delete(usage_events).where(usage_events.c.eid >= first, usage_events.c.eid < end))

    def forget_agents(self, before: date) -> None:
        """Delete agents that were not seen since, and what was searched for before."""
        self._connection.execute(delete(usage_agents).where(usage_agents.c.seen_on < before))
        self._connection.execute(delete(usage_queries).where(usage_queries.c.day < before))

    def _note_queries(self, day: date, queries: Sequence[Query]) -> None:
        words = self._taken_in(day, {query.words for query in queries})
        queries = [query for query in queries if query.words in words]
        fresh = self._fresh(day, sorted({query.mark for query in queries}))
        counts: dict[str, dict[str, int]] = {}
        for query in queries:
            row = counts.setdefault(query.words, {"found": 0, "nothing_found": 0, "visitors": 0})
            row["found" if query.found else "nothing_found"] += 1
            row["visitors"] += query.mark in fresh
            fresh.discard(query.mark)
        if not counts:
            return
        statement = self._upsert(usage_queries)
        added = {
            name: usage_queries.c[name] + statement.excluded[name] for name in ("found", "nothing_found", "visitors")
        }
        keys = [usage_queries.c.day, usage_queries.c.words]
        rows = [{"day": day, "words": one, **numbers} for one, numbers in sorted(counts.items())]
        self._connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=added), rows)

    def _taken_in(self, day: date, words: set[str]) -> set[str]:
        of_day = usage_queries.c.day == day
        known = set(
            self._connection.execute(
                select(usage_queries.c.words).where(of_day, usage_queries.c.words.in_(words))
            ).scalars()
        )
        there = self._connection.execute(select(func.count()).select_from(usage_queries).where(of_day)).scalar_one()
        return known | set(sorted(words - known)[: max(0, MOST_WORDS_A_DAY - there)])

    def _fresh(self, day: date, marks: Sequence[bytes]) -> set[bytes]:
        """Those of the marks that were not there, and are now."""
        fresh: set[bytes] = set()
        for begin in range(0, len(marks), _CHUNK):
            rows = [{"day": day, "mark": mark} for mark in marks[begin : begin + _CHUNK]]
            statement = self._upsert(usage_query_marks).values(rows).on_conflict_do_nothing()
            fresh.update(self._connection.execute(statement.returning(usage_query_marks.c.mark)).scalars())
        return fresh

    def _final(self, days: set[date]) -> set[date]:
        query = select(usage_days.c.day).where(usage_days.c.day.in_(days), usage_days.c.is_final.is_(True))
        return set(self._connection.execute(query).scalars())

    def _upsert(self, table: Table) -> postgresql.Insert | sqlite.Insert:
        return postgresql.insert(table) if self._connection.dialect.name == "postgresql" else sqlite.insert(table)


def _days(events: Iterable[UsageEvent], zone: tzinfo) -> set[date]:
    """The days that these events are counted in, and those that end within a double click before one of them."""
    quarters = set()
    for event in events:
        at = int.from_bytes(event.eid[:6], "big")
        quarters.add(at // _QUARTER_MILLISECONDS)
        quarters.add((at - _DOUBLE_CLICK_MILLISECONDS) // _QUARTER_MILLISECONDS)
    moments = (event_time((quarter * _QUARTER_MILLISECONDS).to_bytes(6, "big")) for quarter in quarters)
    return {local_time(moment, zone)[0] for moment in moments}
