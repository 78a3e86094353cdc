"""Readers as other systems list them: categories and dates in their spellings, and lines that became readers or not."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from library.domain.errors import N_, Message
from library.domain.people import LibraryCard, ReaderCategory

# Beginnings of words in Uzbek (both alphabets), Russian, Kyrgyz and English; the first that fits counts.
_CATEGORIES: Mapping[ReaderCategory, tuple[str, ...]] = {
    ReaderCategory.MASTER: ("magistr", "магистр", "master"),
    ReaderCategory.DOCTORAL: (
        *("doktorant", "tayanch", "aspirant", "izlanuvchi", "phd", "dsc", "doctor", "postgrad"),
        *("докторант", "таянч", "аспирант", "изланувчи", "соискател", "ординатор", "изденүүчү"),
    ),
    ReaderCategory.STUDENT: ("talaba", "bakalavr", "student", "bachelor", "undergrad", "талаба", "студент", "бакалавр"),
    ReaderCategory.TEACHER: (
        *("oqituvchi", "professor", "dotsent", "assistent", "teacher", "lecturer", "ppt", "ўқитувчи", "педагог"),
        *("преподавател", "профессор", "доцент", "ассистент", "учитель", "ппс", "окутуучу", "мугалим"),
    ),
    ReaderCategory.EMPLOYEE: (
        *("xodim", "ishchi", "employee", "staff", "ходим", "ишчи", "сотрудник", "работник", "рабочий", "служащий"),
        *("кызматкер", "жумушчу"),
    ),
    ReaderCategory.EXTERNAL: (
        "tashqi",
        "begona",
        "external",
        "guest",
        "ташқи",
        "внешн",
        "посторонн",
        "гость",
        "сырткы",
    ),
}
_APOSTROPHES = re.compile("['\u02bb\u02bc\u2018\u2019`\u00b4]")
_DATES = (
    re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})(?:[T ].*)?"),
    re.compile(r"(?P<day>\d{1,2})[./](?P<month>\d{1,2})[./](?P<year>\d{4})(?: .*)?"),
    re.compile(r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class IncomingReader:
    """A reader from a list; `number` is the line or the MFN, `doubts` what was not taken as it stands."""

    number: int
    name: str
    card: LibraryCard
    doubts: tuple[Message, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedReader:
    """A line of which no reader can be made, and why."""

    number: int
    reason: Message


Incoming: TypeAlias = IncomingReader | RefusedReader


def category_of(word: str) -> ReaderCategory | None:
    """The category that a word means in our languages; None where it is not known."""
    plain = _APOSTROPHES.sub("", word.strip().casefold())
    if plain in {category.value for category in ReaderCategory}:
        return ReaderCategory(plain)
    words = re.split(r"[\s,;/()-]+", plain)
    return next(
        (category for category, beginnings in _CATEGORIES.items() if any(one.startswith(beginnings) for one in words)),
        None,
    )


def date_of(text: str) -> date | None:
    """The date in one of the spellings 2026-06-30, 30.06.2026, 30/06/2026 and 20260630; None where it is none."""
    for pattern in _DATES:
        if found := pattern.fullmatch(text.strip()):
            try:
                return date(int(found["year"]), int(found["month"]), int(found["day"]))
            except ValueError:
                return None
    return None


def category_with_doubt(word: str) -> tuple[ReaderCategory, tuple[Message, ...]]:
    """The category; an unknown word makes a reader from outside, who is entitled to the least, and a doubt says so."""
    category = category_of(word)
    if category is not None:
        return category, ()
    doubt = Message.of(N_("The category “{word}” is not known; the reader was taken as one from outside."), word=word)
    return ReaderCategory.EXTERNAL, (doubt,)
