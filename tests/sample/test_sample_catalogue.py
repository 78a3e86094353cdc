"""The catalogue that a newcomer sees first: whole, valid, varied, and always the same."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from library import sample
from library.domain.description import Description, Material
from library.domain.marc import DataField, Dialect
from library.marc import dialects, reading
from library.marc.source import ReadRecord, Source
from library.sample import build

# The documented shape of the catalogue; a change of words that changes these is a change for readers too.
BY_DIALECT = {Dialect.MARC21: 164, Dialect.UNIMARC: 190, Dialect.IRBIS: 153}
BY_LANGUAGE = {"uzb": 209, "kir": 121, "rus": 105, "eng": 67, "kaa": 5}
BY_MATERIAL = {
    Material.TEXTBOOK: 189,
    Material.BOOK: 115,
    Material.ARTICLE: 66,
    Material.ISSUE: 48,
    Material.SERIAL: 19,
    Material.VOLUME: 16,
    Material.DISSERTATION_ABSTRACT: 12,
    Material.DISSERTATION: 11,
    Material.STANDARD: 9,
    Material.ELECTRONIC: 7,
    Material.MAP: 6,
    Material.AUDIO: 4,
    Material.VIDEO: 3,
    Material.SCORE: 2,
}
DELETED, REVISED = 4, 14
IRBIS_STATUSES = set("01234568 9CPRU".replace(" ", ""))


@pytest.fixture(scope="module")
def sources() -> list[Source]:
    found = list(reading.find_sources(sample.paths()))
    assert all(isinstance(source, Source) for source in found), found
    return [source for source in found if isinstance(source, Source)]


@pytest.fixture(scope="module")
def records(sources: list[Source]) -> list[tuple[Dialect, ReadRecord]]:
    found = [(source.dialect, record) for source in sources for record in reading.read(source)]
    rejected = [record for _, record in found if not isinstance(record, ReadRecord)]
    assert not rejected
    return [(dialect, record) for dialect, record in found if isinstance(record, ReadRecord)]


@pytest.fixture(scope="module")
def descriptions(records: list[tuple[Dialect, ReadRecord]]) -> list[Description]:
    return [dialects.describe(dialect, record.marc) for dialect, record in records]


def test_building_again_gives_the_committed_bytes(tmp_path: Path) -> None:
    committed = [*sample.paths(), sample.paths()[-1].with_suffix(".xrf")]
    again = [tmp_path / "data" / path.name for path in committed]

    build.write(again[0], again[1], again[2])

    for new, old in zip(again, committed, strict=True):
        assert new.read_bytes() == old.read_bytes(), f"{old.name}: run python -m library.sample.build"


def test_each_file_is_recognised_for_what_it_is(sources: list[Source]) -> None:
    assert [(source.name, source.dialect, source.encoding) for source in sources] == [
        ("marc21", Dialect.MARC21, "utf-8"),
        ("rusmarc", Dialect.UNIMARC, "utf-8"),
        ("KITOB", Dialect.IRBIS, "utf-8"),
    ]
    assert not any(source.warnings for source in sources)


def test_no_record_has_anything_doubtful(records: list[tuple[Dialect, ReadRecord]]) -> None:
    assert [record.warnings for _, record in records if record.warnings] == []
    problems = {record.key: found for dialect, record in records if (found := dialects.check(dialect, record.marc))}
    assert problems == {}


def test_no_two_records_of_a_source_have_the_same_key(sources: list[Source]) -> None:
    for source in sources:
        keys = [record.key for record in reading.read(source) if isinstance(record, ReadRecord)]
        assert len(keys) == len(set(keys))
        assert not any("#" in key for key in keys)


def test_the_counts_are_those_documented(
    records: list[tuple[Dialect, ReadRecord]], descriptions: list[Description]
) -> None:
    assert Counter(dialect for dialect, _ in records) == BY_DIALECT
    assert Counter(description.languages[0] for description in descriptions) == BY_LANGUAGE
    assert Counter(description.material for description in descriptions) == BY_MATERIAL


def test_the_irbis_base_has_a_past(records: list[tuple[Dialect, ReadRecord]]) -> None:
    base = [record for dialect, record in records if dialect is Dialect.IRBIS]

    assert sum(record.deleted for record in base) == DELETED
    assert sum(bool(record.earlier) for record in base) == REVISED
    revised = next(record for record in base if record.earlier)
    assert len(revised.earlier[0].fields) < len(revised.marc.fields)


def test_every_status_of_irbis_copies_occurs(records: list[tuple[Dialect, ReadRecord]]) -> None:
    seen = {copy.first("A") for _, record in records for copy in record.marc.all("910")}
    assert seen == IRBIS_STATUSES


def test_nobody_who_typed_a_record_is_named(records: list[tuple[Dialect, ReadRecord]]) -> None:
    stages = [field for _, record in records for field in record.marc.all("907")]
    assert stages
    assert all({subfield.code for subfield in field.subfields} == {"A", "C"} for field in stages)


def test_every_record_says_enough_to_be_found(descriptions: list[Description]) -> None:
    for description in descriptions:
        assert description.subjects, description.title
        assert description.udc, description.title
        assert description.bbk, description.title
        if description.material not in {Material.SERIAL, Material.ISSUE}:
            assert description.abstract or description.extent, description.title
    described = sum(bool(description.abstract) for description in descriptions)
    assert described > len(descriptions) * 8 // 10


def test_both_notations_of_bbk_occur(descriptions: list[Description]) -> None:
    first = Counter(description.bbk[0][0].isdigit() for description in descriptions)
    assert first[True] > 100
    assert first[False] > 100


def test_isbns_and_issns_are_right_and_none_is_given_twice(descriptions: list[Description]) -> None:
    isbns = [isbn for description in descriptions for isbn in description.isbns]
    issns = [issn for description in descriptions for issn in description.issns]

    assert len(isbns) > 200
    assert len(set(isbns)) == len(isbns)
    for isbn in isbns:
        digits = [10 if character == "X" else int(character) for character in isbn]
        if len(digits) == 13:
            assert sum(digits[::2]) % 10 == -3 * sum(digits[1::2]) % 10, isbn
        else:
            assert len(digits) == 10
            assert sum(weight * digit for weight, digit in zip(range(10, 0, -1), digits, strict=True)) % 11 == 0, isbn
    assert len(set(issns)) == len(issns) == BY_MATERIAL[Material.SERIAL]
    for issn in issns:
        digits = [10 if character == "X" else int(character) for character in issn.replace("-", "")]
        assert sum(weight * digit for weight, digit in zip(range(8, 0, -1), digits, strict=True)) % 11 == 0, issn


def test_links_lead_to_reserved_domains_only(descriptions: list[Description]) -> None:
    links = [link.url for description in descriptions for link in description.links]
    assert len(links) > 60
    assert all(url.startswith("https://example.org/") for url in links)


def test_one_textbook_stands_in_all_three_spellings_of_uzbek(descriptions: list[Description]) -> None:
    titles = {description.title for description in descriptions}
    assert {"Hozirgi oʻzbek adabiy tili", "Ҳозирги ўзбек адабий тили", "Hozirgi özbek adabiy tili"} <= titles


def test_a_classic_keeps_his_name_where_others_have_initials(descriptions: list[Description]) -> None:
    names = {creator.name for description in descriptions for creator in description.creators}
    assert {"Navoiy, Alisher", "Навоий, Алишер", "Айтматов, Чыңгыз", "Qodiriy, Abdulla"} <= names
    assert not {"Navoiy, A.", "Айтматов, Ч."} & names


def texts(records: list[tuple[Dialect, ReadRecord]]) -> Iterator[str]:
    """What readers see: all but coded data and the tags of embedded fields."""
    for _, record in records:
        for field in record.marc.fields:
            if isinstance(field, DataField) and not re.fullmatch("1[0-3][05]|126", field.tag):
                yield from (subfield.value for subfield in field.subfields if subfield.code != "1")


def test_no_text_is_left_half_made(records: list[tuple[Dialect, ReadRecord]]) -> None:
    for text in texts(records):
        assert text == text.strip(), text
        assert text
        assert "{" not in text, text
        assert "  " not in text, text


def test_no_word_mixes_the_alphabets(records: list[tuple[Dialect, ReadRecord]]) -> None:
    mixed = re.compile(r"[A-Za-z][а-яёўқғҳңөү]|[а-яёўқғҳңөү][A-Za-z]", re.IGNORECASE)
    shelfmark = re.compile(r"[\dА-Я(][^ ]*")
    found = {text for text in texts(records) if mixed.search(text) and not shelfmark.match(text)}
    assert found == set()
