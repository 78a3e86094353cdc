"""A program that harvests and may be killed at any moment. Arguments: database, directory, port, partner."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

from harvest.intake.asking import Patience
from library.db.engine import open_engine
from library.db.unit_of_work import Database
from library.domain.partners import RunKind
from library.services.partners_harvesting import Harvesting
from tests.harvest.oai_partner import transport_to


def main(address: str, directory: str, port: str, partner: str) -> None:
    database = Database(open_engine(address), b"k" * 32)
    patience = Patience(pause=0, back_off=0.01)
    harvesting = Harvesting(
        database, lambda: transport_to(int(port)), Path(directory), "", UTC, lambda: datetime.now(UTC), patience
    )
    run = harvesting.run(int(partner), RunKind.HARVEST)
    sys.stdout.write(f"{run.state} {run.counts.new}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
