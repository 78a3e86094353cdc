"""Labels for the shelf and the desk."""

from __future__ import annotations

import io

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from library.app import create_app
from library.container import Container
from library.domain.description import Copy, Description, Material
from library.domain.marc import Dialect
from library.domain.people import Role
from library.projections.labels import LabelKind, label
from library.services.printing import LabelSheets, Printing
from tests.builders import an_irbis_record
from tests.staff import published
from tests.web.colleagues import Colleague, colleague

BOOK = Description(title='Tarix "><x-m id=1>', material=Material.BOOK)
ADDRESS = "https://kutubxona.example/record/1"


@pytest.fixture
def portal(container: Container) -> Flask:
    published(container.cataloguing, Dialect.IRBIS, an_irbis_record(inventory="K-1"))
    return create_app(container)


@pytest.fixture
def nodira(container: Container, portal: Flask) -> Colleague:
    return colleague(container, portal, Role.CATALOGUER)


def _text(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def test_the_copies_of_an_act_get_labels(nodira: Colleague) -> None:
    act = {"number": "1", "date": "2026-01-01", "source": "gift", "line-record": "1", "line-copies": "7001-7030"}
    act |= {"line-quantity": "", "line-price": "", "line-place": ""}
    nodira.post("/holdings/receipt", **act)
    page = nodira.page("/labels?act=1")
    assert "30 labels" in page
    pdf = nodira.get("/labels.pdf?act=1&kind=barcode")
    assert pdf.mimetype == "application/pdf"
    text = _text(pdf.data)
    assert "7001" in text
    assert "7030" in text
    assert len(PdfReader(io.BytesIO(pdf.data)).pages) == 2
    assert "7002" in _text(nodira.get("/labels.pdf?numbers=7002&kind=spine").data)


def test_what_has_no_copies_is_told(nodira: Colleague) -> None:
    assert nodira.get("/labels?act=9").status_code == 422
    assert nodira.get("/labels?numbers=9-1").status_code == 422
    assert nodira.get("/labels?records=<x>").status_code == 422
    assert nodira.get("/labels.pdf?records=99").status_code == 404


def test_a_number_that_bars_can_not_express_has_a_code_of_squares() -> None:
    latin = label(LabelKind.BARCODE, Copy(inventory_number="K-1042"), BOOK, ADDRESS)
    cyrillic = label(LabelKind.BARCODE, Copy(inventory_number="К-1042"), BOOK, ADDRESS)
    assert set(latin.bars) == {"0", "1"}
    assert (latin.code, cyrillic.bars) == ("", "")
    assert cyrillic.code.startswith("<?xml")


@given(st.text(max_size=60), st.text(max_size=60), st.sampled_from(LabelKind))
@settings(max_examples=25, deadline=None)
def test_whatever_stands_on_a_copy_is_printed(number: str, mark: str, kind: LabelKind) -> None:
    one = label(kind, Copy(inventory_number=number, shelfmark=mark), BOOK, ADDRESS)
    sheets = LabelSheets(title="x", library="x", kind=kind, skip=23, labels=(one, one))
    assert len(PdfReader(io.BytesIO(Printing().labels(sheets))).pages) == 2
