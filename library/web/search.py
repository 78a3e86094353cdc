"""The results page: what the reader asked for, what was found, and every way to narrow or widen it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from flask import Blueprint, Response, redirect, request

from indexer.model import Facet, FacetValue, Sort
from library.container import Container
from library.db.records import ListedRecord
from library.domain.errors import N_, QueryTooLong
from library.services.arrivals import Arrival
from library.services.asked import LONGEST_QUERY, Asked
from library.services.loosening import Loosening
from library.services.reading import ReadFile
from library.services.search import DEEPEST_HIT, FoundRecord, SearchOutcome
from library.web import classes, noting, words
from library.web.availability import Availability, availability_of
from library.web.changing import change_url
from library.web.export import export_url
from library.web.histogram import Histogram, histogram
from library.web.languages import gettext, language
from library.web.list_form import ListForm, list_form, personal
from library.web.loosened import Way, ways
from library.web.marks import Piece, Sought, in_pieces
from library.web.noting_flags import continues
from library.web.pages import Page, render
from library.web.reading_files import can_be_viewed, cover_url
from library.web.session import actor
from library.web.viewing_pages import address as viewer_address

MOST_CHOICES, FEWEST_CHOICES = 12, 2
# Every choice repeats the query in its address: of a long query fewer are shown, so that the page stays light.
ROOM_FOR_CHOICES = 40_000
MOST_CREATORS = 3
_CYRILLIC, _LATIN = re.compile("[\u0400-\u04ff]"), re.compile("[A-Za-z]")
HEADINGS = {
    Facet.MATERIAL: N_("Document type"),
    Facet.LANGUAGE: N_("Language"),
    Facet.AUTHOR: N_("Authors"),
    Facet.SUBJECT: N_("Subject"),
    Facet.UDC: N_("UDC"),
    Facet.BBK: N_("BBK"),
    Facet.AVAILABILITY: N_("Availability"),
    Facet.COLLECTION: N_("Collection"),
    Facet.SOURCE: N_("Source"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Excerpt:
    """A piece of a full text with what was sought marked in it, the file and page it stands on, and the way there."""

    file: str
    page: int
    url: str
    text: tuple[Piece, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One record of the list."""

    id: int
    url: str
    title: tuple[Piece, ...]
    lang: str
    icon: str
    material: str
    creators: tuple[str, ...]
    more_creators: int
    imprint: str
    host: str
    availability: Availability | None
    cover: str
    close: bool
    excerpt: Excerpt | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A value that can be chosen, or taken back if it is."""

    label: str
    count: int
    chosen: bool
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FacetGroup:
    """The values of one facet."""

    heading: str
    choices: tuple[Choice, ...]
    open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Chip:
    """A filter that was chosen, and the same search without it."""

    heading: str
    label: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ordering:
    """One order of the list."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A numbered page of the list; without an address it is the one shown, without a number a gap."""

    number: int | None
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchPage(Page):
    """Results, or what to do when there are none."""

    template: ClassVar[str] = "search/results.html"
    robots: ClassVar[str] = "noindex,follow"

    words: str
    total: int
    limit: int
    first: int
    page: int
    pages: int
    results: tuple[Result, ...]
    groups: tuple[FacetGroup, ...]
    years: Histogram | None
    chips: tuple[Chip, ...]
    clear_url: str
    export_url: str
    change_url: str
    form: ListForm
    orderings: tuple[Ordering, ...]
    kept: tuple[tuple[str, str], ...]
    kept_without_years: tuple[tuple[str, str], ...]
    previous_url: str
    next_url: str
    steps: tuple[Step, ...]
    suggestion: Way | None
    ways: tuple[Way, ...]
    also: str
    advanced_url: str


def blueprint(container: Container) -> Blueprint:
    """The route `/search`."""
    routes = Blueprint("search", __name__)

    @routes.get("/search")
    def results() -> Response:
        asked = Asked.read(request.args)
        if len(asked.words) > LONGEST_QUERY:
            raise QueryTooLong(
                N_("The query is longer than {limit} characters. Leave the most important words."), limit=LONGEST_QUERY
            )
        visit = container.reading.visit(actor(), request.remote_addr or "")
        outcome = container.search.run(asked.request(), visit)
        last = outcome.last_page
        if outcome.page > last or asked.page > last:
            return redirect(asked.on_page(last).url())  # type: ignore[return-value]
        is_continued = continues(asked, request.referrer or "", request.host)
        noting.searched(outcome.total, asked.words, is_continued=is_continued)
        return personal(render(_page(asked, outcome, container.loosening)))

    return routes


def result(
    found: FoundRecord | ListedRecord | Arrival, sought: Sought | None = None, *, files: Sequence[ReadFile] = ()
) -> Result:
    """A record as one line of a list, with its files, and what was sought marked in its title."""
    facts = found.description
    authors = [creator.name for creator in facts.creators]
    lang = words.text_language(facts.languages, facts.title)
    return Result(
        id=found.id,
        url=f"/record/{found.id}",
        title=sought.marked(facts.title) if sought is not None else (Piece(facts.title),),
        lang=lang,
        icon=words.ICONS.get(facts.material, "book"),
        material=gettext(words.MATERIALS[facts.material]),
        creators=tuple(authors[:MOST_CREATORS]),
        more_creators=max(len(authors) - MOST_CREATORS, 0),
        imprint=imprint(facts.places, facts.publishers, facts.year),
        # The title of a volume begins with that of its set.
        host=facts.host.title if facts.host is not None and not facts.title.startswith(facts.host.title) else "",
        availability=availability_of(facts, files),
        cover=cover_url(files, small=True),
        close=isinstance(found, FoundRecord) and found.close,
        excerpt=_excerpt(found, sought.query if sought is not None else "") if isinstance(found, FoundRecord) else None,
    )


def listed(container: Container, records: Sequence[ListedRecord | Arrival]) -> tuple[Result, ...]:
    """Records as lines of a list, with the files that whoever asks is told of: one query, for signed-in people two."""
    visit = container.reading.visit(actor(), request.remote_addr or "")
    files = container.reading.of_records([one.id for one in records], visit)
    return tuple(result(one, files=files.get(one.id, ())) for one in records)


def _excerpt(found: FoundRecord, words: str) -> Excerpt | None:
    snippet, place = found.snippet, found.place
    if snippet is None or place is None:
        return None
    several = len(found.files) > 1
    return Excerpt(
        file=(place.document.label or place.document.name) if several else "",
        page=place.page,
        url=viewer_address(place.document.id, place.page, words=words) if can_be_viewed(place.document) else "",
        text=in_pieces(snippet.text, snippet.marks),
    )


def imprint(places: tuple[str, ...], publishers: tuple[str, ...], year: int | None) -> str:
    """Place, publisher and year in one line, as far as they are known."""
    where = " : ".join(part for part in ("; ".join(places[:2]), "; ".join(publishers[:2])) if part)
    return ", ".join(part for part in (where, str(year) if year is not None else "") if part)


def _page(asked: Asked, outcome: SearchOutcome, loosening: Loosening) -> SearchPage:
    pages, here = outcome.last_page, outcome.page
    sought = Sought(asked.words)
    shown = tuple(result(found, sought, files=found.files) for found in outcome.records)
    suggestion = None
    if outcome.suggestion:
        meant = asked.saying(outcome.suggestion)
        suggestion = Way(label=outcome.suggestion, url=meant.url(), count=loosening.count(meant))
    return SearchPage(
        words=asked.words,
        total=outcome.total,
        limit=DEEPEST_HIT if here == pages and outcome.total > DEEPEST_HIT else 0,
        first=(outcome.page - 1) * outcome.size + 1,
        page=here,
        pages=pages,
        results=shown,
        groups=tuple(_groups(asked, outcome)),
        years=histogram(outcome.facets.get(Facet.YEAR, ()), asked.years),
        chips=tuple(_chips(asked)),
        clear_url=asked.without_filters().url(),
        export_url=export_url(asked),
        change_url=change_url(asked.pairs()),
        form=list_form(),
        orderings=tuple(
            Ordering(value=sort, label=gettext(words.SORTS[sort]), chosen=sort is asked.sort) for sort in Sort
        ),
        kept=tuple(asked.pairs(sort=False)),
        kept_without_years=tuple(asked.between(None).pairs()),
        previous_url=asked.on_page(here - 1).url() if here > 1 else "",
        next_url=asked.on_page(here + 1).url() if here < pages else "",
        steps=tuple(_steps(asked, here, pages)) if pages > 1 else (),
        suggestion=suggestion,
        ways=() if outcome.total else ways(loosening.ways(asked), HEADINGS),
        also=_also(asked.words, shown),
        advanced_url="/search/advanced" + asked.url().removeprefix("/search"),
    )


def label(facet: Facet, value: str) -> str:
    """A facet's value in the reader's words."""
    if facet in (Facet.UDC, Facet.BBK):
        return " ".join(filter(None, (classes.notation(facet, value), classes.name(facet, value, language()))))
    tables = {
        Facet.MATERIAL: words.MATERIALS,
        Facet.LANGUAGE: words.LANGUAGE_NAMES,
        Facet.AVAILABILITY: words.WAYS_TO_HAVE,
    }
    known = tables.get(facet, {}).get(value)
    return gettext(known) if known is not None else value


def _also(query: str, shown: tuple[Result, ...]) -> str:
    """Words that what was typed in one script alone also found titles in the other; empty where it did not."""
    cyrillic, latin = _CYRILLIC.search(query), _LATIN.search(query)
    if (cyrillic is None) == (latin is None):
        return ""
    other = _CYRILLIC if cyrillic is None else _LATIN
    if not any(piece.match and other.search(piece.text) for one in shown for piece in one.title):
        return ""
    return gettext("Also found in Cyrillic") if cyrillic is None else gettext("Also found in Latin")


def _groups(asked: Asked, outcome: SearchOutcome) -> Iterable[FacetGroup]:
    room = ROOM_FOR_CHOICES // len(asked.url()) // len(HEADINGS)
    most = min(max(room, FEWEST_CHOICES), MOST_CHOICES)
    for facet, heading in HEADINGS.items():
        chosen = asked.filters.get(facet, frozenset())
        values = list(outcome.facets.get(facet, ()))
        shown = values[:most]
        counted = {found.value for found in shown}
        late = [found for found in values[most:] if found.value in chosen]
        counted.update(found.value for found in late)
        empty = [FacetValue(value=value, count=0) for value in sorted(chosen - counted)]
        choices = tuple(
            Choice(
                label=label(facet, found.value),
                count=found.count,
                chosen=found.value in chosen,
                url=asked.toggling(facet, found.value).url(),
            )
            for found in [*shown, *late, *empty]
        )
        if choices:
            primary = facet in (Facet.MATERIAL, Facet.LANGUAGE)
            yield FacetGroup(heading=gettext(heading), choices=choices, open=primary or bool(chosen))


def _chips(asked: Asked) -> Iterable[Chip]:
    for facet, values in asked.filters.items():
        for value in sorted(values):
            yield Chip(
                heading=gettext(HEADINGS[facet]),
                label=label(facet, value),
                url=asked.toggling(facet, value).url(),
            )
    if asked.years is not None:
        first, last = asked.years.first, asked.years.last
        yield Chip(
            heading=gettext("Year"),
            label=str(first) if first == last else f"{first or '…'}–{last or '…'}",
            url=asked.between(None).url(),
        )


def _steps(asked: Asked, here: int, pages: int) -> Iterable[Step]:
    numbers = sorted({1, 2, here - 1, here, here + 1, pages - 1, pages} & set(range(1, pages + 1)))
    before = 0
    for number in numbers:
        if number > before + 1:
            yield Step(number=None, url="")
        yield Step(number=number, url="" if number == here else asked.on_page(number).url())
        before = number
