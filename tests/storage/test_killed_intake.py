"""The process that takes files in is killed with -9 at random points. A power cut is what `test_failing_disk` means."""

import os
import random
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from storage.fixity import Condition, check
from storage.model import Digest, Finding
from tests.storage.clamd_daemon import EICAR

ROUNDS = 6
ROOT = Path(__file__).parents[2]


def test_no_acknowledged_file_is_lost_and_no_infected_one_is_ever_kept(house, clamd):
    chance = random.Random(5)
    received: dict[str, Digest] = {}
    kept: set[Digest] = set()
    for run in range(ROUNDS):
        process = subprocess.Popen(
            [sys.executable, str(ROOT / "tests/storage/busy_intake.py"), str(house.root), str(clamd.socket), str(run)],
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            text=True,
        )
        assert process.stdout is not None
        lines = [process.stdout.readline()]
        time.sleep(chance.uniform(0.05, 0.4))
        process.kill()
        lines += process.stdout.readlines()
        process.stdout.close()
        process.wait()
        for line in lines:
            # The last one may be cut.
            if line.endswith("\n"):
                word, intake_id, digest = line.split()
                received[intake_id] = Digest(digest)
                kept |= {Digest(digest)} if word == "kept" else set()
        _nothing_is_lost(house, received, kept)
    assert len(received) > ROUNDS
    assert kept
    later = datetime.now(UTC) + timedelta(days=1)
    whole = {intake.id for intake in house.quarantine.whole()} | {r.intake.id for r in house.quarantine.locked()}
    house.quarantine.sweep(known=whole, before=later)
    house.store.sweep(known=(), before=later)
    assert list(house.store.faults()) == []
    assert len(house.files()) == 2 * len(whole) + 2 * len(list(house.store.files()))
    _nothing_is_lost(house, received, kept)


def _nothing_is_lost(house, received, kept):
    waiting = {intake.digest for intake in house.quarantine.whole()}
    waiting |= {refused.intake.digest for refused in house.quarantine.locked()}
    stored = {file.digest for file in house.store.files()}
    assert kept <= stored
    assert set(received.values()) <= waiting | stored
    for digest in stored:
        assert check(house.store, digest, datetime.now(UTC)).condition is Condition.SOUND
        assert house.store.describe(digest).verdict.finding is Finding.CLEAN
        with house.store.open(digest) as file:
            assert EICAR not in file.read()
