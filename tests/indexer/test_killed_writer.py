"""A writer that is killed loses nothing that was committed, and the next one goes on."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from indexer.model import Entry, Query
from indexer.queries import Words
from indexer.search_index import SearchIndex
from indexer.tantivy.engine import TantivyIndex
from indexer.whoosh.engine import WhooshIndex

ROOT = Path(__file__).parents[2]
ENGINES: dict[str, type[WhooshIndex | TantivyIndex]] = {"whoosh": WhooshIndex, "tantivy": TantivyIndex}

# Commits one entry after another, and says so after each, as a worker that deletes its task only then.
WRITER = """
import sys
from pathlib import Path
from indexer.model import Entry
from indexer.{engine}.engine import {name}

index = {name}(Path(sys.argv[1]))
if sys.argv[2] == "apply":
    number = int(sys.argv[3])
    while True:
        index.apply([Entry(key=f"k{{number}}", title=f"Kitob n{{number}}", body=("matn " * 300,))], [])
        print(number, flush=True)
        number += 1
with index.rebuild() as rebuild:
    print("begun", flush=True)
    for number in range(100000):
        rebuild.add([Entry(key=f"r{{number}}", title="Yangi", body=("matn " * 300,))])
"""


def start(engine: str, directory: Path, *arguments: str) -> subprocess.Popen[str]:
    source = WRITER.format(engine=engine, name=ENGINES[engine].__name__)
    command = [sys.executable, "-c", source, str(directory), *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)


def kill_after(process: subprocess.Popen[str], lines: int, pause: float) -> list[str]:
    """Kill it a little while after it has said so many lines; returns all it said."""
    assert process.stdout is not None
    said = [process.stdout.readline() for _ in range(lines)]
    time.sleep(pause)
    process.kill()
    said += process.stdout.readlines()
    process.wait()
    process.stdout.close()
    return [line.strip() for line in said]


@pytest.mark.parametrize("engine", ENGINES)
def test_killed_in_the_middle_of_applying(engine, tmp_path):
    committed = 0
    for pause in (0.0, 0.003, 0.007, 0.013, 0.021):
        process = start(engine, tmp_path, "apply", str(committed))
        said = kill_after(process, lines=3, pause=pause)
        committed = int(said[-1]) + 1
        index: SearchIndex = ENGINES[engine](tmp_path)
        for number in range(committed):
            assert index.search(Query(match=Words(f"n{number}"))).total == 1
        assert index.state().entries - committed in (0, 1), "the last may have been committed but not reported"


@pytest.mark.parametrize("engine", ENGINES)
def test_killed_in_the_middle_of_rebuilding(engine, tmp_path):
    index = ENGINES[engine](tmp_path)
    index.apply([Entry(key="old", title="Eski kitob")], [])
    for pause in (0.0, 0.05, 0.2):
        kill_after(start(engine, tmp_path, "rebuild"), lines=1, pause=pause)
        assert index.search(Query(match=Words("kitob"))).total == 1
        assert index.state().entries == 1
    with index.rebuild() as rebuild:
        rebuild.add([Entry(key="new", title="Yangi kitob")])
        rebuild.publish()
    assert [hit.key for hit in index.search(Query()).hits] == ["new"]
    index.apply([], [])
    assert index.state().entries == 1
