"""A deposited work as a record of IRBIS, which has no field for an ORCID, a licence or a project: they are notes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from library.domain.marc import DataField, Dialect, MarcRecord, Subfield
from library.marc.deposited.work import DepositedPerson, DepositedWork, field
from library.marc.worksheets import new_record, worksheet

_SUPERVISOR = "727 науч. рук."
# The mark before a subfield; no value can have it.
_MARK, _LIKE_IT = "^", "ˆ"


def record(work: DepositedWork, at: datetime) -> MarcRecord:
    """The record, with the codes of its worksheet."""
    begun = new_record(worksheet(Dialect.IRBIS, work.material), (), at)
    own = (*_description(work), *_host(work), *_notes(work), *_access(work))
    return begun.with_fields((*begun.fields, *map(_unmarked, own)))


def _text(tag: str, text: str) -> Iterator[DataField]:
    return field(tag, "  ", ("", text))


def _description(work: DepositedWork) -> Iterator[DataField]:
    if not work.is_part:
        yield from field("10", "  ", ("A", work.isbn))
    yield from _text("101", work.language)
    yield from field("200", "  ", ("A", work.title), ("E", work.genre), ("F", work.responsibility))
    yield from field("510", "  ", ("D", work.other_title))
    if not work.is_part:
        yield from field("210", "  ", ("D", work.year), ("C", work.publisher), ("A", work.place))
        is_number = work.pages.isdigit()
        yield from field("215", "  ", ("A", work.pages), ("1", work.unit if is_number and work.pages else ""))


def _host(work: DepositedWork) -> Iterator[DataField]:
    if not work.is_part or not work.host:
        return
    place = (("J", work.year), ("V", work.volume), ("H", work.issue), ("S", work.pages))
    yield from field("463", "  ", ("C", work.host), *place)
    yield from field("963", "  ", ("I", work.issn or work.isbn))


def _notes(work: DepositedWork) -> Iterator[DataField]:
    for one in work.authors:
        yield from _text("300", f"{one.heading}: ORCID {one.orcid}" if one.orcid else "")
    yield from _text("300", work.project_note)
    yield from _text("300", " ".join(part for part in (work.licence_note, work.licence_url) if part))
    yield from field("328", "  ", ("", work.defended_on), ("A", work.degree), ("N", work.speciality))
    for text in work.abstracts:
        yield from _text("331", text)


def _access(work: DepositedWork) -> Iterator[DataField]:
    for keyword in work.keywords:
        yield from _text("610", keyword)
    for place, one in enumerate(work.authors):
        yield from _person("701" if place else "700", one, "")
    if work.supervisor is not None:
        yield from _person("702", work.supervisor, _SUPERVISOR)
    yield from field("711", "  ", ("A", work.faculty))
    yield from field("972", "  ", ("A", work.conference))
    if work.doi:
        yield from field("951", "  ", ("I", work.doi_address), ("T", "DOI"))


def _person(tag: str, one: DepositedPerson, role: str) -> Iterator[DataField]:
    names = (("A", one.family), ("B", one.initials), ("G", one.expanded), ("P", one.affiliation))
    yield from field(tag, "  ", ("4", role), *names)


def _unmarked(one: DataField) -> DataField:
    plain = (Subfield(part.code, part.value.replace(_MARK, _LIKE_IT)) for part in one.subfields)
    return DataField(one.tag, one.indicators, tuple(plain))
