"""Headings of persons, bodies, subjects and series in the fields of each dialect, and how one is written anew."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from library.domain.authority import AuthorityKind
from library.domain.marc import DataField, Dialect, Field, MarcRecord, Subfield

_MARC21: Mapping[AuthorityKind, tuple[str, ...]] = {
    AuthorityKind.PERSON: ("100", "600", "700"),
    AuthorityKind.BODY: ("110", "111", "610", "611", "710", "711"),
    AuthorityKind.SUBJECT: ("650", "651", "653"),
    AuthorityKind.SERIES: ("440", "490", "830"),
}
_UNIMARC: Mapping[AuthorityKind, tuple[str, ...]] = {
    AuthorityKind.PERSON: ("600", "700", "701", "702"),
    AuthorityKind.BODY: ("601", "710", "711", "712"),
    AuthorityKind.SUBJECT: ("606", "607", "610"),
    AuthorityKind.SERIES: ("225",),
}
_IRBIS: Mapping[AuthorityKind, tuple[str, ...]] = {
    AuthorityKind.PERSON: ("600", "700", "701", "702", "961"),
    AuthorityKind.BODY: ("601", "710", "711", "971", "972"),
    AuthorityKind.SUBJECT: ("606", "607", "610"),
    AuthorityKind.SERIES: ("225",),
}
_TAGS = {Dialect.MARC21: _MARC21, Dialect.UNIMARC: _UNIMARC, Dialect.IRBIS: _IRBIS}
_MARKS = " ,.:;/"
# A full stop belongs to initials; the others join a heading to what follows it.
_JOINING = " ,:;/"


def rewritten(
    dialect: Dialect, marc: MarcRecord, kind: AuthorityKind, is_it: Callable[[str], bool], heading: str
) -> MarcRecord:
    """The record with this heading in every field of the kind whose heading `is_it`; dates and roles stay.

    RUSMARC and IRBIS keep the surname in $a and the initials or forenames in $b (of IRBIS, the full ones in ^G go with
    the name they belonged to): there the heading is divided at its first comma.
    """
    divided = kind is AuthorityKind.PERSON and dialect is not Dialect.MARC21
    tags = _TAGS[dialect][kind]

    def changed(field: Field) -> Field:
        if not isinstance(field, DataField) or field.tag not in tags:
            return field
        if not any(is_it(name) for name in _names(field, divided=divided)):
            return field
        return _with_name(field, heading) if divided else _with_main(field, heading)

    return marc.with_fields(map(changed, marc.fields))


def _names(field: DataField, *, divided: bool) -> tuple[str, ...]:
    """What the heading of a field may be read as."""
    main = (field.first("aA") or field.text).strip(_MARKS)
    if not divided:
        return (main,) if main else ()
    given = [value.strip(_MARKS + " ") for value in (field.first("bB"), field.first("gG")) if value]
    return (*(f"{main}, {name}" for name in given), *(() if given else (main,)))


def _with_main(field: DataField, heading: str) -> DataField:
    """The heading instead of the first subfield a (or the text before the marks), its closing mark kept."""
    done = False
    subfields = []
    for subfield in field.subfields:
        if not done and subfield.code in ("a", "A", ""):
            closing = subfield.value[len(subfield.value.rstrip(_JOINING)) :].rstrip()
            subfields.append(
                Subfield(subfield.code, heading if heading.endswith(closing or "\0") else heading + closing)
            )
            done = True
        else:
            subfields.append(subfield)
    return DataField(field.tag, field.indicators, tuple(subfields))


def _with_name(field: DataField, heading: str) -> DataField:
    surname, _, given = (part.strip() for part in heading.partition(","))
    subfields = []
    written = not given
    for subfield in field.subfields:
        match subfield.code.lower():
            case "a":
                subfields.append(Subfield(subfield.code, surname))
            case "b":
                if given:
                    subfields.append(Subfield(subfield.code, given))
                written = True
            case "g":
                continue
            case _:
                subfields.append(subfield)
    if not written:
        place = next((index + 1 for index, one in enumerate(subfields) if one.code.lower() == "a"), len(subfields))
        subfields.insert(place, Subfield("b", given))
    return DataField(field.tag, field.indicators, tuple(subfields))
