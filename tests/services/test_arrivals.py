"""New arrivals, of the whole catalogue and of one search, in SQLite and in PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from sqlalchemy import Engine

from indexer.model import Entry
from indexer.whoosh.engine import WhooshIndex
from library.db.unit_of_work import Database
from library.domain.errors import SearchUnavailable
from library.domain.record import Status
from library.services.arrivals import Arrivals
from library.services.search import SearchRequest
from tests.builders import LONG_AGO, add_records

Recording = Callable[[Engine], AbstractContextManager[list[str]]]


def test_arrivals_are_read_page_by_page_in_two_queries_each(
    database: Database, tmp_path: Path, statements: Recording
) -> None:
    first = add_records(database, "Alifbo", "Atlas")
    add_records(database, "Arxiv", status=Status.WITHDRAWN)
    last = add_records(database, "Aholi")
    arrivals = Arrivals(database, WhooshIndex(tmp_path / "nothing"))
    with statements(database.engine) as sent:
        page = arrivals.page(None, 2)
    assert len(sent) == 2
    assert [one.id for one in page.records] == [last[0], first[1]]
    assert page.records[0].created_at == LONG_AGO
    assert page.next == first[1]
    rest = arrivals.page(page.next, 2)
    assert ([one.id for one in rest.records], rest.next) == ([first[0]], None)
    assert arrivals.page(first[0], 2).records == ()


def test_a_page_that_is_just_full_is_the_last(database: Database, tmp_path: Path) -> None:
    add_records(database, "Alifbo", "Atlas")
    assert Arrivals(database, WhooshIndex(tmp_path / "nothing")).page(None, 2).next is None


def test_of_a_search_the_last_to_come_are_told_first(database: Database, tmp_path: Path) -> None:
    numbers = add_records(database, "Algebra", "Botanika", "Algebra 2")
    withdrawn = add_records(database, "Algebra 3", status=Status.WITHDRAWN)
    index = WhooshIndex(tmp_path / "index")
    index.apply([Entry(key=str(number), title="Algebra", year=2000 - number) for number in (*numbers, *withdrawn)], [])
    arrivals = Arrivals(database, index)
    found = arrivals.found(SearchRequest(words="algebra"), 3)
    assert [one.id for one in found] == [numbers[2], numbers[1]]
    with pytest.raises(SearchUnavailable):
        Arrivals(database, WhooshIndex(tmp_path / "nothing")).found(SearchRequest(words="algebra"), 3)
