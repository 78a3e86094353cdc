"""The fields of IRBIS records (base IBIS) that forms have; their subfield codes are typed in capitals."""

from __future__ import annotations

from library.marc.worksheets import labels as label
from library.marc.worksheets.code_lists import countries, languages, roles
from library.marc.worksheets.code_lists import irbis as codes
from library.marc.worksheets.model import CodeList, InputKind, WorksheetField, WorksheetSubfield

_field = WorksheetField
_sub = WorksheetSubfield

_ROLE = _sub("4", label.ROLE, InputKind.CODE, roles.IRBIS, label.HELP_ROLE)
_AUTHORITY = _sub("3", label.AUTHORITY_NUMBER, InputKind.AUTHORITY_NUMBER)
_PERSON = (
    _sub("A", label.SURNAME, InputKind.PERSON, must=True),
    _sub("B", label.INITIALS, help=label.HELP_INITIALS),
    _sub("G", label.FORENAMES),
    _sub("D", label.NUMERATION),
    _sub("1", label.ADDITION),
    _sub("C", label.TITLES_OF_PERSON),
    _sub("F", label.LIFE_DATES),
    _sub("P", label.WORKPLACE),
)
_BODY = (
    _sub("A", label.BODY, InputKind.BODY, must=True),
    _sub("B", label.BODY_PART),
    _sub("S", label.COUNTRY_OF_BODY, InputKind.CODE, countries.ISO),
    _sub("C", label.CITY),
    _sub("N", label.MEETING_NUMBER),
    _sub("F", label.MEETING_DATE),
    _sub("R", label.ACRONYM),
    _AUTHORITY,
)


def _text(
    tag: str,
    name: str,
    kind: InputKind = InputKind.TEXT,
    codes: CodeList | None = None,
    *,
    repeatable: bool = False,
    must: bool = False,
    default: str = "",
    help_text: str = "",
) -> WorksheetField:
    """A field of plain text."""
    part = _sub("", name, kind, codes, help_text, default=default)
    return _field(tag, name, (part,), repeatable=repeatable, must=must, begun=bool(default))


def worksheet_name(name: str) -> WorksheetField:
    """Field 920 with the name that a new record gets."""
    return _text("920", label.WORKSHEET, InputKind.CODE, codes.WORKSHEETS, must=True, default=name)


def kinds(material: str, kind: str, nature: str = "") -> WorksheetField:
    """Field 900 with the type, the kind and the nature that a new record gets."""
    return _field(
        "900",
        label.KINDS,
        (
            _sub("T", label.TYPE_OF_RECORD, InputKind.CODE, codes.TYPES, default=material),
            _sub("B", label.KIND, InputKind.CODE, codes.KINDS, default=kind),
            _sub("C", label.NATURE, InputKind.CODE, codes.NATURES, default=nature),
            *(_sub(code, label.NATURE, InputKind.CODE, codes.NATURES) for code in "23"),
            _sub("X", label.AUDIENCE),
            _sub("Z", label.AGE, InputKind.CODE, codes.AGES),
        ),
        begun=True,
    )


ISBN = _field(
    "10",
    label.ISBN,
    (
        _sub("A", label.ISBN, InputKind.ISBN, help=label.HELP_ISBN),
        _sub("B", label.BINDING),
        _sub("D", label.PRICE),
        _sub("Z", label.WRONG_NUMBER),
    ),
    repeatable=True,
)
ISSN = _field("11", label.ISSN, (_sub("A", label.ISSN, InputKind.ISSN), _sub("Z", label.WRONG_NUMBER)), repeatable=True)
BRANCH = _text("60", label.BRANCH)
LANGUAGE = _text(
    "101",
    label.LANGUAGE_OF_TEXT,
    InputKind.CODE,
    languages.LANGUAGES,
    repeatable=True,
    help_text=label.HELP_LANGUAGE,
)
COUNTRY = _text("102", label.COUNTRY, InputKind.CODE, countries.ISO, repeatable=True)
RECORD_LANGUAGE = _field(
    "919",
    label.LANGUAGE_DETAILS,
    (
        _sub("A", label.LANGUAGE_OF_CATALOGUING, InputKind.CODE, languages.LANGUAGES),
        _sub("K", label.RULES, default="PSBO"),
        _sub("N", label.CHARACTER_SET, InputKind.CODE, codes.CHARACTER_SETS, default="02"),
        _sub("G", label.SCRIPT, InputKind.CODE, codes.SCRIPTS),
        _sub("O", label.LANGUAGE_OF_ORIGINAL, InputKind.CODE, languages.LANGUAGES),
    ),
    begun=True,
)
TITLE = _field(
    "200",
    label.TITLE,
    (
        _sub("V", label.VOLUME_NUMBER),
        _sub("A", label.TITLE_PROPER, InputKind.LONG_TEXT),
        _sub("B", label.MATERIAL_NOTE),
        _sub("E", label.REMAINDER, InputKind.LONG_TEXT),
        _sub("F", label.FIRST_RESPONSIBILITY, InputKind.LONG_TEXT, help=label.HELP_STATEMENT),
        _sub("G", label.NEXT_RESPONSIBILITY, InputKind.LONG_TEXT),
    ),
)
PARALLEL_TITLE = _field("510", label.PARALLEL_TITLE, (_sub("D", label.PARALLEL_TITLE, must=True),), repeatable=True)
OTHER_TITLE = _field("517", label.VARIANT_TITLE, (_sub("A", label.VARIANT_TITLE, must=True),), repeatable=True)
TRANSLATED_TITLE = _field("541", label.TRANSLATED_TITLE, (_sub("A", label.TRANSLATED_TITLE, must=True),))
EDITION = _field("205", label.EDITION, (_sub("A", label.EDITION, must=True), _sub("B", label.EDITION_DETAILS)))
IMPRINT = _field(
    "210",
    label.IMPRINT,
    (
        _sub("A", label.PLACE),
        _sub("C", label.PUBLISHER),
        _sub("D", label.YEAR, help=label.HELP_YEAR_AS_PRINTED),
        _sub("X", label.PLACE),
        _sub("Y", label.PLACE),
        _sub("T", label.PRINTER),
        _sub("1", label.PLACE_OF_PRINTING),
    ),
    repeatable=True,
)
EXTENT = _field(
    "215",
    label.EXTENT_FIELD,
    (
        _sub("A", label.EXTENT, help=label.HELP_COUNT, must=True),
        _sub("1", label.UNIT),
        _sub("C", label.OTHER_DETAILS),
        _sub("E", label.SIZE),
        _sub("X", label.PRINT_RUN),
    ),
)
SERIES = _field(
    "225",
    label.SERIES,
    (
        _sub("A", label.SERIES_TITLE, InputKind.SERIES, must=True),
        _sub("E", label.REMAINDER),
        _sub("F", label.STATEMENT),
        _sub("I", label.ISSN, InputKind.ISSN),
        _sub("V", label.SERIES_NUMBER),
    ),
    repeatable=True,
)
ELECTRONIC_RESOURCE = _field(
    "230", label.ELECTRONIC_RESOURCE, (_sub("A", label.ELECTRONIC_RESOURCE, must=True),), repeatable=True
)
NOTE = _text("300", label.NOTE, InputKind.LONG_TEXT, repeatable=True)
RESPONSIBILITY_NOTE = _text("314", label.RESPONSIBILITY_NOTE, InputKind.LONG_TEXT)
BIBLIOGRAPHY_NOTE = _text("320", label.BIBLIOGRAPHY_NOTE, InputKind.LONG_TEXT)
CONTENTS = _field(
    "330",
    label.CONTENTS,
    (
        _sub("C", label.PART_TITLE, help=label.HELP_CONTENTS, must=True),
        _sub("E", label.REMAINDER),
        _sub("F", label.STATEMENT),
        _sub("V", label.PART_NUMBER),
        _sub("4", label.PAGES),
    ),
    repeatable=True,
)
ABSTRACT = _text("331", label.ABSTRACT, InputKind.LONG_TEXT, repeatable=True)
AUDIENCE_NOTE = _text("333", label.AUDIENCE_NOTE, InputKind.LONG_TEXT)
SYSTEM_NOTE = _text("337", label.SYSTEM_NOTE, InputKind.LONG_TEXT, repeatable=True)
FIRST_AUTHOR = _field("700", label.FIRST_AUTHOR, (*_PERSON, _AUTHORITY))
OTHER_AUTHOR = _field("701", label.OTHER_AUTHOR, (*_PERSON, _AUTHORITY), repeatable=True)
OTHER_PERSON = _field("702", label.OTHER_PERSON, (_ROLE, *_PERSON, _AUTHORITY), repeatable=True)
MAIN_BODY = _field("710", label.MAIN_BODY, _BODY)
OTHER_BODY = _field("711", label.OTHER_BODY, _BODY, repeatable=True)
MAIN_MEETING = _field("971", label.MAIN_MEETING, _BODY)
OTHER_MEETING = _field("972", label.OTHER_MEETING, _BODY, repeatable=True)
AUTHOR_OF_SET = _field("961", label.AUTHOR_OF_SET, (_ROLE, *_PERSON, _AUTHORITY), repeatable=True)
BODY_OF_SET = _field("962", label.BODY_OF_SET, _BODY, repeatable=True)
PERSON_SUBJECT = _field("600", label.PERSON_SUBJECT, (*_PERSON, _AUTHORITY), repeatable=True)
BODY_SUBJECT = _field("601", label.BODY_SUBJECT, _BODY, repeatable=True)
SUBJECT = _field(
    "606",
    label.SUBJECT,
    (
        _sub("A", label.TOPIC, InputKind.SUBJECT, must=True),
        *(_sub(code, label.SUBTOPIC) for code in "BCD"),
        _sub("G", label.SUB_PLACE),
        _sub("H", label.SUB_TIME),
        _sub("9", label.SUB_FORM),
        _AUTHORITY,
    ),
    repeatable=True,
)
PLACE_SUBJECT = _field(
    "607",
    label.PLACE_SUBJECT,
    (_sub("A", label.MEETING_PLACE, InputKind.SUBJECT, must=True), _sub("B", label.SUBTOPIC), _AUTHORITY),
    repeatable=True,
)
KEYWORD = _text("610", label.KEYWORD, repeatable=True, help_text=label.HELP_KEYWORD)
BBK = _text("621", label.BBK, InputKind.BBK, repeatable=True, help_text=label.HELP_BBK)
UDC = _text("675", label.UDC, InputKind.UDC, repeatable=True, help_text=label.HELP_UDC)
GRNTI = _text("964", label.GRNTI, InputKind.CLASS_MARK, repeatable=True)
OTHER_CLASS = _text("686", label.OTHER_CLASSES, InputKind.CLASS_MARK, repeatable=True)
RECORD_CODE = _text("903", label.RECORD_CODE, InputKind.MARK)
SHELFMARK = _text("906", label.SHELFMARK, InputKind.MARK)
AUTHOR_MARK = _text("908", label.AUTHOR_MARK, InputKind.MARK)
ADDRESS = _field(
    "951",
    label.ADDRESS,
    (
        _sub("I", label.ADDRESS, InputKind.ADDRESS, help=label.HELP_ADDRESS),
        _sub("A", label.FILE, InputKind.MARK),
        _sub("T", label.ADDRESS_TEXT),
    ),
    repeatable=True,
)
