"""A deposited work as a record of MARC 21, with the signs of ISBD."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from library.domain.marc import ControlField, DataField, Dialect, Field, MarcRecord
from library.marc.deposited.work import DepositedPerson, DepositedWork, field
from library.marc.worksheets import new_record, worksheet

_AUTHOR, _SUPERVISOR = "aut", "ths"


def record(work: DepositedWork, at: datetime) -> MarcRecord:
    """The record, with the leader and the coded data of its worksheet."""
    begun = new_record(worksheet(Dialect.MARC21, work.material), (), at)
    fields: list[Field] = [_coded(one, work) for one in begun.fields]
    fields += [*_numbers(work), *_description(work), *_notes(work), *_access(work)]
    return begun.with_fields(fields)


def _coded(one: Field, work: DepositedWork) -> Field:
    if one.tag != "008" or not isinstance(one, ControlField):
        return one
    year, language, text = work.year or "    ", work.language or "und", one.value
    return ControlField("008", f"{text[:7]}{year}{text[11:35]}{language}{text[38:]}")


def _numbers(work: DepositedWork) -> Iterator[DataField]:
    if not work.is_part:
        yield from field("020", "  ", ("a", work.isbn))
    if work.doi:
        yield from field("024", "7 ", ("a", work.doi), ("2", "doi"))
    yield from field("041", "0 ", ("a", work.language))


def _description(work: DepositedWork) -> Iterator[DataField]:
    for one in work.authors[:1]:
        yield from _person("100", one, _AUTHOR)
    end = " /" if work.responsibility else ""
    title = (("a", f"{work.title} :"), ("b", work.genre + end)) if work.genre else (("a", work.title + end),)
    yield from field("245", "10" if work.authors else "00", *title, ("c", work.responsibility))
    yield from field("246", "3 ", ("a", work.other_title))
    if not work.is_part:
        place = work.place and work.place + (" :" if work.publisher else "," if work.year else "")
        publisher = work.publisher and work.publisher + ("," if work.year else "")
        yield from field("264", " 1", ("a", place), ("b", publisher), ("c", work.year))
        yield from field("300", "  ", ("a", work.extent))


def _notes(work: DepositedWork) -> Iterator[DataField]:
    yield from field("502", "  ", ("b", work.degree), ("g", work.speciality), ("d", work.defended_on))
    for text in work.abstracts:
        yield from field("520", "3 ", ("a", text))
    yield from field("536", "  ", ("f", work.project))
    yield from field("540", "  ", ("a", work.licence), ("u", work.licence_url))


def _access(work: DepositedWork) -> Iterator[DataField]:
    for keyword in work.keywords:
        yield from field("653", "  ", ("a", keyword))
    for one in work.authors[1:]:
        yield from _person("700", one, _AUTHOR)
    if work.supervisor is not None:
        yield from _person("700", work.supervisor, _SUPERVISOR)
    yield from field("710", "2 ", ("a", work.faculty))
    yield from field("711", "2 ", ("a", work.conference))
    if work.is_part and work.host:
        place = ", ".join(part for part in (work.year, work.place_in_host) if part)
        yield from field("773", "0 ", ("t", work.host), ("x", work.issn), ("z", work.isbn), ("g", place))
    if work.doi:
        yield from field("856", "40", ("u", work.doi_address), ("y", "DOI"))


def _person(tag: str, one: DepositedPerson, relator: str) -> Iterator[DataField]:
    parts = (("a", one.heading), ("u", one.affiliation), ("1", one.orcid_address), ("4", relator))
    yield from field(tag, "1 ", *parts)
