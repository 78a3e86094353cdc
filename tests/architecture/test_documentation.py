"""The documents say what the program has: every setting, every error, every command."""

import inspect
from pathlib import Path

import click

from library.cli import main
from library.domain import errors, key_errors
from library.error_responses import STATUS
from library.settings import Settings

ROOT = Path(__file__).parents[2]
OPERATIONS = (ROOT / "docs/operations.md").read_text(encoding="utf-8")


def test_every_setting_is_in_the_operations_manual() -> None:
    for variable, _, sentence in Settings().masked():
        assert f"`{variable}`" in OPERATIONS, variable
        assert sentence in OPERATIONS, f"{variable}: the manual says something else"


def test_every_error_has_a_status() -> None:
    kinds = [
        kind
        for module in (errors, key_errors)
        for _, kind in inspect.getmembers(module, inspect.isclass)
        if issubclass(kind, errors.LibraryError) and kind is not errors.LibraryError
    ]
    assert kinds
    for kind in kinds:
        assert kind in STATUS, kind.__name__
    codes = [kind.code for kind in kinds]
    assert len(set(codes)) == len(codes)


def test_every_command_is_in_the_manuals() -> None:
    manuals = OPERATIONS + (ROOT / "docs/migration-from-irbis64.md").read_text(encoding="utf-8")

    def walk(group: click.Group, words: str) -> None:
        context = click.Context(group)
        for name in group.list_commands(context):
            command = group.get_command(context, name)
            if isinstance(command, click.Group):
                walk(command, f"{words} {name}")
            else:
                assert f"{words} {name}" in manuals, f"{words} {name}"

    assert isinstance(main, click.Group)
    walk(main, "library")
