"""The worksheets of UNIMARC in the Russian form (RUSMARC)."""

from __future__ import annotations

from library.domain.description import Material
from library.domain.errors import N_
from library.domain.marc import Dialect
from library.marc.worksheets import labels as label
from library.marc.worksheets import unimarc_description as parts
from library.marc.worksheets import unimarc_fields as coded
from library.marc.worksheets.model import Group, Rule, Where, Worksheet, WorksheetField

_Fields = tuple[WorksheetField, ...]

_TITLE = (parts.TITLE, parts.EDITION)
_NAMES = (coded.FIRST_AUTHOR, coded.OTHER_AUTHOR, coded.OTHER_PERSON)
_BODIES = (coded.MAIN_BODY, coded.OTHER_BODY, coded.SECONDARY_BODY)
_CLASSES = (coded.UDC, coded.OTHER_CLASS, coded.SUBJECT, coded.KEYWORD)
_MORE_SUBJECTS = (coded.PERSON_SUBJECT, coded.BODY_SUBJECT, coded.PLACE_SUBJECT, coded.GENRE)
_OTHER_TITLES = (parts.PARALLEL_TITLE, parts.OTHER_TITLE, parts.UNIFORM_TITLE, parts.TRANSLATED_TITLE)
_LINKS = (parts.ORIGINAL, parts.SUPPLEMENT_TO, parts.OTHER_FORM, parts.RELATED)
_ACCESS = (parts.ADDRESS, parts.CONTENT_AND_MEDIUM, coded.AGENCY)

_TRANSLATION = Rule(
    needs=(Where("101", "c"),),
    when=(Where("101", "ind1", frozenset("12")),),
    says=N_("A translation names the language of its original."),
    blocks=False,
)


def _groups(
    *, numbers: _Fields, title: _Fields, notes: _Fields, fixed: _Fields, links: _Fields = _LINKS, host: _Fields = ()
) -> tuple[Group, ...]:
    """The groups of a form; `host` is what an article or a volume stands in."""
    return (
        Group(label.DESCRIPTION, title),
        Group(label.RESPONSIBILITY, _NAMES),
        *([Group(label.HOST, host)] if host else []),
        Group(label.NUMBERS, (*numbers, coded.LANGUAGES, coded.COUNTRY)),
        Group(label.CLASSES, _CLASSES),
        Group(label.NOTES, notes),
        Group(label.CODED, (coded.LEADER_FIELD, coded.general_data(), *fixed)),
        Group(label.BODIES, _BODIES, folded=True),
        Group(label.MORE_SUBJECTS, _MORE_SUBJECTS, folded=True),
        Group(label.OTHER_TITLES, _OTHER_TITLES, folded=True),
        Group(label.LINKS, links, folded=True),
        Group(label.ACCESS, _ACCESS, folded=True),
    )


def _worksheet(material: Material, leader: str, groups: tuple[Group, ...], *rules: Rule) -> Worksheet:
    return Worksheet(Dialect.UNIMARC, material, leader, groups, (_TRANSLATION, *rules))


_BOOK_TITLE = (*_TITLE, parts.IMPRINT, parts.EXTENT, parts.SERIES)
_BOOK_NOTES = (
    parts.NOTE,
    parts.RESPONSIBILITY_NOTE,
    parts.BIBLIOGRAPHY_NOTE,
    parts.CONTENTS,
    parts.ABSTRACT,
    parts.AUDIENCE_NOTE,
)
_NUMBERS = (coded.ISBN, coded.IDENTIFIER)

BOOK = _worksheet(
    Material.BOOK,
    "00000nam0 2200000 i 450 ",
    _groups(numbers=_NUMBERS, title=_BOOK_TITLE, notes=_BOOK_NOTES, fixed=(coded.text_data(),)),
)
WORKSHEETS = (BOOK,)
