"""Works that come in parts or numbers: sets and their volumes, serials and their issues, standards."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from library.domain.marc import Dialect
from library.sample import numbers, words
from library.sample.desk import LANGUAGE_CODES, Desk, author_mark, classified, country, statement_of
from library.sample.words import Serial, Standard, Volumes
from library.sample.work import Dice, Host, Kind, Work

ISSUES_CATALOGUED = 4

_STANDARDS = {"uz": ("Standartlashtirish", "standart"), "ky": ("Стандартташтыруу", "стандарт"),
              "ru": ("Стандартизация", "стандарт"), "en": ("Standardization", "standard")}  # fmt: skip
_VOLUMES = {"uz": "{n} jild", "ky": "{n} том", "ru": "{n} т.", "en": "{n} v."}
_CYRILLIC = {"ky", "ru"}


def works(desk: Desk, articles: Sequence[Work]) -> Iterator[Work]:
    """All of them; an issue lists those of the `articles` that stand in it."""
    for place, volumes in enumerate(words.sets(), start=1):
        yield from _set(desk, volumes, f"set-{place}")
    for place, serial in enumerate(words.serials(), start=1):
        yield from _serial(desk, serial, place, articles)
    for place, standard in enumerate(words.standards(), start=1):
        yield _standard(desk, standard, f"standard-{place}")


def _set(desk: Desk, volumes: Volumes, key: str) -> Iterator[Work]:
    """The set, where the dialect has records for sets, and each of its volumes."""
    dice = Dice(key)
    phrases = desk.phrases[volumes.language]
    place, publisher = dice.one_of(phrases.publishers)
    title, *remainders = volumes.title.split(" : ")
    udc, bbk = classified(volumes.udc, volumes.bbk, volumes.kind, dice)
    mark = author_mark(volumes.people, title, dice)
    whole = Work(
        key=key,
        dialect=desk.holder("set"),
        language=LANGUAGE_CODES[volumes.language],
        words=volumes.language,
        cyrillic=volumes.language in _CYRILLIC,
        kind=volumes.kind,
        title=title,
        remainders=tuple(remainders),
        people=volumes.people,
        responsibility=statement_of(volumes.people, phrases),
        role_words=phrases.roles,
        place=place,
        country=country(place),
        publisher=publisher,
        year=volumes.year,
        last_year=volumes.year + len(volumes.volumes) - 1,
        extent=_VOLUMES[volumes.language].format(n=len(volumes.volumes)),
        udc=udc,
        bbk=bbk,
        subjects=volumes.subjects,
        author_mark=mark,
        shelfmark=f"{bbk} {mark}",
    )
    if whole.dialect is not Dialect.IRBIS:
        yield whole
    yield from _volumes(desk, volumes, whole, dice)


def _volumes(desk: Desk, volumes: Volumes, whole: Work, dice: Dice) -> Iterator[Work]:
    phrases = desk.phrases[volumes.language]
    host = Host(whole.title, year=volumes.year, responsibility=" ; ".join(whole.responsibility))
    for number, (name, abstract) in enumerate(volumes.volumes, start=1):
        year = volumes.year + number - 1
        part = phrases.texts["part"].format(n=number)
        volume = replace(
            whole,
            key=f"{whole.key}-{number}",
            title=name,
            remainders=(),
            year=year,
            last_year=None,
            extent="",
            pages_unit=phrases.texts["pages"],
            pages=dice.number(280, 520),
            height=f"22 {phrases.texts['size']}",
            abstract=abstract,
            host=replace(host, number=number, part=part),
            holdings=desk.copies(whole.dialect, volumes.kind, year, dice),
        )
        yield replace(volume, isbn=desk.isbn(volume, dice))


def _serial(desk: Desk, serial: Serial, place: int, articles: Sequence[Work]) -> Iterator[Work]:
    """The journal, and the issues of those years that are catalogued one by one."""
    dice = Dice(f"serial-{place}")
    phrases = desk.phrases[serial.language]
    town, publisher = phrases.university
    proper, *remainders = serial.title.split(" : ")
    title, _, parallel = proper.partition(" = ")
    udc, bbk = classified(serial.udc, serial.bbk, Kind.SERIAL, dice)
    mark = author_mark((), title, dice)
    linked = dice.happens(60)
    whole = Work(
        key=f"serial-{place}",
        dialect=desk.holder("serial"),
        language=LANGUAGE_CODES[serial.language],
        words=serial.language,
        cyrillic=serial.language in _CYRILLIC,
        kind=Kind.SERIAL,
        title=title,
        parallel_title=parallel,
        remainders=tuple(remainders) or (phrases.texts["journal"],),
        place=town,
        country=country(town),
        publisher=publisher,
        year=serial.first_year,
        issn=numbers.issn(place),
        frequency=serial.frequency,
        udc=udc,
        bbk=bbk,
        subjects=serial.subjects,
        notes=(phrases.texts["frequency"].format(n=serial.frequency),),
        author_mark=mark,
        shelfmark=f"{bbk} {mark}",
        link=f"https://example.org/journals/{place}" if linked else "",
        link_label=phrases.texts["site"] if linked else "",
    )
    issues = list(_issues(desk, serial, whole, articles, dice))
    if whole.dialect is Dialect.MARC21:
        numbering = tuple(f"{issue.year}, {issue.host.part}" for issue in issues for _ in issue.holdings if issue.host)
        yield replace(whole, numbering=numbering, holdings=tuple(copy for issue in issues for copy in issue.holdings))
    else:
        yield from (whole, *issues)


def _issues(desk: Desk, serial: Serial, whole: Work, articles: Sequence[Work], dice: Dice) -> Iterator[Work]:
    """The issues of the years that are catalogued one by one; MARC 21 has them as items of the journal."""
    phrases = desk.phrases[serial.language]
    for year in serial.catalogued:
        for number in range(1, min(serial.frequency, ISSUES_CATALOGUED) + 1):
            inside = [
                article.title
                for article in articles
                if article.host
                and (article.host.title, article.year, article.host.number) == (whole.title, year, number)
            ]
            yield replace(
                whole,
                key=f"{whole.key}-{year}-{number}",
                kind=Kind.ISSUE,
                remainders=(),
                parallel_title="",
                year=year,
                pages_unit=phrases.texts["pages"],
                pages=dice.number(90, 160),
                notes=(),
                contents=tuple(inside),
                link="",
                link_label="",
                host=Host(whole.title, whole.issn, year, number, phrases.texts["issue"].format(n=number)),
                holdings=desk.copies(whole.dialect, Kind.ISSUE, year, dice),
            )


def _standard(desk: Desk, standard: Standard, key: str) -> Work:
    dice = Dice(key)
    phrases = desk.phrases[standard.language]
    udc, bbk = classified(standard.udc, standard.bbk, Kind.STANDARD, dice)
    dialect = desk.holder(standard.language)
    place, _ = phrases.publishers[0]
    return Work(
        key=key,
        dialect=dialect,
        language=LANGUAGE_CODES[standard.language],
        words=standard.language,
        cyrillic=standard.language in _CYRILLIC,
        kind=Kind.STANDARD,
        title=standard.title,
        remainders=tuple(phrases.kinds[Kind.STANDARD]),
        number=standard.number,
        place=place,
        country=country(place),
        year=standard.year,
        pages_unit=phrases.texts["pages"],
        pages=dice.number(6, 24),
        height=f"29 {phrases.texts['size']}",
        udc=udc,
        bbk=bbk,
        subjects=_STANDARDS[standard.language],
        abstract=standard.abstract,
        holdings=desk.copies(dialect, Kind.STANDARD, standard.year, dice),
        shelfmark=bbk,
    )
