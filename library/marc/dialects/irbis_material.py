"""What kind of document an IRBIS record describes: by its worksheet (920), its codes (900) and its words."""

from __future__ import annotations

from library.domain.description import Material
from library.marc.dialects.codes import genre
from library.marc.dialects.irbis_fields import Fields

ISSUE_WORKSHEETS = frozenset({"NJ", "NJK", "NJP"})
VOLUME_WORKSHEETS = frozenset({"SPEC"})
# Worksheets that are one of a kind; SOB and PERS describe events and persons.
_BY_WORKSHEET = {
    "J": Material.SERIAL,
    "ASP": Material.ARTICLE,
    "AUNTD": Material.STANDARD,
    "SOB": Material.OTHER,
    "PERS": Material.OTHER,
    **dict.fromkeys(ISSUE_WORKSHEETS, Material.ISSUE),
}
WORKSHEETS = _BY_WORKSHEET.keys() | VOLUME_WORKSHEETS | {"PAZK", "PVK"}

# 900 ^T, the type of material: the codes of UNIMARC leader/06, sometimes with a digit after the letter.
_BY_TYPE = {
    "b": Material.MANUSCRIPT,
    "c": Material.SCORE,
    "d": Material.SCORE,
    "e": Material.MAP,
    "f": Material.MAP,
    "g": Material.VIDEO,
    "i": Material.AUDIO,
    "j": Material.AUDIO,
    "k": Material.IMAGE,
    "l": Material.ELECTRONIC,
}
_THESES = frozenset({Material.DISSERTATION, Material.DISSERTATION_ABSTRACT})
_NATURE_CODES = ("c", "2", "3", "4", "5", "6")


def worksheet(fields: Fields) -> str:
    """The name of the worksheet in capitals."""
    return fields.text("920").upper()


def material_of(fields: Fields) -> Material:
    """The type of document, as readers choose it.

    A worksheet that is one of a kind decides; then what the title says of a thesis; then a carrier that is no printed
    text; then a textbook or standard by title or code; the rest are volumes and books.
    """
    name = worksheet(fields)
    by_worksheet = _BY_WORKSHEET.get(name)
    if by_worksheet is not None:
        return by_worksheet
    by_words = genre(_words(fields))
    if by_words in _THESES:
        return by_words
    if "328" in fields.by_tag:
        return Material.DISSERTATION
    by_type = _BY_TYPE.get(type_code(fields))
    return by_type or by_words or (Material.TEXTBOOK if _is_textbook(fields) else _by_structure(fields, name))


def _by_structure(fields: Fields, name: str) -> Material:
    if name in VOLUME_WORKSHEETS or (not name and "461" in fields.by_tag):
        return Material.VOLUME
    if not name and "463" in fields.by_tag:
        return Material.ARTICLE
    return Material.BOOK if name or "200" in fields.by_tag else Material.OTHER


def type_code(fields: Fields) -> str:
    """The letter of 900 ^T; "a" (text) where there is none."""
    return fields.first("900", "t").lower()[:1] or "a"


def _is_textbook(fields: Fields) -> bool:
    codes = [values[code] for values in fields.all("900") for code in _NATURE_CODES if code in values]
    return any(code.lower().startswith("j") for code in codes)


def _words(fields: Fields) -> str:
    """What the title and its other information say, as one text."""
    return " ".join([values[code] for values in fields.all("200", "461") for code in "ace" if code in values])
