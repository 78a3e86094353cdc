"""Kill an import with -9 at random points, run it again, and compare with an undisturbed one.

    python benchmarks/kill_import.py [--rounds 50] [--records 6000] [--seed 1]

A kill does not test a power cut: what the process wrote survives it in the page cache of the kernel.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from library.domain.marc import ControlField, DataField, MarcRecord, Subfield
from library.marc import iso2709

ROOT = Path(__file__).parents[1]
# All that an import writes but times and the numbers of its runs.
TABLES = {
    "records": "id, dialect, status, version, marc, description, title, title_key, year, material, changed_by",
    "record_revisions": "record_id, version, dialect, marc, status",
    "copies": "*",
    "origins": "*",
    "outbox": "topic, record_id",
}


def write_source(path: Path, records: int, seed: int) -> None:
    """An ISO 2709 file of MARC 21 records, some without a number and some twice."""
    chance = random.Random(seed)
    with path.open("wb") as file:
        for number in range(records):
            kept = chance.random()
            fields = [] if kept < 0.1 else [ControlField("001", f"k{number if kept < 0.9 else number // 2}")]
            title = f"Kitob {chance.randrange(10**9)}"
            fields_of_data = [
                DataField("245", "10", (Subfield("a", title), Subfield("c", "Karimov, A."))),
                # With this the source is large enough for a reading process of its own.
                DataField("520", "  ", (Subfield("a", "Annotatsiya " * 40),)),
                DataField("852", "  ", (Subfield("a", "AB"), Subfield("p", str(chance.randrange(10**6))))),
            ]
            file.write(iso2709.encode(MarcRecord("00000nam a2200000 i 4500", (*fields, *fields_of_data))))


def start(source: Path, data: Path) -> subprocess.Popen[bytes]:
    """An import as a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "library", "import", str(source)],
        cwd=ROOT,
        env={**os.environ, "LIBRARY_DATA_DIR": str(data)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def content(data: Path) -> dict[str, list[tuple[object, ...]]]:
    """All that the import wrote, in a fixed order."""
    with closing(sqlite3.connect(data / "library.sqlite")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return {
            name: sorted(connection.execute(f"SELECT {columns} FROM {name}"), key=repr)  # noqa: S608
            for name, columns in TABLES.items()
        }


def kill_after(seconds: float, source: Path, data: Path) -> bool:
    """Start an import and kill it; whether it was still running then."""
    process = start(source, data)
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        return True
    return False


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--records", type=int, default=6000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    chance = random.Random(options.seed)
    with TemporaryDirectory() as name:
        directory = Path(name)
        source = directory / "source.mrc"
        write_source(source, options.records, options.seed)
        began = time.monotonic()
        assert start(source, directory / "undisturbed").wait() == 0
        whole = time.monotonic() - began
        undisturbed = content(directory / "undisturbed")
        killed = number = 0
        while killed < options.rounds:
            number += 1
            data = directory / f"round{number}"
            killed += kill_after(chance.uniform(0, whole), source, data)
            assert start(source, data).wait() == 0
            assert content(data) == undisturbed, f"round {number} differs"
            shutil.rmtree(data)
            print(f"{killed} of {options.rounds} killed, all equal to the undisturbed import", flush=True)


if __name__ == "__main__":
    main()
