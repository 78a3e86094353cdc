"""Shortening of Russian words as GOST 7.0.12-2011 (7.12-93) allows, for the form of 2003; and the names of cities.

Only Russian text is shortened, since the standard lists Russian words. Titles proper are never shortened (GOST
7.1-2003, 4), nor is anything in quotes.
"""

from __future__ import annotations

import re

from library.projections.gost_style import PlaceNames
from library.projections.item_language import ItemLanguage

_ADJECTIVES = (
    ("учебно-методическ", "учеб.-метод."),
    ("научно-практическ", "науч.-практ."),
    ("научно-методическ", "науч.-метод."),
    ("физико-математическ", "физ.-мат."),
    ("сельскохозяйственн", "с.-х."),
    ("международн", "междунар."),
    ("государственн", "гос."),
    ("педагогическ", "пед."),
    ("филологическ", "филол."),
    ("экономическ", "экон."),
    ("психологическ", "психол."),
    ("социологическ", "социол."),
    ("географическ", "геогр."),
    ("биологическ", "биол."),
    ("историческ", "ист."),
    ("юридическ", "юрид."),
    ("химическ", "хим."),
    ("технологическ", "технол."),
    ("техническ", "техн."),
    ("политическ", "полит."),
    ("философск", "филос."),
    ("медицинск", "мед."),
    ("методическ", "метод."),
    ("практическ", "практ."),
    ("национальн", "нац."),
    ("переработанн", "перераб."),
    ("дополненн", "доп."),
    ("исправленн", "испр."),
    ("стереотипн", "стер."),
    ("научн", "науч."),
    ("учебн", "учеб."),
    ("общ", "общ."),
)
_NOUNS = (
    ("автореферат", "автореф."),
    ("диссертаци", "дис."),
    ("конференци", "конф."),
    ("составител", "сост."),
    ("факультет", "фак."),
    ("кандидат", "канд."),
    ("редакци", "ред."),
    ("сборник", "сб."),
    ("издани", "изд."),
    ("кафедр", "каф."),
    ("академи", "акад."),
    ("вестник", "вестн."),
    ("журнал", "журн."),
)
# A contraction keeps the ending: университета -> ун-та.
_CONTRACTIONS = (
    ("университет", "ун-т"),
    ("издательств", "изд-в"),
    ("министерств", "м-в"),
    ("библиотек", "б-к"),
    ("институт", "ин-т"),
    ("доктор", "д-р"),
)
_WHOLE = (
    ("имени", "им."),
    ("статья", "ст."),
    ("статьи", "ст."),
    ("статей", "ст."),
)
_ADJECTIVE_END = r"(?:ый|ий|ой|ая|яя|ое|ее|ые|ие|ого|его|ому|ему|ым|им|ом|ем|ую|юю|ей|ых|их|ыми|ими)"
_NOUN_END = r"(?:а|у|о|ом|е|ы|и|ов|ам|ами|ах|ей|ям|ями|ях|ь|ю|я|ем|ии|ию|ией|ие|ия|ий|й)?"
_QUOTED = re.compile(r"(«[^»]*»|“[^”]*”|\"[^\"]*\")")
_DEGREE = re.compile(r"\s+на соискание (?:уч[её]ной|учен\.|уч\.) степени\s+", re.IGNORECASE)
_SPECIALITY = re.compile(r"(?:специальность\s+)?(\d\d\.\d\d\.\d\d)\b.*")

_CITIES = (
    ("Москва", "М."),
    ("Санкт-Петербург", "СПб."),
    ("Ленинград", "Л."),
    ("Нижний Новгород", "Н. Новгород"),
    ("Ростов-на-Дону", "Ростов н/Д."),
)
_LOCAL_CITIES = (
    (ItemLanguage.UZBEK_LATIN, "T.", "Toshkent"),
    (ItemLanguage.UZBEK_LATIN, "Т.", "Toshkent"),
    (ItemLanguage.UZBEK_CYRILLIC, "Т.", "Тошкент"),
    (ItemLanguage.RUSSIAN, "Т.", "Ташкент"),
    (ItemLanguage.RUSSIAN, "Ташк.", "Ташкент"),
    (ItemLanguage.KYRGYZ, "Б.", "Бишкек"),
    (ItemLanguage.KYRGYZ, "Ф.", "Фрунзе"),
)


def shorten(text: str, language: ItemLanguage) -> str:
    """The text with the words of the table shortened; unchanged if it is not Russian."""
    if language is not ItemLanguage.RUSSIAN:
        return text
    parts = _QUOTED.split(text)
    return "".join(part if _QUOTED.fullmatch(part) else _WORD.sub(_short, part) for part in parts)


def dissertation_formula(remainder: str) -> str:
    """The words of a thesis ("дис. на соискание ученой степени …") as "дис. … канд. пед. наук : 05.25.03"."""
    words = (_DEGREE.sub(" … ", part) for part in remainder.split(" : "))
    segments = [_SPECIALITY.sub(r"\1", part) if _SPECIALITY.fullmatch(part) else part for part in words]
    return " : ".join(sorted(segments, key=lambda segment: _SPECIALITY.fullmatch(segment) is not None))


def place_name(name: str, names: PlaceNames, language: ItemLanguage) -> str:
    """The name of a city, shortened or in full; names outside the table stay."""
    full = {short: city for city, short in _CITIES}
    full |= {short: city for spoken, short, city in _LOCAL_CITIES if spoken is language}
    abbreviated = name if name in full else f"{name}." if f"{name}." in full else ""
    if names is PlaceNames.FULL:
        return full.get(abbreviated, name)
    if names is PlaceNames.SHORT:
        return abbreviated or dict(_CITIES).get(name, name)
    return name


def _alternatives(rows: tuple[tuple[str, str], ...]) -> str:
    return "|".join(re.escape(stem) for stem, _ in rows)


_WORD = re.compile(
    rf"(?<![\w-])(?:(?P<adjective>{_alternatives(_ADJECTIVES)}){_ADJECTIVE_END}"
    rf"|(?P<contraction>{_alternatives(_CONTRACTIONS)})(?P<ending>{_NOUN_END})"
    rf"|(?P<noun>{_alternatives(_NOUNS)}){_NOUN_END}"
    rf"|(?P<whole>{_alternatives(_WHOLE)}))(?![\w-])(?P<stop>\.?)",
    re.IGNORECASE,
)
_SHORT_FORMS = dict((*_ADJECTIVES, *_NOUNS, *_CONTRACTIONS, *_WHOLE))


def _short(match: re.Match[str]) -> str:
    """The short form of a word, capital as it was; a word all in capitals is a name and stays."""
    word = match.group()
    if word.isupper():
        return word
    stem = next(match.group(kind) for kind in ("adjective", "contraction", "noun", "whole") if match.group(kind))
    short = _SHORT_FORMS[stem.lower()] + (match.group("ending") or "")
    stop = "" if short.endswith(".") else match.group("stop")
    return (short[0].upper() + short[1:] if word[0].isupper() else short) + stop
