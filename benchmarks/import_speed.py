"""How fast files and bases come in, and how much memory that takes.

    python benchmarks/import_speed.py PATH... [--database ADDRESS]

Prints one line a source kind: records, records a second end to end, and the largest resident memory of the process. A
second run over the same sources shows what an import costs that finds nothing new. Without an address a new SQLite file
is used.
"""

from __future__ import annotations

import argparse
import resource
import time
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from library.db import migrating
from library.db.engine import open_engine
from library.db.unit_of_work import Database
from library.services.importing import Importing


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("paths", nargs="+", type=Path)
    parser.add_argument("--database", default="")
    options = parser.parse_args()
    with TemporaryDirectory() as name:
        directory = Path(name)
        database = Database(open_engine(options.database or f"sqlite:///{directory / 'library.sqlite'}"))
        migrating.upgrade(database.engine)
        importing = Importing(database, directory / "rejected", directory / "lock", lambda: datetime.now(UTC))
        for label in ("first", "again"):
            began = time.perf_counter()
            outcome = importing.run(options.paths)
            seconds = time.perf_counter() - began
            counts = outcome.counts
            memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
            print(
                f"{label}: read {counts.read:,} = new {counts.new:,} + changed {counts.changed:,} + unchanged"
                f" {counts.unchanged:,} + rejected {counts.rejected:,}; {seconds:.1f} s,"
                f" {counts.read / seconds:,.0f} records a second, {memory} MB"
            )
        database.close()


if __name__ == "__main__":
    main()
