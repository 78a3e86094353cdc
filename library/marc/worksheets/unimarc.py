"""The worksheets of UNIMARC in the Russian form (RUSMARC)."""

from __future__ import annotations

from library.domain.description import Material
from library.domain.marc import Dialect
from library.marc.worksheets import labels as label
from library.marc.worksheets import unimarc_description as parts
from library.marc.worksheets import unimarc_fields as fields
from library.marc.worksheets.model import Group, Rule, Where, Worksheet, WorksheetField, each_field_once

_Fields = tuple[WorksheetField, ...]

_NAMES = (fields.FIRST_AUTHOR, fields.OTHER_AUTHOR, fields.OTHER_PERSON)
_BODIES = (fields.MAIN_BODY, fields.OTHER_BODY, fields.SECONDARY_BODY)
_CLASSES = (fields.UDC, fields.OTHER_CLASS, fields.SUBJECT, fields.KEYWORD)
_MORE_SUBJECTS = (fields.PERSON_SUBJECT, fields.BODY_SUBJECT, fields.PLACE_SUBJECT, fields.GENRE)
_OTHER_TITLES = (parts.PARALLEL_TITLE, parts.OTHER_TITLE, parts.UNIFORM_TITLE, parts.TRANSLATED_TITLE)
_LINKS = (parts.ORIGINAL, parts.SUPPLEMENT_TO, parts.OTHER_FORM, parts.RELATED)
_ACCESS = (parts.ADDRESS, parts.CONTENT_AND_MEDIUM, fields.AGENCY)

_TITLE = (parts.TITLE, parts.EDITION)
_BOOK_TITLE = (*_TITLE, parts.IMPRINT, parts.EXTENT, parts.SERIES)
_BOOK_NOTES = (
    parts.NOTE,
    parts.RESPONSIBILITY_NOTE,
    parts.BIBLIOGRAPHY_NOTE,
    parts.CONTENTS,
    parts.ABSTRACT,
    parts.AUDIENCE_NOTE,
)
_BOOK_NUMBERS = (fields.ISBN, fields.IDENTIFIER)
_TEXT = (fields.text_data(),)
_THESIS_NOTES = (parts.THESIS_NOTE, *_BOOK_NOTES)
_RECORDING_NOTES = (parts.PERFORMERS_NOTE, parts.CREATORS_NOTE, parts.NOTE, parts.CONTENTS, parts.ABSTRACT)

_LANGUAGE = Rule(needs=(Where("101", "a"),), says=label.NO_LANGUAGE, blocks=False)
_TRANSLATION = Rule(
    needs=(Where("101", "c"),),
    when=(Where("101", "ind1", frozenset("12")),),
    says=label.NO_ORIGINAL_LANGUAGE,
    blocks=False,
)


def _worksheet(
    material: Material,
    leader: str,
    *rules: Rule,
    title: _Fields = _BOOK_TITLE,
    numbers: _Fields = _BOOK_NUMBERS,
    notes: _Fields = _BOOK_NOTES,
    codes: _Fields = (),
    host: _Fields = (),
    links: _Fields = _LINKS,
    other_titles: _Fields = _OTHER_TITLES,
    date: str = "d",
) -> Worksheet:
    """A worksheet for records that begin with this leader; `host` is what the document stands in."""
    groups = (
        Group(label.DESCRIPTION, title),
        Group(label.RESPONSIBILITY, _NAMES),
        *([Group(label.HOST, host)] if host else []),
        Group(label.NUMBERS, (*numbers, fields.LANGUAGES, fields.COUNTRY)),
        Group(label.CLASSES, _CLASSES),
        Group(label.NOTES, notes),
        Group(label.CODED, (fields.LEADER_FIELD, fields.general_data(date), *codes)),
        Group(label.BODIES, _BODIES, folded=True),
        Group(label.MORE_SUBJECTS, _MORE_SUBJECTS, folded=True),
        Group(label.OTHER_TITLES, other_titles, folded=True),
        Group(label.LINKS, links, folded=True),
        Group(label.ACCESS, _ACCESS, folded=True),
    )
    return Worksheet(Dialect.UNIMARC, material, leader, each_field_once(groups), (*rules, _LANGUAGE, _TRANSLATION))


WORKSHEETS = (
    _worksheet(Material.BOOK, "00000nam0 2200000 i 450 ", codes=_TEXT),
    _worksheet(
        Material.VOLUME,
        "00000nam2 2200000 i 450 ",
        Rule(needs=(Where("461", "t"), Where("461", "0")), says=label.NO_SET),
        codes=_TEXT,
        host=(parts.SET,),
    ),
    _worksheet(
        Material.ARTICLE,
        "00000naa2 2200000 i 450 ",
        Rule(needs=(Where("463", "t"), Where("461", "t"), Where("463", "0")), says=label.NO_HOST),
        Rule(needs=(Where("463", "v"), Where("461", "v"), Where("215", "a")), says=label.NO_PAGES, blocks=False),
        title=(*_TITLE, parts.EXTENT),
        numbers=(fields.IDENTIFIER,),
        notes=(parts.NOTE, parts.BIBLIOGRAPHY_NOTE, parts.ABSTRACT),
        codes=_TEXT,
        host=(parts.PERIODICAL, parts.ISSUE),
    ),
    _worksheet(
        Material.SERIAL,
        "00000nas1 2200000 i 450 ",
        title=(*_TITLE, parts.NUMBERING, parts.IMPRINT, parts.EXTENT, parts.SERIES),
        numbers=(fields.ISSN, fields.IDENTIFIER),
        notes=(parts.FREQUENCY_NOTE, parts.NOTE, parts.RESPONSIBILITY_NOTE, parts.ABSTRACT, parts.AUDIENCE_NOTE),
        codes=(fields.SERIAL_DATA,),
        links=(parts.FORMER_TITLE, parts.LATER_TITLE, *_LINKS),
        other_titles=(parts.KEY_TITLE, *_OTHER_TITLES),
        date="a",
    ),
    _worksheet(
        Material.ISSUE,
        "00000nam2 2200000 i 450 ",
        Rule(needs=(Where("461", "t"), Where("461", "0"), Where("461", "x")), says=label.NO_PERIODICAL),
        numbers=(fields.ISBN, fields.ISSN),
        codes=_TEXT,
        host=(parts.PERIODICAL,),
    ),
    _worksheet(
        Material.DISSERTATION,
        "00000nam0 2200000 i 450 ",
        Rule(needs=(Where("328"),), says=label.NO_THESIS_NOTE),
        numbers=(fields.IDENTIFIER,),
        notes=_THESIS_NOTES,
        codes=(fields.text_data("m"),),
    ),
    _worksheet(
        Material.DISSERTATION_ABSTRACT,
        "00000nam0 2200000 i 450 ",
        Rule(needs=(Where("200", "e"),), says=label.NO_ABSTRACT_WORD),
        numbers=(fields.IDENTIFIER,),
        notes=_THESIS_NOTES,
        codes=(fields.text_data("m"),),
    ),
    _worksheet(
        Material.STANDARD,
        "00000nam0 2200000 i 450 ",
        Rule(needs=(Where("029", "b"), Where("200", "a")), says=label.NO_DOCUMENT_NUMBER, blocks=False),
        title=(*_BOOK_TITLE, parts.STANDARD_DATA),
        numbers=(fields.DOCUMENT_NUMBER, fields.IDENTIFIER),
        codes=(fields.text_data("l"),),
    ),
    _worksheet(
        Material.ELECTRONIC,
        "00000nlm0 2200000 i 450 ",
        Rule(needs=(Where("856", "u"), Where("215", "a")), says=label.NO_ADDRESS),
        title=(*_BOOK_TITLE, parts.ELECTRONIC_RESOURCE, parts.ADDRESS),
        notes=(parts.SYSTEM_NOTE, parts.SOURCE_NOTE, *_BOOK_NOTES),
        codes=(fields.ELECTRONIC_DATA,),
    ),
    _worksheet(
        Material.MAP,
        "00000nem0 2200000 i 450 ",
        Rule(needs=(Where("206", "b"), Where("206", "a"), Where("123", "b")), says=label.NO_SCALE, blocks=False),
        title=(*_TITLE, parts.MATHEMATICAL, parts.IMPRINT, parts.EXTENT, parts.SERIES),
        codes=(fields.SCALE,),
    ),
    _worksheet(
        Material.SCORE,
        "00000ncm0 2200000 i 450 ",
        title=(*_TITLE, parts.SCORE_FORM, parts.IMPRINT, parts.EXTENT, parts.SERIES),
        numbers=(fields.ISMN, fields.PUBLISHERS_NUMBER, *_BOOK_NUMBERS),
        notes=(parts.PERFORMERS_NOTE, *_BOOK_NOTES),
    ),
    _worksheet(
        Material.AUDIO,
        "00000njm0 2200000 i 450 ",
        numbers=(fields.PUBLISHERS_NUMBER, *_BOOK_NUMBERS),
        notes=_RECORDING_NOTES,
    ),
    _worksheet(
        Material.VIDEO,
        "00000ngm0 2200000 i 450 ",
        numbers=(fields.PUBLISHERS_NUMBER, *_BOOK_NUMBERS),
        notes=_RECORDING_NOTES,
        codes=(fields.VIDEO_DATA,),
    ),
)
