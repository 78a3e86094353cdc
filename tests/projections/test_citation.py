"""References that readers copy."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings

from library.domain.description import Creator, CreatorRole, Description, HostItem, Link, Material
from library.projections import citation
from tests.projections.hostile_records import descriptions

VISITED = date(2026, 9, 15)


def by(*names, role=CreatorRole.AUTHOR):
    return tuple(Creator(name=name, role=role) for name in names)


BOOK = Description(
    title="Основы программирования",
    material=Material.BOOK,
    creators=by("Иванов, И. И."),
    places=("Москва",),
    publishers=("Наука",),
    year=2020,
    extent="320 с.",
    languages=("rus",),
)
ARTICLE = Description(
    title="Сравнение методов",
    material=Material.ARTICLE,
    creators=by("Сидоров, С. С.", "Козлов, А. А."),
    host=HostItem(title="Вестник информатики", year=2022, volume="Т. 5", issue="№ 3", pages="С. 15-20"),
    languages=("rus",),
)
CHAPTER = Description(
    title="On search",
    material=Material.ARTICLE,
    creators=by("Lee, Ann"),
    host=HostItem(title="Libraries : a reader", pages="5-9"),
    places=("London",),
    publishers=("Example Press",),
    year=2018,
    languages=("eng",),
)
THESIS = Description(
    title="Usullar",
    material=Material.DISSERTATION,
    creators=(*by("Karimov, Shavkat"), *by("Toshkent universiteti", role=CreatorRole.BODY)),
    places=("Toshkent",),
    year=2015,
    extent="150",
    languages=("uzb",),
)
SITE = Description(
    title="Поиск",
    material=Material.ELECTRONIC,
    creators=by("Орлов, О. О."),
    host=HostItem(title="Электронная библиотека : [сайт]", year=2024),
    links=(Link(url="https://example.org/2024"),),
    languages=("rus",),
)


@pytest.mark.parametrize(
    ("description", "expected"),
    [
        (BOOK, "Иванов И. И. Основы программирования. Москва : Наука, 2020. 320 с."),
        (
            replace(BOOK, creators=by("Иванов, И. И.", "Петров, П.", "Лев, Л."), edition="2-е изд."),
            "Иванов И. И., Петров П., Лев Л. Основы программирования. 2-е изд. Москва : Наука, 2020. 320 с.",
        ),
        (
            replace(BOOK, creators=by("А, А. А.", "Б, Б. Б.", "В, В. В.", "Г, Г. Г.")),
            "Основы программирования / А. А. А [и др.]. Москва : Наука, 2020. 320 с.",
        ),
        (
            replace(BOOK, creators=(), responsibility="под ред. Н. Т. Алиевой", places=("М.",)),
            "Основы программирования / под ред. Н. Т. Алиевой. М. : Наука, 2020. 320 с.",
        ),
        (
            replace(BOOK, responsibility="И. И. Иванов, П. П. Петров"),
            "Иванов И. И. Основы программирования / И. И. Иванов, П. П. Петров. Москва : Наука, 2020. 320 с.",
        ),
        (ARTICLE, "Сидоров С. С., Козлов А. А. Сравнение методов // Вестник информатики. 2022. Т. 5, № 3. С. 15–20."),
        (CHAPTER, "Lee A. On search // Libraries : a reader. London, 2018. P. 5–9."),
        (THESIS, "Karimov Sh. Usullar. Toshkent, 2015. 150 b."),
        (
            SITE,
            "Орлов О. О. Поиск // Электронная библиотека : [сайт]. 2024. URL: https://example.org/2024 "
            "(дата обращения: 15.09.2026).",
        ),
    ],
)
def test_a_reference_by_gost(description, expected):
    found = citation.gost(description, address=None, accessed=VISITED)
    assert found == expected


@pytest.mark.parametrize(
    ("description", "expected"),
    [
        (BOOK, "Иванов, И. И. (2020). Основы программирования. Наука."),
        (replace(BOOK, edition="2-е изд."), "Иванов, И. И. (2020). Основы программирования (2-е изд.). Наука."),
        (replace(BOOK, creators=()), "Основы программирования. (2020). Наука."),
        (replace(BOOK, year=None), "Иванов, И. И. (n.d.). Основы программирования. Наука."),
        (
            replace(BOOK, creators=by("Алиева, Н. Т.", "Боев, Б. Б.", role=CreatorRole.EDITOR)),
            "Алиева, Н. Т., & Боев, Б. Б. (Eds.). (2020). Основы программирования. Наука.",
        ),
        (
            replace(BOOK, creators=by("Национальная библиотека", role=CreatorRole.BODY)),
            "Национальная библиотека. (2020). Основы программирования. Наука.",
        ),
        (replace(BOOK, material=Material.MAP), "Иванов, И. И. (2020). Основы программирования [Map]. Наука."),
        (ARTICLE, "Сидоров, С. С., & Козлов, А. А. (2022). Сравнение методов. Вестник информатики, 5(3), 15–20."),
        (
            replace(ARTICLE, links=(Link(url="https://doi.org/10.1234/a.5"),)),
            "Сидоров, С. С., & Козлов, А. А. (2022). Сравнение методов. Вестник информатики, 5(3), 15–20. "
            "https://doi.org/10.1234/a.5",
        ),
        (CHAPTER, "Lee, A. (2018). On search. In Libraries: a reader (pp. 5–9). Example Press."),
        (THESIS, "Karimov, Sh. (2015). Usullar [Dissertation, Toshkent universiteti]."),
        (SITE, "Орлов, О. О. (2024). Поиск. Электронная библиотека: [сайт]. https://example.org/2024"),
    ],
)
def test_a_reference_by_apa(description, expected):
    assert citation.apa(description, address=None) == expected


def test_apa_names_nineteen_of_more_than_twenty_authors_and_the_last():
    crowd = replace(BOOK, creators=by(*(f"N{number}, A." for number in range(1, 23))))
    assert citation.apa(crowd, address=None).startswith("N1, A., N2, A., ")
    assert ", N19, A., … N22, A. (2020)." in citation.apa(crowd, address=None)
    assert "N20" not in citation.apa(crowd, address=None)


@settings(max_examples=200, deadline=None)
@given(descriptions)
def test_whatever_a_record_says_its_references_are_clean_lines(description):
    for text in (
        citation.gost(description, address="https://x.uz/1", accessed=VISITED),
        citation.apa(description, address="https://x.uz/1"),
    ):
        assert text
        assert text == " ".join(text.split())
        text.encode()
