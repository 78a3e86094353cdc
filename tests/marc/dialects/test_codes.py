"""Numbers, years, names of languages and genres as they are really typed."""

import pytest

from library.domain.description import CreatorRole, Material
from library.marc.dialects import codes


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("978-9943-01-234-9 (qattiq muqova)", "9789943012349"),
        ("5-640-01234-X", "564001234X"),
        ("5-640-01234-Х", "564001234X"),
        ("9789943012349", "9789943012349"),
        ("ISBN 978 9943 01 234 9", "9789943012349"),
        ("0891950354 (pbk.) : $6.00", "0891950354"),
        ("25 000 so‘m", ""),
        ("", ""),
    ],
)
def test_isbn(text: str, number: str):
    assert codes.isbn(text) == number


def test_check_digits():
    assert codes.isbn_agrees("9789943012349")
    assert codes.isbn_agrees("080442957X")
    assert not codes.isbn_agrees("9789943012340")
    assert not codes.isbn_agrees("")
    assert codes.issn_agrees("2047-1076") == codes.issn_agrees("20471076")
    assert codes.issn_agrees("0378-5955")
    assert not codes.issn_agrees("0378-5954")


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("2019", 2019), ("[2019?]", 2019), ("©2020", 2020), ("c1986-", 1986), ("199-?", None), ("1420 [1999]", 1420),
        ("Ташкент, 1978 г.", 1978), ("20190412", None), ("", None), ("MCMXC", None),
    ],
)  # fmt: skip
def test_years_as_they_are_written(text: str, year: int | None):
    assert codes.year_in(text) == year


@pytest.mark.parametrize(
    ("digits", "year"), [("2019", 2019), ("19uu", None), ("9999", None), ("    ", None), ("٢٠١٩", None)]
)
def test_years_as_they_are_coded(digits: str, year: int | None):
    assert codes.coded_year(digits) == year


def test_languages_become_iso_639_2():
    assert codes.languages(["UZ", "rus", "ky", "deu", "kaa"]) == ("uzb", "rus", "kir", "ger", "kaa")
    assert codes.languages(["engrus", "eng"]) == ("eng", "rus")
    assert codes.languages(["und", "zxx", "|||", "   ", "", "12"]) == ()


@pytest.mark.parametrize(
    ("text", "trimmed"),
    [
        ("Suv va yer /", "Suv va yer"),
        ("Toshkent :", "Toshkent"),
        ("Karimov, I. A.", "Karimov, I. A."),
        ("Karimov, I. A.,", "Karimov, I. A."),
        ("Qissalar.", "Qissalar"),
        ("2-изд.", "2-изд."),
        ("Nima bo‘ldi?...", "Nima bo‘ldi?..."),
        ("  two  blanks ", "two blanks"),
        (" : ", ""),
    ],
)
def test_signs_between_the_parts_are_left_out(text: str, trimmed: str):
    assert codes.trimmed(text) == trimmed


@pytest.mark.parametrize(
    ("text", "without"),
    [
        ("[Фрунзе]", "Фрунзе"),
        ("Cairo [Egypt", "Cairo [Egypt]"),
        ("[Toshkent", "Toshkent"),
        ("B. n.]", "B. n."),
        ("A [b] c", "A [b] c"),
    ],
)
def test_brackets_that_lost_their_other_half(text: str, without: str):
    assert codes.without_brackets(text) == without


@pytest.mark.parametrize(
    ("words", "material"),
    [
        ("Iqtisodiyot: darslik", Material.TEXTBOOK),
        ("Fizika: o'quv qo'llanma", Material.TEXTBOOK),
        ("Fizika: oʻquv-uslubiy qoʻllanma", Material.TEXTBOOK),
        ("Физика : ўқув қўлланма", Material.TEXTBOOK),
        ("Химия : учеб. пособие для вузов", Material.TEXTBOOK),
        ("Тарых : окуу китеби", Material.TEXTBOOK),
        ("Математика : окуу куралы", Material.TEXTBOOK),
        ("Suv resurslari : diss. ... t.f.n.", Material.DISSERTATION),
        ("Суу ресурстары : автореф. дис. ... канд. геогр. наук", Material.DISSERTATION_ABSTRACT),
        ("Dissertatsiya avtoreferati", Material.DISSERTATION_ABSTRACT),
        ("ГОСТ 7.1-2003", Material.STANDARD),
        ("O‘z DSt 950:2011 Ichimlik suvi", Material.STANDARD),
        ("Uchebnaya ekskursiya", None),
        ("Disaster management", None),
        ("Synthesis of polymers", None),
        ("Гостеприимство", None),
    ],
)
def test_genres_by_their_words(words: str, material: Material | None):
    assert codes.genre(words + " ") is material


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Vol. 12, no. 3 (2021), p. 112-120", ("12", "3", "112-120")),
        ("Т. 5, № 3. - С. 12 – 20", ("5", "3", "12-20")),
        ("2019. – № 4/2. – B. 33-38", ("", "4/2", "33-38")),
        ("2019, 4-son, 15–17 b.", ("", "4", "15-17")),
        ("Вып. 22", ("", "22", "")),
        ("", ("", "", "")),
    ],
)
def test_places_in_a_host(text: str, parts: tuple[str, str, str]):
    assert codes.host_parts(text) == parts


def test_only_web_addresses_are_links():
    assert codes.link(" https://a.example/x y", "Full text ") is not None
    for address in ("javascript:alert(1)", "ftp://a.example/x", "C:\\texts\\1.pdf", "//a.example", "httpx://a"):
        assert codes.link(address, "") is None


def test_who_is_named_first_is_an_author_unless_something_else_is_said():
    said = "B. Salimov, D. Hamidova ; tarjimon A. Nazarov"
    assert codes.role_in_statement("Hamidova, D.", said) is CreatorRole.AUTHOR
    assert codes.role_in_statement("Nazarov, A.", said) is CreatorRole.OTHER
    assert codes.role_in_statement("Юлдашев, А.", "под ред. А. Юлдашева") is CreatorRole.EDITOR
    assert codes.role_in_statement("Перевезенцев, П.", "П. Перевезенцев") is CreatorRole.AUTHOR
    assert codes.role_in_statement("", "x") is CreatorRole.OTHER
