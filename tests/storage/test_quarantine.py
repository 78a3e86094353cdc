import stat
import threading
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.errors import (
    BeingWritten,
    BrokenOff,
    Incomplete,
    Locked,
    StoreFull,
    TooLarge,
    UnknownIntake,
    WrongOffset,
)
from storage.model import Digest, Reason, Refused
from storage.quarantine import Quarantine

TEN = datetime(2026, 9, 1, 10, 0, tzinfo=UTC)
LATER = datetime.now(UTC) + timedelta(days=1)
WORDS = b"words of a book " * 1000
REASON = Reason.of("infected", "The virus scanner found {virus} in the file.", virus="Eicar")


class Breaking(BytesIO):
    """A connection that is lost after the first block."""

    def read(self, _size=-1):
        if self.tell():
            raise ConnectionResetError
        return super().read(1000)


def open_quarantine(directory, **options):
    numbers = iter(range(1, 1000))
    return Quarantine(
        directory / "quarantine", new_id=lambda: f"{next(numbers):032x}", clock=lambda: TEN, **{"reserve": 0, **options}
    )


@pytest.fixture
def quarantine(tmp_path):
    return open_quarantine(tmp_path)


def names(tmp_path):
    return sorted(path.name for path in (tmp_path / "quarantine").iterdir())


def test_a_file_is_counted_and_hashed_while_it_comes(quarantine, tmp_path):
    intake = quarantine.receive(BytesIO(WORDS), limit=len(WORDS), name="../kitob.pdf")
    assert intake.digest == Digest.of(WORDS)
    assert intake.size == len(WORDS)
    assert intake.name == "kitob.pdf"
    assert intake.received_at == TEN
    with quarantine.open(intake) as file:
        assert file.read() == WORDS
    assert quarantine.whole() == (intake,)
    assert open_quarantine(tmp_path).intake(intake.id) == intake


def test_nobody_else_may_read_what_waits(quarantine, tmp_path):
    quarantine.receive(BytesIO(WORDS), limit=1 << 20, name="a")
    quarantine.begin("b", size=5, limit=5)
    assert stat.S_IMODE((tmp_path / "quarantine").stat().st_mode) == 0o700
    for path in (tmp_path / "quarantine").iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path


def test_an_empty_file_is_a_file(quarantine):
    assert quarantine.receive(BytesIO(b""), limit=10, name="a").size == 0


def test_a_byte_too_many_leaves_nothing(quarantine, tmp_path):
    with pytest.raises(TooLarge) as caught:
        quarantine.receive(BytesIO(WORDS), limit=len(WORDS) - 1, name="a")
    assert caught.value.limit == len(WORDS) - 1
    assert names(tmp_path) == []


def test_a_lost_connection_leaves_nothing(quarantine, tmp_path):
    with pytest.raises(BrokenOff):
        quarantine.receive(Breaking(WORDS), limit=1 << 20, name="a")
    assert names(tmp_path) == []


def test_a_file_in_pieces_is_the_file(quarantine, tmp_path):
    upload = quarantine.begin("kitob.pdf", size=len(WORDS), limit=1 << 20)
    assert (upload.size, upload.received) == (len(WORDS), 0)
    assert quarantine.append(upload.id, BytesIO(WORDS[:500]), offset=0).received == 500
    again = open_quarantine(tmp_path)
    assert again.arriving(upload.id).received == 500
    assert again.append(upload.id, BytesIO(WORDS[500:]), offset=500).received == len(WORDS)
    intake = again.finish(upload.id)
    assert (intake.id, intake.digest, intake.name) == (upload.id, Digest.of(WORDS), "kitob.pdf")
    assert again.finish(upload.id) == intake
    assert names(tmp_path) == [f"{upload.id}.bytes", f"{upload.id}.intake"]


@given(st.lists(st.binary(max_size=50), max_size=8))
@settings(max_examples=40, deadline=None)
def test_however_a_file_is_cut_it_is_the_same(tmp_path_factory, pieces):
    quarantine = open_quarantine(tmp_path_factory.mktemp("q"))
    whole = b"".join(pieces)
    upload = quarantine.begin("a", size=len(whole), limit=1000)
    for piece in pieces:
        upload = quarantine.append(upload.id, BytesIO(piece), offset=upload.received)
    assert quarantine.finish(upload.id).digest == Digest.of(whole)


@pytest.mark.parametrize("offset", [0, 499, 501, 10_000, -1])
def test_a_piece_begins_where_the_last_one_ended(quarantine, offset):
    upload = quarantine.begin("a", size=len(WORDS), limit=1 << 20)
    quarantine.append(upload.id, BytesIO(WORDS[:500]), offset=0)
    with pytest.raises(WrongOffset) as caught:
        quarantine.append(upload.id, BytesIO(b"x"), offset=offset)
    assert caught.value.received == 500


def test_more_than_was_announced_is_refused_and_the_upload_can_go_on(quarantine):
    with pytest.raises(TooLarge):
        quarantine.begin("a", size=11, limit=10)
    upload = quarantine.begin("a", size=10, limit=10)
    quarantine.append(upload.id, BytesIO(b"12345"), offset=0)
    with pytest.raises(TooLarge):
        quarantine.append(upload.id, BytesIO(b"678901"), offset=5)
    quarantine.append(upload.id, BytesIO(b"67890"), offset=5)
    assert quarantine.finish(upload.id).digest == Digest.of(b"1234567890")


def test_what_came_before_the_connection_was_lost_stays(quarantine):
    upload = quarantine.begin("a", size=len(WORDS), limit=1 << 20)
    with pytest.raises(BrokenOff):
        quarantine.append(upload.id, Breaking(WORDS), offset=0)
    assert quarantine.arriving(upload.id).received == 1000
    quarantine.append(upload.id, BytesIO(WORDS[1000:]), offset=1000)
    assert quarantine.finish(upload.id).digest == Digest.of(WORDS)


def test_an_upload_is_finished_when_all_of_it_is_there(quarantine):
    upload = quarantine.begin("a", size=10, limit=10)
    quarantine.append(upload.id, BytesIO(b"123"), offset=0)
    with pytest.raises(Incomplete) as caught:
        quarantine.finish(upload.id)
    assert caught.value.received == 3


def test_two_pieces_at_once_are_refused(quarantine):
    upload = quarantine.begin("a", size=10, limit=10)
    entered, leave = threading.Event(), threading.Event()

    class Slow(BytesIO):
        def read(self, size=-1):
            entered.set()
            leave.wait(10)
            return super().read(size)

    first = threading.Thread(target=quarantine.append, args=(upload.id, Slow(b"12345")), kwargs={"offset": 0})
    first.start()
    entered.wait(10)
    with pytest.raises(BeingWritten):
        quarantine.append(upload.id, BytesIO(b"abcde"), offset=0)
    with pytest.raises(BeingWritten):
        quarantine.finish(upload.id)
    leave.set()
    first.join()
    assert quarantine.arriving(upload.id).received == 5


def test_a_full_disk_takes_nothing_in(tmp_path):
    quarantine = open_quarantine(tmp_path, reserve=1.0)
    with pytest.raises(StoreFull):
        quarantine.receive(BytesIO(WORDS), limit=1 << 20, name="a")
    with pytest.raises(StoreFull):
        quarantine.begin("a", size=10, limit=10)
    assert names(tmp_path) == []


def test_what_can_not_fit_is_refused_before_it_comes(quarantine):
    with pytest.raises(StoreFull):
        quarantine.begin("a", size=1 << 60, limit=1 << 60)


@pytest.mark.parametrize(
    "intake_id", ["", "a", "../../etc/passwd", "0" * 31, "G" * 32, f"{'0' * 32}\n", "0" * 33, "0" * 32]
)
def test_ids_that_are_none_of_ours_are_unknown(quarantine, intake_id):
    for ask in (quarantine.intake, quarantine.arriving, quarantine.finish):
        with pytest.raises(UnknownIntake):
            ask(intake_id)
    with pytest.raises(UnknownIntake):
        quarantine.append(intake_id, BytesIO(b""), offset=0)


def test_a_refused_file_is_locked_with_its_reason(quarantine, tmp_path):
    intake = quarantine.receive(BytesIO(WORDS), limit=1 << 20, name="a.pdf")
    other = quarantine.receive(BytesIO(WORDS), limit=1 << 20, name="b.pdf")
    refused = Refused(intake=intake, reason=REASON)
    quarantine.lock(refused)
    again = open_quarantine(tmp_path)
    with pytest.raises(Locked):
        again.open(intake)
    assert again.locked() == (refused,)
    assert str(again.locked()[0].reason) == "The virus scanner found Eicar in the file."
    assert again.whole() == (other,)
    assert stat.S_IMODE((tmp_path / f"quarantine/{intake.id}.bytes").stat().st_mode) == 0
    again.discard(intake.id)
    assert again.locked() == ()
    assert names(tmp_path) == [f"{other.id}.bytes", f"{other.id}.intake"]


def test_discarding_twice_is_no_error_and_an_upload_can_be_discarded_too(quarantine, tmp_path):
    upload = quarantine.begin("a", size=10, limit=10)
    intake = quarantine.receive(BytesIO(WORDS), limit=1 << 20, name="b")
    for _ in range(2):
        quarantine.discard(upload.id)
        quarantine.discard(intake.id)
    assert names(tmp_path) == []
    with pytest.raises(UnknownIntake):
        quarantine.discard("../a")


def test_the_longest_waiting_come_first(tmp_path):
    times = iter([TEN + timedelta(hours=2), TEN, TEN + timedelta(hours=1)])
    numbers = iter(range(1, 9))
    quarantine = Quarantine(tmp_path, new_id=lambda: f"{next(numbers):032x}", clock=lambda: next(times), reserve=0)
    for name in ("c", "a", "b"):
        quarantine.receive(BytesIO(b"x"), limit=1, name=name)
    assert [intake.name for intake in quarantine.whole()] == ["a", "b", "c"]


def test_leftovers_are_swept_and_nothing_else(quarantine, tmp_path):
    kept = quarantine.receive(BytesIO(WORDS), limit=1 << 20, name="a")
    strangers = quarantine.receive(BytesIO(WORDS), limit=1 << 20, name="b")
    upload = quarantine.begin("c", size=10, limit=10)
    (tmp_path / "quarantine" / f"{'f' * 32}.intake.1-2.part").write_bytes(b"{")
    (tmp_path / "quarantine" / f"{'e' * 32}.bytes").write_bytes(b"never described")
    assert quarantine.sweep(known={kept.id}, before=TEN - timedelta(days=1000)) == ()
    swept = quarantine.sweep(known={kept.id}, before=LATER)
    assert len(swept) == 6
    assert names(tmp_path) == [f"{kept.id}.bytes", f"{kept.id}.intake"]
    for gone in (strangers.id, upload.id):
        with pytest.raises(UnknownIntake):
            quarantine.intake(gone)


def test_a_description_without_bytes_is_no_file(quarantine, tmp_path):
    intake = quarantine.receive(BytesIO(WORDS), limit=1 << 20, name="a")
    (tmp_path / f"quarantine/{intake.id}.bytes").unlink()
    with pytest.raises(UnknownIntake):
        quarantine.intake(intake.id)
    with pytest.raises(UnknownIntake):
        quarantine.open(intake)
    assert quarantine.whole() == ()


def test_nothing_waits_where_nothing_ever_came(quarantine):
    assert quarantine.whole() == ()
    assert quarantine.locked() == ()
    assert quarantine.sweep(known=(), before=LATER) == ()
