"""The book of holdings: each day as it stood at its end, found again from nothing but a history of what was done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest

from library.db.records import DescribedRecord
from library.db.unit_of_work import Database
from library.domain.access_level import AccessLevel, Rights
from library.domain.document import Document, DocumentState, Signed
from library.domain.holdings import Source
from library.domain.journal import Deed
from library.domain.marc import ControlField, Dialect, MarcRecord
from library.domain.people import LibraryCard, Person, ReaderCategory, Role, Standing
from library.domain.record import CatalogueRecord, Status
from library.domain.statistics_stocks import Measure
from library.domain.transfer import Transfer
from library.marc.dialects import describe
from library.services.statistics_following import StatisticsFollowing
from tests.builders import MARC21_LEADER, a_field
from tests.documents import a_document
from tests.staff import NODIRA

ZONE = ZoneInfo("Asia/Tashkent")
FIRST = date(2026, 1, 1)
DAYS = 25
LAST = FIRST + timedelta(days=DAYS - 1)
TITLE = ("material", "language", "script", "branch")
TITLES = (("uzb", "Oliy matematika"), ("uzb", "Олий математика"), ("rus", "Общая химия"), ("eng", "1984"))
CLASSES = ("517", "(075.8) 54", "821.111", "")
OPEN = Rights(level=AccessLevel.OPEN)
Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """A record as it stood from a moment on."""

    at: datetime
    record: CatalogueRecord


def a_history(seed: int, records: Sequence[int]) -> list[Step]:
    """Records that are entered, published, changed, withdrawn and published again, several times a day at times."""
    random = Random(seed)
    steps: list[Step] = []
    for number in records:
        begins = random.uniform(0, DAYS)
        moments = sorted(begins + random.expovariate(0.4) * turn for turn in range(random.randint(1, 7)))
        for version, moment in enumerate(moments, 1):
            at = datetime.combine(FIRST, datetime.min.time(), ZONE) + timedelta(days=moment)
            status = random.choice((Status.DRAFT, Status.PUBLISHED, Status.PUBLISHED, Status.WITHDRAWN))
            steps.append(Step(at=at, record=a_state(random, number, version, status, steps, at)))
    return sorted(steps, key=lambda step: (step.at, step.record.version))


def a_state(
    random: Random, number: int, version: int, status: Status, steps: Sequence[Step], at: datetime
) -> CatalogueRecord:
    language, title = random.choice(TITLES)
    marc = MarcRecord(
        MARC21_LEADER,
        (
            ControlField("001", f"kx{number}"),
            a_field("041", "0 ", a=language),
            *([a_field("080", a=udc)] if (udc := random.choice(CLASSES)) else []),
            a_field("245", "10", a=title),
        ),
    )
    created = next((step.at for step in steps if step.record.id == number), at)
    return CatalogueRecord(
        id=number,
        dialect=Dialect.MARC21,
        marc=marc,
        status=status,
        version=version,
        created_at=created.astimezone(UTC),
        changed_at=at.astimezone(UTC),
        changed_by=f"person:{random.randint(1, 2)}",
    )


def do(database: Database, step: Step) -> None:
    with database.writing() as tx:
        described = DescribedRecord(record=step.record, description=describe(Dialect.MARC21, step.record.marc))
        if step.record.version == 1:
            tx.records.add([described])
        else:
            tx.records.replace([(tx.records.get(step.record.id), described)])
        tx.commit()


def at_the_end_of(day: date, history: Sequence[Step]) -> Counter[Key]:
    """What readers see at the end of a day, by looking through everything that was ever done."""
    last = {step.record.id: step.record for step in history if step.at.astimezone(ZONE).date() <= day}
    found: Counter[Key] = Counter()
    for record in last.values():
        if record.status is Status.PUBLISHED:
            described = describe(Dialect.MARC21, record.marc)
            script = "cyrillic" if "м" in described.title else "latin" if "O" in described.title else "other"
            branch = next((udc[0] for udc in described.udc if udc[0].isdigit()), "")
            language = described.languages[0] if described.languages else ""
            found[described.material.value, language, script, branch] += 1
    return found


def following(database: Database) -> StatisticsFollowing:
    return StatisticsFollowing(database, lambda: datetime(2026, 6, 1, tzinfo=UTC), ZONE)


@pytest.mark.parametrize(("seed", "nightly"), [(1, False), (2, True), (3, False), (4, True)])
def test_the_book_knows_every_day_as_a_look_through_all_that_was_done(
    database: Database, seed: int, nightly: bool
) -> None:
    with database.writing() as tx:
        numbers = list(tx.records.reserve(12))
        tx.commit()
    history = a_history(seed, numbers)
    nights = Random(seed)
    waiting, day = list(history), min(step.at for step in history).astimezone(ZONE).date()
    while nightly and day < LAST:
        # The worker comes late at times, and what was done after midnight is there already.
        while waiting and waiting[0].at.astimezone(ZONE).date() <= day + timedelta(days=nights.choice((0, 0, 1))):
            do(database, waiting.pop(0))
        following(database).follow(day)
        day += timedelta(days=nights.choice((1, 1, 4)))
    for step in waiting:
        do(database, step)
    following(database).follow(LAST)

    with database.reading() as view:
        for day in (FIRST + timedelta(days=place) for place in range(DAYS)):
            assert view.statistics.stock(Measure.TITLE, day, TITLE) == at_the_end_of(day, history), day
        changes = view.statistics.changes(Measure.TITLE, FIRST, LAST, ())
        held, entered = Counter[date](), Counter[date]()
        for step in history:
            if step.record.version == 1 and (on := step.at.astimezone(ZONE).date()) <= LAST:
                entered[on] += 1
        for day, _, came, went, moved in changes:
            held[day] = came - went
            assert moved == 0, "what is counted in another cell neither comes nor goes"
        assert sum(held.values()) == sum(at_the_end_of(LAST, history).values())
        told = view.statistics.changes(Measure.RECORD_ENTERED, FIRST, LAST, ())
        assert {day: came for day, _, came, _, _ in told} == dict(entered)


def test_no_day_is_written_twice(database: Database) -> None:
    with database.writing() as tx:
        numbers = list(tx.records.reserve(5))
        tx.commit()
    for step in a_history(7, numbers):
        do(database, step)
    assert following(database).follow(LAST)
    with database.reading() as view:
        once = view.statistics.changes(Measure.TITLE, FIRST, LAST, TITLE)
    assert not following(database).follow(LAST)
    assert not following(database).follow(FIRST)
    with database.reading() as view:
        assert view.statistics.changes(Measure.TITLE, FIRST, LAST, TITLE) == once


def test_an_empty_library_has_no_book_and_the_worker_does_not_mind(database: Database) -> None:
    assert not following(database).follow(LAST)
    assert not following(database).step()
    with database.reading() as view:
        assert view.statistics_book.followed() is None


def on(day: int, hour: int = 12) -> datetime:
    return datetime(2026, 1, day, hour, tzinfo=ZONE).astimezone(UTC)


def a_title(database: Database, published_on: int) -> CatalogueRecord:
    with database.writing() as tx:
        (number,) = tx.records.reserve(1)
        tx.commit()
    record = replace(a_state(Random(1), number, 1, Status.PUBLISHED, [], on(published_on)))
    do(database, Step(at=record.changed_at, record=record))
    return record


def withdrawn(database: Database, record: CatalogueRecord, day: int) -> None:
    later = replace(record, version=record.version + 1, status=Status.WITHDRAWN, changed_at=on(day))
    do(database, Step(at=later.changed_at, record=later))


def a_file(
    database: Database, record_id: int, *, kept_on: int, approved_on: int, size: int = 700, rights: Rights = OPEN
) -> Document:
    signed = Signed(by="person:2", by_name="Aziza", at=on(approved_on))
    taken_in = Signed(by="person:1", by_name="Nodira", at=on(kept_on, 9))
    with database.writing() as tx:
        gift = Transfer(source=Source.GIFT, partner="Soatov", taken_on=FIRST, entered_at=on(1))
        document = replace(
            a_document(record_id),
            size=size,
            rights=rights,
            received=taken_in,
            kept_at=on(kept_on),
            approved=signed,
            transfer_id=tx.transfers.add(gift).id,
        )
        added = tx.documents.get(tx.documents.add(document).id)
        tx.commit()
    return added


def moves(database: Database, measure: Measure, *columns: str) -> list[tuple[int, Key, int, int]]:
    with database.reading() as view:
        changes = view.statistics.changes(measure, FIRST, LAST, columns)
    return [(day.day, key, came, went) for day, key, came, went, moved in changes if came or went]


def test_a_file_counts_from_the_day_on_which_readers_see_it(database: Database) -> None:
    record = a_title(database, published_on=6)
    a_file(database, record.id, kept_on=2, approved_on=4)
    a_file(database, record.id, kept_on=8, approved_on=9, size=50)
    a_file(database, record.id, kept_on=8, approved_on=30)
    following(database).follow(LAST)
    assert moves(database, Measure.FILE, "source") == [(6, ("gift",), 1, 0), (9, ("gift",), 1, 0)]
    assert moves(database, Measure.BYTES) == [(6, (), 700, 0), (9, (), 50, 0)]
    assert moves(database, Measure.TEXT) == [(6, (), 1, 0)]
    assert moves(database, Measure.FILE_ENTERED, "operator") == [(2, ("person:1",), 1, 0), (8, ("person:1",), 2, 0)]


def test_a_title_is_open_from_the_day_on_which_everybody_may_read_one_of_its_files(database: Database) -> None:
    """Embargoes end by themselves, whether the worker comes every night or late; rights can be narrowed again."""
    members = Rights(level=AccessLevel.MEMBERS)
    closed, at_once, later, new = (a_title(database, published_on=2) for _ in range(4))
    a_file(database, closed.id, kept_on=2, approved_on=3, rights=members)
    a_file(database, at_once.id, kept_on=2, approved_on=3, rights=members)
    file = a_file(database, at_once.id, kept_on=2, approved_on=4)
    a_file(database, later.id, kept_on=2, approved_on=3, rights=replace(OPEN, embargo_until=date(2026, 1, 8)))
    following(database).follow(date(2026, 1, 6))
    a_file(database, new.id, kept_on=7, approved_on=7, rights=replace(OPEN, embargo_until=date(2026, 1, 10)))
    following(database).follow(date(2026, 1, 12))
    with database.writing() as tx:
        tx.documents.save(replace(file, rights=members))
        tx.commit()
    following(database).follow(date(2026, 1, 13))
    assert moves(database, Measure.OPEN_TEXT) == [(4, (), 1, 0), (8, (), 1, 0), (10, (), 1, 0), (13, (), 0, 1)]
    assert moves(database, Measure.TEXT) == [(3, (), 3, 0), (7, (), 1, 0)]


def test_a_file_of_a_subscription_is_open_until_its_last_day(database: Database) -> None:
    record = a_title(database, published_on=2)
    file = a_file(database, record.id, kept_on=2, approved_on=2)
    term = Transfer(
        source=Source.SUBSCRIPTION, partner="EBS", taken_on=FIRST, term_ends=date(2026, 1, 9), entered_at=on(1)
    )
    with database.writing() as tx:
        tx.documents.save(replace(file, transfer_id=tx.transfers.add(term).id))
        tx.commit()
    for day in (8, 9, 10, 11):
        following(database).follow(date(2026, 1, day))
    assert moves(database, Measure.OPEN_TEXT) == [(2, (), 1, 0), (10, (), 0, 1)]


def test_a_file_goes_on_the_day_of_the_deed_however_late_the_worker_comes(database: Database) -> None:
    record = a_title(database, published_on=2)
    file = a_file(database, record.id, kept_on=2, approved_on=2)
    following(database).follow(date(2026, 1, 5))
    with database.writing() as tx:
        tx.documents.save(replace(file, state=DocumentState.WITHDRAWN, approved=None))
        tx.journal.add(NODIRA, Deed.DOCUMENT_WITHDRAWN, f"document:{file.id}", on(7))
        tx.commit()
    following(database).follow(LAST)
    assert moves(database, Measure.FILE) == [(2, (), 1, 0), (7, (), 0, 1)]
    assert moves(database, Measure.TEXT) == [(2, (), 1, 0), (7, (), 0, 1)]


def test_the_files_of_a_record_go_with_it(database: Database) -> None:
    record = a_title(database, published_on=2)
    a_file(database, record.id, kept_on=2, approved_on=3)
    following(database).follow(date(2026, 1, 5))
    withdrawn(database, record, 9)
    following(database).follow(LAST)
    assert moves(database, Measure.TITLE) == [(2, (), 1, 0), (9, (), 0, 1)]
    assert moves(database, Measure.FILE) == [(3, (), 1, 0), (9, (), 0, 1)]
    assert moves(database, Measure.TEXT) == [(3, (), 1, 0), (9, (), 0, 1)]


def a_reader(
    database: Database, number: int, *, since: int, faculty: str = "Kimyo", until: date | None = None
) -> Person:
    card = LibraryCard(number=f"K-{number}", category=ReaderCategory.STUDENT, faculty=faculty, valid_until=until)
    with database.writing() as tx:
        person = tx.people.add(
            Person(
                id=0,
                login=f"reader{number}",
                name=f"Reader {number}",
                roles=frozenset({Role.READER}),
                card=card,
                created_at=on(since),
                changed_at=on(since),
            )
        )
        tx.commit()
    return person


def test_readers_come_with_their_account_and_go_with_it_or_with_their_card(database: Database) -> None:
    a_reader(database, 1, since=2)
    closed = a_reader(database, 2, since=3)
    a_reader(database, 3, since=4, until=date(2026, 1, 10))
    moved = a_reader(database, 4, since=4)
    following(database).follow(date(2026, 1, 5))
    with database.writing() as tx:
        tx.people.replace(closed, replace(closed, standing=Standing.CLOSED, version=2, changed_at=on(7)))
        assert moved.card is not None
        elsewhere = replace(moved.card, faculty="Fizika")
        tx.people.replace(moved, replace(moved, card=elsewhere, version=2, changed_at=on(8)))
        tx.commit()
    following(database).follow(LAST)
    assert moves(database, Measure.READER) == [
        (2, (), 1, 0),
        (3, (), 1, 0),
        (4, (), 2, 0),
        (7, (), 0, 1),
        (11, (), 0, 1),
    ]
    assert moves(database, Measure.NEW_READER) == [(2, (), 1, 0), (3, (), 1, 0), (4, (), 2, 0)]
    with database.reading() as view:
        by_faculty = [view.statistics.stock(Measure.READER, date(2026, 1, day), ("faculty",)) for day in (7, 8, 10, 11)]
    assert by_faculty == [
        {("Kimyo",): 3},
        {("Kimyo",): 2, ("Fizika",): 1},
        {("Kimyo",): 2, ("Fizika",): 1},
        {("Kimyo",): 1, ("Fizika",): 1},
    ]


def test_the_worker_writes_a_day_some_minutes_after_its_end_and_then_rests(database: Database) -> None:
    a_title(database, published_on=2)
    now = on(4, 0) + timedelta(minutes=5)
    following = StatisticsFollowing(database, lambda: now, ZONE)
    assert following.step()
    with database.reading() as view:
        assert view.statistics_book.followed() == (date(2026, 1, 2), date(2026, 1, 2))
    now += timedelta(minutes=6)
    assert following.step()
    assert not following.step()
    with database.reading() as view:
        assert view.statistics_book.followed() == (date(2026, 1, 2), date(2026, 1, 3))
