"""UNIMARC records, also in the Russian form (RUSMARC): what they say, what is wrong in them, and in MARC 21."""

from __future__ import annotations

import re

from library.domain.description import Description
from library.domain.errors import N_, Message
from library.domain.marc import DataField, MarcRecord
from library.marc.dialects import codes, open_science, rules, unimarc_parts
from library.marc.dialects.unimarc_marc21 import to_marc21
from library.marc.dialects.unimarc_material import material_of
from library.marc.dialects.unimarc_parts import NOT_TITLES, Fields, values

__all__ = ["check", "describe", "to_marc21"]

_STATUSES = frozenset("cdnop")
_TYPES = frozenset("abcdefgijklmr")
_LEVELS = frozenset("acims")
_LENGTH_100 = 36
_DATE = re.compile(r"\d{8}")


def describe(marc: MarcRecord) -> Description:
    """What the record says. The title is never empty: without 200 it is the first words that the record has."""
    fields: Fields = {}
    for field in marc.fields:
        if isinstance(field, DataField):
            fields.setdefault(field.tag, []).append(field)
    title, parallel, remainder, responsibility = unimarc_parts.title(fields, marc.leader)
    return Description(
        title=title or codes.in_words(marc.fields, NOT_TITLES),
        material=material_of(marc.leader, fields),
        remainder=remainder,
        parallel_titles=codes.unique([*parallel, *unimarc_parts.other_titles(fields)]),
        responsibility=responsibility,
        creators=unimarc_parts.creators(fields),
        edition=unimarc_parts.edition(fields),
        places=unimarc_parts.imprint(fields, "a"),
        publishers=unimarc_parts.imprint(fields, "c"),
        year=unimarc_parts.year(fields),
        languages=codes.languages(values(fields, "101", "a")),
        extent=unimarc_parts.extent(fields),
        series=unimarc_parts.series(fields),
        isbns=codes.unique(map(codes.isbn, values(fields, "010", "a"))),
        issns=codes.unique(map(codes.issn, values(fields, "011", "a"))),
        dois=open_science.dois(fields.get("017", ())),
        subjects=unimarc_parts.subjects(fields),
        keywords=codes.unique(map(codes.trimmed, values(fields, "610", "a"))),
        udc=codes.unique(map(str.strip, values(fields, "675", "a"))),
        bbk=unimarc_parts.bbk(fields),
        abstract="\n".join(map(str.strip, values(fields, "330", "a"))),
        contents=codes.unique(map(codes.trimmed, values(fields, "327", "a"))),
        notes=unimarc_parts.notes(fields),
        terms=open_science.terms(fields.get("371", ())),
        host=unimarc_parts.host(fields, marc.leader),
        links=unimarc_parts.links(fields),
        copies=unimarc_parts.copies(fields),
    )


def check(marc: MarcRecord) -> tuple[Message, ...]:
    """What breaks the rules; an empty answer means that the record can be saved."""
    problems: list[Message] = []
    if not (marc.first("200", "a") or "").strip():
        problems.append(Message.of(N_("There is no title (200 $a).")))
    for position, allowed in ((5, _STATUSES), (6, _TYPES), (7, _LEVELS)):
        if marc.leader[position] not in allowed:
            problems.append(rules.wrong_leader(position, marc.leader[position], allowed))
    coded = marc.first("100", "a")
    if coded is None or len(coded) != _LENGTH_100 or not _DATE.match(coded):
        problems.append(
            Message.of(N_("Field 100 $a must have {length} characters and begin with a date."), length=_LENGTH_100)
        )
    checks = {"010": rules.wrong_isbns, "011": rules.wrong_issns, "101": rules.wrong_languages}
    for field in marc.fields:
        problems += rules.wrong_field(field)
        if field.tag in checks and isinstance(field, DataField):
            problems += checks[field.tag](field, "a")
    return tuple(problems)
