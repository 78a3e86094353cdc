"""Years and dates that cannot be, or contradict one another."""

from __future__ import annotations

import re
from datetime import date

from library.domain.errors import N_, Message

_YEAR = re.compile(r"\d{4}")
_CODED_YEAR = re.compile(r"[0-9uU ]{4}|\|{4}|-{4}|9999|####")
_FIRST_PRINTED = 1400
_NO_END = "9999"


def year_problem(text: str, today: date) -> Message | None:
    """What is wrong with a year as it is printed; a text without a year in figures says nothing wrong."""
    years = [int(year) for year in re.findall(r"(?<!\d)\d{4}(?!\d)", text)]
    wrong = next((year for year in years if not _FIRST_PRINTED <= year <= today.year + 1), None)
    if wrong is None:
        return None
    return Message.of(N_("The year {year} can hardly be right."), year=str(wrong))


def coded_year_problem(text: str, today: date) -> Message | None:
    """What is wrong with a year in coded data: four figures, u or a blank for each not known, 9999 for no end."""
    if not _CODED_YEAR.fullmatch(text):
        return Message.of(N_("“{year}” is no year: four figures, a blank for each that is not known."), year=text)
    return None if text == _NO_END else year_problem(text, today)


def order_problem(first: str, second: str) -> Message | None:
    """That the second year of two comes before the first."""
    if _YEAR.fullmatch(first) and _YEAR.fullmatch(second) and first > second:
        return Message.of(
            N_("The second year ({second}) comes before the first ({first})."), first=first, second=second
        )
    return None


def date_problem(text: str, today: date) -> Message | None:
    """What is wrong with a date of eight figures (year, month, day)."""
    try:
        told = date.fromisoformat(text) if re.fullmatch(r"\d{8}", text) else None
    except ValueError:
        told = None
    if told is None:
        return Message.of(N_("“{text}” is no date: year, month and day in eight figures."), text=text)
    if told > today:
        return Message.of(N_("The date {text} lies in the future."), text=text)
    return None
