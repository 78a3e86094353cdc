"""The n-th write, fsync or rename fails, for every n: what was acknowledged stays, and nothing false is ever there."""

import errno
import os
from contextlib import contextmanager, suppress
from io import BytesIO

import pytest

from storage.errors import NoText, NotKept, StorageFailed, StoreFull
from storage.model import Digest, Reason, Refused
from storage.text_store import TextStore
from tests.storage import specimens

CALLS = ("write", "fsync", "replace")
WORDS = specimens.txt()


class Disk:
    """Counts the calls of one kind and fails the n-th, or all from it on."""

    def __init__(self, monkeypatch):
        self._monkeypatch = monkeypatch
        self.calls = 0

    @contextmanager
    def failing(self, name, number, *, lasting=False):
        real = getattr(os, name)
        self.calls = 0

        def call(*arguments):
            self.calls += 1
            if self.calls == number or (lasting and self.calls > number):
                raise OSError(errno.ENOSPC if name == "write" else errno.EIO, "no")
            return real(*arguments)

        with self._monkeypatch.context() as patch:
            patch.setattr(os, name, call)
            yield


@pytest.fixture
def disk(monkeypatch):
    return Disk(monkeypatch)


def every_failure(disk, attempt, *, lasting=False, undo=lambda _: None):
    """Try with the first call failing, the second, and so on until none fails any more, for each kind of call.

    Gives the control back after every failure; `undo` is told what a success brought.
    """
    failed = 0
    for name in CALLS:
        for number in range(1, 100):
            with disk.failing(name, number, lasting=lasting):
                result, error = None, None
                try:
                    result = attempt()
                except (StoreFull, StorageFailed) as caught:
                    error = type(caught)
            if disk.calls < number:
                undo(result)
                break
            assert error is (StoreFull if name == "write" else StorageFailed), (name, number)
            failed += 1
            yield
    assert failed >= 3


@pytest.mark.parametrize("lasting", [False, True], ids=["once", "from then on"])
def test_a_file_that_could_not_be_received_is_not_there(house, disk, lasting):
    def discard(intake):
        house.quarantine.discard(intake.id)

    for _ in every_failure(disk, lambda: house.send(WORDS, "a.txt"), lasting=lasting, undo=discard):
        assert house.files() == []
        assert house.quarantine.whole() == ()


def test_an_upload_in_pieces_can_go_on_after_every_failure(house, disk):
    def attempt():
        received = house.quarantine.arriving(upload.id).received
        assert WORDS[:received] == (house.root / f"quarantine/{upload.id}.arriving").read_bytes()
        if received < len(WORDS):
            house.quarantine.append(upload.id, BytesIO(WORDS[received:]), offset=received)
        return house.quarantine.finish(upload.id)

    upload = house.quarantine.begin("a.txt", size=len(WORDS), limit=1 << 20)
    for name in CALLS:
        for number in range(1, 9):
            with disk.failing(name, number):
                try:
                    intake = attempt()
                except (StoreFull, StorageFailed):
                    intake = house.quarantine.finish(upload.id) if house.quarantine.whole() else None
            if intake is not None:
                assert intake.digest == Digest.of(WORDS)
                house.quarantine.discard(upload.id)
                assert house.files() == []
                upload = house.quarantine.begin("a.txt", size=len(WORDS), limit=1 << 20)
            else:
                assert house.quarantine.whole() == ()


@pytest.mark.parametrize("lasting", [False, True], ids=["once", "from then on"])
def test_a_file_is_kept_whole_or_not_at_all_and_keeping_can_be_repeated(house, disk, lasting):
    admitted = house.inspect(WORDS, "a.txt")
    digest = admitted.intake.digest

    def attempt():
        return house.store.keep(admitted, facts={"record": 1})

    for _ in every_failure(disk, attempt, lasting=lasting):
        assert not [name for name in house.files() if name.endswith(".part")]
        try:
            with house.store.open(digest) as file:
                assert file.read() == WORDS
        except NotKept:
            assert list(house.store.files()) == []
        assert house.quarantine.whole() == (admitted.intake,)
        for path in sorted((house.root / "originals").rglob("*"), reverse=True):
            path.unlink() if path.is_file() else path.rmdir()
    house.store.open(digest).close()
    assert list(house.store.faults()) == []


def test_keeping_succeeds_after_a_failure_without_any_cleaning(house, disk):
    admitted = house.inspect(WORDS, "a.txt")
    for _ in every_failure(disk, lambda: house.store.keep(admitted, facts={"record": 1})):
        pass
    assert list(house.store.faults()) == []
    with house.store.open(admitted.intake.digest) as file:
        assert file.read() == WORDS


def test_new_facts_are_there_or_the_former_ones_are(house, disk):
    stored = house.keep(WORDS, "a.txt", version="0")
    versions = iter(range(1, 100))
    tried = ["0"]

    def attempt():
        tried.append(str(next(versions)))
        return house.store.note_facts(stored.digest, {"version": tried[-1]})

    for _ in every_failure(disk, attempt):
        assert house.store.describe(stored.digest).facts["version"] in tried[-2:]
        house.store.open(stored.digest).close()
        tried[:] = [house.store.describe(stored.digest).facts["version"]]
    assert list(house.store.faults()) == []


def test_a_file_that_could_not_be_locked_is_still_whole_and_refused_again(house, disk):
    intake = house.send(WORDS, "a.txt")
    refused = Refused(intake=intake, reason=Reason.of("infected", "found"))

    def attempt():
        house.quarantine.lock(refused)
        return True

    for _ in every_failure(disk, attempt):
        assert house.quarantine.intake(intake.id) == intake
        assert (house.quarantine.whole() == ()) == (house.quarantine.locked() == (refused,))
    assert house.quarantine.locked() == (refused,)


def test_a_text_is_there_whole_or_not(tmp_path, disk):
    texts = TextStore(tmp_path)
    digest = Digest.of(WORDS)
    for _ in every_failure(disk, lambda: texts.keep(digest, ["words"], made_by="reader")):
        assert not list(tmp_path.rglob("*.part"))
        with suppress(NoText):
            assert texts.read(digest).pages == ("words",)
        texts.forget(digest)
    assert texts.read(digest).pages == ("words",)


def test_bytes_and_their_name_are_safe_before_keeping_returns(house, monkeypatch):
    """The order that survives a power cut. Killing a process doesn't test it: the system still writes what it had."""
    done = []
    real = {name: getattr(os, name) for name in CALLS}
    admitted = house.inspect(WORDS, "a.txt")

    def noting(name):
        def call(*arguments):
            done.append(name)
            return real[name](*arguments)

        return call

    for name in CALLS:
        monkeypatch.setattr(os, name, noting(name))
    house.store.keep(admitted, facts={})
    monkeypatch.undo()
    new_directories = ["fsync"] * 3
    assert done == [*new_directories, *["write", "fsync", "replace", "fsync"] * 2]
