"""Catalogue cards: every alphabet on them, nothing in them obeyed, however much there is to print."""

import io
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from library.domain.description import Copy, Creator, CreatorRole, Description, Material
from library.projections import card
from library.services.printing import MILLIMETRES, CardSize, CardWording, Printing

WORDING = CardWording(title="Kartochkalar", udc="UOʻK", bbk="KBK")
BOOK = Description(
    title="Oʻzbekiston tarixi",
    material=Material.BOOK,
    creators=(Creator(name="Karimov, A. B.", role=CreatorRole.AUTHOR),),
    places=("Toshkent",),
    publishers=("Fan",),
    year=2021,
    languages=("uzb",),
    subjects=("Tarix",),
    udc=("94(575.1)",),
    bbk=("63.3",),
    copies=(Copy(inventory_number="A-1042", shelfmark="63.3/K 23"),),
)


@pytest.fixture(scope="module")
def printing() -> Printing:
    return Printing()


def _text(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def _printed(printing: Printing, *found: Description, size: CardSize = CardSize.LIBRARY) -> str:
    return _text(printing.cards([card.lines(facts) for facts in found], size, WORDING))


def test_a_card_has_heading_description_tracings_and_marks(printing: Printing) -> None:
    text = _printed(printing, BOOK)
    for part in ("Karimov, A. B.", "Toshkent : Fan, 2021", "1. Tarix.", "94(575.1)", "KBK 63.3", "A-1042", "63.3"):
        assert part in text, part


@pytest.mark.parametrize("title", ["Ўзбек тили: ғ қ ҳ ў", "Кыргыз тили: ң ө ү", "Оʻzbek va maʼno", "Қарақалпақ ә ғ ң"])
def test_every_alphabet_of_the_country_is_printed(printing: Printing, title: str) -> None:
    assert title in _printed(printing, replace(BOOK, title=title))


HOSTILE = [
    '#let x = 1; #x "',
    '#read("/etc/passwd")',
    "*bold* _kursiv_ $x^2$ `kod` <yorliq> @manba",
    "\\ #panic()",
    '"]); #panic("x")',
    "= Sarlavha // izoh /* izoh */",
    "#{ 1 + 1 }",
    "https://example.uz ~ -- --- ...",
]


@pytest.mark.parametrize("words", HOSTILE)
def test_markup_in_a_record_is_printed_and_never_obeyed(printing: Printing, words: str) -> None:
    text = _printed(printing, replace(BOOK, title=words, abstract=words, subjects=(words,)))
    assert "root:" not in text
    shown = "".join(text.split())
    for word in words.split():
        # The description parts its signs anew; the abstract has the words as they are.
        assert word in shown, word


@given(st.text(max_size=80))
@settings(max_examples=25, deadline=None)
def test_any_text_can_be_printed(words: str) -> None:
    facts = replace(BOOK, title=words or "x", abstract=words, notes=(words,), creators=())
    assert Printing().cards([card.lines(facts)], CardSize.A6, WORDING).startswith(b"%PDF")


def test_four_cards_stand_on_a_sheet(printing: Printing) -> None:
    for size in CardSize:
        width, height = MILLIMETRES[size]
        assert 2 * width <= 297
        assert 2 * height <= 210
        for count, sheets in ((1, 1), (4, 1), (5, 2), (9, 3)):
            pdf = PdfReader(io.BytesIO(printing.cards([card.lines(BOOK)] * count, size, WORDING)))
            assert len(pdf.pages) == sheets
            assert round(float(pdf.pages[0].mediabox.width) / 72 * 25.4) == 297


def test_a_full_card_goes_without_its_abstract_before_anything_else(printing: Printing) -> None:
    full = replace(BOOK, abstract="Annotatsiya soʻzi " * 60, remainder="uzun davomi " * 60, notes=("eslatma " * 40,))
    text = _printed(printing, full)
    assert "Annotatsiya" not in text
    assert "1. Tarix." in text
    assert "Annotatsiya" in _printed(printing, replace(BOOK, abstract="Annotatsiya soʻzi " * 10))


def test_no_card_is_a_sheet_without_cards(printing: Printing) -> None:
    assert printing.cards([], CardSize.A6, WORDING).startswith(b"%PDF")
