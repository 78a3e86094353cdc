"""How long it takes to note uses, to bring a million into the database, to count their day, and to read figures.

    python -m benchmarks.usage [--events 1000000] [--items 100000] [--database postgresql+psycopg://…] [--seed 1]

With `--database` an empty database of PostgreSQL is used, and left as it is; without, SQLite in a directory that is
deleted.
"""

from __future__ import annotations

import argparse
import random
import resource
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

from library.db import migrating
from library.db.engine import open_engine
from library.db.unit_of_work import Database
from library.db.usage_counts_written import DayCounted
from library.domain.counter_types import AccessType, DataType
from library.domain.counting import DayCount
from library.domain.periods import ReportPeriod, Span, Step, period_of
from library.domain.usage import Kind, UsageEvent, Use, best_identity, event_id, local_time
from library.domain.usage_figures import Ranking
from library.services.usage import BATCH, Usage
from library.services.usage_counting import UsageCounting
from library.services.usage_robots import shipped_robots

ZONE = ZoneInfo("Asia/Tashkent")
DAY = date(2026, 3, 10)
BEGINS = datetime(2026, 3, 9, 19, tzinfo=UTC)
PROCESSES = 2
KINDS = [Kind.RECORD_VIEW] * 4 + [Kind.SEARCH] * 3 + [Kind.PAGE_VIEW] * 2 + [Kind.DOWNLOAD]


def events_of(number: int, items: int, seed: int) -> Iterator[UsageEvent]:
    """Uses of one day: few items are used much, most by day, by as many visitors as there are tenths of events."""
    chance = random.Random(seed)
    visitors = [chance.randbytes(16) for _ in range(max(1, number // 10))]
    for _ in range(number):
        at = BEGINS + timedelta(milliseconds=int(chance.betavariate(3, 2) * 86_400_000))
        day, hour = local_time(at, ZONE)
        kind = chance.choice(KINDS)
        item = 0 if kind is Kind.SEARCH else min(items, int(chance.paretovariate(0.4)))
        yield UsageEvent(
            eid=event_id(at, chance.randbytes(10)),
            at=at,
            local_day=day,
            local_hour=hour,
            who=chance.choice(visitors),
            institution="buxdu",
            kind=kind,
            item_id=item,
            title_id=item,
            data_type=DataType.BOOK if item else DataType.PLATFORM,
            access_type=AccessType.OPEN if item % 3 else AccessType.CONTROLLED,
            results=chance.randrange(3),
        )


def append_all(address: str, number: int, items: int, seed: int) -> tuple[float, float]:
    """Bring the events of one process into the database, in batches as the writers do; the seconds, and of a core."""
    database = Database(open_engine(address), b"k" * 32)
    # Uses come in the order of time.
    events = sorted(events_of(number, items, seed), key=lambda event: event.eid)
    chance = random.Random(-seed)
    began, busy = time.perf_counter(), time.process_time()
    for begin in range(0, len(events), BATCH):
        with database.writing() as tx:
            tx.usage_events.append(events[begin : begin + BATCH], event_id(BEGINS, chance.randbytes(10)), ZONE)
            tx.commit()
    took = time.perf_counter() - began, time.process_time() - busy
    database.close()
    return took


def noting(usage: Usage) -> None:
    """Note uses as a route does, and tell what each cost."""
    costs = []
    for number in range(5_000):
        use = Use(
            at=datetime.now(UTC),
            kind=Kind.SEARCH,
            identity=best_identity(address=f"192.0.2.{number % 250}", agent="Mozilla/5.0 Firefox/143.0"),
            agent="Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0",
            words=f"kitob {number % 100}",
            results=number % 3,
        )
        began = time.perf_counter()
        usage.note(use)
        costs.append(1000 * (time.perf_counter() - began))
        time.sleep(0.0002)
    assert usage.flush()
    costs.sort()
    print(f"noting: median {statistics.median(costs):.3f} ms, p99 {costs[int(0.99 * len(costs))]:.3f} ms")


def a_year(database: Database, items: int, seed: int) -> None:
    """Counts of the months of 2025 in which each of the items was used."""
    chance = random.Random(seed)
    for month in range(1, 13):
        count, day = DayCount(), date(2025, month, 15)
        for item in range(1, items + 1):
            traits = ("buxdu", "Book", "Open", "Regular")
            used = chance.randrange(1, 40)
            count.tally.items[item, item, traits][:] = [0, used, used, 0, used, used, 0, 0, 0, used, 0, used]
        count.tally.platform["buxdu", "Book", "Open", "Regular"][4] = items
        for hour in range(24):
            for kind in (Kind.SEARCH, Kind.DOWNLOAD, Kind.RECORD_VIEW):
                count.tally.hours["buxdu", hour, kind.value, "viewed"] = hour
                count.tally.requests["buxdu", kind.value, "viewed", "", "Book"] = items
        for faculty in range(12):
            for category in ("student", "teacher", "master"):
                count.tally.readers["buxdu", category, str(faculty), "download", "downloaded"] = items
        with database.writing() as tx:
            counted = DayCounted(
                day=day, tally=count.tally, events=items, visits=[("buxdu", 5, 2)], peak=2,
                at=BEGINS, rules_version="1", robots_version="1",
            )  # fmt: skip
            tx.usage_counts.replace_day(counted)
            tx.usage_counts.add_up(period_of(day, Step.MONTH), BEGINS)
            tx.commit()


def timed(name: str, what: Callable[[], object], times: int = 5) -> None:
    """Tell the median time of something."""
    costs = []
    for _ in range(times):
        began = time.perf_counter()
        what()
        costs.append(1000 * (time.perf_counter() - began))
    print(f"{name}: {statistics.median(costs):.1f} ms")


def reading(database: Database) -> None:
    """The figures of a year, as pages and reports ask for them."""
    year: ReportPeriod = period_of(date(2025, 1, 1), Step.YEAR)
    span = Span(first=year.first, last=year.last)
    with database.reading() as view:
        counts = view.usage_counts
        timed("requests of a year by month", lambda: counts.requests(span, Step.MONTH, ("kind", "outcome")))
        timed("platform of a year by month", lambda: counts.platform(span, Step.MONTH, ("data_type",)))
        timed("hours of a year", lambda: counts.hours(span))
        timed("readers of a year", lambda: counts.readers(span))
        timed("one record of a year by month", lambda: counts.record_by_month(77, span))
        timed("the 20 most used records of a year", lambda: counts.top_records(span, Ranking.DOWNLOADS), 3)
        timed("all items of one month", lambda: list(counts.items(span.first, span.first)), 1)


def measure(address: str, directory: Path, number: int, items: int, seed: int) -> None:
    """All of it, one after the other."""
    engine = open_engine(address)
    migrating.upgrade(engine)
    database = Database(engine, b"k" * 32)
    usage = Usage(database, directory, shipped_robots(), ZONE, lambda: datetime.now(UTC))
    noting(usage)
    usage.close()
    with ProcessPoolExecutor(PROCESSES) as processes:
        parts: Sequence[int] = [number // PROCESSES] * PROCESSES
        places = range(PROCESSES)
        seeds = [seed + place for place in places]
        took = list(processes.map(append_all, [address] * PROCESSES, parts, [items] * PROCESSES, seeds))
    appended, of_cores = max(one for one, _ in took), sum(one for _, one in took)
    print(f"{number:,} events appended by {PROCESSES} processes: {appended:.1f} s ({of_cores:.1f} s of a core)")
    counting = UsageCounting(database, shipped_robots(), ZONE, lambda: datetime.now(UTC))
    began, busy = time.perf_counter(), time.process_time()
    counted = counting.roll_up(DAY)
    took_to_count, busy = time.perf_counter() - began, time.process_time() - busy
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"their day counted: {took_to_count:.1f} s ({busy:.1f} s of a core) for {counted:,} events, {peak:.0f} MB")
    print(f"together: {appended + took_to_count:.1f} s")
    a_year(database, items, seed)
    reading(database)
    database.close()


def main() -> None:
    """Measure and tell."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--items", type=int, default=100_000)
    parser.add_argument("--database", default="")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    with TemporaryDirectory(prefix="usage-") as directory:
        address = asked.database or f"sqlite:///{directory}/library.sqlite"
        measure(address, Path(directory), asked.events, asked.items, asked.seed)


if __name__ == "__main__":
    main()
