"""`library settings`: what is in force."""

from __future__ import annotations

import os

import click

from library.settings import Settings


@click.command()
def settings() -> None:
    """Print the settings in force, secrets masked, each with what it is for."""
    for variable, value, sentence in Settings.from_environment(os.environ).masked():
        click.echo(f"{variable}={value}\n    {sentence}")
