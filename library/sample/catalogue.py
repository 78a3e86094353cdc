"""The works of the sample catalogue, made from the words: always the same ones, in the same order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from library.sample import collected, numbers, words
from library.sample.desk import LANGUAGE_CODES, Desk, author_mark, classified, country, respelled, statement_of
from library.sample.spelling import Spelling, as_it_is, to_cyrillic, to_letters_of_2026, typed_with
from library.sample.words import Entry, Phrases, Serial, Topic
from library.sample.work import Dice, Host, Kind, Work

_PAGES = {Kind.TEXTBOOK: (220, 480), Kind.GUIDE: (96, 260), Kind.METHOD: (32, 88), Kind.ABSTRACT: (22, 52),
          Kind.THESIS: (120, 180), Kind.DICTIONARY: (180, 520), Kind.FICTION: (140, 420)}  # fmt: skip
_ON_ONE_CARRIER = {Kind.MAP: "sheet", Kind.AUDIO: "disc", Kind.VIDEO: "disc"}
_TAUGHT_WITH = {Kind.TEXTBOOK, Kind.GUIDE, Kind.METHOD, Kind.THESIS, Kind.ABSTRACT}
_OF_THE_UNIVERSITY = {Kind.THESIS, Kind.ABSTRACT, Kind.WEB, Kind.METHOD}
_REPEATED = {Kind.TEXTBOOK, Kind.GUIDE, Kind.FICTION}
_ONLINE = {Kind.WEB: 100, Kind.THESIS: 70, Kind.ABSTRACT: 50, Kind.ARTICLE: 45}
_STEM = 4
_STUDIES_OF_LITERATURE, _LITERATURE = "83.3", "84"
_FIRST_OF_NEW_LETTERS = "Yangi alifbodagi birinchi nashri"


@dataclass(frozen=True, slots=True)
class _Edition:
    """One of the editions of a work: how it is spelled, when it came out, what it says of itself."""

    name: str
    year: int | None
    spell: Spelling
    statement: str = ""


def works() -> tuple[Work, ...]:
    """All works: single ones by topic, then sets, serials with their issues, and standards."""
    desk = Desk()
    journals = {language: _journals(language) for language in LANGUAGE_CODES}
    single = list(_single(desk, journals))
    articles = [work for work in single if work.kind is Kind.ARTICLE]
    return (*single, *collected.works(desk, articles))


def _journals(language: str) -> Mapping[str, tuple[int, Serial]]:
    """The serial in which articles on a topic appear, with its number, by topic."""
    numbered = enumerate(words.serials(), start=1)
    return {topic: (n, serial) for n, serial in numbered if serial.language == language for topic in serial.topics}


def _single(desk: Desk, journals: Mapping[str, Mapping[str, tuple[int, Serial]]]) -> Iterator[Work]:
    for topic in words.topics():
        for number, entry in enumerate(topic.entries, start=1):
            phrases = desk.phrases[entry.language]
            for edition in _editions(entry, f"{topic.name}-{number}", phrases):
                dice = Dice(edition.name)
                work = _described(desk, topic, entry, edition, dice)
                if entry.kind is Kind.ARTICLE:
                    work = _in_journal(work, journals[entry.language][topic.name], phrases, dice)
                else:
                    work = _published(work, entry, phrases, dice)
                    held = desk.copies(work.dialect, work.kind, work.year, dice)
                    work = replace(work, isbn=desk.isbn(work, dice), holdings=() if work.kind is Kind.WEB else held)
                yield respelled(_with_link(work, phrases, dice), edition.spell)


def _editions(entry: Entry, name: str, phrases: Phrases) -> Iterator[_Edition]:
    dice = Dice(f"editions of {name}")
    spell: Spelling = as_it_is
    if entry.language == "uz" and dice.happens(9):
        spell = typed_with(dice.one_of(("''", "‘’", "``", "’’")))
    if entry.new_letters_year and entry.new_letters_year == entry.year:
        spell = to_letters_of_2026
    again = entry.kind in _REPEATED and (entry.cyrillic_year or dice.happens(25))
    # A novel is printed again, but not enlarged.
    statements = phrases.editions[:1] if entry.kind is Kind.FICTION else phrases.editions
    yield _Edition(name, entry.year, spell, dice.one_of(statements) if again else "")
    if entry.cyrillic_year:
        yield _Edition(f"{name}-k", entry.cyrillic_year, to_cyrillic)
    if entry.new_letters_year and entry.new_letters_year != entry.year:
        yield _Edition(f"{name}-n", entry.new_letters_year, to_letters_of_2026, _FIRST_OF_NEW_LETTERS)


def _described(desk: Desk, topic: Topic, entry: Entry, edition: _Edition, dice: Dice) -> Work:
    """What the title page and the text itself say."""
    phrases = desk.phrases[entry.language]
    cyrillic = edition.spell is to_cyrillic
    literature = entry.kind in {Kind.FICTION, Kind.AUDIO}
    about = topic.bbk.replace(_STUDIES_OF_LITERATURE, _LITERATURE) if literature else topic.bbk
    udc, bbk = classified(topic.udc, about, entry.kind, dice)
    proper, *remainders = entry.title.split(" : ")
    title, _, parallel = proper.partition(" = ")
    mark = author_mark(entry.people, title, dice)
    return Work(
        key=edition.name,
        dialect=desk.holder("cyrillic" if cyrillic else entry.language),
        language=LANGUAGE_CODES[entry.language],
        words=entry.language,
        cyrillic=cyrillic or entry.language in {"ky", "ru"},
        kind=entry.kind,
        title=title,
        parallel_title=parallel,
        remainders=(*remainders, *_named(entry, title, remainders, phrases, dice)),
        people=entry.people,
        responsibility=statement_of(entry.people, phrases),
        role_words=phrases.roles,
        page_mark=phrases.texts["page_mark"],
        edition=edition.statement,
        year=edition.year,
        udc=udc,
        bbk=bbk,
        subjects=entry.subjects or topic.subjects.get(entry.language, topic.subjects["uz"]),
        abstract=entry.abstract,
        contents=entry.contents,
        author_mark=mark,
        shelfmark="" if entry.kind in {Kind.ARTICLE, Kind.WEB} else f"{bbk} {mark}",
    )


def _named(entry: Entry, title: str, remainders: Sequence[str], phrases: Phrases, dice: Dice) -> tuple[str, ...]:
    """What kind of document the title page calls it, unless its title has said so already."""
    names = phrases.kinds.get(entry.kind, [])
    if not names or (remainders and entry.kind not in _TAUGHT_WITH) or (entry.kind is Kind.BOOK and dice.happens(40)):
        return ()
    said = " ".join([title, *remainders]).lower()
    key_word = names[0].split()[0 if entry.kind is Kind.METHOD else -1]
    return () if key_word[:_STEM] in said else (dice.one_of(names),)


def _published(work: Work, entry: Entry, phrases: Phrases, dice: Dice) -> Work:
    """The work as a thing of its own: who published it, how large it is, what else stands in it."""
    kind, texts = work.kind, phrases.texts
    place, publisher = phrases.university if kind in _OF_THE_UNIVERSITY else dice.one_of(phrases.publishers)
    work = replace(
        work,
        place=place,
        country=country(place),
        publisher="" if kind is Kind.THESIS else publisher,
        thesis_note=phrases.degree if kind in {Kind.THESIS, Kind.ABSTRACT} else "",
    )
    if kind in _ON_ONE_CARRIER:
        return replace(work, extent=texts[_ON_ONE_CARRIER[kind]])
    if kind is Kind.WEB:
        return work
    series = phrases.series[:2] if kind in _TAUGHT_WITH else phrases.series[-1:]
    in_series = kind not in {Kind.ABSTRACT, Kind.THESIS, Kind.METHOD, Kind.FICTION} and dice.happens(28)
    return replace(
        work,
        pages_unit=texts["pages"],
        pages=dice.number(*_PAGES.get(kind, (112, 340))),
        illustrations=texts["illustrations"] if dice.happens(50) else "",
        height=f"{dice.one_of((20, 21, 22, 24))} {texts['size']}",
        series=dice.one_of(series) if in_series else "",
        series_number=str(dice.number(2, 30)) if in_series and dice.happens(60) else "",
        notes=(texts["approved"],) if kind in _REPEATED and not entry.contents and dice.happens(35) else (),
        bibliography=texts["bibliography"] if dice.happens(45) else "",
    )


def _in_journal(work: Work, journal: tuple[int, Serial], phrases: Phrases, dice: Dice) -> Work:
    """The work as an article of a journal."""
    place, serial = journal
    number = dice.number(1, min(serial.frequency, collected.ISSUES_CATALOGUED))
    first = dice.number(3, 90)
    host = Host(
        serial.title.partition(" : ")[0].partition(" = ")[0],
        issn=numbers.issn(place) if (work.year or 0) >= serial.first_year else "",
        year=work.year,
        number=number,
        part=phrases.texts["issue"].format(n=number),
        pages=f"{first}–{first + dice.number(4, 11)}",
    )
    return replace(work, host=host)


def _with_link(work: Work, phrases: Phrases, dice: Dice) -> Work:
    if not dice.happens(_ONLINE.get(work.kind, 12)):
        return work
    label = phrases.texts["free" if work.kind is Kind.WEB else "fulltext"]
    return replace(work, link=f"https://example.org/fulltext/{work.key}", link_label=label)
