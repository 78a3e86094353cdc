"""Where a harvest stands, and what its caller keeps of it: the one thing that survives the death of the process.

The caller stores each page together with the checkpoint that follows it, in one transaction. So a run that was killed
goes on behind the last page that was stored: no page is lost, and at most one comes twice.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from harvest.addresses import WebAddress
from harvest.errors import PartnerError
from harvest.intake.pages import ListPage
from harvest.intake.windows import Window
from harvest.model import Identity, write_datestamp


@dataclass(frozen=True, slots=True, kw_only=True)
class Partner:
    """Whom to harvest: base address, format, set (empty for all).

    `own_identifiers` is how the identifiers of our own records begin (`oai:library.example:`), empty if there are none:
    what a partner has from us is not taken back.
    """

    address: WebAddress
    prefix: str
    set_spec: str = ""
    own_identifiers: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What came, over all parts of a run that was interrupted; a record that came twice counts twice.

    `records` are living ones, `own` those that were left out because the partner has them from us, `mended` those of
    the `records` and `deleted` from which forbidden characters were taken, `waits` how often the partner asked to come
    later, `repeats` how often a request was sent again after a failure. `missing` is how many records fewer came than
    were announced by lists that ended properly all the same; some partners only guess the number.
    """

    pages: int = 0
    octets: int = 0
    records: int = 0
    deleted: int = 0
    rejected: int = 0
    mended: int = 0
    own: int = 0
    waits: int = 0
    repeats: int = 0
    missing: int = 0

    def plus(self, other: Counts) -> Counts:
        """Both together."""
        mine, theirs = asdict(self), asdict(other)
        return Counts(**{name: mine[name] + theirs[name] for name in mine})


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """Where an unfinished run stands.

    `request` tells whom it asks for what: a checkpoint of another request is not gone on with. `started` is the
    partner's clock at its beginning. `windows` are what is left to read, the first of them in
    progress if there is a `token`: `received` records of `announced` ones have come of it, by `restarts` attempts.
    `holes` are windows that were given up. None of the windows left means that all was read, but the run not closed.
    """

    request: str
    started: datetime
    windows: tuple[Window, ...]
    token: str = ""
    announced: int | None = None
    received: int = 0
    restarts: int = 0
    holes: tuple[Window, ...] = ()
    counts: Counts = Counts()

    def next_window(self) -> Checkpoint:
        """The same after the first window."""
        return replace(self, windows=self.windows[1:], token="", announced=None, received=0, restarts=0)

    def from_the_start(self) -> Checkpoint:
        """The same before the first page of the first window."""
        return replace(self, token="", announced=None, received=0)

    def dumped(self) -> str:
        """The checkpoint as JSON."""
        fields = asdict(self) | {
            "started": write_datestamp(self.started),
            "windows": dump_windows(self.windows),
            "holes": dump_windows(self.holes),
        }
        return json.dumps(fields)

    @classmethod
    def loaded(cls, text: str) -> Checkpoint:
        """What `dumped` gave; raises ValueError, KeyError or TypeError for anything else."""
        fields: Mapping[str, Any] = json.loads(text)
        return cls(
            **{
                **fields,
                "started": datetime.fromisoformat(fields["started"]),
                "windows": load_windows(fields["windows"]),
                "holes": load_windows(fields["holes"]),
                "counts": Counts(**fields["counts"]),
            }
        )


def dump_windows(windows: tuple[Window, ...]) -> list[list[str | None]]:
    """Windows as plain lists of datestamps, for JSON."""
    return [
        [None if moment is None else write_datestamp(moment) for moment in (window.from_, window.until)]
        for window in windows
    ]


def load_windows(pairs: list[list[str | None]]) -> tuple[Window, ...]:
    """What `dump_windows` gave."""
    return tuple(Window(*(None if text is None else datetime.fromisoformat(text) for text in pair)) for pair in pairs)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What the caller knows of earlier runs.

    `since` is `Outcome.since` of the last one, `holes` its `Outcome.holes`, and `checkpoint` what was stored with its
    last page, None if it ended.
    """

    since: datetime | None = None
    holes: tuple[Window, ...] = ()
    checkpoint: Checkpoint | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Vanishing:
    """How many records of a partner are visible, and how many of these would be hidden now."""

    visible: int
    hidden: int

    @property
    def too_many(self) -> bool:
        """Whether a person has to agree: more than a tenth would vanish."""
        return self.hidden * 10 > self.visible


class Ending(StrEnum):
    """How a run ended.

    Complete: all that the partner has was read, but for `holes`. Interrupted: a limit was reached or the partner asked
    to be left in peace; the next run goes on at the checkpoint. Failed: there is a reason that a person should see;
    the next run goes on at the checkpoint if one is left, and begins anew otherwise.
    """

    COMPLETE = "complete"
    INTERRUPTED = "interrupted"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a run came to, to be kept by the caller.

    `since` and `holes` go into the next `Standing`, and so does `checkpoint`. `error` is why it did not end complete,
    or why there are holes. `hide` says what to do with the records marked for hiding: hide them (True), keep them
    marked and ask a person (False), or nothing yet as the run is not complete (None). `vanishing` is what that was
    judged by. `identity` is None if the partner did not even say who it is.
    """

    ending: Ending
    counts: Counts
    since: datetime | None
    holes: tuple[Window, ...] = ()
    checkpoint: Checkpoint | None = None
    error: PartnerError | None = None
    hide: bool | None = None
    vanishing: Vanishing | None = None
    identity: Identity | None = None


class Sink(Protocol):
    """What a run's caller supplies, for one partner; one run at a time."""

    def standing(self) -> Standing:
        """What is known of earlier runs."""

    def take(self, page: ListPage, checkpoint: Checkpoint) -> None:
        """Store both in one transaction; a page may come again, and must then change nothing.

        In a harvest, living records are put in or replaced, deleted ones marked for hiding (a living one that comes
        later takes the mark away), rejected ones put aside. In a comparison, the living identifiers are ticked off.
        """

    def vanishing(self) -> Vanishing:
        """What would be hidden now: the records marked, or in a comparison all that are neither ticked nor hidden."""

    def finish(self, outcome: Outcome) -> None:
        """Store the outcome in one transaction, and hide as it says. Marks and ticks stay while a checkpoint does.

        Without a checkpoint the ticks go. Marks that wait for a person stay.
        """
