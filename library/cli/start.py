"""`library start`: from nothing to a portal in a browser, with one command."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import click

from library.cli import own_scanner, sample_texts, sample_use
from library.cli.own_scanner import OwnScanner
from library.cli.progress import progress
from library.container import Container, now
from library.settings import Settings

STOP_SECONDS = 10
SCANNER = "virus scanner"
READY_SECONDS = 60
PROBE = "LIBRARY_PROBE_ADDRESS"


host_option = click.option(
    "--host", default="127.0.0.1", show_default=True, help="Address to listen on; 0.0.0.0 opens it to the network."
)


@click.command()
@click.option("--data", "data", type=click.Path(path_type=Path), help="Directory of everything that is kept.")
@host_option
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="Port to listen on.")
@click.option("--empty", is_flag=True, help="Begin with an empty catalogue, without the sample records.")
def start(data: Path | None, host: str, port: int, *, empty: bool) -> None:
    """Start the portal and its worker; make the database, the sample catalogue and the index where they are missing."""
    environment = dict(os.environ)
    set_by_hand = environment.get("LIBRARY_DATA_DIR")
    directory = data or (Path(set_by_hand) if set_by_hand else data_home(environment) / "kutubxona")
    environment["LIBRARY_DATA_DIR"] = str(directory.expanduser().absolute())
    serve(environment, host, port, with_sample=not empty)


def serve(environment: Mapping[str, str], host: str, port: int, *, with_sample: bool) -> None:
    """Run portal and worker of the installation that this environment describes, until Ctrl-C."""
    settings = Settings.from_environment(environment)
    _claim(settings.data_dir)
    _refuse_taken_port(host, port)
    token = _prepare(settings, with_sample=with_sample)
    with (
        _scanner(settings, environment) as scanner,
        _processes(settings, host, port, scanner, environment) as processes,
    ):
        _wait_until_ready(processes, host, port)
        click.echo(f"The library is open at http://{'127.0.0.1' if host == '0.0.0.0' else host}:{port}/")  # noqa: S104
        if token:
            click.echo(f"Administrator's one-time token, for /sign-in: {token}")
        click.echo(f"Everything is kept in {settings.data_dir}. Ctrl-C stops.")
        _watch(processes)


def data_home(environment: Mapping[str, str]) -> Path:
    """Where programs of one person keep their data."""
    return Path(environment.get("XDG_DATA_HOME") or Path.home() / ".local/share")


def _claim(directory: Path) -> None:
    try:
        directory.mkdir(mode=0o750, parents=True, exist_ok=True)
        probe = directory / f".probe-{secrets.token_hex(4)}"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise click.ClickException(
            f"Nothing can be written in {directory} ({error.strerror}). "
            "Give another directory with --data, or make this one writable."
        ) from error


def _refuse_taken_port(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise click.ClickException(
                f"Port {port} on {host} can't be used ({error.strerror}). Give another one with --port."
            ) from error


def _prepare(settings: Settings, *, with_sample: bool) -> str | None:
    """Bring database, catalogue and index to where readers can be let in.

    Gives the token for the first administrator, None where there is one.
    """
    container = Container(settings)
    try:
        container.migrate()
        container.derivation.renew()
        if with_sample and not container.importing.has_run():
            _import_sample(container)
        if not container.indexing.is_usable():
            with progress("Building the index") as report:
                container.indexing.rebuild(report)
        return container.first_token.issue()
    finally:
        container.close()


def _import_sample(container: Container) -> None:
    from library import sample

    # As if it had come yesterday: statistics tell what stood in the catalogue when a day was over.
    yesterday = now() - timedelta(days=1)
    with progress("Loading the sample catalogue") as report:
        outcome = container.importing.by_clock(lambda: yesterday).run(sample.paths(), progress=report)
    if outcome.rejected:
        raise click.ClickException(
            "The sample catalogue did not load whole; the installation is damaged. Install again."
        )
    click.echo(f"{sample_texts.take_in(container)} full texts go through the checks while the library is open.")
    click.echo(f"{sample_use.bring(container):,} uses of an invented year are counted while the library is open.")


@dataclass(frozen=True, slots=True)
class _Process:
    """A process of ours; without a `needed` one the library goes on."""

    name: str
    popen: subprocess.Popen[bytes]
    needed: bool = True


@contextmanager
def _scanner(settings: Settings, environment: Mapping[str, str]) -> Iterator[OwnScanner | None]:
    """The scanner that is started with the library, where nobody named one that runs already."""
    if not own_scanner.is_wanted(environment):
        yield None
        return
    with own_scanner.prepared(settings) as scanner:
        if remark := own_scanner.told(scanner):
            click.echo(remark)
        yield scanner


@contextmanager
def _processes(
    settings: Settings, host: str, port: int, scanner: OwnScanner | None, environment: Mapping[str, str]
) -> Iterator[list[_Process]]:
    """Portal, worker and scanner, in sessions of their own so that Ctrl-C reaches only us; all end with the block.

    The kernel ends them too should this process be killed, where `setpriv` (util-linux) is there to ask for it.
    """
    tied_to_us = ["setpriv", "--pdeathsig", "TERM", "--"] if shutil.which("setpriv") else []
    commands = {
        "worker": [sys.executable, "-m", "library", "worker"],
        "portal": [
            *(sys.executable, "-m", "gunicorn", "library.wsgi:application()"),
            *("--bind", f"{host}:{port}", "--threads", "8", "--worker-class", "gthread"),
            *("--log-level", "warning", "--no-control-socket", "--worker-tmp-dir", str(settings.data_dir)),
        ],
    }
    # Unless somebody said otherwise, the worker watches the portal that is started beside it.
    surroundings = {PROBE: f"http://{'127.0.0.1' if host == '0.0.0.0' else host}:{port}", **environment}  # noqa: S104
    if scanner is not None:
        commands = {SCANNER: list(scanner.command), **commands}
        surroundings[own_scanner.CONFIGURATION] = str(scanner.configuration)
    # A shell that starts us in the background may have told us to ignore SIGINT.
    for ending in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, _interrupt)
    processes: list[_Process] = []
    try:
        for name, command in commands.items():
            popen = subprocess.Popen(  # noqa: S603
                [*tied_to_us, *command],
                env=surroundings,
                start_new_session=True,
                stdout=subprocess.DEVNULL if name == SCANNER else None,
            )
            processes.append(_Process(name, popen, needed=name != SCANNER))
        yield processes
    except KeyboardInterrupt:
        click.echo("Stopping ...")
    finally:
        _stop(processes)
    click.echo("Stopped.")


def _interrupt(_signal: int, _frame: object) -> None:
    raise KeyboardInterrupt


def _stop(processes: list[_Process]) -> None:
    for process in processes:
        process.popen.terminate()
    deadline = time.monotonic() + STOP_SECONDS
    for process in processes:
        try:
            process.popen.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.popen.kill()
            process.popen.wait()


def _wait_until_ready(processes: list[_Process], host: str, port: int) -> None:
    address = f"http://{'127.0.0.1' if host == '0.0.0.0' else host}:{port}/health/ready"  # noqa: S104
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        _refuse_dead(processes)
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise click.ClickException(f"The portal did not become ready in {READY_SECONDS} seconds; see the messages above.")


def _watch(processes: list[_Process]) -> None:
    while True:
        _refuse_dead(processes)
        time.sleep(0.5)


def _refuse_dead(processes: list[_Process]) -> None:
    for process in processes:
        if process.needed and (status := process.popen.poll()) is not None:
            raise click.ClickException(f"The {process.name} ended with status {status}; see the messages above.")
