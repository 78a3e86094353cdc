"""How long 10,000 records of a catalogue of 100,000 are changed at once, and restored.

    python -m benchmarks.batch_change --kept DIR          DIR as `python -m benchmarks.pages` has made it

The work is done on a copy. Printed are seconds by the clock and of processor time, and the longest step: as long does
a librarian's save wait at most.
"""

from __future__ import annotations

import argparse
import shutil
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from library.container import Container
from library.domain.access import Actor
from library.domain.people import Role
from library.marc.changes import Change, Kind
from library.settings import Settings

RECORDS = 10_000
CHANGE = Change(kind=Kind.REPLACE_PATTERN, tag="245", code="a", find=r"(.)$", value=r"\1.")


def main() -> None:
    """Change, compare, restore, compare."""
    arguments = argparse.ArgumentParser(description="Changing and restoring many records.")
    arguments.add_argument("--kept", type=Path, required=True)
    options = arguments.parse_args()
    author = Actor.person(1, "Nodira", frozenset({Role.CATALOGUER}))
    second = Actor.person(2, "Aziza", frozenset({Role.APPROVER}))
    with TemporaryDirectory() as name:
        shutil.copy(options.kept / "library.sqlite", name)
        container = Container(Settings(data_dir=Path(name)))
        container.migrate()
        numbers = range(1, RECORDS + 1)
        before = _contents(container)
        batch = container.batches.prepare(CHANGE, numbers, "the first", actor=author)
        container.batches.submit(batch, actor=author)
        container.batches.approve(batch, actor=second)
        _run(container, "changed")
        after = _contents(container)
        print(f"records that differ: {sum(one != after[number] for number, one in before.items()):,}")
        container.batches.undo(batch, actor=author)
        _run(container, "restored")
        print("restored to the letter" if _contents(container) == before else "NOT restored to the letter")
        container.close()


def _run(container: Container, what: str) -> None:
    began, worked, longest = time.perf_counter(), time.process_time(), 0.0
    while True:
        step = time.perf_counter()
        if not container.batches.step():
            break
        longest = max(longest, time.perf_counter() - step)
    print(
        f"{what}: {time.perf_counter() - began:.1f} s by the clock, {time.process_time() - worked:.1f} s of processor, "
        f"longest step {longest * 1000:.0f} ms"
    )


def _contents(container: Container) -> dict[int, object]:
    with container.database.reading() as view:
        return {number: record.marc for number, record in view.records.many(range(1, RECORDS + 1)).items()}


if __name__ == "__main__":
    main()
