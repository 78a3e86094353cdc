"""What is said of a file's text: it was extracted, there is none, or it can't be read and why."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TypeAlias

# What comes from a file goes into messages, so it must be one line of bounded length.
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]+")
_LONGEST_QUOTE = 120


def N_(message: str) -> str:  # noqa: N802  (the name gettext tools look for)
    """Mark a message for translation without translating it."""
    return message


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a text is not there, or not whole: a code for machines, an English template with places, and its values."""

    code: str
    template: str
    values: tuple[tuple[str, str | int], ...] = ()

    @classmethod
    def of(cls, code: str, template: str, /, **values: str | int) -> Reason:
        """A reason whose values are safe to show."""
        safe = ((name, _quoted(value) if isinstance(value, str) else value) for name, value in values.items())
        return cls(code, template, tuple(safe))

    def __str__(self) -> str:
        return self.template.format(**dict(self.values))


def _quoted(text: str) -> str:
    text = _UNPRINTABLE.sub(" ", text).strip()
    return text if len(text) <= _LONGEST_QUOTE else text[:_LONGEST_QUOTE] + "…"


@dataclass(frozen=True, slots=True, kw_only=True)
class OutlineItem:
    """A line of a table of contents: its page counts from 1, its level from 0."""

    title: str
    page: int
    level: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Extracted:
    """The text of a file. `pages` begin with page 1; one without text is empty.

    `format` is the kind and its version as far as the file tells, such as "PDF 1.7". `made_by` names what read it.
    `page_count` is how many pages the document has; where it is more than `pages`, `shortfall` says why.
    `wordless` are the numbers of the pages that have no text, or none that can be read: OCR may find some there.
    """

    pages: tuple[str, ...]
    made_by: str
    page_count: int
    format: str
    outline: tuple[OutlineItem, ...] = ()
    wordless: tuple[int, ...] = ()
    shortfall: Reason | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NoText:
    """The file was read and has no text: pages that were scanned, sound, moving pictures (those have no pages)."""

    page_count: int
    format: str
    outline: tuple[OutlineItem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """Nothing could be read."""

    reason: Reason


Outcome: TypeAlias = Extracted | NoText | Unreadable

EMPTY = Reason.of("empty", N_("The file is empty."))
LOCKED = Reason.of(
    "encrypted", N_("The file is locked with a password or protected against copying, so its text can't be read.")
)
UNSAFE = Reason.of("entities", N_("A part of the file declares what it could draw in from outside; it was not read."))
TOO_LARGE_INSIDE = Reason.of("bomb", N_("A part of the file unpacks to too much; it was not read."))
IN_PARTS = Reason.of(
    "in-parts", N_("The pages of this DjVu document lie in other files. Save it as one file and upload that.")
)


def damaged(detail: str) -> Reason:
    """The reader gave up; `detail` is what it said."""
    return Reason.of("damaged", N_("The file is damaged and its text can't be read ({detail})."), detail=detail)


def program_missing(program: str, package: str) -> Reason:
    """A program of Debian's isn't installed."""
    return Reason.of(
        "program-missing",
        N_(
            "Reading this needs the program {program}, which is not installed. An administrator can install it with "
            "the Debian package {package}."
        ),
        program=program,
        package=package,
    )
