"""The scanner is tried at the start, every five minutes and when it changes; what was found is told without asking."""

from __future__ import annotations

import json

import pytest

from library.domain.journal import Deed
from library.services.custody_scanner import STATE_FILE, ScannerCondition, ScannerWatch
from storage.canary import EVERY
from tests.documents import a_pdf
from tests.services.custodian import Custodian
from tests.storage.clamd_daemon import EICAR, Daemon

OTHER = f"Test.Eicar.Renamed:0:*:{EICAR.hex()}\n"


def test_nobody_has_looked_yet(custodian: Custodian) -> None:
    state = custodian.custody.scanner_state()
    assert state.condition is ScannerCondition.UNKNOWN
    assert "worker does not run" in str(state.sentence)


def test_it_is_tried_at_the_start_and_every_five_minutes(custodian: Custodian) -> None:
    assert custodian.watch.step()
    began = custodian.clock()
    assert not custodian.watch.step()
    custodian.clock.pass_(seconds=EVERY.total_seconds() - 1)
    assert not custodian.watch.step()
    custodian.clock.pass_(seconds=1)
    assert custodian.watch.step()
    state = custodian.custody.scanner_state()
    assert (state.condition, state.at, state.since) == (ScannerCondition.GOOD, custodian.clock(), began)
    assert state.engine in str(state.sentence)


def test_another_process_reads_the_state_without_asking_the_scanner(custodian: Custodian, clamd: Daemon) -> None:
    custodian.watch.look()
    path = custodian.container.settings.data_dir / STATE_FILE
    elsewhere = ScannerWatch(custodian.container.database, custodian.canary, path, custodian.clock)
    with clamd.frozen():
        assert elsewhere.state() == custodian.custody.scanner_state()
        assert elsewhere.state().condition is ScannerCondition.GOOD


def test_a_state_of_long_ago_says_nothing(custodian: Custodian) -> None:
    custodian.watch.look()
    custodian.clock.pass_(minutes=11)
    assert custodian.custody.scanner_state().condition is ScannerCondition.UNKNOWN


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"condition": "splendid"}', "\udcff"])
def test_a_damaged_state_is_no_state(custodian: Custodian, damage: str) -> None:
    path = custodian.container.settings.data_dir / STATE_FILE
    path.write_bytes(damage.encode("utf-8", "surrogateescape"))
    assert custodian.custody.scanner_state().condition is ScannerCondition.UNKNOWN
    assert custodian.watch.look().condition is ScannerCondition.GOOD
    assert json.loads(path.read_text())["condition"] == "good"


def test_only_a_change_is_journalled(custodian: Custodian, clamd: Daemon) -> None:
    custodian.watch.look()
    custodian.watch.look()
    before = len(custodian.deeds())
    with clamd.stopped():
        for _ in range(3):
            assert custodian.watch.look().condition is ScannerCondition.SICK
    for _ in range(3):
        assert custodian.watch.look().condition is ScannerCondition.GOOD
    assert custodian.deeds()[before:] == [Deed.SCANNER_FAILED, Deed.SCANNER_RECOVERED]
    assert "FileNotFoundError" in custodian.facts(Deed.SCANNER_FAILED)[0]


def test_a_worker_that_starts_again_does_not_tell_the_same_twice(custodian: Custodian, clamd: Daemon) -> None:
    path = custodian.container.settings.data_dir / STATE_FILE
    with clamd.stopped():
        custodian.watch.look()
        again = ScannerWatch(custodian.container.database, custodian.canary, path, custodian.clock)
        assert again.step()
    assert custodian.deeds().count(Deed.SCANNER_FAILED) == 1


def test_an_unsafe_configuration_is_told_with_its_remedy(custodian: Custodian, clamd: Daemon) -> None:
    whole = clamd.configuration.read_text()
    try:
        clamd.configuration.write_text(whole.replace("AlertEncrypted yes", "") + "TCPSocket 3310\n")
        state = custodian.watch.look()
        assert state.condition is ScannerCondition.SICK
        assert "AlertEncrypted" in state.why
        assert "TCPSocket" in state.why
    finally:
        clamd.configuration.write_text(whole)


def test_new_signatures_are_tried_at_once(custodian: Custodian, monkeypatch: pytest.MonkeyPatch) -> None:
    custodian.watch.look()
    looks = []
    real = custodian.canary.look

    def counted() -> object:
        looks.append(1)
        return real()

    monkeypatch.setattr(custodian.canary, "look", counted)
    custodian.keep(a_pdf("Birinchi"))
    assert not looks
    state = custodian.custody.scanner_state()
    custodian.watch.notice(state.engine, "27999 of Mon Sep 7 08:00:00 2026")
    assert looks
