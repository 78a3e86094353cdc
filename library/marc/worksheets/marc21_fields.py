"""The fields of MARC 21 with codes, numbers, classes and names."""

from __future__ import annotations

from library.marc.worksheets import labels as label
from library.marc.worksheets.code_lists import countries, languages, roles
from library.marc.worksheets.code_lists import marc21 as codes
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


_AUTHORITY = _sub("0", label.AUTHORITY_NUMBER, InputKind.AUTHORITY_NUMBER)
_RELATOR = _sub("4", label.ROLE, InputKind.CODE, roles.MARC21, label.HELP_ROLE, repeatable=True)
_RELATOR_TERM = _sub("e", label.ROLE_IN_WORDS, repeatable=True)
_NAME = _sub("a", label.NAME, InputKind.PERSON, help=label.HELP_NAME, must=True)
_PERSON = (
    _NAME,
    _sub("b", label.NUMERATION),
    _sub("c", label.TITLES_OF_PERSON, repeatable=True),
    _sub("q", label.FORENAMES),
    _sub("d", label.LIFE_DATES),
    _RELATOR_TERM,
    _sub("u", label.WORKPLACE),
    _RELATOR,
    _AUTHORITY,
)
_BODY = (
    _sub("a", label.BODY, InputKind.BODY, must=True),
    _sub("b", label.BODY_PART, repeatable=True),
    _RELATOR_TERM,
    _RELATOR,
    _AUTHORITY,
)
_MEETING = (
    _sub("a", label.MEETING, InputKind.BODY, must=True),
    _sub("n", label.MEETING_NUMBER),
    _sub("d", label.MEETING_DATE),
    _sub("c", label.MEETING_PLACE),
    _AUTHORITY,
)
_NAME_KIND = (_choice(1, label.KIND_OF_NAME, codes.NAMES),)
_BODY_KIND = (_choice(1, label.KIND_OF_NAME, codes.BODIES),)


def leader() -> WorksheetField:
    """The leader."""
    return _field(
        LEADER,
        label.LEADER,
        positions=(
            _at(5, 1, label.STATUS, codes=codes.STATUSES),
            _at(6, 1, label.TYPE_OF_RECORD, codes=codes.TYPES),
            _at(7, 1, label.LEVEL, codes=codes.LEVELS),
            _at(17, 1, label.COMPLETENESS, codes=codes.ENCODING_LEVELS),
            _at(18, 1, label.SIGNS, codes=codes.SIGNS),
            _at(19, 1, label.HIERARCHY, codes=codes.PARTS),
        ),
    )


_DATES_AND_COUNTRY = (
    _at(6, 1, label.KIND_OF_DATE, codes=codes.DATES),
    _at(7, 4, label.FIRST_YEAR, InputKind.YEAR, help=label.HELP_YEAR),
    _at(11, 4, label.SECOND_YEAR, InputKind.YEAR, help=label.HELP_YEAR),
    _at(15, 3, label.COUNTRY, codes=countries.MARC21),
)
_LANGUAGE = _at(35, 3, label.LANGUAGE, codes=languages.LANGUAGES)
_BOOK = (
    _at(18, 1, label.ILLUSTRATED, codes=codes.ILLUSTRATIONS),
    _at(22, 1, label.AUDIENCE, codes=codes.AUDIENCES),
    _at(23, 1, label.FORM_OF_ITEM, codes=codes.FORMS),
    _at(24, 1, label.CONTENTS_FORM, codes=codes.CONTENTS),
    _at(29, 1, label.CONFERENCE, codes=codes.YES_NO),
    _at(31, 1, label.INDEX, codes=codes.YES_NO),
    _at(33, 1, label.LITERARY_FORM, codes=codes.LITERARY_FORMS),
)
_SERIAL = (
    _at(18, 1, label.FREQUENCY, codes=codes.FREQUENCIES),
    _at(19, 1, label.REGULARITY, codes=codes.REGULARITY),
    _at(21, 1, label.KIND_OF_PERIODICAL, codes=codes.SERIALS),
    _at(23, 1, label.FORM_OF_ITEM, codes=codes.FORMS),
)
_ELECTRONIC = (
    _at(22, 1, label.AUDIENCE, codes=codes.AUDIENCES),
    _at(23, 1, label.FORM_OF_ITEM, codes=codes.FORMS),
)
_MAP = (_at(25, 1, label.KIND_OF_MAP, codes=codes.MAPS), _at(31, 1, label.INDEX, codes=codes.YES_NO))
_SCORE = (_at(20, 1, label.KIND_OF_SCORE, codes=codes.SCORES), _at(22, 1, label.AUDIENCE, codes=codes.AUDIENCES))
_VIDEO = (
    _at(18, 3, label.RUNNING_TIME, InputKind.NUMBER),
    _at(22, 1, label.AUDIENCE, codes=codes.AUDIENCES),
    _at(33, 1, label.KIND_OF_VIDEO, codes=codes.VIDEOS),
)
# What stands at 008/18-34 of a new record of this kind.
_BOOK_CODES = "||||      " + " 000 0 "
_MIDDLES = {
    "book": (_BOOK, _BOOK_CODES),
    "dissertation": (_BOOK, "||||  m   " + " 000 0 "),
    "standard": (_BOOK, "||||  u   " + " 000 0 "),
    "electronic": (_ELECTRONIC, "|||| o    " + " 000 0 "),
    # An article in a periodical has the codes of periodicals, one in a book those of books.
    "article": ((_at(23, 1, label.FORM_OF_ITEM, codes=codes.FORMS),), "|| p      " + " 0   ||"),
    "serial": (_SERIAL, "|r p      " + " 0   |0"),
    "map": (_MAP, "       a  " + "   0   "),
    "score": (_SCORE, "||l       " + "       "),
    "audio": ((), "||n       " + "       "),
    "video": (_VIDEO, "|||       " + "     v|"),
}


def fixed_data(kind: str) -> WorksheetField:
    """Field 008 of a kind of material."""
    own, middle = _MIDDLES[kind]
    dates = "c    9999" if kind == "serial" else "s" + " " * 8
    return _field(
        "008",
        label.FIXED_DATA,
        positions=(*_DATES_AND_COUNTRY, *own, _LANGUAGE),
        template=f"000000{dates}xx {middle}und d",
        begun=True,
    )


ISBN = _field(
    "020",
    label.ISBN,
    (
        _sub("a", label.ISBN, InputKind.ISBN, help=label.HELP_ISBN),
        _sub("q", label.BINDING, repeatable=True),
        _sub("c", label.PRICE),
        _sub("z", label.WRONG_NUMBER, InputKind.MARK, repeatable=True),
    ),
    repeatable=True,
)
ISSN = _field(
    "022",
    label.ISSN,
    (
        _sub("a", label.ISSN, InputKind.ISSN),
        _sub("l", label.ISSN_LINKING, InputKind.ISSN),
        _sub("y", label.WRONG_NUMBER, repeatable=True),
        _sub("z", label.CANCELLED_NUMBER, repeatable=True),
    ),
    repeatable=True,
)
IDENTIFIER = _field(
    "024",
    label.OTHER_NUMBER,
    (
        _sub("a", label.NUMBER, InputKind.MARK, must=True),
        _sub("2", label.KIND_OF_NUMBER, default="doi"),
        _sub("q", label.BINDING),
    ),
    "7 ",
    (_choice(1, label.KIND_OF_NUMBER, codes.IDENTIFIERS),),
    repeatable=True,
)
PUBLISHERS_NUMBER = _field(
    "028",
    label.PUBLISHERS_NUMBER,
    (_sub("a", label.NUMBER, InputKind.MARK, must=True), _sub("b", label.PUBLISHER)),
    "32",
    repeatable=True,
)
MATHEMATICAL_CODES = _field(
    "034",
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
AGENCY = _field(
    "040",
    label.SOURCE,
    (
        _sub("a", label.AGENCY),
        _sub("b", label.LANGUAGE_OF_CATALOGUING, InputKind.CODE, languages.LANGUAGES),
        _sub("c", label.AGENCY),
        _sub("e", label.RULES),
    ),
)
LANGUAGES = _field(
    "041",
    label.LANGUAGE_OF_TEXT,
    (
        _sub("a", label.LANGUAGE_OF_TEXT, InputKind.CODE, languages.LANGUAGES, label.HELP_LANGUAGE, repeatable=True),
        _sub("b", label.LANGUAGE_OF_SUMMARY, InputKind.CODE, languages.LANGUAGES, repeatable=True),
        _sub("h", label.LANGUAGE_OF_ORIGINAL, InputKind.CODE, languages.LANGUAGES, repeatable=True),
        _sub("k", label.LANGUAGE_OF_INTERMEDIATE, InputKind.CODE, languages.LANGUAGES, repeatable=True),
    ),
    "0 ",
    (_choice(1, label.TRANSLATION, codes.TRANSLATION),),
    repeatable=True,
)
UDC = _field(
    "080",
    label.UDC,
    (_sub("a", label.UDC, InputKind.UDC, help=label.HELP_UDC, must=True), _sub("2", label.UDC_EDITION)),
    repeatable=True,
)
OTHER_CLASS = _field(
    "084",
    label.BBK_AND_OTHERS,
    (
        _sub("a", label.CLASS_MARK, InputKind.CLASS_MARK, help=label.HELP_BBK, must=True, repeatable=True),
        _sub("2", label.CLASSIFICATION, InputKind.CODE, codes.CLASSIFICATIONS, must=True, default="rubbk"),
    ),
    repeatable=True,
)
DOCUMENT_NUMBER = _field(
    "088", label.DOCUMENT_NUMBER, (_sub("a", label.NUMBER, InputKind.MARK, must=True),), repeatable=True
)
SHELFMARK = _field(
    "090",
    label.SHELFMARK,
    (_sub("a", label.CLASS_MARK, InputKind.MARK), _sub("b", label.AUTHOR_MARK, InputKind.MARK)),
    repeatable=True,
)
FIRST_AUTHOR = _field("100", label.FIRST_AUTHOR, _PERSON, "1 ", _NAME_KIND)
MAIN_BODY = _field("110", label.MAIN_BODY, _BODY, "2 ", _BODY_KIND)
MAIN_MEETING = _field("111", label.MAIN_MEETING, _MEETING, "2 ", _BODY_KIND)
PERSON = _field("700", label.OTHER_PERSONS, _PERSON, "1 ", _NAME_KIND, repeatable=True)
BODY = _field("710", label.OTHER_BODY, _BODY, "2 ", _BODY_KIND, repeatable=True)
MEETING = _field("711", label.OTHER_MEETING, _MEETING, "2 ", _BODY_KIND, repeatable=True)
