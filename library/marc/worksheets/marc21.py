"""The worksheets of MARC 21."""

from __future__ import annotations

from library.domain.description import Material
from library.domain.marc import Dialect
from library.marc.worksheets import labels as label
from library.marc.worksheets import marc21_description as parts
from library.marc.worksheets import marc21_fields as fields
from library.marc.worksheets.model import Group, Rule, Where, Worksheet, WorksheetField, each_field_once

_Fields = tuple[WorksheetField, ...]

_LEADER = fields.leader()
_NAMES = (fields.FIRST_AUTHOR, fields.PERSON)
_BODIES = (fields.MAIN_BODY, fields.BODY, fields.MAIN_MEETING, fields.MEETING)
_CLASSES = (fields.UDC, fields.OTHER_CLASS, parts.SUBJECT, parts.KEYWORD)
_MORE_SUBJECTS = (parts.PERSON_SUBJECT, parts.BODY_SUBJECT, parts.PLACE_SUBJECT, parts.GENRE)
_OTHER_TITLES = (parts.VARIANT_TITLE, parts.UNIFORM_TITLE)
_LINKS = (parts.ORIGINAL, parts.SUPPLEMENT_TO, parts.OTHER_FORM, parts.RELATED)
_ACCESS = (
    parts.ADDRESS,
    fields.SHELFMARK,
    fields.AGENCY,
    parts.CONTENT_TYPE,
    parts.MEDIA_TYPE,
    parts.CARRIER_TYPE,
)

_TITLE = (parts.TITLE, parts.EDITION)
_IMPRINT = (parts.IMPRINT, parts.FORMER_IMPRINT)
_SERIES = (parts.SERIES, parts.SERIES_HEADING)
_BOOK_TITLE = (*_TITLE, *_IMPRINT, parts.EXTENT, *_SERIES)
_BOOK_NOTES = (
    parts.NOTE,
    parts.BIBLIOGRAPHY_NOTE,
    parts.CONTENTS,
    parts.ABSTRACT,
    parts.AUDIENCE_NOTE,
    parts.LANGUAGE_NOTE,
)
_BOOK_NUMBERS = (fields.ISBN, fields.LANGUAGES, fields.IDENTIFIER)
_THESIS_NOTES = (parts.THESIS_NOTE, *_BOOK_NOTES)
_RECORDING_NOTES = (parts.PERFORMERS_NOTE, parts.CREATORS_NOTE, parts.NOTE, parts.CONTENTS, parts.ABSTRACT)
_RECORDING_NUMBERS = (fields.PUBLISHERS_NUMBER, fields.LANGUAGES, fields.IDENTIFIER)

_TRANSLATION = Rule(
    needs=(Where("041", "h"),),
    when=(Where("041", "ind1", frozenset("1")),),
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
    kind: str = "book",
    host: _Fields = (),
    links: _Fields = _LINKS,
) -> Worksheet:
    """A worksheet for records that begin with this leader.

    `kind` is that of its 008, `host` what the document stands in.
    """
    groups = (
        Group(label.DESCRIPTION, title),
        Group(label.RESPONSIBILITY, _NAMES),
        *([Group(label.HOST, host)] if host else []),
        Group(label.NUMBERS, numbers),
        Group(label.CLASSES, _CLASSES),
        Group(label.NOTES, notes),
        Group(label.CODED, (_LEADER, fields.fixed_data(kind))),
        Group(label.BODIES, _BODIES, folded=True),
        Group(label.MORE_SUBJECTS, _MORE_SUBJECTS, folded=True),
        Group(label.OTHER_TITLES, _OTHER_TITLES, folded=True),
        Group(label.LINKS, links, folded=True),
        Group(label.ACCESS, _ACCESS, folded=True),
    )
    return Worksheet(Dialect.MARC21, material, leader, each_field_once(groups), (*rules, _TRANSLATION))


WORKSHEETS = (
    _worksheet(Material.BOOK, "00000nam a2200000 c 4500"),
    _worksheet(
        Material.VOLUME,
        "00000nam a2200000 cb4500",
        Rule(needs=(Where("773", "t"), Where("773", "w"), Where("245", "n"), Where("490", "a")), says=label.NO_SET),
        host=(parts.SET,),
    ),
    _worksheet(
        Material.ARTICLE,
        "00000nab a2200000 c 4500",
        Rule(needs=(Where("773", "t"), Where("773", "w")), says=label.NO_HOST),
        Rule(needs=(Where("773", "g"),), says=label.NO_PAGES, blocks=False),
        title=(*_TITLE, parts.EXTENT),
        numbers=(fields.LANGUAGES, fields.IDENTIFIER),
        notes=(parts.NOTE, parts.BIBLIOGRAPHY_NOTE, parts.ABSTRACT),
        kind="article",
        host=(parts.HOST,),
    ),
    _worksheet(
        Material.SERIAL,
        "00000nas a2200000 c 4500",
        title=(*_TITLE, parts.FREQUENCY, parts.NUMBERING, *_IMPRINT, parts.EXTENT, *_SERIES),
        numbers=(fields.ISSN, fields.LANGUAGES, fields.IDENTIFIER),
        notes=(parts.FREQUENCY_NOTE, parts.NOTE, parts.ABSTRACT, parts.AUDIENCE_NOTE, parts.LANGUAGE_NOTE),
        kind="serial",
        links=(parts.FORMER_TITLE, parts.LATER_TITLE, *_LINKS),
    ),
    _worksheet(
        Material.ISSUE,
        "00000nam a2200000 cc4500",
        Rule(
            needs=(Where("773", "t"), Where("773", "w"), Where("773", "x"), Where("245", "n")),
            says=label.NO_PERIODICAL,
        ),
        numbers=(fields.ISSN, *_BOOK_NUMBERS),
        host=(parts.HOST,),
    ),
    _worksheet(
        Material.DISSERTATION,
        "00000nam a2200000 c 4500",
        Rule(needs=(Where("502"),), says=label.NO_THESIS_NOTE),
        numbers=(fields.LANGUAGES, fields.IDENTIFIER),
        notes=_THESIS_NOTES,
        kind="dissertation",
    ),
    _worksheet(
        Material.DISSERTATION_ABSTRACT,
        "00000nam a2200000 c 4500",
        Rule(needs=(Where("245", "b"), Where("502", "a")), says=label.NO_ABSTRACT_WORD),
        numbers=(fields.LANGUAGES, fields.IDENTIFIER),
        notes=_THESIS_NOTES,
        kind="dissertation",
    ),
    _worksheet(
        Material.STANDARD,
        "00000nam a2200000 c 4500",
        Rule(needs=(Where("088", "a"), Where("024", "a")), says=label.NO_DOCUMENT_NUMBER, blocks=False),
        numbers=(fields.DOCUMENT_NUMBER, fields.LANGUAGES, fields.IDENTIFIER),
        kind="standard",
    ),
    _worksheet(
        Material.ELECTRONIC,
        "00000nam a2200000 c 4500",
        Rule(needs=(Where("856", "u"), Where("300", "a")), says=label.NO_ADDRESS),
        title=(*_BOOK_TITLE, parts.ADDRESS),
        notes=(parts.SYSTEM_NOTE, parts.SOURCE_NOTE, *_BOOK_NOTES),
        kind="electronic",
    ),
    _worksheet(
        Material.MAP,
        "00000nem a2200000 c 4500",
        Rule(needs=(Where("255", "a"), Where("034", "b")), says=label.NO_SCALE, blocks=False),
        title=(*_TITLE, parts.MATHEMATICAL, *_IMPRINT, parts.EXTENT, *_SERIES),
        numbers=(*_BOOK_NUMBERS, fields.MATHEMATICAL_CODES),
        kind="map",
    ),
    _worksheet(
        Material.SCORE,
        "00000ncm a2200000 c 4500",
        title=(*_TITLE, parts.SCORE_FORM, *_IMPRINT, parts.EXTENT, *_SERIES),
        numbers=(fields.PUBLISHERS_NUMBER, *_BOOK_NUMBERS),
        notes=(parts.PERFORMERS_NOTE, *_BOOK_NOTES),
        kind="score",
    ),
    _worksheet(
        Material.AUDIO,
        "00000njm a2200000 c 4500",
        numbers=_RECORDING_NUMBERS,
        notes=_RECORDING_NOTES,
        kind="audio",
    ),
    _worksheet(
        Material.VIDEO,
        "00000ngm a2200000 c 4500",
        numbers=_RECORDING_NUMBERS,
        notes=_RECORDING_NOTES,
        kind="video",
    ),
)
