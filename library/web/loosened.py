"""What a reader whose search found nothing can do next, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from indexer.model import Facet
from library.domain.errors import N_
from library.services.loosening import Change, Loosened
from library.web.languages import gettext

CHANGES = {
    Change.FILTER: N_("Without the filter “{what}”"),
    Change.YEARS: N_("In all years"),
    Change.ALL_FILTERS: N_("Search without filters"),
    Change.WORD: N_("Without the word “{what}”"),
    Change.ORDER: N_("The words of the phrase in any order"),
    Change.ANY_WORD: N_("Any of the words instead of all"),
    Change.ANY_WORD_ANYWHERE: N_("Any of the words, without filters"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """Something to try instead, and how many records it finds."""

    label: str
    url: str
    count: int


def ways(loosened: Iterable[Loosened], headings: Mapping[Facet, str]) -> tuple[Way, ...]:
    """The changes as links; `headings` names the facets."""
    return tuple(Way(label=_label(way, headings), url=way.asked.url(), count=way.count) for way in loosened)


def _label(way: Loosened, headings: Mapping[Facet, str]) -> str:
    what = gettext(headings[Facet(way.what)]) if way.change is Change.FILTER else way.what
    said = CHANGES[way.change]
    return gettext(said, what=what) if "{what}" in said else gettext(said)
