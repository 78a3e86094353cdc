"""The list of titles, with and without an index."""

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

Get = Callable[..., str]


def test_every_published_record_is_in_the_list_once(page: Get) -> None:
    seen: list[str] = []
    address = "/browse/titles"
    while address:
        text = page(address)
        seen += re.findall(r'<h3><a href="(/record/\d+)"', text)
        following = re.search(r'href="([^"]*)" rel="next"', text)
        address = following.group(1) if following else ""
    assert len(seen) == len(set(seen)) == 51


def test_it_needs_no_index(portal_without_index: FlaskClient) -> None:
    assert portal_without_index.get("/browse/titles").status_code == 200


@pytest.mark.parametrize("after", ["", "abc", "-1", "0", "99999999999999999999999", "%00", "%ED%A0%80"])
def test_a_wrong_place_is_harmless(page: Get, after: str) -> None:
    assert "Browse by title" in page(f"/browse/titles?after={after}")
