"""Every list of records says of each what its files let readers do, as the list of results does."""

from __future__ import annotations

from dataclasses import replace

import pytest

from library.app import create_app
from library.container import Container
from library.domain.access_level import AccessLevel
from tests.builders import add_records
from tests.documents import a_document, keep
from tests.signed_in import guest_of

BADGES = ("Open to all</span>", "View only</span>")
LISTS = ("/", "/browse/titles", "/browse/titles?alphabet=en&letter=B", "/browse/new", "/my-list")


@pytest.mark.parametrize("path", LISTS)
def test_a_list_tells_of_the_files_that_readers_are_told_of(container: Container, path: str) -> None:
    first, second, third = add_records(container.database, "Botanika", "Biologiya", "Bugʻdoy")
    keep(container, a_document(first, AccessLevel.OPEN))
    keep(container, a_document(second, AccessLevel.VIEW_ONLY))
    keep(container, replace(a_document(third, AccessLevel.OPEN), approved=None))
    guest = guest_of(create_app(container))
    guest.set_cookie("my-list", f"{first}.{second}.{third}")
    text = guest.get(path).get_data(as_text=True)
    assert [text.count(label) for label in BADGES] == [1, 1]
