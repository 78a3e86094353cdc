"""A record that is closed until a day: gone for readers and harvesters, and there again when the day begins."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from harvest.provider.repository import UnknownIdentifier
from library.db.engine import open_engine
from library.db.unit_of_work import Database
from library.domain.deposit import Stage
from library.domain.deposit_fields import WHOLE
from library.domain.errors import InvalidDeposit, InvalidEmbargo, NotEntitled, StaleVersion
from library.domain.journal import Deed
from library.domain.marc import Dialect
from library.domain.record import Status
from library.services.catalogue import Catalogue
from library.services.cataloguing import Cataloguing, Stamp
from library.services.deposit_review import Part
from library.services.embargoes import Embargoes
from library.services.open_archive_repository import ArchiveRepository
from tests.builders import a_marc21_record
from tests.conftest import Clock
from tests.services.custodian import Standing
from tests.services.sql_archive import HOUSE
from tests.services.test_deposit import TYPED, House
from tests.staff import AZIZA, NODIRA, published, revised, withdrawn

TASHKENT = ZoneInfo("Asia/Tashkent")
NOON = datetime(2026, 9, 10, 7, 0, tzinfo=UTC)
OPENS = date(2026, 9, 12)


@dataclass
class Desk:
    """The rooms over one clock."""

    database: Database
    clock: Standing
    cataloguing: Cataloguing
    embargoes: Embargoes

    def stamp(self, number: int) -> Stamp:
        return self.cataloguing.workplace(number, actor=AZIZA).stamp

    def close(self, number: int, until: date) -> None:
        self.embargoes.close(number, until, expected=self.stamp(number), actor=AZIZA)

    def end(self, number: int) -> None:
        self.embargoes.end(number, expected=self.stamp(number), actor=AZIZA)

    def status(self, number: int) -> Status:
        with self.database.reading() as view:
            return view.records.get(number).status

    def told(self, number: int) -> tuple[bool, datetime] | None:
        """What harvesters are told: whether it is deleted, and since when; None for an unknown identifier."""
        with self.database.reading() as view:
            archive = ArchiveRepository(view, HOUSE, self.clock().astimezone(TASHKENT).date())
            try:
                record = archive.record(f"oai:{HOUSE.domain}:{number}", "oai_dc")
            except UnknownIdentifier:
                return None
        return record.deleted, record.datestamp

    def keep_up(self) -> None:
        while self.embargoes.step():
            pass


def _desk(address: str) -> Desk:
    clock = Standing(NOON)
    database = Database(open_engine(address), b"k" * 32, zone=TASHKENT)
    return Desk(database, clock, Cataloguing(database, clock), Embargoes(database, clock))


@pytest.fixture
def desk(database_address: str) -> Iterator[Desk]:
    desk = _desk(database_address)
    yield desk
    desk.database.close()


def test_harvesters_are_told_deleted_and_then_live_when_the_day_begins_in_the_library(desk: Desk) -> None:
    number = published(desk.cataloguing, Dialect.MARC21, a_marc21_record())
    desk.clock.pass_(minutes=5)
    desk.close(number, OPENS)
    closed_at = desk.clock.time
    assert desk.told(number) == (True, closed_at)
    view = Catalogue(desk.database).record(number)
    assert (view.record.status, view.opens_on) == (Status.WITHDRAWN, OPENS)
    assert view.record.withdrawal_reason == "embargo until 2026-09-12"
    desk.clock.time = datetime(2026, 9, 11, 18, 59, 59, tzinfo=UTC)
    desk.keep_up()
    assert desk.told(number) == (True, closed_at)
    desk.clock.time = datetime(2026, 9, 11, 19, 0, tzinfo=UTC)
    desk.keep_up()
    assert desk.told(number) == (False, desk.clock.time)
    record = Catalogue(desk.database).record(number).record
    assert (record.status, record.approved_by, record.withdrawal_reason) == (Status.PUBLISHED, AZIZA.key, "")
    with desk.database.reading() as view_of_all:
        told = view_of_all.deposits.events([f"record:{number}"], [Deed.RECORD_EMBARGOED, Deed.RECORD_OPENED])
        assert view_of_all.embargoes.find(number) is None
    assert [(event.deed, event.actor) for event in told] == [
        (Deed.RECORD_EMBARGOED, AZIZA.key),
        (Deed.RECORD_OPENED, "worker"),
    ]


def test_a_change_that_is_approved_meanwhile_stays_closed_and_a_withdrawal_stays_withdrawn(desk: Desk) -> None:
    changed, gone = (published(desk.cataloguing, Dialect.MARC21, a_marc21_record(name)) for name in ("k1", "k2"))
    for number in (changed, gone):
        desk.close(number, OPENS)
    revised(desk.cataloguing, changed, a_marc21_record("k1", title="Yangi nom"))
    withdrawn(desk.cataloguing, gone, "muallif talabi")
    assert desk.told(changed) == (True, NOON)
    desk.clock.pass_(days=5)
    desk.keep_up()
    assert desk.told(changed) == (False, desk.clock.time)
    assert desk.status(gone) is Status.WITHDRAWN
    with pytest.raises(InvalidEmbargo, match="approved again"):
        desk.close(gone, date(2027, 1, 1))


def test_only_an_approver_closes_and_only_until_a_day_to_come(desk: Desk) -> None:
    number = published(desk.cataloguing, Dialect.MARC21, a_marc21_record())
    with pytest.raises(NotEntitled):
        desk.embargoes.close(number, OPENS, expected=desk.stamp(number), actor=NODIRA)
    with pytest.raises(StaleVersion):
        desk.embargoes.close(number, OPENS, expected=Stamp(1, 1), actor=AZIZA)
    for day in (date(2026, 9, 10), date(2026, 9, 9), date(2057, 1, 1)):
        with pytest.raises(InvalidEmbargo):
            desk.close(number, day)
    with pytest.raises(InvalidEmbargo, match="no embargo"):
        desk.end(number)
    assert desk.status(number) is Status.PUBLISHED


STEPS = st.one_of(
    st.tuples(st.just("close"), st.integers(1, 4)),
    st.tuples(st.just("days"), st.integers(1, 3)),
    st.tuples(st.sampled_from(["end", "withdraw", "approve"]), st.just(0)),
)


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path) -> Iterator[Desk]:
    path = tmp_path_factory.mktemp("embargoes") / "library.sqlite"
    shutil.copy(migrated_sqlite, path)
    desk = _desk(f"sqlite:///{path}")
    yield desk
    desk.database.close()


@given(steps=st.lists(STEPS, min_size=1, max_size=10))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_done_harvesters_see_what_readers_see(history: Desk, steps: list[tuple[str, int]]) -> None:
    desk, number = history, published(history.cataloguing, Dialect.MARC21, a_marc21_record())
    state, until = "open", desk.clock.time.date()
    for step, (deed, length) in enumerate(steps):
        before = desk.told(number)
        desk.clock.pass_(minutes=1)
        today = desk.clock.time.astimezone(TASHKENT).date()
        if deed == "close" and state != "withdrawn":
            until, state = today + timedelta(days=length), "closed"
            desk.close(number, until)
        elif deed == "end" and state == "closed":
            state = "open"
            desk.end(number)
        elif deed in ("close", "end"):
            with pytest.raises(InvalidEmbargo):
                desk.close(number, today + timedelta(days=1)) if deed == "close" else desk.end(number)
        elif deed == "withdraw":
            state = "withdrawn"
            withdrawn(desk.cataloguing, number, "xato")
        elif deed == "approve":
            state = "open" if state == "withdrawn" else state
            revised(desk.cataloguing, number, a_marc21_record(title=f"Nom {step}"))
        else:
            desk.clock.pass_(days=length)
            desk.keep_up()
            if state == "closed" and until <= desk.clock.time.astimezone(TASHKENT).date():
                state = "open"
        told = desk.told(number)
        assert told is not None
        assert before is not None
        assert told[0] is (state != "open")
        assert (desk.status(number) is Status.PUBLISHED) is (state == "open")
        assert told[1] >= before[1]
        if told[0] is not before[0]:
            assert told[1] == desk.clock.time, "whoever harvests again learns of it"


def test_a_deposit_may_be_closed_whole_and_is_unknown_until_its_day(
    database: Database, clock: Clock, tmp_path: Path
) -> None:
    house = House(database, clock, tmp_path)
    fields = replace(TYPED, embargo_until="2026-12-01", embargo_of=WHOLE)
    with pytest.raises(InvalidDeposit):
        house.send(house.typed(replace(TYPED, defence_date="2026-01-10", embargo_of=WHOLE)))
    deposit = house.now(house.confirmed(fields))
    house.publish(deposit)
    deposit = house.now(deposit)
    assert (deposit.stage, deposit.hidden_until) == (Stage.PUBLISHED, date(2026, 12, 1))
    assert house.review.page(Part.PUBLISHED, 10, actor=house.head).total == 1
    assert house.review.page(Part.TO_CATALOGUE, 10, actor=house.head).total == 0
    desk = Desk(database, clock, house.cataloguing, Embargoes(database, clock))  # type: ignore[arg-type]
    assert desk.status(deposit.record_id) is Status.DRAFT, "there is not even a page in its place"
    assert desk.told(deposit.record_id) is None
    clock.time = datetime(2026, 12, 1, 0, 0, tzinfo=UTC)
    desk.keep_up()
    assert desk.told(deposit.record_id) is not None
    assert (house.now(deposit).stage, house.now(deposit).hidden_until) == (Stage.PUBLISHED, None)


def test_an_approver_may_let_a_deposit_open_with_its_approval(database: Database, clock: Clock, tmp_path: Path) -> None:
    house = House(database, clock, tmp_path)
    deposit = house.now(house.confirmed(replace(TYPED, embargo_until="2026-12-01", embargo_of=WHOLE)))
    desk = Desk(database, clock, house.cataloguing, Embargoes(database, clock))  # type: ignore[arg-type]
    found = desk.embargoes.find(deposit.record_id)
    assert found is not None
    assert found.is_planned
    desk.end(deposit.record_id)
    house.publish(deposit)
    assert desk.status(deposit.record_id) is Status.PUBLISHED
