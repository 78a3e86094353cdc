"""An IRBIS record as MARC 21.

Leader and 008 follow the rules by which IRBIS makes RUSMARC, put into the codes of MARC 21, with two departures: a book
whose kind (900 ^B) was never filled in is a monograph and no serial; only what has a host (463) is a part. The text
carries no ISBD signs of its own, and leader/18 says so. 001 is the document's code (903); copies are 852; what has no
counterpart is kept whole in 887.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from library.domain.description import Description, Material
from library.domain.marc import ControlField, DataField, Field, MarcRecord
from library.marc.dialects.codes import year_in
from library.marc.dialects.irbis_description import describe
from library.marc.dialects.irbis_fields import (
    ROLES,
    Fields,
    Values,
    displayed,
    isbn,
    issn,
    language,
    main,
    shelfmark,
)
from library.marc.dialects.irbis_marc21_fields import COUNTRIES, RULES, body_field, kept_whole, made, person_field
from library.marc.dialects.irbis_material import ISSUE_WORKSHEETS, type_code, worksheet
from library.marc.irbis.values import joined

# UNIMARC leader/06 to that of MARC 21; a letter that is not here means the same in both.
_TYPES = {"b": "t", "l": "m", "m": "o"}
_KNOWN_TYPES = frozenset("acdefgijkmoprt")
# Values of 900 ^B: up to 07 they are kinds of books, above it kinds of parts.
_KINDS_OF_PARTS = frozenset({"8", "9", *(f"{kind:02d}" for kind in range(8, 100))})
# "Pages" before their numbers, in the language of the article.
_PAGES = {"kir": "Б.", "rus": "С.", "uzb": "B."}
_DATE_LENGTH = 8
_NAMES = "abcdfgpx149"
_BODY_NAMES = "abcfn"
# Subfields that 245, 773, 041, 040 and 090 carry.
_CARRIED = {
    "101": frozenset(("", "a")),
    "200": frozenset("abefgv"),
    "461": frozenset("cdeghx"),
    "463": frozenset("acdghijksvw"),
    "903": frozenset(("", "a")),
    "908": frozenset(("", "a")),
    "919": frozenset("aok"),
    "923": frozenset("hi"),
    "963": frozenset("ix"),
    **dict.fromkeys(("700", "701", "702", "961"), frozenset(_NAMES)),
    **dict.fromkeys(("710", "711", "962", "971", "972"), frozenset(_BODY_NAMES)),
}
# Subfields that MARC 21 says in its own words: numbers, roles (^4 "340 ред."), names not to be inverted (^9).
_RECODED = {
    "10": "ad",
    "11": "a",
    "963": "i",
    **dict.fromkeys(("700", "701", "702", "961"), "49"),
}
_WORD = re.compile(r"\w+")


class _AllTags:
    """A container that holds every tag."""

    def __contains__(self, _tag: object) -> bool:
        return True


def to_marc21(marc: MarcRecord) -> MarcRecord:
    """The record in MARC 21, fields in the order of their tags; no record is refused."""
    fields = Fields.of(marc, _AllTags())
    description = describe(marc)
    leader = _leader(fields, description)
    names = list(_names(fields))
    made_fields: list[Field] = [
        *_control_fields(fields, description, leader),
        *_languages(fields),
        *_call_number(fields),
        *names,
        *_title(fields, description, has_main_entry=any(name.tag.startswith("1") for name in names)),
        *_hosts(fields, description),
    ]
    for tag, rule in RULES.items():
        for values in _imprints(fields) if tag == "210" else fields.all(tag):
            made_fields += rule.convert(values)
    made_fields += _remains(marc, made_fields)
    return MarcRecord(leader, tuple(sorted(made_fields, key=lambda field: field.tag)))


def _leader(fields: Fields, description: Description) -> str:
    code = type_code(fields)
    code = _TYPES.get(code, code)
    volume = description.material is Material.VOLUME
    part = " " if not volume else "b" if fields.first("200", "a") else "c"
    return f"00000n{code if code in _KNOWN_TYPES else 'a'}{_level(fields)} a2200000uc{part}4500"


def _level(fields: Fields) -> str:
    """Leader/07: the bibliographic level, from the worksheet and the kind of document (900 ^B)."""
    name = worksheet(fields)
    if name == "J":
        return "s"
    if name == "NJK":
        return "c"
    if name in ISSUE_WORKSHEETS:
        return "m"
    is_part = fields.first("900", "b") in _KINDS_OF_PARTS and "463" in fields.by_tag
    return "a" if is_part or name == "ASP" else "m"


def _control_fields(fields: Fields, description: Description, leader: str) -> Iterator[Field]:
    code = fields.text("903")
    if code:
        yield ControlField("001", code)
    dates = sorted(date for values in fields.all("907") if _is_date(date := values.get("a", "")))
    if dates:
        yield ControlField("005", f"{dates[-1]}000000.0")
    entered = dates[0][2:] if dates else "000000"
    yield ControlField("008", _fixed_codes(fields, description, leader, entered))


def _is_date(text: str) -> bool:
    return len(text) == _DATE_LENGTH and text.isascii() and text.isdigit()


def _fixed_codes(fields: Fields, description: Description, leader: str, entered: str) -> str:
    """Field 008: dates, country, codes of the material where they are known, language."""
    year = f"{description.year:04d}" if description.year else "    "
    until = year_in(fields.first("210", "d").rpartition("-")[2])
    if leader[7] == "s":
        dates = f"c{year if description.year else 'uuuu'}9999"
    elif description.year and until and until > description.year:
        dates = f"m{year}{until:04d}"
    else:
        dates = f"s{year}    " if description.year else "nuuuuuuuu"
    country = COUNTRIES.get(fields.text("102").upper(), "xx")
    language_code = description.languages[0] if description.languages else "und"
    return f"{entered}{dates}{country:<3}{_material_codes(fields, description, leader)}{language_code} d"


def _material_codes(fields: Fields, description: Description, leader: str) -> str:
    if leader[6] not in "at":
        return "|" * 17
    if leader[7] == "s":
        return "  " + " p" + " " * 7 + "0" + "   " + "|0"
    illustrated = "a   " if fields.first("215", "c") else "    "
    thesis = "m" if description.material in {Material.DISSERTATION, Material.DISSERTATION_ABSTRACT} else " "
    meeting = "1" if any(fields.all("971", "972")) else "0"
    return f"{illustrated}  {thesis}    {meeting}00 | "


def _languages(fields: Fields) -> Iterator[DataField]:
    own = [code for values in fields.all("101") if (code := language(main(values)))]
    original = language(fields.first("919", "o"))
    translated = bool(original) and original not in own
    if len(own) > 1 or translated:
        yield from made(
            "041", "1 " if translated else "0 ", *(("a", code) for code in own), ("h", original if translated else "")
        )
    yield from made("040", "  ", ("b", language(fields.first("919", "a"))), ("e", fields.first("919", "k").lower()))


def _call_number(fields: Fields) -> list[DataField]:
    mark, author = shelfmark(fields), fields.text("908")
    return made("090", "  ", ("a", mark), ("b", "" if author and author in mark else author))


def _names(fields: Fields) -> Iterator[DataField]:
    """The main entry (100, 110 or 111, of a first author or else a first body) and all added ones."""
    main_taken = False
    for tag in ("700", "701", "961", "702"):
        for values in fields.all(tag):
            target = "100" if tag == "700" and not main_taken else "700"
            found = person_field(target, values, author=tag != "702")
            main_taken = main_taken or (target == "100" and bool(found))
            yield from found
    for tag, added in (("710", "710"), ("971", "711"), ("711", "710"), ("972", "711"), ("962", "710")):
        for values in fields.all(tag):
            is_main = not main_taken and tag in {"710", "971"}
            found = body_field(f"1{added[1:]}" if is_main else added, values)
            main_taken = main_taken or (is_main and bool(found))
            yield from found


def _title(fields: Fields, description: Description, *, has_main_entry: bool) -> list[DataField]:
    own, whole = displayed(fields.first("200", "a")), displayed(fields.first("461", "c"))
    volume = fields.first("200", "v")
    section = [(code, values.get(old, "")) for values in fields.all("923") for old, code in (("h", "n"), ("i", "p"))]
    return made(
        "245",
        "10" if has_main_entry else "00",
        ("a", whole or own or description.title),
        ("n", volume),
        ("p", own if whole else ""),
        *section,
        ("h", fields.first("200", "b")),
        ("b", description.remainder),
        ("c", description.responsibility),
    )


def _hosts(fields: Fields, description: Description) -> Iterator[DataField]:
    """What an article (463 with 963) or a volume (461) is part of: 773."""
    number = fields.first("963", "i")
    pages = _PAGES.get(description.languages[0] if description.languages else "rus", "P.")
    for index, values in enumerate(fields.all("463")):
        first = index == 0
        place = ", ".join([values[code] for code in "dgj" if code in values])
        yield from made(
            "773",
            "0 ",
            ("a", fields.first("963", "x") if first else ""),
            ("t", displayed(values.get("c", ""))),
            ("d", place),
            ("g", _part(values, pages)),
            ("x", issn(number) if first else ""),
            ("z", isbn(number) if first else ""),
            ("w", values.get("w", "")),
        )
    for values in fields.all("461"):
        imprint = ", ".join([values[code] for code in "dgh" if code in values])
        yield from made("773", "0 ", ("a", values.get("x", "")), ("t", displayed(values.get("c", ""))), ("d", imprint))


def _part(values: Values, word: str) -> str:
    said = [values[code] for code in "vahikl" if code in values]
    pages = values.get("s", "")
    if pages:
        said.append(f"{word} {pages}" if pages[0].isdigit() else pages)
    return ", ".join(said)


def _imprints(fields: Fields) -> Iterator[Values]:
    """The imprints (210); place and publisher of a volume may stand with its set alone (461)."""
    own = list(fields.all("210"))
    if any(values.keys() & {"a", "c"} for values in own):
        yield from own
        return
    of_set = {code: fields.first("461", old) for code, old in (("a", "d"), ("c", "g"), ("d", "h"))}
    yield from ({**of_set, **values} for values in own or [{}])


def _remains(marc: MarcRecord, made_fields: list[Field]) -> Iterator[DataField]:
    """Each field that MARC 21 does not carry in full, whole; of 907 all but the name."""
    said = {
        word
        for field in made_fields
        for text in ((field.value,) if isinstance(field, ControlField) else [part.value for part in field.subfields])
        for word in _words(text)
    }
    for field in marc.fields:
        if not isinstance(field, DataField) or _is_carried(field, said):
            continue
        subfields = field.subfields
        if field.tag == "907":
            subfields = tuple([subfield for subfield in subfields if subfield.code not in {"b", "B"}])
        if subfields:
            yield kept_whole(field.tag, joined(subfields))


def _is_carried(field: DataField, said: set[str]) -> bool:
    """Whether the subfields have a place in MARC 21, and their words were indeed said there."""
    rule = RULES.get(field.tag)
    carried = rule.carried if rule is not None else _CARRIED.get(field.tag, frozenset())
    filled = [subfield for subfield in field.subfields if subfield.value.strip()]
    codes = [subfield.code.lower() for subfield in filled]
    if len(set(codes)) < len(codes) or not carried.issuperset(codes):
        return False
    if field.tag == "101":
        return all(language(subfield.value) for subfield in filled)
    recoded = _RECODED.get(field.tag, "")
    return all(
        (bool(code) and code in recoded and _is_understood(code, subfield.value))
        or said.issuperset(_words(subfield.value))
        for subfield, code in zip(filled, codes, strict=True)
    )


def _is_understood(code: str, value: str) -> bool:
    """Whether MARC 21 has a code of its own for what a subfield says: a role needs a number that is known."""
    if code == "4":
        return value[:3] in ROLES
    return code != "9" or value.strip() == "1"


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())
