"""A program that harvests into a file and may be killed at any moment. Arguments: port, file, and when to kill itself.

The last is `never`, or a number and `before` or `after`: the page of this run around whose storing it dies.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from harvest.intake.asking import Patience
from harvest.intake.checkpoint import (
    Checkpoint,
    Outcome,
    Standing,
    Vanishing,
    dump_windows,
    load_windows,
)
from harvest.intake.pages import ListPage
from harvest.intake.run import harvest
from harvest.model import write_datestamp
from tests.harvest.oai_partner import partner_at, transport_to


class FileShelf:
    """Records, checkpoint and outcome in one file that is replaced at once: the transaction of this program."""

    def __init__(self, path: Path, dies_at: int, dies: str) -> None:
        self._path = path
        self._dies_at = dies_at
        self._dies = dies
        self._takes = 0
        empty: dict[str, Any] = {"records": {}, "since": None, "holes": [], "checkpoint": None}
        self.kept: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else empty

    def standing(self) -> Standing:
        kept = self.kept
        return Standing(
            since=None if kept["since"] is None else datetime.fromisoformat(kept["since"]),
            holes=load_windows(kept["holes"]),
            checkpoint=None if kept["checkpoint"] is None else Checkpoint.loaded(kept["checkpoint"]),
        )

    def take(self, page: ListPage, checkpoint: Checkpoint) -> None:
        self._takes += 1
        self.kept["records"] |= {record.identifier: record.metadata.decode() for record in page.records}
        self.kept["checkpoint"] = checkpoint.dumped()
        self._die("before")
        self._store()
        self._die("after")

    def vanishing(self) -> Vanishing:
        return Vanishing(visible=len(self.kept["records"]), hidden=0)

    def finish(self, outcome: Outcome) -> None:
        self.kept["since"] = None if outcome.since is None else write_datestamp(outcome.since)
        self.kept["holes"] = dump_windows(outcome.holes)
        self.kept["checkpoint"] = None if outcome.checkpoint is None else outcome.checkpoint.dumped()
        self._store()

    def _store(self) -> None:
        beside = self._path.with_suffix(".new")
        beside.write_text(json.dumps(self.kept), encoding="utf-8")
        beside.replace(self._path)

    def _die(self, when: str) -> None:
        if self._takes == self._dies_at and when == self._dies:
            os.kill(os.getpid(), signal.SIGKILL)


def main(port: str, file: str, death: str) -> None:
    number, _, when = death.partition(" ")
    shelf = FileShelf(Path(file), int(number) if when else 0, when)
    outcome = harvest(
        partner_at(int(port)),
        shelf,
        transport_to(int(port)),
        clock=lambda: datetime.now(UTC),
        sleep=time.sleep,
        patience=Patience(pause=0, back_off=0.01),
    )
    sys.stdout.write(f"{outcome.ending} {outcome.counts.records}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
