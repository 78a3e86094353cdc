"""The life of a record: drafted, published, revised by two people at once, withdrawn, shown again."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from sqlalchemy import Engine

from library.db.unit_of_work import Database
from library.domain.errors import InvalidRecord, RecordNotFound, StaleVersion
from library.domain.marc import Dialect
from library.domain.record import Status
from library.services.catalogue import Catalogue
from library.services.cataloguing import Cataloguing
from tests.builders import a_marc21_record, a_unimarc_record, an_irbis_record
from tests.conftest import Clock

Recording = Callable[[Engine], AbstractContextManager[list[str]]]


@pytest.fixture
def cataloguing(database: Database, clock: Clock) -> Cataloguing:
    return Cataloguing(database, clock)


@pytest.fixture
def catalogue(database: Database) -> Catalogue:
    return Catalogue(database)


def _waiting(database: Database) -> list[int]:
    with database.reading() as view:
        return [task.record_id for task in view.outbox.first(100)]


@pytest.mark.parametrize(
    ("dialect", "marc", "title"),
    [
        (Dialect.MARC21, a_marc21_record(), "Oliy matematika"),
        (Dialect.UNIMARC, a_unimarc_record(), "Общая химия"),
        (Dialect.IRBIS, an_irbis_record(), "Алгебра жана анализ"),
    ],
)
def test_a_record_of_each_dialect_is_kept_whole_and_described(
    cataloguing: Cataloguing, catalogue: Catalogue, dialect: Dialect, marc: object, title: str
) -> None:
    number = cataloguing.create(dialect, marc, by="nodira")  # type: ignore[arg-type]
    view = catalogue.record(number)
    assert view.record.marc == marc
    assert view.record.dialect is dialect
    assert (view.record.status, view.record.version, view.record.changed_by) == (Status.DRAFT, 1, "nodira")
    assert view.description.title == title
    assert view.origins == ()


def test_the_whole_life_of_a_record_stays_to_be_read(
    cataloguing: Cataloguing, catalogue: Catalogue, database: Database
) -> None:
    number = cataloguing.create(Dialect.MARC21, a_marc21_record(title="Algebra"), by="nodira")
    assert cataloguing.publish(number, expected=1, by="aziza") == 2
    assert cataloguing.revise(number, a_marc21_record(title="Algebra 1"), expected=2, by="nodira") == 3
    assert cataloguing.withdraw(number, "twice in the catalogue", expected=3, by="aziza") == 4
    assert cataloguing.publish(number, expected=4, by="botir") == 5

    states = catalogue.versions(number)
    assert [state.version for state in states] == [1, 2, 3, 4, 5]
    assert [state.status for state in states] == ["draft", "published", "published", "withdrawn", "published"]
    assert [state.marc.first("245", "a") for state in states] == ["Algebra", "Algebra", *["Algebra 1"] * 3]
    assert [state.withdrawal_reason for state in states] == ["", "", "", "twice in the catalogue", ""]
    assert [state.changed_by for state in states] == ["nodira", "aziza", "nodira", "aziza", "botir"]
    times = [state.changed_at for state in states]
    assert times == sorted(set(times))
    assert {state.created_at for state in states} == {times[0]}
    assert _waiting(database) == [number] * 5


def test_the_second_of_two_librarians_is_told_and_overwrites_nothing(
    cataloguing: Cataloguing, catalogue: Catalogue, database: Database
) -> None:
    number = cataloguing.create(Dialect.MARC21, a_marc21_record(), by="nodira")
    cataloguing.revise(number, a_marc21_record(title="Birinchi"), expected=1, by="nodira")
    with pytest.raises(StaleVersion, match="you have version 1, the newest is 2"):
        cataloguing.revise(number, a_marc21_record(title="Ikkinchi"), expected=1, by="aziza")
    with pytest.raises(StaleVersion):
        cataloguing.withdraw(number, "by mistake", expected=1, by="aziza")
    with pytest.raises(StaleVersion):
        cataloguing.publish(number, expected=7, by="aziza")
    assert catalogue.record(number).description.title == "Birinchi"
    assert len(catalogue.versions(number)) == 2
    assert _waiting(database) == [number] * 2


def test_a_record_without_a_title_is_not_saved(
    cataloguing: Cataloguing, catalogue: Catalogue, database: Database
) -> None:
    untitled = a_marc21_record().with_fields(field for field in a_marc21_record().fields if field.tag != "245")
    with pytest.raises(InvalidRecord) as refused:
        cataloguing.create(Dialect.MARC21, untitled, by="nodira")
    assert refused.value.problems
    number = cataloguing.create(Dialect.MARC21, a_marc21_record(), by="nodira")
    with pytest.raises(InvalidRecord):
        cataloguing.revise(number, untitled, expected=1, by="nodira")
    assert catalogue.record(number).record.version == 1
    assert _waiting(database) == [number]


def test_what_is_not_there_can_be_neither_read_nor_changed(cataloguing: Cataloguing, catalogue: Catalogue) -> None:
    for attempt in (
        lambda: catalogue.record(1),
        lambda: catalogue.versions(1),
        lambda: cataloguing.publish(1, expected=1, by="nodira"),
        lambda: catalogue.resolve_mfn("IBIS", 1),
    ):
        with pytest.raises(RecordNotFound):
            attempt()


def test_a_record_page_needs_two_queries_however_long_its_history(
    cataloguing: Cataloguing, catalogue: Catalogue, database: Database, statements: Recording
) -> None:
    number = cataloguing.create(Dialect.IRBIS, an_irbis_record(), by="nodira")
    for version in range(1, 6):
        cataloguing.revise(number, an_irbis_record(title=f"Алгебра {version}"), expected=version, by="nodira")
    with statements(database.engine) as sent:
        catalogue.record(number)
    assert len(sent) == 2
    with statements(database.engine) as sent:
        assert len(catalogue.versions(number)) == 6
    assert len(sent) == 2


def test_the_catalogue_is_browsed_and_counted_without_an_index(
    cataloguing: Cataloguing, catalogue: Catalogue, database: Database, statements: Recording
) -> None:
    assert catalogue.totals().changed_at is None
    for title in ("Fizika", "Algebra", "Kimyo", "Tarix"):
        number = cataloguing.create(Dialect.MARC21, a_marc21_record(title=title), by="nodira")
        cataloguing.publish(number, expected=1, by="nodira")
    cataloguing.withdraw(4, "lost", expected=2, by="nodira")
    cataloguing.create(Dialect.MARC21, a_marc21_record(title="Arxeologiya"), by="nodira")

    with statements(database.engine) as sent:
        first = catalogue.browse(limit=2)
    assert len(sent) == 1
    assert [record.description.title for record in first.records] == ["Algebra", "Fizika"]
    second = catalogue.browse(first.next, limit=2)
    assert [record.description.title for record in second.records] == ["Kimyo"]
    assert second.next is None

    totals = catalogue.totals()
    assert (totals.published, totals.withdrawn) == (3, 1)
    assert totals.changed_at == catalogue.record(5).record.changed_at
