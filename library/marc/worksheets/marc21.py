"""The worksheets of MARC 21."""

from __future__ import annotations

from library.domain.description import Material
from library.domain.errors import N_
from library.domain.marc import Dialect
from library.marc.worksheets import labels as label
from library.marc.worksheets import marc21_description as parts
from library.marc.worksheets import marc21_fields as coded
from library.marc.worksheets.model import Group, Rule, Where, Worksheet, WorksheetField

_Fields = tuple[WorksheetField, ...]

_LEADER = coded.leader()
_TITLE = (parts.TITLE, parts.EDITION)
_IMPRINT = (parts.IMPRINT, parts.FORMER_IMPRINT)
_NAMES = (coded.FIRST_AUTHOR, coded.PERSON)
_BODIES = (coded.MAIN_BODY, coded.BODY, coded.MAIN_MEETING, coded.MEETING)
_CLASSES = (coded.UDC, coded.OTHER_CLASS, parts.SUBJECT, parts.KEYWORD)
_MORE_SUBJECTS = (parts.PERSON_SUBJECT, parts.BODY_SUBJECT, parts.PLACE_SUBJECT, parts.GENRE)
_SERIES = (parts.SERIES, parts.SERIES_HEADING)
_OTHER_TITLES = (parts.VARIANT_TITLE, parts.UNIFORM_TITLE)
_TYPES = (parts.CONTENT_TYPE, parts.MEDIA_TYPE, parts.CARRIER_TYPE)
_LINKS = (parts.ORIGINAL, parts.SUPPLEMENT_TO, parts.OTHER_FORM, parts.RELATED)
_SHELF = (parts.ADDRESS, coded.SHELFMARK, coded.AGENCY)

_TRANSLATION = Rule(
    needs=(Where("041", "h"),),
    when=(Where("041", "ind1", frozenset("1")),),
    says=N_("A translation names the language of its original."),
    blocks=False,
)


def _groups(
    *,
    numbers: _Fields,
    title: _Fields,
    notes: _Fields,
    fixed: WorksheetField,
    links: _Fields = _LINKS,
    host: _Fields = (),
) -> tuple[Group, ...]:
    """The groups of a form; `host` is what an article or a volume stands in."""
    return (
        Group(label.DESCRIPTION, title),
        Group(label.RESPONSIBILITY, _NAMES),
        *([Group(label.HOST, host)] if host else []),
        Group(label.NUMBERS, numbers),
        Group(label.CLASSES, _CLASSES),
        Group(label.NOTES, notes),
        Group(label.CODED, (_LEADER, fixed)),
        Group(label.BODIES, _BODIES, folded=True),
        Group(label.MORE_SUBJECTS, _MORE_SUBJECTS, folded=True),
        Group(label.OTHER_TITLES, _OTHER_TITLES, folded=True),
        Group(label.LINKS, links, folded=True),
        Group(label.ACCESS, (*_SHELF, *_TYPES), folded=True),
    )


def _worksheet(material: Material, leader: str, groups: tuple[Group, ...], *rules: Rule) -> Worksheet:
    return Worksheet(Dialect.MARC21, material, leader, groups, (_TRANSLATION, *rules))


_BOOK_NUMBERS = (coded.ISBN, coded.LANGUAGES, coded.IDENTIFIER)
_BOOK_NOTES = (
    parts.NOTE,
    parts.BIBLIOGRAPHY_NOTE,
    parts.CONTENTS,
    parts.ABSTRACT,
    parts.AUDIENCE_NOTE,
    parts.LANGUAGE_NOTE,
)
_BOOK_TITLE = (*_TITLE, *_IMPRINT, parts.EXTENT, *_SERIES)

BOOK = _worksheet(
    Material.BOOK,
    "00000nam a2200000 c 4500",
    _groups(numbers=_BOOK_NUMBERS, title=_BOOK_TITLE, notes=_BOOK_NOTES, fixed=coded.fixed_data()),
)
WORKSHEETS = (BOOK,)
