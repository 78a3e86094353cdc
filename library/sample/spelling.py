"""One Uzbek text in other spellings: Cyrillic, the Latin letters of 2026, apostrophes as they are typed."""

from __future__ import annotations

import re
from collections.abc import Callable

Spelling = Callable[[str], str]

_VOWELS = "aeiouoʻ"
_WORD = re.compile(r"[A-Za-zʻʼ]+")
_ROMAN = re.compile(r"[IVXLC]+")

# Foreign words whose Cyrillic spelling no rule gives; endings may follow.
_STEMS = {
    "albom": "альбом", "aprel": "апрель", "avtomobil": "автомобиль", "byulleten": "бюллетень", "dekabr": "декабрь",
    "differensial": "дифференциал",
    "ensiklopediya": "энциклопедия", "film": "фильм", "filtr": "фильтр", "funksiya": "функция",
    "galogen": "галоген", "inventar": "инвентарь", "kolleksiya": "коллекция", "kompyuter": "компьютер",
    "konferensiya": "конференция", "konstruksiya": "конструкция", "leksiya": "лекция", "litsenziya": "лицензия",
    "model": "модель", "molekulyar": "молекуляр", "moʻjiza": "мўъжиза", "noyabr": "ноябрь", "oktabr": "октябрь",
    "parol": "пароль", "pedagogik": "педагогик", "profil": "профиль", "rayon": "район", "redaksiya": "редакция",
    "reaksiya": "реакция", "rol": "роль", "seksiya": "секция", "seleksiya": "селекция", "sentabr": "сентябрь",
    "spektr": "спектр", "tekstil": "текстиль", "yanvar": "январь",
}  # fmt: skip
_DIGRAPHS = {"sh": "ш", "ch": "ч", "ts": "ц", "oʻ": "ў", "gʻ": "ғ", "yo": "ё", "yu": "ю", "ya": "я", "ye": "е"}
_LETTERS = dict(zip("abdefghijklmnopqrstuvxyzʼ", "абдефгҳижклмнопқрстувхйзъ", strict=True))


def to_cyrillic(text: str) -> str:
    """The text in Uzbek Cyrillic, by the rules of 1995 read backwards; Roman numerals stay."""
    return _WORD.sub(lambda match: _word(match[0]), text)


def to_letters_of_2026(text: str) -> str:
    """The text with ö, ğ, ş and ç."""
    pairs = [("oʻ", "ö"), ("gʻ", "ğ"), ("Oʻ", "Ö"), ("Gʻ", "Ğ"), ("sh", "ş"), ("Sh", "Ş"), ("ch", "ç"), ("Ch", "Ç")]
    for old, new in pairs:
        text = text.replace(old, new)
    return text


def typed_with(marks: str) -> Spelling:
    """The spelling of a keyboard that has no letters of its own: ʻ and ʼ become these two marks."""
    table = str.maketrans("ʻʼ", marks)
    return lambda text: text.translate(table)


def as_it_is(text: str) -> str:
    """The text itself."""
    return text


def _word(word: str) -> str:
    if len(word) > 1 and _ROMAN.fullmatch(word):
        return word
    small = word.lower()
    stem = next((stem for stem in _STEMS if small.startswith(stem)), "")
    if stem:
        ending = _letters(small[len(stem) :], after=stem[-1])
        head = _STEMS[stem]
        if head.endswith("ь") and ending:
            head = head[:-1]
        converted = head + ending
    else:
        converted = _letters(small, after="")
    if word.isupper() and len(converted) > 1:
        return converted.upper()
    return converted[0].upper() + converted[1:] if word[0].isupper() else converted


def _letters(small: str, after: str) -> str:
    converted = []
    place = 0
    while place < len(small):
        pair = small[place : place + 2]
        before = small[place - 1] if place else after
        if pair in ("yo", "sʼ") and small[place + 1 : place + 3] in ("oʻ", "ʼh"):
            converted.append("й" if pair == "yo" else "с")
            place += 1 if pair == "yo" else 2
        elif pair in _DIGRAPHS:
            divided = pair == "ye" and before and before not in _VOWELS
            converted.append("ъе" if divided else _DIGRAPHS[pair])
            place += 2
        elif small[place] == "e":
            converted.append("э" if not before or before in _VOWELS else "е")
            place += 1
        else:
            converted.append(_LETTERS.get(small[place], small[place]))
            place += 1
    return "".join(converted)
