"""Partners' catalogues are entered with care, tried before they are used, and every change is journalled."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from harvest.errors import InvalidTarget
from harvest.lookup.model import Dialect, Protocol, SearchField, Target
from harvest.lookup.search import Catalogues
from library.db.unit_of_work import Database
from library.domain.access import Actor
from library.domain.errors import NotEntitled, NotFound, PartnerFailed, StaleVersion
from library.domain.journal import Deed
from library.domain.people import Role
from library.services.partner_access import open_catalogues
from library.services.targets import Targets
from library.settings import Settings
from tests.conftest import Clock
from tests.harvest.hostile_server import HostileServer, answer
from tests.harvest.loopback import catalogues_on, free_port
from tests.staff import BOTIR, NODIRA

ADMINISTRATOR = Actor.person(9, "Sardor", frozenset({Role.ADMINISTRATOR}))
NATIONAL = Target(
    name="Milliy kutubxona",
    protocol=Protocol.Z3950,
    address="z3950.example.uz:2100",
    database="Default",
    dialect=Dialect.UNIMARC,
    query_charset="cp1251",
    record_charset="cp1251",
    indexes={SearchField.TITLE: "5", SearchField.WORDS: "1035"},
)


def _nobody() -> Catalogues:
    return catalogues_on()


@pytest.fixture
def targets(database: Database, clock: Clock) -> Targets:
    return Targets(database, _nobody, clock)


def _deeds(database: Database) -> list[tuple[str, str]]:
    with database.reading() as view:
        return [(line.deed, line.object) for line in view.journal.lines()]


def test_an_entry_comes_back_as_it_went_in_and_everything_is_journalled(targets: Targets, database: Database) -> None:
    number = targets.add(NATIONAL, actor=BOTIR)
    kept = targets.get(number, actor=ADMINISTRATOR)
    assert (kept.id, kept.version, kept.target) == (number, 1, NATIONAL)
    moved = replace(NATIONAL, address="other.example.uz")
    targets.change(number, moved, expected=1, actor=BOTIR)
    assert [one.target for one in targets.all(actor=BOTIR)] == [moved]
    targets.remove(number, expected=2, actor=BOTIR)
    assert targets.all(actor=BOTIR) == []
    name = f"target:{number}"
    assert _deeds(database) == [(Deed.TARGET_ADDED, name), (Deed.TARGET_CHANGED, name), (Deed.TARGET_REMOVED, name)]
    with pytest.raises(NotFound):
        targets.get(number, actor=BOTIR)


def test_two_people_do_not_overwrite_each_other(targets: Targets) -> None:
    number = targets.add(NATIONAL, actor=BOTIR)
    targets.change(number, replace(NATIONAL, database="books"), expected=1, actor=BOTIR)
    with pytest.raises(StaleVersion):
        targets.change(number, NATIONAL, expected=1, actor=ADMINISTRATOR)
    with pytest.raises(StaleVersion):
        targets.remove(number, expected=1, actor=ADMINISTRATOR)


def test_entries_that_can_not_be_right_are_refused(targets: Targets) -> None:
    targets.add(NATIONAL, actor=BOTIR)
    second = targets.add(replace(NATIONAL, name="Second"), actor=BOTIR)
    for wrong in (
        NATIONAL,
        replace(NATIONAL, name=""),
        replace(NATIONAL, name="x" * 101),
        replace(NATIONAL, name="a\nb"),
        replace(NATIONAL, name="new", address=""),
        replace(NATIONAL, name="new", address="x" * 501),
    ):
        with pytest.raises(PartnerFailed):
            targets.add(wrong, actor=BOTIR)
    with pytest.raises(PartnerFailed):
        targets.change(second, NATIONAL, expected=1, actor=BOTIR)
    targets.change(second, replace(NATIONAL, name="Second", database="b"), expected=1, actor=BOTIR)
    with pytest.raises(InvalidTarget):
        replace(NATIONAL, database="a b;c")


def test_cataloguers_neither_enter_nor_try_addresses(targets: Targets) -> None:
    for use in (
        lambda: targets.add(NATIONAL, actor=NODIRA),
        lambda: targets.all(actor=NODIRA),
        lambda: targets.get(1, actor=NODIRA),
        lambda: targets.change(1, NATIONAL, expected=1, actor=NODIRA),
        lambda: targets.remove(1, expected=1, actor=NODIRA),
        lambda: targets.try_out(NATIONAL, "", actor=NODIRA),
    ):
        with pytest.raises(NotEntitled):
            use()


def test_a_catalogue_is_tried_by_both_protocols(database: Database, clock: Clock, ztest: int) -> None:
    targets = Targets(database, lambda: catalogues_on(ztest), clock)
    sru = Target(name="S", protocol=Protocol.SRU, address=f"http://127.0.0.1:{ztest}/Default")
    trial = targets.try_out(sru, "5 programs", actor=BOTIR)
    assert trial.explained is not None
    assert trial.explained.title == "Books about programming"
    assert (trial.total, trial.first_title, trial.problem) == (5, "How to program a computer", None)

    z3950 = Target(name="Z", protocol=Protocol.Z3950, address=f"127.0.0.1:{ztest}", database="Default")
    trial = targets.try_out(z3950, "3", actor=BOTIR)
    assert (trial.explained, trial.explain_problem) == (None, None)
    assert (trial.total, trial.first_title) == (3, "How to program a computer")
    assert "no such database" in str(targets.try_out(replace(z3950, database="Nowhere"), "3", actor=BOTIR).problem)


@pytest.mark.parametrize(
    "body",
    [
        b"<html><body>Welcome</body></html>",
        b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>',
        b"",
        b"\xff" * 40,
    ],
)
def test_what_is_no_catalogue_is_told_in_plain_words(database: Database, clock: Clock, body: bytes) -> None:
    with HostileServer(answer(body, "Content-Type: text/xml")) as server:
        target = Target(name="S", protocol=Protocol.SRU, address=server.url())
        trial = Targets(database, lambda: catalogues_on(server.port), clock).try_out(target, "", actor=BOTIR)
    assert trial.explained is None
    assert trial.problem is not None
    assert "root:" not in str(trial.problem)


@pytest.mark.parametrize("open_to", [free_port, None])
def test_the_own_network_is_not_reached(
    database: Database, clock: Clock, open_to: Callable[[], int] | None, ztest: int
) -> None:
    ports = (str(ztest), str(open_to())) if open_to else (str(ztest),)
    closed = Targets(database, lambda: open_catalogues(Settings(partner_ports=ports), 5), clock)
    sru = Target(name="S", protocol=Protocol.SRU, address=f"http://127.0.0.1:{ztest}/Default")
    assert "127.0.0.1" in str(closed.try_out(sru, "5", actor=BOTIR).problem)
    opened = Settings(partner_ports=ports, partner_networks=("127.0.0.0/8",), responsible_contact="ошибка\r\nX: y")
    assert Targets(database, lambda: open_catalogues(opened, 5), clock).try_out(sru, "5", actor=BOTIR).total == 5
