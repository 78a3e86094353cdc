"""What every virus scanner must do with what it is shown; each scanner's test module derives its class from this."""

import random
import threading
from io import BytesIO

import pytest

from storage.model import Digest, Finding, Verdict
from tests.storage import specimens
from tests.storage.clamd_daemon import EICAR, MEGABYTES


class ScannerContract:
    """A scanner that knows the test virus and takes up to `MEGABYTES`; derive and give the fixture `scanner`."""

    @staticmethod
    def scan(scanner, data):
        return scanner.scan(BytesIO(data), Digest.of(data))

    @pytest.mark.parametrize("name", specimens.sound())
    def test_sound_files_are_clean(self, scanner, name):
        data = specimens.sound()[name]
        verdict = self.scan(scanner, data)
        assert verdict.finding is Finding.CLEAN
        assert verdict.digest == Digest.of(data)
        assert verdict.engine
        assert verdict.signatures
        assert verdict.detail == ""

    @pytest.mark.parametrize("wrap", specimens.infected())
    def test_the_virus_is_found_in_every_wrap(self, scanner, wrap):
        verdict = self.scan(scanner, specimens.infected()[wrap])
        assert verdict.finding is Finding.INFECTED
        assert "Eicar" in verdict.detail

    def test_an_empty_file_is_not_clean(self, scanner):
        assert self.scan(scanner, b"").finding is Finding.UNSCANNABLE

    def test_bytes_of_another_file_are_not_clean(self, scanner):
        verdict = scanner.scan(BytesIO(b"these bytes"), Digest.of(b"other bytes"))
        assert verdict.finding is Finding.RETRY

    def test_a_file_is_read_from_its_beginning(self, scanner):
        file = BytesIO(b"some words")
        file.read()
        assert scanner.scan(file, Digest.of(b"some words")).finding is Finding.CLEAN

    def test_what_is_larger_than_the_scanner_takes_is_not_clean(self, scanner):
        data = random.Random(1).randbytes((MEGABYTES << 20) + 100_000)
        assert self.scan(scanner, data).finding is Finding.UNSCANNABLE

    def test_what_is_locked_is_not_clean(self, scanner):
        data = bytearray(specimens.zipped({"a.txt": EICAR}))
        for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
            data[data.index(mark) + place] |= 1
        assert self.scan(scanner, bytes(data)).finding is Finding.UNSCANNABLE

    def test_threads_never_hear_the_answers_of_others(self, scanner):
        wrong: list[Verdict] = []

        def scan(data, expected):
            wrong.extend(verdict for _ in range(15) if (verdict := self.scan(scanner, data)).finding is not expected)

        threads = [
            threading.Thread(target=scan, args=pair)
            for pair in [(EICAR, Finding.INFECTED), (b"words" * 999, Finding.CLEAN)] * 2
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert wrong == []
