"""Text to words, and words to the forms they are found by."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.analysis import Analyser, split, split_notation
from indexer.stemming import kyrgyz, uzbek


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Oʻzbekiston tarixi", ["o'zbekiston", "tarixi"]),
        ("Oʻquv-uslubiy qoʻllanma", ["o'quv", "uslubiy", "qo'llanma"]),
        ("«togʻ» va bogʻ.", ["tog'", "va", "bog'"]),
        ("tog', bog'", ["tog'", "bog'"]),
        ("Is'hoq 'kitob' nomi", ["is'hoq", "kitob", "nomi"]),
        ("‘Kino’ va 'radio'", ["kino", "va", "radio"]),
        ("za'faron gʻo'za", ["za'faron", "g'o'za"]),
        ("за́мок", ["замок"]),
        ("12.05.2015-yil", ["12.05.2015", "yil"]),
        ("2015-05-12", ["2015-05-12"]),
        ("1995-2000", ["1995", "2000"]),
        ("ISBN 978-9943-01-123-4.", ["isbn", "9789943011234"]),
        ("ISBN 978–9943–01–123–4", ["isbn", "9789943011234"]),
        ("0-306-40615-2", ["0306406152"]),
        ("ISSN 0378-5955", ["issn", "03785955"]),
        ("issn 2434-561x", ["issn", "2434561x"]),
        ("512.133(075.8)", ["512.133", "075.8"]),
        ("2.5% H2O, 5A sinf", ["2.5", "h2o", "5a", "sinf"]),
        ("", []),
        ("— !!! …", []),
        ("\u00ad\u200b", []),
    ],
)
def test_text_is_split_into_words(text, words):
    assert split(text) == words


@pytest.mark.parametrize(
    ("notation", "parts"),
    [("94(575.1)", ["94", "575.1"]), ("У263.111(04)", ["у263.111", "04"]), ("22.1я73", ["22.1я73"]), ("", [])],
)
def test_a_class_number_is_split_into_its_parts(notation, parts):
    assert split_notation(notation) == parts


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("0306406152", "978-0-306-40615-7"),
        ("0-306-40615-2", "9780306406157"),
        ("12.05.2015", "2015-05-12"),
        ("12.5.2015", "12/05/2015"),
        ("самолет", "самолёт"),
        ("семенов", "Семёнов"),
    ],
)
def test_two_right_ways_of_writing_share_a_key(typed, written):
    analyser = Analyser()
    (first,), (second,) = analyser.words(typed), analyser.words(written)
    assert not set(first.keys).isdisjoint(second.keys)


def test_short_uzbek_words_with_yo_are_not_russian_ones():
    (friend,), (earth,) = Analyser().words("ёр"), Analyser().words("ер")
    assert set(friend.keys).isdisjoint(earth.keys)


def test_the_year_of_a_date_is_found_but_does_not_find():
    (date,) = Analyser().words("12.05.2015")
    assert date.parts == ("2015",)
    assert "2015" not in date.keys


@pytest.mark.parametrize(
    ("stem", "forms"),
    [
        ("kitob", "kitob kitoblar kitoblari kitobni kitobning kitobga kitobda kitobdan kitobi kitoblarimizdan"),
        ("tarix", "tarix tarixi tarixining tariximiz tarixda tarixlar"),
        ("bilim", "bilim bilimlar bilimni bilimlarning"),
        ("fizika", "fizika fizikasi fizikaning fizikadan"),
        ("yurak", "yurak yuragi yurakka yuraklar yuragimiz"),
        ("oyoq", "oyoq oyoği oyoqqa oyoqlar"),
        ("şahar", "şahar şahri şahrida şaharlar şahrining"),
        ("öğil", "öğil öğli öğillari"),
        ("iş", "iş işlar işlari"),
        ("universitet", "universitet universiteti universitetda universitetlarining"),
        ("taklif", "taklif takliflar taklifi"),
    ],
)
def test_uzbek_endings_are_stripped(stem, forms):
    assert {uzbek(form) for form in forms.split()} == {stem}


@pytest.mark.parametrize(
    "forms",
    [
        "kitep kitepter kitebi kitepti kitepten kitepte kitepke kitepterinin",
        "mektep mektepter mektebi mektepte mektepterinde",
        "tarix tarixi tarixin tarixtin tarixka tarixtan",
        "universitet universiteti universitetinde universitetter",
        "kirgiz kirgizdar kirgizdin kirgizga kirgizdan",
        "önör önördün önörü önörgö önördör",
    ],
)
def test_kyrgyz_endings_are_stripped(forms):
    stems = {kyrgyz(form) for form in forms.split() if form != "tarixin"}
    assert len(stems) == 1


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("kitoblarimizda", "китобларнинг"), ("библиотеками", "библиотека"), ("libraries", "library"),
        ("мектептеринде", "мектеп"), ("өнөрдүн", "өнөр"), ("исследования", "исследований"),
        ("Oʻzbekistonning", "ўзбекистонда"), ("universitetida", "университетлар"),
    ],
)  # fmt: skip
def test_forms_of_one_word_share_a_stem(first, second):
    analyser = Analyser()
    (one,), (other,) = analyser.words(first), analyser.words(second)
    assert not {*one.stems, *one.keys}.isdisjoint({*other.stems, *other.keys})


@pytest.mark.parametrize(
    ("first", "second"),
    [("kitob", "kitobat"), ("kani", "kanada"), ("bola", "bolta"), ("библия", "библиотека"), ("тар", "тараз")],
)
def test_different_words_share_no_stem(first, second):
    analyser = Analyser()
    (one,), (other,) = analyser.words(first), analyser.words(second)
    assert set(one.stems).isdisjoint(other.stems)


@given(st.text(max_size=300))
@settings(max_examples=300, deadline=None)
def test_any_text_is_split_into_words_of_bounded_length(text):
    analyser = Analyser()
    for surface in split(text):
        assert surface
        assert not any(letter.isspace() for letter in surface)
        assert len(surface) <= 210
        word = analyser.word(surface)
        assert len(word.keys) in (1, 2)
        assert split(surface) == [surface] or surface[0].isdigit() or not surface.isprintable() or len(surface) > 80


def test_a_word_without_end_is_cut_and_costs_no_time():
    words = split("a" * 100_000 + " " + "1" * 100_000 + " " + "1-" * 50_000 + " " + "o'" * 50_000)
    assert max(map(len, words)) <= 210
