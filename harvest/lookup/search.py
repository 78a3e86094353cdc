"""Search any partner's catalogue, whichever protocol it speaks."""

from __future__ import annotations

from harvest.errors import N_, InvalidTarget
from harvest.lookup.explain import Explained
from harvest.lookup.model import MOST_RECORDS, Found, Lookup, Protocol, Target
from harvest.lookup.sru import Sru
from harvest.lookup.z3950 import Z3950


class Catalogues:
    """The catalogues of partners. It has no state, so threads may share it."""

    def __init__(self, sru: Sru, z3950: Z3950) -> None:
        self._sru = sru
        self._z3950 = z3950

    def search(self, target: Target, lookup: Lookup, start: int = 1, count: int = 10) -> Found:
        """At most `count` records (1 to 50) from place `start` (from 1) of what the search finds in this catalogue.

        A start beyond the last record gives none. What goes wrong with a single record is in `Found.faults`; what goes
        wrong as a whole is raised as one of `harvest.errors`.
        """
        if start < 1 or not 1 <= count <= MOST_RECORDS:
            raise ValueError(f"1 to {MOST_RECORDS} records from place 1 on can be asked for")
        client = self._sru if target.protocol is Protocol.SRU else self._z3950
        return client.search(target, lookup, start, count)

    def explain(self, target: Target) -> Explained:
        """What an SRU server says of itself; `InvalidTarget` for Z39.50, which has nothing of the kind in use."""
        if target.protocol is not Protocol.SRU:
            raise InvalidTarget(N_("Only SRU servers describe themselves. Try a search instead."))
        return self._sru.explain(target)
