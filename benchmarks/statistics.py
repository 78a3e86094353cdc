"""How quick reports of a year are over 100,000 records: each indicator by month and by its dimensions, and the forms.

    python -m benchmarks.statistics --kept DIR [--records 100000] [--readers 20000] [--events 200000]

A library is filled at random, with the same seed each time, unless it is kept there already: records of which most come
by imports and the others on the days of two years, files, acts, readers who are there in some months, and events of use
on every day. Printed are the seconds in which the book of holdings is written, from nothing and for a night, and the
milliseconds that a processor works on reports, the slowest first.
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from library.container import Container
from library.db.records import DescribedRecord
from library.db.unit_of_work import UnitOfWork
from library.domain.access import Actor
from library.domain.access_level import AccessLevel, Rights
from library.domain.counter_types import AccessType, DataType
from library.domain.description import Description, Material
from library.domain.document import Document, DocumentState, Signed
from library.domain.holdings import Act, ActKind, ActLine, Source
from library.domain.marc import ControlField, Dialect, MarcRecord
from library.domain.people import LibraryCard, Person, ReaderCategory, Role
from library.domain.periods import Span, Step
from library.domain.record import CatalogueRecord, Status
from library.domain.statistics import Audience, Dimension, Question
from library.domain.usage import Denial, Kind, UsageEvent, event_id, local_time
from library.services.statistics_following import StatisticsFollowing
from library.services.usage_counting import UsageCounting
from library.services.usage_robots import shipped_robots
from library.settings import Settings

ZONE = ZoneInfo("Asia/Tashkent")
BEGINS = datetime(2024, 1, 1, tzinfo=UTC)
DAYS = 730
NOW = BEGINS + timedelta(days=DAYS + 10)
YEAR = Span(first=date(2025, 1, 1), last=date(2025, 12, 31))
CLERK = Actor.person(1, "Nodira", frozenset({Role.CATALOGUER}))
_AT_ONCE = 2_000
_TIMES = 5
_ONE_BY_ONE = 0.2
_IMPORTS = (3, 40, 41, 200, 390)
_FILES = 20
_LINES = 1_000
_KINDS = (Kind.SEARCH, Kind.RECORD_VIEW, Kind.PAGE_VIEW, Kind.DOWNLOAD, Kind.REFUSAL)
_TYPES = (DataType.BOOK, DataType.ARTICLE, DataType.THESIS_OR_DISSERTATION, DataType.OTHER)
_MARC = MarcRecord("00000nam a2200000 i 4500", (ControlField("001", "1"),))


def _moment(chosen: random.Random) -> datetime:
    return BEGINS + timedelta(seconds=chosen.randrange(DAYS * 86_400))


def fill_records(container: Container, count: int, chosen: random.Random) -> None:
    """Records in all languages and materials; each twentieth has a file."""
    for start in range(1, count + 1, _AT_ONCE):
        with container.database.writing() as tx:
            numbers = range(start, min(start + _AT_ONCE, count + 1))
            tx.records.add([_record(number, chosen) for number in numbers])
            for number in numbers:
                if number % _FILES == 0:
                    tx.documents.add(_file(number, _moment(chosen)))
            tx.commit()


def _record(number: int, chosen: random.Random) -> DescribedRecord:
    at = _moment(chosen) if chosen.random() < _ONE_BY_ONE else BEGINS + timedelta(days=chosen.choice(_IMPORTS))
    materials = list(Material)
    description = Description(
        title=chosen.choice(("Oliy matematika", "Олий математика", "Общая химия")) + f" {number}",
        material=materials[min(int(chosen.expovariate(0.6)), len(materials) - 1)],
        languages=(("uzb", "rus", "eng", "kir")[min(int(chosen.expovariate(0.9)), 3)],),
        udc=(str(min(int(chosen.expovariate(0.4)), 9)),),
    )
    record = CatalogueRecord(
        id=number,
        dialect=Dialect.MARC21,
        marc=_MARC,
        status=Status.PUBLISHED,
        version=1,
        created_at=at,
        changed_at=at,
        changed_by=f"person:{chosen.randrange(9)}",
    )
    return DescribedRecord(record=record, description=description)


def _file(record_id: int, at: datetime) -> Document:
    signed = Signed(by=CLERK.key, by_name=CLERK.name, at=at)
    return Document(
        record_id=record_id,
        state=DocumentState.KEPT,
        name="kitob.pdf",
        size=1_000_000,
        digest=f"{record_id:064x}",
        rights=Rights(level=AccessLevel.OPEN),
        received=signed,
        edited=signed,
        approved=signed,
        kept_at=at,
    )


def fill_acts(container: Container, records: int, chosen: random.Random) -> None:
    """An act a week, with many lines."""
    with container.database.writing() as tx:
        for week in range(DAYS // 7):
            lines = tuple(ActLine(record_id=chosen.randrange(1, records + 1), quantity=3) for _ in range(_LINES))
            day = BEGINS.date() + timedelta(days=7 * week)
            act = Act(kind=ActKind.RECEIPT, number=str(week), date=day, source=chosen.choice(list(Source)), lines=lines)
            tx.holdings.add(act, CLERK, NOW)
        tx.commit()


def fill_readers(container: Container, count: int, chosen: random.Random) -> None:
    """Readers of twelve faculties; each is there in a third of the months."""
    for start in range(1, count + 1, _AT_ONCE):
        with container.database.writing() as tx:
            for number in range(start, min(start + _AT_ONCE, count + 1)):
                _reader(tx, number, chosen)
            tx.commit()


def _reader(tx: UnitOfWork, number: int, chosen: random.Random) -> None:
    at = _moment(chosen)
    card = LibraryCard(
        number=f"K{number}", category=chosen.choice(list(ReaderCategory)), faculty=f"F{chosen.randrange(12)}"
    )
    roles = frozenset({Role.READER})
    person = Person(id=0, login=f"k{number}", name="Reader", roles=roles, card=card, created_at=at, changed_at=at)
    person = tx.people.add(person)
    for month in range(24):
        if not chosen.randrange(3):
            tx.statistics.was_here(person.id, BEGINS + timedelta(days=15 + 30 * month))


def events(count: int, records: int, chosen: random.Random) -> Iterator[UsageEvent]:
    """Uses on every day, most of them of few records, as they are."""
    for number in range(count):
        at = BEGINS + timedelta(seconds=DAYS * 86_400 * number // count)
        day, hour = local_time(at, ZONE)
        kind = chosen.choice(_KINDS)
        item = min(int(chosen.paretovariate(0.3)), records) if kind is not Kind.SEARCH else 0
        yield UsageEvent(
            eid=event_id(at, number.to_bytes(10, "big")),
            at=at,
            local_day=day,
            local_hour=hour,
            who=chosen.randbytes(16),
            institution="",
            kind=kind,
            item_id=item,
            title_id=item,
            data_type=_TYPES[item % len(_TYPES)] if item else DataType.PLATFORM,
            access_type=AccessType.OPEN if item else AccessType.NONE,
            results=chosen.randrange(20),
            category=chosen.choice(list(ReaderCategory)).value,
            faculty=f"F{chosen.randrange(12)}",
            denied=Denial.NO_LICENSE if kind is Kind.REFUSAL else Denial.NONE,
        )


def fill_use(container: Container, count: int, records: int, chosen: random.Random) -> None:
    """Events, counted, the months closed."""
    some: list[UsageEvent] = []
    batch = 0
    for event in events(count, records, chosen):
        some.append(event)
        if len(some) == _AT_ONCE:
            batch += 1
            _append(container, some, batch)
            some = []
    _append(container, some, batch + 1)
    counting = UsageCounting(container.database, shipped_robots(), ZONE, lambda: NOW)
    counting.roll_up_all()
    counting.close_months()


def _append(container: Container, some: list[UsageEvent], batch: int) -> None:
    with container.database.writing() as tx:
        tx.usage_events.append(some, event_id(NOW, batch.to_bytes(10, "big")), ZONE)
        tx.commit()


def fill(container: Container, records: int, readers: int, uses: int) -> None:
    """A library of such a size."""
    chosen = random.Random(1)
    fill_records(container, records, chosen)
    fill_acts(container, records, chosen)
    fill_readers(container, readers, chosen)
    fill_use(container, uses, records, chosen)


def questions(container: Container) -> Iterator[tuple[str, Question]]:
    """Each indicator of the year by month, by each set of its dimensions, by day; all of them at once."""
    table = container.statistics.table
    whole = Question(span=YEAR, step=Step.MONTH, indicators=(), audience=Audience.HOUSE)
    for indicator in table.indicators.values():
        for by in ((), *indicator.combinations):
            name = f"{indicator.id} by month" + "".join(f", {dimension}" for dimension in by)
            yield name, replace(whole, indicators=(indicator.id,), by=by)
    for name in ("holdings.titles", "requests.all"):
        yield f"{name} by day", replace(whole, step=Step.DAY, indicators=(name,))
    by_type = (Dimension.TYPE,)
    yield "holdings.titles by day, type", replace(whole, step=Step.DAY, indicators=("holdings.titles",), by=by_type)
    yield "all indicators by month", replace(whole, indicators=tuple(table.indicators))
    yield "all indicators of the year", replace(whole, step=Step.YEAR, indicators=tuple(table.indicators))


def milliseconds(work: Callable[[], object]) -> float:
    """The median of a few runs."""
    times = []
    for _ in range(_TIMES):
        began = time.process_time()
        work()
        times.append(time.process_time() - began)
    return statistics.median(times) * 1000


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description="How quick reports of a year are.")
    parser.add_argument("--kept", type=Path, required=True, help="where the library is kept")
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--readers", type=int, default=20_000)
    parser.add_argument("--events", type=int, default=200_000)
    asked = parser.parse_args()
    asked.kept.mkdir(parents=True, exist_ok=True)
    with closing(Container(Settings(data_dir=asked.kept))) as container:
        container.migrate()
        if not container.catalogue.browse(limit=1).records:
            fill(container, asked.records, asked.readers, asked.events)
        for told, until in (("from nothing", date(2025, 12, 30)), ("a night", date(2025, 12, 31))):
            began = time.perf_counter()
            if StatisticsFollowing(container.database, lambda: NOW, ZONE).follow(until):
                print(f"the book of holdings, {told}: {time.perf_counter() - began:.2f} s")
        spent = [(milliseconds(partial(container.statistics.report, one)), name) for name, one in questions(container)]
        for form in container.statistics.forms.all():
            filled = partial(container.statistics.filled, form.id, YEAR, Step.YEAR)
            spent.append((milliseconds(filled), f"form {form.id}"))
        for took, name in sorted(spent, reverse=True):
            print(f"{took:8.1f} ms  {name}")


if __name__ == "__main__":
    main()
