"""How fast view-only pages are given out, and what readers are told beyond it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from library.domain.access_level import AccessLevel
from tests.web.viewers import Library, a_library, image_address


@pytest.fixture
def hasty(tmp_path: Path, migrated_sqlite: Path) -> Iterator[Library]:
    """A library that gives three pages a minute."""
    with a_library(tmp_path, migrated_sqlite, pages_a_minute=3) as library:
        yield library


@pytest.fixture
def greedy(tmp_path: Path, migrated_sqlite: Path) -> Iterator[Library]:
    """A library that gives four pages a day."""
    with a_library(tmp_path, migrated_sqlite, pages_a_day=4) as library:
        yield library


def test_whoever_turns_too_fast_is_told_when_reading_goes_on(hasty: Library) -> None:
    file = hasty.a_file()
    address = image_address(hasty.reader, file)
    assert [hasty.reader.get(address).status_code for _ in range(4)] == [200, 200, 200, 429]
    page = hasty.reader.get(f"/view/{file.id}?page=2")
    text = page.get_data(as_text=True)
    assert page.status_code == 429
    assert 0 < int(page.headers["Retry-After"]) <= 60
    assert "You turned 3 pages within a minute. Reading goes on in " in text
    assert "/page/" not in text
    assert f'href="/view/{file.id}"' in text
    told = hasty.reader.get(f"/view/{file.id}/turn/2", headers={"Accept": "application/json"})
    assert told.status_code == 429
    assert told.json is not None
    assert told.json["error"]["code"] == "too-many-pages"
    assert told.headers["Retry-After"] == page.headers["Retry-After"]
    assert hasty.other.get(image_address(hasty.other, file)).status_code == 200


def test_a_day_ends_for_whoever_has_taken_its_pages(greedy: Library) -> None:
    file = greedy.a_file()
    address = image_address(greedy.reader, file)
    assert [greedy.reader.get(address).status_code for _ in range(5)] == [200, 200, 200, 200, 429]
    page = greedy.reader.get(f"/view/{greedy.a_file().id}")
    assert "You have taken 4 pages of view-only files today." in page.get_data(as_text=True)
    assert 0 < int(page.headers["Retry-After"]) <= 24 * 3600


def test_a_search_in_a_view_only_file_counts_as_a_page(hasty: Library) -> None:
    file = hasty.a_file()
    found = [hasty.reader.get(f"/view/{file.id}/search?words=bet").status_code for _ in range(4)]
    assert found == [200, 200, 200, 429]
    assert hasty.reader.get(f"/view/{file.id}/search").status_code == 200, "an empty form gives nothing away"


def test_only_view_only_files_are_counted_and_staff_are_not(hasty: Library) -> None:
    for level in (AccessLevel.OPEN, AccessLevel.MEMBERS):
        address = image_address(hasty.reader, hasty.a_file(level))
        assert {hasty.reader.get(address).status_code for _ in range(9)} == {200}
    address = image_address(hasty.staff, hasty.a_file())
    assert {hasty.staff.get(address).status_code for _ in range(9)} == {200}


def test_thumbnails_are_not_counted(hasty: Library) -> None:
    file = hasty.a_file()
    for _ in range(5):
        assert hasty.reader.get(f"/view/{file.id}/pages").status_code == 200
    assert hasty.reader.get(image_address(hasty.reader, file)).status_code == 200


def test_an_address_that_is_refused_counts_nothing(hasty: Library) -> None:
    file = hasty.a_file()
    address = image_address(hasty.reader, file)
    for _ in range(5):
        assert hasty.reader.get(address.replace("/page/1", "/page/2")).status_code == 404
    assert hasty.reader.get(address).status_code == 200
