"""What kind of document an IRBIS record describes: by its worksheet (920), its codes (900) and its words."""

from __future__ import annotations

import re

from library.domain.description import Material
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
_ABSTRACT_OF_THESIS = re.compile(r"\bавтореф|\bavtoref")
_THESIS = re.compile(r"\bдисс?\.|\bдиссертац|\bdissertat|\bdiss\.|\bthesis\b")
_TEXTBOOK = re.compile(
    r"\bучебник|\bучеб(?:н\w*|\.)[\s-]*(?:метод\w*[\s.]*)?(?:пособ|издан)"
    r"|\bdarslik|\boʻquv(?: uslubiy)? qoʻllanma|\bдарслик|\bўқув(?: услубий)? қўлланма"
    r"|\bокуу китеби|\bокуу куралы|\bокуу колдонмо|\btextbook|\bstudy guide"
)
_APOSTROPHES = str.maketrans(dict.fromkeys("'‘’ʼ`´ʹ", "ʻ"))
_NATURE_CODES = ("c", "2", "3", "4", "5", "6")


def worksheet(fields: Fields) -> str:
    """The name of the worksheet in capitals."""
    return fields.text("920").upper()


def material_of(fields: Fields) -> Material:
    """The type of document, as readers choose it.

    A worksheet that is one of a kind decides; then what the title says of a thesis; then a carrier that is no printed
    text; then whether it is a textbook; the rest are volumes and books.
    """
    name = worksheet(fields)
    words = _words(fields)
    return (
        _BY_WORKSHEET.get(name)
        or _thesis(fields, words)
        or _BY_TYPE.get(type_code(fields))
        or (Material.TEXTBOOK if _is_textbook(fields, words) else _by_structure(fields, name))
    )


def _thesis(fields: Fields, words: str) -> Material | None:
    if _ABSTRACT_OF_THESIS.search(words):
        return Material.DISSERTATION_ABSTRACT
    return Material.DISSERTATION if "328" in fields.by_tag or _THESIS.search(words) else None


def _by_structure(fields: Fields, name: str) -> Material:
    if name in VOLUME_WORKSHEETS or (not name and "461" in fields.by_tag):
        return Material.VOLUME
    if not name and "463" in fields.by_tag:
        return Material.ARTICLE
    return Material.BOOK if name or "200" in fields.by_tag else Material.OTHER


def type_code(fields: Fields) -> str:
    """The letter of 900 ^T; "a" (text) where there is none."""
    return fields.first("900", "t").lower()[:1] or "a"


def _is_textbook(fields: Fields, words: str) -> bool:
    codes = [values[code] for values in fields.all("900") for code in _NATURE_CODES if code in values]
    return any(code.lower().startswith("j") for code in codes) or _TEXTBOOK.search(words) is not None


def _words(fields: Fields) -> str:
    """What the title and its other information say, as one text in small letters."""
    said = [values[code] for values in fields.all("200", "461") for code in "ace" if code in values]
    return " ".join(said).lower().translate(_APOSTROPHES)
