"""One key for every spelling, and different keys for different words."""

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.folding import fold, fold_surface, initials, loosened, surface

HERE = Path(__file__).parent


def rows(name: str) -> list[list[str]]:
    lines = (HERE / name).read_text(encoding="utf-8").splitlines()
    return [
        [word.strip() for word in line.partition("|")[0].split(",")]
        for line in lines
        if line.strip() and not line.startswith("#")
    ]


SAME, DIFFERENT = rows("spellings.txt"), rows("different.txt")


@pytest.mark.parametrize("spellings", SAME, ids=lambda row: row[0])
def test_all_spellings_of_a_word_have_one_key(spellings):
    assert len({fold(spelling) for spelling in spellings}) == 1, [fold(spelling) for spelling in spellings]


@pytest.mark.parametrize("words", DIFFERENT, ids=lambda row: row[0])
def test_different_words_have_different_keys(words):
    first, second = words
    assert fold(first) != fold(second)


def test_there_are_as_many_pairs_as_were_promised():
    assert sum(len(row) - 1 for row in SAME) >= 200
    assert len(DIFFERENT) >= 50


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ozbekiston", "oʻzbekiston"), ("узбекистон", "ўзбекистон"), ("онор", "өнөр"), ("ункур", "үңкүр"),
        ("gulom", "gʻulom"), ("kutubhona", "kutubxona"), ("kishlok", "qishloq"), ("чулпон", "чўлпон"),
        ("калам", "қалам"), ("тонуу", "тоңуу"), ("Кыргыз тили", "Кыргыз тили"), ("muller", "müller"),
    ],
)  # fmt: skip
def test_a_plain_keyboard_is_understood_by_the_loose_key(typed, meant):
    assert not set(loosened(fold(typed))).isdisjoint(loosened(fold(meant)))


@pytest.mark.parametrize(("typed", "other"), [("kitob", "kitab"), ("tarix", "tarif"), ("бор", "бер"), ("san", "shon")])
def test_the_loose_key_still_tells_words_apart(typed, other):
    assert set(loosened(fold(typed))).isdisjoint(loosened(fold(other)))


@given(st.text(max_size=40))
@settings(max_examples=400, deadline=None)
def test_any_text_can_be_folded_and_a_surface_is_its_own_surface(text):
    assert surface(surface(text)) == surface(text)
    assert fold_surface(surface(text)) == fold(text)
    assert "'" not in fold(text)


@given(st.lists(st.sampled_from("абвгдежзийклмнопрстуфхчшэюяўқғҳ"), min_size=1, max_size=12).map("".join))
@settings(max_examples=300, deadline=None)
def test_the_case_of_letters_never_matters(word):
    assert fold(word.upper()) == fold(word) == fold(word.capitalize())


@given(st.text(alphabet="abdefghijklmnopqrstuvxyz'ʻчшўғабвёюяеэңөү", min_size=1, max_size=10).map(surface))
@settings(max_examples=500, deadline=None)
def test_the_initials_of_a_key_have_the_first_letter_of_each_of_its_spellings(word):
    key = fold_surface(word)
    if key and word[0].isalpha():
        assert word[0] in initials(key)
        assert all(word[0] in initials(loose) for loose in loosened(key))


def test_a_hundred_thousand_words_are_folded_in_a_second():
    words = [spelling for row in SAME for spelling in row]
    rounds = 20_000 // len(words) + 1
    best = min(_seconds(words, rounds) for _ in range(3))
    assert len(words) * rounds / best >= 100_000


def _seconds(words: list[str], rounds: int) -> float:
    start = time.process_time()
    for _ in range(rounds):
        for word in words:
            fold(word)
    return time.process_time() - start
