"""Takes files in without end, as the worker does, and says of each on standard output once it is acknowledged.

Arguments: the directory, the socket of the scanner, a number that no other run has. Started by `test_killed_intake`.
"""

import secrets
import sys
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from storage.antivirus import ClamdScanner
from storage.canary import Canary
from storage.content_store import ContentStore
from storage.gate import Gate
from storage.model import Admitted
from storage.quarantine import Quarantine
from tests.storage.clamd_daemon import EICAR


def main() -> None:
    root, run = Path(sys.argv[1]), int(sys.argv[3])

    def clock() -> datetime:
        return datetime.now(UTC)

    scanner = ClamdScanner(Path(sys.argv[2]), limit=8 << 20, clock=clock)
    quarantine = Quarantine(root / "quarantine", new_id=lambda: secrets.token_hex(16), clock=clock, reserve=0)
    gate, store = Gate(quarantine, scanner, Canary(scanner, clock)), ContentStore(root / "originals", quarantine, clock)
    for number in range(10_000):
        words = f"{run} {number}\n".encode() * 20_000
        data = words + EICAR if number % 3 == 2 else words
        intake = quarantine.receive(BytesIO(data), limit=1 << 20, name="a.txt")
        sys.stdout.write(f"received {intake.id} {intake.digest}\n")
        sys.stdout.flush()
        outcome = gate.inspect(intake)
        if isinstance(outcome, Admitted):
            store.keep(outcome, facts={"number": number})
            sys.stdout.write(f"kept {intake.id} {intake.digest}\n")
            sys.stdout.flush()
            quarantine.discard(intake.id)


main()
