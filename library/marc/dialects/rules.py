"""Rules that a record of MARC 21 and of UNIMARC must keep alike when it is saved."""

from __future__ import annotations

from collections.abc import Iterable

from library.domain.errors import N_, Message
from library.domain.marc import ControlField, DataField, Field
from library.marc.dialects import codes

_INDICATORS = frozenset(" 0123456789abcdefghijklmnopqrstuvwxyz|#")


def wrong_leader(position: int, code: str, allowed: Iterable[str]) -> Message:
    """That a position of the leader has none of its codes."""
    return Message.of(
        N_("Leader position {position}: “{code}” is not one of {allowed}."),
        position=position,
        code=code,
        allowed=" ".join(sorted(allowed)),
    )


def wrong_field(field: Field) -> list[Message]:
    """What any field can have wrong: nothing in it, or indicators that are none."""
    if isinstance(field, ControlField):
        return [] if field.value.strip() else [Message.of(N_("Field {tag} is empty."), tag=field.tag)]
    problems: list[Message] = []
    if not _INDICATORS.issuperset(field.indicators):
        problems.append(
            Message.of(
                N_("Field {tag}: “{indicators}” are no indicators; blanks, digits and small letters are allowed."),
                tag=field.tag,
                indicators=field.indicators,
            )
        )
    if not any(subfield.value.strip() for subfield in field.subfields):
        problems.append(Message.of(N_("Field {tag} is empty."), tag=field.tag))
    return problems


def wrong_isbns(field: DataField, subfield_codes: str) -> list[Message]:
    """A message for each ISBN whose length or check digit is wrong."""
    return [
        Message.of(N_("Field {tag}: ISBN {number} is wrong."), tag=field.tag, number=value)
        for value in field.values(subfield_codes)
        if not codes.isbn_agrees(codes.isbn(value))
    ]


def wrong_issns(field: DataField, subfield_codes: str) -> list[Message]:
    """A message for each ISSN whose length or check digit is wrong."""
    return [
        Message.of(N_("Field {tag}: ISSN {number} is wrong."), tag=field.tag, number=value)
        for value in field.values(subfield_codes)
        if not codes.issn_agrees(codes.issn(value))
    ]


def wrong_languages(field: DataField, subfield_codes: str) -> list[Message]:
    """A message for each code that is no language of three letters."""
    return [
        Message.of(N_("Field {tag}: “{code}” is no code of a language (three letters)."), tag=field.tag, code=value)
        for value in field.values(subfield_codes)
        if not codes.is_language(value)
    ]
