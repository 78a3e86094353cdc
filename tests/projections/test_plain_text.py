"""Text made fit for one line of print."""

from __future__ import annotations

import time

import pytest

from library.projections.plain_text import element, name_element


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Algebra /", "Algebra"),
        ("Algebra : ; =", "Algebra"),
        ("Toshkent –", "Toshkent"),
        ("C++", "C++"),
        ("XIX-", "XIX-"),
        ("a + b", "a + b"),
        ("-", "-"),
        ("/", ""),
        ("A. B. Karimov.", "A. B. Karimov"),
        ("Karimov A. B.", "Karimov A. B."),
    ],
)
def test_signs_at_the_end_go_and_those_of_words_stay(text: str, said: str) -> None:
    assert name_element(text) == said


@pytest.mark.parametrize("text", ["a" * 200_000, "/" * 200_000 + "x", "a" * 100_000 + ". b", "- " * 100_000 + "x"])
def test_a_very_long_text_takes_a_moment(text: str) -> None:
    began = time.monotonic()
    element(text)
    name_element(text)
    assert time.monotonic() - began < 30
