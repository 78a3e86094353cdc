"""Options that are one of our enumerations."""

from __future__ import annotations

from enum import StrEnum
from typing import TypeVar

import click

Kind = TypeVar("Kind", bound=StrEnum)


class OneOf(click.Choice[Kind]):
    """The members of an enumeration, written as their values; click would have their names."""

    def normalize_choice(self, choice: object, ctx: click.Context | None) -> str:  # noqa: ARG002
        """The value of a member; what was typed stays as it is."""
        return str(choice)
