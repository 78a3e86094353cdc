"""Browsing by letter in each alphabet and by class, in SQLite and in PostgreSQL."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from sqlalchemy import Engine

from indexer.folding import APOSTROPHES
from indexer.model import Entry, Facet, Query, Results
from indexer.search_index import IndexUnavailable
from indexer.whoosh.engine import WhooshIndex
from library.db.records import DescribedRecord
from library.db.unit_of_work import Database
from library.domain.description import Description, Material
from library.domain.errors import SearchUnavailable
from library.domain.record import Status
from library.services.alphabets import ALPHABETS, LETTERS, OTHER, letter_of
from library.services.browsing import Browsing
from tests.builders import a_record

Recording = Callable[[Engine], AbstractContextManager[list[str]]]


def _filled(
    database: Database,
    titles: Sequence[str],
    status: Status = Status.PUBLISHED,
    languages: tuple[str, ...] = (),
) -> list[int]:
    with database.writing() as tx:
        numbers = list(tx.records.reserve(len(titles)))
        tx.records.add(
            [
                DescribedRecord(
                    record=a_record(number, status=status),
                    description=Description(title=title, material=Material.BOOK, languages=languages),
                )
                for number, title in zip(numbers, titles, strict=True)
            ]
        )
        tx.commit()
    return numbers


class CountedIndex(WhooshIndex):
    """An index that counts the questions it is asked."""

    asked = 0

    def search(self, query: Query) -> Results:
        self.asked += 1
        return super().search(query)


def _titles(browsing: Browsing, alphabet: str, letter: str) -> list[str]:
    """All titles under a letter, taken two at a time."""
    seen: list[str] = []
    after: int | None = None
    while True:
        page = browsing.titles(alphabet, letter, after, 2)
        seen += [record.description.title for record in page.records]
        if page.next is None:
            return seen
        after = page.next


@pytest.fixture
def index(tmp_path: Path) -> CountedIndex:
    people: tuple[str, ...] = (
        "Shodiyev, O.",
        "Salimov, A.",
        "Oʻrinov, B.",
        "Olimov, C.",
        "Ўринов, Б.",
        "Нурбеков, К.",
        "Ңурбек, А.",
    )
    people += ("Ёқубов, Е.", "Ефимов, Ж.", "Қодиров, М.", "3M Company", "كاتب")
    entries = [Entry(key=str(place), title="x", creators=(name,)) for place, name in enumerate(people, start=1)]
    entries += [Entry(key="90", title="x", udc=("37.01", "004.8"), bbk=("В161", "22.14"), creators=("Salimov, A.",))]
    index = CountedIndex(tmp_path / "index")
    index.apply(entries, [])
    return index


@pytest.fixture
def browsing(database: Database, index: CountedIndex) -> Browsing:
    return Browsing(database, index)


def _names(browsing: Browsing, alphabet: str, letter: str) -> list[str]:
    return [found.value for found in browsing.values(Facet.AUTHOR, alphabet, letter, 1, 50).values]


def test_two_letters_that_are_one_stand_apart_in_uzbek(browsing: Browsing) -> None:
    assert _names(browsing, "uz-Latn", "S") == ["Salimov, A."]
    assert _names(browsing, "uz-Latn", "Sh") == ["Shodiyev, O."]
    assert _names(browsing, "uz-Latn", "O") == ["Olimov, C."]
    assert _names(browsing, "uz-Latn", "Oʻ") == ["Oʻrinov, B."]
    assert _names(browsing, "en", "S") == ["Salimov, A.", "Shodiyev, O."]


def test_each_alphabet_has_its_own_letters_and_what_is_foreign_to_it_at_the_end(browsing: Browsing) -> None:
    assert _names(browsing, "ky", "Н") == ["Нурбеков, К."]
    assert _names(browsing, "ky", "Ң") == ["Ңурбек, А."]
    assert _names(browsing, "uz-Cyrl", "Ў") == ["Ўринов, Б."]
    assert _names(browsing, "ru", "Е") == ["Ефимов, Ж.", "Ёқубов, Е."]
    assert set(_names(browsing, "ru", OTHER)) == {"3M Company", "كاتب", "Ўринов, Б.", "Ңурбек, А.", "Қодиров, М."}
    assert set(_names(browsing, "en", OTHER)) == {"3M Company", "كاتب"}


def test_an_unknown_letter_is_the_first_there_is_and_pages_stay_in_bounds(browsing: Browsing) -> None:
    found = browsing.values(Facet.AUTHOR, "en", "Щ", 99, 1)
    assert found.letter == "O"
    assert (found.page, found.pages) == (2, 2)
    counts = {letter.letter: letter.count for letter in found.letters}
    assert (counts["O"], counts["S"], counts["A"]) == (2, 2, 0)


def test_an_empty_facet_has_no_letter(browsing: Browsing) -> None:
    found = browsing.values(Facet.SUBJECT, "uz-Latn", "A", 1, 10)
    assert (found.letter, found.values, found.pages) == ("", (), 1)


def test_the_index_is_asked_again_only_after_it_has_changed(browsing: Browsing, index: CountedIndex) -> None:
    for alphabet in ALPHABETS:
        browsing.values(Facet.AUTHOR, alphabet, "A", 1, 10)
    assert index.asked == 1
    index.apply([Entry(key="77", title="x", creators=("Azimov, D.",))], [])
    assert _names(browsing, "uz-Latn", "A") == ["Azimov, D."]
    assert index.asked == 2


def test_classes_are_counted_in_either_notation(browsing: Browsing) -> None:
    assert browsing.classes(Facet.UDC) == {"3": 1, "37": 1, "0": 1, "004": 1}
    assert browsing.classes(Facet.BBK) == {"22": 1, "22.1": 1}


def test_titles_stand_under_their_letter_however_the_apostrophe_is_typed(
    browsing: Browsing, database: Database
) -> None:
    spelled = [f"O{sign}zbek tili {place}" for place, sign in enumerate(APOSTROPHES)]
    _filled(database, [*spelled, "Özbek tili", "Olam", "«Shahar»", "Salom", "Choyxona", "Cyber", "Ўзбек тили"])
    assert sorted(_titles(browsing, "uz-Latn", "Oʻ")) == sorted([*spelled, "Özbek tili"])
    assert _titles(browsing, "uz-Latn", "O") == ["Olam"]
    assert _titles(browsing, "uz-Latn", "Sh") == ["«Shahar»"]
    assert _titles(browsing, "uz-Latn", "S") == ["Salom"]
    assert _titles(browsing, "uz-Latn", "C") == ["Cyber"]
    assert _titles(browsing, "en", "C") == ["Cyber", "Choyxona"]
    assert _titles(browsing, "uz-Cyrl", "Ў") == ["Ўзбек тили"]


def test_every_title_stands_under_one_letter_of_its_script(browsing: Browsing, database: Database) -> None:
    latin = ["Alifbo", "Chaqmoq", "Gʻazal", "Zamon", "Élan", "Oʻlmas"]
    cyrillic = ["Алифбо", "Ёлка", "Енисей", "Ғазал", "Ңук", "Өлкө"]
    neither = ["1984", "كتاب", "2 × 2"]
    _filled(database, [*latin, *cyrillic, *neither])
    for alphabet in ALPHABETS:
        own = latin if alphabet in ("uz-Latn", "en") else cyrillic
        seen = [title for letter in (*LETTERS[alphabet], OTHER) for title in _titles(browsing, alphabet, letter)]
        assert sorted(seen) == sorted([*own, *neither]), alphabet


@pytest.mark.parametrize(
    ("alphabet", "letter", "language", "ordered"),
    [
        ("uz-Latn", "O", "uzb", ["Odam", "Ot yili", "Otar", "Ovoz", "Oʻt"]),
        ("uz-Latn", "S", "uzb", ["Sabr", "Suv", "«Shahar»"]),
        ("uz-Cyrl", "К", "uzb", ["Камолот", "Китоб", "Кўз", "Қўл"]),
        ("uz-Cyrl", "Т", "uzb", ["Тақвим", "Таҳлил", "Тонг", "Туз", "Тўй"]),
        ("ky", "Т", "kir", ["Тоо", "Төө", "Туз", "Түн", "Тыныш"]),
        ("ky", "Ж", "kir", ["Жан", "Жаңы", "Жаша"]),
        ("ru", "Е", "rus", ["Еда", "Ёж", "Ежевика", "Ёлка", "Ель"]),
        ("en", "C", "eng", ["Cable", "Chemistry", "Cyber"]),
    ],
)
def test_titles_under_a_letter_stand_in_the_order_of_their_alphabet(
    browsing: Browsing, database: Database, alphabet: str, letter: str, language: str, ordered: list[str]
) -> None:
    _filled(database, random.Random(2).sample(ordered, len(ordered)), languages=(language,))
    found = [*_titles(browsing, alphabet, letter)]
    # What begins with another letter of the alphabet stands there.
    others = [title for title in ordered if title not in found]
    assert found == ordered[: len(found)]
    assert others == [title for title in ordered if letter_of(title, alphabet) != letter]


def test_a_letter_spelled_with_two_stands_with_the_first_where_an_alphabet_has_no_such_letter(
    browsing: Browsing, database: Database
) -> None:
    _filled(database, ["Shahar", "Oʻzbek"], languages=("uzb",))
    _filled(database, ["Shakespeare", "Syntax", "Oz"], languages=("eng",))
    assert _titles(browsing, "en", "S") == ["Shakespeare", "Syntax", "Shahar"]
    assert _titles(browsing, "en", "O") == ["Oz", "Oʻzbek"]
    assert _titles(browsing, "uz-Latn", "Sh") == ["Shahar"]
    assert _titles(browsing, "uz-Latn", "S") == ["Shakespeare", "Syntax"]


def test_titles_show_published_records_alone_in_two_queries(
    browsing: Browsing, database: Database, statements: Recording
) -> None:
    _filled(database, ["Alifbo", "Atlas"])
    _filled(database, ["Arxiv"], Status.WITHDRAWN)
    _filled(database, ["Aholi"])
    with statements(database.engine) as sent:
        assert _titles(browsing, "en", "A") == ["Aholi", "Alifbo", "Atlas"]
    assert len(sent) == 4


def test_a_missing_index_is_told_and_titles_are_read_all_the_same(database: Database, tmp_path: Path) -> None:
    browsing = Browsing(database, WhooshIndex(tmp_path / "nothing"))
    _filled(database, ["Alifbo"])
    for facet in (Facet.AUTHOR, Facet.SUBJECT):
        with pytest.raises(SearchUnavailable):
            browsing.values(facet, "en", "A", 1, 10)
    with pytest.raises(SearchUnavailable) as refused:
        browsing.classes(Facet.UDC)
    assert isinstance(refused.value.__cause__, IndexUnavailable)
    assert _titles(browsing, "uz-Latn", "A") == ["Alifbo"]


@pytest.mark.parametrize(
    ("text", "alphabet", "letter"),
    [
        ("«Чўлпон»", "uz-Cyrl", "Ч"),
        ("cho‘l", "uz-Latn", "Ch"),
        ("Isʼhoq", "uz-Latn", "I"),
        ("sʼhoq", "uz-Latn", "S"),
        ("Şarq", "uz-Latn", "Sh"),
        ("Élan", "en", "E"),
        ("Алгебра", "en", None),
        ("Algebra", "ky", None),
        ("", "ru", OTHER),
        ("***", "en", OTHER),
    ],
)
def test_the_letter_of_a_text(text: str, alphabet: str, letter: str | None) -> None:
    assert letter_of(text, alphabet) == letter
