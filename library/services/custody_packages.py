"""Packages: a record with its files as a BagIt bag (RFC 8493), which any other system can check and read.

data/record.xml          the record as MARCXML, in its own dialect
data/originals/          the files, each under its number and name
data/sidecars/           what the store says of each: verdict, rights, transfer, history
bag-info.txt, bagit.txt, manifest-sha256.txt, tagmanifest-sha256.txt
"""

from __future__ import annotations

import json
import secrets
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import bagit

from library.db.unit_of_work import Database
from library.domain.access import Action, Actor, require
from library.domain.document import Document, DocumentState
from library.domain.errors import N_, LibraryError, StorageUnreadable
from library.domain.journal import Deed
from library.domain.record import CatalogueRecord
from library.marc import dialects, marcxml
from library.services.custody_sidecars import Sidecars
from library.services.stored import told
from storage.content_store import ContentStore, read_digest
from storage.errors import told_plainly
from storage.model import Digest, StoredFile

IN_STORE = frozenset({DocumentState.KEPT, DocumentState.WITHDRAWN})
_VERSION = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """What is in a bag; `left_out` documents are closed, because something is wrong with their bytes."""

    directory: Path
    packed: tuple[Document, ...]
    left_out: tuple[Document, ...]


class Packages:
    """Writes bags."""

    def __init__(
        self,
        database: Database,
        store: ContentStore,
        sidecars: Sidecars,
        institution: str,
        clock: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._store = store
        self._sidecars = sidecars
        self._institution = institution
        self._clock = clock

    def export(self, record_id: int, directory: Path, *, actor: Actor) -> Package:
        """Write a record and its kept files into a new directory, whole or not at all.

        Raises `RecordNotFound`; `LibraryError` where the directory has something in it or can't be written; what the
        store says of a file that is lost.
        """
        require(actor, Action.SYSTEM)
        with self._database.reading() as view:
            record = view.records.get(record_id)
            documents = view.documents.of_record(record_id)
        packed = tuple(one for one in documents if one.state in IN_STORE)
        for one in packed:
            self._sidecars.write(one)
        directory = directory.absolute()
        if directory.exists() and (not directory.is_dir() or any(directory.iterdir())):
            raise LibraryError(N_("{path} has something in it. Name a new directory."), path=str(directory))
        unfinished = directory.with_name(f".{directory.name}.{secrets.token_hex(4)}")
        try:
            with told(), told_plainly():
                self._write(unfinished, record, packed)
                unfinished.replace(directory)
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)
        at = self._clock()
        with self._database.writing() as tx:
            facts = {"documents": [one.id for one in packed], "directory": str(directory)}
            tx.journal.add(actor, Deed.DOCUMENT_EXPORTED, f"record:{record_id}", at, after=facts)
            tx.commit()
        left_out = tuple(one for one in documents if one.state is DocumentState.CLOSED)
        return Package(directory=directory, packed=packed, left_out=left_out)

    def _write(self, root: Path, record: CatalogueRecord, documents: Sequence[Document]) -> None:
        for name in ("originals", "sidecars"):
            (root / name).mkdir(parents=True)
        marc = marcxml.header(record.dialect) + marcxml.encode(record.dialect, record.marc) + marcxml.footer()
        (root / "record.xml").write_bytes(marc)
        for one in documents:
            # A percent sign would have to be written otherwise in the manifest, and not all programs do so.
            self._copy(one, root / "originals" / f"{one.id}-{one.name.replace('%', '_')}")
            stored = self._store.describe(Digest(one.digest))
            (root / "sidecars" / f"{one.digest}.json").write_text(_sidecar(stored), encoding="utf-8")
        bagit.make_bag(str(root), self._info(record), checksums=["sha256"])
        # The package writes the version before the RFC; of what differs we use nothing.
        (root / "bagit.txt").write_text(_VERSION, encoding="ascii")
        bagit.Bag(str(root)).save()

    def _copy(self, document: Document, target: Path) -> None:
        with self._store.open(Digest(document.digest)) as source, target.open("xb") as copy:
            shutil.copyfileobj(source, copy, 1 << 20)
        with target.open("rb") as copied:
            if read_digest(copied)[0].hex != document.digest:
                raise StorageUnreadable(
                    N_("The bytes of “{name}” are not those that were kept. Audit the store of files."),
                    name=document.name,
                )

    def _info(self, record: CatalogueRecord) -> dict[str, str]:
        return {
            "Source-Organization": self._institution or "Kutubxona",
            "External-Identifier": f"record:{record.id}",
            "External-Description": dialects.describe(record.dialect, record.marc).title,
            "Bagging-Date": f"{self._clock():%Y-%m-%d}",
            "Bag-Software-Agent": f"Kutubxona, with bagit.py {bagit.VERSION}",
        }


def _sidecar(stored: StoredFile) -> str:
    verdict = stored.verdict
    body = {
        "digest": stored.digest.hex,
        "size": stored.size,
        "media_type": stored.media_type.value,
        "name": stored.name,
        "kept_at": stored.kept_at.isoformat(),
        "verdict": {
            "finding": verdict.finding.value,
            "engine": verdict.engine,
            "signatures": verdict.signatures,
            "scanned_at": verdict.scanned_at.isoformat(),
        },
        "facts": stored.facts,
    }
    return json.dumps(body, ensure_ascii=False, indent=1) + "\n"
