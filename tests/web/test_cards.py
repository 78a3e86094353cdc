"""Printed cards of a record and of the reader's list."""

import io

import pytest
from flask.testing import FlaskClient
from pypdf import PdfReader

from tests.web.shelves import Shelves


def _text(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


@pytest.mark.parametrize("size", ["", "?size=75x125", "?size=a6", "?size=nonsense"])
def test_a_record_has_a_card(client: FlaskClient, shelves: Shelves, size: str) -> None:
    response = client.get(f"/record/{shelves.textbook}/card.pdf{size}")
    assert response.mimetype == "application/pdf"
    assert "Oliy matematika" in _text(response.data)


def test_the_cards_of_a_list_are_its_own(client: FlaskClient, shelves: Shelves) -> None:
    client.set_cookie("my-list", f"{shelves.irbis}.{shelves.withdrawn}.{shelves.textbook}.{shelves.draft}")
    response = client.get("/my-list/cards.pdf?size=a6")
    text = _text(response.data)
    assert "Алгебра жана анализ" in text
    assert "Oliy matematika" in text
    assert "Yoʻqolgan" not in text
    assert "tayyor" not in text
    assert response.headers["Cache-Control"] == "private, no-cache"


def test_markup_in_a_record_is_only_text_on_its_card(client: FlaskClient, shelves: Shelves) -> None:
    assert "x-m" in _text(client.get(f"/record/{shelves.marked}/card.pdf").data)
