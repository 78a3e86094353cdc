"""Ways into the catalogue without a query: letters, classes, new arrivals. Titles and arrivals need no index."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import ClassVar
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, request

from indexer.model import Facet, FacetValue
from library.container import Container
from library.domain.errors import N_
from library.services.alphabets import ALPHABETS, LETTERS, OTHER
from library.services.arrivals import Arrival
from library.services.asked import LONGEST_VALUE, Asked, whole
from library.services.browsing import Browsing
from library.web import classes
from library.web.collection import HOME as COLLECTIONS
from library.web.collection import collection_url
from library.web.languages import NAMES, gettext, language
from library.web.pages import Page, render, settings
from library.web.search import Result, listed

PAGE_SIZE = 50
VALUES_SIZE = 60
LARGEST_NUMBER = 2**31 - 1
WAYS = (
    ("/browse/titles", "list", N_("Titles")),
    ("/browse/authors", "person", N_("All authors")),
    ("/browse/subjects", "article", N_("All subjects")),
    ("/browse/udc", "shelf", N_("UDC classes")),
    ("/browse/bbk", "shelf", N_("BBK classes")),
    ("/browse/new", "clock", N_("New arrivals")),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tab:
    """A way of browsing, or an alphabet, and whether it is the one shown."""

    label: str
    url: str
    icon: str = ""
    lang: str = ""
    here: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterLink:
    """A letter; without an address nothing begins with it."""

    label: str
    url: str
    here: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Something that can be chosen, how many records it has, and the search for them."""

    label: str
    count: int
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BrowsePage(Page):
    """The ways there are."""

    template: ClassVar[str] = "browse/browse.html"

    ways: tuple[Tab, ...]
    collections_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TitlesPage(Page):
    """A stretch of the catalogue in the order of titles."""

    template: ClassVar[str] = "browse/titles.html"
    robots: ClassVar[str] = "noindex,follow"

    ways: tuple[Tab, ...]
    alphabets: tuple[Tab, ...]
    letters: tuple[LetterLink, ...]
    results: tuple[Result, ...]
    first_url: str
    next_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ValuesPage(Page):
    """Authors or subjects under one letter."""

    template: ClassVar[str] = "browse/values.html"
    robots: ClassVar[str] = "noindex,follow"

    heading: str
    ways: tuple[Tab, ...]
    alphabets: tuple[Tab, ...]
    letters: tuple[LetterLink, ...]
    letter: str
    entries: tuple[Entry, ...]
    page: int
    pages: int
    previous_url: str
    next_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassEntry:
    """A class, its name in the reader's language where it has one, and its records; no address where it has none."""

    notation: str
    name: str
    count: int
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """A main class and the classes under it."""

    main: ClassEntry
    under: tuple[ClassEntry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassesPage(Page):
    """The two upper levels of a classification."""

    template: ClassVar[str] = "browse/classes.html"

    heading: str
    about: str
    ways: tuple[Tab, ...]
    branches: tuple[Branch, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """What came on one day."""

    moment: datetime
    results: tuple[Result, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrivalsPage(Page):
    """The last records to come, day by day."""

    template: ClassVar[str] = "browse/new.html"
    robots: ClassVar[str] = "noindex,follow"

    ways: tuple[Tab, ...]
    days: tuple[Day, ...]
    first_url: str
    next_url: str


def blueprint(container: Container) -> Blueprint:
    """The routes below `/browse`."""
    routes = Blueprint("browse", __name__)
    browsing = container.browsing

    @routes.get("/browse")
    def ways() -> Response:
        known = container.configuration.current().collections.all
        only = collection_url(known[0] if known else None)
        return render(BrowsePage(ways=_ways(""), collections_url=COLLECTIONS if len(known) > 1 else only))

    @routes.get("/browse/titles")
    def titles() -> Response:
        return render(_titles(container, browsing))

    @routes.get("/browse/authors")
    def authors() -> Response:
        return render(_values(browsing, "/browse/authors", Facet.AUTHOR, gettext("All authors")))

    @routes.get("/browse/subjects")
    def subjects() -> Response:
        return render(_values(browsing, "/browse/subjects", Facet.SUBJECT, gettext("All subjects")))

    @routes.get("/browse/udc")
    def udc() -> Response:
        about = gettext("Universal Decimal Classification")
        counts = browsing.classes(Facet.UDC)
        return render(_classes(Facet.UDC, gettext("UDC classes"), about, counts))

    @routes.get("/browse/bbk")
    def bbk() -> Response:
        about = gettext("Library-bibliographical classification: numbers and letters mean the same classes")
        counts = browsing.classes(Facet.BBK)
        return render(_classes(Facet.BBK, gettext("BBK classes"), about, counts))

    @routes.get("/browse/new")
    def arrivals() -> Response:
        before = _number("before")
        found = container.arrivals.page(before, PAGE_SIZE)
        return render(
            ArrivalsPage(
                ways=_ways("/browse/new"),
                days=tuple(_days(found.records, listed(container, found.records))),
                first_url="/browse/new" if before is not None else "",
                next_url=f"/browse/new?before={found.next}" if found.next is not None else "",
            )
        )

    return routes


def _titles(container: Container, browsing: Browsing) -> TitlesPage:
    alphabet, letter, after = _alphabet(), request.args.get("letter", ""), _number("after")
    letter = letter if letter in (*LETTERS[alphabet], OTHER) else ""
    if letter:
        found = browsing.titles(alphabet, letter, after, PAGE_SIZE)
    else:
        found = container.catalogue.browse(after, PAGE_SIZE)
    kept = {"alphabet": alphabet, "letter": letter} if letter else {}
    return TitlesPage(
        ways=_ways("/browse/titles"),
        alphabets=_alphabets("/browse/titles", alphabet),
        letters=tuple(
            LetterLink(
                label=_letter(one), url=_url("/browse/titles", alphabet=alphabet, letter=one), here=one == letter
            )
            for one in (*LETTERS[alphabet], OTHER)
        ),
        results=listed(container, found.records),
        first_url=_url("/browse/titles", **kept) if after is not None else "",
        next_url=_url("/browse/titles", **kept, after=str(found.next)) if found.next is not None else "",
    )


def _values(browsing: Browsing, path: str, facet: Facet, heading: str) -> ValuesPage:
    alphabet = _alphabet()
    found = browsing.values(facet, alphabet, request.args.get("letter", ""), _number("page") or 1, VALUES_SIZE)

    def page(number: int) -> str:
        return _url(path, alphabet=alphabet, letter=found.letter, page=str(number))

    return ValuesPage(
        heading=heading,
        ways=_ways(path),
        alphabets=_alphabets(path, alphabet),
        letters=tuple(
            LetterLink(
                label=_letter(one.letter),
                url=_url(path, alphabet=alphabet, letter=one.letter) if one.count else "",
                here=one.letter == found.letter,
            )
            for one in found.letters
        ),
        letter=_letter(found.letter) if found.letter else "",
        entries=tuple(_entry(facet, value) for value in found.values),
        page=found.page,
        pages=found.pages,
        previous_url=page(found.page - 1) if found.page > 1 else "",
        next_url=page(found.page + 1) if found.page < found.pages else "",
    )


def _entry(facet: Facet, found: FacetValue) -> Entry:
    # A value too long for a filter is looked for by its words.
    if len(found.value) > LONGEST_VALUE:
        asked = Asked(words=f'{facet.value}:"{found.value[:LONGEST_VALUE].rpartition(" ")[0]}"')
    else:
        asked = Asked(filters={facet: frozenset({found.value})})
    return Entry(label=found.value, count=found.count, url=asked.url())


def _classes(scheme: Facet, heading: str, about: str, counts: Mapping[str, int]) -> ClassesPage:
    tag = language()

    def entry(number: str) -> ClassEntry:
        count = counts.get(number, 0)
        return ClassEntry(
            notation=classes.notation(scheme, number),
            name=classes.name(scheme, number, tag),
            count=count,
            url=Asked(filters={scheme: frozenset({number})}).url() if count else "",
        )

    known = dict.fromkeys(sorted({*classes.numbers(scheme), *counts}))
    under: dict[str, list[str]] = {}
    for number in known:
        main = classes.main_class(scheme, number)
        if main != number:
            under.setdefault(main, []).append(number)
    mains = (*classes.main_classes(scheme), *sorted(set(under) - set(classes.main_classes(scheme))))
    return ClassesPage(
        heading=heading,
        about=about,
        ways=_ways(f"/browse/{scheme.value}"),
        branches=tuple(
            Branch(main=entry(main), under=tuple(entry(number) for number in under.get(main, ()))) for main in mains
        ),
    )


def _days(arrived: Iterable[Arrival], lines: Iterable[Result]) -> Iterable[Day]:
    zone = ZoneInfo(settings().time_zone)

    def day(new: tuple[Arrival, Result]) -> date:
        return new[0].created_at.astimezone(zone).date()

    for _, group in groupby(zip(arrived, lines, strict=True), day):
        came = list(group)
        yield Day(moment=came[0][0].created_at, results=tuple(line for _, line in came))


def _ways(here: str) -> tuple[Tab, ...]:
    return tuple(Tab(label=gettext(label), url=url, icon=icon, here=url == here) for url, icon, label in WAYS)


def _alphabets(path: str, here: str) -> tuple[Tab, ...]:
    return tuple(Tab(label=NAMES[tag], url=_url(path, alphabet=tag), lang=tag, here=tag == here) for tag in ALPHABETS)


def _alphabet() -> str:
    asked = request.args.get("alphabet", "")
    return asked if asked in ALPHABETS else language()


def _letter(letter: str) -> str:
    return gettext("Other signs") if letter == OTHER else letter


def _number(name: str) -> int | None:
    text = request.args.get(name, "")
    return whole(text, limit=LARGEST_NUMBER)


def _url(path: str, **values: str) -> str:
    return f"{path}?{urlencode(values)}" if values else path
