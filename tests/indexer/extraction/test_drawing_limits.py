"""Files made to hurt, and processes that die: each ends in a typed error, and the next page is drawn."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from indexer.extraction.drawing import Drawing
from indexer.extraction.drawing_cache import DrawingCache
from indexer.extraction.drawing_children import DrawingLimits
from indexer.extraction.drawing_errors import (
    DocumentLocked,
    DrawingError,
    DrawingUnavailable,
    TooCostly,
    Undrawable,
)
from indexer.extraction.page_images import FilePage
from tests.indexer.extraction import drawing_samples as samples

LIMITS = DrawingLimits(processor=1, clock=8, patience=8, memory=400 << 20)


@pytest.fixture
def drawing(tmp_path: Path) -> Iterator[Drawing]:
    with Drawing(DrawingCache(tmp_path / "kept", 50 << 20), children=1, limits=LIMITS) as drawing:
        yield drawing


@pytest.fixture
def good(tmp_path: Path) -> FilePage:
    return samples.page(samples.written_by_hand(tmp_path / "good.pdf", b"1 0 0 rg 0 0 200 300 re f"))


def alive(process: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{process}/status").read_text()
    except OSError:
        return False


def eventually(true: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if true():
            return True
        time.sleep(0.02)
    return False


def ended(attempt: Callable[[], object]) -> str:
    """The code of the error in which an attempt ends; none if it does well."""
    try:
        attempt()
    except DrawingError as error:
        return error.code
    return ""


def works(drawing: Drawing, good: FilePage) -> bool:
    drawing.forget(good.original.digest)
    return drawing.plain(good, width=200).height == 300


@pytest.mark.parametrize(
    ("box", "size"),
    [
        ("0 0 1000000 1000000", (1000, 1000)),
        ("0 0 1 1000000", (1, 20_000)),
        ("0 0 1000000 1", (1000, 1)),
        ("0 0 0.0001 0.0001", (1000, 1000)),
        ("0 0 1000 100000", (200, 20_000)),
    ],
)
def test_absurd_pages_become_images_of_bounded_size(
    drawing: Drawing, tmp_path: Path, box: str, size: tuple[int, int]
) -> None:
    page = drawing.plain(samples.page(samples.written_by_hand(tmp_path / "a.pdf", box=box)), width=1000)
    assert page.width * page.height <= LIMITS.pixels + 30_000
    assert page.width == pytest.approx(size[0], abs=90)
    (told,) = drawing.sizes(samples.original(tmp_path / "a.pdf"))
    assert 1 <= told.width <= 1_000_000
    assert 1 <= told.height <= 1_000_000


@pytest.mark.parametrize("box", ["0 0 0 0", "a b c d", f"0 0 {'9' * 300} {'9' * 300}", "200 300 0 0", "0 0 -5"])
def test_a_page_without_a_sound_size_is_drawn_or_refused(drawing: Drawing, tmp_path: Path, box: str) -> None:
    path = samples.written_by_hand(tmp_path / "a.pdf", box=box)
    assert len(drawing.sizes(samples.original(path))) == 1
    assert drawing.plain(samples.page(path), width=300).width <= 300


@pytest.mark.parametrize(
    ("kids", "count"), [("2 0 R", 5), ("2 0 R 3 0 R", 3), ("3 0 R", 2_000_000_000), ("3 0 R", -7), ("9 0 R", 1)]
)
def test_page_trees_that_lie_end_soon(drawing: Drawing, good: FilePage, tmp_path: Path, kids: str, count: int) -> None:
    path = samples.written_by_hand(tmp_path / "tree.pdf", kids=kids, count=count)
    began = time.monotonic()
    assert ended(lambda: drawing.sizes(samples.original(path))) in {"", "page-undrawable"}
    assert ended(lambda: drawing.plain(samples.page(path), width=300)) in {"", "page-undrawable"}
    assert time.monotonic() - began < 30
    assert works(drawing, good)


@pytest.mark.parametrize("made", [samples.self_drawing, samples.many_curves, samples.stream_bomb, samples.image_bomb])
def test_pages_made_to_exhaust_us_are_ended(
    drawing: Drawing, good: FilePage, tmp_path: Path, made: Callable[[Path], Path]
) -> None:
    page = samples.page(made(tmp_path / "bomb.pdf"))
    began = time.monotonic()
    assert ended(lambda: drawing.plain(page, width=1000)) in {"", "page-undrawable", "page-too-costly"}
    assert time.monotonic() - began < LIMITS.clock + 60
    assert works(drawing, good)


def test_work_without_end_is_ended_by_the_processor_s_time(drawing: Drawing, good: FilePage, tmp_path: Path) -> None:
    with pytest.raises(TooCostly) as refusal:
        drawing.plain(samples.page(samples.endless_work(tmp_path / "endless.pdf")), width=1000)
    assert refusal.value.limit == "processor"
    assert works(drawing, good)


def test_a_child_that_hangs_is_ended_by_the_clock(tmp_path: Path, good: FilePage) -> None:
    with Drawing(DrawingCache(tmp_path / "kept", 1 << 20), children=1, limits=DrawingLimits(clock=1)) as drawing:
        drawing.sizes(good.original)
        (child,) = drawing.processes()
        os.kill(child, signal.SIGSTOP)
        with pytest.raises(TooCostly) as refusal:
            drawing.plain(good, width=200)
        assert refusal.value.limit == "clock"
        assert not alive(child)
        assert works(drawing, good)


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data[:0],
        lambda data: data[: len(data) // 2],
        lambda data: data[:20] + bytes(range(256)) * 40,
        lambda data: data[:9] + b"[" * 200_000,
        lambda data: b"<html><script>alert(1)</script></html>" + data[:0],
    ],
)
def test_damaged_files_are_said_to_be(
    drawing: Drawing, good: FilePage, tmp_path: Path, damage: Callable[[bytes], bytes]
) -> None:
    path = tmp_path / "damaged.pdf"
    path.write_bytes(damage(samples.textbook(tmp_path / "book.pdf").read_bytes()))
    with pytest.raises(Undrawable):
        drawing.plain(samples.page(path), width=300)
    with pytest.raises(Undrawable):
        drawing.sizes(samples.original(path))
    assert works(drawing, good)


def test_a_file_that_is_gone_is_no_crash(drawing: Drawing, good: FilePage) -> None:
    good.original.path.unlink()
    with pytest.raises(Undrawable):
        drawing.plain(good, width=300)


def test_a_password_is_asked_for_only_where_it_opens_the_file(drawing: Drawing, tmp_path: Path) -> None:
    plain = samples.textbook(tmp_path / "book.pdf")
    shut = samples.locked(tmp_path / "shut.pdf", plain, user="sir", owner="sir2")
    with pytest.raises(DocumentLocked):
        drawing.plain(samples.page(shut), width=300)
    with pytest.raises(DocumentLocked):
        drawing.sizes(samples.original(shut))
    no_printing = samples.locked(tmp_path / "no_printing.pdf", plain, user="", owner="sir2")
    assert drawing.plain(samples.page(no_printing), width=300).width == 300


def test_a_child_killed_at_its_work_costs_one_page(tmp_path: Path, good: FilePage) -> None:
    hard = samples.page(samples.endless_work(tmp_path / "endless.pdf"))
    with Drawing(DrawingCache(tmp_path / "kept", 1 << 20), children=1) as drawing:
        drawing.sizes(good.original)
        (child,) = drawing.processes()
        with ThreadPoolExecutor(1) as readers:
            reader = readers.submit(ended, lambda: drawing.plain(hard, width=1000))
            assert eventually(lambda: busy(child))
            os.kill(child, signal.SIGKILL)
            assert reader.result() == "page-too-costly"
        assert works(drawing, good)
        assert child not in drawing.processes()


def busy(process: int) -> bool:
    """Whether a process has used more of the processor than starting takes."""
    times = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return int(times[11]) / os.sysconf("SC_CLK_TCK") > 0.8


def test_a_child_killed_at_rest_costs_nothing(drawing: Drawing, good: FilePage) -> None:
    drawing.sizes(good.original)
    (child,) = drawing.processes()
    os.kill(child, signal.SIGKILL)
    # Its threads end one after another.
    os.waitid(os.P_PID, child, os.WEXITED | os.WNOWAIT)
    assert works(drawing, good)


def test_a_child_has_its_limits(drawing: Drawing, good: FilePage) -> None:
    drawing.sizes(good.original)
    (child,) = drawing.processes()
    limits = Path(f"/proc/{child}/limits").read_text().splitlines()
    told = {line[:26].strip(): line[26:].split()[0] for line in limits[1:]}
    assert told["Max address space"] == str(LIMITS.memory)
    assert told["Max file size"] == "0"
    assert int(told["Max cpu time"]) <= LIMITS.processor + 5
    assert int(told["Max open files"]) <= 64


def test_no_process_is_left_after_close(tmp_path: Path, good: FilePage) -> None:
    hard = samples.page(samples.endless_work(tmp_path / "endless.pdf"))
    drawing = Drawing(DrawingCache(tmp_path / "kept", 1 << 20), children=2)
    drawing.sizes(good.original)
    (first,) = drawing.processes()
    with ThreadPoolExecutor(1) as readers:
        reader = readers.submit(ended, lambda: drawing.plain(hard, width=1000))
        assert eventually(lambda: busy(first))
        drawing.sizes(good.original)
        children = drawing.processes()
        assert len(children) == 2
        drawing.close()
        assert reader.result()
    assert not any(alive(child) for child in children)
    with pytest.raises(DrawingUnavailable):
        drawing.plain(good, width=200)
    assert not drawing.processes()


def test_who_waits_too_long_is_told_to_come_back(tmp_path: Path, good: FilePage) -> None:
    hard = samples.page(samples.endless_work(tmp_path / "endless.pdf"))
    limits = DrawingLimits(patience=0.05, processor=1)
    with Drawing(DrawingCache(tmp_path / "kept", 1 << 20), children=1, limits=limits) as drawing:
        drawing.sizes(good.original)
        (child,) = drawing.processes()
        with ThreadPoolExecutor(1) as readers:
            reader = readers.submit(ended, lambda: drawing.plain(hard, width=1000))
            assert eventually(lambda: busy(child))
            assert ended(lambda: drawing.plain(good, width=200)) == "drawing-busy"
            assert reader.result() == "page-too-costly"


PARENT = """
import json, sys, threading
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from indexer.extraction.drawing import Drawing
from indexer.extraction.drawing_cache import DrawingCache
from indexer.extraction.page_images import PDF, FilePage, Original

drawing = Drawing(DrawingCache(Path(sys.argv[2]) / "kept", 1 << 20), children=1)
original = Original(path=Path(sys.argv[3]), media_type=PDF, digest="a" * 64)
drawing.sizes(original)
print(json.dumps(sorted(drawing.processes())), flush=True)
drawing.plain(FilePage(original=original, number=1), width=1000)
"""


@pytest.mark.parametrize("at_work", [True, False])
def test_a_child_dies_with_us(tmp_path: Path, *, at_work: bool) -> None:
    hard = samples.endless_work(tmp_path / "endless.pdf")
    root = str(Path(__file__).parents[3])
    with subprocess.Popen(
        [sys.executable, "-c", PARENT, root, str(tmp_path), str(hard)], stdout=subprocess.PIPE
    ) as parent:
        assert parent.stdout is not None
        (child,) = json.loads(parent.stdout.readline())
        assert alive(child)
        assert not at_work or eventually(lambda: busy(child))
        parent.kill()
    assert eventually(lambda: not alive(child))


def test_a_child_outlives_the_thread_that_started_it(drawing: Drawing, good: FilePage) -> None:
    reader = threading.Thread(target=drawing.sizes, args=(good.original,))
    reader.start()
    reader.join()
    (child,) = drawing.processes()
    time.sleep(0.2)
    assert works(drawing, good)
    assert drawing.processes() == {child}


def test_a_child_is_replaced_before_it_has_grown_old(drawing: Drawing, good: FilePage) -> None:
    drawing.sizes(good.original)
    first = drawing.processes()
    for _ in range(2000):
        assert len(drawing.sizes(good.original)) == 1
    assert drawing.processes() != first
    assert not any(alive(child) for child in first)


def test_a_child_is_not_thought_as_large_as_we_are(drawing: Drawing, good: FilePage) -> None:
    """The peak that getrusage(2) tells a new process is that of its parent."""
    large = b"x" * (300 << 20)
    drawing.sizes(good.original)
    del large
    first = drawing.processes()
    assert works(drawing, good)
    assert len(first) == 1
    assert drawing.processes() == first


def test_where_no_process_can_work_it_is_said(tmp_path: Path, good: FilePage) -> None:
    limits = DrawingLimits(memory=20 << 20)
    with Drawing(DrawingCache(tmp_path / "kept", 1 << 20), limits=limits) as drawing:
        with pytest.raises(DrawingUnavailable):
            drawing.plain(good, width=200)
        assert not drawing.processes()
