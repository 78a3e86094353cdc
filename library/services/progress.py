"""How far something long is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Step:
    """`done` of `total` (bytes or records: the share is what counts), and how many records that were; `part` of it."""

    done: int
    total: int
    records: int
    part: str = ""


Progress = Callable[[Step], None]


def silent(_step: Step) -> None:
    """Tell nobody."""
