"""Lists in the order of the alphabet of their language."""

import random

import pytest

from indexer.sorting import LANGUAGES, alphabet_of, sort_key

ORDERED = {
    "uz-Latn": "abad gul olma rasm sano suv tong vatan zar oʻrik oʻzbek gʻoz shahar shirin chin choy",
    "uz-Cyrl": "абад гул китоб тонг ун хона эшик юлдуз ялпиз ўзбек қалам ғалаба ҳаёт",
    "ky": "аба нан ңак ооба ою өнөр пил тоо уй үй үч фон ыр эл",
    "ru": "абв ёж ежевика ель жук щит эхо юг яма",
    "en": "able book éclair zoo",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_stand_in_the_order_of_their_alphabet(language):
    ordered = ORDERED[language].split()
    shuffled = random.Random(1).sample(ordered, len(ordered))
    assert sorted(shuffled, key=lambda word: sort_key(word, language)) == ordered


@pytest.mark.parametrize("sign", "'ʻʼ‘’`´ʹ")
def test_every_apostrophe_sorts_alike(sign):
    assert sort_key(f"o{sign}zbek", "uz-Latn") == sort_key("oʻzbek", "uz-Latn") == sort_key("özbek", "uz-Latn")


def test_signs_and_case_do_not_count_and_words_compare_one_by_one():
    assert sort_key("«Alpomish» — doston", "uz-Latn") == sort_key("alpomish doston", "uz-Latn")
    assert sort_key("ot yili", "uz-Latn") < sort_key("otar", "uz-Latn")


def test_numbers_then_latin_then_cyrillic():
    titles = ["Математика", "1984", "Zamon"]
    assert sorted(titles, key=lambda title: sort_key(title, "ru")) == ["1984", "Zamon", "Математика"]


@pytest.mark.parametrize(
    ("text", "codes", "language"),
    [
        ("Oʻzbek tili", ("uzb",), "uz-Latn"),
        ("Ўзбек тили", ("uzb",), "uz-Cyrl"),
        ("Кыргыз тили", ("kir", "rus"), "ky"),
        ("Русский язык", ("rus", "uzb"), "ru"),
        ("Русский язык", (), "ru"),
        ("English", ("eng",), "en"),
        ("", (), "en"),
    ],
)
def test_the_alphabet_is_told_by_script_and_language(text, codes, language):
    assert alphabet_of(text, codes) == language


def test_a_list_of_several_languages_is_in_one_order() -> None:
    words = [
        ("абай", "ky"),
        ("алла", "ru"),
        ("боор", "ky"),
        ("нан", "uz-Cyrl"),
        ("ңа", "ky"),
        ("онор", "ru"),
        ("өмүр", "ky"),
    ]
    words += [("пирс", "ru"), ("ўрик", "uz-Cyrl"), ("қалам", "uz-Cyrl")]
    keys = [sort_key(word, language) for word, language in words]
    assert keys == sorted(keys)
