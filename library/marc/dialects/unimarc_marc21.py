"""A UNIMARC record as MARC 21.

Fields go over one by one by the table below; the text carries no ISBD signs, and leader/18 says so. A field that MARC
21 can't carry in full is kept whole as well, in 887 (non-MARC information): $a "tag indicators$a…", $2 "unimarc". So
nothing is lost. Linking fields 4-- lose their embedding: 461-463 become 773, others 765-787, with author, title,
imprint, place in the host, ISSN, ISBN and number of the record that they name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from library.domain.marc import ControlField, DataField, Field, MarcRecord, Subfield
from library.marc.dialects import codes, unimarc_coded
from library.marc.dialects.codes import joined
from library.marc.dialects.irbis_marc21_fields import COUNTRIES, made
from library.marc.dialects.unimarc_embedded import linked
from library.marc.dialects.unimarc_parts import NOT_TITLES, Fields, person, title_of_set

_SAME_SUBJECT = {"a": "a", "x": "x", "y": "z", "z": "y", "j": "v", "2": "2", "3": "0"}


@dataclass(frozen=True, slots=True)
class _Rule:
    """Where a field goes: its tag and indicators in MARC 21, and its subfield codes there."""

    tag: str
    indicators: str
    subfields: Mapping[str, str]


_RULES = {
    "010": _Rule("020", "  ", {"a": "a", "b": "q", "d": "c", "z": "z"}),
    "011": _Rule("022", "  ", {"a": "a", "y": "y", "z": "z"}),
    "020": _Rule("015", "  ", {"b": "a", "a": "2"}),
    "021": _Rule("017", "  ", {"b": "a", "a": "b"}),
    "205": _Rule("250", "  ", {"a": "a", "b": "b"}),
    "214": _Rule("264", " 1", {"a": "a", "c": "b", "d": "c"}),
    "215": _Rule("300", "  ", {"a": "a", "c": "b", "d": "c", "e": "e"}),
    "225": _Rule("490", "0 ", {"a": "a", "h": "a", "i": "a", "v": "v", "x": "x"}),
    **{tag: _Rule("500", "  ", {"a": "a"}) for tag in ("300", "301", "304", "305", "306", "307", "308", "312", "314")},
    "320": _Rule("504", "  ", {"a": "a"}),
    "321": _Rule("510", "0 ", {"a": "a", "x": "x"}),
    "322": _Rule("508", "  ", {"a": "a"}),
    "323": _Rule("511", "0 ", {"a": "a"}),
    "326": _Rule("310", "  ", {"a": "a", "b": "b"}),
    "327": _Rule("505", "0 ", {"a": "a"}),
    "328": _Rule("502", "  ", {"a": "a", "b": "b", "c": "c", "d": "d", "e": "c"}),
    "330": _Rule("520", "  ", {"a": "a"}),
    "333": _Rule("521", "  ", {"a": "a"}),
    "337": _Rule("538", "  ", {"a": "a"}),
    "500": _Rule("240", "10", {"a": "a", "h": "n", "i": "p", "m": "l"}),
    "510": _Rule("246", "31", {"a": "a", "e": "b", "h": "n", "i": "p"}),
    "512": _Rule("246", "34", {"a": "a", "e": "b"}),
    "513": _Rule("246", "35", {"a": "a", "e": "b"}),
    "514": _Rule("246", "36", {"a": "a", "e": "b"}),
    "515": _Rule("246", "37", {"a": "a", "e": "b"}),
    "516": _Rule("246", "38", {"a": "a", "e": "b"}),
    "517": _Rule("246", "3 ", {"a": "a", "e": "b"}),
    "532": _Rule("246", "3 ", {"a": "a"}),
    "541": _Rule("242", "10", {"a": "a", "e": "b", "z": "y"}),
    "602": _Rule("600", "34", {"a": "a", "x": "x", "y": "z", "z": "y", "j": "v", "f": "d"}),
    "605": _Rule("630", "04", {"a": "a", "x": "x", "y": "z", "z": "y", "j": "v"}),
    "606": _Rule("650", " 4", _SAME_SUBJECT),
    "607": _Rule("651", " 4", _SAME_SUBJECT),
    "608": _Rule("655", " 4", _SAME_SUBJECT),
    "610": _Rule("653", "  ", {"a": "a"}),
    "675": _Rule("080", "  ", {"a": "a", "v": "2"}),
    "676": _Rule("082", "04", {"a": "a", "v": "2"}),
    "680": _Rule("050", " 4", {"a": "a", "b": "b"}),
    "686": _Rule("084", "  ", {"a": "a", "b": "b", "2": "2"}),
    "856": _Rule("856", "", {"u": "u", "z": "z", "2": "y", "q": "q", "s": "s", "a": "a", "d": "d", "f": "f"}),
    "899": _Rule("852", "  ", {code: code for code in "abchijklmptxz"}),
}
_LINKS = {
    "410": ("830", " 0"), "421": ("770", "0 "), "422": ("772", "0 "), "423": ("777", "0 "), "430": ("780", "00"),
    "440": ("785", "00"), "451": ("775", "0 "), "452": ("776", "0 "), "453": ("767", "0 "), "454": ("765", "0 "),
    "455": ("775", "0 "), "456": ("775", "0 "), "461": ("773", "0 "), "462": ("773", "0 "), "463": ("773", "0 "),
    "464": ("774", "0 "), "470": ("787", "0 "), "481": ("777", "0 "), "482": ("777", "0 "), "488": ("787", "0 "),
}  # fmt: skip
# What of the embedded fields is in the field made of them.
_LINKED = {"001": "", "010": "a", "011": "a", "200": "av", "205": "a", "210": "acd", "700": "ab"}
_PERSONS = {"700": "100", "701": "700", "702": "700", "600": "600"}
_BODIES = {"710": ("110", "111"), "711": ("710", "711"), "712": ("710", "711"), "601": ("610", "611")}
# UNIMARC relator codes (appendix C) to those of MARC.
_RELATORS = {
    "010": "adp", "030": "arr", "040": "art", "070": "aut", "072": "aqt", "075": "aft", "080": "aui", "100": "ant",
    "180": "ctg", "200": "chr", "205": "clb", "210": "cmm", "220": "com", "230": "cmp", "245": "ccp", "300": "drt",
    "305": "dis", "320": "dnr", "340": "edt", "395": "fmo", "410": "art", "440": "ill", "470": "ivr", "557": "orm",
    "570": "oth", "600": "pht", "605": "pht", "610": "prt", "630": "pro", "650": "pbl", "651": "pbd", "673": "rth",
    "675": "rev", "695": "sad", "727": "ths", "730": "trl", "760": "wde",
}  # fmt: skip
_TITLE = "abcdefghiv"
_LAST = "20"  # source and number of a heading
_RELATION = {"0": "a", "1": "c", "2": "d"}  # 801 second indicator to 040


def to_marc21(marc: MarcRecord) -> MarcRecord:
    """The record in MARC 21, fields in the order of their tags; no record is refused."""
    leader = unimarc_coded.leader(marc.leader)
    fields: Fields = {}
    for field in marc.fields:
        if isinstance(field, DataField):
            fields.setdefault(field.tag, []).append(field)
    has_main_entry = "700" in fields or "710" in fields
    made_fields: list[Field] = [
        ControlField("008", unimarc_coded.fixed_codes(marc, leader)),
        *_agencies(fields),
        *_title(fields, marc.leader, has_main_entry=has_main_entry),
    ]
    for field in marc.fields:
        if isinstance(field, ControlField):
            if field.tag in ("001", "005"):
                made_fields.append(field)
            else:
                made_fields.append(_kept(f"{field.tag} {field.value}"))
            continue
        converted, is_whole = _converted(field)
        made_fields += converted
        if not is_whole or (field.tag == "200" and field is not fields["200"][0]):
            subfields = "".join([f"${subfield.code}{subfield.value}" for subfield in field.subfields])
            made_fields.append(_kept(f"{field.tag} {field.indicators}{subfields}"))
    return MarcRecord(leader, tuple(sorted(made_fields, key=lambda field: field.tag)))


def _kept(text: str) -> DataField:
    return DataField("887", "  ", (Subfield("a", text), Subfield("2", "unimarc")))


def _converted(field: DataField) -> tuple[list[DataField], bool]:
    """The fields of MARC 21 made of this one, and whether all of it is in them."""
    rule = _RULES.get(field.tag)
    if rule is not None:
        return _by_rule(field, rule)
    convert = _OWN.get(field.tag)
    return convert(field) if convert is not None else ([], False)


def _has_only(field: DataField, subfield_codes: str) -> bool:
    return all(subfield.code in subfield_codes for subfield in field.subfields)


def _has_once(field: DataField, subfield_codes: str) -> bool:
    """Whether none of these subfields is repeated, for of each the first alone is carried over."""
    found = [subfield.code for subfield in field.subfields if subfield.code in subfield_codes]
    return len(found) == len(set(found))


def _by_rule(field: DataField, rule: _Rule) -> tuple[list[DataField], bool]:
    subfields = [(rule.subfields[s.code], s.value) for s in field.subfields if s.code in rule.subfields]
    subfields.sort(key=lambda subfield: subfield[0] in _LAST)
    indicators = rule.indicators or field.indicators
    if any(code == "2" for code, _ in subfields) and rule.tag in {"650", "651", "655"}:
        indicators = indicators[0] + "7"
    return made(rule.tag, indicators, *subfields), all(s.code in rule.subfields for s in field.subfields)


def _imprint(field: DataField) -> tuple[list[DataField], bool]:
    """210 as 264: publication, and production where there is any."""
    published = [(code, value) for old, code in (("a", "a"), ("c", "b"), ("d", "c")) for value in field.values(old)]
    produced = [(code, value) for old, code in (("e", "a"), ("g", "b"), ("h", "c")) for value in field.values(old)]
    return made("264", " 1", *published) + made("264", " 3", *produced), _has_only(field, "acdegh")


def _languages(field: DataField) -> tuple[list[DataField], bool]:
    targets = {"a": "a", "b": "k", "c": "h", "d": "b", "e": "f", "h": "e", "j": "j"}
    subfields = [(targets[s.code], s.value) for s in field.subfields if s.code in targets]
    indicator = field.indicators[0] if field.indicators[0] in "01" else " "
    return made("041", f"{indicator} ", *subfields), _has_only(field, "".join(targets))


def _country(field: DataField) -> tuple[list[DataField], bool]:
    known = [COUNTRIES.get(value.strip().upper(), "") for value in field.values("a")]
    subfields = [("a", code) for code in known] if all(known) else [("c", value) for value in field.values("a")]
    return made("044", "  ", *subfields), _has_only(field, "a")


def _agencies(fields: Fields) -> Iterator[DataField]:
    """801 as one 040."""
    found = fields.get("801", [])
    subfields = [(_RELATION.get(field.indicators[1], "d"), value) for field in found for value in field.values("b")]
    rules = codes.unique(value.lower() for field in found for value in field.values("g"))
    yield from made("040", "  ", *subfields, *(("e", rule) for rule in rules))


def _title(fields: Fields, leader: str, *, has_main_entry: bool) -> Iterator[DataField]:
    """200 as 245, and its parallel titles as 246."""
    for field in fields.get("200", [])[:1]:
        own, *others = [*field.values("a")] or [""]
        whole = title_of_set(fields, leader, codes.trimmed(own))
        parts = [("n" if s.code in "hv" else "p", s.value) for s in field.subfields if s.code in "hiv"]
        if whole:
            parts.insert(0, ("n", own))
        parallel = list(field.values("d"))
        rest = [*others, *field.values("c"), *(f"= {text}" for text in parallel), *field.values("e")]
        yield from made(
            "245",
            "10" if has_main_entry else "00",
            ("a", whole or own or codes.UNTITLED),
            *parts,
            ("h", joined(field.values("b"), ", ")),
            ("b", joined(rest, " : ").removeprefix("= ") if parallel and not others else joined(rest, " : ")),
            ("c", joined(field.values("fg"), " ; ")),
        )
        for text in parallel:
            yield from made("246", "31", ("a", text))
    if "200" not in fields:
        first = codes.in_words([field for found in fields.values() for field in found], NOT_TITLES)
        yield from made("245", "00", ("a", first))


def _person(field: DataField) -> tuple[list[DataField], bool]:
    name = joined([field.first("a") or "", field.first("b") or ""], ", ")
    roles = [_RELATORS.get(code.strip()[:3], "") for code in field.values("4")]
    subfields = [
        ("a", name),
        ("b", field.first("d") or ""),
        *(("c", value) for value in field.values("c")),
        ("q", field.first("g") or ""),
        ("d", field.first("f") or ""),
        ("u", field.first("p") or ""),
        *(("4", role) for role in roles),
        ("x", field.first("x") or ""),
        ("2", field.first("2") or ""),
        ("0", field.first("3") or ""),
    ]
    second = " " if field.tag != "600" else "7" if field.first("2") else "4"
    is_whole = _has_only(field, "abcdfgpx234") and _has_once(field, "abdfgpx23") and all(roles)
    return made(_PERSONS[field.tag], ("1" if "," in name else "0") + second, *subfields), is_whole


def _body(field: DataField) -> tuple[list[DataField], bool]:
    is_meeting = field.indicators[0] == "1"
    tag = _BODIES[field.tag][is_meeting]
    place = [("c", value) for code in ("c", "e") for value in field.values(code)]
    subfields = [
        ("a", field.first("a") or ""),
        *((("e" if is_meeting else "b"), value) for value in field.values("b")),
        *(("n", value) for value in field.values("d")),
        ("d", field.first("f") or ""),
        *place,
        *(("x", value) for value in field.values("x")),
        ("2", field.first("2") or ""),
        ("0", field.first("3") or ""),
    ]
    second = " " if field.tag != "601" else "7" if field.first("2") else "4"
    return made(tag, "2" + second, *subfields), _has_only(field, "abcdefx23") and _has_once(field, "af23")


def _link(field: DataField) -> tuple[list[DataField], bool]:
    tag, indicators = _LINKS[field.tag]
    found = linked(field)
    named = found.marc
    authors = [person(entry) for entry in named.all("700")]
    imprint = joined([value for entry in named.all("210") for value in entry.values("acd")], ", ")
    name = named.first("200", "a") or ""
    subfields = [
        ("a", name if tag == "830" else joined(authors, "; ")),
        ("b", named.first("205", "a") or ""),
        ("t", "" if tag == "830" else name),
        ("d", imprint),
        ("v" if tag == "830" else "g", found.place),
        ("x", named.first("011", "a") or ""),
        ("z", named.first("010", "a") or ""),
        ("w", named.control("001") or ""),
    ]
    before = "".join([subfield.code for subfield in field.subfields]).partition("1")[0]
    is_whole = (
        tag != "830"
        and set(before) <= set("tadcxyvp")
        and all(
            isinstance(entry, ControlField) or _has_only(entry, _LINKED.get(entry.tag, "")) for entry in named.fields
        )
    )
    return made(tag, indicators, *subfields), is_whole


def _title_elsewhere(field: DataField) -> tuple[list[DataField], bool]:
    """245 is made of the whole record; here it is only told whether all of 200 is in it."""
    return [], _has_only(field, _TITLE)


_OWN: Mapping[str, Callable[[DataField], tuple[list[DataField], bool]]] = {
    "101": _languages,
    "102": _country,
    "200": _title_elsewhere,
    "210": _imprint,
    **dict.fromkeys(_LINKS, _link),
    **dict.fromkeys(_PERSONS, _person),
    **dict.fromkeys(_BODIES, _body),
}
