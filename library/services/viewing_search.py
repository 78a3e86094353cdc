"""Words looked for in one text, page by page: whichever alphabet either is written in, by the rules of the search."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from indexer.analysis import Analyser
from indexer.bodies import Page
from indexer.model import Snippet
from indexer.page_words import same_length, spellings
from indexer.plan import body_leaves, make_plan
from indexer.queries import Node
from indexer.recognising import recognisers
from indexer.snippets import Wanted, snippet_of

MOST_HITS = 20
"""So many pages are shown of those that match."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Pages that match, the first `MOST_HITS` of `total`, each with the words around its first match.

    `close` says that only a loosened spelling is there, `some` that no page has all of the words.
    """

    hits: tuple[Snippet, ...] = ()
    total: int = 0
    close: bool = False
    some: bool = False


def find(pages: Sequence[str], query: Node) -> Found:
    """The pages with all words and phrases of a query, else with any; in looser spellings if that finds nothing."""
    leaves = tuple(dict.fromkeys(body_leaves(make_plan(query, Analyser()))))
    if not leaves:
        return Found()
    body = [Page(number, text) for number, text in enumerate(pages, 1)]
    words = [spellings(same_length(text)) for text in pages]
    for close in (False, True):
        wanted = [recognisers(leaf, Analyser(), loose=close) for leaf in leaves]
        met = [_met(page, of_page, wanted) for page, of_page in zip(body, words, strict=True)]
        best = max(met, default=0)
        if best:
            least = len(wanted) if best == len(wanted) else 1
            pages_found = [page for page, count in zip(body, met, strict=True) if count >= least]
            hits = tuple(hit for page in pages_found[:MOST_HITS] if (hit := snippet_of(page, wanted)) is not None)
            return Found(hits=hits, total=len(pages_found), close=close, some=least < len(wanted))
    return Found()


def _met(page: Page, words: frozenset[str], wanted: Sequence[Wanted]) -> int:
    """How many of the words and phrases are on a page; words of a phrase have to stand side by side."""
    likely = [part for part in wanted if all(among(words) for among in part)]
    return sum(len(part) == 1 or snippet_of(page, [part]) is not None for part in likely)
