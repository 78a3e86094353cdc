"""A deposited work as a record of UNIMARC (RUSMARC)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from library.domain.marc import DataField, Dialect, Field, MarcRecord, Subfield
from library.marc.deposited.work import DepositedPerson, DepositedWork, field
from library.marc.worksheets import new_record, worksheet

_AUTHOR, _SUPERVISOR = "070", "727"
_YEAR, _SCRIPT = slice(9, 13), 34


def record(work: DepositedWork, at: datetime) -> MarcRecord:
    """The record, with the leader and the coded data of its worksheet."""
    begun = new_record(worksheet(Dialect.UNIMARC, work.material), (), at)
    coded: list[Field] = [_coded(one, work) for one in begun.fields]
    fields = [*coded, *_numbers(work), *_description(work), *_notes(work), *_host(work), *_access(work)]
    return begun.with_fields(sorted(fields, key=lambda one: one.tag))


def _coded(one: Field, work: DepositedWork) -> Field:
    """100 $a with the year of the work and its script."""
    if one.tag != "100" or not isinstance(one, DataField):
        return one
    text = one.subfields[0].value
    script = "ca" if work.is_cyrillic else "ba"
    text = f"{text[: _YEAR.start]}{work.year or '    '}{text[_YEAR.stop : _SCRIPT]}{script}"
    return DataField("100", one.indicators, (Subfield("a", text),))


def _numbers(work: DepositedWork) -> Iterator[DataField]:
    if not work.is_part:
        yield from field("010", "  ", ("a", work.isbn))
    if work.doi:
        yield from field("017", "70", ("a", work.doi), ("2", "doi"))
        yield from field("856", "4 ", ("u", work.doi_address), ("z", "DOI"))
    yield from field("101", "0 ", ("a", work.language))


def _description(work: DepositedWork) -> Iterator[DataField]:
    yield from field("200", "1 ", ("a", work.title), ("e", work.genre), ("f", work.responsibility))
    if not work.is_part:
        yield from field("210", "  ", ("a", work.place), ("c", work.publisher), ("d", work.year))
        yield from field("215", "  ", ("a", work.extent))
    yield from field("510", "1 ", ("a", work.other_title))


def _notes(work: DepositedWork) -> Iterator[DataField]:
    yield from field("300", "  ", ("a", work.project_note))
    yield from field("328", "  ", ("a", work.thesis))
    for text in work.abstracts:
        yield from field("330", "  ", ("a", text))
    yield from field("371", "  ", ("a", " ".join(part for part in (work.licence, work.licence_url) if part)))


def _host(work: DepositedWork) -> Iterator[DataField]:
    """What a part stands in, by embedded fields: a periodical (461), or a volume of papers (463)."""
    if not work.is_part or not work.host:
        return
    issn = [("1", "011  "), ("a", work.issn)] if work.issn else []
    isbn = [("1", "010  "), ("a", work.isbn)] if work.isbn else []
    whole = [("1", "2001 "), ("a", work.host), ("v", work.place_in_host)]
    year = [("1", "210  "), ("d", work.year)] if work.year else []
    yield from field("463" if work.conference or isbn else "461", " 0", *issn, *isbn, *whole, *year)


def _access(work: DepositedWork) -> Iterator[DataField]:
    for keyword in work.keywords:
        yield from field("610", "0 ", ("a", keyword))
    for place, one in enumerate(work.authors):
        yield from _person("701" if place else "700", one, _AUTHOR)
    if work.supervisor is not None:
        yield from _person("702", work.supervisor, _SUPERVISOR)
    yield from field("711", "02", ("a", work.faculty))
    yield from field("711", "12", ("a", work.conference))


def _person(tag: str, one: DepositedPerson, relator: str) -> Iterator[DataField]:
    names = (("a", one.family), ("b", one.initials), ("g", one.expanded))
    yield from field(tag, " 1", *names, ("p", one.affiliation), ("o", one.orcid_address), ("4", relator))
