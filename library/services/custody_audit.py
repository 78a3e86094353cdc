"""Audit: every original is read and hashed again, all within 90 days, and what was lost or altered is closed."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from library.db.journal import Wanted
from library.db.unit_of_work import Database
from library.domain.access import Actor
from library.domain.errors import N_, Message, StorageUnreadable
from library.domain.journal import Deed
from library.services.custody_closing import KEEPER, close
from library.services.custody_sidecars import Sidecars
from library.services.progress import Progress, Step, silent
from storage import fixity
from storage.content_store import ContentStore
from storage.fixity import Checked, Condition
from storage.model import Digest

LOOKED_FOR_EVERY = timedelta(minutes=10)
STORE = "store"

REASONS = {
    Condition.ALTERED: N_("The bytes of the file are no longer those that were kept."),
    Condition.SWAPPED: N_("Another file lies in the place of this one."),
    Condition.MISSING: N_("The bytes of the file are lost."),
}
"""What closes a file. One that can't be read for the moment is told of and tried again, for disks come back."""

log = logging.getLogger(__name__)


@dataclass(slots=True, kw_only=True)
class Audited:
    """How many files were read, and each one that was not sound; a lost sidecar is written again at once."""

    checked: int = 0
    faults: list[Checked] = field(default_factory=list)

    def note(self, checked: Checked) -> None:
        """Count one more."""
        self.checked += 1
        if checked.condition is not Condition.SOUND:
            self.faults.append(checked)


class Audit:
    """`step` is for the worker: one file at a time, and the day's share each day."""

    def __init__(
        self,
        database: Database,
        store: ContentStore,
        directory: Path,
        sidecars: Sidecars,
        clock: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._store = store
        self._directory = directory
        self._sidecars = sidecars
        self._clock = clock
        self._share: deque[Digest] | None = None
        self._result = Audited()
        self._rests_until: datetime | None = None

    def step(self) -> bool:
        """Read one file of today's share, and tell the day's result after the last; False when it is done."""
        now = self._clock()
        if self._share is None:
            if self._rests_until is not None and now < self._rests_until:
                return False
            self._rests_until = now + LOOKED_FOR_EVERY
            if self._was_told_on(now):
                return False
            self._share, self._result = deque(self.due()), Audited()
        if self._share:
            self._result.note(self.check(self._share.popleft().hex))
            return True
        self._share = None
        if not self._result.checked:
            return False
        self._tell(self._result, KEEPER)
        return True

    def due(self) -> tuple[Digest, ...]:
        """The files whose turn it is today."""
        return fixity.due(self._audited(), self._clock())

    def all(self) -> tuple[Digest, ...]:
        """All files, by their digests."""
        return tuple(sorted(self._audited()))

    def run(self, digests: Sequence[Digest], actor: Actor, progress: Progress = silent) -> Audited:
        """Read these files now and journal the result."""
        result = Audited()
        for digest in digests:
            result.note(self.check(digest.hex))
            progress(Step(result.checked, len(digests), result.checked))
        self._tell(result, actor)
        return result

    def check(self, digest: str) -> Checked:
        """Read one file and note the result: lost or altered, its documents are closed.

        Raises `StorageUnreadable` where the whole store is away.
        """
        self._require_store()
        checked = fixity.check(self._store, Digest(digest), self._clock())
        if checked.condition is Condition.SOUND:
            with self._database.writing() as tx:
                tx.documents.note_audit(digest, checked.at)
                tx.commit()
        else:
            self._note_fault(checked)
        return checked

    def condition(self, digest: Digest) -> Condition:
        """How a file is found at this moment; nothing is noted."""
        self._require_store()
        return fixity.check(self._store, digest, self._clock()).condition

    def _note_fault(self, checked: Checked) -> None:
        log.warning("File %s was found %s", checked.digest, checked.condition)
        found = {
            "digest": checked.digest.hex,
            "condition": checked.condition.value,
            "found": checked.actual.hex if checked.actual else checked.detail,
        }
        with self._database.writing() as tx:
            documents = tx.documents.with_digest(checked.digest.hex)
            if checked.condition is not Condition.UNREADABLE:
                tx.documents.note_audit(checked.digest.hex, checked.at)
            reason = REASONS.get(checked.condition)
            closed = close(tx, checked.digest, Message.of(reason), found, checked.at) if reason else 0
            if not closed:
                tx.journal.add(KEEPER, Deed.STORE_AUDITED, STORE, checked.at, after=found)
            tx.commit()
        if checked.condition is Condition.UNDESCRIBED and documents:
            self._sidecars.write(documents[0])

    def _tell(self, result: Audited, actor: Actor) -> None:
        at = self._clock()
        facts = {"checked": result.checked, "faults": len(result.faults)}
        with self._database.writing() as tx:
            tx.journal.add(actor, Deed.STORE_AUDITED, STORE, at, after=facts)
            tx.commit()

    def _audited(self) -> dict[Digest, datetime | None]:
        with self._database.reading() as view:
            return {Digest(digest): at for digest, at in view.documents.audited().items()}

    def _was_told_on(self, now: datetime) -> bool:
        """Whether the worker told the result of this day (UTC) already."""
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
        wanted = Wanted(actors=(KEEPER.key,), object=STORE, deed=Deed.STORE_AUDITED.value, since=midnight)
        with self._database.reading() as view:
            lines = view.journal.newest(wanted, None, 1000)
        return any('"checked"' in line.after for line in lines)

    def _require_store(self) -> None:
        """A disk that is not mounted looks like a store without files: nothing is closed for that."""
        if not self._directory.is_dir() or not any(self._directory.iterdir()):
            raise StorageUnreadable(
                N_("The store of files {path} is empty or not there. Is its disk mounted?"), path=str(self._directory)
            )
