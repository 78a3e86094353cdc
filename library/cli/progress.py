"""Progress for people: a bar with rate and time left on a terminal, plain lines anywhere else."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic

from rich.console import Console
from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as RichProgress

from library.services.progress import Progress, Step

LINE_SECONDS = 5.0


@contextmanager
def progress(label: str) -> Iterator[Progress]:
    """Show how far something is, on standard error; the value is to be called with each step."""
    if sys.stderr.isatty():
        with _bar(label) as tell:
            yield tell
    else:
        yield plain_lines(label, sys.stderr.write, monotonic)


@contextmanager
def _bar(label: str) -> Iterator[Progress]:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[records]} records"),
        TextColumn("{task.fields[rate]}/s"),
        TimeRemainingColumn(),
        TextColumn("{task.fields[part]}"),
    )
    with RichProgress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task(label, total=None, records="0", rate="–", part="")
        began = monotonic()

        def tell(step: Step) -> None:
            bar.update(
                task,
                completed=step.done,
                total=step.total,
                records=f"{step.records:,}",
                rate=f"{_rate(step.records, monotonic() - began):,}",
                part=step.part,
            )

        yield tell


def plain_lines(label: str, write: Callable[[str], object], clock: Callable[[], float]) -> Progress:
    """Write a line every few seconds, and one at the end."""
    began = last = clock()
    is_told = False

    def tell(step: Step) -> None:
        nonlocal last, is_told
        now = clock()
        ended = step.done >= step.total
        if is_told or (now - last < LINE_SECONDS and not ended):
            return
        last, is_told = now, ended
        seconds = now - began
        left = "" if ended or not step.done else f", {seconds * (step.total - step.done) / step.done:,.0f} s left"
        share = 100 * step.done // step.total if step.total else 100
        write(f"{label}: {share} %, {step.records:,} records, {_rate(step.records, seconds):,} a second{left}\n")

    return tell


def _rate(records: int, seconds: float) -> int:
    return int(records / seconds) if seconds > 0 else records
