"""The viewer: its pages and images, by which headers they go, and what is remembered and journalled."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from library.domain.access import GUEST
from library.domain.access_level import AccessLevel
from library.domain.document import Document
from library.domain.errors import Message
from library.web.security import HEADERS
from storage.model import Digest, MediaType
from tests.documents import a_document, keep
from tests.web.viewers import CAMPUS, JPEG, Library, a_library, image_address, sheet_of


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path) -> Iterator[Library]:
    with a_library(tmp_path_factory.mktemp("viewing"), migrated_sqlite) as library:
        yield library


@pytest.fixture(scope="module")
def book(library: Library) -> Document:
    """A view-only file."""
    return library.a_file(label="Darslik, 1-qism")


def _text(response: TestResponse) -> str:
    assert response.status_code == 200, response.status
    return response.get_data(as_text=True)


def test_a_page_is_read_with_links_and_forms_alone(library: Library, book: Document) -> None:
    text = _text(library.reader.get(f"/view/{book.id}?page=2&zoom=150"))
    assert "Oliy matematika: Page 2 of 3" in text
    assert "Darslik, 1-qism" in text
    assert f'href="/view/{book.id}?page=1&amp;zoom=150" rel="prev"' in text
    assert f'href="/view/{book.id}?page=3&amp;zoom=150" rel="next"' in text
    assert 'class="zoom-150"' in text
    assert f'href="/view/{book.id}?page=3&amp;zoom=150" data-page="3"><bdi' in text, "the contents lead to their pages"
    assert "View only, by copyright: pages bear your name, card and the time; copying is forbidden." in text
    assert "/files/" not in text


def test_the_first_page_has_none_before_it_and_the_last_none_after_it(library: Library, book: Document) -> None:
    first, last = (_text(library.reader.get(f"/view/{book.id}?page={page}")) for page in (1, 3))
    assert 'rel="prev" href' not in first
    assert 'id="previous" aria-disabled="true"' in first
    assert 'rel="next" href' not in last
    assert 'id="next" aria-disabled="true"' in last


@pytest.mark.parametrize(
    ("asked", "page"),
    [
        ("1", 1),
        ("3", 3),
        ("4", 3),
        ("999999999999999999999", 1),
        ("2147483647", 3),
        ("0", 1),
        ("-1", 1),
        ("1e3", 1),
        ("٣", 1),
        ("%00", 1),
        ("2;drop", 1),
        ("2&page=3", 2),
    ],
)
def test_whatever_is_written_as_a_number_opens_some_page(library: Library, asked: str, page: int) -> None:
    new = library.a_file()
    assert f"Page {page} of 3" in _text(library.reader.get(f"/view/{new.id}?page={asked}"))


@pytest.mark.parametrize("page", ["0", "4", "2147483647", "99999999999999999999", "-1", "x", "1.5", "%2e%2e"])
def test_there_is_no_image_of_a_page_that_is_not_there(library: Library, book: Document, page: str) -> None:
    signed = image_address(library.reader, book).split("?")[1]
    for file in (book, library.a_file(AccessLevel.OPEN)):
        assert library.reader.get(f"/view/{file.id}/page/{page}?{signed}").status_code == 404
        assert library.reader.get(f"/view/{file.id}/page/{page}?width=1000").status_code == 404


@pytest.mark.parametrize("width", ["", "0", "-1", "999", "1001", "120000", "2147483648", "1000px", "1e3"])
def test_pages_are_drawn_in_a_few_widths_only(library: Library, width: str) -> None:
    file = library.a_file(AccessLevel.OPEN)
    assert library.guest.get(f"/view/{file.id}/page/1?width={width}").status_code == 404
    assert library.guest.get(f"/view/{file.id}/page/1?width=1000").data.startswith(JPEG)


def test_images_of_view_only_pages_are_kept_by_nobody(library: Library, book: Document) -> None:
    response = library.reader.get(image_address(library.reader, book))
    assert response.data.startswith(JPEG)
    assert response.headers["Content-Type"] == "image/jpeg"
    assert "no-store" in response.headers["Cache-Control"]
    assert response.headers["Content-Disposition"] == "inline"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "ETag" not in response.headers
    assert "Last-Modified" not in response.headers
    for name, value in HEADERS.items():
        assert response.headers[name] == value


def test_what_is_for_the_campus_is_kept_by_no_cache_on_the_way(library: Library) -> None:
    file = library.a_file(AccessLevel.CAMPUS)
    page = library.guest.get(f"/view/{file.id}", environ_overrides=CAMPUS)
    image = library.guest.get(sheet_of(page), environ_overrides=CAMPUS)
    assert image.data.startswith(JPEG)
    for response in (page, image, library.guest.get(f"/view/{file.id}/search?words=bet", environ_overrides=CAMPUS)):
        assert response.headers["Cache-Control"] == "private, no-store"


def test_an_open_page_is_the_same_for_all_and_not_sent_twice(library: Library) -> None:
    file = library.a_file(AccessLevel.OPEN)
    address = image_address(library.guest, file)
    assert address == f"/view/{file.id}/page/1?width=1000"
    first = library.guest.get(address)
    assert first.headers["Cache-Control"] == "public, no-cache"
    again = library.guest.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    signed_in = library.reader.get(address)
    assert signed_in.data == first.data
    assert signed_in.headers["Cache-Control"] == "public, no-cache"
    assert "Set-Cookie" not in signed_in.headers
    page = library.reader.get(f"/view/{file.id}")
    assert page.headers["Cache-Control"] == "no-store"
    other = library.guest.get(f"/view/{file.id}/page/2?width=1000", headers={"If-None-Match": first.headers["ETag"]})
    assert other.status_code == 200


def test_pages_bear_the_mark_of_whoever_may_not_take_the_file(library: Library, book: Document) -> None:
    plain = library.guest.get(image_address(library.guest, library.a_file(AccessLevel.OPEN))).data
    members = library.a_file(AccessLevel.MEMBERS)
    closed = library.a_file(AccessLevel.CLOSED)
    dilnoza, aybek = (
        library.browsers[who].get(image_address(library.browsers[who], book)).data for who in ("reader", "other")
    )
    assert len({plain, dilnoza, aybek}) == 3
    assert library.reader.get(image_address(library.reader, members)).data == plain
    for file in (book, closed):
        seen_by_staff = library.staff.get(image_address(library.staff, file)).data
        assert seen_by_staff.startswith(JPEG)
        assert seen_by_staff not in (plain, dilnoza, aybek)
    assert library.staff.get(image_address(library.staff, members)).data == plain


def test_an_address_is_worth_nothing_for_anybody_or_anything_else(library: Library, book: Document) -> None:
    address = image_address(library.reader, book)
    assert library.reader.get(address).status_code == 200
    for browser in (library.guest, library.other, library.staff):
        assert browser.get(address).status_code == 404
    second = library.a_file()
    changed = [
        address.replace("/page/1", "/page/2"),
        address.replace("width=1000", "width=1500"),
        address.replace("width=1000", "width=120"),
        address.replace(f"/view/{book.id}/", f"/view/{second.id}/"),
        re.sub(r"expires=(\d+)", lambda found: f"expires={int(found.group(1)) + 60}", address),
        re.sub(r"seal=.", "seal=", address),
        re.sub(r"&seal=.*", "", address),
        re.sub(r"&expires=\d+", "", address),
        address.split("?")[0] + "?width=1000",
        address.split("?")[0] + "?width=1000&expires=99999999999&seal=%ff%ff",
    ]
    for other in changed:
        if other.startswith(f"/view/{second.id}/"):
            # The same bytes in another document: the digest alone does not open it.
            assert second.digest == book.digest
        assert library.reader.get(other).status_code == 404, other


def test_an_address_too_old_opens_nothing_and_the_page_gives_a_new_one(library: Library, book: Document) -> None:
    address = image_address(library.reader, book)
    old = re.sub(r"expires=\d+", "expires=1700000000", address)
    assert library.reader.get(old).status_code == 404
    assert library.reader.get(image_address(library.reader, book)).status_code == 200


@pytest.mark.parametrize("meanwhile", ["withdrawn", "closed", "made closed to all", "put under embargo"])
def test_what_is_taken_away_is_gone_at_once_whoever_holds_an_address(library: Library, meanwhile: str) -> None:
    file = library.a_file()
    address = image_address(library.reader, file)
    assert library.reader.get(address).status_code == 200
    today = library.container.reading.visit(GUEST, "").today
    changed = {
        "withdrawn": file.withdraw("xato"),
        "closed": file.closed(Message("virus")),
        "made closed to all": replace(file, rights=replace(file.rights, level=AccessLevel.CLOSED)),
        "put under embargo": replace(file, rights=replace(file.rights, embargo_until=today + timedelta(days=1))),
    }
    library.change(changed[meanwhile])
    assert library.reader.get(address).status_code == 404
    assert library.reader.get(f"/view/{file.id}/turn/1").status_code in (403, 404)


def test_the_place_is_remembered_for_whoever_signed_in(library: Library) -> None:
    file = library.a_file()
    library.reader.get(f"/view/{file.id}?page=3")
    assert "Page 3 of 3" in _text(library.reader.get(f"/view/{file.id}"))
    assert "Page 1 of 3" in _text(library.other.get(f"/view/{file.id}"))
    turned = library.reader.get(f"/view/{file.id}/turn/2", headers={"Accept": "application/json"}).json
    assert turned is not None
    assert (turned["page"], turned["pages"], turned["label"]) == (2, 3, "Page 2 of 3")
    assert library.reader.get(turned["src"]).data.startswith(JPEG)
    assert "Page 2 of 3" in _text(library.reader.get(f"/view/{file.id}"))


def test_the_journal_says_once_a_day_who_opened_what_is_view_only(library: Library) -> None:
    file, free = library.a_file(), library.a_file(AccessLevel.MEMBERS)
    for _ in range(3):
        library.reader.get(f"/view/{file.id}?page=2")
        library.reader.get(f"/view/{file.id}/turn/3")
        library.reader.get(f"/view/{file.id}/pages")
        library.reader.get(f"/view/{file.id}/search?words=bet")
        library.reader.get(f"/view/{free.id}")
    library.guest.get(f"/view/{file.id}")
    library.staff.get(f"/view/{file.id}")
    assert library.opened(file) == [("Dilnoza", "{}"), ("Nodira", "{}")]
    assert library.opened(free) == []


@pytest.mark.parametrize("path", ["pages", "search?words=bet", "turn/1"])
def test_no_way_into_a_view_only_file_goes_past_the_journal(library: Library, path: str) -> None:
    file = library.a_file()
    library.reader.get(f"/view/{file.id}/{path}")
    assert library.opened(file) == [("Dilnoza", "{}")]


def test_words_are_found_in_either_alphabet_and_lead_to_their_page(library: Library, book: Document) -> None:
    text = _text(library.reader.get(f"/view/{book.id}/search?words=navoiy"))
    assert "The words stand on 1 page" in text
    assert "<mark>Навоий</mark>" in text
    assert f'href="/view/{book.id}?page=3&amp;words=navoiy"' in text
    assert 'value="navoiy"' in _text(library.reader.get(f"/view/{book.id}?page=3&words=navoiy"))
    assert "These words are not in this file." in _text(library.reader.get(f"/view/{book.id}/search?words=qwxz"))


@pytest.mark.parametrize("words", ["%00", "%22", "(((((", "*", "a" * 3000, "%F0%9F%98%80", "' OR 1=1", "<m-x>"])
def test_whatever_is_searched_for_is_answered(library: Library, book: Document, words: str) -> None:
    response = library.reader.get(f"/view/{book.id}/search?words={words}")
    assert response.status_code in (200, 400)
    assert "<m-x>" not in response.get_data(as_text=True)


def test_thumbnails_are_signed_and_lead_to_their_pages(library: Library, book: Document) -> None:
    text = _text(library.reader.get(f"/view/{book.id}/pages"))
    addresses = [found.replace("&amp;", "&") for found in re.findall(r'<img src="([^"]+)" width="120"', text)]
    assert len(addresses) == 3
    assert library.reader.get(addresses[2]).data.startswith(JPEG)
    assert library.other.get(addresses[2]).status_code == 404
    assert len(re.findall(rf'href="/view/{book.id}\?page=[123]" data-page', text)) == 3


def test_the_text_version_is_for_those_who_were_given_it_and_the_journal_says_so(library: Library) -> None:
    file = library.a_file()
    assert library.reader.get(f"/view/{file.id}/text").status_code == 403
    library.grant(file, "reader")
    for page in (1, 2):
        text = _text(library.reader.get(f"/view/{file.id}/text?page={page}"))
    assert 'id="page-2"' in text
    assert 'id="page-1"' not in text
    assert "<p>Ikkinchi bet</p>" in text
    assert "This text version was given to you alone" in text
    assert library.opened(file) == [("Dilnoza", '{"format":"text"}')]
    assert f'href="/view/{file.id}/text?page=1"' in _text(library.reader.get(f"/view/{file.id}?page=1"))
    assert library.other.get(f"/view/{file.id}/text").status_code == 403
    assert library.guest.get(f"/view/{file.id}/text").status_code == 403


def test_everybody_may_have_the_text_of_what_they_may_download(library: Library) -> None:
    file = library.a_file(AccessLevel.OPEN)
    assert "Birinchi bet" in _text(library.guest.get(f"/view/{file.id}/text"))
    assert library.opened(file) == []


def test_a_long_text_version_comes_in_parts(library: Library) -> None:
    pages = [f"{number}-bet " + "soʻz " * 2_000 for number in range(1, 11)]
    data = b"%PDF-1.7 uzun"
    library.container.texts.keep(Digest.of(data), pages, made_by="reader 1")
    file = keep(library.container, a_document(library.record_id, AccessLevel.OPEN, data=data), data)
    text = _text(library.guest.get(f"/view/{file.id}/text"))
    assert re.findall(r'id="page-(\d+)"', text) == ["1", "2"]
    assert f'href="/view/{file.id}/text?page=3" rel="next"' in text
    later = _text(library.guest.get(f"/view/{file.id}/text?page=5"))
    assert re.findall(r'id="page-(\d+)"', later) == ["5", "6"]
    assert f'href="/view/{file.id}/text?page=3" rel="prev"' in later


def test_a_file_without_pages_of_its_own_is_set_in_pages(library: Library) -> None:
    data = "Алишер Навоий ҳақида ҳикоя".encode()
    library.container.texts.keep(Digest.of(data), ["Алишер Навоий", "ҳақида ҳикоя"], made_by="plain")
    story = replace(a_document(library.record_id, data=data), name="hikoya.txt", media_type=MediaType.TXT)
    file = keep(library.container, story, data)
    assert "Page 2 of 2" in _text(library.reader.get(f"/view/{file.id}?page=9"))
    assert library.reader.get(image_address(library.reader, file, 2)).data.startswith(JPEG)
    assert library.reader.get(f"/view/{file.id}/page/3?width=1000").status_code == 404
    thumbnails = _text(library.reader.get(f"/view/{file.id}/pages"))
    assert 'data-page="2"' in thumbnails
    assert '<img src="/view' not in thumbnails


def test_pages_that_are_being_prepared_are_told_of(library: Library) -> None:
    data = b"hali oqilmagan"
    waiting = replace(a_document(library.record_id, data=data), name="yangi.txt", media_type=MediaType.TXT)
    file = keep(library.container, waiting, data)
    response = library.guest.get(f"/view/{file.id}")
    assert response.status_code == 409
    assert "The pages of this file are being prepared" in response.get_data(as_text=True)
    assert library.guest.get(f"/view/{file.id}/turn/1", headers={"Accept": "application/json"}).json == {
        "error": {
            "code": "document-not-ready",
            "message": "The pages of this file are being prepared. Come back in some minutes.",
            "problems": [],
        }
    }


def test_a_damaged_file_is_told_of_and_nothing_falls_over(library: Library) -> None:
    data = b"%PDF-1.7\nno objects at all"
    file = keep(library.container, a_document(library.record_id, data=data), data)
    response = library.guest.get(f"/view/{file.id}")
    assert response.status_code == 409
    assert "the file is damaged" in response.get_data(as_text=True)
    assert library.guest.get(f"/view/{file.id}/page/1?width=1000").status_code == 409


@pytest.mark.parametrize(("media_type", "tag"), [(MediaType.MP3, "<audio"), (MediaType.MP4, "<video")])
def test_a_recording_plays_here_only_for_those_who_may_have_it(
    library: Library, media_type: MediaType, tag: str
) -> None:
    data = media_type.value.encode()
    files = {
        level: keep(
            library.container, replace(a_document(library.record_id, level, data=data), media_type=media_type), data
        )
        for level in (AccessLevel.MEMBERS, AccessLevel.VIEW_ONLY)
    }
    played = library.reader.get(f"/view/{files[AccessLevel.MEMBERS].id}")
    assert f'{tag} class="recording" controls preload="metadata" src="/files/{files[AccessLevel.MEMBERS].id}' in _text(
        played
    )
    assert "media-src 'self'" in played.headers["Content-Security-Policy"]
    refused = _text(library.reader.get(f"/view/{files[AccessLevel.VIEW_ONLY].id}"))
    assert tag not in refused
    assert "/files/" not in refused
    assert "be shown without giving the file away" in refused


def test_a_view_costs_few_questions_to_the_database(library: Library, book: Document, statements: object) -> None:
    library.reader.get(f"/view/{book.id}?page=2")
    address = image_address(library.reader, book, 2)
    with statements(library.container.database.engine) as sent:  # type: ignore[operator]
        assert library.reader.get(address).status_code == 200
    assert len(sent) <= 6, sent.sent
