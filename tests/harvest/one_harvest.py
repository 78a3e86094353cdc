"""One harvest of a partner on loopback, for tests of what comes of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from harvest.intake.asking import Patience
from harvest.intake.checkpoint import Ending, Outcome, Partner, Vanishing
from harvest.intake.run import compare, harvest
from harvest.transport import Transport
from tests.harvest.hostile_server import Behaviour, answer
from tests.harvest.oai_partner import (
    Arguments,
    Census,
    Fault,
    Repository,
    Shelf,
    Time,
    serving,
)

QUIET = Patience(pause=0)


def run(shelf: Shelf, repository: Repository, **options) -> Outcome:
    """One harvest of the repository into the shelf, or a comparison with it."""
    with serving(repository) as (partner, transport):
        return go(shelf, partner, transport, **options)


def go(
    shelf: Shelf,
    partner: Partner,
    transport: Transport,
    *,
    time: Time | None = None,
    patience: Patience = QUIET,
    agree: Callable[[Vanishing], bool] = lambda _: False,
    **entry: Any,
) -> Outcome:
    """The same at an address; `entry` changes the partner's entry."""
    time = time or Time()
    way = compare if isinstance(shelf, Census) else harvest
    partner = replace(partner, **entry)
    return way(partner, shelf, transport, clock=time, sleep=time.sleep, patience=patience, agree=agree)


def complete(shelf: Shelf, repository: Repository, outcome: Outcome) -> None:
    """The run ended well and nothing is missing."""
    assert outcome.ending is Ending.COMPLETE, outcome.error
    assert set(shelf.records) == {work.identifier for work in repository.works}
    assert outcome.holes == ()


def dirty(body: bytes) -> Behaviour:
    """An answer with a forbidden character in a text in its middle."""
    place = body.index(b"</", len(body) // 2)
    return answer(body[:place] + b"\x0b" + body[place:])


def whenever(condition: Callable[[Arguments], bool], fault: Callable[[bytes], Behaviour]) -> Fault:
    """A fault at each request of a list with such arguments."""
    return lambda _, arguments, body: fault(body) if arguments["verb"] != "Identify" and condition(arguments) else None
