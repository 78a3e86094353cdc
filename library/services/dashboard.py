"""The figures of the dashboard, the public page and records: the service's own answers, and lists of what is read.

Every number of requests is from `Statistics.report`, so that the page and the ministry's service can never disagree.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

from indexer.classification import udc_classes
from library.db.authorities import form_key
from library.db.records import ListedRecord
from library.db.unit_of_work import Database, ReadingUnit
from library.domain.access import Action, Actor, require
from library.domain.dashboard import (
    HOURS,
    INVENTED,
    WEEK,
    ChosenTime,
    Compared,
    Named,
    Overview,
    Preset,
    ReadTitle,
    RecordMonth,
    Year,
    preset_time,
)
from library.domain.description import CreatorRole
from library.domain.open_archive import COLLECTION
from library.domain.periods import ReportPeriod, Span, Step
from library.domain.record import Status
from library.domain.statistics import Amount, Audience, Dimension, Question, StatisticsReport
from library.domain.usage import Kind, Outcome, agent_number
from library.domain.usage_figures import Ranking, RecordUse

REQUESTS, EXCLUDED = "requests.all", "excluded.all"
TITLES, TEXTS, VISITS = "holdings.titles", "holdings.files", "visits.virtual"
MOST_TITLES = 50
MOST_NAMES = 30
MOST_SEARCHES = 50
# Authors and classes are those of so many titles that are read most; the page says so.
RANKED_TITLES = 300

Code = TypeVar("Code", Kind, Outcome)
Report = Callable[[Question], StatisticsReport]
Figures = Mapping[tuple[ReportPeriod, tuple[str, ...]], int]


@dataclass(frozen=True, slots=True)
class _Requests:
    """Answers to one question: which periods are known, and the figures by period and values."""

    known: frozenset[ReportPeriod]
    figures: Figures
    data_as_of: datetime
    complete: bool

    def each(self, periods: Sequence[ReportPeriod]) -> tuple[int | None, ...]:
        """A sum for each of the periods, None for those that are not known."""
        sums: Counter[ReportPeriod] = Counter()
        for (period, _), count in self.figures.items():
            sums[period] += count
        return tuple(sums[period] if period in self.known else None for period in periods)

    def by(self, place: int, periods: Iterable[ReportPeriod]) -> Counter[str]:
        """Sums by the value at this place, over these periods."""
        wanted, sums = set(periods), Counter[str]()
        for (period, values), count in self.figures.items():
            if period in wanted and values:
                sums[values[place]] += count
        return sums


class Dashboard:
    """Read-only; the number of queries of each answer does not depend on how much was used."""

    def __init__(self, database: Database, report: Report, zone: ZoneInfo, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._report = report
        self._zone = zone
        self._clock = clock

    def now(self) -> datetime:
        """The time it is."""
        return self._clock()

    def today(self) -> date:
        """The day it is in the library."""
        return self._clock().astimezone(self._zone).date()

    def overview(self, time: ChosenTime, *, actor: Actor) -> Overview:
        """All figures of the chosen time, and of the time it is compared with."""
        require(actor, Action.SEE_STATISTICS)
        by = (Dimension.REQUEST, Dimension.RESULT)
        now = self._asked(REQUESTS, time.periods, by)
        before = self._asked(REQUESTS, time.before, by)
        passed = [time.before[place] for place, period in enumerate(time.periods) if period in now.known]
        # A time that was counted in part would make every figure of today look grown.
        is_comparable = bool(passed) and before.known.issuperset(passed)
        spans = (_one(time.periods), _one(passed)) if is_comparable else (_one(time.periods),)
        people = [self._told(REQUESTS, (Dimension.CATEGORY, Dimension.FACULTY), span) for span in spans]
        left_out = [self._told(EXCLUDED, (Dimension.EXCLUSION,), span) for span in spans]
        with self._database.reading() as view:
            lists = self._lists(view, time.span)
            hours = view.usage_counts.busy_hours(time.span)
            is_invented = view.sample_use.is_there(agent_number(INVENTED))
        return Overview(
            time=time,
            has_data=bool(now.known or before.known),
            requests=now.each(time.periods),
            before=before.each(time.before),
            results=_results(now, time.periods),
            results_compared=_compared(
                Outcome, now.by(1, time.periods), before.by(1, passed) if is_comparable else None
            ),
            kinds=_compared(Kind, now.by(0, time.periods), before.by(0, passed) if is_comparable else None),
            hours=tuple(tuple(hours.get((day, hour), 0) for hour in range(HOURS)) for day in range(WEEK)),
            categories=_named(people, 0),
            faculties=_named(people, 1),
            titles=lists.titles,
            authors=lists.authors,
            classes=lists.classes,
            unsuccessful=lists.unsuccessful,
            excluded=_named(left_out, 0),
            data_as_of=now.data_as_of,
            complete=now.complete,
            is_invented=is_invented,
        )

    def year(self) -> Year:
        """The last twelve months in a few figures, as anybody may know them."""
        months = preset_time(Preset.TWELVE_MONTHS, self.today()).periods
        asked = self._asked(REQUESTS, months, (Dimension.REQUEST, Dimension.RESULT), Audience.OUTSIDE)
        results = {values: 0 for _, values in asked.figures}
        for (_, values), count in asked.figures.items():
            results[values] += count
        kinds = asked.by(0, months)
        is_known = bool(asked.known)
        whole = Span(first=months[0].first, last=self.today())
        told = self._answers(Question(span=whole, step=Step.SPAN, indicators=(TITLES, TEXTS, VISITS)))
        downloads = results.get((Kind.DOWNLOAD, Outcome.DOWNLOADED), 0)
        return Year(
            months=months,
            requests=asked.each(months),
            titles=told.get(TITLES),
            texts=told.get(TEXTS),
            visits=told.get(VISITS),
            searches=kinds[Kind.SEARCH] if is_known else None,
            readings=kinds[Kind.PAGE_VIEW] if is_known else None,
            downloads=downloads if is_known else None,
            data_as_of=asked.data_as_of,
        )

    def is_invented(self) -> bool:
        """Whether this is the sample installation, whose year of use nobody made: one query."""
        with self._database.reading() as view:
            return view.sample_use.is_there(agent_number(INVENTED))

    def of_record(self, record_id: int) -> tuple[RecordMonth, ...]:
        """The use of a record in each of the last twelve months: one query; empty where there was none."""
        months = preset_time(Preset.TWELVE_MONTHS, self.today()).periods
        with self._database.reading() as view:
            return _by_month(months, view.usage_counts.record_by_month(record_id, _one(months)))

    def of_collection(self, code: str) -> tuple[RecordMonth, ...]:
        """The use of the records of a collection in each of the last twelve months: one query; empty for none.

        Its records are those that harvesters find in its set.
        """
        months = preset_time(Preset.TWELVE_MONTHS, self.today()).periods
        with self._database.reading() as view:
            return _by_month(months, view.usage_counts.set_by_month(f"{COLLECTION}:{code}", _one(months)))

    def _asked(
        self,
        indicator: str,
        periods: Sequence[ReportPeriod],
        by: tuple[Dimension, ...],
        audience: Audience = Audience.HOUSE,
    ) -> _Requests:
        question = Question(span=_one(periods), step=periods[0].step, indicators=(indicator,), by=by, audience=audience)
        report = self._report(question)
        told = [(line, line.figure.value) for line in report.lines if isinstance(line.figure, Amount)]
        return _Requests(
            known=frozenset(line.period for line, _ in told),
            figures={(line.period, tuple(value for _, value in line.dimensions)): int(value) for line, value in told},
            data_as_of=report.data_as_of,
            complete=report.complete,
        )

    def _answers(self, question: Question) -> Mapping[str, int]:
        """The figures that are known, by their indicators."""
        lines = self._report(question).lines
        return {line.indicator: int(line.figure.value) for line in lines if isinstance(line.figure, Amount)}

    def _told(self, indicator: str, by: tuple[Dimension, ...], span: Span) -> _Requests:
        """The figures of a whole time."""
        return self._asked(indicator, (ReportPeriod(first=span.first, last=span.last, step=Step.SPAN),), by)

    def _lists(self, view: ReadingUnit, span: Span) -> _Lists:
        """What is read, and what was searched for in vain; three queries."""
        used = view.usage_counts.top_records(span, Ranking.USES, RANKED_TITLES)
        listed = view.records.listed([one.record_id for one in used])
        shown = [
            (one, listed[one.record_id])
            for one in sorted(used, key=lambda one: (-one.readings - one.downloads, -one.record_views, one.record_id))
            if one.record_id in listed and listed[one.record_id].status is Status.PUBLISHED
        ]
        searched = view.usage_counts.searched_without_success(span, MOST_SEARCHES)
        return _Lists(
            titles=tuple(_title(use, record) for use, record in shown[:MOST_TITLES]),
            authors=_authors(shown),
            classes=_classes(shown),
            unsuccessful=tuple(
                Named(name=one.words, figure=Compared(now=one.nothing_found, before=None)) for one in searched
            ),
        )


@dataclass(frozen=True, slots=True)
class _Lists:
    """What is read, and what was searched for in vain."""

    titles: tuple[ReadTitle, ...]
    authors: tuple[Named, ...]
    classes: tuple[Named, ...]
    unsuccessful: tuple[Named, ...]


def _one(periods: Sequence[ReportPeriod]) -> Span:
    return Span(first=periods[0].first, last=periods[-1].last)


def _results(asked: _Requests, periods: Sequence[ReportPeriod]) -> Mapping[Outcome, tuple[int, ...]]:
    sums: Counter[tuple[str, ReportPeriod]] = Counter()
    for (period, values), count in asked.figures.items():
        if values:
            sums[values[1], period] += count
    return {outcome: tuple(sums[outcome, period] for period in periods) for outcome in Outcome}


def _named(asked: Sequence[_Requests], place: int) -> tuple[Named, ...]:
    """Figures by the values at this place, the largest first; `asked` is of this time, and of that before if known."""
    counts, *earlier = (one.by(place, one.known) for one in asked)
    before = earlier[0] if earlier else None
    return tuple(
        Named(name=name, figure=Compared(now=counts[name], before=None if before is None else before[name]))
        for name in sorted({*counts, *(before or ())}, key=lambda name: (-counts[name], name))
    )


def _compared(
    names: Iterable[Code], now: Mapping[str, int], before: Mapping[str, int] | None
) -> Mapping[Code, Compared]:
    """Both figures of each name that either time has; nothing is known of the time before where that is None."""
    return {
        name: Compared(now=now.get(name, 0), before=before.get(name, 0) if before is not None else None)
        for name in names
        if now.get(name) or (before or {}).get(name)
    }


def _title(use: RecordUse, record: ListedRecord) -> ReadTitle:
    return ReadTitle(
        record_id=record.id,
        title=record.description.title,
        languages=record.description.languages,
        views=use.record_views,
        readings=use.readings,
        downloads=use.downloads,
    )


def _authors(shown: Iterable[tuple[RecordUse, ListedRecord]]) -> tuple[Named, ...]:
    """Uses by author; spellings in other alphabets are one name, told as it is written most often."""
    sums: Counter[str] = Counter()
    spellings: dict[str, Counter[str]] = {}
    for use, record in shown:
        names = {form_key(one.name): one.name for one in record.description.creators if one.role is CreatorRole.AUTHOR}
        for key, name in names.items():
            sums[key] += use.readings + use.downloads
            spellings.setdefault(key, Counter())[name] += 1
    return _most({spellings[key].most_common(1)[0][0]: count for key, count in sums.items()})


def _classes(shown: Iterable[tuple[RecordUse, ListedRecord]]) -> tuple[Named, ...]:
    """Uses by the class of UDC under the main one; a title of several classes counts in each."""
    sums: Counter[str] = Counter()
    for use, record in shown:
        found = {one for notation in record.description.udc for one in udc_classes(notation)}
        for number in {one for one in found if len(one) > 1} or found:
            sums[number] += use.readings + use.downloads
    return _most(sums)


def _most(sums: Mapping[str, int]) -> tuple[Named, ...]:
    ranked = sorted(((name, count) for name, count in sums.items() if count), key=lambda one: (-one[1], one[0]))
    return tuple(Named(name=name, figure=Compared(now=count, before=None)) for name, count in ranked[:MOST_NAMES])


def _by_month(months: Sequence[ReportPeriod], used: Iterable[RecordUse]) -> tuple[RecordMonth, ...]:
    found = {one.when: one for one in used}
    if not found:
        return ()
    nothing = RecordUse(when=months[0].first, record_id=0, record_views=0, readings=0, downloads=0)
    return tuple(
        RecordMonth(month=month, views=use.record_views, readings=use.readings, downloads=use.downloads)
        for month, use in ((month, found.get(month.first, nothing)) for month in months)
    )
