"""Records in the words of schema.org."""

from __future__ import annotations

import json
from dataclasses import replace

from library.domain.description import Creator, CreatorRole, Description, HostItem, Material
from library.projections.schema_org import json_ld, type_name
from tests.builders import a_description

ADDRESS = "https://kutubxona.example/record/7"


def test_a_textbook_is_a_book_with_its_people_place_and_numbers() -> None:
    book = replace(
        a_description(),
        host=None,
        creators=(
            Creator(name="Soatov, Yo. U.", role=CreatorRole.AUTHOR),
            Creator(name="Karimova, D.", role=CreatorRole.EDITOR),
            Creator(name="Rahimov, S.", role=CreatorRole.REVIEWER),
        ),
    )
    assert json_ld(book, ADDRESS) == {
        "@context": "https://schema.org",
        "@type": "Book",
        "@id": ADDRESS,
        "url": ADDRESS,
        "name": "Oliy matematika: darslik",
        "alternateName": ["Высшая математика"],
        "author": [{"@type": "Person", "name": "Soatov, Yo. U."}],
        "editor": [{"@type": "Person", "name": "Karimova, D."}],
        "datePublished": "2019",
        "publisher": [{"@type": "Organization", "name": "O‘qituvchi"}],
        "bookEdition": "2-nashr",
        "inLanguage": "uz-Latn",
        "isbn": ["9789943225510"],
        "about": ["Matematika"],
        "keywords": ["integral"],
        "abstract": "Bakalavrlar uchun.",
        "offers": {
            "@type": "Offer",
            "businessFunction": "http://purl.org/goodrelations/v1#LeaseOut",
            "availability": "https://schema.org/InStock",
        },
    }


def test_an_article_names_its_journal_and_pages() -> None:
    article = Description(
        title="Общая химия",
        material=Material.ARTICLE,
        host=HostItem(title="Вестник химии", issn="1234-5679", year=2003, volume="4", issue="2", pages="С. 12-18"),
    )
    node = json_ld(article, ADDRESS)
    assert node["@type"] == "ScholarlyArticle"
    assert node["isPartOf"] == {"@type": "Periodical", "name": "Вестник химии", "issn": "1234-5679"}
    assert (node["pageStart"], node["pageEnd"]) == ("12", "18")


def test_a_chapter_names_its_book() -> None:
    host = HostItem(title="To‘plam", isbn="9789943225510", pages="4-9")
    chapter = Description(title="Bob", material=Material.ARTICLE, host=host)
    assert json_ld(chapter, ADDRESS)["isPartOf"] == {"@type": "Book", "name": "To‘plam", "isbn": "9789943225510"}


def test_a_body_is_an_organisation() -> None:
    report = Description(
        title="Hisobot", material=Material.BOOK, creators=(Creator(name="Fanlar akademiyasi", role=CreatorRole.BODY),)
    )
    assert json_ld(report, ADDRESS)["author"] == [{"@type": "Organization", "name": "Fanlar akademiyasi"}]


def test_what_is_not_known_is_not_said() -> None:
    bare = json_ld(Description(title="X", material=Material.OTHER), ADDRESS)
    assert bare == {
        "@context": "https://schema.org",
        "@type": "CreativeWork",
        "@id": ADDRESS,
        "url": ADDRESS,
        "name": "X",
    }


def test_every_material_has_a_type_and_every_node_is_json() -> None:
    for material in Material:
        assert type_name(material)
        node = json_ld(replace(a_description(), material=material), ADDRESS)
        assert json.loads(json.dumps(node)) == node


def test_a_language_that_can_be_no_tag_is_left_out() -> None:
    for code in ("", '"><x-m>', "узб", "u b"):
        assert "inLanguage" not in json_ld(replace(a_description(), languages=(code,)), ADDRESS)


def test_control_characters_are_left_out() -> None:
    node = json_ld(replace(a_description("Al\x08gebra\ufffe"), abstract="a\x00b", subjects=("\x1b",)), ADDRESS)
    assert str(node["name"]).startswith("Algebra:")
    assert node["abstract"] == "ab"
    assert "about" not in node
