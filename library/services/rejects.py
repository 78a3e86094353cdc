"""Rejected records, kept as they are beside a report, so that they can be mended and imported again."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from library.domain.errors import Message, NotExpressible
from library.marc import codec, marcxml
from library.marc.source import Format, RejectedRecord, Source
from library.services.import_batch import Refused
from library.services.import_prepared import PreparedRecord

# Records of a database can't be mended outside of it: they are kept as evidence, mended in IRBIS, and the base is
# imported again.
ENDINGS = {
    Format.ISO2709: ".iso",
    Format.MARCXML: ".xml",
    Format.MARC_JSON: ".jsonl",
    Format.IRBIS_TEXT: ".txt",
    Format.IRBIS64: ".mst-records",
    Format.IRBIS32: ".mst-records",
}
_XML_BEGIN = (
    f'<?xml version="1.0" encoding="UTF-8"?>\n<collection xmlns="{marcxml.SLIM}" xmlns:marc="{marcxml.SLIM}">\n'
)
_XML_END = b"</collection>\n"
_TEXT_END = b"*****"


class Rejects:
    """The files of one run: raw records, `.read.xml`, and `.report.txt` with number, offset and reason of each.

    None is made before there is something to write. Records that were read well and yet not taken are in the second
    one, as MarcXchange: unlike the source's own format that has room for any of them, and its encoding is no question.
    The report tells of doubtful records too.
    """

    def __init__(self, directory: Path, source: Source, run_id: int) -> None:
        name = re.sub(r"[^\w.-]+", "_", source.name).strip("._") or "source"
        self._source = source
        self.path = directory / f"{name}-{run_id}{ENDINGS[source.format]}"
        self.report_path = directory / f"{name}-{run_id}.report.txt"
        self._read_path = directory / f"{name}-{run_id}.read.xml"
        self._raw: BinaryIO | None = None
        self._read: BinaryIO | None = None
        self._report: BinaryIO | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if self._raw is not None and self._source.format is Format.MARCXML:
                self._raw.write(_XML_END)
            if self._read is not None:
                self._read.write(marcxml.footer())
            self.sync()
        finally:
            for file in self._open:
                file.close()

    @property
    def files(self) -> tuple[Path, ...]:
        """The files of records that there are."""
        kept = ((self.path, self._raw), (self._read_path, self._read))
        return tuple(path for path, file in kept if file is not None)

    @property
    def has_report(self) -> bool:
        """Whether there is a report."""
        return self._report is not None

    def add(self, rejected: Sequence[RejectedRecord]) -> None:
        """Keep these records and the reasons."""
        for record in rejected:
            self._line(record.number, record.offset, "rejected", record.reason)
            if record.raw:
                self._raw_file().write(_ended(record.raw, self._source.format))

    def add_read(self, refused: Sequence[Refused]) -> None:
        """Keep these records, which were read well, and the reasons."""
        for one in refused:
            self._line(one.record.number, one.record.offset, "rejected", one.reason)
            try:
                written = marcxml.encode(self._source.dialect, codec.from_json(one.record.marc))
            except NotExpressible as error:
                self._line(one.record.number, one.record.offset, "not kept", error.message)
            else:
                self._read_file().write(written)

    def warn(self, read: PreparedRecord) -> None:
        """Note what was doubtful in a record that came in."""
        for warning in read.warnings:
            self._line(read.number, read.offset, "doubtful", warning)

    def sync(self) -> None:
        """See that what was added survives a power cut; called before the batch it belongs to is committed."""
        for file in self._open:
            file.flush()
            os.fsync(file.fileno())

    @property
    def _open(self) -> Iterator[BinaryIO]:
        return (file for file in (self._raw, self._read, self._report) if file is not None)

    def _line(self, number: int, offset: int, verdict: str, message: Message) -> None:
        if self._report is None:
            self._report = _create(self.report_path)
            self._report.write(
                f"{self._source.path}\n{self._advice()}\n{self._advice_on_read()}\n\n".encode(errors="replace")
            )
        line = f"record {number}, byte {offset}: {verdict}: {message}\n"
        self._report.write(line.encode(errors="replace"))

    def _advice(self) -> str:
        if ENDINGS[self._source.format] == ".mst-records":
            return "Mend rejected records in IRBIS and import the base again; all others are left as they are."
        return (
            f"Mend rejected records in {self.path.name} and run: library import --source '{self._source.name}' "
            f"--dialect {self._source.dialect} --encoding {self._source.encoding} '{self.path}'"
        )

    def _advice_on_read(self) -> str:
        return (
            f"Records that were read but not taken are in {self._read_path.name}; mended, they come in by: "
            f"library import --source '{self._source.name}' --dialect {self._source.dialect} '{self._read_path}'"
        )

    def _read_file(self) -> BinaryIO:
        if self._read is None:
            self._read = _create(self._read_path)
            self._read.write(marcxml.header(self._source.dialect))
        return self._read

    def _raw_file(self) -> BinaryIO:
        if self._raw is None:
            self._raw = _create(self.path)
            if self._source.format is Format.MARCXML:
                self._raw.write(_XML_BEGIN.encode())
        return self._raw


def _create(path: Path) -> BinaryIO:
    path.parent.mkdir(parents=True, exist_ok=True)
    return path.open("xb")


def _ended(raw: bytes, written_as: Format) -> bytes:
    """The bytes of a record, told apart from those of the next."""
    if written_as is Format.ISO2709:
        return raw if raw.endswith(b"\x1d") else raw + b"\x1d"
    if written_as is Format.IRBIS_TEXT:
        whole = raw if raw.endswith(b"\n") else raw + b"\r\n"
        return whole if whole.rstrip().endswith(_TEXT_END) else whole + _TEXT_END + b"\r\n"
    if written_as in (Format.MARCXML, Format.MARC_JSON):
        return raw + b"\n"
    return raw
