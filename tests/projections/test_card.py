"""What stands on a catalogue card."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings

from library.domain.description import Copy, Creator, CreatorRole, Description, HostItem, Material
from library.projections import card
from library.projections.gost import GostStyle
from tests.projections.hostile_records import descriptions

BOOK = Description(
    title="Алгебра",
    material=Material.TEXTBOOK,
    remainder="учебное пособие",
    creators=(
        Creator(name="Каримов, Анвар Бахтиёрович", role=CreatorRole.AUTHOR),
        Creator(name="Боев, Б. Б.", role=CreatorRole.AUTHOR),
        Creator(name="Алиева, Н. Т.", role=CreatorRole.EDITOR),
    ),
    places=("Ташкент",),
    publishers=("Фан",),
    year=2021,
    extent="256 с.",
    series=("Наука",),
    notes=("Библиогр.: с. 250",),
    isbns=("9789943000001",),
    abstract="Для студентов.\nКурс 1.",
    subjects=("Алгебра",),
    udc=("512",),
    bbk=("22.14",),
    languages=("rus",),
    copies=(
        Copy(inventory_number="К-1", shelfmark="22.14/К23"),
        Copy(inventory_number="К-2"),
        Copy(inventory_number="К-1"),
    ),
)


def test_a_card_of_a_book():
    assert card.lines(BOOK) == card.Card(
        shelfmark=("22.14", "К23"),
        heading="Каримов, А. Б.",
        description=(
            "Алгебра [Текст] : учеб. пособие / А. Б. Каримов, Б. Б. Боев ; ред. Н. Т. Алиева. — Ташкент : Фан, 2021. — "
            "256 с. — (Наука)."
        ),
        notes="Библиогр.: с. 250. — ISBN 978-9943-00-000-1.",
        abstract="Для студентов. Курс 1.",
        tracings="1. Алгебра. I. Боев, Б. Б. II. Алиева, Н. Т. III. Загл.",
        udc=("512",),
        bbk=("22.14",),
        inventory_numbers=("К-1", "К-2"),
    )


def test_the_form_of_2018_ends_with_content_and_medium():
    found = card.lines(BOOK, style=GostStyle.GOST_R_7_0_100_2018)
    assert found.notes == "Библиогр.: с. 250. — ISBN 978-9943-00-000-1. — Текст : непосредственный."


def test_an_article_stands_on_one_card_with_its_host():
    article = replace(
        BOOK, material=Material.ARTICLE, host=HostItem(title="Вестник", year=2020, issue="2", pages="5-9")
    )
    found = card.lines(article, address="https://x.uz/1", accessed=date(2026, 9, 15))
    assert found.description.endswith("// Вестник. — 2020. — № 2. — С. 5—9.")
    assert found.notes == "Библиогр.: с. 250. — Режим доступа: https://x.uz/1 (дата обращения: 15.09.2026)."


def test_without_a_shelfmark_the_class_index_stands_in_its_place():
    assert card.lines(replace(BOOK, copies=())).shelfmark == ("22.14",)
    assert card.lines(replace(BOOK, copies=(), bbk=())).shelfmark == ("512",)


def test_a_work_of_four_authors_is_traced_under_the_first():
    four = tuple(Creator(name=f"{letter}, А.", role=CreatorRole.AUTHOR) for letter in "БВГД")
    found = card.lines(replace(BOOK, creators=four, subjects=()))
    assert found.heading == ""
    assert found.tracings == "I. Б, А."


@pytest.mark.parametrize(("count", "last"), [(4, "IV. N3."), (9, "IX. N8."), (44, "XLIV. N43."), (100, "C. N99.")])
def test_added_entries_are_counted_in_roman_figures(count, last):
    bodies = tuple(Creator(name=f"N{number}", role=CreatorRole.BODY) for number in range(count))
    assert card.lines(replace(BOOK, creators=bodies)).tracings.endswith(last)


@settings(max_examples=200, deadline=None)
@given(descriptions)
def test_whatever_a_record_says_every_paragraph_is_one_clean_line(description):
    found = card.lines(description)
    assert found.description
    for text in (found.heading, found.description, found.notes, found.abstract, found.tracings, *found.shelfmark):
        assert text == " ".join(text.split())
        text.encode()
