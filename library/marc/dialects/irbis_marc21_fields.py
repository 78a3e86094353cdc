"""IRBIS fields that become MARC 21 fields one by one, and what becomes of those that have no counterpart.

A field that MARC 21 can't carry in full goes whole into 887 (non-MARC information): $a "tag: text" as IRBIS writes it,
$2 "irbis". So nothing is lost but the names of cataloguers (907 ^B), which are never exported.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from library.domain.description import CreatorRole
from library.domain.marc import DataField, Subfield
from library.marc.dialects.codes import isbn_agrees, issn_agrees
from library.marc.dialects.irbis_fields import Values, body, displayed, extent_of, isbn, issn, main, person, role_of

_NO_INDICATORS = "  "
_ADDRESS = re.compile(r"(?:https?|ftps?)://\S+$", re.IGNORECASE)
# MARC relator codes.
_RELATORS = {
    CreatorRole.AUTHOR: "aut",
    CreatorRole.COMPILER: "com",
    CreatorRole.EDITOR: "edt",
    CreatorRole.ILLUSTRATOR: "ill",
    CreatorRole.REVIEWER: "rev",
    CreatorRole.SUPERVISOR: "ths",
    CreatorRole.TRANSLATOR: "trl",
}
# ISO 3166 to the MARC code list for countries.
COUNTRIES = {
    "AZ": "aj", "BY": "bw", "CN": "cc", "DE": "gw", "FR": "fr", "GB": "xxk", "IN": "ii", "IR": "ir", "IT": "it",
    "JP": "ja", "KG": "kg", "KR": "ko", "KZ": "kz", "RU": "ru", "SU": "ur", "TJ": "ta", "TM": "tk", "TR": "tu",
    "UA": "un", "US": "xxu", "UZ": "uz",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Rule:
    """How one IRBIS field becomes MARC 21 fields, and the subfields that are in them afterwards ("" is the text)."""

    convert: Callable[[Values], list[DataField]]
    carried: frozenset[str]


def made(tag: str, indicators: str, *subfields: tuple[str, str]) -> list[DataField]:
    """The field with those of these subfields that say anything; none where all are empty."""
    said = tuple([Subfield(code, value) for code, value in subfields if value])
    return [DataField(tag, indicators, said)] if said else []


def kept_whole(tag: str, text: str) -> DataField:
    """The field of MARC 21 that keeps an IRBIS field as it is."""
    return DataField("887", _NO_INDICATORS, (Subfield("a", f"{tag}: {text}"), Subfield("2", "irbis")))


def person_field(tag: str, values: Values, *, author: bool) -> list[DataField]:
    """A personal name (100, 600, 700); `author` says what a name without a role is."""
    name = person({code: values[code] for code in values.keys() & {"", "a", "b", "g", "r", "x", "9"}})
    role = role_of(values, CreatorRole.AUTHOR if author else CreatorRole.OTHER)
    return made(
        tag,
        "0 " if "9" in values or "," not in name else "1 ",
        ("a", name),
        ("b", values.get("d", "")),
        *(("c", values.get(code, "")) for code in "1c"),
        ("q", values.get("g", "") if "b" in values else ""),
        ("d", values.get("f", "")),
        ("e", (values.get("4") or values.get("5", "")).lstrip("0123456789 ")),
        ("u", values.get("p", "")),
        ("4", _RELATORS.get(role, "")),
    )


def body_field(tag: str, values: Values) -> list[DataField]:
    """The name of an organisation (110, 610, 710) or of a meeting (111, 711)."""
    name = values.get("a") or values.get("r") or values.get("7", "")
    part = "e" if tag.endswith("11") else "b"
    place, number, date = values.get("c", ""), values.get("n", ""), values.get("f", "")
    return made(tag, "2 ", ("a", name), (part, values.get("b", "")), ("n", number), ("d", date), ("c", place))


def _isbn(values: Values) -> list[DataField]:
    number = isbn(values.get("a", ""))
    number = number if isbn_agrees(number) else ""
    price = " ".join([values[code] for code in "dc" if code in values])
    wrong = [("z", "" if number else values.get("a", "")), ("z", values.get("z", ""))]
    return made("020", _NO_INDICATORS, ("a", number), ("q", values.get("b", "")), ("c", price), *wrong)


def _issn(values: Values) -> list[DataField]:
    number = issn(values.get("a", ""))
    number = number if issn_agrees(number) else ""
    return made("022", _NO_INDICATORS, ("a", number), ("y", "" if number else values.get("a", "")))


def _country(values: Values) -> list[DataField]:
    code = main(values).upper()
    return made("044", _NO_INDICATORS, ("a", COUNTRIES.get(code, "")), ("c", code.lower()))


def _imprint(values: Values) -> list[DataField]:
    published = made(
        "264",
        " 1",
        *(("a", values.get(code, "")) for code in "axy"),
        ("b", values.get("c", "")),
        ("c", values.get("d", "")),
    )
    return published + made("264", " 3", ("a", values.get("1", "")), ("b", values.get("t", "")))


def _extent(values: Values) -> list[DataField]:
    extent, illustrations, size = extent_of(values)
    return made("300", _NO_INDICATORS, ("a", extent), ("b", illustrations), ("c", size))


def _content(values: Values) -> list[DataField]:
    title = displayed(values.get("c") or main(values))
    author = values.get("f", "")
    return made("505", "0 ", ("a", f"{title} / {author}" if title and author else title))


def _thesis(values: Values) -> list[DataField]:
    said = [values[code] for code in ("", *"anb") if code in values]
    return made("502", _NO_INDICATORS, ("a", " ".join(said)))


def _subject(tag: str) -> Callable[[Values], list[DataField]]:
    def convert(values: Values) -> list[DataField]:
        return made(
            tag,
            " 4",
            ("a", displayed(main(values))),
            *(("x", displayed(values.get(code, ""))) for code in "bcd"),
            *(("z", values.get(code, "")) for code in "geo"),
            ("y", values.get("h", "")),
            ("v", values.get("9", "")),
        )

    return convert


def _person_as_subject(values: Values) -> list[DataField]:
    name = person({code: values[code] for code in values.keys() & {"a", "b", "g", "9"}}) or main(values)
    kind = "14" if "," in name else "04"
    return made(
        "600", kind, ("a", name), ("b", values.get("d", "")), ("c", values.get("c", "")), ("d", values.get("f", ""))
    )


def _body_as_subject(values: Values) -> list[DataField]:
    return made("610", "24", ("a", body(values) or main(values)))


def _copy(values: Values) -> list[DataField]:
    number, barcode = values.get("b", ""), values.get("h", "")
    return made(
        "852",
        _NO_INDICATORS,
        ("b", values.get("d", "")),
        ("p", barcode or number),
        ("t", values.get("1", "") if values.get("a", "").lower() in {"u", "c"} else ""),
        ("x", f"inventory number {number}" if barcode and number else ""),
    )


def _link(values: Values) -> list[DataField]:
    """An address where it is one of the web or of FTP; anything else is the name of a file."""
    said = [values[code] for code in "ia" if code in values]
    text = values.get("t", "")
    addresses = [address for address in said if _ADDRESS.match(address)]
    if not addresses:
        return made("856", "7 ", *(("f", name) for name in said), ("z", text), ("2", "file" if said else ""))
    method = "1 " if addresses[0].lower().startswith("ftp") else "4 "
    names = [("f", name) for name in said if name not in addresses]
    return made("856", method, *(("u", address) for address in addresses), *names, ("z", text))


def _related(tag: str) -> Callable[[Values], list[DataField]]:
    def convert(values: Values) -> list[DataField]:
        imprint = ", ".join([values[code] for code in "dgh" if code in values])
        title = displayed(values.get("c") or main(values))
        return made(tag, "0 ", ("a", values.get("x", "")), ("t", title), ("g", values.get("v", "")), ("d", imprint))

    return convert


def _note(tag: str, indicators: str = _NO_INDICATORS, *more: tuple[str, str]) -> Callable[[Values], list[DataField]]:
    def convert(values: Values) -> list[DataField]:
        text = displayed(main(values))
        return made(tag, indicators, ("a", text), *(more if text else ()))

    return convert


def _renamed(tag: str, indicators: str, codes: str) -> Callable[[Values], list[DataField]]:
    """A rule that only renames subfields: "da eb" makes ^D $a and ^E $b."""
    pairs = [tuple(pair) for pair in codes.split()]

    def convert(values: Values) -> list[DataField]:
        return made(tag, indicators, *((new, displayed(values.get(old, ""))) for old, new in pairs))

    return convert


def _rule(carried: Iterable[str], convert: Callable[[Values], list[DataField]]) -> Rule:
    return Rule(convert, frozenset(carried))


_TEXT = ("", "a")
RULES = {
    "10": _rule("abcdz", _isbn),
    "11": _rule("a", _issn),
    "20": _rule("b", _renamed("015", _NO_INDICATORS, "ba")),
    "102": _rule(_TEXT, _country),
    "205": _rule("a", _renamed("250", _NO_INDICATORS, "aa")),
    "210": _rule("acdxyt1", _imprint),
    "215": _rule("a1c", _extent),
    "46": _rule("aiv", _renamed("490", "0 ", "aa ix vv")),
    "225": _rule("aiv", _renamed("490", "0 ", "aa ix vv")),
    "300": _rule(_TEXT, _note("500")),
    "314": _rule(_TEXT, _note("500")),
    "320": _rule(_TEXT, _note("504")),
    "327": _rule(_TEXT, _note("505", "0 ")),
    "328": _rule(("", *"anb"), _thesis),
    "330": _rule(("", *"acf"), _content),
    "331": _rule(_TEXT, _note("520")),
    "333": _rule(_TEXT, _note("521")),
    "337": _rule(_TEXT, _note("538")),
    "422": _rule("acdghvx", _related("772")),
    "451": _rule("acdghvx", _related("775")),
    "452": _rule("acdghvx", _related("776")),
    "454": _rule("acdghvx", _related("765")),
    "481": _rule("c", _renamed("501", _NO_INDICATORS, "ca")),
    "488": _rule("acdghvx", _related("787")),
    "510": _rule("de", _renamed("246", "31", "da eb")),
    "517": _rule("ae", _renamed("246", "3 ", "aa eb")),
    "541": _rule(_TEXT, _note("246", "3 ")),
    "600": _rule(("", *"abcdfg"), _person_as_subject),
    "601": _rule(("", *"abcfn"), _body_as_subject),
    "606": _rule(("", *"abcdegho9"), _subject("650")),
    "607": _rule(("", *"abcdegho9"), _subject("651")),
    "610": _rule(_TEXT, _note("653")),
    "621": _rule(_TEXT, _note("084", _NO_INDICATORS, ("2", "rubbk"))),
    "675": _rule(_TEXT, _note("080")),
    "910": _rule("bdh", _copy),
    "922": _rule("cf", _content),
    "951": _rule("ait", _link),
    "964": _rule(_TEXT, _note("084", _NO_INDICATORS, ("2", "rugasnti"))),
    "1119": _rule(_TEXT, _note("024", "8 ")),
    "2147483647": _rule(_TEXT, _note("024", "8 ")),
}
