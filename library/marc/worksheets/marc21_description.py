"""The fields of MARC 21 that describe: titles, imprint, extent, notes, subjects, links."""

from __future__ import annotations

from library.marc.worksheets import labels as label
from library.marc.worksheets.code_lists import marc21 as codes
from library.marc.worksheets.model import InputKind, WorksheetField, WorksheetIndicator, WorksheetSubfield

_field = WorksheetField
_sub = WorksheetSubfield
_choice = WorksheetIndicator

_AUTHORITY = _sub("0", label.AUTHORITY_NUMBER, InputKind.AUTHORITY_NUMBER)
_SUBDIVISIONS = (
    _sub("x", label.SUBTOPIC, repeatable=True),
    _sub("y", label.SUB_TIME, repeatable=True),
    _sub("z", label.SUB_PLACE, repeatable=True),
    _sub("v", label.SUB_FORM, repeatable=True),
    _sub("2", label.THESAURUS_CODE),
    _AUTHORITY,
)
_THESAURUS = _choice(2, label.THESAURUS, codes.THESAURI)


def _note(tag: str, name: str, indicators: str = "  ") -> WorksheetField:
    return _field(tag, name, (_sub("a", name, InputKind.LONG_TEXT, must=True),), indicators, repeatable=True)


def _subject(
    tag: str, name: str, entry: str, kind: InputKind, indicators: str = " 4", more: tuple[WorksheetSubfield, ...] = ()
) -> WorksheetField:
    parts = (_sub("a", entry, kind, must=True), *more, *_SUBDIVISIONS)
    return _field(tag, name, parts, indicators, (_THESAURUS,), repeatable=True)


def _link(tag: str, name: str, indicators: str = "0 ", more: tuple[WorksheetSubfield, ...] = ()) -> WorksheetField:
    """A linking entry (76X-78X): the other document, and in a host the place in it."""
    return _field(
        tag,
        name,
        (
            _sub("a", label.HOST_AUTHOR),
            _sub("t", label.HOST_TITLE, InputKind.LINK),
            _sub("b", label.EDITION),
            _sub("d", label.HOST_IMPRINT),
            *more,
            _sub("x", label.ISSN, InputKind.ISSN),
            _sub("z", label.ISBN, InputKind.ISBN, repeatable=True),
            _sub("w", label.HOST_NUMBER, InputKind.MARK, repeatable=True),
        ),
        indicators,
        repeatable=True,
    )


TITLE = _field(
    "245",
    label.TITLE,
    (
        _sub("a", label.TITLE_PROPER, InputKind.LONG_TEXT, must=True),
        _sub("h", label.MATERIAL_NOTE),
        _sub("n", label.PART_NUMBER, repeatable=True),
        _sub("p", label.PART_TITLE, repeatable=True),
        _sub("b", label.REMAINDER, InputKind.LONG_TEXT),
        _sub("c", label.STATEMENT, InputKind.LONG_TEXT, help=label.HELP_STATEMENT),
    ),
    "00",
    (_choice(1, label.ADDED_ENTRY, codes.ADDED), _choice(2, label.SKIPPED, codes.SKIPPED)),
    must=True,
    help=label.HELP_SKIPPED,
)
UNIFORM_TITLE = _field(
    "240", label.UNIFORM_TITLE, (_sub("a", label.TITLE_PROPER, must=True), _sub("l", label.LANGUAGE)), "10"
)
VARIANT_TITLE = _field(
    "246",
    label.OTHER_TITLE,
    (
        _sub("a", label.TITLE_PROPER, must=True),
        _sub("b", label.REMAINDER),
        _sub("n", label.PART_NUMBER),
        _sub("p", label.PART_TITLE),
    ),
    "31",
    (_choice(2, label.KIND_OF_TITLE, codes.VARIANTS),),
    repeatable=True,
)
EDITION = _field(
    "250", label.EDITION, (_sub("a", label.EDITION, must=True), _sub("b", label.STATEMENT)), repeatable=True
)
SCORE_FORM = _field("254", label.SCORE_FORM, (_sub("a", label.SCORE_FORM, must=True),))
MATHEMATICAL = _field(
    "255",
    label.MATHEMATICAL_DATA,
    (_sub("a", label.SCALE, help=label.HELP_SCALE), _sub("b", label.PROJECTION), _sub("c", label.COORDINATES)),
    repeatable=True,
)
_IMPRINT = (
    _sub("a", label.PLACE, repeatable=True),
    _sub("b", label.PUBLISHER, repeatable=True),
    _sub("c", label.YEAR, help=label.HELP_YEAR_AS_PRINTED),
)
IMPRINT = _field(
    "264",
    label.IMPRINT,
    _IMPRINT,
    " 1",
    (_choice(2, label.FUNCTION_OF_IMPRINT, codes.IMPRINTS),),
    repeatable=True,
)
FORMER_IMPRINT = _field("260", label.IMPRINT, _IMPRINT, former=True, repeatable=True)
EXTENT = _field(
    "300",
    label.EXTENT_FIELD,
    (
        _sub("a", label.EXTENT, help=label.HELP_EXTENT, must=True, repeatable=True),
        _sub("b", label.OTHER_DETAILS),
        _sub("c", label.SIZE, repeatable=True),
        _sub("e", label.ACCOMPANYING),
    ),
    repeatable=True,
)
FREQUENCY = _field("310", label.FREQUENCY, (_sub("a", label.FREQUENCY, must=True),))
CONTENT_TYPE = _field(
    "336", label.CONTENT_FORM, (_sub("a", label.CONTENT_FORM), _sub("2", label.THESAURUS_CODE)), repeatable=True
)
MEDIA_TYPE = _field("337", label.MEDIUM, (_sub("a", label.MEDIUM), _sub("2", label.THESAURUS_CODE)), repeatable=True)
CARRIER_TYPE = _field(
    "338", label.CARRIER, (_sub("a", label.CARRIER), _sub("2", label.THESAURUS_CODE)), repeatable=True
)
NUMBERING = _field("362", label.NUMBERING, (_sub("a", label.NUMBERING, must=True),), "0 ", repeatable=True)
SERIES = _field(
    "490",
    label.SERIES,
    (
        _sub("a", label.SERIES_TITLE, InputKind.SERIES, must=True),
        _sub("x", label.ISSN, InputKind.ISSN),
        _sub("v", label.SERIES_NUMBER),
    ),
    "0 ",
    (_choice(1, label.FOUND_BY, codes.TRACED),),
    repeatable=True,
)
SERIES_HEADING = _field(
    "830",
    label.SERIES_HEADING,
    (_sub("a", label.SERIES_TITLE, InputKind.SERIES, must=True), _sub("v", label.SERIES_NUMBER), _AUTHORITY),
    " 0",
    repeatable=True,
)
NOTE = _note("500", label.NOTE)
THESIS_NOTE = _field(
    "502",
    label.THESIS_NOTE,
    (
        _sub("a", label.THESIS_NOTE, InputKind.LONG_TEXT),
        _sub("b", label.DEGREE),
        _sub("c", label.INSTITUTION),
        _sub("d", label.DEFENCE_YEAR, InputKind.YEAR),
        _sub("g", label.SPECIALITY, repeatable=True),
    ),
    repeatable=True,
)
BIBLIOGRAPHY_NOTE = _note("504", label.BIBLIOGRAPHY_NOTE)
CONTENTS = _note("505", label.CONTENTS, "0 ")
CREATORS_NOTE = _note("508", label.CREATORS_NOTE)
PERFORMERS_NOTE = _note("511", label.PERFORMERS_NOTE, "0 ")
FREQUENCY_NOTE = _note("515", label.FREQUENCY_NOTE)
ABSTRACT = _note("520", label.ABSTRACT)
AUDIENCE_NOTE = _note("521", label.AUDIENCE_NOTE)
SYSTEM_NOTE = _note("538", label.SYSTEM_NOTE)
LANGUAGE_NOTE = _note("546", label.LANGUAGE_NOTE)
SOURCE_NOTE = _note("588", label.SOURCE_NOTE)

PERSON_SUBJECT = _subject(
    "600",
    label.PERSON_SUBJECT,
    label.NAME,
    InputKind.PERSON,
    "14",
    (_sub("c", label.TITLES_OF_PERSON, repeatable=True), _sub("d", label.LIFE_DATES), _sub("t", label.RELATED_TITLE)),
)
BODY_SUBJECT = _subject(
    "610", label.BODY_SUBJECT, label.BODY, InputKind.BODY, "24", (_sub("b", label.BODY_PART, repeatable=True),)
)
SUBJECT = _subject("650", label.SUBJECT, label.TOPIC, InputKind.SUBJECT)
PLACE_SUBJECT = _subject("651", label.PLACE_SUBJECT, label.MEETING_PLACE, InputKind.SUBJECT)
KEYWORD = _field(
    "653",
    label.KEYWORD,
    (_sub("a", label.KEYWORD, help=label.HELP_KEYWORD, must=True, repeatable=True),),
    repeatable=True,
)
GENRE = _field(
    "655", label.GENRE, (_sub("a", label.GENRE, must=True), _sub("2", label.THESAURUS_CODE)), " 4", repeatable=True
)
_PLACE_IN_HOST = (_sub("g", label.WHERE_IN_HOST, help=label.HELP_WHERE, repeatable=True),)
ORIGINAL = _link("765", label.ORIGINAL)
SUPPLEMENT_TO = _link("772", label.SUPPLEMENT_TO)
HOST = _link("773", label.HOST_ITEM, more=_PLACE_IN_HOST)
SET = _link("773", label.SET, more=_PLACE_IN_HOST)
OTHER_FORM = _link("776", label.OTHER_FORM)
FORMER_TITLE = _link("780", label.FORMER_TITLE, "00")
LATER_TITLE = _link("785", label.LATER_TITLE, "00")
RELATED = _link("787", label.RELATED)
ADDRESS = _field(
    "856",
    label.ADDRESS,
    (
        _sub("u", label.ADDRESS, InputKind.ADDRESS, help=label.HELP_ADDRESS, must=True, repeatable=True),
        _sub("y", label.ADDRESS_TEXT, repeatable=True),
        _sub("z", label.NOTE, repeatable=True),
    ),
    "40",
    (_choice(2, label.KIND_OF_ADDRESS, codes.ADDRESSES),),
    repeatable=True,
)
