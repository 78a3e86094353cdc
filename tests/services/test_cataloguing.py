"""The life of a record: drafted, approved by another, changed by two people at once, withdrawn, shown again."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from sqlalchemy import Engine

from library.db.unit_of_work import Database
from library.domain.access import GUEST, Actor
from library.domain.errors import (
    FourEyes,
    InvalidRecord,
    NotEntitled,
    NotFound,
    NotSubmitted,
    RecordNotFound,
    StaleVersion,
)
from library.domain.journal import Deed
from library.domain.marc import Dialect, MarcRecord
from library.domain.people import Role
from library.domain.record import Status
from library.domain.work import WorkState
from library.services.catalogue import Catalogue
from library.services.cataloguing import Cataloguing, Stamp
from tests.builders import a_marc21_record, a_unimarc_record, an_irbis_record
from tests.conftest import Clock
from tests.staff import AZIZA, BOTIR, NODIRA, published, revised, withdrawn

Recording = Callable[[Engine], AbstractContextManager[list[str]]]
ALGEBRA = a_marc21_record(title="Algebra")
ALGEBRA_2 = a_marc21_record(title="Algebra 2")


@pytest.fixture
def cataloguing(database: Database, clock: Clock) -> Cataloguing:
    return Cataloguing(database, clock)


@pytest.fixture
def catalogue(database: Database) -> Catalogue:
    return Catalogue(database)


def _waiting(database: Database) -> list[int]:
    with database.reading() as view:
        return [task.record_id for task in view.outbox.first(100)]


def _deeds(database: Database) -> list[tuple[Deed, str]]:
    with database.reading() as view:
        return [(sealed.entry.deed, sealed.entry.actor_name) for sealed in view.journal.after(0)]


@pytest.mark.parametrize(
    ("dialect", "marc", "title"),
    [
        (Dialect.MARC21, a_marc21_record(), "Oliy matematika"),
        (Dialect.UNIMARC, a_unimarc_record(), "Общая химия"),
        (Dialect.IRBIS, an_irbis_record(), "Алгебра жана анализ"),
    ],
)
def test_a_record_of_each_dialect_is_kept_whole_and_described(
    cataloguing: Cataloguing, catalogue: Catalogue, dialect: Dialect, marc: MarcRecord, title: str
) -> None:
    number = cataloguing.create(dialect, marc, actor=NODIRA)
    view = catalogue.record(number)
    assert view.record.marc == marc
    assert view.record.dialect is dialect
    assert (view.record.status, view.record.version, view.record.changed_by) == (Status.DRAFT, 1, NODIRA.key)
    assert view.description.title == title
    assert view.origins == ()


def test_the_whole_life_of_a_record_stays_to_be_read(
    cataloguing: Cataloguing, catalogue: Catalogue, database: Database
) -> None:
    number = published(cataloguing, Dialect.MARC21, ALGEBRA)
    assert revised(cataloguing, number, ALGEBRA_2) == 3
    assert withdrawn(cataloguing, number, "twice in the catalogue") == 4
    assert revised(cataloguing, number, ALGEBRA_2) == 5

    states = catalogue.versions(number)
    assert [state.version for state in states] == [1, 2, 3, 4, 5]
    assert [state.status for state in states] == ["draft", "published", "published", "withdrawn", "published"]
    assert [state.marc.first("245", "a") for state in states] == ["Algebra", "Algebra", *["Algebra 2"] * 3]
    assert [state.withdrawal_reason for state in states] == ["", "", "", "twice in the catalogue", ""]
    assert [state.changed_by for state in states] == [NODIRA.key] * 3 + [AZIZA.key, NODIRA.key]
    assert [state.approved_by for state in states] == ["", AZIZA.key, AZIZA.key, "", AZIZA.key]
    times = [state.changed_at for state in states]
    assert times == sorted(set(times))
    assert {state.created_at for state in states} == {times[0]}
    assert _waiting(database) == [number] * 5


def test_readers_see_the_approved_state_while_somebody_works_on_the_next(
    cataloguing: Cataloguing, catalogue: Catalogue
) -> None:
    number = published(cataloguing, Dialect.MARC21, ALGEBRA)
    stamp = cataloguing.save(number, ALGEBRA_2, expected=Stamp(2), actor=NODIRA)
    assert stamp == Stamp(2, 1)
    assert catalogue.record(number).description.title == "Algebra"
    assert cataloguing.workplace(number, actor=AZIZA).marc == ALGEBRA_2
    cataloguing.discard(number, expected=stamp, actor=NODIRA)
    assert cataloguing.workplace(number, actor=AZIZA).work is None


def test_work_goes_to_a_second_person_and_back(cataloguing: Cataloguing, database: Database) -> None:
    number = cataloguing.create(Dialect.MARC21, ALGEBRA, actor=NODIRA)
    with pytest.raises(NotSubmitted):
        cataloguing.approve(number, expected=Stamp(1, 1), actor=AZIZA)
    stamp = cataloguing.submit(number, expected=Stamp(1, 1), actor=NODIRA)
    cataloguing.return_(number, "Qaysi nashr?", expected=stamp, actor=AZIZA)
    place = cataloguing.workplace(number, actor=NODIRA)
    assert place.work is not None
    assert (place.work.state, place.work.remark) == (WorkState.RETURNED, "Qaysi nashr?")
    stamp = cataloguing.save(number, ALGEBRA_2, expected=place.stamp, actor=NODIRA)
    stamp = cataloguing.submit(number, expected=stamp, actor=NODIRA)
    assert cataloguing.approve(number, expected=stamp, actor=AZIZA) == 3
    with pytest.raises(NotFound):
        cataloguing.submit(number, expected=Stamp(3), actor=NODIRA)
    assert _deeds(database) == [
        (Deed.RECORD_ENTERED, "Nodira"),
        (Deed.WORK_SUBMITTED, "Nodira"),
        (Deed.WORK_RETURNED, "Aziza"),
        (Deed.WORK_SAVED, "Nodira"),
        (Deed.WORK_SUBMITTED, "Nodira"),
        (Deed.RECORD_APPROVED, "Aziza"),
    ]


def test_nobody_approves_what_they_entered_or_last_changed(cataloguing: Cataloguing, catalogue: Catalogue) -> None:
    everything = Actor.person(7, "Sardor", frozenset(Role))
    number = cataloguing.create(Dialect.MARC21, ALGEBRA, actor=everything)
    stamp = cataloguing.save(number, ALGEBRA_2, expected=Stamp(1, 1), actor=BOTIR)
    stamp = cataloguing.submit(number, expected=stamp, actor=BOTIR)
    for author in (everything, BOTIR):
        with pytest.raises(FourEyes):
            cataloguing.approve(number, expected=stamp, actor=author)
    assert catalogue.record(number).record.status is Status.DRAFT
    cataloguing.approve(number, expected=stamp, actor=AZIZA)
    assert catalogue.record(number).record.status is Status.PUBLISHED


def test_an_emergency_needs_the_head_and_a_reason_and_is_told_for_ever(
    cataloguing: Cataloguing, database: Database
) -> None:
    number = cataloguing.create(Dialect.MARC21, ALGEBRA, actor=BOTIR)
    with pytest.raises(NotEntitled):
        cataloguing.approve_in_emergency(number, "nobody is here", expected=Stamp(1, 1), actor=AZIZA)
    with pytest.raises(NotSubmitted):
        cataloguing.approve_in_emergency(number, "  ", expected=Stamp(1, 1), actor=BOTIR)
    cataloguing.approve_in_emergency(number, "the accreditation is today", expected=Stamp(1, 1), actor=BOTIR)
    with database.reading() as view:
        last = list(view.journal.after(0))[-1].entry
    assert (last.deed, last.actor, last.object) == (Deed.EMERGENCY_APPROVAL, BOTIR.key, f"record:{number}")
    assert last.after["reason"] == "the accreditation is today"
    assert last.after["entered_by"] == BOTIR.key


def test_the_second_of_two_librarians_is_told_and_overwrites_nothing(
    cataloguing: Cataloguing, catalogue: Catalogue, database: Database
) -> None:
    number = published(cataloguing, Dialect.MARC21, ALGEBRA)
    cataloguing.save(number, ALGEBRA_2, expected=Stamp(2), actor=NODIRA)
    other = Actor.person(8, "Umida", frozenset({Role.CATALOGUER}))
    with pytest.raises(StaleVersion):
        cataloguing.save(number, a_marc21_record(title="Ikkinchi"), expected=Stamp(2), actor=other)
    with pytest.raises(StaleVersion):
        cataloguing.withdraw(number, "by mistake", expected=Stamp(2), actor=AZIZA)
    with pytest.raises(StaleVersion):
        cataloguing.submit(number, expected=Stamp(2, 7), actor=NODIRA)
    assert cataloguing.workplace(number, actor=NODIRA).marc == ALGEBRA_2
    assert len(catalogue.versions(number)) == 2
    assert _waiting(database) == [number] * 2


def test_work_on_a_state_that_was_replaced_meanwhile_is_not_approved_unseen(cataloguing: Cataloguing) -> None:
    number = published(cataloguing, Dialect.MARC21, ALGEBRA)
    stamp = cataloguing.save(number, ALGEBRA_2, expected=Stamp(2), actor=NODIRA)
    stamp = cataloguing.submit(number, expected=stamp, actor=NODIRA)
    withdrawn(cataloguing, number, "lost")
    stamp = cataloguing.workplace(number, actor=AZIZA).stamp
    with pytest.raises(StaleVersion):
        cataloguing.approve(number, expected=stamp, actor=AZIZA)
    # Seen again and saved on the new state, it can be.
    stamp = cataloguing.save(number, ALGEBRA_2, expected=stamp, actor=NODIRA)
    stamp = cataloguing.submit(number, expected=stamp, actor=NODIRA)
    assert cataloguing.approve(number, expected=stamp, actor=AZIZA) == 4


def test_a_record_without_a_title_is_not_saved(
    cataloguing: Cataloguing, catalogue: Catalogue, database: Database
) -> None:
    untitled = a_marc21_record().with_fields(field for field in a_marc21_record().fields if field.tag != "245")
    with pytest.raises(InvalidRecord) as refused:
        cataloguing.create(Dialect.MARC21, untitled, actor=NODIRA)
    assert refused.value.problems
    number = cataloguing.create(Dialect.MARC21, a_marc21_record(), actor=NODIRA)
    with pytest.raises(InvalidRecord):
        cataloguing.save(number, untitled, expected=Stamp(1, 1), actor=NODIRA)
    assert catalogue.record(number).record.version == 1
    assert _waiting(database) == [number]


def test_what_is_not_there_can_be_neither_read_nor_changed(cataloguing: Cataloguing, catalogue: Catalogue) -> None:
    for attempt in (
        lambda: catalogue.record(1),
        lambda: catalogue.versions(1),
        lambda: cataloguing.approve(1, expected=Stamp(1, 1), actor=AZIZA),
        lambda: catalogue.resolve_mfn("IBIS", 1),
    ):
        with pytest.raises(RecordNotFound):
            attempt()


@pytest.mark.parametrize("actor", [GUEST, AZIZA, Actor.person(9, "Reader", frozenset({Role.READER}))])
def test_only_cataloguers_catalogue(cataloguing: Cataloguing, database: Database, actor: Actor) -> None:
    with pytest.raises(NotEntitled):
        cataloguing.create(Dialect.MARC21, ALGEBRA, actor=actor)
    assert _deeds(database) == []


def test_a_record_page_needs_two_queries_however_long_its_history(
    cataloguing: Cataloguing, catalogue: Catalogue, database: Database, statements: Recording
) -> None:
    number = published(cataloguing, Dialect.IRBIS, an_irbis_record())
    for version in range(1, 5):
        revised(cataloguing, number, an_irbis_record(title=f"Алгебра {version}"))
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
        published(cataloguing, Dialect.MARC21, a_marc21_record(title=title))
    withdrawn(cataloguing, 4, "lost")
    cataloguing.create(Dialect.MARC21, a_marc21_record(title="Arxeologiya"), actor=NODIRA)

    with statements(database.engine) as sent:
        first = catalogue.browse(limit=2)
    assert len(sent) == 1
    assert [record.description.title for record in first.records] == ["Algebra", "Fizika"]
    second = catalogue.browse(first.next, limit=2)
    assert [record.description.title for record in second.records] == ["Kimyo"]
    assert second.next is None
    assert second.next is None

    totals = catalogue.totals()
    assert (totals.published, totals.withdrawn) == (3, 1)
    assert totals.changed_at == catalogue.record(5).record.changed_at
