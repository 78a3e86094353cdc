"""The parts of a description, each from its fields of UNIMARC (RUSMARC)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from library.domain.description import Copy, CopyStatus, Creator, CreatorRole, HostItem, Link
from library.domain.marc import DataField
from library.marc.dialects import codes
from library.marc.dialects.codes import joined, trimmed, unique
from library.marc.dialects.irbis_fields import Values, role_of
from library.marc.dialects.open_science import orcid
from library.marc.dialects.unimarc_embedded import linked

# The data fields of a record by tag, in their order.
Fields = dict[str, list[DataField]]

_NONE: tuple[DataField, ...] = ()
_PERSONS = {"700": CreatorRole.AUTHOR, "701": CreatorRole.AUTHOR, "702": CreatorRole.OTHER}
_FAMILIES_AND_BODIES = ("710", "711", "712", "720", "721", "722")
_HOSTS = ("463", "462", "461")
_OTHER_TITLES = ("510", "512", "513", "514", "515", "516", "517", "518", "532", "541")
_NOTES = ("300", "301", "304", "305", "306", "307", "308", "309", "311", "312", "314", "320", "328", "333", "337")
_NAMES_ONLY_THE_PART = re.compile(
    r"(?:\[?\W*(?:вып|выпуск|т|том|ч|часть|кн|книга|№|vol|v|jild|жилд|tom|qism|қисм|kitob|китоб|бөлүк|китеп|чыг)\b"
    r"|\d+[-\s]*(?:jild|жилд|qism|қисм|kitob|китоб|том|бөлүк|китеп)\b|\.\.\.|[\d\W]+$)",
    re.IGNORECASE,
)
_ISSUED_PART = "2"
# Editions, imprints, extents, agencies, copies: no title can be taken from them.
NOT_TITLES = frozenset({"20", "21", "23", "80", "85", "89", "95"})


def values(fields: Fields, tag: str, subfield_codes: str) -> Iterator[str]:
    """The values of these subfields in all fields with this tag."""
    for field in fields.get(tag, _NONE):
        yield from field.values(subfield_codes)


def title(fields: Fields, leader: str) -> tuple[str, tuple[str, ...], str, str]:
    """Title proper, parallel titles, other title information, responsibility (200).

    A part whose own title only counts ("Вып. 13") is named after its set: "Задачи и этюды. Вып. 13".
    """
    found = fields.get("200")
    if not found:
        return "", (), "", ""
    field = found[0]
    main = joined(map(trimmed, field.values("ac")), " ; ")
    parts = joined([trimmed(value) for value in field.values("hiv")], ", ")
    main = joined([main, parts], ". ")
    parallel = tuple(map(trimmed, field.values("d")))
    remainder = joined(map(trimmed, field.values("e")), " : ")
    responsibility = joined(map(trimmed, field.values("fg")), " ; ")
    whole = title_of_set(fields, leader, main)
    main = f"{whole.rstrip('.')} {main}" if whole and main.startswith("...") else joined([whole, main], ". ")
    return main, parallel, remainder, responsibility


def title_of_set(fields: Fields, leader: str, own: str) -> str:
    """The title of the set, for a part whose own title only counts; else empty."""
    if (leader[8] != _ISSUED_PART and "461" not in fields) or (own and not _NAMES_ONLY_THE_PART.match(own)):
        return ""
    for tag in ("461", "462", "225"):
        for field in fields.get(tag, _NONE):
            name = field.first("a") if tag == "225" else linked(field).marc.first("200", "a")
            if name:
                return trimmed(name)
    return ""


def other_titles(fields: Fields) -> Iterator[str]:
    """Parallel and variant titles."""
    for tag in _OTHER_TITLES:
        for field in fields.get(tag, _NONE):
            yield joined(map(trimmed, field.values("aehi")), ". ")


def creators(fields: Fields) -> tuple[Creator, ...]:
    """Persons (70-) with their roles, then bodies and families (71-, 72-)."""
    found: list[Creator] = []
    for tag, default in _PERSONS.items():
        for field in fields.get(tag, _NONE):
            dates, number = trimmed(field.first("f") or ""), orcid(field.values("o"))
            found += codes.creator(person(field), _role(field, default), dates, number)
    for tag in _FAMILIES_AND_BODIES:
        for field in fields.get(tag, _NONE):
            found += codes.creator(joined(map(trimmed, field.values("ab")), ". "), CreatorRole.BODY)
    return tuple(dict.fromkeys(found))


def person(field: DataField) -> str:
    """A personal name in heading order: "Титов, Ф. И."."""
    name = joined([trimmed(field.first("a") or ""), field.first("d") or ""], " ")
    forenames = trimmed(field.first("b") or "") or trimmed(field.first("g") or "")
    return joined([name, forenames, *map(trimmed, field.values("c"))], ", ") if name else ""


def _role(field: DataField, default: CreatorRole) -> CreatorRole:
    said: Values = {"4": (field.first("4") or "").strip()}
    return role_of(said, default)


def edition(fields: Fields) -> str:
    """The edition statement (205)."""
    return trimmed(next((joined(field.values("ab"), ", ") for field in fields.get("205", _NONE)), ""))


def imprint(fields: Fields, code: str) -> tuple[str, ...]:
    """Places ($a) or publishers ($c), from 214 or 210."""
    found = [codes.without_brackets(trimmed(value)) for tag in ("214", "210") for value in values(fields, tag, code)]
    return unique(found or [trimmed(value) for field in _of_the_set(fields) for value in field.values(code)])


def _of_the_set(fields: Fields) -> Iterator[DataField]:
    for field in fields.get("461", _NONE):
        yield from linked(field).marc.all("210")


def year(fields: Fields) -> int | None:
    """The year of publication: 100 $a/9-12, else as it is written in the imprint."""
    for value in values(fields, "100", "a"):
        found = codes.coded_year(value[9:13])
        if found is not None:
            return found
    for tag in ("214", "210"):
        for value in values(fields, tag, "dh"):
            found = codes.year_in(value)
            if found is not None:
                return found
    return None


def extent(fields: Fields) -> str:
    """Extent, illustrations and size (215) with the signs between them."""
    for field in fields.get("215", _NONE):
        extents = joined(map(codes.without_signs, field.values("a")), ", ")
        other, size = codes.without_signs(field.first("c") or ""), codes.without_signs(field.first("d") or "")
        return joined([joined([extents, other], " : "), size], " ; ")
    return ""


def series(fields: Fields) -> tuple[str, ...]:
    """Series with the number in them (225, else 410)."""
    found = [
        joined([joined(map(trimmed, field.values("ahi")), ". "), trimmed(field.first("v") or "")], " ; ")
        for field in fields.get("225", _NONE)
    ]
    if not found:
        hosts = [linked(field) for field in fields.get("410", _NONE)]
        found = [joined([trimmed(host.marc.first("200", "a") or ""), host.place], " ; ") for host in hosts]
    return unique(found)


def subjects(fields: Fields) -> tuple[str, ...]:
    """Subject headings (600-607), each with its subdivisions."""
    found: list[str] = []
    for tag in ("600", "601", "602", "604", "605", "606", "607", "608"):
        for field in fields.get(tag, _NONE):
            heading = person(field) if tag == "600" else joined(map(trimmed, field.values("abt")), ". ")
            found.append(joined([heading, *map(trimmed, field.values("xyzj"))], " — "))
    return unique(found)


def bbk(fields: Fields) -> tuple[str, ...]:
    """The numbers of the Library-Bibliographical Classification (686 $2 rubbk)."""
    return unique(
        value.strip()
        for field in fields.get("686", _NONE)
        if "bbk" in (field.first("2") or "").lower()
        for value in field.values("a")
    )


def notes(fields: Fields) -> tuple[str, ...]:
    """The notes, in the order of their tags."""
    return unique(joined(field.values("abcd"), " ").strip() for tag in _NOTES for field in fields.get(tag, _NONE))


def host(fields: Fields, leader: str) -> HostItem | None:
    """What the document is part of: the nearest of 463, 462, 461, with the pages wherever they stand."""
    hosts = [linked(field) for tag in _HOSTS for field in fields.get(tag, _NONE)]
    for found in hosts:
        name = found.marc.first("200", "a")
        if not name:
            continue
        own_name = name
        # The issue of a journal says little without the journal.
        if _NAMES_ONLY_THE_PART.match(name):
            wholes = [other.marc.first("200", "a") or "" for other in hosts if other is not found]
            name = joined([*wholes[-1:], name], ". ")
        coded = found.marc.first("210", "d") or ""
        return codes.host_item(
            name,
            place=joined([own_name if name is not own_name else "", *(other.place for other in hosts)], ", "),
            year=codes.year_in(coded) or (codes.year_in(name) if leader[7] == "a" else None),
            issn_text=next((number for other in hosts if (number := other.marc.first("011", "a"))), ""),
            isbn_text=next((number for other in hosts if (number := other.marc.first("010", "a"))), ""),
        )
    return None


def links(fields: Fields) -> tuple[Link, ...]:
    """The web addresses (856 $u) with what is said of them."""
    found = [
        codes.link(address, field.first("2") or field.first("z") or "")
        for field in fields.get("856", _NONE)
        for address in field.values("u")
    ]
    return tuple(dict.fromkeys([address for address in found if address is not None]))


def copies(fields: Fields) -> tuple[Copy, ...]:
    """The copies (899 of RUSMARC): inventory number $p, place $a $b $c, collection $b, shelfmark $j or $h $i."""
    return tuple(
        Copy(
            inventory_number=(field.first("p") or "").strip(),
            place=joined(map(str.strip, field.values("abc")), ", "),
            shelfmark=(field.first("j") or joined(field.values("hi"), " ")).strip(),
            status=CopyStatus.UNKNOWN,
            collection=(field.first("b") or "").strip(),
        )
        for field in fields.get("899", _NONE)
    )
