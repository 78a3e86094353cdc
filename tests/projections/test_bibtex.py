"""BibTeX that every reader of it takes: balanced, escaped, with keys that stay."""

import re
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from library.domain.description import Creator, CreatorRole, Description, HostItem, Link, Material
from library.projections import bibtex
from library.projections.reference_parts import publisher, work_title
from tests.projections.hostile_records import descriptions, texts

_UNESCAPED = {
    r"\textbackslash{}": "\\",
    r"\textbraceleft{}": "\N{LEFT CURLY BRACKET}",
    r"\textbraceright{}": "\N{RIGHT CURLY BRACKET}",
    r"\textasciitilde{}": "~",
    r"\textasciicircum{}": "^",
    **{f"\\{sign}": sign for sign in "&%$#_"},
}
_COMMAND = re.compile("|".join(map(re.escape, _UNESCAPED)) + "|[{}]")


def read_value(text, start):
    """The value in braces that starts here and what stands after it; braces count even after a backslash."""
    depth = 0
    for position in range(start, len(text)):
        depth += (text[position] == "{") - (text[position] == "}")
        if depth == 0:
            return text[start + 1 : position], position + 1
    raise AssertionError("a brace is not closed")


def parse(text):
    """Entry type, key and fields of one entry, by the grammar of BibTeX and nothing else."""
    head = re.match(r"@([a-z]+)\{([A-Za-z0-9_-]+),\n", text)
    assert head, text
    position, fields = head.end(), {}
    while not text.startswith("}", position):
        name = re.compile(r"  ([a-z]+) = (?=\{)").match(text, position)
        assert name, text[position:]
        value, position = read_value(text, name.end())
        assert name[1] not in fields
        fields[name[1]] = value
        assert text.startswith(",\n", position)
        position += 2
    assert text[position:] == "}\n"
    return head[1], head[2], fields


def plain(value):
    """The value as it is printed."""
    return _COMMAND.sub(lambda found: _UNESCAPED.get(found.group(), ""), value)


BOOK = Description(
    title="Основы HTML и поиска: API",
    material=Material.BOOK,
    remainder="учебник",
    creators=(
        Creator(name="Ҳакимов, Ўктам", role=CreatorRole.AUTHOR),
        Creator(name="Алиева, Н. Т.", role=CreatorRole.EDITOR),
    ),
    places=("Ташкент",),
    publishers=("Фан & Ко",),
    year=2021,
    isbns=("9789943000001",),
    languages=("rus",),
)


def test_a_book():
    assert bibtex.encode(
        BOOK, identity="42", address="https://x.uz/r_42?a={b}", accessed=date(2026, 9, 15)
    ) == "\n".join(
        (
            "@book{hakimov2021-42,",
            "  author = {Ҳакимов, Ўктам},",
            "  editor = {Алиева, Н. Т.},",
            "  title = {Основы {HTML} и поиска: {API:} учебник},",
            "  address = {Ташкент},",
            r"  publisher = {Фан \& Ко},",
            "  year = {2021},",
            "  isbn = {978-9943-00-000-1},",
            "  url = {https://x.uz/r_42?a=%7Bb%7D},",
            "  urldate = {2026-09-15},",
            "  language = {ru},",
            "}\n",
        )
    )


@pytest.mark.parametrize(
    ("changes", "entry_type", "fields"),
    [
        (
            {"material": Material.ARTICLE, "host": HostItem(title="Фан", volume="Т. 5", issue="3", pages="5-9")},
            "article",
            {"journal": "Фан", "volume": "5", "number": "3", "pages": "5--9"},
        ),
        (
            {"material": Material.ARTICLE, "host": HostItem(title="Сборник : статьи", pages="7")},
            "incollection",
            {"booktitle": "Сборник: статьи", "pages": "7"},
        ),
        ({"material": Material.DISSERTATION}, "phdthesis", {"school": r"Фан \& Ко"}),
        ({"material": Material.MAP}, "misc", {"publisher": r"Фан \& Ко"}),
        ({"links": (Link(url="https://doi.org/10.1234/x_y"),)}, "book", {"doi": "10.1234/x_y"}),
        ({"material": Material.MANUSCRIPT}, "unpublished", {"year": "2021"}),
    ],
)
def test_the_entry_type_and_its_fields_follow_the_material(changes, entry_type, fields):
    found_type, _, found = parse(bibtex.encode(replace(BOOK, **changes), identity="1"))
    assert found_type == entry_type
    assert fields.items() <= found.items()


@pytest.mark.parametrize(
    ("creator", "value"),
    [
        (Creator(name="Национальная библиотека", role=CreatorRole.BODY), "{Национальная библиотека}"),
        (Creator(name="Smith and Sons", role=CreatorRole.AUTHOR), "{Smith and Sons}"),
        (Creator(name="Навои", role=CreatorRole.AUTHOR), "Навои"),
        (Creator(name="King, Martin, Jr.", role=CreatorRole.AUTHOR), "{King, Martin, Jr.}"),
    ],
)
def test_a_name_that_would_be_taken_apart_is_in_braces(creator, value):
    assert parse(bibtex.encode(replace(BOOK, creators=(creator,)), identity="1"))[2]["author"] == value


@pytest.mark.parametrize(
    ("name", "identity", "key"),
    [
        ("Щербаков, А.", "7", "shcherbakov2021-7"),
        ("Өмүрова, А.", "7", "omurova2021-7"),
        ("Oʻrinboyev, A.", "kx/1.2", "orinboyev2021-kx_2f_1_2e_2"),
        ("Müller, A.", "7", "muller2021-7"),
        ("陳", "7", "record2021-7"),
    ],
)
def test_a_key_is_ascii_and_readable(name, identity, key):
    author = Creator(name=name, role=CreatorRole.AUTHOR)
    assert bibtex.citation_key(replace(BOOK, creators=(author,)), identity) == key


def test_a_key_outlives_a_corrected_title():
    corrected = replace(BOOK, title="Основы", publishers=())
    assert bibtex.citation_key(corrected, "42") == bibtex.citation_key(BOOK, "42")


@settings(max_examples=200, deadline=None)
@given(descriptions, texts, texts)
def test_different_records_never_share_a_key(description, one, other):
    keys = {bibtex.citation_key(description, identity) for identity in (one, other)}
    assert len(keys) == len({one, other})


@settings(max_examples=200, deadline=None)
@given(descriptions, texts, st.none() | texts)
def test_whatever_a_record_says_the_entry_parses_and_gives_its_fields_back(description, identity, address):
    _, key, fields = parse(bibtex.encode(description, identity=identity, address=address))
    assert key == bibtex.citation_key(description, identity)
    assert plain(fields["title"]) == work_title(description)
    if "publisher" in fields:
        assert plain(fields["publisher"]) == publisher(description)
    assert fields.get("year", "") == str(description.year or fields.get("year", ""))
    assert all(value and "\n" not in value for value in fields.values())
