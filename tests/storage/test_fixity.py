from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.content_store import place_of
from storage.errors import StorageFailed
from storage.fixity import PERIOD, Condition, audit, check, due
from storage.model import Digest
from tests.storage import specimens

TEN = datetime(2026, 9, 1, 10, 0, tzinfo=UTC)


@pytest.fixture
def shelf(house):
    return [house.keep(specimens.txt() + b"%d" % number, f"{number}.txt") for number in range(3)]


def path_of(house, stored):
    path = place_of(house.root / "originals", stored.digest)
    path.chmod(0o600)
    return path


def conditions(house, shelf):
    return [checked.condition.value for checked in audit(house.store, [stored.digest for stored in shelf], TEN)]


def test_sound_files_are_found_sound(house, shelf):
    for stored in shelf:
        checked = check(house.store, stored.digest, TEN)
        assert (checked.condition, checked.actual, checked.size, checked.at) == (
            Condition.SOUND,
            stored.digest,
            stored.size,
            TEN,
        )


@pytest.mark.parametrize("place", [0, 100, -1])
def test_a_single_flipped_bit_is_found(house, shelf, place):
    path = path_of(house, shelf[1])
    data = bytearray(path.read_bytes())
    data[place] ^= 0x40
    path.write_bytes(data)
    assert conditions(house, shelf) == ["sound", "altered", "sound"]
    assert check(house.store, shelf[1].digest, TEN).actual == Digest.of(bytes(data))


def test_a_missing_file_is_found(house, shelf):
    path_of(house, shelf[0]).unlink()
    assert conditions(house, shelf) == ["missing", "sound", "sound"]


def test_swapped_files_are_each_found(house, shelf):
    first, last = path_of(house, shelf[0]), path_of(house, shelf[2])
    one, other = first.read_bytes(), last.read_bytes()
    first.write_bytes(other)
    last.write_bytes(one)
    assert conditions(house, shelf) == ["swapped", "sound", "swapped"]
    assert check(house.store, shelf[0].digest, TEN).actual == shelf[2].digest


def test_a_lost_sidecar_is_found(house, shelf):
    path = path_of(house, shelf[0])
    path.with_name(f"{path.name}.json").unlink()
    assert conditions(house, shelf) == ["undescribed", "sound", "sound"]


def test_a_file_that_can_not_be_read_is_a_result(house, shelf, monkeypatch):
    class Worn(BytesIO):
        def read(self, _size=-1):
            raise OSError(5, "Input/output error")

    monkeypatch.setattr(house.store, "open_unchecked", lambda _: Worn())
    checked = check(house.store, shelf[0].digest, TEN)
    assert (checked.condition, checked.actual, checked.detail) == (Condition.UNREADABLE, None, "Input/output error")
    assert StorageFailed.code == "storage-failed"


def digests(count):
    return [Digest.of(b"%d" % number) for number in range(count)]


def test_files_never_checked_come_first_then_the_oldest():
    first, second, third, fourth = sorted(digests(4))
    last = {first: TEN, second: TEN - PERIOD, third: None, fourth: TEN - timedelta(days=89)}
    assert due(last, TEN) == (third, second, fourth)


def test_five_in_a_hundred_are_checked_each_day():
    last: dict[Digest, datetime | None] = dict.fromkeys(digests(100), TEN - timedelta(days=3))
    assert len(due(last, TEN)) == 5
    assert due({}, TEN) == ()


@given(st.integers(1, 60), st.lists(st.integers(0, 3), max_size=30))
@settings(max_examples=20, deadline=None)
def test_no_file_waits_longer_than_ninety_days(count, additions):
    last: dict[Digest, datetime | None] = dict.fromkeys(digests(count))
    added = dict.fromkeys(last, TEN)
    now = TEN
    for day in range(200):
        now += timedelta(days=1)
        for number in range(additions[day] if day < len(additions) else 0):
            digest = Digest.of(b"%d of %d" % (number, day))
            last[digest], added[digest] = None, now
        last.update(dict.fromkeys(due(last, now), now))
        assert all(now - (at or added[digest]) <= PERIOD for digest, at in last.items())
