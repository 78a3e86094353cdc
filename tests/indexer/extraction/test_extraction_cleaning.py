"""Text made fit to be searched: nothing that can't be seen or kept, words whole, the rest as it was."""

import re
import time
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.extraction.cleaning import LONGEST_PAGE, PIECE, cleaned, in_pages, pieces, says_something
from indexer.extraction.model import Extracted, NoText, Unreadable
from indexer.extraction.telling import Told, failed_page, head, outline, page

SIGNS = st.text(
    st.one_of(
        st.sampled_from("abЎқoʻ' -\u00ad\u2010\n\r\t\f\v\0\u0085\u2028\u0301\u0327\ufb01\ufffe\ufffd\ue000\u200b\xa0"),
        st.characters(codec=None),
    ),
    max_size=200,
)


@settings(max_examples=400, deadline=None)
@given(SIGNS)
def test_what_is_clean_stays_as_it_is(text: str) -> None:
    once = cleaned(text)
    assert cleaned(once) == once
    assert unicodedata.is_normalized("NFC", once)
    once.encode()
    assert not any(unicodedata.category(sign) in {"Cc", "Cs"} and sign != "\n" for sign in once)
    assert "\u00ad" not in once
    assert "\n\n\n" not in once
    assert once == once.strip()


@settings(max_examples=200, deadline=None)
@given(st.text("абвқғўҳaoʻbdeü\u0301 \n.,", max_size=300))
def test_no_letter_is_lost(text: str) -> None:
    def letters(text: str) -> str:
        return "".join(sign for sign in unicodedata.normalize("NFC", text) if not sign.isspace())

    assert letters(cleaned(text)) == letters(text)


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("китоб-\nхона", "китобхона"),
        ("qoʻl-\r\nyozma", "qoʻlyozma"),
        ("kitob\u00ad\nxona va ki\u00adtob", "kitobxona va kitob"),
        ("библио\u2010 \n  тека", "библиотека"),
        ("Алма-\nАта", "Алма-\nАта"),
        ("1990-\n1995", "1990-\n1995"),
        ("biri -\nikkinchisi", "biri -\nikkinchisi"),
        ("oxiri-\n\nyangi", "oxiri-\n\nyangi"),
        ("eﬃcient ﬁles", "efficient files"),
        ("yo\u200blʻ\ufeff \u202eteskari", "yolʻ teskari"),
        ("bir\xa0\u2003ikki\t uch \n\n\n\n toʻrt", "bir ikki uch\n\ntoʻrt"),
        ("и\u0306 е\u0308", "й ё"),
        ("a\ud800b\0c\x08d\x7fe", "abcde"),
        ("bir\x0bikki\u2028uch\x85toʻrt\rbesh", "bir\nikki\nuch\ntoʻrt\nbesh"),
    ],
)
def test_examples(raw: str, text: str) -> None:
    assert cleaned(raw) == text


def test_a_letter_with_a_million_marks_costs_no_time() -> None:
    started = time.monotonic()
    text = cleaned("a" + "\u0301\u0316" * 500_000 + "b")
    assert time.monotonic() - started < 20
    assert len(text) < 40
    assert text.startswith("á")
    assert text.endswith("b") is (len("a" + "\u0301\u0316" * 500_000) < LONGEST_PAGE)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(["soʻz ", "gap. ", "qator\n", "xat boshi\n\n", "x" * 500]), max_size=1500))
def test_pieces_are_of_bounded_length_and_together_the_whole(parts: list[str]) -> None:
    text = "".join(parts)
    cut = list(pieces(text))
    assert "".join(cut) == text
    assert all(len(piece) <= PIECE * 4 // 3 for piece in cut)
    assert all(len(piece) >= PIECE * 2 // 3 for piece in cut[:-1])
    assert list(in_pages([text], len(text))) == [text]


def test_pieces_are_cut_where_people_would() -> None:
    text = ("gap birinchi. " * 30 + "\n\n") * 20
    assert all(piece.endswith("\n\n") for piece in pieces(text))
    assert all(piece.endswith(". ") for piece in list(pieces("gap birinchi. " * 2000))[:-1])


@pytest.mark.parametrize(
    ("text", "says"),
    [("soʻz", True), ("", False), ("1 2 3 — !", False), ("\ue001\ue002\ue003 a", False), ("\ufffd" * 9, False)],
)
def test_what_says_something(text: str, says: bool) -> None:
    assert says_something(text) is says


def told(*messages: dict[str, object]) -> Told:
    told = Told()
    told.take(messages)
    return told


def test_a_document_none_of_whose_pages_can_be_read_is_damaged() -> None:
    answer = told(head(2, "PDF 1.7"), failed_page(), failed_page()).outcome("PDFium")
    assert isinstance(answer, Unreadable)
    assert answer.reason.code == "damaged"
    assert isinstance(told(head(0, "PDF 1.7")).outcome("PDFium"), Unreadable)
    assert isinstance(told(head(2, "PDF 1.7"), page(""), failed_page()).outcome("PDFium"), NoText)


def test_contents_that_lead_nowhere_are_left_out() -> None:
    lines = outline([("Bob", 1, 0), ("\n ", 1, 0), ("Uzoq", 9, 0), ("U\nzun " * 300, 2, 99)])
    answer = told(head(2, "EPUB"), page("a"), page("b"), lines).outcome("lxml")
    assert isinstance(answer, Extracted)
    assert [(item.title[:8], item.page, item.level) for item in answer.outline] == [("Bob", 1, 0), ("U zun U ", 2, 15)]
    assert len(answer.outline[1].title) == 300


def test_reasons_are_one_line_of_bounded_length() -> None:
    answer = told(head(1, "PDF"), failed_page()).outcome("PDFium")
    assert isinstance(answer, Unreadable)
    assert not re.search(r"[\n{}]", str(answer.reason))
