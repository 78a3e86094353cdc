"""What tests of all folders share: databases of both kinds, a clock, a scanner, a container on an empty directory."""

from __future__ import annotations

import gc
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from threading import get_ident
from typing import TYPE_CHECKING

import pytest
from jinja2 import FileSystemBytecodeCache
from playwright.sync_api import Browser, expect, sync_playwright
from sqlalchemy import Engine, create_engine, event, make_url
from werkzeug.routing import Rule

from library.db import migrating
from library.db.engine import open_engine
from library.db.unit_of_work import Database
from library.settings import Settings
from tests.harvest.ztest import running
from tests.storage.clamd_daemon import MEGABYTES, Daemon
from tests.storage.clamd_daemon import running as running_clamd

if TYPE_CHECKING:
    from library.container import Container


class Clock:
    """A clock that goes on by one second each time it is looked at, so that no two changes are simultaneous."""

    def __init__(self) -> None:
        self.time = datetime(2026, 9, 1, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.time += timedelta(seconds=1)
        return self.time


@dataclass
class Statements:
    """The SQL that was sent while a block ran; transactions' own statements left out."""

    sent: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.sent)


class PostgresqlCluster:
    """A private PostgreSQL server on a unix socket, without TCP; databases are copies of a migrated one."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._numbers = count(1)
        binaries = max(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
        self._binaries = binaries
        # The server refuses to run as root.
        self._as_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        self.user = "postgres" if self._as_user else pwd.getpwuid(os.geteuid()).pw_name
        self._keeper = create_engine(self.address("postgres"), isolation_level="AUTOCOMMIT")
        if self._as_user:
            shutil.chown(directory, "postgres")

    def start(self) -> None:
        self._run("initdb", "-D", self._data, "-E", "UTF8", "--no-locale", "-A", "trust", "--no-sync")
        options = f"-c listen_addresses='' -c unix_socket_directories='{self._directory}' -c fsync=off"
        self._run("pg_ctl", "-D", self._data, "-o", options, "-l", f"{self._directory}/log", "-w", "start")
        self._execute("CREATE DATABASE migrated")
        engine = open_engine(self.address("migrated"))
        migrating.upgrade(engine)
        engine.dispose()

    def stop(self) -> None:
        self._keeper.dispose()
        self._run("pg_ctl", "-D", self._data, "-m", "immediate", "-w", "stop")

    def address(self, name: str) -> str:
        return f"postgresql+psycopg://{self.user}@/{name}?host={self._directory}"

    def new_database(self, *, migrated: bool = True) -> str:
        """The address of a database of its own, with or without our tables."""
        name = f"test{next(self._numbers)}"
        template = "migrated" if migrated else "template0"
        self._execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        return self.address(name)

    def drop(self, address: str) -> None:
        """Thousands of databases would fill the disk, each of them copied from the first."""
        self._execute(f"DROP DATABASE {make_url(address).database} WITH (FORCE)")

    @property
    def _data(self) -> str:
        return f"{self._directory}/data"

    def _execute(self, statement: str) -> None:
        with self._keeper.connect() as connection:
            connection.exec_driver_sql(statement)

    def _run(self, program: str, *arguments: str) -> None:
        command = [*self._as_user, str(self._binaries / program), *arguments]
        done = subprocess.run(command, cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False)
        assert done.returncode == 0, done.stderr.decode()


@pytest.fixture(scope="session", autouse=True)
def compiled_templates(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Templates are compiled once, not by each of the thousands of applications that tests make."""
    from library.web.pages import Portal

    kept = FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))
    Portal.jinja_options = {**Portal.jinja_options, "bytecode_cache": kept}


@pytest.fixture(scope="session", autouse=True)
def compiled_addresses() -> Iterator[None]:
    """What builds an address of a rule is compiled once too: it depends on nothing but the rule."""
    compiled: dict[tuple[str, str, bool], Callable[..., tuple[str, str]]] = {}
    compile_builder = Rule._compile_builder

    def compile_once(rule: Rule, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        key = (rule.rule, repr(rule.defaults), append_unknown)
        if key not in compiled:
            compiled[key] = compile_builder(rule, append_unknown)
        return compiled[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Rule, "_compile_builder", compile_once)
        yield


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgresqlCluster]:
    # Not in pytest's own directory: its parents are closed to other users, and the path of a socket must be short.
    directory = Path(tempfile.mkdtemp(prefix="pg-"))
    cluster = PostgresqlCluster(directory)
    cluster.start()
    yield cluster
    cluster.stop()
    shutil.rmtree(directory)


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("migrated") / "library.sqlite"
    engine = open_engine(f"sqlite:///{path}")
    migrating.upgrade(engine)
    engine.dispose()
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def database_address(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A migrated database of each kind."""
    if request.param == "sqlite":
        path = tmp_path / "library.sqlite"
        shutil.copy(request.getfixturevalue("migrated_sqlite"), path)
        yield f"sqlite:///{path}"
        return
    cluster: PostgresqlCluster = request.getfixturevalue("postgresql")
    address = cluster.new_database()
    yield address
    cluster.drop(address)


@pytest.fixture
def database(database_address: str) -> Iterator[Database]:
    """An empty catalogue; every test that asks for it runs on SQLite and on PostgreSQL."""
    database = Database(open_engine(database_address), b"k" * 32)
    yield database
    database.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def statements() -> Callable[[Engine], object]:
    """Records the SQL of a block: `with statements(engine) as sent: ...; assert len(sent) == 2`.

    What other threads do meanwhile, as those that write down uses, is not of the block.
    """

    @contextmanager
    def recording(engine: Engine) -> Iterator[Statements]:
        recorded, here = Statements(), get_ident()

        def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
            if get_ident() == here and not statement.startswith(("BEGIN", "SHOW")):
                recorded.sent.append(statement)

        event.listen(engine, "before_cursor_execute", note)
        yield recorded
        event.remove(engine, "before_cursor_execute", note)

    return recording


@pytest.fixture(scope="session")
def ztest(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of a real server of SRU and Z39.50."""
    with running(tmp_path_factory.mktemp("ztest")) as port:
        yield port


@pytest.fixture(scope="session")
def clamd() -> Iterator[Daemon]:
    """The virus scanner; a test that stops it starts it again (`with clamd.stopped(): …`, `frozen`, `knowing`)."""
    with running_clamd() as daemon:
        yield daemon


@pytest.fixture
def guarded_settings(tmp_path: Path, clamd: Daemon) -> Settings:
    """Settings of an installation before which the real scanner stands."""
    return Settings(
        data_dir=tmp_path / "data", scanner_configuration=str(clamd.configuration), file_megabytes=MEGABYTES
    )


@pytest.fixture
def guarded(guarded_settings: Settings, migrated_sqlite: Path) -> Iterator[Container]:
    """As `container`, before the real scanner."""
    from library.container import Container

    guarded_settings.data_dir.mkdir()
    shutil.copy(migrated_sqlite, guarded_settings.data_dir / "library.sqlite")
    container = Container(guarded_settings)
    yield container
    container.close()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path / "data")


@pytest.fixture
def container(settings: Settings, migrated_sqlite: Path) -> Iterator[Container]:
    """All services over an empty SQLite catalogue and an index that is not built yet."""
    from library.container import Container

    settings.data_dir.mkdir()
    shutil.copy(migrated_sqlite, settings.data_dir / "library.sqlite")
    container = Container(settings)
    yield container
    container.close()


def pytest_collection_finish() -> None:
    """What is imported stays: a fifth of the time of all tests would go into looking whether it is garbage."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 50)


CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, one for all tests of a process: a second one can't be driven beside it."""
    # What is expected comes, however busy the machine is.
    expect.set_options(timeout=60_000)
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    assert program is not None, "install Debian's package: apt install chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=CHROMIUM_ARGUMENTS)
        yield browser
        browser.close()
