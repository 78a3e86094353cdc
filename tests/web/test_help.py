"""What the help page says can be typed does find something."""

from __future__ import annotations

import pytest

from library import sample
from library.app import create_app
from library.container import Container
from library.services.search import SearchRequest
from library.web.help import SPELLINGS, SYNTAX


@pytest.fixture
def sample_container(container: Container) -> Container:
    assert container.importing.run(sample.paths()).rejected == 0
    container.indexing.rebuild()
    return container


def test_every_example_finds_something_in_the_sample(sample_container: Container) -> None:
    found = {
        query: sample_container.search.run(SearchRequest(words=query)).total
        for query in (*SPELLINGS, *(query for query, _ in SYNTAX))
    }
    assert all(found.values()), found
    assert len({found[query] for query in SPELLINGS}) == 1
    page = create_app(sample_container).test_client().get("/help?lang=en").get_data(as_text=True)
    for query, meaning in SYNTAX:
        assert meaning in page, query
