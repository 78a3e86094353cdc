"""The form with a field for each kind of word; it leads to the address of an ordinary search."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import ClassVar

from flask import Blueprint, Response, redirect, request

from indexer.model import Facet, FacetValue
from indexer.parsing import parse
from indexer.queries import EVERYTHING, And, InField, Node, Not, Or, Phrase, SearchField, Words
from indexer.typed import typed
from library.container import Container
from library.domain.errors import N_, QueryTooLong
from library.services.asked import FILTERS, LONGEST_QUERY, Arguments, Asked, cleaned, one
from library.services.search import SearchRequest
from library.web import words
from library.web.languages import gettext
from library.web.pages import Page, render
from library.web.search import HEADINGS, label

CHOSEN_FROM = (Facet.MATERIAL, Facet.LANGUAGE, Facet.AVAILABILITY, Facet.COLLECTION, Facet.SOURCE)
MOST_OPTIONS = 24
_CLASSES = (SearchField.UDC, SearchField.BBK)
FIELDS: tuple[tuple[SearchField, str, str], ...] = (
    (SearchField.TITLE, N_("Title"), "algebra"),
    (SearchField.AUTHOR, N_("Author"), "Navoiy"),
    (SearchField.SUBJECT, N_("Subject"), "ekologiya"),
    (SearchField.PUBLISHER, N_("Publisher"), "Oʻqituvchi"),
    (SearchField.NUMBER, N_("ISBN, ISSN or inventory number"), "978-9943-19-077-1"),
    (SearchField.UDC, N_("UDC"), "51"),
    (SearchField.BBK, N_("BBK"), "22.1"),
    (SearchField.BODY, N_("Full text"), ""),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TextField:
    """A field to type in."""

    name: str
    label: str
    example: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """A value to tick."""

    value: str
    label: str
    count: int
    chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """The values of one facet."""

    name: str
    heading: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AdvancedPage(Page):
    """The form, filled with the search the reader came from."""

    template: ClassVar[str] = "search/advanced.html"

    all_words: str
    fields: tuple[TextField, ...]
    year_from: str
    year_to: str
    choices: tuple[Options, ...]
    orderings: tuple[tuple[str, str], ...]
    sort: str


def blueprint(container: Container) -> Blueprint:
    """The routes `/search/advanced`, and `/search/advanced/go`, which reads the form."""
    routes = Blueprint("advanced", __name__)

    @routes.get("/search/advanced")
    def form() -> Response:
        # Which values there are to tick: one question to the index, and no record is shown.
        facets = container.search.run(SearchRequest(size=1)).facets
        return render(_form(Asked.read(request.args), facets))

    @routes.get("/search/advanced/go")
    def go() -> Response:
        asked = Asked.read(request.args)
        query = query_of(request.args)
        if len(query) > LONGEST_QUERY:
            raise QueryTooLong(
                N_("The query is longer than {limit} characters. Leave the most important words."), limit=LONGEST_QUERY
            )
        kept = {facet: values for facet, values in asked.filters.items() if facet in CHOSEN_FROM}
        return redirect(replace(asked, words=query, filters=kept, page=1).url(), 303)  # type: ignore[return-value]

    return routes


def _form(asked: Asked, facets: Mapping[Facet, tuple[FacetValue, ...]]) -> AdvancedPage:
    years = asked.years
    return AdvancedPage(
        all_words=asked.words[:LONGEST_QUERY],
        fields=tuple(
            TextField(name=field.value, label=gettext(heading), example=example, value=_filled(asked, field))
            for field, heading, example in FIELDS
        ),
        year_from=str(years.first) if years is not None and years.first is not None else "",
        year_to=str(years.last) if years is not None and years.last is not None else "",
        choices=tuple(_options(asked, facet, facets[facet]) for facet in CHOSEN_FROM if facets.get(facet)),
        orderings=tuple((sort.value, gettext(said)) for sort, said in words.SORTS.items()),
        sort=asked.sort.value,
    )


def _options(asked: Asked, facet: Facet, values: tuple[FacetValue, ...]) -> Options:
    chosen = asked.filters.get(facet, frozenset())
    # What is chosen already stays, however rare it is.
    shown = [found for place, found in enumerate(values) if place < MOST_OPTIONS or found.value in chosen]
    return Options(
        name=facet.value,
        heading=gettext(HEADINGS[facet]),
        options=tuple(
            Option(
                value=found.value,
                label=label(facet, found.value),
                count=found.count,
                chosen=found.value in chosen,
            )
            for found in shown
        ),
    )


def query_of(form: Arguments) -> str:
    """What was filled in, as a reader would type it; empty where nothing was."""
    nodes = list(_nodes(form))
    return typed(nodes[0] if len(nodes) == 1 else And(tuple(nodes))) if nodes else ""


def _filled(asked: Asked, field: SearchField) -> str:
    """A filter that the form has as a field to type in."""
    if field.value not in FILTERS:
        return ""
    values = sorted(asked.filters.get(Facet(field.value), ()))
    return " ".join(values if field in _CLASSES else (f'"{value}"' for value in values))


def _nodes(form: Arguments) -> Iterable[Node]:
    everything, phrase = _read(form, "all"), _read(form, "phrase").replace('"', " ").strip()
    if (node := parse(everything)) != EVERYTHING:
        yield node
    if phrase:
        yield Phrase(phrase)
    choices = tuple(Words(word) for word in _read(form, "any").split())
    if choices:
        yield Or(choices) if len(choices) > 1 else choices[0]
    for field, _, _ in FIELDS:
        text = _read(form, field.value)
        # The brackets of a class number are its own and no signs.
        node = Words(text) if field in _CLASSES and text else parse(text)
        if node != EVERYTHING:
            yield InField(field, node)
    for word in _read(form, "without").split():
        yield Not(Words(word))


def _read(form: Arguments, name: str) -> str:
    return cleaned(one(form, name))[: LONGEST_QUERY + 1]
