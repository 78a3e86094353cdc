"""Uzbek Latin to Uzbek Cyrillic, for the texts of the interface: rules first, then words that follow none."""

from __future__ import annotations

import re

_VOWELS = "aeiouoʻ"
_LATIN_NAMES = (
    "HEMIS ISBN ISSN DOI ORCID OAI-PMH UNIMARC MARCXML MARC-8 MARC-in-JSON MARC IRBIS TXT MFN PDF HTML EPUB QR RSS "
    "XML CSV RIS BibTeX JSON JSONL Unilibrary UTF-8 SQLite PostgreSQL XRF MST DOCTYPE ISO ZIP RAR Windows gzip bzip2 "
    "xz Ctrl Atom Enter Escape Tab ISBD ISMN LDR MeSH https http VIAF ISNI SRU Z39 Aegis FreeOTP Google "
    "Authenticator marcxml usmarc unimarc utf-8 cp1251 host path port dc.title Default 0x1E HTTP Debian COUNTER "
    "DSc PhD DjVu DOCX MP3 MP4 oai_dc marc21 record header metadata"
)
_KEPT = re.compile(
    r"\{[^{}]*\}(?:\.[a-z]+)?|[$^]\w|[A-Z]+_[A-Z_]+|[A-Z][a-z]+(?:_[A-Z][a-z]+)+|`[^`]*`"
    r"|library import PATH|library harvest|/oai/request|/oai"
    r"|library index rebuild|library db upgrade|--[a-z-]+|kutub\*|oʻzbek|özbek"
    r"|\b(?:" + "|".join(sorted(_LATIN_NAMES.split(), key=len, reverse=True)) + r")(?![A-Za-zʻʼ])"
)
_WORD = re.compile(r"[A-Za-zʻʼ]+")

# Stems whose Cyrillic spelling the rules do not give; endings follow by the rules.
_STEMS = {
    "litsenziya": "лицензия",
    "ensiklopediya": "энциклопедия",
    "konferensiya": "конференция",
    "kolleksiya": "коллекция",
    "fakultet": "факультет",
    "filtr": "фильтр",
    "inventar": "инвентарь",
    "parol": "пароль",
    "rol": "роль",
    "model": "модель",
    "profil": "профиль",
    "byulleten": "бюллетень",
    "funksiya": "функция",
    "leksiya": "лекция",
    "redaksiya": "редакция",
    "seksiya": "секция",
    "kompyuter": "компьютер",
    "multimedia": "мультимедиа",
    "budjet": "бюджет",
    "yanvar": "январь",
    "fevral": "февраль",
    "aprel": "апрель",
    "iyun": "июнь",
    "iyul": "июль",
    "sentabr": "сентябрь",
    "oktabr": "октябрь",
    "noyabr": "ноябрь",
    "dekabr": "декабрь",
    "fransuz": "француз",
    "sirk": "цирк",
    "film": "фильм",
    "proyeksiya": "проекция",
    "parallel": "параллель",
    "italyan": "итальян",
    "artikl": "артикль",
    "brayl": "брайль",
}
_LETTERS = dict(zip("abdfghijklmnopqrstuvxyz", "абдфгҳижклмнопқрстувхйз", strict=True))
_PAIRS = (("oʻ", "ў"), ("gʻ", "ғ"), ("sh", "ш"), ("ch", "ч"), ("yo", "ё"), ("yu", "ю"), ("ya", "я"))


def to_cyrillic(text: str) -> str:
    """The text in Cyrillic; places in braces, addresses and names that stay Latin are left as they are."""
    pieces = []
    end = 0
    for kept in _KEPT.finditer(text):
        pieces += [_WORD.sub(_word, text[end : kept.start()]), kept.group()]
        end = kept.end()
    return "".join([*pieces, _WORD.sub(_word, text[end:])])


def _word(found: re.Match[str]) -> str:
    word = found.group()
    low = word.lower()
    stem = max((stem for stem in _STEMS if low.startswith(stem)), key=len, default="")
    if stem:
        rest = low[len(stem) :]
        head = _STEMS[stem]
        # A soft sign stands only at the end of the word: пароль, but паролни.
        cyrillic = (head.removesuffix("ь") if rest else head) + _by_rule(rest, after=stem[-1])
    else:
        cyrillic = _by_rule(low)
    if len(word) > 1 and word.isupper():
        return cyrillic.upper()
    return cyrillic[:1].upper() + cyrillic[1:] if word[:1].isupper() else cyrillic


def _by_rule(word: str, after: str = "") -> str:
    word = re.sub(r"tsiya", "ция", word)
    word = re.sub(r"tsion", "цион", word)
    letters = []
    place = 0
    while place < len(word):
        before = word[place - 1] if place else after
        rest = word[place:]
        if rest.startswith("sʼh"):
            letters.append("сҳ")
            place += 3
        elif (pair := next((pair for pair in _PAIRS if rest.startswith(pair[0])), None)) is not None and not (
            pair[0] == "yo" and rest.startswith("yoʻ")
        ):
            letters.append(pair[1])
            place += 2
        elif rest.startswith("ye"):
            letters.append("е" if not before or before in _VOWELS else "ъе")
            place += 2
        elif rest[0] == "e":
            letters.append("э" if not before or before in _VOWELS else "е")
            place += 1
        else:
            letters.append("ъ" if rest[0] == "ʼ" else _LETTERS.get(rest[0], rest[0]))
            place += 1
    return "".join(letters)
