"""The page of a record, its views, files and former numbers."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from library.domain.marc import Dialect
from library.web.downloads import downloads
from tests.web.shelves import MARKER, Shelves

Get = Callable[..., str]


def test_a_record_shows_what_is_known_of_it(page: Get, shelves: Shelves) -> None:
    text = page(f"/record/{shelves.textbook}")
    for fact in ("Oliy matematika", "Toshkent : O‘qituvchi, 2019", "9789943225510", "Soatov, Yo. U. (1938-)", "517"):
        assert fact in text
    assert 'href="/search?subject=Matematika"' in text
    assert "Online" in text
    assert "Available" in text
    assert 'href="https://example.uz/1.pdf"' in text
    assert f"http://localhost/record/{shelves.textbook}" in text


def test_authors_beyond_a_dozen_are_folded_away(page: Get, shelves: Shelves) -> None:
    text = page(f"/record/{shelves.crowded}")
    assert "Show 28 more" in text
    assert "Muallif 39" in text


def test_a_title_written_from_right_to_left_is_set_apart(page: Get, shelves: Shelves) -> None:
    assert '<bdi lang="ar">كتاب الشفاء</bdi>' in page(f"/record/{shelves.arabic}")


def test_the_marc_view_speaks_its_dialect(page: Get, shelves: Shelves) -> None:
    irbis = page(f"/record/{shelves.irbis}/marc")
    assert "<b>^A</b>" in irbis or "<b>^a</b>" in irbis
    assert "LDR" not in irbis
    marc21 = page(f"/record/{shelves.textbook}/marc")
    assert "<b>$a</b> <bdi>Oliy matematika</bdi>" in marc21
    assert "LDR" in marc21
    assert ">10</td>" in marc21


@pytest.mark.parametrize(
    ("ending", "media_type", "beginning"),
    [
        ("xml", "application/marcxml+xml", b"<?xml"),
        ("mrc", "application/marc", b"0"),
        ("txt", "text/plain; charset=utf-8", b""),
    ],
)
def test_a_record_can_be_downloaded(
    client: FlaskClient, shelves: Shelves, ending: str, media_type: str, beginning: bytes
) -> None:
    for number in (shelves.irbis, shelves.textbook, shelves.unimarc):
        response = client.get(f"/record/{number}.{ending}")
        assert response.status_code == 200
        assert response.headers["Content-Type"] == media_type
        assert response.data.startswith(beginning)
        assert response.headers["Content-Disposition"] == f"attachment; filename=record-{number}.{ending}"


def test_other_dialects_can_be_had_as_marc_21(client: FlaskClient, shelves: Shelves) -> None:
    own = client.get(f"/record/{shelves.unimarc}.xml").get_data(as_text=True)
    converted = client.get(f"/record/{shelves.unimarc}.xml?dialect=marc21").get_data(as_text=True)
    assert 'tag="200"' in own
    assert 'tag="245"' in converted
    assert client.get(f"/record/{shelves.unimarc}.xml?dialect=nonsense").get_data(as_text=True) == own


def test_a_form_that_cannot_carry_a_record_says_so(client: FlaskClient, shelves: Shelves) -> None:
    response = client.get(f"/record/{shelves.textbook}.xml?dialect=irbis")
    assert response.status_code == 422


def test_every_download_that_a_page_offers_is_there(client: FlaskClient, shelves: Shelves) -> None:
    for number, dialect in (
        (shelves.textbook, Dialect.MARC21),
        (shelves.irbis, Dialect.IRBIS),
        (shelves.unimarc, Dialect.UNIMARC),
    ):
        text = client.get(f"/record/{number}").get_data(as_text=True)
        for file in downloads(number, dialect):
            assert f'href="{file.url}"' in text
            response = client.get(file.url)
            assert response.status_code == 200, file.url
            assert response.headers["Content-Type"] == file.media_type
            assert len(response.data) > 100


@pytest.mark.parametrize("view", ["", "/marc", ".xml"])
def test_a_withdrawn_record_leaves_a_tombstone(client: FlaskClient, shelves: Shelves, view: str) -> None:
    response = client.get(f"/record/{shelves.withdrawn}{view}")
    text = response.get_data(as_text=True)
    assert response.status_code == 410
    assert "This record has been withdrawn" in text
    assert "Yoʻqolgan kitob" in text
    assert "Takroriy yozuv" in text
    assert "3 February 2020" in text


@pytest.mark.parametrize("view", ["", "/marc", ".xml", ".mrc", ".txt"])
def test_a_draft_is_not_there_for_readers(client: FlaskClient, shelves: Shelves, view: str) -> None:
    response = client.get(f"/record/{shelves.draft}{view}")
    assert response.status_code == 404
    assert "Hali tayyor emas" not in response.get_data(as_text=True)


@pytest.mark.parametrize("number", ["0", "999", "99999999999999999999", "-1", "abc", "1.5", "%00"])
def test_numbers_that_no_record_has_are_not_found(client: FlaskClient, number: str) -> None:
    assert client.get(f"/record/{number}").status_code == 404


def test_a_former_mfn_leads_to_the_record_for_ever(client: FlaskClient, shelves: Shelves) -> None:
    for base in ("IBIS", "ibis"):
        response = client.get(f"/irbis/{base}/17")
        assert (response.status_code, response.headers["Location"]) == (301, f"/record/{shelves.irbis}")
    assert client.get("/irbis/IBIS/18", follow_redirects=True).status_code == 410
    assert client.get("/irbis/IBIS/19").status_code == 404
    assert client.get("/irbis/NONE/17").status_code == 404
    assert client.get("/irbis/IBIS/99999999999").status_code == 404


def test_markup_in_any_field_is_shown_and_never_obeyed(client: FlaskClient, shelves: Shelves) -> None:
    number = shelves.marked
    pages = (
        f"/record/{number}",
        f"/record/{number}/marc",
        "/search?q=nishon",
        "/search?q=%22%3E%3Cx-m+id%3D1%3E",
        "/search?author=%22%3E%3Cx-m+id%3D1%3E&subject=%22%3E%3Cx-m+id%3D1%3E",
        "/search?%22%3E%3Cx-m+id%3D1%3E=%22%3E%3Cx-m+id%3D1%3E",
        "/browse/titles",
        "/%22%3E%3Cx-m+id%3D1%3E",
        "/irbis/%22%3E%3Cx-m%20id=1%3E/1",
    )
    shown = 0
    for address in pages:
        text = client.get(address).get_data(as_text=True)
        assert "<x-m" not in text, address
        shown += text.count("&lt;x-m id=1&gt;")
    assert shown > 40
    assert MARKER == '"><x-m id=1>'


def test_a_template_in_a_title_is_only_text(client: FlaskClient) -> None:
    text = client.get("/search?q=%7B%7B7*7%7D%7D+%7B0%7D+%25s").get_data(as_text=True)
    assert "{{7*7}} {0} %s" in text


def test_a_record_takes_six_queries_and_so_does_the_first_page(
    client: FlaskClient, shelves: Shelves, statements: Callable[..., object]
) -> None:
    for number in (shelves.textbook, shelves.crowded):
        with statements(shelves.container.database.engine) as sent:  # type: ignore[attr-defined]
            assert client.get(f"/record/{number}").status_code == 200
        assert len(sent) == 6  # the record, its origins, files and use; similar records and their files
    with statements(shelves.container.database.engine) as sent:  # type: ignore[attr-defined]
        client.get("/")
    assert len(sent) == 6  # its figures, what came last, and the files of that


def test_copies_name_their_collection_where_one_has_any(page: Get, shelves: Shelves) -> None:
    kept = page(f"/record/{shelves.textbook}")
    assert '<th scope="col">Collection</th>' in kept
    assert "<td>Oʻquv fondi</td>" in kept
    assert '<th scope="col">Collection</th>' not in page(f"/record/{shelves.irbis}")
