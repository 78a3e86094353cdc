"""Descriptions by both standards, written by hand from the rules, over all materials and five languages."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from library.domain.description import HostItem, Link, Material
from library.projections.gost import GostStyle, describe
from library.projections.identifiers import printed_isbn
from tests.projections.described import by, written
from tests.projections.gost_golden import GOLDEN
from tests.projections.hostile_records import descriptions, texts

OLD = GostStyle.GOST_7_1_2003
NEW = GostStyle.GOST_R_7_0_100_2018
VISITED = date(2026, 9, 15)


def old(description, address=None, accessed=None):
    return describe(description, style=OLD, address=address, accessed=accessed)


def new(description, address=None, accessed=None):
    return describe(description, style=NEW, address=address, accessed=accessed)


ONE_AUTHOR = written(
    "Основы поиска",
    Material.TEXTBOOK,
    remainder="учебное пособие",
    creators=by("Каримов, А. Б."),
    edition="2-е изд., перераб. и доп.",
    places=("Ташкент",),
    publishers=("Фан",),
    year=2021,
    extent="256 с. : ил. ; 20 см",
    series=("Библиотека студента",),
    isbns=("9789943000001",),
)
FOUR_AUTHORS = written(
    "История сервиса",
    Material.TEXTBOOK,
    remainder="учебное пособие",
    responsibility="В. Э. Багдасарян, И. Б. Орлов, М. В. Катагощина, С. А. Коротков",
    creators=by("Багдасарян, В. Э.", "Орлов, И. Б.", "Катагощина, М. В.", "Коротков, С. А."),
    edition="2-е изд., перераб. и доп.",
    places=("Москва",),
    publishers=("ИНФРА-М",),
    year=2018,
    extent="337 с.",
    series=("Высшее образование. Бакалавриат",),
    isbns=("9785160128450",),
)
COLLECTION = written(
    "Библиотека и общество",
    remainder="сборник статей",
    responsibility="Национальная библиотека ; под редакцией Н. Т. Алиевой",
    places=("Бишкек",),
    publishers=("Илим",),
    year=2020,
    extent="180 с.",
)
THESIS_ABSTRACT = written(
    "Развитие каталогов",
    Material.DISSERTATION_ABSTRACT,
    remainder=(
        "специальность 05.25.03 «Библиотековедение» : автореферат диссертации на соискание ученой степени "
        "кандидата педагогических наук"
    ),
    responsibility="Каримов Анвар Бахтиёрович ; Ташкентский институт культуры",
    creators=by("Каримов, А. Б."),
    places=("Ташкент",),
    year=2019,
    extent="24 с.",
)
ARTICLE = written(
    "Сравнение методов",
    Material.ARTICLE,
    responsibility="С. С. Сидоров, А. А. Козлов",
    creators=by("Сидоров, С. С.", "Козлов, А. А."),
    host=HostItem(title="Вестник информатики", year=2022, volume="5", issue="3", pages="15-20"),
)
PAGE_OF_A_SITE = written(
    "Поиск по документам",
    Material.ELECTRONIC,
    creators=by("Орлов, О. О."),
    host=HostItem(title="Электронная библиотека : [сайт]", year=2024),
    links=(Link(url="https://example.org/2024"),),
)


@pytest.mark.parametrize(
    ("description", "expected"),
    [
        (
            ONE_AUTHOR,
            "Каримов, А. Б. Основы поиска : учебное пособие / А. Б. Каримов. — 2-е изд., перераб. и доп. — Ташкент : "
            "Фан, 2021. — 256 с. : ил. ; 20 см. — (Библиотека студента). — ISBN 978-9943-00-000-1. — "
            "Текст : непосредственный.",
        ),
        (
            FOUR_AUTHORS,
            "История сервиса : учебное пособие / В. Э. Багдасарян, И. Б. Орлов, М. В. Катагощина, С. А. Коротков. — "
            "2-е изд., перераб. и доп. — Москва : ИНФРА-М, 2018. — 337 с. — (Высшее образование. Бакалавриат). — "
            "ISBN 978-5-16-012845-0. — Текст : непосредственный.",
        ),
        (
            COLLECTION,
            "Библиотека и общество : сборник статей / Национальная библиотека ; под редакцией Н. Т. Алиевой. — "
            "Бишкек : Илим, 2020. — 180 с. — Текст : непосредственный.",
        ),
        (
            THESIS_ABSTRACT,
            "Каримов, А. Б. Развитие каталогов : специальность 05.25.03 «Библиотековедение» : автореферат диссертации "
            "на соискание ученой степени кандидата педагогических наук / Каримов Анвар Бахтиёрович ; Ташкентский "
            "институт культуры. — Ташкент, 2019. — 24 с. — Текст : непосредственный.",
        ),
        (
            ARTICLE,
            "Сидоров, С. С. Сравнение методов / С. С. Сидоров, А. А. Козлов. — Текст : непосредственный // "
            "Вестник информатики. — 2022. — Т. 5, № 3. — С. 15–20.",
        ),
        (
            PAGE_OF_A_SITE,
            "Орлов, О. О. Поиск по документам / О. О. Орлов. — Текст : электронный // Электронная библиотека : [сайт]. "
            "— 2024. — URL: https://example.org/2024 (дата обращения: 15.09.2026).",
        ),
    ],
)
def test_worked_examples_of_the_form_of_2018(description, expected):
    assert new(description, accessed=VISITED) == expected


@pytest.mark.parametrize(
    ("description", "expected"),
    [
        (
            ONE_AUTHOR,
            "Каримов, А. Б. Основы поиска [Текст] : учеб. пособие / А. Б. Каримов. — 2-е изд., перераб. и доп. — "
            "Ташкент : Фан, 2021. — 256 с. : ил. ; 20 см. — (Библиотека студента). — ISBN 978-9943-00-000-1.",
        ),
        (
            FOUR_AUTHORS,
            "История сервиса [Текст] : учеб. пособие / В. Э. Багдасарян [и др.]. — 2-е изд., перераб. и доп. — "
            "М. : ИНФРА-М, 2018. — 337 с. — (Высшее образование. Бакалавриат). — ISBN 978-5-16-012845-0.",
        ),
        (
            COLLECTION,
            "Библиотека и общество [Текст] : сб. ст. / Нац. б-ка ; под ред. Н. Т. Алиевой. — Бишкек : Илим, 2020. — "
            "180 с.",
        ),
        (
            replace(THESIS_ABSTRACT, responsibility=""),
            "Каримов, А. Б. Развитие каталогов [Текст] : автореф. дис. … канд. пед. наук : 05.25.03. — Ташкент, 2019. "
            "— 24 с.",
        ),
        (
            ARTICLE,
            "Сидоров, С. С. Сравнение методов [Текст] / С. С. Сидоров, А. А. Козлов // Вестн. информатики. — 2022. — "
            "Т. 5, № 3. — С. 15—20.",
        ),
        (
            PAGE_OF_A_SITE,
            "Орлов, О. О. Поиск по документам [Электронный ресурс] / О. О. Орлов // Электронная б-ка : [сайт]. — 2024. "
            "— Режим доступа: https://example.org/2024.",
        ),
    ],
)
def test_worked_examples_of_the_form_of_2003(description, expected):
    assert old(description) == expected


@pytest.mark.parametrize(("description", "expected"), [(d, o) for d, o, _ in GOLDEN.values()], ids=list(GOLDEN))
def test_by_the_standard_of_2003(description, expected):
    assert old(description) == expected


@pytest.mark.parametrize(("description", "expected"), [(d, n) for d, _, n in GOLDEN.values()], ids=list(GOLDEN))
def test_by_the_standard_of_2018(description, expected):
    assert new(description) == expected


@pytest.mark.parametrize(
    ("languages", "title", "expected"),
    [
        (("rus",), "Книга", "Книга. — URL: https://x.uz/1 (дата обращения: 15.09.2026). — Текст : электронный."),
        (("uzb",), "Kitob", "Kitob. — URL: https://x.uz/1 (murojaat sanasi: 15.09.2026). — Matn : elektron."),
        (("uzb",), "Китоб", "Китоб. — URL: https://x.uz/1 (мурожаат санаси: 15.09.2026). — Матн : электрон."),
        (("kir",), "Китеп", "Китеп. — URL: https://x.uz/1 (кайрылган күнү: 15.09.2026). — Текст : электрондук."),
        (("eng",), "Book", "Book. — URL: https://x.uz/1 (date of access: 15.09.2026). — Text : electronic."),
    ],
)
def test_an_address_makes_the_item_electronic_in_the_words_of_its_language(languages, title, expected):
    assert new(written(title, languages=languages), address="https://x.uz/1", accessed=VISITED) == expected


@pytest.mark.parametrize(
    ("languages", "title", "expected"),
    [
        (("rus",), "Книга", "Книга [Электронный ресурс]. — Режим доступа: https://x.uz/1."),
        (("uzb",), "Kitob", "Kitob [Elektron resurs]. — Kirish rejimi: https://x.uz/1."),
        (("uzb",), "Китоб", "Китоб [Электрон ресурс]. — Кириш режими: https://x.uz/1."),
        (("kir",), "Китеп", "Китеп [Электрондук ресурс]. — Кирүү режими: https://x.uz/1."),
        (("eng",), "Book", "Book [Electronic resource]. — Mode of access: https://x.uz/1."),
    ],
)
def test_the_mode_of_access_of_2003(languages, title, expected):
    assert old(written(title, languages=languages), address="https://x.uz/1") == expected


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Оʻqish kitobi: oʻqituvchilar uchun", "Matn : bevosita."),
        ("Ҳаёт", "Матн : бевосита."),
        ("Өмүр", "Текст : түз."),
        ("Жизнь", "Текст : непосредственный."),
        ("Life", "Text : unmediated."),
    ],
)
def test_without_a_code_the_language_is_read_from_the_letters(title, expected):
    assert new(written(title, languages=())).endswith(expected)


@pytest.mark.parametrize(
    ("isbn", "printed"),
    [
        ("9789943225510", "978-9943-22-551-0"),
        ("9789943400016", "978-9943-4000-1-6"),
        ("9789910634727", "978-9910-634-72-7"),
        ("5020000000", "5-02-000000-0"),
        ("9781593080495", "9781593080495"),
        ("080442957X", "0-8044-2957-X"),
        ("", ""),
    ],
)
def test_an_isbn_gets_hyphens_only_where_its_ranges_are_known(isbn, printed):
    assert printed_isbn(isbn) == printed


@settings(max_examples=200, deadline=None)
@given(descriptions, st.sampled_from(GostStyle), st.none() | texts)
def test_whatever_a_record_says_the_description_is_one_clean_line(description, style, address):
    text = describe(description, style=style, address=address, accessed=VISITED)
    assert text
    assert text == " ".join(text.split())
    assert not set(text) & set("\u00a0\u202f\u2007\u2060\u202e\x00")
    assert text.endswith((".", "…", ".»", '."', ".'", ".”"))
    text.encode()
