"""Kill writers that note uses and rollers that count them with -9 at random points, then count all and compare.

    python -m benchmarks.kill_usage [--kills 50] [--seed 1]

Every use that was noted has to be in the counts once. A kill does not test a power cut: what a process wrote survives
it in the page cache of the kernel.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from tempfile import TemporaryDirectory

from library.db import migrating
from library.db.engine import open_engine
from tests.services.killed_use import KilledUse

ROUND = 10


def main() -> None:
    """Kill and tell."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    noted = 0
    with TemporaryDirectory(prefix="kill-usage-") as directory:
        engine = open_engine(f"sqlite:///{directory}/library.sqlite")
        migrating.upgrade(engine)
        engine.dispose()
        killed = KilledUse(Path(directory), asked.seed)
        for begin in range(0, asked.kills, ROUND):
            noted = killed.prove(min(ROUND, asked.kills - begin))
            print(f"{min(begin + ROUND, asked.kills)} pairs killed, {noted:,} uses noted, each counted once")


if __name__ == "__main__":
    main()
