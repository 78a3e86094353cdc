"""What programs were given, for `library.web.noting`, which notes it once the answer is over."""

from __future__ import annotations

from flask import g

from library.domain.noted import Noted
from library.domain.usage import Kind


def searched(results: int) -> None:
    """A program searched, by SRU, the API or a feed: for readers elsewhere, so that it is no search of the platform.

    The Code of COUNTER calls such searches federated (7.7). The words are not kept: they are in the program's language.
    """
    g.noted = Noted(kind=Kind.SRU, results=results)


def record_viewed(record_id: int) -> None:
    """The record was given."""
    g.noted = Noted(kind=Kind.RECORD_VIEW, item_id=record_id)


def harvested() -> None:
    """A harvester was answered."""
    g.noted = Noted(kind=Kind.OAI)
