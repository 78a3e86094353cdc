"""Whose a data directory is: real or for training, whole or in the middle of a restore."""

from __future__ import annotations

from library.domain.errors import N_, LibraryError
from library.settings import Settings

RESTORING = ".restoring"
"""The directory in which a restore prepares what it brings; while it is there, nothing else may begin."""
TRAINING = "training"
"""The file that marks the data directory of a training installation."""


def claim(settings: Settings) -> None:
    """Take the data directory for what the settings say it is for; `LibraryError` where it is something else.

    The directory of a new training installation is made and marked.
    """
    directory, mark = settings.data_dir, settings.data_dir / TRAINING
    if (directory / RESTORING).exists():
        raise LibraryError(
            N_("A restore into {path} was not finished. Give the same command again."), path=str(directory)
        )
    if mark.exists() and not settings.training:
        raise LibraryError(
            N_("{path} is a training installation. Open it by {command}, or choose another directory."),
            path=str(directory),
            command="library train",
        )
    if settings.training and not mark.exists():
        if directory.exists() and any(directory.iterdir()):
            raise LibraryError(
                N_("{path} is not a training installation, and training never touches another one. Choose another."),
                path=str(directory),
            )
        directory.mkdir(mode=0o750, parents=True, exist_ok=True)
        mark.touch(mode=0o640)
