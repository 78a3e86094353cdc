"""Words nearly spelled so."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.spelling import NEAREST, Vocabulary, commonest, distances, forgiven, nearest


@pytest.mark.parametrize(
    ("first", "second", "errors"),
    [
        ("kitob", "kitob", 0),
        ("kitob", "kitop", 1),
        ("kitob", "kiotb", 1),
        ("kitob", "kito", 1),
        ("kitob", "kitobb", 1),
        ("kitob", "itob", 1),
        ("kitob", "maktab", 4),
        ("özbekiston", "ozbekistom", 2),
        ("ab", "ba", 1),
        ("abc", "ca", 3),
    ],
)
def test_errors_are_counted(first, second, errors):
    assert distances(first, [second, "zzzzzzzzzz"])[0] == errors


def slowly(first: str, second: str) -> int:
    """The same count from the definition, one cell after another."""
    rows = [[max(i, j) for j in range(len(second) + 1)] for i in range(len(first) + 1)]
    for i, letter in enumerate(first, 1):
        for j, other in enumerate(second, 1):
            rows[i][j] = min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, rows[i - 1][j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == second[j - 2] and first[i - 2] == other:
                rows[i][j] = min(rows[i][j], rows[i - 2][j - 2] + 1)
    return rows[-1][-1]


@given(st.text("abö", min_size=1, max_size=7), st.lists(st.text("abö", min_size=1, max_size=7), min_size=1, max_size=5))
@settings(max_examples=300, deadline=None)
def test_errors_are_counted_as_they_are_defined(key, candidates):
    assert distances(key, candidates).tolist() == [slowly(key, candidate) for candidate in candidates]


def test_short_words_and_numbers_are_not_guessed():
    assert [forgiven(key) for key in ("ab", "abc", "abcde", "abcdef", "2015", "a1bcdef")] == [0, 1, 1, 2, 0, 0]
    assert nearest("ab", ["abc"], [1]) == []


def test_the_fewest_errors_first_then_the_first_letter_then_the_commonest():
    found = nearest("tarix", ["tarif", "karix", "tarixi", "darix", "tarix", "maktab"], [5, 50, 9, 60, 1, 1])
    assert [near.key for near in found] == ["tarixi", "tarif", "darix", "karix"]


def test_only_so_many_are_named_and_none_that_stands_nowhere():
    candidates = [f"kitob{letter}" for letter in "abcdefghij"]
    assert len(nearest("kitobx", candidates, [1] * 10)) == NEAREST
    assert nearest("kitobx", candidates, [0] * 10) == []


def test_a_vocabulary_is_read_only_when_it_is_asked_and_once():
    reads = []

    def spellings():
        reads.append(1)
        return [("kitob=kitob", 3), ("kitob=китоб", 4), ("kitoblar=kitoblar", 2), ("maktab=maktab", 1)]

    vocabulary = Vocabulary(3, spellings)
    assert reads == []
    assert [(near.key, near.documents) for near in vocabulary.near("kitop")] == [("kitob", 7)]
    assert vocabulary.near("12") == []
    vocabulary.near("maktap")
    assert reads == [1]


def test_the_commonest_spelling_in_the_script_of_the_reader():
    spellings = {"kitob": 3, "китоб": 9, "kitоb": 1}
    assert commonest(spellings, "kitop") == "kitob"
    assert commonest(spellings, "китоп") == "китоб"
    assert commonest({"китоб": 9, "kitob": 1}, "китоп") == "китоб"
    assert commonest({"китоб": 9}, "kitop") == "китоб"
