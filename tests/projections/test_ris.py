"""RIS: tagged lines with CRLF that nothing in a record can break."""

import re
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from library.domain.description import Copy, Creator, CreatorRole, Description, HostItem, Link, Material
from library.projections import ris
from tests.projections.hostile_records import descriptions, texts

LINE = re.compile(r"[A-Z][A-Z0-9]  - [^\r\n]+")
ARTICLE = Description(
    title="Сравнение методов",
    material=Material.ARTICLE,
    creators=(
        Creator(name="Сидоров, С. С.", role=CreatorRole.AUTHOR),
        Creator(name="Козлов, А. А.", role=CreatorRole.TRANSLATOR),
    ),
    host=HostItem(title="Вестник", year=2022, volume="5", issue="3", pages="15-20"),
    languages=("kir",),
    subjects=("Поиск",),
    keywords=("индекс",),
    links=(Link(url="https://doi.org/10.1234/5"),),
    copies=(Copy(shelfmark="22.1 А45"),),
)


def test_an_article():
    expected = (
        "TY  - JOUR",
        "ID  - 42",
        "AU  - Сидоров, С. С.",
        "A4  - Козлов, А. А.",
        "TI  - Сравнение методов",
        "T2  - Вестник",
        "VL  - 5",
        "IS  - 3",
        "SP  - 15",
        "EP  - 20",
        "PY  - 2022",
        "DO  - 10.1234/5",
        "UR  - https://x.uz/42",
        "Y2  - 2026/09/15",
        "LA  - ky",
        "KW  - Поиск",
        "KW  - индекс",
        "CN  - 22.1 А45",
        "ER  - ",
        "",
    )
    found = ris.encode(ARTICLE, identity="42", address="https://x.uz/42", accessed=date(2026, 9, 15))
    assert found == "\r\n".join(expected)


@pytest.mark.parametrize(
    ("material", "kind"),
    [
        (Material.TEXTBOOK, "BOOK"),
        (Material.DISSERTATION_ABSTRACT, "THES"),
        (Material.SERIAL, "SER"),
        (Material.STANDARD, "STAND"),
        (Material.ELECTRONIC, "ELEC"),
        (Material.OTHER, "GEN"),
    ],
)
def test_the_type_follows_the_material(material, kind):
    text = ris.encode(Description(title="Книга", material=material), identity="1")
    assert text.startswith(f"TY  - {kind}\r\n")


@settings(max_examples=200, deadline=None)
@given(descriptions, texts, st.none() | texts)
def test_whatever_a_record_says_the_lines_are_well_formed(description, identity, address):
    first, *lines, last, empty = ris.encode(description, identity=identity, address=address).split("\r\n")
    assert re.fullmatch(r"TY  - [A-Z]+", first)
    assert (last, empty) == ("ER  - ", "")
    assert all(LINE.fullmatch(line) for line in lines)
    assert sum(line.startswith("TI  - ") for line in lines) == 1
    assert not any("\u2028" in line or "\x85" in line for line in lines)
