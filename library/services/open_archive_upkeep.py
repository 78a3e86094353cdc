"""What changes in the open archive though nobody changes a record: by the day, by the settings, by a new release."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from library.db.open_archive import Unconverted
from library.db.unit_of_work import Database
from library.domain.open_archive import Format, Places
from library.marc import codec
from library.projections.oai_formats import FROM_MARC
from library.services.configuration import Configuration

AT_ONCE = 500
CONVERTED_AT_ONCE = 100

log = logging.getLogger(__name__)


class OpenArchiveUpkeep:
    """A chore of the worker. Days begin in `zone`."""

    def __init__(
        self, database: Database, configuration: Configuration, clock: Callable[[], datetime], zone: ZoneInfo
    ) -> None:
        self._database = database
        self._configuration = configuration
        self._clock = clock
        self._zone = zone
        self._settled = ""
        self._looked_through = 0

    def step(self) -> bool:
        """Do one piece of what is due; whether there was any. An embargo that ended moves a datestamp, for example."""
        at = self._clock()
        today = at.astimezone(self._zone).date()
        current = self._configuration.current()
        fingerprint = Places(current.collections, current.faculties).fingerprint
        with self._database.reading() as view:
            due = view.archive.due(today, AT_ONCE)
            # To look for those that are behind is to look through all: once for each state of the settings.
            if not due and self._settled != fingerprint:
                due = view.archive.behind(fingerprint, self._looked_through, AT_ONCE)
                self._looked_through = due[-1] if due else 0
                self._settled = self._settled if due else fingerprint
            unconverted = [] if due else view.archive.unconverted(CONVERTED_AT_ONCE)
        if due:
            with self._database.writing() as tx:
                tx.archive.follow(dict.fromkeys(due, self._clock()))
                tx.commit()
        elif unconverted:
            self._keep(unconverted)
        return bool(due or unconverted)

    def _keep(self, unconverted: Sequence[Unconverted]) -> None:
        """Make MARC 21 ready: the crosswalk takes longer than anything else that harvesters ask for."""
        converted = [(one.record_id, one.version, _converted(one)) for one in unconverted]
        with self._database.writing() as tx:
            tx.archive.keep_conversions(converted)
            tx.commit()


def _converted(one: Unconverted) -> bytes:
    """The record in MARC 21; nothing where it can't be converted, which harvesters are then told too."""
    try:
        return FROM_MARC[Format.MARC21](one.dialect, codec.from_json(one.marc))
    except Exception:
        log.exception("Record %s can't be converted to MARC 21", one.record_id)
        return b""
