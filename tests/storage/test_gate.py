import ast
import random
import stat
from pathlib import Path

import pytest

import storage
from storage.antivirus import ClamdScanner, Patience
from storage.errors import Locked, UnknownIntake
from storage.model import Admitted, Digest, Finding, MediaType, Refused, Undecided, WaitsFor
from tests.storage import failing_clamd, specimens
from tests.storage.clamd_daemon import EICAR, running
from tests.storage.conftest import now


class Counting:
    def __init__(self, scanner):
        self.scanner = scanner
        self.seen: list[Digest] = []

    def scan(self, file, expected):
        self.seen.append(expected)
        return self.scanner.scan(file, expected)


@pytest.mark.parametrize("name", specimens.sound())
def test_a_sound_file_is_admitted_with_its_kind_and_who_scanned_it(house, name):
    admitted = house.inspect(specimens.sound()[name], name)
    assert isinstance(admitted, Admitted)
    assert admitted.media_type is MediaType[name.rpartition(".")[2].upper()]
    assert admitted.intake.name == name
    assert admitted.scanned_by.startswith("ClamAV ")
    assert admitted.scanned_by.endswith(", local")
    assert admitted.scanned_at >= admitted.intake.received_at


def test_an_infected_file_is_refused_and_locked(house):
    refused = house.inspect(b"words\n" + EICAR, "a.txt")
    assert isinstance(refused, Refused)
    assert refused.reason.code == "infected"
    assert "Eicar" in str(refused.reason)
    assert house.quarantine.locked() == (refused,)
    with pytest.raises(Locked):
        house.gate.inspect(refused.intake)
    path = house.root / f"quarantine/{refused.intake.id}.bytes"
    assert stat.S_IMODE(path.stat().st_mode) == 0


def test_the_scanner_sees_only_what_has_passed_all_other_checks(build, scanner):
    counting = Counting(scanner)
    house = build(scanner=counting)
    house.inspect(specimens.docx({"../a": b"a"}), "a.docx")
    house.inspect(specimens.attached(EICAR), "a.pdf")
    house.inspect(EICAR, "a.exe")
    assert counting.seen == []
    house.inspect(EICAR, "a.txt")
    assert counting.seen == [Digest.of(EICAR)]


def test_an_upload_waits_while_the_scanner_is_down_and_passes_when_it_is_back(house, clamd):
    intake = house.send(specimens.txt(), "a.txt")
    with clamd.stopped():
        undecided = house.gate.inspect(intake)
    assert isinstance(undecided, Undecided)
    assert undecided.waits_for is WaitsFor.SCANNER
    assert undecided.reason.code == "scanner-silent"
    assert house.quarantine.whole() == (intake,)
    assert isinstance(house.gate.inspect(intake), Admitted)


def test_an_upload_waits_while_the_scanner_is_frozen(build):
    with running() as daemon:
        house = build(scanner=ClamdScanner(daemon.socket, limit=8 << 20, clock=now, patience=Patience(silence=2)))
        intake = house.send(specimens.txt(), "a.txt")
        with daemon.frozen():
            assert isinstance(house.gate.inspect(intake), Undecided)
        assert isinstance(house.gate.inspect(intake), Admitted)


def test_an_upload_waits_while_the_scanner_sees_nothing(build):
    with running(signatures="Test.Other:0:*:616263646566676869\n") as daemon:
        house = build(scanner=ClamdScanner(daemon.socket, limit=8 << 20, clock=now))
        intake = house.send(specimens.txt(), "a.txt")
        undecided = house.gate.inspect(intake)
        assert isinstance(undecided, Undecided)
        assert undecided.reason.code == "scanner-sick"
        assert undecided.waits_for is WaitsFor.SCANNER
        daemon.stop()
        daemon.start()
        assert isinstance(house.gate.inspect(intake), Admitted)


def test_a_scanner_that_says_ok_to_everything_admits_nothing(build):
    with failing_clamd.failing(failing_clamd.answering(b"stream: OK\n")) as path:
        house = build(scanner=ClamdScanner(path, limit=8 << 20, clock=now))
        outcome = house.inspect(EICAR, "a.txt")
    assert isinstance(outcome, Undecided)
    assert outcome.reason.code == "scanner-sick"


def test_what_the_scanner_could_not_look_into_waits_for_a_person(house):
    # A stream of a page that unpacks to more than the scanner's limit.
    flood = specimens.pdf(objects=[specimens.deflated(random.Random(1).randbytes(1 << 10) * (9 << 10))])
    undecided = house.inspect(flood, "a.pdf")
    assert isinstance(undecided, Undecided)
    assert undecided.reason.code == "unscannable"
    assert undecided.waits_for is WaitsFor.PERSON


def test_bytes_that_changed_in_quarantine_are_refused(house):
    intake = house.send(specimens.txt(), "a.txt")
    (house.root / f"quarantine/{intake.id}.bytes").write_bytes(b"other words")
    refused = house.gate.inspect(intake)
    assert isinstance(refused, Refused)
    assert refused.reason.code == "altered"


def test_what_is_not_in_quarantine_can_not_be_inspected(house):
    intake = house.send(specimens.txt(), "a.txt")
    house.quarantine.discard(intake.id)
    with pytest.raises(UnknownIntake):
        house.gate.inspect(intake)


def test_a_kept_file_is_scanned_again(house, clamd):
    stored = house.keep(specimens.txt(), "a.txt")

    def again():
        with house.store.open_unchecked(stored.digest) as file:
            return house.gate.scan_again(stored, file)

    assert again().finding is Finding.CLEAN
    with clamd.stopped():
        assert again().finding is Finding.RETRY
    with clamd.knowing(f"Test.New:0:*:{specimens.txt()[:20].hex()}\n"):
        verdict = again()
    assert (verdict.finding, verdict.detail) == (Finding.INFECTED, "Test.New.UNOFFICIAL")


def test_recordings_in_a_kept_book_are_scanned_again_too(house, clamd):
    stored = house.keep(specimens.epub({"bob.mp3": specimens.mp3() + b"a new virus"}), "a.epub")
    new = f"Test.New:0:*:{b'a new virus'.hex()}\n"
    with clamd.knowing(new), house.store.open_unchecked(stored.digest) as file:
        verdict = house.gate.scan_again(stored, file)
    assert (verdict.finding, verdict.digest) == (Finding.INFECTED, stored.digest)


def test_a_clean_second_scan_counts_only_with_a_canary(build, house):
    stored = house.keep(specimens.txt(), "a.txt")
    with failing_clamd.failing(failing_clamd.answering(b"stream: OK\n")) as path:
        other = build(scanner=ClamdScanner(path, limit=8 << 20, clock=now))
        with house.store.open_unchecked(stored.digest) as file:
            verdict = other.gate.scan_again(stored, file)
    assert verdict.finding is Finding.RETRY
    assert "test virus" in verdict.detail


def test_admission_is_written_in_one_place():
    for path in Path(next(iter(storage.__path__))).glob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        calls = {
            node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        }
        assert ("Admitted" in calls) == (path.name == "gate.py"), path.name
        assert "_GATE_SEAL" not in names or path.name in {"gate.py", "model.py"}, path.name
