"""Deriving descriptions again after the rules of description changed; the records themselves stay as they are."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from library.db.outbox import Topic
from library.db.unit_of_work import Database
from library.marc import dialects

PAGE = 500


class Derivation:
    """Brings what is derived up to the rules of this release."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock

    def renew(self) -> int:
        """Describe again what was described by other rules, page by page; how many records that were."""
        renewed, after = 0, 0
        while True:
            with self._database.writing() as tx:
                page = tx.records.described_by_former_rules(after, PAGE)
                tx.records.describe_again(
                    [(record.id, dialects.describe(record.dialect, record.marc)) for record in page]
                )
                tx.outbox.add(Topic.INDEX_RECORD, [record.id for record in page], self._clock())
                tx.commit()
            if not page:
                return renewed
            renewed += len(page)
            after = page[-1].id
