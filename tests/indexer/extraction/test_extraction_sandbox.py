"""What is run in the sandbox keeps to its limits, leaves nothing behind, and its end is told by type."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

import pytest

from indexer.extraction import sandbox
from indexer.extraction.sandbox import Broken, Done, Limit, Limits, Missing, Stopped

QUICK = Limits(memory=512 << 20, processor=5, clock=10, output=1 << 20)


def shell(script: str, limits: Limits = QUICK, **places: Path) -> sandbox.Outcome:
    return sandbox.run(["sh", "-c", script], limits, **places)


def repeat(stream: BinaryIO, *, times: int) -> Iterator[object]:
    """Called in the child: yields what it reads so many times, and its size as bytes."""
    data = stream.read()
    for _ in range(times):
        yield data.decode()
    yield b"%d" % len(data)


def fail(stream: BinaryIO, *, after: int) -> Iterator[object]:
    for number in range(after):
        sys.stdout.write("what libraries say on their own is no answer")
        yield number
    raise LookupError(stream.read().decode())


def greedy(stream: BinaryIO) -> Iterator[object]:
    yield "before"
    yield len(stream.read() * (1 << 31))


def writing(stream: BinaryIO, *, path: str) -> Iterator[object]:
    with Path(path).open("wb") as file:
        file.write(stream.read())
    yield "written"


def surroundings(_stream: BinaryIO) -> Iterator[object]:
    yield dict(os.environ)
    yield sys.path[1:]
    yield [handle.name for handle in Path("/proc/self/fd").iterdir()]


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "source"
    path.write_text("саҳифа")
    return path


def here(function: str) -> str:
    return f"tests.indexer.extraction.test_extraction_sandbox:{function}"


def test_a_function_tells_in_lines_and_bytes_as_they_are(source: Path) -> None:
    outcome = sandbox.call(here("repeat"), {"times": 2}, QUICK, source=source)
    assert outcome == Done(output='"саҳифа"\n"саҳифа"\n12'.encode())
    assert list(sandbox.lines(outcome.output)) == ["саҳифа", "саҳифа"]


def test_what_a_function_said_before_it_failed_is_kept(source: Path) -> None:
    outcome = sandbox.call(here("fail"), {"after": 2}, QUICK, source=source)
    assert isinstance(outcome, Broken)
    assert list(sandbox.lines(outcome.output)) == [0, 1]
    assert outcome.detail == "LookupError: саҳифа"


def test_a_function_that_wants_too_much_memory(source: Path) -> None:
    outcome = sandbox.call(here("greedy"), {}, QUICK, source=source)
    assert outcome == Stopped(limit=Limit.MEMORY, output=b'"before"\n')


def test_a_function_can_write_no_file(source: Path, tmp_path: Path) -> None:
    made = tmp_path / "made"
    assert isinstance(sandbox.call(here("writing"), {"path": str(made)}, QUICK, source=source), Broken)
    assert made.read_bytes() == b""
    allowed = replace(QUICK, written=100)
    assert isinstance(sandbox.call(here("writing"), {"path": str(made)}, allowed, source=source), Done)
    assert made.read_text() == "саҳифа"


def test_a_child_knows_neither_our_environment_nor_our_files(source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIBRARY_SECRET", "sir")
    monkeypatch.setenv("PYTHONPATH", "/nowhere")
    with source.open("rb") as handle:
        os.set_inheritable(handle.fileno(), True)
        outcome = sandbox.call(here("surroundings"), {}, QUICK, source=source)
    environment, path, files = sandbox.lines(outcome.output)
    assert set(environment) <= {"HOME", "TMPDIR", "LC_ALL", "LC_CTYPE", "OMP_THREAD_LIMIT"}
    assert "/nowhere" not in path
    # Its three, the copy of the answer's, the null device, and that of the listing itself.
    assert len(files) <= 6


@pytest.mark.parametrize(
    ("script", "limit"),
    [
        ("sleep 600", Limit.CLOCK),
        ("exec >&- 2>&-; sleep 600", Limit.CLOCK),
        ("while :; do :; done", Limit.PROCESSOR),
        ("tail /dev/zero", Limit.MEMORY),
        ("yes", Limit.OUTPUT),
    ],
)
def test_a_program_that_meets_a_limit(script: str, limit: Limit) -> None:
    started = time.monotonic()
    clock = 1 if limit is Limit.CLOCK else 60
    outcome = shell(script, Limits(memory=200 << 20, processor=1, clock=clock, output=1000))
    assert isinstance(outcome, Stopped)
    assert outcome.limit is limit
    assert len(outcome.output) <= 1000
    assert time.monotonic() - started < 100


def test_a_program_can_write_only_so_much(tmp_path: Path) -> None:
    limits = replace(QUICK, written=1 << 16)
    assert shell("head -c 60000 /dev/zero > made", limits, directory=tmp_path) == Done(output=b"")
    assert (tmp_path / "made").stat().st_size == 60_000
    assert shell("head -c 70000 /dev/zero > made", limits, directory=tmp_path) != Done(output=b"")
    assert (tmp_path / "made").stat().st_size == 1 << 16
    assert isinstance(shell("echo > made2", directory=tmp_path), Stopped)


def test_a_program_gets_the_source_and_has_no_network(source: Path) -> None:
    assert shell("cat", source=source) == Done(output="саҳифа".encode())
    interfaces = shell("cat /proc/net/dev")
    assert isinstance(interfaces, Done)
    names = [line.split(b":")[0].strip() for line in interfaces.output.splitlines()[2:]]
    # Where the kernel lets us take the network away, none but the loop is left.
    able = subprocess.run(["unshare", "-n", "true"], capture_output=True, check=False).returncode == 0
    assert names == [b"lo"] or not able


def test_a_program_that_fails_crashes_or_is_missing() -> None:
    assert shell("echo half; echo why >&2; exit 3") == Broken(detail="why", output=b"half\n")
    assert shell("exit 3") == Broken(detail="status 3")
    assert shell("kill -SEGV $$") == Broken(detail="signal 11")
    assert sandbox.run(["no-such-program"], QUICK) == Missing(program="no-such-program")


def test_a_long_complaint_is_cut() -> None:
    outcome = shell("yes w | head -c 9000000 >&2; exit 1")
    assert isinstance(outcome, Broken)
    assert len(outcome.detail) <= 4096


def test_no_core_is_left_and_nothing_can_gain_rights() -> None:
    outcome = shell("ulimit -c; ulimit -n; grep NoNewPrivs /proc/self/status")
    assert isinstance(outcome, Done)
    assert outcome.output.split() == [b"0", b"64", b"NoNewPrivs:", b"1"]


def is_running(identity: int) -> bool:
    try:
        state = Path(f"/proc/{identity}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


@pytest.mark.parametrize("script", ["sleep 777 & echo $!", "sleep 777 & echo $!; wait"])
def test_what_a_program_started_ends_with_it(script: str) -> None:
    started = time.monotonic()
    outcome = shell(script, replace(QUICK, clock=2))
    assert isinstance(outcome, Done | Stopped)
    assert time.monotonic() - started < 100
    grandchild = int(outcome.output)
    deadline = time.monotonic() + 60
    while is_running(grandchild) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not is_running(grandchild)


def test_a_child_dies_with_its_parent(tmp_path: Path) -> None:
    script = (
        "from pathlib import Path; from indexer.extraction.sandbox import Limits, run;"
        f"run(['sh', '-c', 'echo $$ > {tmp_path}/pid; exec sleep 78'], Limits(written=100, clock=60))"
    )
    parent = subprocess.Popen([sys.executable, "-c", script], cwd=Path(__file__).parents[3])
    noted = tmp_path / "pid"
    deadline = time.monotonic() + 60
    while not (noted.exists() and noted.read_text().strip()) and time.monotonic() < deadline:
        time.sleep(0.01)
    child = int(noted.read_text())
    assert is_running(child)
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    deadline = time.monotonic() + 60
    while is_running(child) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not is_running(child)


def test_a_file_that_is_not_there_is_the_callers_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        sandbox.run(["cat"], QUICK, source=tmp_path / "absent")
