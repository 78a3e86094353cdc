"""The parts of a description, each from its fields of MARC 21."""

from __future__ import annotations

from collections.abc import Iterator

from library.domain.description import Copy, CopyStatus, Creator, CreatorRole, HostItem, Link
from library.domain.marc import DataField
from library.marc.dialects import codes
from library.marc.dialects.codes import joined, trimmed, unique
from library.marc.dialects.irbis_fields import role_of
from library.marc.dialects.open_science import orcid

# The data fields of a record by tag, in their order.
Fields = dict[str, list[DataField]]

_NONE: tuple[DataField, ...] = ()
_RELATORS = {
    "aut": CreatorRole.AUTHOR,
    "aui": CreatorRole.AUTHOR,
    "com": CreatorRole.COMPILER,
    "edt": CreatorRole.EDITOR,
    "pbd": CreatorRole.EDITOR,
    "red": CreatorRole.EDITOR,
    "ill": CreatorRole.ILLUSTRATOR,
    "art": CreatorRole.ILLUSTRATOR,
    "rev": CreatorRole.REVIEWER,
    "opn": CreatorRole.REVIEWER,
    "ths": CreatorRole.SUPERVISOR,
    "dgs": CreatorRole.SUPERVISOR,
    "trl": CreatorRole.TRANSLATOR,
}
_PERSONS = ("100", "700")
_BODIES = ("110", "111", "710", "711")
_SUBJECTS = ("600", "610", "611", "630", "648", "650", "651")
_NOTES = (
    "500",
    "501",
    "502",
    "504",
    "507",
    "508",
    "511",
    "515",
    "518",
    "530",
    "533",
    "534",
    "538",
    "546",
    "550",
    "580",
)
_TITLES_IN_OTHER_SCRIPTS = ("245", "240", "246", "130", "730", "740")


def values(fields: Fields, tag: str, subfield_codes: str) -> Iterator[str]:
    """The values of these subfields in all fields with this tag."""
    for field in fields.get(tag, _NONE):
        yield from field.values(subfield_codes)


def title(fields: Fields) -> tuple[str, str, str, str]:
    """Title proper with its parts, parallel title, other title information, statement of responsibility (245)."""
    found = fields.get("245") or fields.get("246") or fields.get("240") or fields.get("130")
    if not found:
        return "", "", "", ""
    main: list[str] = []
    parallel, remainder, responsibility = "", "", ""
    before = ""
    for subfield in found[0].subfields:
        value = subfield.value.strip()
        if subfield.code in "anpk" and value:
            text = trimmed(value)
            main.append(text if not main else f"{', ' if before == 'n' else '. '}{text}")
        elif subfield.code == "b":
            own, _, other = value.partition(" = ") if before != "=" else ("", "", value)
            if other and not parallel:
                parallel, _, other = other.partition(" : ")
            remainder = joined([remainder, trimmed(own), trimmed(other)], " : ")
        elif subfield.code == "c":
            responsibility = joined([responsibility, trimmed(value)], " ; ")
        before = "=" if value.endswith("=") else subfield.code
    return "".join(main), trimmed(parallel), remainder, responsibility


def other_titles(fields: Fields) -> Iterator[str]:
    """Variant titles, and the title in its own script (880)."""
    for tag in ("246", "880"):
        for field in fields.get(tag, _NONE):
            if tag == "246" or (field.first("6") or "")[:3] in _TITLES_IN_OTHER_SCRIPTS:
                main = joined(map(trimmed, field.values("anp")), ". ")
                yield joined([main, *map(trimmed, field.values("b"))], " : ")


def creators(fields: Fields, responsibility: str) -> tuple[Creator, ...]:
    """Persons and bodies with their roles, main entry first; those of other works ($t) are left out."""
    found: list[Creator] = []
    for tag in (*_PERSONS, *_BODIES):
        for field in fields.get(tag, _NONE):
            if field.first("t") is not None:
                continue
            if tag in _BODIES:
                name = joined(map(trimmed, field.values("ab" if tag[1:] == "10" else "ae")), ". ")
                found += codes.creator(name, CreatorRole.BODY)
                continue
            name = joined([trimmed(field.first("a") or ""), *map(trimmed, field.values("bc"))], ", ")
            default = CreatorRole.AUTHOR if tag == "100" else codes.role_in_statement(name, responsibility)
            dates, number = trimmed(field.first("d") or ""), orcid(field.values("10"))
            found += codes.creator(name, _role(field, default), dates, number)
    for field in fields.get("720", _NONE):
        found += codes.creator(trimmed(field.first("a") or ""), _role(field, CreatorRole.OTHER))
    return tuple(dict.fromkeys(found))


def _role(field: DataField, default: CreatorRole) -> CreatorRole:
    for code in field.values("4"):
        known = _RELATORS.get(code.rpartition("/")[2].strip().lower())
        if known is not None:
            return known
    said = field.first("e") or ""
    return codes.stated_role(said) or role_of({"4": said}, default)


def edition(fields: Fields) -> str:
    """The edition statement (250)."""
    return trimmed(next((joined(field.values("ab"), " ") for field in fields.get("250", _NONE)), ""))


def imprint(fields: Fields, code: str) -> tuple[str, ...]:
    """Places ($a) or publishers ($b): of publications in 264, else of all imprints (260)."""
    made = fields.get("264", [])
    published = [field for field in made if field.indicators[1] == "1"] or made
    imprints = [*fields.get("260", _NONE), *published]
    return unique(codes.without_brackets(trimmed(value)) for field in imprints for value in field.values(code))


def year(coded: str, fields: Fields) -> int | None:
    """The year of publication: 008/07-10, else as it is written in the imprint."""
    found = codes.coded_year(coded[7:11])
    if found is not None:
        return found
    for tag in ("264", "260", "502"):
        for value in values(fields, tag, "cd"):
            found = codes.year_in(value)
            if found is not None:
                return found
    return None


def languages(coded: str, fields: Fields) -> tuple[str, ...]:
    """The languages of the text (041 $a, of a recording $d), else that of 008/35-37."""
    return codes.languages(values(fields, "041", "ad")) or codes.languages([coded[35:38]])


def extent(fields: Fields) -> str:
    """Extent, illustrations and size (300) with the signs between them."""
    for field in fields.get("300", _NONE):
        extents = joined(map(codes.without_signs, field.values("a")), ", ")
        other, size = codes.without_signs(field.first("b") or ""), codes.without_signs(field.first("c") or "")
        return joined([joined([extents, other], " : "), size], " ; ")
    return ""


def series(fields: Fields) -> tuple[str, ...]:
    """Series with the number in them (490, 440, else 830)."""
    found = [*fields.get("490", _NONE), *fields.get("440", _NONE)] or fields.get("830", [])
    return unique(
        joined([joined(map(trimmed, field.values("anp")), ". "), trimmed(field.first("v") or "")], " ; ")
        for field in found
    )


def subjects(fields: Fields) -> tuple[str, ...]:
    """Subject headings, each with its subdivisions."""
    found: list[str] = []
    for tag in _SUBJECTS:
        for field in fields.get(tag, _NONE):
            heading = joined([trimmed(value) for value in field.values("abcdtq")], ", ")
            found.append(joined([heading, *map(trimmed, field.values("vxyz"))], " — "))
    return unique(found)


def bbk(fields: Fields) -> tuple[str, ...]:
    """The numbers of the Library-Bibliographical Classification (084 $2 rubbk, rubbkm …)."""
    return unique(
        value.strip()
        for field in fields.get("084", _NONE)
        if "bbk" in (field.first("2") or "").lower()
        for value in field.values("a")
    )


def contents(fields: Fields) -> tuple[str, ...]:
    """The parts of the contents note (505), as they are told apart in it."""
    return unique(
        trimmed(part) for field in fields.get("505", _NONE) for part in " ".join(field.values("agrtu")).split(" -- ")
    )


def notes(fields: Fields) -> tuple[str, ...]:
    """The notes, in the order of their tags."""
    return unique(joined(field.values("abcdgo3"), " ").strip() for tag in _NOTES for field in fields.get(tag, _NONE))


def host(fields: Fields) -> HostItem | None:
    """What the document is part of (773)."""
    for field in fields.get("773", _NONE):
        place = joined([*field.values("g"), _from_linked_code(field.first("q") or "")], ", ")
        name = field.first("t") or field.first("s") or field.first("a") or ""
        if name:
            imprint_year = codes.year_in(field.first("g") or "") or codes.year_in(field.first("d") or "")
            return codes.host_item(
                name,
                place=place,
                year=imprint_year,
                issn_text=field.first("x") or "",
                isbn_text=field.first("z") or "",
            )
    return None


def _from_linked_code(text: str) -> str:
    """773 $q, "volume:issue<page", in words."""
    match = codes.LINKED.fullmatch(text.strip())
    if match is None:
        return ""
    labels = zip(("vol. ", "no. ", "p. "), match.groups(), strict=True)
    return ", ".join([label + value for label, value in labels if value])


def links(fields: Fields) -> tuple[Link, ...]:
    """The web addresses (856 $u) with what is said of them."""
    found = [
        codes.link(address, field.first("y") or field.first("3") or field.first("z") or "")
        for field in fields.get("856", _NONE)
        for address in field.values("u")
    ]
    return tuple(dict.fromkeys([address for address in found if address is not None]))


def copies(fields: Fields) -> tuple[Copy, ...]:
    """The copies: items of Koha (952) where there are any, else locations (852)."""
    items = [field for field in fields.get("952", _NONE) if field.first("pio") and field.first("ab")]
    if items:
        return tuple(map(_item, items))
    return tuple(
        Copy(
            barcode=(field.first("p") or "").strip(),
            place=joined(map(str.strip, field.values("abc")), ", "),
            shelfmark=joined(map(str.strip, field.values("khijlm")), " "),
            collection=(field.first("b") or "").strip(),
        )
        for field in fields.get("852", _NONE)
    )


def _item(field: DataField) -> Copy:
    lent, lost, withdrawn = field.first("q"), field.first("1") or "0", field.first("0") or "0"
    not_for_loan = field.first("7") or "0"
    status = CopyStatus.AVAILABLE
    if withdrawn != "0":
        status = CopyStatus.WRITTEN_OFF
    elif lost != "0":
        status = CopyStatus.LOST
    elif lent:
        status = CopyStatus.ON_LOAN
    elif not_for_loan.startswith("-"):
        status = CopyStatus.EXPECTED
    return Copy(
        inventory_number=(field.first("i") or "").strip(),
        barcode=(field.first("p") or "").strip(),
        place=joined([(field.first("b") or field.first("a") or "").strip(), (field.first("c") or "").strip()], ", "),
        shelfmark=(field.first("o") or "").strip(),
        status=status,
        collection=(field.first("8") or "").strip(),
    )
