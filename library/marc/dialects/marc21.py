"""MARC 21 bibliographic records: what they say, and what breaks the rules when one is saved."""

from __future__ import annotations

from library.domain.description import Description
from library.domain.errors import N_, Message
from library.domain.marc import DataField, MarcRecord
from library.marc.dialects import codes, marc21_parts, open_science, rules
from library.marc.dialects.marc21_material import material_of
from library.marc.dialects.marc21_parts import Fields

__all__ = ["check", "describe"]

_TYPES = frozenset("acdefgijkmoprt")
_LEVELS = frozenset("abcdims")
_STATUSES = frozenset("acdnp")
_LENGTH_008 = 40
# Editions, imprints, extents, links, copies: no title can be taken from them.
_NOT_TITLES = frozenset({"25", "26", "27", "30", "33", "34", "35", "36", "38", "85", "95"})


def describe(marc: MarcRecord) -> Description:
    """What the record says. The title is never empty: without 245 it is the first words that the record has."""
    control: dict[str, str] = {}
    fields: Fields = {}
    for field in marc.fields:
        if isinstance(field, DataField):
            fields.setdefault(field.tag, []).append(field)
        else:
            control.setdefault(field.tag, field.value)
    title, parallel, remainder, responsibility = marc21_parts.title(fields)
    coded = control.get("008", "")
    return Description(
        title=title or codes.in_words(marc.fields, _NOT_TITLES),
        material=material_of(marc.leader, coded, fields),
        remainder=remainder,
        parallel_titles=codes.unique(text for text in [parallel, *marc21_parts.other_titles(fields)] if text != title),
        responsibility=responsibility,
        creators=marc21_parts.creators(fields, responsibility),
        edition=marc21_parts.edition(fields),
        places=marc21_parts.imprint(fields, "a"),
        publishers=marc21_parts.imprint(fields, "b"),
        year=marc21_parts.year(coded, fields),
        languages=marc21_parts.languages(coded, fields),
        extent=marc21_parts.extent(fields),
        series=marc21_parts.series(fields),
        isbns=codes.unique(map(codes.isbn, marc21_parts.values(fields, "020", "a"))),
        issns=codes.unique(map(codes.issn, marc21_parts.values(fields, "022", "a"))),
        dois=open_science.dois(fields.get("024", ())),
        subjects=marc21_parts.subjects(fields),
        keywords=codes.unique(map(codes.trimmed, marc21_parts.values(fields, "653", "a"))),
        udc=codes.unique(map(str.strip, marc21_parts.values(fields, "080", "a"))),
        bbk=marc21_parts.bbk(fields),
        abstract="\n".join(map(str.strip, marc21_parts.values(fields, "520", "ab"))),
        contents=marc21_parts.contents(fields),
        notes=marc21_parts.notes(fields),
        terms=open_science.terms(fields.get("540", ())),
        host=marc21_parts.host(fields),
        links=marc21_parts.links(fields),
        copies=marc21_parts.copies(fields),
    )


def check(marc: MarcRecord) -> tuple[Message, ...]:
    """What breaks the rules; an empty answer means that the record can be saved."""
    problems: list[Message] = []
    if not (marc.first("245", "akp") or "").strip():
        problems.append(Message.of(N_("There is no title (245 $a).")))
    for position, allowed in ((5, _STATUSES), (6, _TYPES), (7, _LEVELS)):
        if marc.leader[position] not in allowed:
            problems.append(rules.wrong_leader(position, marc.leader[position], allowed))
    coded = marc.control("008")
    if coded is not None and len(coded) != _LENGTH_008:
        problems.append(
            Message.of(
                N_("Field 008 has {count} characters instead of {length}."), count=len(coded), length=_LENGTH_008
            )
        )
    checks = {"020": rules.wrong_isbns, "022": rules.wrong_issns, "041": rules.wrong_languages}
    for field in marc.fields:
        problems += rules.wrong_field(field)
        if field.tag in checks and isinstance(field, DataField):
            problems += checks[field.tag](field, "a")
    return tuple(problems)
