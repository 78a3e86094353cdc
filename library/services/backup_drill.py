"""The drill: a backup is restored where it harms nobody, and looked at from all sides."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

from indexer.analysis import split
from library.db import migrating
from library.db.migrating import SchemaState
from library.db.published import Published
from library.db.unit_of_work import Database
from library.domain.description import Description
from library.domain.document import DocumentState
from library.domain.errors import LibraryError
from library.services.backup_files import digest
from library.services.backup_manifest import DATA, Backup, read_backup
from library.services.backup_restoring import damage, is_for_training, restore
from library.services.backup_sealing import Key
from library.services.custody_audit import Audit
from library.services.derivation import Derivation
from library.services.indexing import Indexing
from library.services.journal_proof import JournalProof
from library.services.search import LARGEST_PAGE, Search, SearchRequest
from library.settings import Settings
from storage.fixity import Condition
from storage.model import Digest

KNOWN_TITLES = 20
_MOST_TOLD = 5
_MOST_WORDS = 12
_READABLE = frozenset({DocumentState.KEPT, DocumentState.WITHDRAWN})


class Installation(Protocol):
    """What the drill asks of an installation that it opens."""

    database: Database
    derivation: Derivation
    indexing: Indexing
    search: Search
    journal_proof: JournalProof
    audit: Audit

    def close(self) -> None:
        """Let its connections go."""


class Failed(Exception):
    """A step of the drill found something wrong; the message says what."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How one step of the drill ended; `finding` says what was found, in a sentence."""

    step: str
    passed: bool
    finding: str


Open = Callable[[Settings], Installation]
Check = Callable[[Installation], str]
"""Looks at the restored installation: a sentence for what is well, `Failed` or `LibraryError` for what is not."""


class Drill:
    """Restores backups into a temporary directory and looks whether everything is there and can be found.

    `opened` opens an installation; `checks` are the steps that others add, by name.
    """

    def __init__(self, opened: Open, checks: Sequence[tuple[str, Check]] = ()) -> None:
        self._opened = opened
        self._checks = (*_CHECKS, *checks)

    def run(self, directory: Path, key: Key | None, settings: Settings) -> Iterator[Outcome]:
        """The outcome of each step, as it ends. What stands on a step that failed is not tried.

        The restored copy needs the room of the live one in the system's place for temporary files (`TMPDIR`).
        """
        yield (manifest := _outcome("manifest", lambda: _genuine(directory, key)))
        if not manifest.passed:
            return
        backup = read_backup(directory, key)
        yield (files := _outcome("files", lambda: _intact(backup)))
        if not files.passed:
            return
        with TemporaryDirectory(prefix="library-drill-") as scratch:
            place = replace(
                settings, data_dir=Path(scratch) / "data", database_url="", training=is_for_training(backup)
            )
            yield (restored := _outcome("restore", lambda: _restored(backup, place)))
            if not restored.passed:
                return
            yield _outcome("restored files", lambda: _unchanged(backup, place.data_dir))
            with self._installation(place) as installation:
                for name, check in self._checks:
                    yield _outcome(name, lambda check=check: check(installation))  # type: ignore[misc]

    @contextmanager
    def _installation(self, settings: Settings) -> Iterator[Installation]:
        installation = self._opened(settings)
        try:
            yield installation
        finally:
            installation.close()


def _outcome(step: str, done: Callable[[], str]) -> Outcome:
    try:
        return Outcome(step=step, passed=True, finding=done())
    except (Failed, LibraryError, OSError) as error:
        return Outcome(step=step, passed=False, finding=str(error))


def _genuine(directory: Path, key: Key | None) -> str:
    manifest = read_backup(directory, key).manifest
    sealed = "under the key's seal" if key else "not encrypted"
    return f"taken {manifest.taken_at.isoformat(timespec='seconds')} by release {manifest.release}, {sealed}"


def _intact(backup: Backup) -> str:
    if problems := list(damage(backup)):
        raise Failed("; ".join(problems[:_MOST_TOLD]) + (" ..." if len(problems) > _MOST_TOLD else ""))
    return f"{len(backup.manifest.files):,} files, {backup.manifest.size:,} bytes, are what was written"


def _restored(backup: Backup, settings: Settings) -> str:
    restore(backup, settings)
    return f"{len(backup.manifest.tables):,} tables with {backup.manifest.rows:,} rows are equal to those backed up"


def _unchanged(backup: Backup, data: Path) -> str:
    files = backup.manifest.below(DATA)
    for file in files:
        if digest(data / file.path.removeprefix(f"{DATA}/")) != file.content_sha256:
            raise Failed(f"{file.path} was changed")
    return f"{len(files):,} files of the data directory are what they were"


def _sound(installation: Installation) -> str:
    engine = installation.database.engine
    if installation.database.schema_state() is not SchemaState.CURRENT:
        raise Failed("the tables are not those of this release")
    if problems := migrating.differences(engine) + migrating.faults(engine):
        raise Failed("; ".join(problems[:_MOST_TOLD]))
    return "the database has the tables of this release and is sound"


def _indexed(installation: Installation) -> str:
    # A backup of an earlier release describes its records by the rules of that release.
    installation.derivation.renew()
    installation.indexing.rebuild()
    entries = installation.search.run(SearchRequest()).total
    published = len(_published(installation))
    if entries != published:
        raise Failed(f"{entries:,} entries for {published:,} published records")
    return f"{entries:,} entries, one for each published record"


def _found(installation: Installation) -> str:
    numbers = _published(installation)
    # Spread evenly over the whole catalogue, and the same ones each time.
    count = min(KNOWN_TITLES, len(numbers))
    known = [numbers[place * len(numbers) // count] for place in range(count)]
    with installation.database.reading() as view:
        described = {number: record.description for number, record in view.records.listed(known).items()}
    missing = [number for number in known if not _finds(installation.search, number, described[number])]
    if missing:
        told = ", ".join(f"{described[number].title} ({number})" for number in missing[:_MOST_TOLD])
        raise Failed(f"{len(missing)} of {count} titles were not found: {told}")
    return f"{count} of {count} titles were searched and found"


def _finds(search: Search, number: int, description: Description) -> bool:
    """By the title, and where hundreds have the same one, by title and first author."""
    author = description.creators[0].name if description.creators else ""
    for text in (description.title, f"{description.title} {author}"):
        # Word by word and in small letters: a title may have signs and words that mean something in a search.
        words = " ".join(split(text)[:_MOST_WORDS]).lower()
        outcome = search.run(SearchRequest(words=words, size=LARGEST_PAGE))
        if any(record.id == number for record in outcome.records):
            return True
    return False


def _proved(installation: Installation) -> str:
    proof = installation.journal_proof.verify()
    # The head is noted beside the running database only: a copy has none, and the anchors to be compared with instead.
    if faults := proof.verdict.faults:
        told = ", ".join(f"{fault.first}-{fault.last} {fault.kind}" for fault in faults[:_MOST_TOLD])
        raise Failed(f"entries are not what was written: {told}")
    if proof.unreadable:
        raise Failed("the file of its anchors is damaged")
    return f"{proof.verdict.entries:,} entries are what was written, {proof.anchors:,} anchors fit"


def _kept(installation: Installation) -> str:
    with installation.database.reading() as view:
        documents = [one for one in view.documents.all() if one.state in _READABLE]
    digests = sorted({Digest(one.digest) for one in documents})
    harmed = [one for one in digests if installation.audit.condition(one) is not Condition.SOUND]
    if harmed:
        raise Failed(f"{len(harmed)} of {len(digests)} files are lost or altered: {harmed[0]}")
    return f"{len(digests):,} files of {len(documents):,} documents are what was kept"


def _published(installation: Installation) -> list[int]:
    everything = 2**31
    return sorted(found.number for found in Published(installation.database).newest(None, everything))


_CHECKS: tuple[tuple[str, Check], ...] = (
    ("database", _sound),
    ("journal", _proved),
    ("index", _indexed),
    ("known titles", _found),
    ("full texts", _kept),
)
