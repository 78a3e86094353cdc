"""Write the sample catalogue: `python -m library.sample.build` makes the committed data files again, byte for byte."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from library.domain.marc import Dialect, MarcRecord
from library.marc import iso2709, marcxml
from library.marc.irbis import database
from library.marc.irbis.database import StoredRecord
from library.sample import as_irbis, as_marc21, as_rusmarc, paths
from library.sample.catalogue import works
from library.sample.work import Work

# In the IRBIS base each so-many-th record was saved twice, has been deleted, or leaves its number empty.
_REVISED = 11
_DELETED = 37
_SKIPPED = 53


def records(dialect: Dialect, catalogue: Sequence[Work]) -> tuple[MarcRecord, ...]:
    """The records of one of the MARC dialects, numbered from 1."""
    encode = as_marc21.record if dialect is Dialect.MARC21 else as_rusmarc.record
    held = [work for work in catalogue if work.dialect is dialect]
    return tuple(encode(work, number) for number, work in enumerate(held, start=1))


def base(catalogue: Sequence[Work]) -> Iterator[StoredRecord]:
    """The records of the IRBIS base with their MFNs: some deleted, some with the version that was corrected."""
    mfn = 0
    for work in catalogue:
        if work.dialect is not Dialect.IRBIS:
            continue
        mfn += 1
        if not mfn % _SKIPPED:
            mfn += 1
        marc = as_irbis.record(work, mfn)
        deleted = not mfn % _DELETED
        earlier = (as_irbis.record(_first_entered(work), mfn),) if not mfn % _REVISED else ()
        yield StoredRecord(mfn=mfn, marc=marc, deleted=deleted, earlier=earlier)


def _first_entered(work: Work) -> Work:
    """The work as it was entered in haste: without abstract and keywords, and with no copy yet."""
    return replace(work, abstract="", contents=(), subjects=work.subjects[:1], holdings=())


def write(marc21: Path, rusmarc: Path, mst: Path) -> None:
    """Write the catalogue into these files: MARCXML, ISO 2709, and an MST with the XRF beside it."""
    catalogue = works()
    mst.parent.mkdir(parents=True, exist_ok=True)
    _write_file(
        marc21,
        marcxml.header(Dialect.MARC21),
        *[marcxml.encode(Dialect.MARC21, marc) for marc in records(Dialect.MARC21, catalogue)],
        marcxml.footer(),
    )
    _write_file(rusmarc, *map(iso2709.encode_unimarc, records(Dialect.UNIMARC, catalogue)))
    database.write(mst, base(catalogue))


def _write_file(path: Path, *parts: bytes) -> None:
    path.write_bytes(b"".join(parts))


if __name__ == "__main__":
    write(*paths())
