"""Duplicates are found while a record is typed: by ISBN in either form, by title and author in any alphabet."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from library.db.duplicate_keys import WorkKeys, isbn_keys, year_of
from library.db.unit_of_work import Database
from library.domain.access import GUEST
from library.domain.errors import NotEntitled
from library.domain.marc import Dialect, MarcRecord
from library.services.cataloguing import Cataloguing, Stamp
from library.services.duplicates import MOST_SHOWN, Duplicates, Sameness, Sought
from tests.builders import a_field, a_marc21_record, a_unimarc_record
from tests.conftest import Clock
from tests.staff import AZIZA, NODIRA


@pytest.fixture
def cataloguing(database: Database, clock: Clock) -> Cataloguing:
    return Cataloguing(database, clock)


@pytest.fixture
def duplicates(database: Database) -> Duplicates:
    return Duplicates(database)


def _typed(isbn: str = "", title: str = "", author: str = "", year: str = "", besides: int = 0) -> Sought:
    return Sought.typed([isbn], title, author, year, besides)


def _book(title: str, author: str, year: str, isbn: str = "") -> MarcRecord:
    plain = a_marc21_record(title=title, author=author)
    fields = [field for field in plain.fields if field.tag not in ("008", "020", "264")]
    more = [a_field("020", a=isbn)] if isbn else []
    return plain.with_fields([*fields, *more, a_field("264", " 1", a="Toshkent", b="Fan", c=year)])


def _found(duplicates: Duplicates, sought: Sought) -> list[tuple[int, Sameness]]:
    return [(one.record.id, one.sameness) for one in duplicates.find(sought, actor=NODIRA)]


@pytest.mark.parametrize("isbn", ["978-9943-22-551-0", "9943-22-551-8", "9789943225510 (qattiq muqova)", "9943225518"])
def test_a_draft_that_was_saved_a_moment_ago_is_found_by_its_isbn_in_either_form(
    cataloguing: Cataloguing, duplicates: Duplicates, isbn: str
) -> None:
    number = cataloguing.create(Dialect.MARC21, a_marc21_record(), actor=NODIRA)
    assert _found(duplicates, _typed(isbn=isbn)) == [(number, Sameness.ISBN)]
    assert _found(duplicates, _typed(isbn="9789943225527")) == []


@pytest.mark.parametrize(
    ("title", "author"),
    [
        ("Oʻzbek tilining izohli lugʻati", "Yoʻldoshev, S."),
        ("O'zbek tilining izohli lug'ati", "S. Yo'ldoshev"),
        ("Ўзбек тилининг изоҳли луғати", "Йўлдошев, С."),
        ("«ЎЗБЕК ТИЛИНИНГ ИЗОҲЛИ ЛУҒАТИ»", "Йўлдошев"),
    ],
)
def test_a_work_is_found_in_the_other_alphabet(
    cataloguing: Cataloguing, duplicates: Duplicates, title: str, author: str
) -> None:
    latin = _book("Oʻzbek tilining izohli lugʻati", "Yoʻldoshev, S.", "2019")
    number = cataloguing.create(Dialect.MARC21, latin, actor=NODIRA)
    assert _found(duplicates, _typed(title=title, author=author, year="2019")) == [(number, Sameness.WORK)]
    assert _found(duplicates, _typed(title=title, author=author, year="[2021]")) == [(number, Sameness.EDITION)]
    assert _found(duplicates, _typed(title=title)) == [(number, Sameness.TITLE)]
    assert _found(duplicates, _typed(title=title, author="Karimov, A.")) == []


def test_the_letter_yo_makes_no_difference(cataloguing: Cataloguing, duplicates: Duplicates) -> None:
    number = cataloguing.create(Dialect.UNIMARC, a_unimarc_record(title="Ёлки и пчёлы"), actor=NODIRA)
    assert [number for number, _ in _found(duplicates, _typed(title="Елки и пчелы"))] == [number]


def test_the_record_itself_is_no_duplicate_and_what_it_says_no_more_is_forgotten(
    cataloguing: Cataloguing, duplicates: Duplicates
) -> None:
    number = cataloguing.create(Dialect.MARC21, _book("Algebra", "Asanov, A.", "2001"), actor=NODIRA)
    assert _found(duplicates, _typed(title="Algebra", besides=number)) == []
    cataloguing.save(number, _book("Geometriya", "Asanov, A.", "2001"), expected=Stamp(1, 1), actor=NODIRA)
    assert _found(duplicates, _typed(title="Algebra")) == []
    assert _found(duplicates, _typed(title="Геометрия")) == [(number, Sameness.TITLE)]


def test_the_likeliest_come_first_and_a_common_title_does_not_fill_the_page(
    cataloguing: Cataloguing, duplicates: Duplicates
) -> None:
    for year in range(1990, 2002):
        cataloguing.create(Dialect.MARC21, _book("Fizika", "Asanov, A.", str(year)), actor=NODIRA)
    with_isbn = cataloguing.create(
        Dialect.MARC21, _book("Optika", "Karimov, B.", "1980", "9789943225510"), actor=NODIRA
    )
    found = _found(duplicates, _typed(isbn="9789943225510", title="Физика", author="Асанов А.", year="1995"))
    assert len(found) == MOST_SHOWN
    assert found[0] == (with_isbn, Sameness.ISBN)
    assert [sameness for _, sameness in found[1:]] == [Sameness.WORK] + [Sameness.EDITION] * (MOST_SHOWN - 2)


def test_only_cataloguers_may_ask(duplicates: Duplicates) -> None:
    for actor in (GUEST, AZIZA):
        with pytest.raises(NotEntitled):
            duplicates.find(_typed(title="Algebra"), actor=actor)


@pytest.mark.parametrize(
    "odd", ["", "'; DROP TABLE records; --", "\x00", "%", '"><x-m id=1>', "|" * 50, "ж" * 20_000, "𝒜"]
)
def test_odd_words_find_nothing_and_break_nothing(duplicates: Duplicates, odd: str) -> None:
    assert _found(duplicates, _typed(isbn=odd, title=odd, author=odd, year=odd)) == []


@given(title=st.text(max_size=60), author=st.text(max_size=30), year=st.none() | st.integers(0, 9999))
@settings(max_examples=200, deadline=None)
def test_every_key_lies_in_the_spans_it_is_looked_for_in(title: str, author: str, year: int | None) -> None:
    works = WorkKeys()
    key, span, whole = works.key(title, author, year), works.span(title, author), works.span_of_title(title)
    if key is None:
        assert span is None
        assert whole is None
        return
    assert span is not None
    assert whole is not None
    assert whole[0] <= span[0] <= key <= span[1] <= whole[1]
    assert whole[0] >= 0
    assert whole[1] < 2**63
    assert year_of(key) == (year or None)


def test_an_isbn_that_is_none_has_no_key() -> None:
    assert list(isbn_keys(["", "97899432255X0", "x", "٣" * 13, "9789943225510", "9943225518"])) == [978994322551]
