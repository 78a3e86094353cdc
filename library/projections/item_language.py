"""The language of a described item: connecting words follow it, never the language of the page (GOST 7.1-2003, 4)."""

from __future__ import annotations

import re
from enum import StrEnum

from library.domain.description import Description


class ItemLanguage(StrEnum):
    """A language, with its script, for which there are connecting words."""

    UZBEK_LATIN = "uz-Latn"
    UZBEK_CYRILLIC = "uz-Cyrl"
    KYRGYZ = "ky"
    RUSSIAN = "ru"
    ENGLISH = "en"


_CYRILLIC = re.compile("[\u0400-\u04ff]")
_LATIN = re.compile("[A-Za-z]")
_UZBEK_LATIN = re.compile(r"[og][ʻʼ'‘’`]|\b(?:va|uchun|bilan|haqida|asoslari|qoʻllanma)\b", re.IGNORECASE)
_BY_CODE = {"rus": ItemLanguage.RUSSIAN, "kir": ItemLanguage.KYRGYZ, "eng": ItemLanguage.ENGLISH}


def item_language(description: Description) -> ItemLanguage:
    """The language of the item, else the one its title and statements look like.

    Of Uzbek the script is seen in the title. Other languages take Russian words in Cyrillic and English ones in Latin.
    """
    code = description.languages[0] if description.languages else ""
    if code in _BY_CODE:
        return _BY_CODE[code]
    text = " ".join((description.title, description.remainder, description.responsibility, *description.publishers))
    if code == "uzb":
        return ItemLanguage.UZBEK_CYRILLIC if _is_cyrillic(description.title) else ItemLanguage.UZBEK_LATIN
    if code in ("", "und", "mul"):
        return _by_letters(text)
    return ItemLanguage.RUSSIAN if _is_cyrillic(text) else ItemLanguage.ENGLISH


def _by_letters(text: str) -> ItemLanguage:
    letters = set(text.lower())
    cyrillic = _is_cyrillic(text)
    if cyrillic and letters & set("ўқғҳ"):
        return ItemLanguage.UZBEK_CYRILLIC
    if cyrillic and letters & set("ңөү"):
        return ItemLanguage.KYRGYZ
    if cyrillic:
        return ItemLanguage.RUSSIAN
    return ItemLanguage.UZBEK_LATIN if _UZBEK_LATIN.search(text) else ItemLanguage.ENGLISH


def _is_cyrillic(text: str) -> bool:
    return len(_CYRILLIC.findall(text)) > len(_LATIN.findall(text))
