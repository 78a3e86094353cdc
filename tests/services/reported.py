"""A library whose statistics are asked for: on which days, how they are counted, and what is asked."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from library.db.engine import open_engine
from library.db.unit_of_work import Database
from library.domain.periods import Span, Step
from library.domain.statistics import (
    Amount,
    Audience,
    Dimension,
    Line,
    Question,
)
from library.domain.usage import UsageEvent, event_id
from library.services.configuration import Configuration
from library.services.statistics import Statistics
from library.services.usage_counting import UsageCounting
from library.services.usage_robots import shipped_robots
from library.settings import Settings
from tests.usage_history import TASHKENT

NOW = datetime(2026, 6, 10, 6, tzinfo=UTC)
YEAR = Span(first=date(2026, 1, 1), last=date(2026, 12, 31))
WINTER = Span(first=date(2025, 12, 1), last=date(2026, 3, 31))
MARCH = Span(first=date(2026, 3, 1), last=date(2026, 3, 31))


def statistics_of(database: Database, directory: Path, now: datetime = NOW) -> Statistics:
    configuration = Configuration(database, directory, lambda: now)
    settings = Settings(data_dir=directory, institution="BuxDU")
    return Statistics(database, configuration, settings, lambda: now)


def count(database: Database, events: Sequence[UsageEvent], now: datetime = NOW) -> None:
    with database.writing() as tx:
        tx.usage_events.append(events, event_id(now, len(events).to_bytes(10, "big")), TASHKENT)
        tx.commit()
    counting = UsageCounting(database, shipped_robots(), TASHKENT, lambda: now)
    counting.roll_up_all()
    counting.close_months()


def a_library(directory: Path, empty: Path) -> Database:
    shutil.copy(empty, directory / "library.sqlite")
    return Database(open_engine(f"sqlite:///{directory / 'library.sqlite'}"), b"k" * 32, zone=TASHKENT)


def ask(statistics: Statistics, span: Span, step: Step, *indicators: str, by: tuple[Dimension, ...] = ()) -> list[Line]:
    question = Question(span=span, step=step, indicators=indicators, by=by, audience=Audience.HOUSE)
    return list(statistics.report(question).lines)


def numbers(lines: Sequence[Line]) -> Counter[tuple[str, str, tuple[str, ...]]]:
    found: Counter[tuple[str, str, tuple[str, ...]]] = Counter()
    for line in lines:
        if isinstance(line.figure, Amount):
            found[line.indicator, line.period.name, tuple(value for _, value in line.dimensions)] += int(
                line.figure.value
            )
    return +found


def figure(statistics: Statistics, indicator: str, span: Span = WINTER) -> object:
    (line,) = ask(statistics, span, Step.SPAN, indicator)
    return line.figure.value if isinstance(line.figure, Amount) else line.figure.reason
