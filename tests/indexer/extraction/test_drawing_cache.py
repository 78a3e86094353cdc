"""Unmarked drawings are kept within bounds, and nothing depends on their being there."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from indexer.extraction.drawing_cache import DrawingCache, DrawingKey

MOST = 1_000_000


def jpeg(size: int, filling: bytes = b"x") -> bytes:
    return b"\xff\xd8" + filling * (size - 4) + b"\xff\xd9"


def key(number: int, *, digest: str = "a" * 64, width: int = 1000) -> DrawingKey:
    return DrawingKey(digest=digest, number=number, width=width)


def held(directory: Path) -> int:
    return sum(path.stat().st_size for path in directory.rglob("*") if path.is_file())


def test_a_drawing_is_found_by_document_page_and_width(tmp_path: Path) -> None:
    cache = DrawingCache(tmp_path, MOST)
    cache.keep(key(1), jpeg(100))
    assert cache.find(key(1)) == jpeg(100)
    for other in (key(2), key(1, width=1001), key(1, digest="b" * 64), key(11)):
        assert cache.find(other) is None


def test_what_another_process_kept_is_found(tmp_path: Path) -> None:
    DrawingCache(tmp_path, MOST).keep(key(1), jpeg(100))
    assert DrawingCache(tmp_path, MOST).find(key(1)) == jpeg(100)


def test_the_directory_never_holds_more_than_its_bound(tmp_path: Path) -> None:
    cache = DrawingCache(tmp_path, MOST)
    for number in range(300):
        cache.keep(key(number), jpeg(20_000))
        assert held(tmp_path) <= MOST
    assert held(tmp_path) > MOST // 2


def test_two_processes_together_hold_no_more_than_the_bound(tmp_path: Path) -> None:
    one, other = DrawingCache(tmp_path, MOST), DrawingCache(tmp_path, MOST)
    for number in range(150):
        one.keep(key(number), jpeg(20_000))
        other.keep(key(number, digest="b" * 64), jpeg(20_000))
        assert held(tmp_path) <= MOST


def test_what_was_looked_at_last_stays(tmp_path: Path) -> None:
    cache = DrawingCache(tmp_path, MOST)
    for number in range(30):
        cache.keep(key(number), jpeg(20_000))
    for place, path in enumerate(sorted(tmp_path.rglob("*.jpg"))):
        os.utime(path, (place, place))
    assert cache.find(key(0))
    for number in range(100, 125):
        cache.keep(key(number), jpeg(20_000))
    assert cache.find(key(0))
    assert sum(cache.find(key(number)) is not None for number in range(1, 30)) < 29


def test_what_a_former_life_left_counts(tmp_path: Path) -> None:
    for number in range(40):
        DrawingCache(tmp_path, 10 * MOST).keep(key(number), jpeg(40_000))
    assert held(tmp_path) > MOST
    DrawingCache(tmp_path, MOST).keep(key(99), jpeg(100))
    assert held(tmp_path) <= MOST


def test_one_giant_doesn_t_drive_the_others_out(tmp_path: Path) -> None:
    cache = DrawingCache(tmp_path, MOST)
    cache.keep(key(1), jpeg(100))
    cache.keep(key(2), jpeg(MOST))
    assert cache.find(key(1))
    assert cache.find(key(2)) is None


def test_the_directory_may_be_deleted_at_any_time(tmp_path: Path) -> None:
    cache = DrawingCache(tmp_path / "kept", MOST)
    cache.keep(key(1), jpeg(100))
    for path in sorted((tmp_path / "kept").rglob("*"), reverse=True):
        path.unlink() if path.is_file() else path.rmdir()
    assert cache.find(key(1)) is None
    cache.keep(key(1), jpeg(100))
    assert cache.find(key(1))


def test_a_disk_that_can_t_be_written_costs_only_the_drawing(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    cache = DrawingCache(tmp_path / "file" / "kept", MOST)
    cache.keep(key(1), jpeg(100))
    assert cache.find(key(1)) is None


@pytest.mark.parametrize("data", [b"", jpeg(100)[:50], b"\0" * 100])
def test_half_a_file_is_no_drawing(tmp_path: Path, data: bytes) -> None:
    cache = DrawingCache(tmp_path, MOST)
    cache.keep(key(1), jpeg(100))
    (path,) = tmp_path.rglob("*.jpg")
    path.write_bytes(data)
    assert cache.find(key(1)) is None
    assert not path.exists()


def test_others_can_t_look_into_the_directory(tmp_path: Path) -> None:
    DrawingCache(tmp_path / "kept", MOST).keep(key(1), jpeg(100))
    (path,) = tmp_path.rglob("*.jpg")
    for place, mode in ((path, 0o600), (path.parent, 0o700), (tmp_path / "kept", 0o700)):
        assert place.stat().st_mode & 0o777 == mode


def test_a_document_is_forgotten_whole_and_alone(tmp_path: Path) -> None:
    cache = DrawingCache(tmp_path, MOST)
    near = "a" * 63 + "b"
    for number in (1, 2):
        cache.keep(key(number), jpeg(100))
        cache.keep(key(number, digest=near), jpeg(100))
    unfinished = tmp_path / "aa" / f"{'a' * 64}-3-1000xyz.part"
    unfinished.write_bytes(b"half")
    cache.forget("a" * 64)
    assert not unfinished.exists()
    assert [cache.find(key(number)) for number in (1, 2)] == [None, None]
    assert all(cache.find(key(number, digest=near)) for number in (1, 2))


@pytest.mark.parametrize("digest", ["", "../../etc", "A" * 64, "a" * 64 + "\n", "a" * 63])
def test_only_a_digest_makes_a_path(digest: str) -> None:
    with pytest.raises(ValueError, match="digest"):
        key(1, digest=digest)


def test_readers_never_see_half_of_what_a_writer_writes(tmp_path: Path) -> None:
    cache, wrong = DrawingCache(tmp_path, 100 * MOST), []
    kinds = {jpeg(200_000, filling) for filling in (b"x", b"y")}

    def write() -> None:
        for filling in [b"x", b"y"] * 30:
            cache.keep(key(1), jpeg(200_000, filling))

    writer = threading.Thread(target=write)
    writer.start()
    while writer.is_alive():
        found = cache.find(key(1))
        if found is not None and found not in kinds:
            wrong.append(found)
    writer.join()
    assert not wrong
    assert [path.suffix for path in tmp_path.rglob("*") if path.is_file()] == [".jpg"]
