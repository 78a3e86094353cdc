"""The fields of UNIMARC (RUSMARC) with codes, numbers, classes and names."""

from __future__ import annotations

from library.marc.worksheets import labels as label
from library.marc.worksheets.code_lists import countries, languages, roles
from library.marc.worksheets.code_lists import unimarc as codes
from library.marc.worksheets.model import (
    LEADER,
    InputKind,
    WorksheetField,
    WorksheetIndicator,
    WorksheetPosition,
    WorksheetSubfield,
)

_field = WorksheetField
_sub = WorksheetSubfield
_at = WorksheetPosition
_choice = WorksheetIndicator

_AUTHORITY = _sub("3", label.AUTHORITY_NUMBER, InputKind.AUTHORITY_NUMBER)
_ROLE = _sub("4", label.ROLE, InputKind.CODE, roles.UNIMARC, label.HELP_ROLE)
_PERSON = (
    _sub("a", label.SURNAME, InputKind.PERSON, must=True),
    _sub("b", label.INITIALS, help=label.HELP_INITIALS),
    _sub("d", label.NUMERATION),
    _sub("c", label.TITLES_OF_PERSON, repeatable=True),
    _sub("f", label.LIFE_DATES),
    _sub("g", label.FORENAMES),
    _sub("p", label.WORKPLACE),
    _AUTHORITY,
)
_BODY = (
    _sub("a", label.BODY, InputKind.BODY, must=True),
    _sub("b", label.BODY_PART, repeatable=True),
    _sub("c", label.ADDITION, repeatable=True),
    _sub("d", label.MEETING_NUMBER),
    _sub("e", label.MEETING_PLACE),
    _sub("f", label.MEETING_DATE),
    _AUTHORITY,
)
_INVERTED = (_choice(2, label.KIND_OF_NAME, codes.INVERTED),)
_KIND_OF_BODY = (_choice(1, label.KIND_OF_BODY, codes.BODIES), _choice(2, label.KIND_OF_NAME, codes.BODY_NAMES))
_SUBDIVISIONS = (
    _sub("x", label.SUBTOPIC, repeatable=True),
    _sub("y", label.SUB_PLACE, repeatable=True),
    _sub("z", label.SUB_TIME, repeatable=True),
    _sub("j", label.SUB_FORM, repeatable=True),
    _sub("2", label.THESAURUS_CODE),
    _AUTHORITY,
)

LEADER_FIELD = _field(
    LEADER,
    label.LEADER,
    positions=(
        _at(5, 1, label.STATUS, codes=codes.STATUSES),
        _at(6, 1, label.TYPE_OF_RECORD, codes=codes.TYPES),
        _at(7, 1, label.LEVEL, codes=codes.LEVELS),
        _at(8, 1, label.HIERARCHY, codes=codes.HIERARCHY),
        _at(17, 1, label.COMPLETENESS, codes=codes.COMPLETENESS),
        _at(18, 1, label.SIGNS, codes=codes.DESCRIPTION_FORMS),
    ),
)


def general_data(date: str = "d") -> WorksheetField:
    """Field 100; `date` is the kind of its date in a new record."""
    dates = "a    9999" if date == "a" else date + " " * 8
    return _field(
        "100",
        label.FIXED_DATA,
        positions=(
            _at(8, 1, label.KIND_OF_DATE, codes=codes.DATES),
            _at(9, 4, label.FIRST_YEAR, InputKind.YEAR, help=label.HELP_YEAR),
            _at(13, 4, label.SECOND_YEAR, InputKind.YEAR, help=label.HELP_YEAR),
            _at(17, 1, label.AUDIENCE, codes=codes.AUDIENCES),
            _at(22, 3, label.LANGUAGE_OF_CATALOGUING, codes=languages.LANGUAGES),
            _at(34, 2, label.SCRIPT, codes=codes.SCRIPTS),
        ),
        coded="a",
        template=f"00000000{dates}k  y0rusy50      ca",
        must=True,
        begun=True,
    )


def _coded(tag: str, template: str, *positions: WorksheetPosition, name: str = label.FIXED_DATA) -> WorksheetField:
    return _field(tag, name, positions=positions, coded="a", template=template, begun=True)


def text_data(contents: str = "z") -> WorksheetField:
    """Field 105 of books; `contents` is the nature of a new record's contents."""
    return _coded(
        "105",
        f"y   {contents}   000yy",
        _at(0, 1, label.ILLUSTRATED, codes=codes.ILLUSTRATIONS),
        _at(4, 1, label.CONTENTS_FORM, codes=codes.CONTENTS),
        _at(8, 1, label.CONFERENCE, codes=codes.YES_NO),
        _at(10, 1, label.INDEX, codes=codes.YES_NO),
        _at(11, 1, label.LITERARY_FORM, codes=codes.LITERARY_FORMS),
    )


SERIAL_DATA = _coded(
    "110",
    "auazz   0xx0",
    _at(0, 1, label.KIND_OF_PERIODICAL, codes=codes.SERIALS),
    _at(1, 1, label.FREQUENCY, codes=codes.FREQUENCIES),
    _at(2, 1, label.REGULARITY, codes=codes.REGULARITY),
)
VIDEO_DATA = _coded(
    "115",
    "cuuuu" + "u" * 10,
    _at(0, 1, label.KIND_OF_VIDEO, codes=codes.VIDEOS),
    _at(1, 3, label.RUNNING_TIME, InputKind.NUMBER),
    name=label.KIND_OF_VIDEO,
)
ELECTRONIC_DATA = _coded(
    "135",
    "dr" + "u" * 11,
    _at(0, 1, label.KIND_OF_ELECTRONIC, codes=codes.ELECTRONIC),
    _at(1, 1, label.CARRIER, codes=codes.CARRIERS),
    name=label.KIND_OF_ELECTRONIC,
)
SCALE = _field(
    "123",
    label.COORDINATES,
    (
        _sub("a", label.SCALE, InputKind.MARK, default="a"),
        _sub("b", label.SCALE_FIGURE, InputKind.NUMBER, repeatable=True),
        _sub("d", label.WEST),
        _sub("e", label.EAST),
        _sub("f", label.NORTH),
        _sub("g", label.SOUTH),
    ),
    "1 ",
    repeatable=True,
)
ISBN = _field(
    "010",
    label.ISBN,
    (
        _sub("a", label.ISBN, InputKind.ISBN, help=label.HELP_ISBN),
        _sub("b", label.BINDING, repeatable=True),
        _sub("d", label.PRICE),
        _sub("9", label.PRINT_RUN, repeatable=True),
        _sub("z", label.WRONG_NUMBER, InputKind.MARK, repeatable=True),
    ),
    repeatable=True,
)
ISSN = _field(
    "011",
    label.ISSN,
    (
        _sub("a", label.ISSN, InputKind.ISSN),
        _sub("f", label.ISSN_LINKING, InputKind.ISSN),
        _sub("y", label.CANCELLED_NUMBER, repeatable=True),
        _sub("z", label.WRONG_NUMBER, InputKind.MARK, repeatable=True),
    ),
    repeatable=True,
)
ISMN = _field(
    "013",
    label.ISMN,
    (_sub("a", label.ISMN), _sub("z", label.WRONG_NUMBER, InputKind.MARK, repeatable=True)),
    repeatable=True,
)
IDENTIFIER = _field(
    "017",
    label.OTHER_NUMBER,
    (_sub("a", label.NUMBER, InputKind.MARK, must=True), _sub("2", label.KIND_OF_NUMBER, default="doi")),
    "70",
    repeatable=True,
)
DOCUMENT_NUMBER = _field(
    "029",
    label.DOCUMENT_NUMBER,
    (
        _sub("a", label.AGENCY_COUNTRY, InputKind.CODE, countries.ISO),
        _sub("b", label.NUMBER, InputKind.MARK, must=True),
        _sub("c", label.KIND_OF_NUMBER),
        _sub("f", label.BODY),
    ),
    repeatable=True,
)
PUBLISHERS_NUMBER = _field(
    "071",
    label.PUBLISHERS_NUMBER,
    (_sub("a", label.NUMBER, InputKind.MARK, must=True), _sub("b", label.PUBLISHER)),
    "20",
    repeatable=True,
)
LANGUAGES = _field(
    "101",
    label.LANGUAGE_OF_TEXT,
    (
        _sub("a", label.LANGUAGE_OF_TEXT, InputKind.CODE, languages.LANGUAGES, label.HELP_LANGUAGE, repeatable=True),
        _sub("b", label.LANGUAGE_OF_INTERMEDIATE, InputKind.CODE, languages.LANGUAGES, repeatable=True),
        _sub("c", label.LANGUAGE_OF_ORIGINAL, InputKind.CODE, languages.LANGUAGES, repeatable=True),
        _sub("d", label.LANGUAGE_OF_SUMMARY, InputKind.CODE, languages.LANGUAGES, repeatable=True),
    ),
    "0 ",
    (_choice(1, label.TRANSLATION, codes.TRANSLATION),),
)
COUNTRY = _field(
    "102", label.COUNTRY, (_sub("a", label.COUNTRY, InputKind.CODE, countries.ISO, must=True, repeatable=True),)
)
UDC = _field(
    "675",
    label.UDC,
    (_sub("a", label.UDC, InputKind.UDC, help=label.HELP_UDC, must=True), _sub("v", label.UDC_EDITION)),
    repeatable=True,
)
OTHER_CLASS = _field(
    "686",
    label.BBK_AND_OTHERS,
    (
        _sub("a", label.CLASS_MARK, InputKind.CLASS_MARK, help=label.HELP_BBK, must=True, repeatable=True),
        _sub("v", label.UDC_EDITION),
        _sub("2", label.CLASSIFICATION, InputKind.CODE, codes.CLASSIFICATIONS, must=True, default="rubbk"),
    ),
    repeatable=True,
)
FIRST_AUTHOR = _field("700", label.FIRST_AUTHOR, (*_PERSON, _ROLE), " 1", _INVERTED)
OTHER_AUTHOR = _field("701", label.OTHER_AUTHOR, (*_PERSON, _ROLE), " 1", _INVERTED, repeatable=True)
OTHER_PERSON = _field("702", label.OTHER_PERSON, (*_PERSON, _ROLE), " 1", _INVERTED, repeatable=True)
MAIN_BODY = _field("710", label.MAIN_BODY, (*_BODY, _ROLE), "02", _KIND_OF_BODY)
OTHER_BODY = _field("711", label.OTHER_BODY, (*_BODY, _ROLE), "02", _KIND_OF_BODY, repeatable=True)
SECONDARY_BODY = _field("712", label.SECONDARY_BODY, (*_BODY, _ROLE), "02", _KIND_OF_BODY, repeatable=True)
PERSON_SUBJECT = _field("600", label.PERSON_SUBJECT, (*_PERSON[:-1], *_SUBDIVISIONS), " 1", _INVERTED, repeatable=True)
BODY_SUBJECT = _field("601", label.BODY_SUBJECT, (*_BODY[:-1], *_SUBDIVISIONS), "02", _KIND_OF_BODY, repeatable=True)
SUBJECT = _field(
    "606",
    label.SUBJECT,
    (_sub("a", label.TOPIC, InputKind.SUBJECT, must=True), *_SUBDIVISIONS),
    "1 ",
    repeatable=True,
)
PLACE_SUBJECT = _field(
    "607",
    label.PLACE_SUBJECT,
    (_sub("a", label.MEETING_PLACE, InputKind.SUBJECT, must=True), *_SUBDIVISIONS),
    repeatable=True,
)
GENRE = _field(
    "608", label.GENRE, (_sub("a", label.GENRE, must=True), _sub("2", label.THESAURUS_CODE)), repeatable=True
)
KEYWORD = _field(
    "610",
    label.KEYWORD,
    (_sub("a", label.KEYWORD, help=label.HELP_KEYWORD, must=True, repeatable=True),),
    "0 ",
    repeatable=True,
)
AGENCY = _field(
    "801",
    label.SOURCE,
    (
        _sub("a", label.AGENCY_COUNTRY, InputKind.CODE, countries.ISO),
        _sub("b", label.AGENCY),
        _sub("c", label.AGENCY_DATE, InputKind.DATE, help=label.HELP_DATE),
        _sub("g", label.RULES, InputKind.CODE, codes.RULES, default="RCR"),
    ),
    " 0",
    repeatable=True,
)
