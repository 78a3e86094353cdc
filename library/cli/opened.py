"""The container of a command: made from the environment, closed at the end."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from library.cli import own_scanner
from library.container import Container
from library.settings import Settings


@contextmanager
def opened_container() -> Iterator[Container]:
    """A container over a database that has the tables of this release; an empty one gets them."""
    container = Container(own_scanner.in_use(Settings.from_environment(os.environ), os.environ))
    try:
        container.prepare()
        yield container
    finally:
        container.close()
