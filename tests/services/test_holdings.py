"""The accession book: what came, what went, and that nothing comes or goes twice."""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from library.db.unit_of_work import Database
from library.domain.description import CopyStatus
from library.domain.errors import InvalidAct, NotEntitled, NotFound
from library.domain.holdings import Act, ActKind, ActLine, Amount, Source, numbers_between
from library.domain.marc import Dialect
from library.services.catalogue import Catalogue
from library.services.cataloguing import Cataloguing
from library.services.holdings import Holdings
from tests.builders import a_field, a_marc21_record, a_unimarc_record, an_irbis_record
from tests.conftest import Clock
from tests.staff import AZIZA, BOTIR, NODIRA, published, withdrawn

JANUARY, MARCH, JUNE = date(2026, 1, 15), date(2026, 3, 1), date(2026, 6, 30)


@pytest.fixture
def holdings(database: Database, clock: Clock) -> Holdings:
    return Holdings(database, clock)


@pytest.fixture
def cataloguing(database: Database, clock: Clock) -> Cataloguing:
    return Cataloguing(database, clock)


def _received(*lines: ActLine, number: str = "1", on: date = JANUARY, source: Source = Source.PURCHASE) -> Act:
    return Act(kind=ActKind.RECEIPT, number=number, date=on, source=source, partner="“Kitob olami” MChJ", lines=lines)


def _written_off(*lines: ActLine, number: str = "1", on: date = MARCH) -> Act:
    return Act(kind=ActKind.WRITE_OFF, number=number, date=on, reason="yirtilgan", lines=lines)


def _line(record: int, number: str, price: str = "25000.50") -> ActLine:
    return ActLine(record_id=record, inventory_number=number, price=Decimal(price), place="Abonement")


@pytest.mark.parametrize(
    ("dialect", "marc", "tag"),
    [
        (Dialect.MARC21, a_marc21_record(), "952"),
        (Dialect.UNIMARC, a_unimarc_record(), "899"),
        (Dialect.IRBIS, an_irbis_record(), "910"),
    ],
)
def test_a_copy_that_comes_stands_in_its_record_and_in_the_book(
    holdings: Holdings, cataloguing: Cataloguing, database: Database, dialect: Dialect, marc: object, tag: str
) -> None:
    number = published(cataloguing, dialect, marc)  # type: ignore[arg-type]
    before = Catalogue(database).record(number)
    act = holdings.enter(_received(_line(number, "7001"), _line(number, "7002")), actor=NODIRA)
    after = Catalogue(database).record(number)
    assert [copy.inventory_number for copy in after.description.copies][-2:] == ["7001", "7002"]
    assert after.description.copies[-1].place == "Abonement"
    assert len(after.record.marc.all(tag)) == len(before.record.marc.all(tag)) + 2
    assert after.record.approved_by == AZIZA.key

    entered = holdings.act(act, actor=AZIZA)
    assert entered.amount == Amount(copies=2, cost=Decimal("50001.00"))
    assert [line.inventory_number for line in entered.act.lines] == ["7001", "7002"]


def test_a_copy_goes_by_the_head_alone_and_once(
    holdings: Holdings, cataloguing: Cataloguing, database: Database
) -> None:
    number = published(cataloguing, Dialect.IRBIS, an_irbis_record())
    holdings.enter(_received(_line(number, "7001")), actor=NODIRA)
    with pytest.raises(NotEntitled):
        holdings.enter(_written_off(_line(number, "7001")), actor=NODIRA)
    holdings.enter(_written_off(_line(number, "7001", "0")), actor=BOTIR)
    copies = {copy.inventory_number: copy.status for copy in Catalogue(database).record(number).description.copies}
    assert copies["7001"] is CopyStatus.WRITTEN_OFF
    with pytest.raises(InvalidAct, match="written off before"):
        holdings.enter(_written_off(_line(number, "7001"), number="2"), actor=BOTIR)
    (line,) = holdings.book((0, 0), 10, actor=AZIZA).lines
    assert (line.inventory_number, line.price, line.written_off) == ("7001", Decimal("25000.50"), ("1", MARCH))


def test_no_inventory_number_comes_twice(holdings: Holdings, cataloguing: Cataloguing, database: Database) -> None:
    first = published(cataloguing, Dialect.MARC21, a_marc21_record("a"))
    second = published(cataloguing, Dialect.IRBIS, an_irbis_record(inventory="К-1042"))
    holdings.enter(_received(_line(first, "7001")), actor=NODIRA)
    version = Catalogue(database).record(first).record.version
    for act in (
        _received(_line(first, "7002"), _line(first, "7002"), number="2"),
        _received(_line(first, "7002"), _line(second, "7001"), number="3"),
        _received(_line(first, "К-1042"), number="4"),
        _received(_line(first, "7002"), number="1"),
        _received(_line(99, "7002"), number="5"),
    ):
        with pytest.raises(InvalidAct):
            holdings.enter(act, actor=NODIRA)
    assert Catalogue(database).record(first).record.version == version
    assert len(holdings.latest(10, actor=NODIRA)) == 1


def test_a_copy_that_the_record_names_already_is_only_taken_into_the_book(
    holdings: Holdings, cataloguing: Cataloguing, database: Database
) -> None:
    number = published(cataloguing, Dialect.IRBIS, an_irbis_record(inventory="К-1042"))
    before = Catalogue(database).record(number).record
    holdings.enter(_received(_line(number, "К-1042")), actor=NODIRA)
    assert Catalogue(database).record(number).record == before


def test_copies_without_numbers_are_counted_in_irbis_only(
    holdings: Holdings, cataloguing: Cataloguing, database: Database
) -> None:
    number = published(cataloguing, Dialect.IRBIS, an_irbis_record())
    other = published(cataloguing, Dialect.MARC21, a_marc21_record())
    ten = ActLine(record_id=number, quantity=10, price=Decimal(9000))
    holdings.enter(_received(ten), actor=NODIRA)
    with pytest.raises(InvalidAct):
        holdings.enter(_received(ActLine(record_id=other, quantity=3), number="2"), actor=NODIRA)
    with pytest.raises(InvalidAct, match="so many"):
        holdings.enter(_written_off(ActLine(record_id=number, quantity=11)), actor=BOTIR)
    holdings.enter(_written_off(ActLine(record_id=number, quantity=4)), actor=BOTIR)
    assert sum(copy.count for copy in Catalogue(database).record(number).description.copies) == 1 + 6


def test_a_library_takes_over_the_copies_it_comes_with_once(holdings: Holdings, cataloguing: Cataloguing) -> None:
    published(cataloguing, Dialect.IRBIS, an_irbis_record("a", inventory="К-1"))
    doubled = an_irbis_record("b", inventory="К-2")
    published(cataloguing, Dialect.IRBIS, doubled.with_fields((*doubled.fields, a_field("910", a="U", **{"1": "5"}))))
    published(cataloguing, Dialect.IRBIS, an_irbis_record("c", inventory="К-1"))
    withdrawn(cataloguing, published(cataloguing, Dialect.IRBIS, an_irbis_record("d", inventory="К-4")), "lost")
    with pytest.raises(NotEntitled):
        holdings.take_over(JANUARY, actor=NODIRA)
    assert holdings.take_over(JANUARY, actor=BOTIR) == 7
    assert holdings.take_over(JANUARY, actor=BOTIR) == 0
    assert holdings.balance(JANUARY, JUNE, actor=AZIZA).opening.copies == 7


def test_the_balance_is_what_was_what_came_and_what_went(holdings: Holdings, cataloguing: Cataloguing) -> None:
    number = published(cataloguing, Dialect.MARC21, a_marc21_record())
    holdings.enter(_received(_line(number, "1", "100"), _line(number, "2", "100"), on=JANUARY), actor=NODIRA)
    holdings.enter(_received(_line(number, "3", "50.25"), number="2", on=MARCH, source=Source.GIFT), actor=NODIRA)
    holdings.enter(_written_off(_line(number, "1"), on=JUNE), actor=BOTIR)
    spring = holdings.balance(MARCH, JUNE, actor=AZIZA)
    assert spring.opening == Amount(copies=2, cost=Decimal(200))
    assert spring.received[Source.GIFT] == Amount(copies=1, cost=Decimal("50.25"))
    assert spring.received_in_all == spring.received[Source.GIFT]
    assert spring.written_off == Amount(copies=1, cost=Decimal(100))
    assert spring.closing == Amount(copies=2, cost=Decimal("150.25"))
    with pytest.raises(InvalidAct):
        holdings.balance(JUNE, MARCH, actor=AZIZA)


@pytest.mark.parametrize(
    "act",
    [
        _received(),
        _received(_line(1, "1"), number=" "),
        _received(_line(1, "x" * 65)),
        _received(_line(1, " 7")),
        _received(_line(1, "7\n8")),
        _received(_line(1, "7", "-1")),
        _received(_line(1, "7", "0.001")),
        _received(ActLine(record_id=1, quantity=0)),
        _received(ActLine(record_id=1, quantity=2, inventory_number="7")),
        Act(kind=ActKind.RECEIPT, number="1", date=JANUARY, lines=(_line(1, "7"),)),
        Act(kind=ActKind.WRITE_OFF, number="1", date=JANUARY, reason=" ", lines=(_line(1, "7"),)),
    ],
)
def test_an_act_that_can_not_be_is_refused(holdings: Holdings, act: Act) -> None:
    with pytest.raises(InvalidAct):
        holdings.enter(act, actor=BOTIR)
    with pytest.raises(NotFound):
        holdings.act(1, actor=BOTIR)


def test_ranges_of_numbers_are_written_as_people_do() -> None:
    assert numbers_between("0998-1001, К-7;  15\n") == ("0998", "0999", "1000", "1001", "К-7", "15")
    assert numbers_between("A12-A14") == ("A12", "A13", "A14")
    assert numbers_between("A12-14") == ("A12", "A13", "A14")
    assert numbers_between("") == ()
    for text in ("10-1", "1-99999"):
        with pytest.raises(InvalidAct):
            numbers_between(text)


@given(st.text(max_size=40))
@settings(max_examples=200, deadline=None)
def test_whatever_is_typed_is_numbers_or_told(text: str) -> None:
    try:
        found = numbers_between(text)
    except InvalidAct:
        return
    assert all(number and number == number.strip() for number in found)


def test_the_book_agrees_with_counting_by_hand_over_any_period(holdings: Holdings, cataloguing: Cataloguing) -> None:
    chance = random.Random(1917)
    record = published(cataloguing, Dialect.MARC21, a_marc21_record())
    came: dict[str, tuple[date, Decimal]] = {}
    went: dict[str, date] = {}
    for number in range(40):
        day = date(2026, 1, 1) + timedelta(days=chance.randrange(365))
        if came.keys() - went.keys() and chance.random() < 0.4:
            copy = chance.choice(sorted(came.keys() - went.keys()))
            went[copy] = day
            holdings.enter(_written_off(_line(record, copy), number=str(number), on=day), actor=BOTIR)
        else:
            came[str(number)] = (day, Decimal(chance.randrange(1_000_000)) / 100)
            line = _line(record, str(number), str(came[str(number)][1]))
            holdings.enter(
                _received(line, number=str(number), on=day, source=chance.choice(list(Source))), actor=NODIRA
            )
    for _ in range(20):
        first, last = sorted(date(2026, 1, 1) + timedelta(days=chance.randrange(365)) for _ in range(2))
        balance = holdings.balance(first, last, actor=AZIZA)
        here = [copy for copy in came if came[copy][0] <= last]
        gone = [copy for copy in went if went[copy] <= last]
        assert balance.closing.copies == len(here) - len(gone)
        assert balance.closing.cost == sum(came[copy][1] for copy in here) - sum(came[copy][1] for copy in gone)
        assert balance.received_in_all.copies == sum(first <= day <= last for day, _ in came.values())
        assert balance.written_off.copies == sum(first <= day <= last for day in went.values())
