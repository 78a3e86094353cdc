"""From what a reader typed to a page of records."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from sqlalchemy import Engine

from indexer.model import Facet, Sort, Years
from library.container import Container
from library.domain.errors import QueryTooLong
from library.services.search import SearchRequest
from tests.builders import add_records

Recording = Callable[[Engine], AbstractContextManager[list[str]]]


@pytest.fixture
def filled(container: Container) -> Container:
    add_records(container.database, *(f"Algebra {number:02}" for number in range(45)), "Botanika")
    container.indexing.rebuild()
    return container


def test_a_page_takes_one_query_to_the_database(filled: Container, statements: Recording) -> None:
    with statements(filled.database.engine) as sent:
        outcome = filled.search.run(SearchRequest(words="algebra", size=40))
    assert len(sent) == 1
    assert (len(outcome.records), outcome.total, outcome.page, outcome.size) == (40, 45, 1, 40)


def test_pages_follow_one_another_in_the_chosen_order(filled: Container) -> None:
    shown: list[str] = []
    for page in (1, 2, 3):
        outcome = filled.search.run(SearchRequest(words="algebra", sort=Sort.TITLE, page=page))
        shown += [record.description.title for record in outcome.records]
    assert shown == [f"Algebra {number:02}" for number in range(45)]


def test_facets_and_filters_come_with_the_results(filled: Container) -> None:
    outcome = filled.search.run(SearchRequest(filters={Facet.MATERIAL: frozenset({"textbook"})}))
    assert outcome.total == 46
    (language,) = outcome.facets[Facet.LANGUAGE]
    assert (language.value, language.count) == ("uzb", 46)
    assert filled.search.run(SearchRequest(filters={Facet.LANGUAGE: frozenset({"rus"})})).total == 0
    assert filled.search.run(SearchRequest(years=Years(first=2020))).total == 0
    assert filled.search.run(SearchRequest(years=Years(first=2019, last=2019))).total == 46


@pytest.mark.parametrize(
    ("page", "size", "used"), [(0, 20, (1, 20)), (-5, -5, (1, 1)), (1, 10**9, (1, 100)), (10**12, 20, (500, 20))]
)
def test_page_and_size_are_brought_into_their_bounds(
    filled: Container, page: int, size: int, used: tuple[int, int]
) -> None:
    outcome = filled.search.run(SearchRequest(page=page, size=size))
    assert (outcome.page, outcome.size) == used
    assert outcome.total == 46


@pytest.mark.parametrize("words", ["((((", '"', "AND OR NOT", "title:", "*", "\x00", "\ud800", "a" * 9_000, "^~:\\"])
def test_nothing_that_is_typed_fails(filled: Container, words: str) -> None:
    assert filled.search.run(SearchRequest(words=words)).total >= 0


@pytest.mark.parametrize("words", ["a" * 20_000, "suv " * 600])
def test_what_is_too_long_is_told_to_be_shorter(filled: Container, words: str) -> None:
    with pytest.raises(QueryTooLong, match="most important words"):
        filled.search.run(SearchRequest(words=words))
