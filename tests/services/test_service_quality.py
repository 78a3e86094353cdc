"""How well the service answers, from what is measured to what is read."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text

from library.db.engine import open_engine
from library.db.unit_of_work import Database
from library.domain.access import Actor
from library.domain.errors import LibraryError
from library.domain.maintenance import Window
from library.domain.people import Role
from library.domain.periods import Span, Step
from library.domain.service_quality import MINUTE, ServiceQuality, Watch, bucket_of
from library.services.service_quality import PROBE_AGENT, AnswerTimes, Probe

TASHKENT = ZoneInfo("Asia/Tashkent")
DAY = date(2026, 9, 5)
MIDNIGHT = datetime(2026, 9, 4, 19, 0, tzinfo=UTC)
AFTER = MIDNIGHT + timedelta(days=40)
JASUR = Actor.person(7, "Jasur", frozenset({Role.ADMINISTRATOR}))


class Hands:
    """A clock that stands where it is put."""

    def __init__(self, time: datetime) -> None:
        self.time = time

    def __call__(self) -> datetime:
        return self.time


@pytest.fixture
def kept(migrated_sqlite: Path, tmp_path: Path) -> Iterator[Database]:
    """A database for what does not depend on its kind."""
    shutil.copy(migrated_sqlite, tmp_path / "library.sqlite")
    database = Database(open_engine(f"sqlite:///{tmp_path / 'library.sqlite'}"), b"k" * 32)
    yield database
    database.close()


def _of(database: Database, *spans: Span, now: datetime = AFTER) -> list[ServiceQuality]:
    with database.reading() as view:
        return view.service_quality.of(spans, TASHKENT, now)


def _day(day: date) -> Span:
    return Span(first=day, last=day)


@contextmanager
def _portal(status: int) -> Iterator[tuple[str, list[tuple[str, str, str]]]]:
    """A portal that answers so, and what it was asked: path, host, agent."""
    asked: list[tuple[str, str, str]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append((self.path, self.headers["Host"], self.headers["User-Agent"]))
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing is told."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    thread.join()
    server.server_close()


def _nowhere() -> str:
    """An address at which nobody answers any more."""
    with _portal(200) as (address, _):
        return address


def _watches(database: Database) -> list[Watch]:
    with database.reading() as view:
        newest = view.service_quality.newest()
    return [newest] if newest is not None else []


def test_times_of_answers_are_added_by_local_hour_from_several_processes(database: Database) -> None:
    hands = Hands(MIDNIGHT - MINUTE)
    one, other = (AnswerTimes(database, hands, TASHKENT) for _ in range(2))
    one.note(0.1, has_failed=False)
    hands.time = MIDNIGHT
    for _ in range(18):
        one.note(0.1, has_failed=False)
    other.note(0.1, has_failed=False)
    other.note(9.0, has_failed=True)
    for times in (one, other, one):
        times.write()
    before, after = _of(database, _day(DAY - timedelta(days=1)), _day(DAY))
    assert (before.answers, before.failed) == (1, 0)
    assert (after.answers, after.failed) == (20, 1)
    assert after.median_ms == pytest.approx(100, rel=0.1)
    assert after.p95_ms == pytest.approx(100, rel=0.1)
    one.note(9.0, has_failed=False)
    one.close()
    other.close()
    (whole,) = _of(database, Span(first=DAY - timedelta(days=1), last=DAY))
    assert (whole.answers, whole.failed) == (22, 1)
    assert whole.p95_ms == pytest.approx(9000, rel=0.1)


def test_nothing_was_answered_is_not_answered_at_once(database: Database) -> None:
    (quality,) = _of(database, _day(DAY))
    assert (quality.answers, quality.median_ms, quality.p95_ms) == (0, None, None)
    assert (quality.availability.measured, quality.availability.unmeasured) == (0, 24 * 60)


def test_while_the_database_cannot_be_written_counts_are_kept(kept: Database) -> None:
    times = AnswerTimes(kept, Hands(MIDNIGHT), TASHKENT)
    times.note(0.1, has_failed=True)
    _rename(kept, "answer_times", "gone")
    with pytest.raises(LibraryError):
        times.write()
    times.note(0.1, has_failed=False)
    _rename(kept, "gone", "answer_times")
    times.close()
    (quality,) = _of(kept, _day(DAY))
    assert (quality.answers, quality.failed) == (2, 1)


def _rename(database: Database, before: str, after: str) -> None:
    with database.engine.begin() as connection:
        connection.execute(text(f"ALTER TABLE {before} RENAME TO {after}"))


def test_the_portal_is_asked_once_a_minute_by_its_own_name(kept: Database) -> None:
    hands = Hands(MIDNIGHT + timedelta(seconds=10))
    with _portal(200) as (address, asked):
        probe = Probe(kept, address, "kutubxona.example.uz", hands)
        assert probe.step()
        assert not probe.step()
        hands.time += MINUTE
        assert probe.step()
    assert asked == [("/health/ready", "kutubxona.example.uz", PROBE_AGENT)] * 2
    assert _watches(kept) == [Watch(begins_at=MIDNIGHT, ends_at=MIDNIGHT + 2 * MINUTE, is_up=True)]


def test_a_worker_that_starts_anew_in_the_same_minute_tells_it_once(kept: Database) -> None:
    for address in (_nowhere(), _nowhere()):
        Probe(kept, address, "", Hands(MIDNIGHT)).step()
    assert _watches(kept) == [Watch(begins_at=MIDNIGHT, ends_at=MIDNIGHT + MINUTE, is_up=False)]


@pytest.mark.parametrize("status", [503, 500, 302])
def test_whatever_is_not_ready_is_down(kept: Database, status: int) -> None:
    with _portal(status) as (address, _):
        Probe(kept, address, "", Hands(MIDNIGHT)).step()
    (watch,) = _watches(kept)
    assert not watch.is_up


def test_minutes_that_could_not_be_written_are_told_afterwards(kept: Database) -> None:
    hands = Hands(MIDNIGHT)
    probe = Probe(kept, _nowhere(), "", hands)
    _rename(kept, "watched_minutes", "gone")
    for _ in range(2):
        with pytest.raises(LibraryError):
            probe.step()
        hands.time += MINUTE
    _rename(kept, "gone", "watched_minutes")
    probe.step()
    assert _watches(kept) == [Watch(begins_at=MIDNIGHT, ends_at=MIDNIGHT + 3 * MINUTE, is_up=False)]


def test_a_month_by_day_is_read_with_three_queries_and_adds_up(database: Database, statements) -> None:
    with database.writing() as tx:
        for minute in range(0, 3000, 7):
            tx.service_quality.watch(MIDNIGHT + _minutes(minute), is_up=minute % 2 == 0)
        tx.service_quality.add_answers(DAY, 23, {bucket_of(0.2): 3}, {})
        begins = MIDNIGHT + _minutes(1430)
        window = Window(
            id=0,
            begins_at=begins,
            ends_at=begins + _minutes(60),
            notice_hours=1,
            texts={"ru": "Диск"},
            registered_at=MIDNIGHT,
            registered_by=JASUR.key,
            registered_by_name=JASUR.name,
        )
        number = tx.maintenance.add(window)
        tx.maintenance.close(replace(window, id=number, ended_at=begins + _minutes(20)))
        tx.commit()
    month = Span(first=date(2026, 9, 1), last=date(2026, 9, 30))
    days = [Span(first=period.first, last=period.last) for period in month.periods(Step.DAY)]
    with statements(database.engine) as sent:
        told = _of(database, *days)
    assert len(sent) == 3
    (whole,) = _of(database, month)
    for name in ("measured", "unmeasured", "planned"):
        assert sum(getattr(day.availability, name) for day in told) == getattr(whole.availability, name)
    assert (told[4].availability.planned, told[5].availability.planned, whole.availability.planned) == (10, 10, 20)
    assert (sum(day.answers for day in told), whole.answers) == (3, 3)
    (open_month,) = _of(database, month, now=MIDNIGHT)
    assert open_month.availability.unmeasured == 4 * 24 * 60


def _minutes(count: int) -> timedelta:
    return count * MINUTE
