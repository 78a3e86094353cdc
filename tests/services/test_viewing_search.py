"""Words looked for inside one text: in any alphabet, page by page."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from library.services.search import parsed
from library.services.viewing_search import MOST_HITS, Found, find

PAGES = (
    "Oʻzbekiston tarixi. Birinchi bob.",
    "Alisher Navoiy ijodi va uning davri.",
    "Алишер Навоийнинг ғазаллари ҳақида.",
    "",
    "Матрицы и определители. Приёмы решения уравнений.",
    "Кыргыз тилинин сөздүгү: өзөн, үңкүр.",
    "Navoiy shahri haqida maʼlumot; Alisher ismli olim.",
)


def _pages(found: Found) -> list[int]:
    return [hit.page for hit in found.hits]


@pytest.mark.parametrize(
    ("words", "pages"),
    [
        ("navoiy", [2, 3, 7]),
        ("навоий", [2, 3, 7]),
        ("o'zbekiston", [1]),
        ("ўзбекистон", [1]),
        ("Oʻzbekiston", [1]),
        ("матрица", [5]),
        ("приемы", [5]),
        ("сөздүк", [6]),
        ("үңкүр", [6]),
        ("алишер навоий", [2, 3, 7]),
        ('"alisher navoiy"', [2]),
        ("navoiy shahri", [7]),
        ("gʻazal*", [3]),
        ("navoiy OR матрицы", [2, 3, 5, 7]),
    ],
)
def test_words_are_found_in_whichever_alphabet_they_stand(words: str, pages: list[int]) -> None:
    found = find(PAGES, parsed(words))
    assert _pages(found) == pages
    assert found.total == len(pages)
    assert not found.close


def test_what_was_found_is_marked_as_it_stands_there() -> None:
    hit = find(PAGES, parsed("navoiy")).hits[1]
    assert [hit.text[first:last] for first, last in hit.marks] == ["Навоийнинг"]


def test_pages_with_all_words_go_before_pages_with_some() -> None:
    assert _pages(find(PAGES, parsed("alisher ismli"))) == [7]
    found = find(PAGES, parsed("navoiy bekat"))
    assert _pages(found) == [2, 3, 7]
    assert found.some


def test_a_phrase_and_a_word_are_both_wanted() -> None:
    found = find(PAGES, parsed('"alisher navoiy" shahri'))
    assert found.some, "no page has both: on the last one the words of the phrase stand apart"
    assert not find(PAGES, parsed('"alisher navoiy" davri')).some


def test_a_looser_spelling_is_tried_when_nothing_else_is_there() -> None:
    found = find(PAGES, parsed("ozbekiston"))
    assert _pages(found) == [1]
    assert found.close


@pytest.mark.parametrize("words", ["qwxzqwxz", "", "*", "-navoiy", "title:navoiy", "«»", "()"])
def test_what_is_nowhere_in_the_text_is_not_found(words: str) -> None:
    assert find(PAGES, parsed(words)) == Found()


def test_only_so_many_pages_are_shown_of_a_long_text() -> None:
    found = find(["Kitob haqida"] * 90, parsed("kitob"))
    assert found.total == 90
    assert _pages(found) == list(range(1, MOST_HITS + 1))


@settings(max_examples=100, deadline=None)
@given(words=st.text(max_size=40), page=st.text(max_size=60))
def test_nothing_that_is_typed_or_stands_in_a_file_breaks_it(words: str, page: str) -> None:
    found = find([page, *PAGES], parsed(words))
    for hit in found.hits:
        assert all(0 <= first < last <= len(hit.text) for first, last in hit.marks)
