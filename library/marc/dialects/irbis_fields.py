"""How the fields of an IRBIS catalogue (IBIS) are read: codes in either case, names, roles, years, numbers."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass

from library.domain.description import CreatorRole
from library.domain.marc import DataField, MarcRecord

# One field: its subfields by small letter, the first of each; "" is the text before the first mark.
Values = Mapping[str, str]

_SORTING = re.compile(r"<([^<>=]*)(?:=[^<>]*)?>")
_DIGITS_ONLY = re.compile(r"[\d\[\], ]+")
_DIMENSIONS = re.compile(r"\d+\s*(?:см|sm|cm|мм|mm)\b|\d+\s*[xх×]\s*\d+")
# A code is "63.3(2)622/В 26-637115870", or only the number: "-051259089".
_UNIQUE_END = re.compile(r"-?\d{6,}$")
# Units are chosen from a menu that gives their codes too: "o=эл. опт. диск".
_UNIT_CODE = re.compile(r"^\w=")
_INITIALS = re.compile(r"\.(?=[^\W\d_])")
_ROLE_CODE = re.compile(r"\d{3}")
_CYRILLIC_X = str.maketrans("хХx", "XXX")

# UNIMARC relator codes (appendix C), as IRBIS types them: "340 ред."
ROLES = {
    "070": CreatorRole.AUTHOR,
    "305": CreatorRole.AUTHOR,
    "220": CreatorRole.COMPILER,
    "340": CreatorRole.EDITOR,
    "651": CreatorRole.EDITOR,
    "440": CreatorRole.ILLUSTRATOR,
    "673": CreatorRole.SUPERVISOR,
    "727": CreatorRole.SUPERVISOR,
    "675": CreatorRole.REVIEWER,
    "730": CreatorRole.TRANSLATOR,
}
_ROLE_WORDS = (
    (re.compile(r"\b(?:рук|науч\. рук|rahbar|раҳбар|жетекчи|superv|adviser)"), CreatorRole.SUPERVISOR),
    (re.compile(r"\b(?:рец|оппон|taqriz|тақриз|сын-пикир|review)"), CreatorRole.REVIEWER),
    (re.compile(r"\b(?:сост|tuz|туз|түз|compil)"), CreatorRole.COMPILER),
    (re.compile(r"\b(?:ред|muharr|муҳарр|edit)"), CreatorRole.EDITOR),
    (re.compile(r"\b(?:пер|tarjim|таржим|котор|transl)"), CreatorRole.TRANSLATOR),
    (re.compile(r"\b(?:худож|худ|илл|rassom|рассом|сүрөт|illustr)"), CreatorRole.ILLUSTRATOR),
    (re.compile(r"\b(?:авт|muallif|муаллиф|author)"), CreatorRole.AUTHOR),
)

# Languages as catalogues have them (two letters, terminological codes) to ISO 639-2/B.
_LANGUAGES = {
    "ar": "ara", "de": "ger", "deu": "ger", "en": "eng", "es": "spa", "fa": "per", "fas": "per", "fr": "fre",
    "fra": "fre", "it": "ita", "ja": "jpn", "kg": "kir", "kgz": "kir", "kk": "kaz", "ko": "kor", "ky": "kir",
    "ru": "rus", "tg": "tgk", "tk": "tuk", "tr": "tur", "tt": "tat", "uk": "ukr", "uz": "uzb", "zh": "chi",
    "zho": "chi",
}  # fmt: skip
_LANGUAGE = re.compile(r"[a-z]{3}")


def folded(field: DataField) -> Values:
    """The subfields of a field by the small letter of their code, the first of each without needless blanks."""
    values: dict[str, str] = {}
    for subfield in field.subfields:
        code = subfield.code.lower()
        if code not in values:
            text = subfield.value.strip()
            if "  " in text:
                text = " ".join(text.split())
            if text:
                values[code] = text
    return values


def main(values: Values) -> str:
    """What a field without subfields says, also where it was typed with ^A."""
    return values.get("") or values.get("a", "")


@dataclass(frozen=True, slots=True)
class Fields:
    """The fields of a record by tag, in their order."""

    by_tag: Mapping[str, Sequence[Values]]

    @classmethod
    def of(cls, marc: MarcRecord, tags: Container[str]) -> Fields:
        """The fields with these tags, read in one walk over the record."""
        by_tag: defaultdict[str, list[Values]] = defaultdict(list)
        for field in marc.fields:
            tag = field.tag
            if tag in tags and isinstance(field, DataField):
                by_tag[tag].append(folded(field))
        return cls(by_tag)

    def all(self, tag: str, *more: str) -> Sequence[Values]:
        """All fields with these tags: those with the first, then those with the next."""
        found = self.by_tag.get(tag, ())
        return [*found, *(values for other in more for values in self.by_tag.get(other, ()))] if more else found

    def first(self, tag: str, codes: str) -> str:
        """The first value under one of these codes, sought in their order field by field; else empty."""
        for values in self.by_tag.get(tag, ()):
            for code in codes:
                if code in values:
                    return values[code]
        return ""

    def text(self, tag: str) -> str:
        """The text of the first field with this tag that says anything; else empty."""
        return next(filter(None, map(main, self.by_tag.get(tag, ()))), "")

    def texts(self, *tags: str) -> tuple[str, ...]:
        """The texts of all fields with these tags, each once."""
        return tuple(dict.fromkeys(filter(None, map(main, self.all(*tags)))))


def displayed(text: str) -> str:
    """The text without the marks for sorting: "<1000=тысяча> страниц" is shown as "1000 страниц"."""
    return _SORTING.sub(r"\1", text) if "<" in text else text


def person(values: Values) -> str:
    """A name in heading order ("Karimov, I. A."); as it stands where it is marked not to be inverted (^9)."""
    surname = values.get("a") or values.get("r") or values.get("x", "")
    if not surname:  # a forename alone is still a name
        return values.get("b") or values.get("g", "")
    if "d" in values:
        surname = f"{surname} {values['d']}"
    forenames = values.get("b") or values.get("g", "")
    forenames = _INITIALS.sub(". ", forenames.strip(" ,"))
    if forenames:
        surname = f"{surname} {forenames}" if "9" in values else f"{surname.rstrip(' ,')}, {forenames}"
    additions = [values[code] for code in "1c" if code in values]
    return ", ".join([surname, *additions])


def body(values: Values) -> str:
    """The name of an organisation or a meeting: "Name. Part (number, year, place)"."""
    name = values.get("a") or values.get("r") or values.get("7", "")
    if not name:
        return ""
    if "b" in values:
        name = f"{name.rstrip('.')}. {values['b']}"
    details = [values[code] for code in "nfc" if code in values]
    return f"{name} ({', '.join(details)})" if details else name


def role_of(values: Values, default: CreatorRole) -> CreatorRole:
    """The role that ^4 names by code or in words ("340 ред."); `default` where it names none."""
    text = values.get("4") or values.get("5", "")
    if not text:
        return default
    by_code = ROLES.get(text[:3])
    if by_code is not None:
        return by_code
    words = text.lower()
    for pattern, role in _ROLE_WORDS:
        if pattern.search(words):
            return role
    return CreatorRole.OTHER if _ROLE_CODE.match(text) else default


def language(code: str) -> str:
    """The ISO 639-2/B code of a language as it was typed; empty where it can't be told."""
    code = code.strip().lower()
    code = _LANGUAGES.get(code, code)
    return code if _LANGUAGE.fullmatch(code) else ""


def isbn(text: str) -> str:
    """The ISBN in digits and X; empty where there are not 10 or 13 of them."""
    return _standard_number(text, {10, 13})


def issn(text: str) -> str:
    """The ISSN with its hyphen; empty where there are not 8 digits."""
    number = _standard_number(text, {8})
    return f"{number[:4]}-{number[4:]}" if number else ""


def _standard_number(text: str, lengths: Container[int]) -> str:
    number = "".join([letter for letter in text.translate(_CYRILLIC_X) if letter in "0123456789X"])
    return number if len(number) in lengths and "X" not in number[:-1] else ""


def extent_of(values: Values) -> tuple[str, str, str]:
    """The extent with its unit ("240 с."; pages where none is named), the illustrations, the size (215)."""
    extent = values.get("a", "")
    if extent and "1" in values:
        extent = f"{extent} {_UNIT_CODE.sub('', displayed(values['1']))}"
    elif extent and _DIGITS_ONLY.fullmatch(extent):
        extent = f"{extent} с."
    sizes = (values[code] for code in "ed" if code in values and _DIMENSIONS.search(values[code]))
    return extent, values.get("c", ""), next(sizes, "")


def volume_title(fields: Fields) -> str:
    """The title of a volume of a set: "Set. Vol. 2, Title"; empty where the record is none."""
    whole = displayed(fields.first("461", "c"))
    if not whole:
        return ""
    own = [part for part in (fields.first("200", "v").rstrip(" ,"), displayed(fields.first("200", "a"))) if part]
    if len(own) > 1:
        own[0] = own[0].rstrip(".")
    if not own:
        return whole
    whole = whole.rstrip(". ")
    return f"{whole}{' ' if whole.endswith(('!', '?')) else '. '}{', '.join(own)}"


def shelfmark(fields: Fields) -> str:
    """Where the document stands: its code (903) without the number that makes it unique, else 906 and 908."""
    code = _UNIQUE_END.sub("", fields.text("903"))
    return code or " ".join(filter(None, (fields.text("906"), fields.text("908"))))
