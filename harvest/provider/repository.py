"""What a repository must do to be harvested; `tests/contracts/oai_repository.py` says it in full."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from harvest.model import Identity, MetadataFormat, OaiPage, OaiRecord, OaiSet, Position, Selection


class UnknownIdentifier(LookupError):
    """There is no item of this identifier, and never was one."""


class FormatNotAvailable(LookupError):
    """The item is there, and can't be given in this format."""


class Repository(Protocol):
    """Items with one header each, in lists ordered by datestamp and, among those of one second, by a fixed order.

    Datestamps are whole seconds in UTC and never later than the moment at which their change becomes visible. A change
    of anything that harvesters see moves an item's datestamp, so it moves towards the end of all lists. What was
    withdrawn stays in them as a deleted record, in every set and format in which it was. An unknown format or set is
    that of no record.
    """

    @property
    def base_url(self) -> str:
        """The address at which harvesters ask; it is needed for every answer and must cost nothing."""
        ...

    def identity(self) -> Identity:
        """Who the repository is; no record, not even a deleted one, is older than its `earliest`."""
        ...

    def formats(self, identifier: str | None) -> Sequence[MetadataFormat]:
        """The formats of the repository (of this there must be no query), or of one item; or `UnknownIdentifier`."""
        ...

    def sets(self) -> Sequence[OaiSet]:
        """All sets, those that contain others before them; none if there is no division into sets."""
        ...

    def record(self, identifier: str, prefix: str) -> OaiRecord:
        """One item in one format; or `UnknownIdentifier`, `FormatNotAvailable`."""
        ...

    def page(self, selection: Selection, after: Position | None, limit: int) -> OaiPage:
        """The first `limit` records of a selection, or the first behind a position, at which none need stand."""
        ...

    def headers(self, selection: Selection, after: Position | None, limit: int) -> OaiPage:
        """The same page, but with headers only: no metadata is made."""
        ...

    def size(self, selection: Selection) -> int:
        """How many records a selection has."""
        ...
