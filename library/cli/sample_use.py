"""Gives the sample installation its invented year of use, through the same pipeline as real use."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from library.container import Container, now
from library.db.unit_of_work import ReadingUnit
from library.db.usage_events import Agent, Query
from library.domain.dashboard import INVENTED
from library.domain.record import Status
from library.domain.usage import agent_number, event_id, local_time
from library.sample.use import DAYS, Day, Held, year
from library.services.usage_events import resolved

# So many days are written at once.
_AT_ONCE = 30
_PAGE = 500
_MARK_CHANCE = b"sample-use"


def bring(container: Container, days: int = DAYS) -> int:
    """Write the `days` before today; how many events they have. The worker counts them while the library is open.

    What was in the catalogue yesterday is told at once; full texts are told a day after they have passed the checks.
    Where anybody used the library already nothing is written: invented use never mixes with real one.
    """
    zone = ZoneInfo(container.settings.time_zone)
    today = local_time(now(), zone)[0]
    with container.database.reading() as view:
        held = [] if view.usage_counts.first_day() is not None or view.usage_events.count() else _held(view)
    written = 0
    waiting: list[Day] = []
    for number, day in enumerate(year(held, today, zone, agent_number(INVENTED), days), 1):
        waiting.append(day)
        if len(waiting) == _AT_ONCE or number == days:
            written += _write(container, waiting, zone)
            waiting = []
    if written:
        container.statistics_following.follow(today - timedelta(days=1))
    return written


def _held(view: ReadingUnit) -> list[Held]:
    """All records that readers see, with their first file."""
    found, after = [], 0
    while page := view.records.listed_page(after, _PAGE):
        after = page[-1].id
        files = view.documents.of_records([one.id for one in page])
        for record in page:
            if record.status is Status.PUBLISHED:
                file = next(iter(files.get(record.id, ())), None)
                found.append(
                    Held(record_id=record.id)
                    if file is None
                    else Held(record_id=record.id, file_id=file.id, level=file.rights.level)
                )
    return found


def _write(container: Container, days: list[Day], zone: ZoneInfo) -> int:
    events = [event for day in days for event in day.events]
    searches = [
        Query(day=day.day, words=search.words, mark=search.mark, found=False) for day in days for search in day.searches
    ]
    invented = Agent(id=agent_number(INVENTED), words=INVENTED, is_robot=False, list_version="")
    with container.database.writing() as tx:
        tx.usage_events.append(resolved(tx, events), event_id(now(), _MARK_CHANCE), zone)
        tx.usage_events.note_queries(searches)
        # Known for ever: agents that were not seen for long are forgotten, and this one says what is invented.
        tx.usage_events.note_agents([invented], date.max)
        tx.commit()
    return len(events)
