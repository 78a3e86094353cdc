import marshal
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest

from storage.antivirus import ClamdScanner, Patience
from storage.canary import Canary
from storage.model import Digest, Finding, Verdict
from tests.storage.clamd_daemon import EICAR, running
from tests.storage.conftest import now

TEN = datetime(2026, 9, 1, 10, 0, tzinfo=UTC)


class Counting:
    """The real scanner, with its questions counted and its signatures renamed."""

    def __init__(self, scanner):
        self.scanner = scanner
        self.asked = 0
        self.signatures = "1"

    def scan(self, file, expected):
        self.asked += 1
        verdict = self.scanner.scan(file, expected)
        return Verdict(
            finding=verdict.finding,
            digest=expected,
            engine=verdict.engine,
            signatures=self.signatures,
            scanned_at=verdict.scanned_at,
            detail=verdict.detail,
        )


@pytest.fixture
def time():
    return [TEN]


@pytest.fixture
def counting(scanner):
    return Counting(scanner)


@pytest.fixture
def canary(counting, time):
    return Canary(counting, lambda: time[0])


def test_a_scanner_that_sees_is_trusted(canary):
    state = canary.look()
    assert state.good
    assert state.why == ""
    assert state.at == TEN
    assert state.engine.startswith("ClamAV")


def test_a_good_look_is_remembered_for_five_minutes(canary, counting, time):
    canary.state()
    time[0] += timedelta(minutes=5)
    canary.state()
    assert counting.asked == 2
    time[0] += timedelta(seconds=1)
    canary.state()
    assert counting.asked == 4


def test_a_clock_that_was_set_back_makes_it_look_again(canary, counting, time):
    canary.state()
    time[0] -= timedelta(hours=1)
    canary.state()
    assert counting.asked == 4


def test_a_bad_look_is_not_remembered(scanner, clamd, time):
    canary = Canary(scanner, lambda: time[0])
    with clamd.stopped():
        state = canary.state()
    assert not state.good
    assert "No such file" in state.why
    assert canary.state().good


@pytest.mark.parametrize(
    ("signatures", "why"),
    [
        (f"Test.Other:0:*:{b'no such bytes anywhere'.hex()}\n", "did not find the test virus"),
        (f"Test.All:0:*:{b'qo'.hex()}??{b'yiladi'.hex()}\nTest.Eicar:0:*:{b'EICAR'.hex()}\n", "Test.All"),
    ],
    ids=["sees nothing", "sees it everywhere"],
)
def test_a_scanner_with_a_wrong_base_is_not_trusted(signatures, why):
    with running(signatures=signatures) as daemon:
        scanner = ClamdScanner(daemon.socket, limit=8 << 20, clock=now, patience=Patience(silence=5, total=10))
        state = Canary(scanner, now).state()
    assert not state.good
    assert why in state.why


def test_new_signatures_are_tried_before_their_verdict_counts(canary, counting):
    canary.state()
    counting.signatures = "2"
    verdict = counting.scan(BytesIO(b"words"), Digest.of(b"words"))
    assert verdict.finding is Finding.CLEAN
    state = canary.vouches_for(verdict)
    assert state.good
    assert state.signatures == "2"
    assert counting.asked == 5


def test_a_verdict_of_former_signatures_does_not_count(canary, counting):
    verdict = counting.scan(BytesIO(b"words"), Digest.of(b"words"))
    counting.signatures = "2"
    state = canary.vouches_for(verdict)
    assert not state.good
    assert "changed" in state.why


def test_a_scanner_that_changes_between_two_questions_is_not_trusted(counting, time):
    class Changing(Counting):
        def scan(self, file, expected):
            self.signatures += "0"
            return super().scan(file, expected)

    state = Canary(Changing(counting.scanner), lambda: time[0]).look()
    assert not state.good
    assert "changed" in state.why


@pytest.mark.parametrize("module", ["storage/canary.py", "tests/storage/clamd_daemon.py"])
def test_no_file_of_ours_is_a_virus_to_other_scanners(module):
    source = (Path(__file__).parents[2] / module).read_text(encoding="utf-8")
    assert EICAR not in source.encode()
    assert EICAR not in marshal.dumps(compile(source, module, "exec"))
