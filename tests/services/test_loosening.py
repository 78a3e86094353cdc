"""What is offered to a reader whose search found nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer.model import Entry, Facet, Years
from indexer.whoosh.engine import WhooshIndex
from library.domain.errors import SearchUnavailable
from library.services.asked import Asked
from library.services.loosening import MOST_COUNTS, Change, Loosening


@pytest.fixture
def loosening(tmp_path: Path) -> Loosening:
    index = WhooshIndex(tmp_path / "index")
    entries = [
        Entry(key="1", title="Umumiy kimyo", languages=("uzb",), year=2010, material="book"),
        Entry(key="2", title="Kimyo tarixi", languages=("uzb",), year=2020, material="book"),
        Entry(key="3", title="Fizika", languages=("rus",), year=2020, material="book"),
    ]
    index.apply(entries, [])
    return Loosening(index)


def _offered(loosening: Loosening, asked: Asked) -> dict[tuple[Change, str], tuple[str, int]]:
    return {(way.change, way.what): (way.asked.url(), way.count) for way in loosening.ways(asked)}


def test_each_word_that_stands_in_the_way_is_named_with_what_its_absence_finds(loosening: Loosening) -> None:
    offered = _offered(loosening, Asked(words="kimyo qwxzq"))
    assert offered[Change.WORD, "qwxzq"] == ("/search?q=kimyo", 2)
    assert offered[Change.ANY_WORD, ""] == ("/search?q=kimyo+OR+qwxzq", 2)
    assert (Change.WORD, "kimyo") not in offered


def test_each_filter_is_tried_alone_and_all_of_them_together(loosening: Loosening) -> None:
    filters = {Facet.LANGUAGE: frozenset({"rus"}), Facet.MATERIAL: frozenset({"map"})}
    offered = _offered(loosening, Asked(words="kimyo", filters=filters))
    assert offered == {(Change.ALL_FILTERS, ""): ("/search?q=kimyo", 2)}
    offered = _offered(loosening, Asked(words="kimyo", filters={Facet.LANGUAGE: frozenset({"rus"})}))
    assert offered == {(Change.FILTER, "language"): ("/search?q=kimyo", 2)}


def test_years_are_opened(loosening: Loosening) -> None:
    offered = _offered(loosening, Asked(words="fizika", years=Years(first=1990, last=2000)))
    assert offered == {(Change.YEARS, ""): ("/search?q=fizika", 1)}


def test_a_phrase_is_tried_in_any_order(loosening: Loosening) -> None:
    offered = _offered(loosening, Asked(words='"kimyo umumiy"'))
    assert offered == {(Change.ORDER, ""): ("/search?q=kimyo+umumiy", 1)}
    assert _offered(loosening, Asked(words='title:"kimyo umumiy"'))[Change.ORDER, ""][1] == 1


def test_what_is_excluded_is_never_all_that_is_left(loosening: Loosening) -> None:
    offered = _offered(loosening, Asked(words="qwxzq -kimyo"))
    assert (Change.WORD, "qwxzq") not in offered


def test_however_much_was_asked_the_questions_are_few(loosening: Loosening, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Asked] = []
    count = Loosening.count
    monkeypatch.setattr(Loosening, "count", lambda self, one: asked.append(one) or count(self, one))  # type: ignore[func-returns-value]
    filters = {facet: frozenset({"x"}) for facet in (Facet.LANGUAGE, Facet.MATERIAL, Facet.UDC, Facet.SOURCE)}
    loosening.ways(Asked(words=" ".join(f"qwxz{number}" for number in range(90)), filters=filters))
    assert len(asked) == MOST_COUNTS


def test_nothing_is_offered_that_is_too_long_to_be_asked(loosening: Loosening) -> None:
    words = " ".join(["kimyo", *(f"q{number}" for number in range(200))])
    assert len(words) < 1000
    assert all(way.change is not Change.ANY_WORD for way in loosening.ways(Asked(words=words)))


def test_a_missing_index_is_told(tmp_path: Path) -> None:
    with pytest.raises(SearchUnavailable):
        Loosening(WhooshIndex(tmp_path / "nothing")).ways(Asked(words="kimyo qwxzq"))
