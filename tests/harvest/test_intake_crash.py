"""A harvest that is killed, really and at once, goes on behind the last page that was stored."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

from tests.harvest.hostile_server import Behaviour, HostileServer, raw
from tests.harvest.oai_partner import Arguments, Repository, cut, works

ROOT = Path(__file__).parents[2]


class Life:
    """The program on a partner and a file; it may be started again after it died."""

    def __init__(self, port: int, file: Path) -> None:
        self._port = port
        self._file = file
        self.process: subprocess.Popen[str] | None = None

    def lived(self, death: str = "never") -> str:
        """What it said at its end; nothing if it was killed."""
        arguments = [sys.executable, "-m", "tests.harvest.mortal_harvest", str(self._port), str(self._file), death]
        with subprocess.Popen(arguments, cwd=ROOT, stdout=subprocess.PIPE, text=True) as self.process:
            said, _ = self.process.communicate(timeout=60)
        assert self.process.returncode in (0, -signal.SIGKILL)
        assert (self.process.returncode == 0) == bool(said)
        return said.strip()

    def records(self) -> set[str]:
        return set(json.loads(self._file.read_text(encoding="utf-8"))["records"])


def test_killed_before_and_after_storing_a_page_it_loses_none_and_repeats_at_most_one(tmp_path: Path) -> None:
    repository = Repository(works(200), batch=20)
    with HostileServer(repository) as server:
        life = Life(server.port, tmp_path / "shelf.json")
        counts = []
        for death in ("1 after", "2 before", "1 before", "3 after"):
            assert life.lived(death) == ""
            counts.append(len(life.records()))
        assert counts == [20, 40, 40, 100]
        assert life.lived() == "complete 200"
        assert life.records() == {work.identifier for work in repository.works}
    tokens = [asked["resumptionToken"] for asked in repository.asked if "resumptionToken" in asked]
    assert sorted(set(tokens), key=lambda token: int(token[3:])) == [f"|||{20 * page}" for page in range(1, 10)]
    assert len(tokens) <= 9 + 4, "each death costs one page at most"
    assert sum(asked.get("metadataPrefix") == "oai_dc" for asked in repository.asked) == 1, "never from the beginning"


def test_killed_while_a_hostile_partner_is_speaking_it_still_gets_everything(tmp_path: Path) -> None:
    repository = Repository(works(200), batch=20)
    deaths = {1, 3, 4, 9, 16}

    with HostileServer(repository) as server:
        life = Life(server.port, tmp_path / "shelf.json")

        def fault(number: int, _: Arguments, body: bytes) -> Behaviour | None:
            if number in deaths:
                assert life.process is not None
                os.kill(life.process.pid, signal.SIGKILL)
                return raw(f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n\r\n".encode(), body[:-20])
            return cut(body) if number % 7 == 0 else None

        repository.fault = fault
        (tmp_path / "shelf.json").write_text(
            json.dumps({"records": {}, "since": None, "holes": [], "checkpoint": None}), encoding="utf-8"
        )
        said = [life.lived() for _ in range(len(deaths) + 1)]
        assert said == [""] * len(deaths) + ["complete 200"]
        assert life.records() == {work.identifier for work in repository.works}
