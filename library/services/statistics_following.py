"""Keeps the book of what the library holds: every night the days that are over are written into it, each once.

Nobody looks through the catalogue for a report: reports add up the changes that stand in the book. A record that came
and went within one day leaves no trace, because things are looked at as they stand at the end of a day.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import date, datetime, time, timedelta, tzinfo

from library.db.statistics_book import CardHolder, RecordState, ShownFile
from library.db.unit_of_work import Database, ReadingUnit
from library.domain.periods import Span, Step, period_of
from library.domain.statistics_stocks import STEPS_OF_READERS, Cell, Change, Held, Measure, changes_of
from library.domain.usage_figures import MonthState
from library.services.usage_counting import KEPT_MONTHS

LEEWAY = timedelta(minutes=10)
"""So long after midnight a day is written: what was begun before it is committed by then."""

_AT_ONCE = 1_000
_CAME, _WENT, _MOVED = range(3)
_DAY = timedelta(days=1)


class StatisticsFollowing:
    """Follows records, files and readers day by day, in the library's zone."""

    def __init__(self, database: Database, clock: Callable[[], datetime], zone: tzinfo) -> None:
        self._database = database
        self._clock = clock
        self._zone = zone
        self._written_to = date.min

    def step(self) -> bool:
        """Write the days that are over; whether there were any. It costs nothing as long as there are none."""
        yesterday = (self._clock() - LEEWAY).astimezone(self._zone).date() - _DAY
        if yesterday <= self._written_to:
            return False
        written = self.follow(yesterday)
        forgotten = self.forget_readers(yesterday)
        self._written_to = yesterday
        return written or forgotten > 0

    def follow(self, until: date) -> bool:
        """Write all days up to this one, which is over; false where they stand in the book already.

        What is read is consistent, and what is written is written at once; `StaleVersion` where somebody else did so.
        """
        with self._database.reading() as view:
            before = view.statistics_book.followed()
            beginning = view.statistics_book.beginning()
            if before is not None:
                first = before[1] + _DAY
            elif beginning is not None:
                first = self._day(beginning)
            else:
                return False
            if first > until:
                return False
            night = _Night(view, self._zone, first, until)
            night.look()
        with self._database.writing() as tx:
            tx.statistics_book.follow(before, (before[0] if before else first, until))
            for measure, things in night.held.items():
                tx.statistics_book.hold(measure, things)
            tx.statistics_book.add(night.changes)
            tx.statistics_book.count_copies(until)
            tx.commit()
        return True

    def forget_readers(self, today: date) -> int:
        """Forget who was there in months whose time is over; how many they were. Only sums stay, each person once.

        Readers of a month are kept as long as its events: 13 whole months, and until it is closed. All periods that it
        is part of are over by then; their sums are kept before the first of their months goes.
        """
        first_kept = period_of(today, Step.MONTH)
        for _ in range(KEPT_MONTHS):
            first_kept = first_kept.before
        forgotten = 0
        while self._forget_first(first_kept.first):
            forgotten += 1
        return forgotten

    def _forget_first(self, first_kept: date) -> bool:
        with self._database.writing() as tx:
            month = tx.statistics.first_kept_month()
            if month is None or month >= first_kept:
                return False
            counted = tx.usage_counts.months(Span(first=month, last=period_of(month, Step.MONTH).last))
            if any(one.state is MonthState.OPEN for one in counted):
                return False
            for step in STEPS_OF_READERS:
                tx.statistics.keep_sums(period_of(month, step))
            tx.statistics.forget_readers(month)
            tx.commit()
        return True

    def _day(self, at: datetime) -> date:
        return at.astimezone(self._zone).date()


class _Night:
    """What happened on the days from `first` to `until`: how things stand at the end of them, and what changed."""

    def __init__(self, view: ReadingUnit, zone: tzinfo, first: date, until: date) -> None:
        self._book = view.statistics_book
        self._zone = zone
        self._first = first
        self._until = until
        self._begins = datetime.combine(first, time.min, zone)
        self._ends = datetime.combine(until + _DAY, time.min, zone)
        self.held: dict[Measure, dict[int, Held | None]] = defaultdict(dict)
        self.changes: dict[tuple[Measure, date, Cell], list[int]] = defaultdict(lambda: [0, 0, 0])
        self._titles: dict[int, Held] = {}
        self._title_days: dict[int, date] = {}

    def look(self) -> None:
        """Find everything out."""
        self._titles = self._book.held(Measure.TITLE)
        after = 0
        while numbers := self._book.changed_records(self._begins, after, _AT_ONCE):
            for number, states in self._book.states(numbers).items():
                self._look_at_record(number, states)
            after = numbers[-1]
        self._look_at_files()
        self._look_at_readers()

    def _look_at_record(self, number: int, states: list[RecordState]) -> None:
        days: dict[date, RecordState] = {}
        for state in states:
            if self._begins <= state.since < self._ends:
                days[self._day(state.since)] = state
        if states[0].since >= self._begins and days:
            self._count(Measure.RECORD_ENTERED, self._day(states[0].since), came=Cell(operator=states[0].by))
        before = self._titles.get(number)
        for change in changes_of(before, ((day, state.held()) for day, state in sorted(days.items()))):
            self._note(Measure.TITLE, change)
            self._title_days[number] = change.day
            self.held[Measure.TITLE][number] = change.come
            if change.come is None:
                self._titles.pop(number, None)
            else:
                self._titles[number] = change.come

    def _look_at_files(self) -> None:
        before = self._book.held(Measure.FILE)
        seen: dict[int, tuple[date, Held]] = {}
        texts: dict[int, date] = {}
        open_texts: dict[int, date] = {}
        for file in self._book.shown_files(self._ends):
            title = self._titles.get(file.record_id)
            if title is None:
                continue
            title_day = self._title_days.get(file.record_id)
            if file.id in before:
                day = title_day or self._until
            else:
                day = self._within(max(self._day(file.since), title_day or self._first))
            seen[file.id] = (day, Held(title.cell._replace(source=file.source), file.size))
            texts[file.record_id] = min(texts.get(file.record_id, self._until), day)
            if file.is_open(self._until):
                opened = self._opened(file, day, is_new=file.id not in before)
                open_texts[file.record_id] = min(open_texts.get(file.record_id, self._until), opened)
        missed = self._missed([number for number in before if number not in seen])
        for number, (day, held) in seen.items():
            self._follow(Measure.FILE, number, before.get(number), [(day, held)])
        for number, (_, day) in missed.items():
            self._follow(Measure.FILE, number, before[number], [(day, None)])
        gone = dict(sorted(missed.values(), key=lambda found: found[1]))
        self._look_at_texts(Measure.TEXT, texts, gone)
        self._look_at_texts(Measure.OPEN_TEXT, open_texts, gone)
        for at, by in self._book.files_entered(self._begins, self._ends):
            self._count(Measure.FILE_ENTERED, self._day(at), came=Cell(operator=by))

    def _missed(self, numbers: list[int]) -> dict[int, tuple[int, date]]:
        """The records of files that are shown no more, and the days on which that began: their record's, or their own.

        What the journal knows nothing of was over by the last day.
        """
        deeds = self._book.files_changed_at(numbers)
        missed = {}
        for number, record_id in self._book.records_of_files(numbers).items():
            day = self._day(deeds[number]) if number in deeds else self._until
            missed[number] = record_id, self._within(self._title_days.get(record_id, day))
        return missed

    def _opened(self, file: ShownFile, day: date, *, is_new: bool) -> date:
        """The day from which on everybody may read a file that is counted from `day` on, or is counted already."""
        ends = file.rights.embargo_until
        if ends is None or ends < self._first:
            return day
        return max(day, ends) if is_new else ends

    def _look_at_texts(self, measure: Measure, texts: dict[int, date], gone: dict[int, date]) -> None:
        before = self._book.held(measure)
        for number, day in texts.items():
            changed = self._title_days.get(number, self._until) if number in before else day
            self._follow(measure, number, before.get(number), [(changed, self._titles[number])])
        for number in before.keys() - texts.keys():
            self._follow(measure, number, before[number], [(gone.get(number, self._until), None)])

    def _look_at_readers(self) -> None:
        before = self._book.held(Measure.READER)
        for reader in self._book.card_holders():
            cell = Cell(category=reader.category, faculty=reader.faculty)
            if self._begins <= reader.created_at < self._ends:
                self._count(Measure.NEW_READER, self._day(reader.created_at), came=cell)
            if reader.created_at < self._ends:
                self._follow(Measure.READER, reader.id, before.get(reader.id), self._card(reader, Held(cell)))

    def _card(self, reader: CardHolder, held: Held) -> list[tuple[date, Held | None]]:
        """How a reader stood from which days on: from the first one with a card that holds, to its end."""
        is_new = reader.created_at >= self._begins
        came = self._within(self._day(reader.created_at if is_new else reader.changed_at))
        if reader.is_closed and reader.changed_at < self._ends:
            over = self._within(self._day(reader.changed_at))
        elif reader.valid_until is not None and reader.valid_until < self._until:
            over = self._within(reader.valid_until + _DAY)
        else:
            return [(came, held)]
        return [(came, held), (over, None)] if is_new and came < over else [(over, None)]

    def _follow(
        self, measure: Measure, number: int, before: Held | None, states: list[tuple[date, Held | None]]
    ) -> None:
        for change in changes_of(before, states):
            self._note(measure, change)
            self.held[measure][number] = change.come

    def _note(self, measure: Measure, change: Change) -> None:
        is_moved = change.gone is not None and change.come is not None
        for held, sign in ((change.gone, -1), (change.come, 1)):
            if held is None:
                continue
            amounts = [(measure, 1), (Measure.BYTES, held.amount)] if measure is Measure.FILE else [(measure, 1)]
            for of, amount in amounts:
                sums = self.changes[of, change.day, held.cell]
                if is_moved:
                    sums[_MOVED] += sign * amount
                else:
                    sums[_CAME if sign > 0 else _WENT] += amount

    def _count(self, measure: Measure, day: date, *, came: Cell) -> None:
        self.changes[measure, day, came][_CAME] += 1

    def _day(self, at: datetime) -> date:
        return at.astimezone(self._zone).date()

    def _within(self, day: date) -> date:
        return min(max(day, self._first), self._until)
