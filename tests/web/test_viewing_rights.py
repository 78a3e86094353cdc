"""Who may view which file in which state, and that a view-only file has no way out but marked images."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from library.domain.access_level import AccessLevel, Rights
from library.domain.document import Document, DocumentState
from library.domain.errors import Message
from tests.builders import add_records
from tests.documents import KEPT_AT, PDF, a_document, keep
from tests.web.viewers import CAMPUS, JPEG, Library, a_library, image_address, sheet_of
from tests.web.walked import filled

HERE: dict[str, str] = {}
VISITORS = {
    "guest": ("guest", HERE),
    "guest on the campus": ("guest", CAMPUS),
    "reader": ("reader", HERE),
    "reader on the campus": ("reader", CAMPUS),
    "staff": ("staff", HERE),
}
MEMBERS = {"reader", "reader on the campus", "staff"}
SEEN_BY = {
    AccessLevel.OPEN: set(VISITORS),
    AccessLevel.MEMBERS: MEMBERS,
    AccessLevel.CAMPUS: {"guest on the campus", "reader on the campus", "staff"},
    AccessLevel.VIEW_ONLY: MEMBERS,
    AccessLevel.CLOSED: {"staff"},
}
# Staff hear and see what they look after; its text is theirs too.
TEXT_FOR = {**SEEN_BY, AccessLevel.VIEW_ONLY: {"staff"}}
PAGES = ("", "/turn/1", "/pages", "/search?words=bet")
SECRETS = ("maxfiys", "Birinchi bet", "Ikkinchi bet", "Навоий")


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path) -> Iterator[Library]:
    with a_library(tmp_path_factory.mktemp("viewing_rights"), migrated_sqlite) as library:
        yield library


@pytest.fixture(scope="module")
def files(library: Library) -> dict[AccessLevel, Document]:
    return {level: library.a_file(level) for level in AccessLevel}


@pytest.mark.parametrize("visitor", VISITORS)
@pytest.mark.parametrize("level", AccessLevel)
def test_each_right_lets_in_whom_it_names(
    library: Library, files: dict[AccessLevel, Document], level: AccessLevel, visitor: str
) -> None:
    who, place = VISITORS[visitor]
    browser, here = library.browsers[who], f"/view/{files[level].id}"
    expected = 200 if visitor in SEEN_BY[level] else 403
    for path in PAGES:
        response = browser.get(f"{here}{path}", environ_overrides=place)
        assert response.status_code == expected, path
        if expected == 403:
            assert not any(secret in response.get_data(as_text=True) for secret in SECRETS)
            assert "/page/" not in response.get_data(as_text=True)
    text = browser.get(f"{here}/text", environ_overrides=place)
    assert text.status_code == (200 if visitor in TEXT_FOR[level] else 403)
    if expected == 200:
        assert browser.get(image_address(browser, files[level], place=place), environ_overrides=place).data.startswith(
            JPEG
        )
    else:
        assert browser.get(f"{here}/page/1?width=1000", environ_overrides=place).status_code == 404


def _standing(library: Library, state: str) -> Document:
    """A view-only file in one of the states that hide it from readers."""
    file = a_document(library.record_id, AccessLevel.VIEW_ONLY)
    changed = {
        "arriving": replace(file, state=DocumentState.ARRIVING, digest="", media_type="", kept_at=None),
        "in quarantine": replace(file, state=DocumentState.QUARANTINED, media_type="", kept_at=None),
        "refused": replace(file, state=DocumentState.REFUSED, media_type="", kept_at=None),
        "not approved": replace(file, approved=None),
        "withdrawn": replace(file, state=DocumentState.WITHDRAWN, approved=None),
        "closed": replace(file, state=DocumentState.CLOSED, reason=Message("virus")),
        "under embargo": replace(file, rights=Rights(level=AccessLevel.OPEN, embargo_until=date(2099, 1, 5))),
        "after the subscription": file,
    }[state]
    return keep(library.container, changed, term_ends=date(2026, 9, 2) if state.startswith("after") else None)


@pytest.mark.parametrize(
    ("state", "to_readers", "to_staff"),
    [
        ("arriving", 404, 404),
        ("in quarantine", 404, 404),
        ("refused", 404, 404),
        ("not approved", 404, 200),
        ("withdrawn", 404, 200),
        ("closed", 403, 403),
        ("under embargo", 403, 200),
        ("after the subscription", 403, 200),
    ],
)
def test_each_state_shows_it_to_whom_it_may(library: Library, state: str, to_readers: int, to_staff: int) -> None:
    file = _standing(library, state)
    for who, expected in (("guest", to_readers), ("reader", to_readers), ("staff", to_staff)):
        for path in (*PAGES, "/text"):
            assert library.browsers[who].get(f"/view/{file.id}{path}").status_code == expected, f"{who}: {path}"
        if expected == 200:
            assert library.browsers[who].get(image_address(library.browsers[who], file)).data.startswith(JPEG)
        else:
            assert library.browsers[who].get(f"/view/{file.id}/page/1?width=1000").status_code == 404


def test_what_belongs_to_a_withdrawn_record_is_gone_with_it(library: Library) -> None:
    (record_id,) = add_records(library.container.database, "Yoʻqolgan kitob")
    file = keep(library.container, a_document(record_id, AccessLevel.VIEW_ONLY))
    address = image_address(library.reader, file)
    assert library.reader.get(address).status_code == 200
    with library.container.database.writing() as tx:
        before = tx.records.described(record_id)
        record = before.record.withdraw("takroriy", at=KEPT_AT, by="person:2")
        tx.records.replace([(before.record, replace(before, record=record))])
        tx.commit()
    assert library.reader.get(f"/view/{file.id}").status_code == 410
    assert library.reader.get(address).status_code == 410


def test_a_guest_is_told_the_rule_and_led_back_after_signing_in(
    library: Library, files: dict[AccessLevel, Document]
) -> None:
    for level in (AccessLevel.MEMBERS, AccessLevel.VIEW_ONLY):
        response = library.guest.get(f"/view/{files[level].id}")
        text = response.get_data(as_text=True)
        assert response.status_code == 403
        assert f'href="/sign-in?next=%2Fview%2F{files[level].id}"' in text
        assert "Why can this file not be opened?" in text


def _ways(library: Library, document: Document) -> Iterator[tuple[Rule, str]]:
    """Every address of the application that names a document, with this one in it."""
    bound = library.app.url_map.bind("localhost")
    for rule in library.app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and "document_id" in rule.arguments:
            values = {**filled(rule, library.record_id), "document_id": document.id}
            yield rule, bound.build(rule.endpoint, values)


def _leak(browser: FlaskClient, address: str, plain: frozenset[bytes]) -> str:
    """What of the file an answer has in it; empty where nothing."""
    for headers in ({}, {"Range": "bytes=0-99"}, {"Accept": "application/json"}, {"Accept": "text/plain"}):
        data = browser.get(address, headers=headers, buffered=True).data
        if b"%PDF" in data or PDF[100:140] in data:
            return f"bytes of the file ({headers})"
        if data in plain:
            return "an unmarked page"
        for secret in SECRETS:
            if secret.encode() in data:
                return secret
    return ""


def test_a_view_only_file_has_no_way_out_but_marked_images(library: Library) -> None:
    file, free = library.a_file(), library.a_file(AccessLevel.OPEN)
    plain = frozenset(
        library.guest.get(f"/view/{free.id}/page/{page}?width={width}").data
        for page in (1, 2, 3)
        for width in (1000, 1500, 2000, 2400)
    )
    assert len(plain) == 12
    walked = set()
    for who in ("guest", "reader", "other"):
        for rule, address in _ways(library, file):
            if rule.rule.startswith("/documents"):
                continue  # pages of the staff: the test of rights has them
            walked.add(rule.endpoint)
            asked = [address, f"{address}?inline=1", f"{address}?width=1000", f"{address}?page=1&zoom=300"]
            for one in asked:
                assert _leak(library.browsers[who], one, plain) == "", f"{who}: {one}"
    assert {"viewing.viewer", "viewing.image", "viewing.text", "viewing.thumbnails", "reading.file"} <= walked
    for who in ("reader", "other"):
        for zoom in (60, 100, 150, 200, 300):
            browser = library.browsers[who]
            image = browser.get(sheet_of(browser.get(f"/view/{file.id}?page=1&zoom={zoom}"))).data
            assert image.startswith(JPEG)
            assert image not in plain, "every image that can be read bears a mark"


def test_lines_of_a_view_only_file_are_shown_to_those_alone_who_may_view_it(library: Library) -> None:
    file = library.a_file()
    assert "maxfiys" in library.reader.get(f"/view/{file.id}/search?words=birinchi").get_data(as_text=True)
    for place in (HERE, CAMPUS):
        response = library.guest.get(f"/view/{file.id}/search?words=birinchi", environ_overrides=place)
        assert response.status_code == 403
        assert "maxfiys" not in response.get_data(as_text=True)
