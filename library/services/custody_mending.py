"""Mending: bytes that were lost or altered come back from a copy, and what was closed for it opens again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from library.db.unit_of_work import Database
from library.domain.access import Action, Actor, require
from library.domain.document import Document
from library.domain.errors import N_, LibraryError, NotFound
from library.services.custody_closing import reopen
from library.services.custody_sidecars import Sidecars
from library.services.stored import message, told
from storage.content_store import ContentStore, read_digest
from storage.errors import NotKept, told_plainly
from storage.gate import Gate
from storage.model import Admitted, Digest, Finding, Refused
from storage.quarantine import Quarantine


@dataclass(frozen=True, slots=True, kw_only=True)
class Mended:
    """Of how many documents the bytes are back, and how many of those were closed and are open again."""

    documents: int
    reopened: int


class Mending:
    """Puts files back into the store."""

    def __init__(
        self,
        database: Database,
        store: ContentStore,
        quarantine: Quarantine,
        gate: Gate,
        sidecars: Sidecars,
        clock: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._store = store
        self._quarantine = quarantine
        self._gate = gate
        self._sidecars = sidecars
        self._clock = clock

    def mend(self, digest: Digest, copy: Path, *, actor: Actor) -> Mended:
        """Put back the bytes with this digest from a copy; documents that the last scan found unclean stay closed.

        Where the sidecar is lost too, the copy goes through all checks like a file that comes. Raises `NotFound` where
        no document has this digest, and `LibraryError` where the copy is another file or was not found clean.
        """
        require(actor, Action.SYSTEM)
        with self._database.reading() as view:
            documents = [one for one in view.documents.with_digest(digest.hex) if one.kept_at is not None]
        if not documents:
            raise NotFound(N_("No file of the catalogue has the digest {digest}."), digest=digest.hex)
        with told():
            with told_plainly(), copy.open("rb") as file:
                _require_same(file, digest, copy)
                try:
                    self._sidecars.mend(digest, file)
                except NotKept:
                    file.seek(0)
                    self._take_in_again(documents[0], file)
            verdict = self._store.describe(digest).verdict
        opened = 0
        at = self._clock()
        with self._database.writing() as tx:
            tx.documents.note_audit(digest.hex, at)
            if verdict.finding is Finding.CLEAN:
                opened = reopen(tx, digest, verdict, actor, at)
            tx.commit()
        self._sidecars.write(documents[0])
        return Mended(documents=len(documents), reopened=opened)

    def _take_in_again(self, document: Document, file: BinaryIO) -> None:
        intake = self._quarantine.receive(file, limit=document.size, name=document.name)
        try:
            outcome = self._gate.inspect(intake)
            if not isinstance(outcome, Admitted):
                why = message(outcome.reason)
                sentence = (
                    N_("The copy was refused: {reason}") if isinstance(outcome, Refused) else N_("Not now: {reason}")
                )
                raise LibraryError(sentence, reason=str(why))
            self._sidecars.keep(outcome, document)
        finally:
            self._quarantine.discard(intake.id)


def _require_same(file: BinaryIO, digest: Digest, copy: Path) -> None:
    if read_digest(file)[0] != digest:
        raise LibraryError(N_("{path} is another file: its digest is not {digest}."), path=str(copy), digest=digest.hex)
    file.seek(0)
