"""The command line: `library`. A command's module is imported when the command is given."""

from __future__ import annotations

import gc
from importlib import import_module
from typing import Any

import click

from library.domain.errors import LibraryError

COMMANDS = {
    "start": "start:start",
    "train": "train:train",
    "import": "import:import_",
    "harvest": "harvest:harvest",
    "export": "export:export",
    "index": "index:index",
    "db": "db:db",
    "custody": "custody:custody",
    "worker": "worker:worker",
    "accounts": "accounts:accounts",
    "journal": "journal:journal",
    "backup": "backup:backup",
    "drill": "backup:drill",
    "restore": "restore:restore",
    "statistics": "statistics:statistics",
    "settings": "settings:settings",
}


class Failure(click.ClickException):
    """A failure told in one sentence; exit code 2."""

    exit_code = 2


class LazyGroup(click.Group):
    """Imports the module of a command when it is wanted, and tells the library's errors without a traceback."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """The names, in the order of a library's life."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The command with this name."""
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        # Nothing of what is imported is garbage; looking for some takes a seventh of the time.
        gc.disable()
        command = getattr(import_module(f"library.cli.{module}"), name)
        gc.freeze()
        gc.enable()
        assert isinstance(command, click.Command)
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except LibraryError as error:
            raise Failure(str(error)) from error


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="kutubxona", prog_name="library")
def main() -> None:
    """Catalogue, portal and open archive of a university library."""
