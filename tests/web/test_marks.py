"""Marking what was looked for."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from library.web.marks import Piece, Sought, in_pieces


def _marked(query: str, text: str) -> list[str]:
    return [piece.text for piece in Sought(query).marked(text) if piece.match]


@pytest.mark.parametrize(
    ("query", "text", "marked"),
    [
        ("ўзбекистон", "Oʻzbekiston tarixi", ["Oʻzbekiston"]),
        ("o'zbekiston", "Ўзбекистон тарихи", ["Ўзбекистон"]),
        ("история", "Истории народов", ["Истории"]),
        ("kutub*", "Kutubxona ishi", ["Kutubxona"]),
        ("title:algebra NOT geometriya", "Algebra va geometriya", ["Algebra"]),
        ('"oliy matematika"', "Oliy matematika", ["Oliy", "matematika"]),
        ("онор", "Өнөр", ["Өнөр"]),
        ("", "Algebra", []),
        ("***", "Algebra", []),
        ("(((", "Algebra", []),
    ],
)
def test_the_words_of_the_query_are_marked_in_every_spelling(query: str, text: str, marked: list[str]) -> None:
    assert _marked(query, text) == marked


@settings(max_examples=200, deadline=None)
@given(query=st.text(max_size=40), text=st.text(max_size=80))
def test_the_pieces_give_the_text_back(query: str, text: str) -> None:
    pieces = Sought(query).marked(text)
    assert "".join(piece.text for piece in pieces) == text
    assert all(isinstance(piece, Piece) and piece.text for piece in pieces)


@pytest.mark.parametrize(
    ("marks", "pieces"),
    [
        ((), [Piece("abcdef")]),
        (((0, 6),), [Piece("abcdef", match=True)]),
        (((1, 3), (3, 4)), [Piece("a"), Piece("bc", match=True), Piece("d", match=True), Piece("ef")]),
    ],
)
def test_a_text_is_cut_at_its_marks(marks: tuple[tuple[int, int], ...], pieces: list[Piece]) -> None:
    assert list(in_pieces("abcdef", marks)) == pieces
