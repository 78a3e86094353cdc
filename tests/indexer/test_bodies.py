"""Full texts beside the index, and the pieces of them that are shown."""

import pytest

from indexer.bodies import Bodies, Page
from indexer.search_index import IndexUnavailable
from indexer.snippets import first_snippet, snippet_of


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
    assert [bodies.page("a", number) for number in (1, 2, 3)] == [Page(1, "yangi"), None, None]
    assert (bodies.page("b", 1), list(bodies.new_words("b")), bodies.page_with("b", 0)) == (None, [], None)


def test_each_word_is_known_by_the_first_page_it_stands_on(bodies):
    bodies.replace({"c": ("Bir, ikki; BIR", "ikki oʻn", "", "Uch O'N 12.5")}, {"c": (3, 2, 0, 3)})
    assert list(bodies.new_words("c")) == [{"bir", "ikki"}, {"o'n"}, set(), {"uch", "12.5"}]


def test_any_text_comes_back_as_it_was(bodies):
    odd = ("\x00 \udc80 \U0001f4da", "ў" * 10_000)
    bodies.replace({"c": odd}, {"c": (1, 1)})
    assert [bodies.page("c", number) for number in (1, 2)] == [Page(1, odd[0]), Page(2, odd[1])]


def test_a_phrase_is_found_on_the_first_page_that_has_it_whole(bodies):
    pages = ("tarix kitobi", "kitob", "yangi tarix", "yangi kitob tarixi", "kitob tarixi")
    bodies.replace({"c": pages}, {"c": (2, 1, 2, 3, 2)})
    words = [frozenset({"kitob"}).intersection, frozenset({"tarixi"}).intersection]
    found = first_snippet(bodies, "c", [words])
    assert found is not None
    assert (found.page, found.text, found.marks) == (4, pages[3], ((6, 18),))
    # A single word is on an earlier page.
    found = first_snippet(bodies, "c", [words, [frozenset({"yangi"}).intersection]])
    assert found is not None
    assert found.page == 3
    assert first_snippet(bodies, "c", [[frozenset({"tarixlar"}).intersection]]) is None
    assert first_snippet(bodies, "none", [words]) is None


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
