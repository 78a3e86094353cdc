"""Full texts beside the index, and the pieces of them that are shown."""

import pytest

from indexer.bodies import MOST_PAGES, Bodies, Page
from indexer.search_index import IndexUnavailable
from indexer.snippets import snippet_of


@pytest.fixture
def bodies(tmp_path):
    bodies = Bodies(tmp_path / "bodies.sqlite", create=True)
    bodies.replace({"a": ("bir ikki", "", "uch"), "b": ("toʻrt",)}, {"a": (2, 0, 1), "b": (1,)})
    return bodies


def test_the_page_of_a_word_is_found_by_its_number(bodies):
    assert bodies.page_with("a", 0) == Page(1, "bir ikki")
    assert bodies.page_with("a", 1) == Page(1, "bir ikki")
    assert bodies.page_with("a", 2) == Page(3, "uch")
    assert bodies.page_with("none", 0) is None


def test_pages_are_replaced_and_removed_as_a_whole(bodies):
    bodies.replace({"a": ("yangi",), "b": ()}, {"a": (1,), "b": ()})
    assert list(bodies.pages("a")) == [Page(1, "yangi")]
    assert list(bodies.pages("b")) == []


def test_of_a_very_long_text_the_first_pages_are_looked_at(bodies):
    bodies.replace({"a": ("bet",) * (MOST_PAGES + 9)}, {"a": (1,) * (MOST_PAGES + 9)})
    assert [page.number for page in bodies.pages("a")] == list(range(1, MOST_PAGES + 1))
    assert bodies.page_with("a", MOST_PAGES + 8) == Page(MOST_PAGES + 9, "bet")


def test_any_text_comes_back_as_it_was(bodies):
    odd = ("\x00 \udc80 \U0001f4da", "ў" * 10_000)
    bodies.replace({"c": odd}, {"c": (1, 1)})
    assert tuple(page.text for page in bodies.pages("c")) == odd


def test_a_missing_or_damaged_file_is_told(tmp_path):
    with pytest.raises(IndexUnavailable):
        Bodies(tmp_path / "none.sqlite")
    (tmp_path / "damaged.sqlite").write_bytes(b"no database" * 500)
    with pytest.raises(IndexUnavailable):
        Bodies(tmp_path / "damaged.sqlite")
    assert not (tmp_path / "none.sqlite").exists()


def marked(text: str, *rows: list[set[str]]) -> tuple[str, list[str]] | None:
    snippet = snippet_of(Page(4, text), [[frozenset(word).intersection for word in row] for row in rows])
    if snippet is None:
        return None
    assert snippet.page == 4
    return snippet.text, [snippet.text[start:end] for start, end in snippet.marks]


def test_words_are_marked_as_they_stand_in_the_text():
    text = "Oʻzbek tili, OʻZBEK adabiyoti va oʻzbekcha."
    assert marked(text, [{"o'zbek"}]) == (text, ["Oʻzbek", "OʻZBEK"])


def test_a_phrase_is_marked_only_where_its_words_stand_together():
    assert marked("tarix va til. Til tarixi!", [{"til"}, {"tarixi"}]) == ("tarix va til. Til tarixi!", ["Til tarixi"])
    assert marked("til. Keyin tarixi", [{"til"}, {"tarixi"}]) is None


def test_a_part_of_a_word_is_no_match():
    assert marked("kitoblar va kitob'cha", [{"kitob"}]) is None
    assert marked("togʻ va togʻlar", [{"tog'"}]) == ("togʻ va togʻlar", ["togʻ"])


def test_a_long_page_is_cut_between_words_around_the_first_match():
    words = [f"soʻz{number}" for number in range(400)]
    cut = marked(" ".join(words), [{"so'z200"}])
    assert cut is not None
    text, marks = cut
    assert marks == ["soʻz200"]
    assert len(text) < 300
    assert set(text.split()) <= set(words)


def test_letters_that_grow_when_made_small_do_not_move_the_marks():
    assert marked("İİİ İstanbul kitob", [{"kitob"}]) == ("İİİ İstanbul kitob", ["kitob"])
