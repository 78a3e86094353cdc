"""Every fact that the journal keeps has its name in the reader's language."""

from __future__ import annotations

import json

from library.container import Container
from library.web.journal_words import FACTS
from tests.journeys.rooms import furnish

NOBODY_ASKS = 9
# What scans, audits and exports of files write.
CUSTODY = (
    "checked",
    "code",
    "condition",
    "directory",
    "documents",
    "engine",
    "faults",
    "found",
    "media_type",
    "signatures",
)


def test_every_fact_has_a_name(container: Container) -> None:
    furnish(container, NOBODY_ASKS)
    with container.database.reading() as view:
        kept = {
            name.rpartition(", ")[2].partition(" (")[0]: line.deed
            for line in view.journal.lines()
            for side in (line.before, line.after)
            for name in json.loads(side)
        }
    assert len(kept) > 20
    unnamed = {name: deed for name, deed in kept.items() if name not in FACTS}
    assert not unnamed, "give them names in journal_words.FACTS"


def test_every_fact_of_scans_and_audits_has_a_name() -> None:
    assert set(CUSTODY) <= set(FACTS)
