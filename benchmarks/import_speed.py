"""How fast files and bases come in, and how much memory that takes.

    python benchmarks/import_speed.py PATH... [--database ADDRESS]

Prints one line a run: records, records a second end to end, processor time in microseconds a record and the largest
resident memory, these two for the writing process and the reading ones. A second run over the same sources shows what
an import costs that finds nothing new. Without an address a new SQLite file is used.
"""

from __future__ import annotations

import argparse
import os
import resource
import time
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from library.db import migrating
from library.db.engine import open_engine
from library.db.unit_of_work import Database
from library.services.importing import Importing
from library.services.keys import installation_key


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("paths", nargs="+", type=Path)
    parser.add_argument("--database", default="")
    options = parser.parse_args()
    with TemporaryDirectory() as name:
        directory = Path(name)
        engine = open_engine(options.database or f"sqlite:///{directory / 'library.sqlite'}")
        database = Database(engine, installation_key(directory / "journal.key"))
        migrating.upgrade(database.engine)
        importing = Importing(database, directory / "rejected", directory / "lock", lambda: datetime.now(UTC))
        for label in ("first", "again"):
            began, busy = time.perf_counter(), (_seconds(resource.RUSAGE_SELF), _seconds(resource.RUSAGE_CHILDREN))
            outcome = importing.run(options.paths)
            seconds = time.perf_counter() - began
            counts = outcome.counts
            writer = (_seconds(resource.RUSAGE_SELF) - busy[0]) / counts.read
            reader = (_seconds(resource.RUSAGE_CHILDREN) - busy[1]) / counts.read
            print(
                f"{label}: read {counts.read:,} = new {counts.new:,} + changed {counts.changed:,} + unchanged"
                f" {counts.unchanged:,} + rejected {counts.rejected:,}; {seconds:.1f} s,"
                f" {counts.read / seconds:,.0f} records a second;"
                f" writing {writer * 1e6:.0f} µs, {_megabytes(resource.RUSAGE_SELF)} MB;"
                f" reading {reader * 1e6:.0f} µs, {_megabytes(resource.RUSAGE_CHILDREN)} MB;"
                f" load {os.getloadavg()[0]:.1f}"
            )
        database.close()


def _seconds(who: int) -> float:
    used = resource.getrusage(who)
    return used.ru_utime + used.ru_stime


def _megabytes(who: int) -> int:
    return resource.getrusage(who).ru_maxrss // 1024


if __name__ == "__main__":
    main()
