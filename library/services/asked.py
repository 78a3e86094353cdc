"""What a search address says, read without ever failing, and written again in one form."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol
from urllib.parse import urlencode

from indexer.model import Facet, Sort, Years
from library.services.search import SearchRequest

# Every link of a results page repeats the query: a longer one would make a heavy page.
LONGEST_QUERY = 1_000
LONGEST_VALUE = 300
MOST_VALUES = 20
LATEST_YEAR = 9_999
FILTERS = (
    Facet.MATERIAL,
    Facet.LANGUAGE,
    Facet.AUTHOR,
    Facet.SUBJECT,
    Facet.UDC,
    Facet.BBK,
    Facet.AVAILABILITY,
    Facet.COLLECTION,
    Facet.SOURCE,
)


class Arguments(Protocol):
    """The names and values of an address."""

    def getlist(self, name: str, /) -> list[str]:
        """All values of a name, in their order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The search of one address; equal searches have equal addresses."""

    words: str = ""
    filters: Mapping[Facet, frozenset[str]] = field(default_factory=dict)
    years: Years | None = None
    sort: Sort = Sort.RELEVANCE
    page: int = 1

    @classmethod
    def read(cls, args: Arguments) -> Asked:
        """What these arguments mean; what is unknown or out of bounds is left out."""
        filters = {facet: _values(args.getlist(facet.value)) for facet in FILTERS}
        first, last = whole(one(args, "year_from"), limit=LATEST_YEAR), whole(one(args, "year_to"), limit=LATEST_YEAR)
        if first is not None and last is not None and first > last:
            first, last = last, first
        sort = one(args, "sort")
        return cls(
            words=cleaned(one(args, "q")),
            filters={facet: values for facet, values in filters.items() if values},
            years=Years(first=first, last=last) if first is not None or last is not None else None,
            sort=Sort(sort) if sort in list(Sort) else Sort.RELEVANCE,
            page=max(whole(one(args, "page"), limit=10**6) or 1, 1),
        )

    def request(self) -> SearchRequest:
        """The same for the search service."""
        return SearchRequest(words=self.words, filters=self.filters, years=self.years, sort=self.sort, page=self.page)

    def pairs(self, *, sort: bool = True) -> Iterable[tuple[str, str]]:
        """Names and values of the address, without the number of the page."""
        if self.words:
            yield "q", self.words
        for facet in FILTERS:
            for value in sorted(self.filters.get(facet, ())):
                yield facet.value, value
        if self.years is not None:
            if self.years.first is not None:
                yield "year_from", str(self.years.first)
            if self.years.last is not None:
                yield "year_to", str(self.years.last)
        if sort and self.sort is not Sort.RELEVANCE:
            yield "sort", self.sort.value

    def url(self) -> str:
        """The permanent address of this search."""
        pairs = list(self.pairs())
        if self.page > 1:
            pairs.append(("page", str(self.page)))
        return "/search?" + urlencode(pairs) if pairs else "/search"

    def toggling(self, facet: Facet, value: str) -> Asked:
        """The first page of this search with the value chosen, or without it if it was."""
        values = self.filters.get(facet, frozenset()) ^ {value}
        filters = {other: chosen for other, chosen in self.filters.items() if other is not facet}
        if values:
            filters[facet] = values
        return replace(self, filters=filters, page=1)

    def without(self, facet: Facet) -> Asked:
        """The first page of this search with nothing chosen in this facet."""
        return replace(
            self, filters={other: kept for other, kept in self.filters.items() if other is not facet}, page=1
        )

    def between(self, years: Years | None) -> Asked:
        """The first page of this search in these years."""
        return replace(self, years=years, page=1)

    def without_filters(self) -> Asked:
        """The first page of this search with its words only."""
        return replace(self, filters={}, years=None, page=1)

    def saying(self, other: str) -> Asked:
        """The first page of this search with other words."""
        return replace(self, words=other, page=1)

    def on_page(self, number: int) -> Asked:
        """Another page of this search."""
        return replace(self, page=number)


def cleaned(text: str) -> str:
    """Control characters, and halves of characters that no database takes, become spaces."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


def _values(values: list[str]) -> frozenset[str]:
    fit = (cleaned(value) for value in values[:MOST_VALUES])
    return frozenset(value for value in fit if 0 < len(value) <= LONGEST_VALUE)


def whole(text: str, *, limit: int) -> int | None:
    """The number in digits, `limit` at most; None where there is none or a very long one."""
    text = text.strip()
    return min(int(text), limit) if text.isascii() and text.isdigit() and len(text) <= len(str(limit)) else None


def one(args: Arguments, name: str) -> str:
    """The first value of this name, empty if there is none."""
    return next(iter(args.getlist(name)), "")
