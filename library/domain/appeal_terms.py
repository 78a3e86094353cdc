"""The working days that deadlines are counted in, and where the university takes complaints itself."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, tzinfo
from typing import Any

from library.domain.errors import N_, InvalidConfiguration
from library.domain.workdays import WorkCalendar, require_sound

MOST_DAYS = 400
LONGEST_NAME = 100
LONGEST_ADDRESS = 500
_ADDRESS = re.compile(r"https?://[!-~]+")
_TYPED_DAY = re.compile(
    r"(?:(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})|(?P<d>\d{1,2})\.(?P<m>\d{1,2})\.(?P<y>\d{4}))"
    r"(?P<name>\s.*)?",
    re.ASCII,
)
EARLIEST, LATEST = date(2000, 1, 1), date(2200, 12, 31)


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class NamedDay:
    """A day and why it is not as other days are; the name may be empty."""

    day: date
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealTerms:
    """The week (0 is Monday), its exceptions by their days, and the address of the electronic reception."""

    reception: str = ""
    weekdays: tuple[int, ...] = (0, 1, 2, 3, 4)
    holidays: tuple[NamedDay, ...] = ()
    workdays: tuple[NamedDay, ...] = ()

    def calendar(self, zone: tzinfo) -> WorkCalendar:
        """The days that are worked, in this zone."""
        return WorkCalendar(
            zone=zone,
            weekdays=frozenset(self.weekdays),
            holidays=frozenset(one.day for one in self.holidays),
            workdays=frozenset(one.day for one in self.workdays),
        )


FIXED_HOLIDAYS: Mapping[str, tuple[tuple[int, int, str], ...]] = {
    "uz": (
        (1, 1, "Yangi yil"),
        (3, 8, "Xotin-qizlar kuni"),
        (3, 21, "Navroʻz"),
        (5, 9, "Xotira va qadrlash kuni"),
        (9, 1, "Mustaqillik kuni"),
        (10, 1, "Oʻqituvchi va murabbiylar kuni"),
        (12, 8, "Konstitutsiya kuni"),
    ),
    "kg": (
        (1, 1, "Жаңы жыл"),
        (1, 7, "Рождество"),
        (2, 23, "Мекенди коргоочулар күнү"),
        (3, 8, "Аялдардын эл аралык күнү"),
        (3, 21, "Нооруз"),
        (4, 7, "Элдик Апрель революциясы күнү"),
        (5, 1, "Эмгек майрамы"),
        (5, 5, "Конституция күнү"),
        (5, 9, "Жеңиш күнү"),
        (8, 31, "Көз карандысыздык күнү"),
        (11, 7, "Тарых жана ата-бабаларды эскерүү күнү"),
        (11, 8, "Тарых жана ата-бабаларды эскерүү күнү"),
    ),
}
"""Public holidays with the same date each year, by country: month, day, name. They are offered, never in force of
themselves: those that move with the moon, and days that a decree moves, are entered by people."""


def fixed_holidays(country: str, years: Iterable[int]) -> tuple[NamedDay, ...]:
    """The fixed public holidays of a country (`uz`, `kg`) in these years; none of a country that is not known."""
    fixed = FIXED_HOLIDAYS.get(country, ())
    return tuple(NamedDay(day=date(year, month, day), name=name) for year in years for month, day, name in fixed)


def with_days(days: Iterable[NamedDay], more: Iterable[NamedDay]) -> tuple[NamedDay, ...]:
    """Both lists in the order of their days, each day once, named as in the first."""
    named = {one.day: one for one in (*more, *days)}
    return tuple(named[day] for day in sorted(named))


def days_from(text: str) -> tuple[NamedDay, ...]:
    """Days that were typed, one a line: `2026-03-21 Navroʻz` or `21.03.2026 Navroʻz`.

    Raises `InvalidConfiguration` with the line that can't be read.
    """
    return with_days((), (_day(line.strip()) for line in text.splitlines() if line.strip()))


def days_text(days: Iterable[NamedDay]) -> str:
    """Days as `days_from` reads them."""
    return "\n".join(f"{one.day.isoformat()} {one.name}".strip() for one in days)


def _day(line: str) -> NamedDay:
    typed = _TYPED_DAY.fullmatch(line)
    try:
        if typed is None:
            raise ValueError(line)
        year, month, day = (
            typed[long] or typed[short] for long, short in (("year", "y"), ("month", "m"), ("day", "d"))
        )
        found = date(int(year), int(month), int(day))
    except ValueError:
        raise InvalidConfiguration(
            N_("“{line}” is no day. Write each on a line of its own, as 2026-03-21 and its name."),
            line=line[:LONGEST_NAME],
        ) from None
    return NamedDay(day=found, name=(typed["name"] or "").strip())


def require_sound_appeals(terms: AppealTerms, zone: tzinfo) -> None:
    """Raise `InvalidConfiguration` with the remedy unless deadlines can be counted so."""
    require_sound(terms.calendar(zone))
    if terms.reception and (len(terms.reception) > LONGEST_ADDRESS or not _ADDRESS.fullmatch(terms.reception)):
        raise InvalidConfiguration(N_("Write the address of the electronic reception with https:// before it."))
    days = (*terms.holidays, *terms.workdays)
    if max(len(terms.holidays), len(terms.workdays)) > MOST_DAYS:
        raise InvalidConfiguration(N_("There can be {most} at most."), most=MOST_DAYS)
    for one in days:
        if not EARLIEST <= one.day <= LATEST:
            raise InvalidConfiguration(N_("The year of {day} can't be right."), day=one.day.isoformat())
        if len(one.name) > LONGEST_NAME:
            raise InvalidConfiguration(N_("A text has {most} characters at most."), most=LONGEST_NAME)
    both = {one.day for one in terms.holidays} & {one.day for one in terms.workdays}
    if both:
        raise InvalidConfiguration(
            N_("{day} is both a day of rest and a working day. Take it out of one list."), day=min(both).isoformat()
        )
    for one in terms.holidays:
        terms.calendar(zone).after(one.day, 1)


def terms_facts(terms: AppealTerms) -> dict[str, object]:
    """The terms as JSON holds them."""
    return {
        "reception": terms.reception,
        "weekdays": list(terms.weekdays),
        "holidays": [[one.day.isoformat(), one.name] for one in terms.holidays],
        "workdays": [[one.day.isoformat(), one.name] for one in terms.workdays],
    }


def terms_from_facts(facts: Mapping[str, Any]) -> AppealTerms:
    """The terms out of JSON."""

    def days(name: str) -> tuple[NamedDay, ...]:
        return tuple(NamedDay(day=date.fromisoformat(day), name=text) for day, text in facts.get(name, ()))

    standard = AppealTerms()
    return AppealTerms(
        reception=str(facts.get("reception", "")),
        weekdays=tuple(facts.get("weekdays", standard.weekdays)),
        holidays=days("holidays"),
        workdays=days("workdays"),
    )


def flat_appeals(terms: AppealTerms) -> dict[str, str]:
    """Every part of the terms by what it is."""
    found = {
        "reception": terms.reception,
        "weekdays": ", ".join(str(day + 1) for day in terms.weekdays),
        "holidays": "; ".join(days_text(terms.holidays).splitlines()),
        "workdays": "; ".join(days_text(terms.workdays).splitlines()),
    }
    return {name: text for name, text in found.items() if text}
