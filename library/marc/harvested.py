"""Records of partners as they are kept: without the partners' copies; and Dublin Core as MARC 21.

The mapping of Dublin Core follows the crosswalk of the Library of Congress where a catalogue can use it: title to 245
and 246, creator to 100 and 700, contributor to 700, publisher and date to 264 and 008, language to 008 and 041, subject
to 653, description to 520, type to 655 and the leader, format to 300, relation to 787, source and coverage to 500,
rights to 540; identifiers to 020 (ISBN), 022 (ISSN), 024 and 856.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from library.domain.marc import ControlField, DataField, Dialect, Field, MarcRecord, Subfield
from library.marc.dialects import codes

# Copies, their places and the numbers that the partner's own programs put there: MARC 21 holdings and Koha, RUSMARC.
_COPIES: Mapping[Dialect, frozenset[str]] = {
    Dialect.MARC21: frozenset(
        {"841", "842", "843", "844", "845", "852", "853", "854", "855", "863", "864", "865", "866", "867", "868"}
        | {"876", "877", "878", "942", "949", "952", "999"}
    ),
    Dialect.UNIMARC: frozenset({"899", "910", "930", "942", "952", "955", "979", "995"}),
    Dialect.IRBIS: frozenset({"910"}),
}
_TITLES: Mapping[Dialect, tuple[str, str]] = {
    Dialect.MARC21: ("245", "abknp"),
    Dialect.UNIMARC: ("200", "a"),
    Dialect.IRBIS: ("200", "A"),
}
_URL = re.compile(r"https?://[^\s\"<>]+", re.IGNORECASE)
_DOI = re.compile(r"(?:doi:\s*|https?://(?:dx\.)?doi\.org/)?(10\.[0-9]{4,9}/\S+)", re.IGNORECASE)
_ISBN = re.compile(r"(?:urn:)?isbn[:\s]*|", re.IGNORECASE)
_ISSN = re.compile(r"(?:urn:)?issn[:\s]*|", re.IGNORECASE)
_YEAR = re.compile(r"(?<!\d)(1[4-9][0-9][0-9]|20[0-9][0-9])(?!\d)")
# The language codes that Dublin Core has (ISO 639-1), as MARC 21 has them, for those that our partners write in.
_LANGUAGES: Mapping[str, str] = {
    "ar": "ara", "az": "aze", "de": "ger", "en": "eng", "es": "spa", "fa": "per", "fr": "fre", "it": "ita",
    "ja": "jpn", "kk": "kaz", "ko": "kor", "ky": "kir", "la": "lat", "ru": "rus", "tg": "tgk", "tk": "tuk",
    "tr": "tur", "uk": "ukr", "uz": "uzb", "zh": "chi", "deu": "ger", "fra": "fre", "zho": "chi", "fas": "per",
}  # fmt: skip
# What a type says (DCMI, info:eu-repo, COAR), by a word in it: the leader's positions 6 and 7.
_TYPES: tuple[tuple[str, str], ...] = (
    ("thesis", "am"), ("dissert", "am"), ("диссерт", "am"),
    ("article", "aa"), ("maqola", "aa"), ("мақола", "aa"), ("макала", "aa"), ("статья", "aa"),
    ("conferencepaper", "aa"), ("conferenceobject", "aa"), ("contributiontoperiodical", "aa"), ("bookpart", "aa"),
    ("periodical", "as"), ("journal", "as"),
    ("movingimage", "gm"), ("video", "gm"), ("stillimage", "km"), ("image", "km"), ("sound", "im"),
    ("map", "em"), ("cartographic", "em"), ("software", "mm"), ("dataset", "mm"), ("interactiveresource", "mm"),
)  # fmt: skip
_THESES = ("thesis", "dissert", "диссерт")
_LANGUAGE_LENGTH = 3


def without_copies(dialect: Dialect, marc: MarcRecord) -> MarcRecord:
    """The record without the copies of the library that gave it: they are not ours, and nobody finds them here."""
    return marc.with_fields([field for field in marc.fields if field.tag not in _COPIES[dialect]])


def has_title(dialect: Dialect, marc: MarcRecord) -> bool:
    """Whether the record has a title where its dialect has it."""
    tag, subfields = _TITLES[dialect]
    return bool((marc.first(tag, subfields) or "").strip())


def of_dublin_core(elements: Sequence[tuple[str, str]]) -> MarcRecord:
    """A record of MARC 21 that says what these elements say: pairs of a name (`title`) and a text, in their order."""
    said: dict[str, list[str]] = {}
    for name, text in elements:
        if (value := " ".join(text.split())) and value not in said.setdefault(name, []):
            said[name].append(value)
    kind = "".join(said.get("type", [])).replace(" ", "").lower()
    leader = next((letters for word, letters in _TYPES if word in kind), "am")
    is_thesis = any(word in kind for word in _THESES)
    fields = [_coded(said, is_thesis=is_thesis), *_described(said), *_identified(said.get("identifier", []))]
    fields.sort(key=lambda field: field.tag)
    return MarcRecord(f"00000n{leader} a2200000 u 4500", tuple(fields))


def _described(said: Mapping[str, list[str]]) -> Iterator[Field]:
    for number, title in enumerate(said.get("title", [])):
        yield _field("245" if number == 0 else "246", "00" if number == 0 else "33", a=title)
    creators = said.get("creator", [])
    for number, name in enumerate(creators):
        yield _field("100" if number == 0 else "700", _order(name), a=name, **({"4": "aut"} if number else {}))
    for name in said.get("contributor", []):
        if name not in creators:
            yield _field("700", _order(name), a=name, **{"4": "ctb"})
    years = [found.group() for text in said.get("date", []) for found in [_YEAR.search(text)] if found]
    publishers = said.get("publisher", [])
    if publishers or years:
        imprint = [Subfield("b", name) for name in publishers] + [Subfield("c", year) for year in years[:1]]
        yield DataField("264", " 1", tuple(imprint))
    spoken = list(_languages(said))
    if len(spoken) > 1:
        yield DataField("041", "0 ", tuple(Subfield("a", code) for code in spoken))
    for name, (tag, indicators, code) in _PLAIN.items():
        for text in said.get(name, []):
            yield DataField(tag, indicators, (Subfield(code, text),))


_PLAIN: Mapping[str, tuple[str, str, str]] = {
    "subject": ("653", "  ", "a"),
    "description": ("520", "  ", "a"),
    "type": ("655", " 7", "a"),
    "format": ("300", "  ", "a"),
    "relation": ("787", "08", "n"),
    "source": ("500", "  ", "a"),
    "coverage": ("500", "  ", "a"),
    "rights": ("540", "  ", "a"),
}


def _identified(identifiers: Iterable[str]) -> Iterator[Field]:
    for text in identifiers:
        if found := _DOI.fullmatch(text):
            yield _field("024", "7 ", a=found.group(1), **{"2": "doi"})
            yield _field("856", "40", u=f"https://doi.org/{found.group(1)}")
        elif _URL.fullmatch(text):
            yield _field("856", "40", u=text)
        elif codes.isbn_agrees(isbn := codes.isbn(_ISBN.sub("", text, count=1))):
            yield _field("020", "  ", a=isbn)
        elif codes.issn_agrees(issn := codes.issn(_ISSN.sub("", text, count=1))):
            yield _field("022", "  ", a=issn)
        else:
            yield _field("024", "8 ", a=text)


def _coded(said: Mapping[str, list[str]], *, is_thesis: bool) -> ControlField:
    """008: the year, the language, a thesis; the day of entry is left open, so that equal records stay equal."""
    year = next((found.group() for text in said.get("date", []) for found in [_YEAR.search(text)] if found), "")
    language = next(_languages(said), "und")
    dated = f"s{year}    " if year else "nuuuuuuuu"
    nature = "m   " if is_thesis else "||||"
    return ControlField("008", f"||||||{dated}xx ||||||{nature}|||||||{language}||")


def _languages(said: Mapping[str, list[str]]) -> Iterator[str]:
    for text in said.get("language", []):
        short = text.lower().partition("-")[0].partition("_")[0].strip()
        code = _LANGUAGES.get(short, short)
        if len(code) == _LANGUAGE_LENGTH and codes.is_language(code):
            yield code


def _order(name: str) -> str:
    """The first indicator of a name: surname first, or as it is spoken."""
    return "1 " if "," in name else "0 "


def _field(tag: str, indicators: str, **subfields: str) -> DataField:
    return DataField(tag, indicators, tuple(Subfield(code, value) for code, value in subfields.items()))
