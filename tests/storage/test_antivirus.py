import socket
import time
from io import BytesIO

import pytest

from storage.antivirus import ClamdScanner, Patience
from storage.model import Digest, Finding
from tests.contracts.scanner import ScannerContract
from tests.storage import failing_clamd
from tests.storage.clamd_daemon import EICAR, running
from tests.storage.conftest import now

LARGE = b"words of a long book " * 100_000
SHORT = Patience(silence=1, answer=1, total=2)


class TestClamd(ScannerContract):
    pass


def scan(path, data=b"words", patience=SHORT):
    return ClamdScanner(path, limit=100 << 20, clock=now, patience=patience).scan(BytesIO(data), Digest.of(data))


def test_a_private_base_of_signatures_has_no_version(scanner):
    verdict = scanner.scan(BytesIO(b"words"), Digest.of(b"words"))
    assert verdict.engine.startswith("ClamAV ")
    assert verdict.signatures == "local"


def test_the_version_of_the_official_base_is_recorded(monkeypatch):
    monkeypatch.setattr(failing_clamd, "VERSION", b"ClamAV 1.4.6/27403/Mon Sep 23 10:22:31 2024\n")
    with failing_clamd.failing(failing_clamd.answering(b"stream: OK\n")) as path:
        verdict = scan(path)
    assert verdict.finding is Finding.CLEAN
    assert (verdict.engine, verdict.signatures) == ("ClamAV 1.4.6", "27403 of Mon Sep 23 10:22:31 2024")


def test_a_scanner_without_a_name_is_not_believed(monkeypatch):
    monkeypatch.setattr(failing_clamd, "VERSION", b"\n")
    with failing_clamd.failing(failing_clamd.answering(b"stream: OK\n")) as path:
        assert scan(path).finding is Finding.RETRY


def test_a_missing_socket_means_trying_again(tmp_path):
    verdict = scan(tmp_path / "nobody")
    assert verdict.finding is Finding.RETRY
    assert "No such file" in verdict.detail
    assert verdict.engine == ""


def test_a_full_queue_does_not_block(tmp_path):
    with socket.socket(socket.AF_UNIX) as deaf:
        deaf.bind(str(tmp_path / "s"))
        deaf.listen(0)
        waiting = socket.socket(socket.AF_UNIX)
        waiting.connect(str(tmp_path / "s"))
        began = time.monotonic()
        assert scan(tmp_path / "s").finding is Finding.RETRY
        assert time.monotonic() - began < 40
        waiting.close()


@pytest.mark.parametrize("data", [b"words", LARGE], ids=["small", "large"])
def test_a_frozen_daemon_means_trying_again(data):
    with running() as daemon, daemon.frozen():
        began = time.monotonic()
        assert scan(daemon.socket, data).finding is Finding.RETRY
        assert time.monotonic() - began < 40


def test_a_daemon_killed_in_the_middle_never_says_clean():
    class Killing(BytesIO):
        def read(self, size=-1):
            if self.tell() > len(LARGE) // 2:
                daemon.stop()
            return super().read(size)

    with running() as daemon:
        scanner = ClamdScanner(daemon.socket, limit=100 << 20, clock=now)
        assert scanner.scan(Killing(LARGE), Digest.of(LARGE)).finding is Finding.RETRY
        daemon.start()
        assert scanner.scan(BytesIO(LARGE), Digest.of(LARGE)).finding is Finding.CLEAN


def test_a_file_that_cannot_be_read_means_trying_again(scanner):
    class Broken(BytesIO):
        def read(self, _size=-1):
            raise OSError(5, "Input/output error")

    assert scanner.scan(Broken(b"words"), Digest.of(b"words")).finding is Finding.RETRY


@pytest.mark.parametrize(
    "failure",
    [
        failing_clamd.hanging_up,
        failing_clamd.resetting,
        failing_clamd.saying_nothing,
        failing_clamd.dripping,
        failing_clamd.answering(b""),
        failing_clamd.answering(b"\n"),
        failing_clamd.answering(b"stream: OK"),
        failing_clamd.answering(b"stream: O"),
        failing_clamd.answering(b"stream: ok\n"),
        failing_clamd.answering(b"stream: OK OK\n"),
        failing_clamd.answering(b"other: OK\n"),
        failing_clamd.answering(b"stream: a FOUND OK\n"),
        failing_clamd.answering(b"stream:  FOUND\n"),
        failing_clamd.answering(b"INSTREAM size limit exceeded. ERROR\n"),
        failing_clamd.answering(b"stream: Can't allocate memory ERROR\n"),
        failing_clamd.answering(b"\xff\xfe\x00\n"),
        failing_clamd.answering(b"x" * 10_000 + b"\n"),
    ],
    ids=lambda failure: failure.__name__,
)
def test_anything_but_an_exact_ok_means_trying_again(failure):
    with failing_clamd.failing(failure) as path:
        began = time.monotonic()
        verdict = scan(path)
        assert verdict.finding is Finding.RETRY
        assert verdict.detail
        assert time.monotonic() - began < 40


def test_a_daemon_at_work_may_be_silent_longer_than_one_that_hears():
    def thinking(connection):
        failing_clamd.answering(b"")(connection)
        time.sleep(0.7)
        connection.sendall(b"stream: OK\n")

    with failing_clamd.failing(thinking) as path:
        assert scan(path, patience=Patience(silence=0.5, answer=10, total=20)).finding is Finding.CLEAN


def test_ok_before_everything_was_sent_is_not_believed():
    with failing_clamd.failing(failing_clamd.saying_ok_too_soon) as path:
        assert scan(path, LARGE).finding is Finding.RETRY


@pytest.mark.parametrize("name", ["Heuristics.Limits.Exceeded.MaxFileSize", "Heuristics.Encrypted.PDF"])
def test_what_was_not_looked_at_is_not_a_virus(name):
    with failing_clamd.failing(failing_clamd.answering(f"stream: {name} FOUND\n".encode())) as path:
        verdict = scan(path)
        assert (verdict.finding, verdict.detail) == (Finding.UNSCANNABLE, name)


def test_a_stream_above_the_limit_is_told_from_a_broken_scanner():
    with failing_clamd.failing(failing_clamd.answering(b"INSTREAM size limit exceeded. ERROR\n")) as path:
        scanner = ClamdScanner(path, limit=1 << 20, clock=now, patience=SHORT)
        assert scanner.scan(BytesIO(LARGE), Digest.of(LARGE)).finding is Finding.UNSCANNABLE


def test_the_virus_at_the_very_end_of_what_is_scanned_is_found(scanner):
    data = bytes(7 << 20) + EICAR
    assert scanner.scan(BytesIO(data), Digest.of(data)).finding is Finding.INFECTED
