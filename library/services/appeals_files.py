"""Files of appeals: in a quarantine and a place of their own, so that they can be erased, and are no originals.

<directory>/quarantine/    what came and was not checked yet
<directory>/<number>/      what was found clean of one appeal; erased as a whole
"""

from __future__ import annotations

import logging
import re
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from library.db.unit_of_work import Database
from library.domain.access import Action, Actor, require
from library.domain.appeal_files import FILE_MEGABYTES, MOST_FILES, AppealFile, FileRole, FileState
from library.domain.errors import N_, DocumentNotReady, FieldProblem, InvalidAppeal, LibraryError, Message
from library.domain.journal import Deed
from library.services.custody_closing import KEEPER
from library.services.custody_inspection import PAUSES
from library.services.stored import message, told
from storage.content_store import ContentStore
from storage.errors import StorageError
from storage.gate import Gate, Outcome
from storage.model import Admitted, Digest, Refused, Undecided
from storage.names import extension_of
from storage.quarantine import Quarantine

# As the gate names them; whoever sends another kind is told at once, not after the checks.
EXTENSIONS = ("pdf", "docx", "txt", "epub", "djvu", "djv", "mp3", "mp4")
LEFT_OVER = timedelta(days=1)
LONGEST_TOLD = 120
_NUMBER = re.compile(r"[0-9]{1,12}")

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class SentFile:
    """A file of a form: what its sender calls it, and its bytes."""

    name: str
    stream: BinaryIO


class AppealFiles:
    """`step` and `sweep` are for the worker; `gate` inspects what is in `quarantine`."""

    def __init__(
        self,
        database: Database,
        directory: Path,
        quarantine: Quarantine,
        gate: Gate,
        clock: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._directory = directory
        self._quarantine = quarantine
        self._gate = gate
        self._clock = clock

    def take(self, files: Sequence[SentFile], role: FileRole, at: datetime) -> list[AppealFile]:
        """Take files into quarantine; all or none. `InvalidAppeal` for a kind that is not taken, or for too many."""
        if len(files) > MOST_FILES:
            raise _unfit(Message.of(N_("Choose {most} files at most."), most=MOST_FILES))
        for one in files:
            if extension_of(one.name) not in EXTENSIONS:
                wrong = N_("Files of this kind are not taken ({name}). Send PDF, EPUB, DjVu, DOCX, TXT, MP3 or MP4.")
                raise _unfit(Message.of(wrong, name=one.name[:LONGEST_TOLD]))
        came: list[AppealFile] = []
        try:
            came.extend(self._take(one, role, at) for one in files)
        except LibraryError:
            # What had come before the one that failed is in the list already.
            self.give_up(came)
            raise
        return came

    def give_up(self, files: Sequence[AppealFile]) -> None:
        """Leave nothing in quarantine of files that got no row."""
        with told():
            for one in files:
                self._quarantine.discard(one.intake_id)

    def open(self, appeal_id: int, file_id: int, *, actor: Actor) -> tuple[AppealFile, BinaryIO]:
        """A file that was found clean, for those who answer; `DocumentNotReady` for any other."""
        require(actor, Action.APPEALS)
        with self._database.reading() as view:
            file = view.appeal_files.get(appeal_id, file_id)
        if file.state is not FileState.CLEAN:
            raise DocumentNotReady(N_("The file “{name}” has not passed the checks."), name=file.name)
        with told():
            return file, self._store(appeal_id).open(Digest(file.digest))

    def step(self) -> bool:
        """Inspect the file whose turn it is; False where none is due."""
        with self._database.reading() as view:
            file = view.appeal_files.to_inspect(self._clock())
        if file is None:
            return False
        self._decide(file)
        return True

    def remove(self, appeal_id: int) -> None:
        """Remove the bytes of an appeal whose rows are gone; what the disk keeps now goes with the next sweep."""
        shutil.rmtree(self._place(appeal_id), ignore_errors=True)

    def sweep(self) -> None:
        """Remove what interrupted work left a day ago: bytes that no row speaks of."""
        with self._database.reading() as view:
            known, with_files = view.appeal_files.intake_ids(), view.appeal_files.appeal_ids()
        before = self._clock() - LEFT_OVER
        with told():
            self._quarantine.sweep(known=known, before=before)
        for place in self._directory.iterdir() if self._directory.is_dir() else ():
            if _NUMBER.fullmatch(place.name) and int(place.name) not in with_files:
                self.remove(int(place.name))

    def _take(self, file: SentFile, role: FileRole, at: datetime) -> AppealFile:
        with told():
            intake = self._quarantine.receive(file.stream, limit=FILE_MEGABYTES << 20, name=file.name)
        return AppealFile(
            role=role, name=intake.name, size=intake.size, digest=intake.digest.hex, intake_id=intake.id, received_at=at
        )

    def _decide(self, file: AppealFile) -> None:
        try:
            outcome = self._gate.inspect(self._quarantine.intake(file.intake_id))
            decided = self._kept(file, outcome)
        except StorageError as error:
            log.warning("File %s of appeal %s could not be inspected: %s", file.id, file.appeal_id, error)
            reason = Message(error.template, tuple(error.values.items()))
            decided = file.waits(reason, self._again(file))
        # Whatever a file does to what looks into it: it waits, and those behind it are not held up.
        except Exception:
            log.exception("The checks of file %s of appeal %s broke off", file.id, file.appeal_id)
            reason = Message.of(N_("The checks of the file broke off. They are tried again."))
            decided = file.waits(reason, self._again(file))
        with self._database.writing() as tx:
            saved = tx.appeal_files.save(decided)
            if saved and decided.state is FileState.REFUSED:
                facts = {"digest": file.digest, "reason": str(decided.reason)}
                tx.journal.add(KEEPER, Deed.APPEAL_FILE_REFUSED, f"appeal:{file.appeal_id}", self._clock(), after=facts)
            tx.commit()
        if saved and decided.state is not FileState.WAITING:
            with told():
                self._quarantine.discard(file.intake_id)

    def _kept(self, file: AppealFile, outcome: Outcome) -> AppealFile:
        match outcome:
            case Admitted():
                stored = self._store(file.appeal_id).keep(outcome, facts={"appeal": file.appeal_id})
                return file.found_clean(stored.media_type.value)
            case Refused():
                return file.refused(message(outcome.reason))
            case Undecided():
                return file.waits(message(outcome.reason), self._again(file))

    def _again(self, file: AppealFile) -> datetime:
        return self._clock() + PAUSES[min(file.tries, len(PAUSES) - 1)]

    def _place(self, appeal_id: int) -> Path:
        return self._directory / str(int(appeal_id))

    def _store(self, appeal_id: int) -> ContentStore:
        return ContentStore(self._place(appeal_id), self._quarantine, self._clock)


def _unfit(problem: Message) -> InvalidAppeal:
    return InvalidAppeal([FieldProblem(field="files", message=problem)])
