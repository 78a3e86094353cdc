"""Lists of readers: tables in any encoding with any separator, IRBIS bases, and what an import makes of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from library.db.people import PeopleFilter
from library.db.tables import journal, people
from library.db.unit_of_work import Database
from library.domain.access import Actor
from library.domain.errors import InvalidAccount, NotEntitled, UnreadableSource
from library.domain.marc import MarcRecord
from library.domain.people import LibraryCard, Order, Person, ReaderCategory, Role, Standing
from library.domain.readers import Incoming, IncomingReader, RefusedReader
from library.marc.irbis import database as irbis_base
from library.marc.irbis.database import StoredRecord
from library.marc.irbis.readers import Reading
from library.marc.irbis.values import LEADER, field
from library.services import readers_csv, readers_sources
from library.services.readers import Readers
from library.services.readers_import import ReadersImport, ReadersReport
from tests.conftest import Clock

NODIRA = Actor.person(77, "Nodira", frozenset({Role.CATALOGUER}))
HEADED = "Билет;HEMIS ID;ФИО;Категория;Факультет;Группа;Действителен до\n"


def _read(text: str | bytes) -> list[Incoming]:
    return list(readers_csv.read(text if isinstance(text, bytes) else text.encode()))


def _reader(text: str | bytes) -> IncomingReader:
    (found,) = _read(text)
    assert isinstance(found, IncomingReader), found
    return found


KARIMOV = IncomingReader(
    number=2,
    name="Каримов Азиз",
    card=LibraryCard(
        number="К-1042",
        hemis_number="391201",
        category=ReaderCategory.STUDENT,
        faculty="Физика",
        group="Ф-21",
        valid_until=date(2027, 6, 30),
    ),
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1251", "cp866"])
@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
def test_encoding_and_separator_are_found_out(encoding: str, separator: str) -> None:
    text = HEADED + "К-1042;391201;Каримов Азиз;студент;Физика;Ф-21;30.06.2027\n"
    assert _reader(text.replace(";", separator).encode(encoding)) == KARIMOV


def test_columns_may_stand_in_any_order_and_others_are_passed_over() -> None:
    text = "Familiya, ism;Telefon;Kutubxona kartasi raqami;Amal qilish muddati\nKarimov Aziz;+998;K-1;2027-01-31\n"
    found = _reader(text)
    assert (found.name, found.card.number, found.card.valid_until) == ("Karimov Aziz", "K-1", date(2027, 1, 31))
    assert found.card.category is ReaderCategory.EXTERNAL


def test_without_headings_the_columns_stand_in_their_order() -> None:
    assert _reader("К-1042,391201,Каримов Азиз,студент,Физика,Ф-21,2027-06-30") == replace(KARIMOV, number=1)


def test_cells_in_quotation_marks_and_short_lines_are_read() -> None:
    first, second = _read('card;name\nK-1;"Karimov; ""Aziz""\nBobur"\n\nK-2\n')
    assert isinstance(first, IncomingReader)
    assert first.name == 'Karimov; "Aziz" Bobur'
    assert isinstance(second, RefusedReader)
    assert second.number == 5


@pytest.mark.parametrize(
    ("line", "reason"),
    [(";1;Aziz", "no card number"), ("K-1;1;", "or no name"), ("K-1;1;Aziz;talaba;;;31.02.2027", "is no date")],
)
def test_a_line_that_is_no_reader_says_why(line: str, reason: str) -> None:
    (refused,) = _read(HEADED + line)
    assert isinstance(refused, RefusedReader)
    assert reason in str(refused.reason)


@pytest.mark.parametrize("data", [b"", b"\n\n", b"\xff\xfe", HEADED.encode(), b"\0\0\0"])
def test_an_empty_table_has_no_readers(data: bytes) -> None:
    assert _read(data) == []


def test_a_cell_without_end_stops_the_reading() -> None:
    found = _read('card;name\nK-1;"' + "x" * 200_000)
    assert isinstance(found[-1], RefusedReader)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400))
def test_no_bytes_break_the_reading(data: bytes) -> None:
    for incoming in readers_csv.read(data):
        assert incoming.number > 0


# IRBIS


def _marc(*fields: tuple[int, str]) -> MarcRecord:
    return MarcRecord(LEADER, tuple(field(tag, text) for tag, text in fields))


STUDENT = _marc(
    (10, "Каримов"),
    (11, "Азиз"),
    (12, "Ботирович"),
    (13, "^DУлица тайная^E13"),
    (17, "+998901112233"),
    (21, "20011231"),
    (30, "К-1042"),
    (40, "^GIBIS^A22.1^D20260101^CСекретная книга"),
    (50, "студент"),
    (51, "20240901^CАБ"),
    (52, "20250910^CАБ"),
    (90, "^A2024^BФизика^CФ-21"),
    (130, "hunter2hunter2"),
    (950, "JPEG"),
)


@pytest.fixture
def base(tmp_path: Path) -> Path:
    path = tmp_path / "RDR.MST"
    stored = [
        StoredRecord(mfn=1, marc=STUDENT),
        StoredRecord(mfn=2, marc=_marc((10, "Собиров"), (30, "К-2")), deleted=True),
        StoredRecord(mfn=3, marc=_marc((10, "Без билета"))),
        StoredRecord(mfn=5, marc=_marc((10, "Умаров"), (30, "К-5"), (50, "7"))),
    ]
    irbis_base.write(path, stored)
    return path


def test_a_base_of_readers_gives_what_it_should_and_nothing_else(base: Path) -> None:
    first, refused, last = readers_sources.read(base, Reading(faculty="b", group="C"))
    assert first == replace(
        KARIMOV,
        number=1,
        name="Каримов Азиз Ботирович",
        card=replace(KARIMOV.card, hemis_number="", valid_until=date(2026, 9, 10)),
    )
    assert isinstance(refused, RefusedReader)
    assert refused.number == 3
    assert isinstance(last, IncomingReader)
    assert last.card == LibraryCard(number="К-5", category=ReaderCategory.EXTERNAL)
    assert len(last.doubts) == 2
    for secret in ("hunter2", "тайная", "2001", "Секретная", "+998"):
        assert secret not in repr((first, refused, last))


def test_a_date_for_all_cards_wins_and_a_leap_day_is_no_trap(base: Path, tmp_path: Path) -> None:
    first, *_ = readers_sources.read(base, Reading(valid_until=date(2027, 6, 30)))
    assert isinstance(first, IncomingReader)
    assert first.card.valid_until == date(2027, 6, 30)
    assert (first.card.faculty, first.card.group) == ("", "")
    path = tmp_path / "LEAP.MST"
    irbis_base.write(path, [StoredRecord(mfn=1, marc=_marc((10, "А"), (30, "1"), (51, "20240229")))])
    (leap,) = readers_sources.read(path, Reading())
    assert isinstance(leap, IncomingReader)
    assert leap.card.valid_until == date(2025, 2, 28)


def test_a_text_export_of_irbis_is_read_too(tmp_path: Path) -> None:
    path = tmp_path / "rdr.txt"
    path.write_text("#10: Каримов\n#11: Азиз\n#30: К-1042\n#50: студент\n#130: hunter2\n*****\n", encoding="utf-8")
    (found,) = readers_sources.read(path, Reading())
    assert isinstance(found, IncomingReader)
    assert found.name == "Каримов Азиз"


@pytest.mark.parametrize("name", ["nothing.csv", "nothing.mst", "."])
def test_what_is_not_there_is_said_plainly(tmp_path: Path, name: str) -> None:
    with pytest.raises(UnreadableSource):
        list(readers_sources.read(tmp_path / name, Reading()))


# Import


@pytest.fixture
def importing(database: Database, clock: Clock) -> ReadersImport:
    return ReadersImport(database, clock)


def _run(importing: ReadersImport, text: str, *, dry_run: bool = False) -> ReadersReport:
    return importing.run(readers_csv.read(text.encode()), dry_run=dry_run, actor=NODIRA)


def _counts(report: ReadersReport) -> tuple[int, int, int, int]:
    return report.new, report.changed, report.unchanged, report.refused


def _rows(database: Database) -> dict[str, str]:
    with database.engine.connect() as connection:
        rows = connection.execute(select(people.c.login, people.c.name)).all()
    return {row.login: row.name for row in rows}


LIST = "K-1,101,Aziz,talaba,Fizika,F-1,2027-06-30\nK-2,102,Botir,xodim,,,\nK-3,,Chori,talaba,Fizika,F-1,\n"


def test_an_import_adds_changes_and_leaves_alone(importing: ReadersImport, database: Database) -> None:
    assert _counts(_run(importing, LIST, dry_run=True)) == (3, 0, 0, 0)
    assert _rows(database) == {}
    assert _counts(_run(importing, LIST)) == (3, 0, 0, 0)
    assert _counts(_run(importing, LIST)) == (0, 0, 3, 0)
    changed = LIST.replace("Aziz", "Aziza").replace("F-1,2027-06-30", "F-2,2028-06-30")
    assert _counts(_run(importing, changed, dry_run=True)) == (0, 1, 2, 0)
    assert _counts(_run(importing, changed)) == (0, 1, 2, 0)
    assert _rows(database) == {"K-1": "Aziza", "K-2": "Botir", "K-3": "Chori"}
    with database.reading() as view:
        found = view.people.by_login("k-1")
    assert found is not None
    assert found.card == LibraryCard(
        number="K-1",
        hemis_number="101",
        category=ReaderCategory.STUDENT,
        faculty="Fizika",
        group="F-2",
        valid_until=date(2028, 6, 30),
    )
    with database.engine.connect() as connection:
        deeds = list(connection.execute(select(journal.c.deed)).scalars())
    assert deeds == ["readers-imported"] * 3


def test_what_a_list_does_not_have_is_not_taken_away(importing: ReadersImport, database: Database) -> None:
    _run(importing, LIST)
    assert _counts(_run(importing, "card,name,category\nK-1,Aziz,talaba\n")) == (0, 1, 0, 0)
    with database.reading() as view:
        found = view.people.by_login("K-1")
    assert found is not None
    assert found.card is not None
    assert (found.card.hemis_number, found.card.faculty, found.card.valid_until) == ("101", "Fizika", None)


def test_a_new_card_of_a_known_hemis_number_is_the_same_reader(importing: ReadersImport, database: Database) -> None:
    _run(importing, LIST)
    report = _run(importing, "K-100,101,Aziz,talaba,Fizika,F-1,2027-06-30\n")
    assert _counts(report) == (0, 1, 0, 0)
    assert _rows(database) == {"K-100": "Aziz", "K-2": "Botir", "K-3": "Chori"}


def test_numbers_of_different_people_in_one_line_are_refused(importing: ReadersImport, database: Database) -> None:
    _run(importing, LIST)
    report = _run(importing, "K-1,102,Aziz\nK-3,103,Chori\nK-1,,Aziz again\n")
    assert [remark.number for remark in report.refusals] == [1, 3]
    assert "different accounts" in str(report.refusals[0].text)
    assert _rows(database) == {"K-1": "Aziz", "K-2": "Botir", "K-3": "Chori"}


def test_a_card_that_went_on_to_somebody_else_in_the_same_list_is_looked_at_by_a_person(
    importing: ReadersImport, database: Database
) -> None:
    _run(importing, LIST)
    report = _run(importing, "K-100,101,Aziz\nK-1,555,Somebody new\n")
    assert _counts(report) == (0, 1, 0, 1)
    assert _rows(database)["K-100"] == "Aziz"


def test_a_number_that_stands_twice_counts_once(importing: ReadersImport) -> None:
    report = _run(importing, "K-1,101,Aziz\nk-1,,Other\nK-7,101,Other\nK-2,102,Botir\n")
    assert _counts(report) == (2, 0, 0, 2)
    assert [str(remark.text) for remark in report.refusals] == [
        "The card or HEMIS number stands in line 1 already."
    ] * 2


def test_another_hemis_number_of_a_card_is_taken_and_told(importing: ReadersImport) -> None:
    _run(importing, LIST)
    report = _run(importing, "K-1,999,Aziz,talaba,Fizika,F-1,2027-06-30\n")
    assert _counts(report) == (0, 1, 0, 0)
    assert "HEMIS number 101" in str(report.doubts[0].text)


def test_accounts_of_staff_get_the_card_alone_and_closed_ones_stay_closed(
    importing: ReadersImport, database: Database, clock: Clock
) -> None:
    at = clock()
    nodira = Person(
        id=0,
        login="nodira",
        name="Karimova Nodira",
        roles=frozenset({Role.CATALOGUER, Role.READER}),
        order=Order(number="1", date=date(2026, 9, 1)),
        card=LibraryCard(number="K-1", category=ReaderCategory.EMPLOYEE),
        created_at=at,
        changed_at=at,
    )
    plain = replace(nodira, login="k-2", card=None, roles=frozenset({Role.CATALOGUER}))
    card = LibraryCard(number="K-3", category=ReaderCategory.STUDENT)
    closed = replace(nodira, login="K-3", roles=frozenset({Role.READER}), card=card, standing=Standing.CLOSED)
    with database.writing() as tx:
        numbers = [tx.people.add(person).id for person in (nodira, plain, closed)]
        tx.commit()
    report = _run(importing, LIST)
    assert _counts(report) == (0, 2, 0, 1)
    assert "staff" in str(report.refusals[0].text)
    with database.reading() as view:
        first, second, third = map(view.people.get, numbers)
    assert (first.name, first.login, first.roles) == (nodira.name, "nodira", nodira.roles)
    assert first.card is not None
    assert first.card.faculty == "Fizika"
    assert second == replace(plain, id=numbers[1])
    assert (third.standing, third.name) == (Standing.CLOSED, "Chori")


@pytest.mark.parametrize("line", ["two words,1,Aziz", "x" * 65 + ",1,Aziz", "K-1,1 2,Aziz", "K-1,1," + "x" * 201])
def test_what_no_account_is_like_is_refused_with_its_line(importing: ReadersImport, line: str) -> None:
    report = _run(importing, f"{line}\nK-7,7,Aziz\n")
    assert _counts(report) == (1, 0, 0, 1)
    assert report.refusals[0].number == 1


def test_only_those_who_keep_readers_import_them(importing: ReadersImport) -> None:
    for role in frozenset(Role) - {Role.CATALOGUER, Role.HEAD}:
        with pytest.raises(NotEntitled):
            importing.run([], dry_run=True, actor=Actor.person(1, "Somebody", frozenset({role})))


# One by one


def test_a_reader_is_added_and_changed_and_gets_a_code(database: Database, clock: Clock) -> None:
    readers = Readers(database, clock)
    card = LibraryCard(number="K-1", category=ReaderCategory.STUDENT)
    person = readers.add("Aziz", card, deposits=True, actor=NODIRA)
    assert (person.login, person.roles) == ("K-1", frozenset({Role.READER, Role.DEPOSITOR}))
    readers.change(person.id, "Aziz K", replace(card, number="K-2"), deposits=False, expected=1, actor=NODIRA)
    with database.reading() as view:
        changed = view.people.get(person.id)
    assert (changed.login, changed.name, changed.roles) == ("K-2", "Aziz K", frozenset({Role.READER}))
    (activation,) = readers.activation_codes(PeopleFilter(), actor=NODIRA)
    assert activation.person.id == person.id
    assert len(activation.code) == 19
    with pytest.raises(InvalidAccount):
        readers.activation_codes(PeopleFilter(group="no such group"), actor=NODIRA)
    with database.engine.connect() as connection:
        rows = repr(connection.execute(select(journal)).all())
    assert activation.code not in rows


def test_staff_are_not_changed_as_readers(database: Database, clock: Clock) -> None:
    at = clock()
    card = LibraryCard(number="K-1", category=ReaderCategory.EMPLOYEE)
    roles = frozenset({Role.ADMINISTRATOR, Role.READER})
    with database.writing() as tx:
        boss = tx.people.add(
            Person(id=0, login="boss", name="Boss", roles=roles, card=card, created_at=at, changed_at=at)
        )
        tx.commit()
    with pytest.raises(NotEntitled):
        Readers(database, clock).change(boss.id, "Other", card, deposits=False, expected=1, actor=NODIRA)
