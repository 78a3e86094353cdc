"""Uses become events: visitors turn into hashes, records into what they are at this moment."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, tzinfo

from indexer import analysis, folding
from library.db.unit_of_work import ReadingUnit, UnitOfWork
from library.db.usage_events import Query
from library.domain.access_level import AccessLevel
from library.domain.counter_types import AccessType, DataType, access_type_of, data_type_of
from library.domain.document import Document
from library.domain.robots import RobotList
from library.domain.usage import (
    WHO_BYTES,
    Flag,
    Kind,
    UsageEvent,
    Use,
    agent_number,
    event_id,
    local_time,
    salt_day,
    salt_day_before,
    visitor_hash,
)
from library.services.usage_salts import Salts

LONGEST_AGENT = 300
LONGEST_QUERY = 100
_LONGEST_WORD = 120
_LARGEST_NUMBER = 2**31 - 1
_MOST_BYTES = 2**62
_MOST_AGENTS = 5_000
_RANDOM_BYTES = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """An event with what does not go into it: the words of the agent, and what was searched for."""

    event: UsageEvent
    agent: str
    is_robot: bool
    query: Query | None


class EventMaker:
    """Makes events of uses. `chance` gives as many random bytes as are asked for."""

    def __init__(self, salts: Salts, robots: RobotList, zone: tzinfo, chance: Callable[[int], bytes]) -> None:
        self._salts = salts
        self._robots = robots
        self._zone = zone
        self._chance = chance
        self._judged: dict[str, bool] = {}

    def noted(self, use: Use) -> Noted:
        """The event of a use; what its record is stays open until `resolved` is asked."""
        at = use.at.astimezone(UTC)
        day, hour = local_time(at, self._zone)
        salt = self._salts.of(salt_day(at, self._zone))
        before = salt_day_before(at, self._zone)
        agent = _clean(use.agent, LONGEST_AGENT)
        item = _number(use.item_id)
        event = UsageEvent(
            eid=event_id(at, self._chance(_RANDOM_BYTES)),
            at=at,
            local_day=day,
            local_hour=hour,
            who=visitor_hash(salt, use.identity),
            who_before=b"" if before is None else visitor_hash(self._salts.of(before), use.identity),
            institution=_clean(use.institution),
            kind=use.kind,
            item_id=item,
            file_id=_number(use.file_id),
            title_id=item,
            access_method=use.access_method,
            status=use.status,
            range_start=min(use.range_start, _MOST_BYTES),
            sent=min(use.sent, _MOST_BYTES),
            completed=use.completed,
            denied=use.denied,
            rule=_clean(use.rule),
            results=min(use.results, _LARGEST_NUMBER),
            category=_clean(use.category),
            faculty=_clean(use.faculty),
            agent_id=agent_number(agent),
            flags=use.flags & ~Flag.ROBOT,
        )
        is_robot = self.is_robot(agent)
        return Noted(
            event=event,
            agent=agent,
            is_robot=is_robot,
            query=None if is_robot or use.flags else _query(use, salt, day),
        )

    def is_robot(self, agent: str) -> bool:
        """What the list says of these words."""
        known = self._judged.get(agent)
        if known is None:
            if len(self._judged) >= _MOST_AGENTS:
                self._judged.clear()
            known = self._judged[agent] = self._robots.is_robot(agent)
        return known


def resolved(view: ReadingUnit | UnitOfWork, events: Sequence[UsageEvent]) -> list[UsageEvent]:
    """The events with what their records are now: type, and how they stand open. Those that have it keep it.

    A record that never was is none.
    """
    numbers = {event.item_id for event in events if _is_open(event)}
    if not numbers:
        return list(events)
    materials = view.usage_events.materials(numbers)
    documents = view.documents.of_records(sorted(materials))
    found = []
    for event in events:
        if not _is_open(event):
            found.append(event)
        elif event.item_id not in materials:
            found.append(replace(event, item_id=0, title_id=0, file_id=0))
        else:
            access = _access_type(documents.get(event.item_id, []), event)
            data_type = data_type_of(materials[event.item_id])
            found.append(replace(event, data_type=data_type, access_type=access))
    return found


def _is_open(event: UsageEvent) -> bool:
    return bool(event.item_id) and event.data_type is DataType.PLATFORM


def _access_type(documents: Sequence[Document], event: UsageEvent) -> AccessType:
    """That of the file, or of the record's widest one; what has no file is had with a reader's card."""
    of_file = [document for document in documents if document.id == event.file_id]
    for document in of_file or documents:
        rights = document.rights
        is_shut = rights.embargo_until is not None and event.local_day < rights.embargo_until
        is_over = document.term_ends is not None and event.local_day > document.term_ends
        if document.is_published and not is_shut and not is_over and rights.level is AccessLevel.OPEN:
            return access_type_of(AccessLevel.OPEN)
    return AccessType.CONTROLLED


def _query(use: Use, salt: bytes, day: date) -> Query | None:
    if use.kind is not Kind.SEARCH or not use.words:
        return None
    words = " ".join(filter(None, map(folding.fold_surface, analysis.split(use.words[: 2 * LONGEST_QUERY]))))
    words = _clean(words, LONGEST_QUERY).strip()
    if not words:
        return None
    # With the words in it, the hash tells nothing of what else this visitor searched for.
    mark = visitor_hash(salt, use.identity + b"\0words\0" + words.encode())[:WHO_BYTES]
    return Query(day=day, words=words, mark=mark, found=use.results > 0)


def _number(of: int) -> int:
    """The number of a record or of a file; 0 for one that none can have."""
    return of if 0 < of <= _LARGEST_NUMBER else 0


def _clean(words: str, longest: int = _LONGEST_WORD) -> str:
    """As databases take it: without what is no letter, and not longer than this."""
    return words[:longest].replace("\0", "").encode("utf-8", "ignore").decode()


def mark_of(now: datetime, chance: Callable[[int], bytes]) -> bytes:
    """A new mark for the days of a batch."""
    return event_id(now, chance(_RANDOM_BYTES))
