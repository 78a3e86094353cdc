"""What all works need: whose turn it is to get one, the words of title pages, copies and their numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from library.domain.marc import Dialect
from library.sample import numbers, words
from library.sample.spelling import Spelling
from library.sample.words import Phrases
from library.sample.work import Dice, Holding, Host, Kind, Person, Role, Work

LANGUAGE_CODES = {"uz": "uzb", "ky": "kir", "ru": "rus", "en": "eng", "kaa": "kaa"}

_DIALECTS = {"M": Dialect.MARC21, "U": Dialect.UNIMARC, "I": Dialect.IRBIS}
# Which library holds what, taken in turn: those with MARC 21 and IRBIS are Uzbek, the one with RUSMARC is Kyrgyz.
_HOLDERS = {
    "uz": "MIMIIMIMU",
    "cyrillic": "MI",
    "ky": "UUUIUUUMUU",
    "ru": "UMIUMMU",
    "en": "MUIMU",
    "kaa": "MI",
    "set": "MIIUUIUM",
    "serial": "IMIMIMUUUUUIUMMIUMM",
}
_FORMS_OF_UDC = {Kind.TEXTBOOK: "(075.8)", Kind.GUIDE: "(075.8)", Kind.METHOD: "(076.5)", Kind.THESIS: "(043.3)",
                 Kind.ABSTRACT: "(043.3)", Kind.DICTIONARY: "(038)", Kind.REFERENCE: "(035)",
                 Kind.PROCEEDINGS: "(063)", Kind.SERIAL: "(05)", Kind.ISSUE: "(05)"}  # fmt: skip
_FORMS_OF_BBK = {Kind.TEXTBOOK: "я73", Kind.GUIDE: "я73", Kind.METHOD: "я73", Kind.PROCEEDINGS: "я43",
                 Kind.DICTIONARY: "я2", Kind.REFERENCE: "я2", Kind.SERIAL: "я5", Kind.ISSUE: "я5"}  # fmt: skip
_WITHOUT_ISBN = {Kind.THESIS, Kind.ABSTRACT, Kind.ARTICLE, Kind.WEB, Kind.MAP, Kind.AUDIO, Kind.VIDEO, Kind.METHOD}
_COUNTRIES = {
    "Toshkent": "uz", "Samarqand": "uz", "Buxoro": "uz", "Fargʻona": "uz", "Nókis": "uz", "Ташкент": "uz",
    "Самарканд": "uz", "Tashkent": "uz", "Samarkand": "uz", "Бишкек": "kg", "Ош": "kg", "Нарын": "kg",
    "Bishkek": "kg", "Москва": "ru",
}  # fmt: skip
_FIRST_ISBN = 1992
_LONGEST_STATEMENT = 3

# Statuses of 910 ^A; most copies stand on the shelf. Koha has some of them, RUSMARC none.
_STATUSES = {
    Dialect.IRBIS: "000000000000001111112234568900RCP",
    Dialect.MARC21: "0000000000111123456",
    Dialect.UNIMARC: "0",
}
_IN_BULK = {Kind.TEXTBOOK, Kind.GUIDE, Kind.METHOD}
_YEAR_UNKNOWN = 2010
_LAST_YEAR = 2025


@dataclass(slots=True)
class Desk:
    """The phrases of all languages, and the counters that go on from work to work."""

    phrases: Mapping[str, Phrases] = field(default_factory=words.phrases)
    places: Mapping[str, list[str]] = field(default_factory=words.places)
    turns: Counter[str] = field(default_factory=Counter)

    def holder(self, language: str) -> Dialect:
        """The library whose turn it is to get a work in this language, or a set or serial in any."""
        row = _HOLDERS[language]
        turn = self.turns[language]
        self.turns[language] += 1
        return _DIALECTS[row[turn % len(row)]]

    def copies(self, dialect: Dialect, kind: Kind, year: int | None, dice: Dice) -> tuple[Holding, ...]:
        """The copies that the library of this dialect has of a work of that year."""
        place = dice.one_of(self.places[dialect][:3])
        price = f"{dice.number(12, 96)}000.00" if dialect is not Dialect.UNIMARC else f"{dice.number(90, 620)}.00"
        bought = min((year or _YEAR_UNKNOWN) + dice.number(0, 2), max(year or 0, _LAST_YEAR))
        acquired = f"{bought}{dice.number(1, 12):02}{dice.number(1, 28):02}"
        if dialect is Dialect.IRBIS and kind in _IN_BULK and dice.happens(35):
            count = dice.number(15, 120)
            return (Holding("U", "", place, acquired, price, count, dice.number(0, count // 2)),)
        several = dice.number(2, 5) if kind in _IN_BULK else dice.number(1, 3)
        held = []
        for _ in range(1 if kind in {Kind.THESIS, Kind.ABSTRACT, Kind.WEB} else several):
            self.turns[f"inventory {dialect}"] += 1
            number = str(104_000 + 7 * self.turns[f"inventory {dialect}"])
            held.append(Holding(dice.one_of(_STATUSES[dialect]), number, place, acquired, price))
            place = dice.one_of(self.places[dialect][:3])
        return tuple(held)

    def isbn(self, work: Work, dice: Dice) -> str:
        """The next ISBN for a document that has one; empty for others."""
        if work.kind in _WITHOUT_ISBN or work.year is None or work.year < _FIRST_ISBN or not dice.happens(90):
            return ""
        self.turns["isbn"] += 1
        return numbers.isbn(work.country, work.year, work.publisher, self.turns["isbn"])


def classified(udc: str, bbk: str, kind: Kind, dice: Dice) -> tuple[str, str]:
    """UDC and BBK with the form of the document; the BBK in either of its notations."""
    noted = bbk if dice.happens(60) else numbers.lettered(bbk)
    return udc + _FORMS_OF_UDC.get(kind, ""), noted + _FORMS_OF_BBK.get(kind, "")


def country(place: str) -> str:
    """The country of a place of publication: "uz", "kg" or "ru"."""
    return _COUNTRIES[place]


def statement_of(people: Sequence[Person], phrases: Phrases) -> tuple[str, ...]:
    """The statements of responsibility; of four and more authors the first is named."""
    authors = [person.in_order for person in people if person.role is Role.AUTHOR]
    if len(authors) > _LONGEST_STATEMENT:
        authors = [f"{authors[0]} [{phrases.texts['others']}]"]
    statements = [", ".join(authors)] if authors else []
    for role in Role:
        named = [person.in_order for person in people if person.role is role]
        if named and role is not Role.AUTHOR:
            statements.append(f"{phrases.roles[role]} {', '.join(named)}")
    return tuple(statements)


def author_mark(people: Sequence[Person], title: str, dice: Dice) -> str:
    """The letter of the heading and two figures, as on the spine."""
    heading = people[0].surname if people and people[0].role is Role.AUTHOR else title
    return f"{heading.lstrip('«')[0]} {dice.number(11, 98)}"


def respelled(work: Work, spell: Spelling) -> Work:
    """The work with everything that is printed on it in another spelling."""

    def each(texts: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(spell(text) for text in texts)

    return replace(
        work,
        title=spell(work.title),
        remainders=each(work.remainders),
        parallel_title=spell(work.parallel_title),
        people=tuple(Person(spell(person.surname), spell(person.forenames), person.role) for person in work.people),
        responsibility=each(work.responsibility),
        role_words={role: spell(name) for role, name in work.role_words.items()},
        edition=spell(work.edition),
        place=spell(work.place),
        publisher=spell(work.publisher),
        extent=spell(work.extent),
        pages_unit=spell(work.pages_unit),
        page_mark=spell(work.page_mark),
        illustrations=spell(work.illustrations),
        height=spell(work.height),
        series=spell(work.series),
        subjects=each(work.subjects),
        notes=each(work.notes),
        bibliography=spell(work.bibliography),
        contents=each(work.contents),
        abstract=spell(work.abstract),
        host=work.host and _host_respelled(work.host, spell),
        link_label=spell(work.link_label),
        author_mark=spell(work.author_mark),
        shelfmark=work.shelfmark.removesuffix(work.author_mark) + spell(work.author_mark),
    )


def _host_respelled(host: Host, spell: Spelling) -> Host:
    return replace(host, title=spell(host.title), part=spell(host.part))
