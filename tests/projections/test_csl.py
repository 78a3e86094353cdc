"""CSL-JSON in the vocabulary of its schema."""

import json
import re
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from library.domain.description import Creator, CreatorRole, Description, HostItem, Material
from library.projections import csl
from tests.projections.hostile_records import descriptions, texts

# From csl-data.json, schema 1.0.2: what we use must be among these.
TYPES = frozenset(
    re.findall(
        r"\S+",
        """
article article-journal article-magazine article-newspaper bill book broadcast chapter classic collection dataset
document entry entry-dictionary entry-encyclopedia event figure graphic hearing interview legal_case legislation
manuscript map motion_picture musical_score pamphlet paper-conference patent performance periodical
personal_communication post post-weblog regulation report review review-book software song speech standard thesis
treaty webpage
""",
    )
)
TEXTS = frozenset(
    re.findall(
        r"\S+",
        """
abstract call-number collection-title container-title edition genre id ISBN ISSN DOI issue keyword language
medium note page publisher publisher-place title type URL volume
""",
    )
)
NAMES = {"author", "editor", "compiler", "translator", "illustrator"}
DATES = {"issued", "accessed"}


def check(item):
    assert item["type"] in TYPES
    assert set(item) <= TEXTS | NAMES | DATES
    assert all(isinstance(item[name], str) and item[name] for name in TEXTS & set(item))
    for variable in NAMES & set(item):
        assert item[variable]
        assert all(set(name) in ({"literal"}, {"family", "given"}) and all(name.values()) for name in item[variable])
    for variable in DATES & set(item):
        assert set(item[variable]) == {"date-parts"}
        assert all(isinstance(part, int) for part in item[variable]["date-parts"][0])


def test_an_article():
    article = Description(
        title="Soʻz",
        material=Material.ARTICLE,
        creators=(
            Creator(name="Gʻulomov, A.", role=CreatorRole.AUTHOR),
            Creator(name="Navoiy", role=CreatorRole.AUTHOR),
        ),
        host=HostItem(title="Til", volume="4-jild", issue="2", pages="B. 5-9"),
        year=2020,
        languages=("uzb",),
        keywords=("til", "soʻz"),
    )
    assert csl.item(article, identity="42", address="https://x.uz/42", accessed=date(2026, 9, 15)) == {
        "id": "42",
        "type": "article-journal",
        "title": "Soʻz",
        "container-title": "Til",
        "volume": "4",
        "issue": "2",
        "page": "5–9",
        "URL": "https://x.uz/42",
        "language": "uz-Latn",
        "keyword": "til, soʻz",
        "author": [{"family": "Gʻulomov", "given": "A."}, {"literal": "Navoiy"}],
        "issued": {"date-parts": [[2020]]},
        "accessed": {"date-parts": [[2026, 9, 15]]},
    }


def test_every_material_has_a_type_of_the_schema():
    for material in Material:
        check(csl.item(Description(title="Книга", material=material), identity="1"))


def test_letters_stay_as_they_are_in_the_file():
    text = csl.encode([csl.item(Description(title="Өмүр 😀", material=Material.BOOK), identity="1")])
    assert '"title": "Өмүр 😀"' in text


@settings(max_examples=200, deadline=None)
@given(descriptions, texts, st.none() | texts)
def test_whatever_a_record_says_the_file_is_json_of_the_schema(description, identity, address):
    item = csl.item(description, identity=identity, address=address, accessed=date(2026, 9, 15))
    text = csl.encode([item, item])
    assert json.loads(text.encode()) == [item, item]
    check(item)
