"""Titles of all languages in one list, each in the order of its own alphabet."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.sorting import CYRILLIC, LATIN
from library.db.title_keys import TITLE_KEY_LENGTH, title_key

ORDERED = {
    "uzb": "abad gul olma rasm sano suv tong vatan zar oʻrik oʻzbek gʻoz shahar shirin chin choy "
    "абад гул ер ёз китоб тонг ун хона эшик юлдуз ялпиз ўзбек қалам ғалаба ҳаёт",
    "kir": "аба ежа ёлка нан ңак ооба ою өнөр пил тоо уй үй үч фон ыр эл",
    "rus": "абв ёж ежевика ель жук щит эхо юг яма",
    "eng": "able chalk cup oven shore sun zoo",
}


@pytest.mark.parametrize("language", ORDERED)
def test_titles_of_a_language_stand_in_the_order_of_its_alphabet(language):
    ordered = ORDERED[language].split()
    shuffled = random.Random(3).sample(ordered, len(ordered))
    assert sorted(shuffled, key=lambda title: title_key(title, (language,))) == ordered


def test_languages_that_share_letters_share_one_order():
    titles = [
        ("1984", "eng"),
        ("Algebra", "eng"),
        ("Botanika", "uzb"),
        ("Zoology", "eng"),
        ("Oʻzbekiston", "uzb"),
        ("Shahar", "uzb"),
        ("Насос", "rus"),
        ("Ңак", "kir"),
        ("Облако", "rus"),
        ("Ою", "kir"),
        ("Өнөр", "kir"),
        ("Пил", "uzb"),
        ("Пила", "rus"),
        ("Эл", "kir"),
        ("Эра", "rus"),
        ("Ялпиз", "uzb"),
        ("Яма", "rus"),
        ("Ўзбек", "uzb"),
        ("كتاب", "ara"),
    ]
    shuffled = random.Random(4).sample(titles, len(titles))
    assert sorted(shuffled, key=lambda title: title_key(title[0], (title[1],))) == titles


def test_signs_quotation_marks_and_case_do_not_count():
    assert title_key(" „Бабур“,  «шоҳ» ", ("uzb",)) == title_key("БАБУР ШОҲ", ("uzb",))
    for sign in "'ʻʼ‘’`´ʹ":
        assert title_key(f"O{sign}zbek", ("uzb",)) == title_key("Özbek", ("uzb",))


def test_the_script_a_title_begins_in_is_its_alphabet():
    assert title_key("Oʻzbek: ўзбек", ("uzb",))[0] == title_key("oʻ", ("uzb",))
    assert title_key("Ёлка", ("uzb", "rus")) != title_key("Елка", ("uzb", "rus"))
    assert title_key("Ёлка", ("rus",)) == title_key("Елка", ("rus",))


def test_a_title_in_latin_that_tells_no_language_is_taken_for_uzbek():
    assert title_key("Shahar", ()) == title_key("Shahar", ("uzb",)) != title_key("Shahar", ("eng",))


@settings(max_examples=300, deadline=None)
@given(
    st.text(alphabet=st.sampled_from(LATIN + CYRILLIC + "ʻ' ҚӘ1«ِ😀"), max_size=300), st.sampled_from([*ORDERED, "kaa"])
)
def test_a_key_is_bounded_and_says_the_same_for_equal_words(title, language):
    key = title_key(title, (language,))
    assert len(key) <= TITLE_KEY_LENGTH
    assert key == title_key(f"«{title.upper()}»", (language,)) or "ʻ" in title or "'" in title
