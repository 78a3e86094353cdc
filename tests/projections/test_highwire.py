"""Tags from which Google Scholar and reference managers read a record."""

from __future__ import annotations

from dataclasses import replace

from library.domain.description import Creator, CreatorRole, Description, HostItem, Link, Material
from library.projections.highwire import tags
from tests.builders import a_description

ADDRESS = "https://kutubxona.example/record/7"


def test_a_book_has_one_tag_an_author() -> None:
    authors = tuple(Creator(name=name, role=CreatorRole.AUTHOR) for name in ("Soatov, Yo. U.", "Karimova, D."))
    assert tags(replace(a_description(), host=None, creators=authors), ADDRESS) == (
        ("citation_title", "Oliy matematika: darslik"),
        ("citation_author", "Soatov, Yo. U."),
        ("citation_author", "Karimova, D."),
        ("citation_publication_date", "2019"),
        ("citation_publisher", "O‘qituvchi"),
        ("citation_isbn", "9789943225510"),
        ("citation_issn", "1234-5679"),
        ("citation_language", "uz-Latn"),
        ("citation_keywords", "Matematika"),
        ("citation_keywords", "integral"),
        ("citation_abstract_html_url", ADDRESS),
    )


def test_an_article_has_its_journal_its_pages_and_the_year_of_its_issue() -> None:
    host = HostItem(title="Вестник химии", issn="1234-5679", year=2003, volume="Т. 4", issue="№ 2", pages="С. 12-18")
    article = Description(
        title="Общая химия",
        material=Material.ARTICLE,
        issns=("1234-5679",),
        host=host,
        links=(Link(url="https://doi.org/10.1234/abc"),),
    )
    told = tags(article, ADDRESS)
    assert dict(told) == {
        "citation_title": "Общая химия",
        "citation_publication_date": "2003",
        "citation_journal_title": "Вестник химии",
        "citation_volume": "4",
        "citation_issue": "2",
        "citation_firstpage": "12",
        "citation_lastpage": "18",
        "citation_issn": "1234-5679",
        "citation_doi": "10.1234/abc",
        "citation_abstract_html_url": ADDRESS,
    }
    assert len(told) == len(dict(told)), "the ISSN of an article and of its journal is told once"


def test_a_dissertation_names_where_it_was_defended_and_no_publisher() -> None:
    thesis = replace(
        a_description(),
        material=Material.DISSERTATION,
        host=None,
        creators=(
            Creator(name="Soatov, Yo. U.", role=CreatorRole.AUTHOR),
            Creator(name="Namangan davlat universiteti", role=CreatorRole.BODY),
        ),
    )
    told = dict(tags(thesis, ADDRESS))
    assert told["citation_dissertation_institution"] == "Namangan davlat universiteti"
    assert told["citation_author"] == "Soatov, Yo. U."
    assert "citation_publisher" not in told


def test_a_chapter_names_its_book() -> None:
    chapter = Description(title="Bob", material=Material.ARTICLE, host=HostItem(title="To‘plam", pages="4"))
    told = dict(tags(chapter, ADDRESS))
    assert told["citation_inbook_title"] == "To‘plam"
    assert told["citation_firstpage"] == "4"
    assert "citation_lastpage" not in told


def test_control_characters_and_empty_values_are_left_out() -> None:
    told = tags(replace(a_description("Al\x08gebra\ufffe"), keywords=("\x1b", " "), host=None), ADDRESS)
    assert dict(told)["citation_title"].startswith("Algebra:")
    assert all(content.strip() and content.isprintable() for _, content in told)
