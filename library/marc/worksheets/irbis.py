"""The worksheets of IRBIS: PAZK, SPEC, ASP, J, NJ, AUNTD, and what is catalogued with the help of PAZK."""

from __future__ import annotations

from library.domain.description import Material
from library.domain.errors import N_
from library.domain.marc import Dialect
from library.marc.irbis.values import LEADER
from library.marc.worksheets import irbis_fields as parts
from library.marc.worksheets import labels as label
from library.marc.worksheets.model import Group, Rule, Where, Worksheet, WorksheetField

_Fields = tuple[WorksheetField, ...]

_NAMES = (parts.FIRST_AUTHOR, parts.OTHER_AUTHOR, parts.OTHER_PERSON)
_BODIES = (parts.MAIN_BODY, parts.OTHER_BODY, parts.MAIN_MEETING, parts.OTHER_MEETING)
_CLASSES = (parts.UDC, parts.BBK, parts.SUBJECT, parts.KEYWORD, parts.BRANCH)
_MORE_SUBJECTS = (parts.PERSON_SUBJECT, parts.BODY_SUBJECT, parts.PLACE_SUBJECT, parts.GRNTI, parts.OTHER_CLASS)
_OTHER_TITLES = (parts.PARALLEL_TITLE, parts.OTHER_TITLE, parts.TRANSLATED_TITLE)
_ACCESS = (parts.ADDRESS, parts.SHELFMARK, parts.AUTHOR_MARK, parts.RECORD_CODE)

_TITLE = Rule(needs=(Where("200", "A"),), says=N_("There is no title proper."))


def _groups(
    *, numbers: _Fields, title: _Fields, notes: _Fields, fixed: _Fields, host: _Fields = (), names: _Fields = _NAMES
) -> tuple[Group, ...]:
    """The groups of a form; `host` is what an article or a volume stands in."""
    return (
        Group(label.CODED, fixed),
        Group(label.DESCRIPTION, title),
        Group(label.RESPONSIBILITY, names),
        *([Group(label.HOST, host)] if host else []),
        Group(label.NUMBERS, (*numbers, parts.LANGUAGE, parts.COUNTRY)),
        Group(label.CLASSES, _CLASSES),
        Group(label.NOTES, notes),
        Group(label.BODIES, _BODIES, folded=True),
        Group(label.MORE_SUBJECTS, _MORE_SUBJECTS, folded=True),
        Group(label.OTHER_TITLES, _OTHER_TITLES, folded=True),
        Group(label.ACCESS, (*_ACCESS, parts.RECORD_LANGUAGE), folded=True),
    )


def _worksheet(material: Material, groups: tuple[Group, ...], *rules: Rule) -> Worksheet:
    return Worksheet(Dialect.IRBIS, material, LEADER, groups, rules)


_BOOK_TITLE = (parts.TITLE, parts.EDITION, parts.IMPRINT, parts.EXTENT, parts.SERIES)
_BOOK_NOTES = (
    parts.NOTE,
    parts.RESPONSIBILITY_NOTE,
    parts.BIBLIOGRAPHY_NOTE,
    parts.CONTENTS,
    parts.ABSTRACT,
    parts.AUDIENCE_NOTE,
)

BOOK = _worksheet(
    Material.BOOK,
    _groups(
        numbers=(parts.ISBN,),
        title=_BOOK_TITLE,
        notes=_BOOK_NOTES,
        fixed=(parts.worksheet_name("PAZK"), parts.kinds("a", "05")),
    ),
    _TITLE,
)
WORKSHEETS = (BOOK,)
