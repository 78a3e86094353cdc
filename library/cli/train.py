"""`library train`: a library to learn in, where nothing is real."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import click

from library.cli.start import data_home, host_option, serve
from library.services.installation import claim
from library.settings import PREFIX, Settings

# How the pages look to readers here, what is catalogued in, and which partners of the inside may be copied from; where
# the real library keeps its data and secrets is nothing to learn with.
_TAKEN_OVER = (
    *("DEFAULT_LANGUAGE", "DESCRIPTION_STYLE", "INSTITUTION", "LIBRARY_NAME", "TIME_ZONE"),
    *("CATALOGUING_DIALECT", "PARTNER_NETWORKS", "PARTNER_PORTS"),
)


@click.command()
@click.argument("directory", metavar="[DIR]", required=False, type=click.Path(path_type=Path, file_okay=False))
@host_option
@click.option("--port", default=8001, show_default=True, type=click.IntRange(1, 65535), help="Port to listen on.")
def train(directory: Path | None, host: str, port: int) -> None:
    """Start a separate installation with invented records, to learn and to try things on.

    Every page says that it is for training. DIR must be new, empty or of such an installation; the data of a real
    library are never touched. To begin anew, delete DIR.
    """
    directory = directory or data_home(os.environ) / "kutubxona-training"
    environment = training_environment(os.environ, directory)
    if directory.exists():
        claim(Settings.from_environment(environment))
    serve(environment, host, port, with_sample=True)


def training_environment(environment: Mapping[str, str], directory: Path) -> dict[str, str]:
    """The environment without the settings of the real library, save how its pages look."""
    kept = {PREFIX + name for name in _TAKEN_OVER}
    inherited = {name: value for name, value in environment.items() if not name.startswith(PREFIX) or name in kept}
    directory = directory.expanduser().absolute()
    return {**inherited, f"{PREFIX}DATA_DIR": str(directory), f"{PREFIX}TRAINING": "true"}
