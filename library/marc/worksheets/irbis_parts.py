"""The fields of IRBIS records for what stands in something else, and for materials that are no plain books."""

from __future__ import annotations

from library.marc.worksheets import labels as label
from library.marc.worksheets.code_lists import irbis as codes
from library.marc.worksheets.model import InputKind, WorksheetField, WorksheetSubfield

_field = WorksheetField
_sub = WorksheetSubfield


def _text(tag: str, name: str, kind: InputKind = InputKind.TEXT) -> WorksheetField:
    return _field(tag, name, (_sub("", name, kind),))


SET = _field(
    "461",
    label.SET,
    (
        _sub("C", label.HOST_TITLE, InputKind.LINK, must=True),
        _sub("E", label.REMAINDER),
        _sub("X", label.HOST_AUTHOR),
        _sub("F", label.HOST_RESPONSIBILITY),
        _sub("P", label.EDITION),
        _sub("D", label.HOST_PLACE),
        _sub("G", label.HOST_PUBLISHER),
        _sub("H", label.HOST_YEAR),
        _sub("I", label.ISBN, InputKind.ISBN),
        _sub("J", label.ISSN, InputKind.ISSN),
    ),
)
HOST = _field(
    "463",
    label.HOST_ITEM,
    (
        _sub("W", label.HOST_SHELFMARK, InputKind.LINK),
        _sub("C", label.HOST_TITLE, must=True),
        _sub("J", label.HOST_YEAR, InputKind.YEAR),
        _sub("V", label.VOLUME_NUMBER),
        _sub("A", label.VOLUME_TITLE),
        _sub("H", label.ISSUE_NUMBER),
        _sub("I", label.ISSUE_TITLE),
        _sub("K", label.PART_OF_ISSUE),
        _sub("S", label.PAGES, help=label.HELP_PAGES),
        _sub("1", label.UNIT),
        _sub("D", label.HOST_PLACE),
        _sub("G", label.HOST_PUBLISHER),
    ),
    repeatable=True,
)
MORE_OF_HOST = _field(
    "963",
    label.MORE_OF_HOST,
    (
        _sub("X", label.HOST_AUTHOR),
        _sub("E", label.REMAINDER),
        _sub("F", label.HOST_RESPONSIBILITY),
        _sub("P", label.EDITION),
        _sub("I", label.ISBN_OR_ISSN),
        _sub("A", label.SERIES_TITLE),
    ),
    repeatable=True,
)
CODE_OF_PERIODICAL = _field("933", label.CODE_OF_PERIODICAL, (_sub("", label.CODE_OF_PERIODICAL, InputKind.LINK),))
ISSUE_YEAR = _field("934", label.ISSUE_YEAR, (_sub("", label.ISSUE_YEAR, InputKind.YEAR),))
ISSUE_VOLUME = _text("935", label.VOLUME_NUMBER)
ISSUE_NUMBER = _field("936", label.ISSUE_NUMBER, (_sub("", label.ISSUE_NUMBER),))
SECTION = _field(
    "923",
    label.SECTION,
    (
        _sub("H", label.PART_NUMBER),
        _sub("I", label.PART_TITLE),
    ),
)
ARTICLES = _field(
    "922",
    label.ARTICLES,
    (
        _sub("C", label.RELATED_TITLE, must=True),
        _sub("F", label.FIRST_AUTHOR),
        _sub("G", label.STATEMENT),
        _sub("4", label.PAGES),
    ),
    repeatable=True,
)
PERIODICAL_DATA = _field(
    "110",
    label.FIXED_DATA,
    (
        _sub("T", label.KIND_OF_PERIODICAL, InputKind.CODE, codes.PERIODICALS, default="j"),
        _sub("X", label.ISSUES_A_YEAR, InputKind.NUMBER),
    ),
)
THESIS_NOTE = _field(
    "328",
    label.THESIS_NOTE,
    (
        _sub("", label.THESIS_NOTE, InputKind.LONG_TEXT),
        _sub("A", label.DEGREE),
        _sub("N", label.SPECIALITY),
        _sub("B", label.INSTITUTION),
    ),
)
STANDARD_DATA = _field(
    "982",
    label.STANDARD_DATA,
    (
        _sub("0", label.KIND_OF_STANDARD),
        _sub("9", label.DOCUMENT_NUMBER, InputKind.MARK),
        _sub("B", label.IN_FORCE_FROM),
        _sub("C", label.IN_FORCE_UNTIL),
        _sub("A", label.INSTEAD_OF),
        _sub("S", label.COUNTRY_OF_BODY),
    ),
)
OTHER_NUMBER = _field(
    "19",
    label.OTHER_NUMBER,
    (_sub("A", label.KIND_OF_NUMBER), _sub("B", label.NUMBER, InputKind.MARK, must=True)),
    repeatable=True,
)
MAP_DATA = _field(
    "123",
    label.MATHEMATICAL_DATA,
    (
        _sub("A", label.KIND_OF_MAP, InputKind.CODE, codes.MAPS),
        _sub("D", label.SCALE_FIGURE, InputKind.NUMBER),
    ),
    repeatable=True,
)
MUSIC_DATA = _field(
    "125",
    label.KIND_OF_SCORE,
    (
        _sub("C", label.KIND_OF_SCORE, InputKind.CODE, codes.SCORES),
        _sub("E", label.GENRE),
        _sub("A", label.RUNNING_TIME_FULL),
    ),
    repeatable=True,
)
SOUND_DATA = _field(
    "126",
    label.CARRIER,
    (_sub("A", label.CARRIER), _sub("E", label.SIZE)),
    repeatable=True,
)
VIDEO_DATA = _field("115", label.CARRIER, (_sub("A", label.CARRIER),), repeatable=True)
