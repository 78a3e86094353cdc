"""The fields of UNIMARC (RUSMARC) that describe: titles, imprint, extent, notes, links."""

from __future__ import annotations

from library.marc.worksheets import labels as label
from library.marc.worksheets.code_lists import languages
from library.marc.worksheets.code_lists import unimarc as codes
from library.marc.worksheets.model import InputKind, WorksheetField, WorksheetIndicator, WorksheetSubfield

_field = WorksheetField
_sub = WorksheetSubfield
_choice = WorksheetIndicator


def _note(tag: str, name: str) -> WorksheetField:
    return _field(tag, name, (_sub("a", name, InputKind.LONG_TEXT, must=True),), repeatable=True)


def _link(tag: str, name: str, *more: WorksheetSubfield) -> WorksheetField:
    """A field that names another document. A new one embeds fields, as RUSMARC does."""
    return _field(
        tag,
        name,
        (
            _sub("0", label.HOST_NUMBER, InputKind.MARK, embedded="001"),
            _sub("x", label.ISSN, InputKind.ISSN, embedded="011a"),
            _sub("y", label.ISBN, InputKind.ISBN, embedded="010a"),
            _sub("t", label.HOST_TITLE, InputKind.LINK, embedded="200a"),
            _sub("f", label.HOST_RESPONSIBILITY, embedded="200f"),
            _sub("v", label.WHERE_IN_HOST, embedded="200v", help=label.HELP_WHERE),
            _sub("c", label.HOST_PLACE, embedded="210a"),
            _sub("n", label.HOST_PUBLISHER, embedded="210c"),
            _sub("d", label.HOST_YEAR, embedded="210d"),
            *more,
        ),
        " 0",
        repeatable=True,
    )


TITLE = _field(
    "200",
    label.TITLE,
    (
        _sub("a", label.TITLE_PROPER, InputKind.LONG_TEXT, must=True, repeatable=True),
        _sub("b", label.MATERIAL_NOTE, repeatable=True),
        _sub("d", label.PARALLEL_TITLE, repeatable=True),
        _sub("e", label.REMAINDER, InputKind.LONG_TEXT, repeatable=True),
        _sub("f", label.FIRST_RESPONSIBILITY, InputKind.LONG_TEXT, help=label.HELP_STATEMENT, repeatable=True),
        _sub("g", label.NEXT_RESPONSIBILITY, InputKind.LONG_TEXT, repeatable=True),
        _sub("h", label.PART_NUMBER, repeatable=True),
        _sub("i", label.PART_TITLE, repeatable=True),
        _sub("v", label.VOLUME_NUMBER),
        _sub("z", label.LANGUAGE_OF_TITLE, InputKind.CODE, languages.LANGUAGES, repeatable=True),
    ),
    "1 ",
    (_choice(1, label.FOUND_BY, codes.SIGNIFICANT),),
    must=True,
)
EDITION = _field(
    "205",
    label.EDITION,
    (
        _sub("a", label.EDITION, must=True),
        _sub("b", label.EDITION_DETAILS, repeatable=True),
        _sub("f", label.STATEMENT),
    ),
    repeatable=True,
)
MATHEMATICAL = _field(
    "206",
    label.MATHEMATICAL_DATA,
    (
        _sub("a", label.MATHEMATICAL_DATA),
        _sub("b", label.SCALE, help=label.HELP_SCALE, repeatable=True),
        _sub("c", label.PROJECTION),
        _sub("d", label.COORDINATES),
    ),
    repeatable=True,
)
NUMBERING = _field("207", label.NUMBERING, (_sub("a", label.NUMBERING, must=True, repeatable=True),), " 0")
SCORE_FORM = _field("208", label.SCORE_FORM, (_sub("a", label.SCORE_FORM, must=True),))
IMPRINT = _field(
    "210",
    label.IMPRINT,
    (
        _sub("a", label.PLACE, repeatable=True),
        _sub("c", label.PUBLISHER, repeatable=True),
        _sub("d", label.YEAR, help=label.HELP_YEAR_AS_PRINTED, repeatable=True),
        _sub("e", label.PLACE_OF_PRINTING, repeatable=True),
        _sub("g", label.PRINTER, repeatable=True),
    ),
    repeatable=True,
)
EXTENT = _field(
    "215",
    label.EXTENT_FIELD,
    (
        _sub("a", label.EXTENT, help=label.HELP_EXTENT, must=True, repeatable=True),
        _sub("c", label.OTHER_DETAILS),
        _sub("d", label.SIZE, repeatable=True),
        _sub("e", label.ACCOMPANYING, repeatable=True),
    ),
    repeatable=True,
)
SERIES = _field(
    "225",
    label.SERIES,
    (
        _sub("a", label.SERIES_TITLE, InputKind.SERIES, must=True),
        _sub("e", label.REMAINDER, repeatable=True),
        _sub("h", label.PART_NUMBER, repeatable=True),
        _sub("i", label.PART_TITLE, repeatable=True),
        _sub("x", label.ISSN, InputKind.ISSN, repeatable=True),
        _sub("v", label.SERIES_NUMBER, repeatable=True),
    ),
    "1 ",
    repeatable=True,
)
STANDARD_DATA = _field(
    "229", label.STANDARD_DATA, (_sub("a", label.STANDARD_DATA, InputKind.LONG_TEXT),), repeatable=True
)
ELECTRONIC_RESOURCE = _field(
    "230", label.ELECTRONIC_RESOURCE, (_sub("a", label.ELECTRONIC_RESOURCE, must=True),), repeatable=True
)
CONTENT_AND_MEDIUM = _field(
    "203",
    label.CONTENT_FORM,
    (
        _sub("a", label.CONTENT_FORM, InputKind.CODE, codes.CONTENT_FORMS, repeatable=True),
        _sub("c", label.MEDIUM, InputKind.CODE, codes.MEDIA),
    ),
    repeatable=True,
)
NOTE = _note("300", label.NOTE)
RESPONSIBILITY_NOTE = _note("314", label.RESPONSIBILITY_NOTE)
BIBLIOGRAPHY_NOTE = _note("320", label.BIBLIOGRAPHY_NOTE)
CREATORS_NOTE = _note("322", label.CREATORS_NOTE)
PERFORMERS_NOTE = _note("323", label.PERFORMERS_NOTE)
FREQUENCY_NOTE = _note("326", label.FREQUENCY_NOTE)
CONTENTS = _field(
    "327",
    label.CONTENTS,
    (_sub("a", label.CONTENTS, InputKind.LONG_TEXT, help=label.HELP_CONTENTS, must=True, repeatable=True),),
    "1 ",
    repeatable=True,
)
THESIS_NOTE = _field(
    "328",
    label.THESIS_NOTE,
    (
        _sub("a", label.THESIS_NOTE, InputKind.LONG_TEXT),
        _sub("b", label.DEGREE),
        _sub("c", label.SPECIALITY),
        _sub("d", label.DEFENCE_YEAR, InputKind.YEAR),
        _sub("e", label.INSTITUTION),
    ),
    repeatable=True,
)
ABSTRACT = _note("330", label.ABSTRACT)
AUDIENCE_NOTE = _note("333", label.AUDIENCE_NOTE)
SOURCE_NOTE = _note("336", label.KIND_OF_ELECTRONIC)
SYSTEM_NOTE = _note("337", label.SYSTEM_NOTE)

SUPPLEMENT_TO = _link("422", label.SUPPLEMENT_TO)
FORMER_TITLE = _link("430", label.FORMER_TITLE)
LATER_TITLE = _link("440", label.LATER_TITLE)
OTHER_FORM = _link("452", label.OTHER_FORM)
ORIGINAL = _link("454", label.ORIGINAL)
SET = _link("461", label.SET)
PERIODICAL = _link("461", label.HOST_ITEM)
ISSUE = _link("463", label.ISSUE_OF_HOST)
RELATED = _link("488", label.RELATED)

_TITLE_PARTS = (
    _sub("a", label.TITLE_PROPER, must=True),
    _sub("e", label.REMAINDER, repeatable=True),
    _sub("z", label.LANGUAGE_OF_TITLE, InputKind.CODE, languages.LANGUAGES),
)
_FOUND = (_choice(1, label.FOUND_BY, codes.SIGNIFICANT),)
UNIFORM_TITLE = _field("500", label.UNIFORM_TITLE, (_sub("a", label.TITLE_PROPER, must=True),), "10", repeatable=True)
PARALLEL_TITLE = _field("510", label.PARALLEL_TITLE, _TITLE_PARTS, "1 ", _FOUND, repeatable=True)
OTHER_TITLE = _field("517", label.VARIANT_TITLE, _TITLE_PARTS, "1 ", _FOUND, repeatable=True)
KEY_TITLE = _field("530", label.KEY_TITLE, (_sub("a", label.KEY_TITLE, must=True),), "0 ", repeatable=True)
TRANSLATED_TITLE = _field("541", label.TRANSLATED_TITLE, _TITLE_PARTS, "1 ", _FOUND, repeatable=True)
ADDRESS = _field(
    "856",
    label.ADDRESS,
    (
        _sub("u", label.ADDRESS, InputKind.ADDRESS, help=label.HELP_ADDRESS, must=True, repeatable=True),
        _sub("2", label.ADDRESS_TEXT, repeatable=True),
        _sub("z", label.NOTE, repeatable=True),
    ),
    "4 ",
    repeatable=True,
)
