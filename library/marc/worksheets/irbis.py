"""The worksheets of IRBIS: PAZK, SPEC, ASP, J, NJ, AUNTD, and what is catalogued with the help of PAZK."""

from __future__ import annotations

from library.domain.description import Material
from library.domain.errors import N_
from library.domain.marc import Dialect
from library.marc.irbis.values import LEADER
from library.marc.worksheets import irbis_fields as fields
from library.marc.worksheets import irbis_parts as parts
from library.marc.worksheets import labels as label
from library.marc.worksheets.model import Group, Rule, Where, Worksheet, WorksheetField, each_field_once

_Fields = tuple[WorksheetField, ...]

_NAMES = (fields.FIRST_AUTHOR, fields.OTHER_AUTHOR, fields.OTHER_PERSON)
_NAMES_IN_SET = (fields.AUTHOR_OF_SET, fields.FIRST_AUTHOR, fields.OTHER_AUTHOR, fields.OTHER_PERSON)
_BODIES = (fields.MAIN_BODY, fields.OTHER_BODY, fields.MAIN_MEETING, fields.OTHER_MEETING)
_CLASSES = (fields.UDC, fields.BBK, fields.SUBJECT, fields.KEYWORD, fields.BRANCH)
_MORE_SUBJECTS = (fields.PERSON_SUBJECT, fields.BODY_SUBJECT, fields.PLACE_SUBJECT, fields.GRNTI, fields.OTHER_CLASS)
_OTHER_TITLES = (fields.PARALLEL_TITLE, fields.OTHER_TITLE, fields.TRANSLATED_TITLE)
_ACCESS = (fields.ADDRESS, fields.SHELFMARK, fields.AUTHOR_MARK, fields.RECORD_CODE)

_BOOK_TITLE = (fields.TITLE, fields.EDITION, fields.IMPRINT, fields.EXTENT, fields.SERIES)
_BOOK_NOTES = (
    fields.NOTE,
    fields.RESPONSIBILITY_NOTE,
    fields.BIBLIOGRAPHY_NOTE,
    fields.CONTENTS,
    fields.ABSTRACT,
    fields.AUDIENCE_NOTE,
)
_NO_TITLE = Rule(needs=(Where("200", "A"),), says=label.NO_TITLE)
_HAS_LANGUAGE = Rule(needs=(Where("101"),), says=label.NO_LANGUAGE, blocks=False)


def _worksheet(
    material: Material,
    codes: tuple[str, str, str],
    *rules: Rule,
    title: _Fields = _BOOK_TITLE,
    numbers: _Fields = (fields.ISBN,),
    notes: _Fields = _BOOK_NOTES,
    more_codes: _Fields = (),
    names: _Fields = _NAMES,
    host: _Fields = (),
    bodies: _Fields = _BODIES,
    nature: str = "",
) -> Worksheet:
    """A worksheet with these codes: name (920), type and kind (900); `host` is what the document stands in."""
    name, kind_of_material, kind = codes
    groups = (
        Group(label.CODED, (fields.worksheet_name(name), fields.kinds(kind_of_material, kind, nature), *more_codes)),
        Group(label.DESCRIPTION, title),
        Group(label.RESPONSIBILITY, names),
        *([Group(label.HOST, host)] if host else []),
        Group(label.NUMBERS, (*numbers, fields.LANGUAGE, fields.COUNTRY)),
        Group(label.CLASSES, _CLASSES),
        Group(label.NOTES, notes),
        Group(label.BODIES, bodies, folded=True),
        Group(label.MORE_SUBJECTS, _MORE_SUBJECTS, folded=True),
        Group(label.OTHER_TITLES, _OTHER_TITLES, folded=True),
        Group(label.ACCESS, (*_ACCESS, fields.RECORD_LANGUAGE), folded=True),
    )
    return Worksheet(Dialect.IRBIS, material, LEADER, each_field_once(groups), (*rules, _HAS_LANGUAGE))


WORKSHEETS = (
    _worksheet(
        Material.BOOK,
        ("PAZK", "a", "05"),
        _NO_TITLE,
        notes=(*_BOOK_NOTES, parts.ARTICLES),
    ),
    _worksheet(
        Material.VOLUME,
        ("SPEC", "a", "03"),
        Rule(needs=(Where("461", "C"),), says=label.NO_SET),
        Rule(needs=(Where("200", "V"), Where("200", "A")), says=N_("A volume has a number or a title of its own.")),
        names=_NAMES_IN_SET,
        bodies=(*_BODIES, fields.BODY_OF_SET),
        host=(parts.SET,),
    ),
    _worksheet(
        Material.ARTICLE,
        ("ASP", "a", "08"),
        _NO_TITLE,
        Rule(needs=(Where("463", "C"),), says=label.NO_HOST),
        Rule(needs=(Where("463", "S"),), says=label.NO_PAGES, blocks=False),
        title=(fields.TITLE,),
        numbers=(),
        notes=(fields.NOTE, fields.BIBLIOGRAPHY_NOTE, fields.ABSTRACT),
        host=(parts.HOST, parts.MORE_OF_HOST),
    ),
    _worksheet(
        Material.SERIAL,
        ("J", "a", "01"),
        _NO_TITLE,
        title=(fields.TITLE, parts.SECTION, fields.IMPRINT, fields.EXTENT, fields.SERIES),
        numbers=(fields.ISSN,),
        notes=(fields.NOTE, fields.RESPONSIBILITY_NOTE, fields.ABSTRACT, fields.AUDIENCE_NOTE),
        more_codes=(parts.PERIODICAL_DATA,),
    ),
    _worksheet(
        Material.ISSUE,
        ("NJ", "a", "02"),
        Rule(needs=(Where("933"),), says=N_("An issue names the code of its periodical.")),
        Rule(needs=(Where("934"),), says=N_("An issue has its year.")),
        Rule(needs=(Where("936"), Where("935")), says=N_("An issue has its number."), blocks=False),
        title=(
            parts.CODE_OF_PERIODICAL,
            parts.ISSUE_YEAR,
            parts.ISSUE_VOLUME,
            parts.ISSUE_NUMBER,
            fields.TITLE,
            parts.SECTION,
            fields.EXTENT,
        ),
        numbers=(fields.ISBN,),
        notes=(fields.NOTE, fields.CONTENTS, parts.ARTICLES, fields.ABSTRACT),
    ),
    _worksheet(
        Material.DISSERTATION,
        ("PAZK", "a", "05"),
        _NO_TITLE,
        Rule(needs=(Where("328"),), says=label.NO_THESIS_NOTE),
        notes=(parts.THESIS_NOTE, *_BOOK_NOTES),
        nature="m2",
    ),
    _worksheet(
        Material.DISSERTATION_ABSTRACT,
        ("PAZK", "a", "05"),
        _NO_TITLE,
        Rule(needs=(Where("200", "E"),), says=label.NO_ABSTRACT_WORD),
        notes=(parts.THESIS_NOTE, *_BOOK_NOTES),
    ),
    _worksheet(
        Material.STANDARD,
        ("AUNTD", "a", "05"),
        _NO_TITLE,
        Rule(needs=(Where("982", "9"), Where("200", "A")), says=label.NO_DOCUMENT_NUMBER, blocks=False),
        title=(parts.STANDARD_DATA, *_BOOK_TITLE),
        numbers=(),
    ),
    _worksheet(
        Material.ELECTRONIC,
        ("PAZK", "l", "05"),
        _NO_TITLE,
        Rule(needs=(Where("951", "I"), Where("951", "A"), Where("215", "A")), says=label.NO_ADDRESS),
        title=(*_BOOK_TITLE, fields.ELECTRONIC_RESOURCE, fields.ADDRESS),
        notes=(fields.SYSTEM_NOTE, *_BOOK_NOTES),
    ),
    _worksheet(
        Material.MAP,
        ("PAZK", "e", "05"),
        _NO_TITLE,
        title=(*_BOOK_TITLE, parts.MAP_DATA),
    ),
    _worksheet(
        Material.SCORE,
        ("PAZK", "c", "05"),
        _NO_TITLE,
        numbers=(fields.ISBN, parts.OTHER_NUMBER),
        more_codes=(parts.MUSIC_DATA,),
    ),
    _worksheet(
        Material.AUDIO,
        ("PAZK", "i", "05"),
        _NO_TITLE,
        numbers=(fields.ISBN, parts.OTHER_NUMBER),
        more_codes=(parts.MUSIC_DATA, parts.SOUND_DATA),
    ),
    _worksheet(
        Material.VIDEO,
        ("PAZK", "g", "05"),
        _NO_TITLE,
        numbers=(fields.ISBN, parts.OTHER_NUMBER),
        more_codes=(parts.VIDEO_DATA,),
    ),
)
