"""Light stems: the ending cut off, so that kitoblarimizda is found by kitob. Never shown, never the only way to match.

Uzbek and Kyrgyz are stripped on the folded key, so that all their alphabets have one stem; Russian and English go
through Snowball on the spelling. A word whose language cannot be told gets a stem for each it may belong to; stems are
marked with the language (`uz:kitob`), so that they meet only their own kind.
"""

from __future__ import annotations

import re

import Stemmer  # type: ignore[import-not-found]

# First and second person singular (-im, -ing) are left on: bilim and taʼlim are words, "my book" is not a title.
_UZBEK_ENDINGS = (
    "larimiz", "laringiz", "lari", "lar", "imiz", "ingiz", "miz", "ngiz", "ning", "dagi", "gaça", "kaça", "qaça",
    "dan", "kka", "qqa", "si", "ni", "ga", "da", "i",
)  # fmt: skip
_UZBEK_VOWEL_LOSS = {
    "şahr": "şahar", "öğl": "öğil", "singl": "singil", "köngl": "köngil", "burn": "burun", "oğz": "oğiz",
    "qorn": "qorin", "boyn": "boyin",
}  # fmt: skip

_KYRGYZ_ENDINGS = (
    "lar", "ler", "lor", "lör", "dar", "der", "dor", "dör", "tar", "ter", "tor", "tör",
    "ibiz", "ubuz", "übüz", "iñiz", "uñuz", "üñüz", "biz", "buz", "büz", "ñiz", "ñuz", "ñüz",
    "nin", "nun", "nün", "din", "dun", "dün", "tin", "tun", "tün", "nda", "nde", "ndo", "ndö",
    "dan", "den", "don", "dön", "tan", "ten", "ton", "tön", "nan", "nen", "non", "nön",
    "da", "de", "do", "dö", "ta", "te", "to", "tö", "ga", "ge", "go", "gö", "ka", "ke", "ko", "kö",
    "na", "ne", "no", "nö", "ni", "nu", "nü", "di", "du", "dü", "ti", "tu", "tü", "si", "su", "sü", "i", "u", "ü",
)  # fmt: skip


def _by_last_letter(endings: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    letters = {ending[-1] for ending in endings}
    return {letter: tuple(ending for ending in endings if ending[-1] == letter) for letter in letters}


_UZBEK = _by_last_letter(_UZBEK_ENDINGS)
_KYRGYZ = _by_last_letter(_KYRGYZ_ENDINGS)

_VOWELS = "aeiouöüä"
_VOICELESS = "pktsşçfxqh"
_VOICED = "bvgğdjzlmnñry"
# What an ending that begins so may stand after: universitet-i, not universite-ti.
_AFTER = {
    "t": _VOICELESS, "k": _VOICELESS, "s": _VOWELS,
    "i": _VOICED + _VOICELESS, "u": _VOICED + _VOICELESS, "ü": _VOICED + _VOICELESS,
}  # fmt: skip
_DOUBLED = ("kka", "qqa")

_MIN_STEM = 3
_MIN_STEM_BEFORE_PLURAL = 2

_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_UZBEK_ONLY = re.compile(r"[ўқғҳ]")
_KYRGYZ_ONLY = re.compile(r"[ңөү]")
_NOT_UZBEK = re.compile(r"[ыщ]")


class Stems:
    """The stems of words. An object of its own because Snowball's stemmers may not be shared by threads."""

    def __init__(self) -> None:
        self._russian = Stemmer.Stemmer("russian")
        self._english = Stemmer.Stemmer("english")

    def of(self, surface: str, key: str) -> tuple[str, ...]:
        """The marked stems of a word, given as `folding.surface` and `folding.fold` make it."""
        if not _CYRILLIC.search(surface):
            if not surface.isascii() or "'" in surface:
                return ("uz:" + uzbek(key),)
            return "uz:" + uzbek(key), "en:" + self._english.stemWord(surface)
        if _UZBEK_ONLY.search(surface):
            return ("uz:" + uzbek(key),)
        if _KYRGYZ_ONLY.search(surface):
            return ("ky:" + kyrgyz(key),)
        russian = "ru:" + self._russian.stemWord(surface.replace("ё", "е"))
        if _NOT_UZBEK.search(surface):
            return "ky:" + kyrgyz(key), russian
        return "uz:" + uzbek(key), "ky:" + kyrgyz(key), russian


def uzbek(key: str) -> str:
    """The stem of an Uzbek word in its folded key: case, possessive and plural endings off."""
    stem = _strip(key, _UZBEK)
    stem = _UZBEK_VOWEL_LOSS.get(stem, stem)
    # yurak, yuragi; oyoq, oyogʻi: the voiced end is the same letter.
    if stem.endswith("g") and not stem.endswith("ng"):
        return stem[:-1] + "k"
    return stem[:-1] + "q" if stem.endswith("ğ") else stem


def kyrgyz(key: str) -> str:
    """The stem of a Kyrgyz word in its folded key: case, possessive and plural endings off."""
    stem = _strip(key, _KYRGYZ)
    # китеп, китеби; тарак, тарагы.
    if stem.endswith("b"):
        return stem[:-1] + "p"
    return stem[:-1] + "k" if stem.endswith("g") else stem


def _strip(word: str, endings: dict[str, tuple[str, ...]]) -> str:
    """The word without endings, cut until none is left: fizika and fizikasi must end alike, right or wrong."""
    cut = True
    while cut:
        cut = False
        for ending in endings.get(word[-1:], ()):
            if word.endswith(ending) and _may_follow(word[: -len(ending)], ending):
                # The dative doubles the last letter of the stem, which stays.
                word = word[: 1 - len(ending)] if ending in _DOUBLED else word[: -len(ending)]
                cut = True
                break
    return word


def _may_follow(stem: str, ending: str) -> bool:
    if len(stem) < (_MIN_STEM_BEFORE_PLURAL if ending[0] == "l" else _MIN_STEM):
        return False
    after = _AFTER.get(ending[0])
    return after is None or ending in _DOUBLED or stem[-1] in after
