"""Sources of records: found in files and directories, recognised, and read record by record whatever their format."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from library.domain.errors import N_, Message, UnreadableSource
from library.domain.marc import Dialect, MarcRecord
from library.marc import codec, encodings, iso2709, json_reader, marcxml_reader, recognition, record_text
from library.marc.broken import BrokenRecord, why
from library.marc.irbis import database
from library.marc.irbis import iso as irbis_iso
from library.marc.irbis import text as irbis_text
from library.marc.source import Format, ReadRecord, RejectedRecord, Source

SUFFIXES = frozenset({".mrc", ".mrx", ".marc", ".iso", ".dat", ".xml", ".jsonl", ".txt", ".mst"})
_MST, _XRF = ".mst", ".xrf"
_Item = marcxml_reader.XmlRecord | marcxml_reader.XmlFault | json_reader.JsonRecord | json_reader.JsonFault


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """A path that can't be imported, and why."""

    path: Path
    reason: Message


def find_sources(
    paths: Sequence[Path], *, dialect: Dialect | None = None, encoding: str | None = None, name: str | None = None
) -> Iterator[Source | Unreadable]:
    """The sources in these files and directories, sorted; what can't be read is among them with its reason.

    Inside a directory only files with the endings of sources are tried; a file that is named is always tried. A file is
    given once. Two sources of one name can't be told apart in the catalogue, so the second one is unreadable until it
    is imported under another.
    """
    names: dict[str, Path] = {}
    seen: set[Path] = set()
    for path, below in _candidates(paths):
        if isinstance(below, Message):
            yield Unreadable(path=path, reason=below)
            continue
        try:
            found = inspect(path, dialect=dialect, encoding=encoding, name=name)
        except UnreadableSource as error:
            yield Unreadable(path=path, reason=error.message)
            continue
        source = found if name or found.format in _BASES else replace(found, name=below)
        if source.path.resolve() in seen:
            continue
        seen.add(source.path.resolve())
        if source.name in names:
            yield Unreadable(path=path, reason=_same_name(source, names[source.name]))
        else:
            names[source.name] = source.path
            yield source


def inspect(
    path: Path, *, dialect: Dialect | None = None, encoding: str | None = None, name: str | None = None
) -> Source:
    """What this file is; what is given is believed. `UnreadableSource` says plainly why it can't be imported.

    What a file can't be otherwise is not asked: the encoding of XML is the one it declares, JSON is in UTF-8, IRBIS
    text is from IRBIS.
    """
    if encoding is not None and not encodings.is_known(encoding):
        raise UnreadableSource(N_("Records can't be read in the encoding “{encoding}”."), encoding=encoding)
    try:
        if path.is_dir():
            raise UnreadableSource(N_("{path} is a directory, not a file."), path=str(path))
        if path.suffix.lower() == _XRF:
            path = _master_file(path)
        if path.suffix.lower() == _MST:
            source = _base(path, encoding, name)
        else:
            source = _file(path, recognition.kind_of_file(path), dialect, encoding, name)
    except OSError as error:
        raise recognition.unreadable(path, error) from error
    if source.dialect is Dialect.IRBIS and source.encoding == encodings.MARC8:
        raise UnreadableSource(N_("{path} is from IRBIS, which never writes MARC-8."), path=str(path))
    return source


def read(source: Source) -> Iterator[ReadRecord | RejectedRecord]:
    """The records of a source in their order, in bounded memory, and those that can't be read among them.

    `UnreadableSource` where the source itself can't be opened, or stops being readable.
    """
    return _READERS[source.format](source)


def _candidates(paths: Sequence[Path]) -> Iterator[tuple[Path, str | Message]]:
    """The files to try, with their names below the directory that was given, or why there is nothing to try."""
    for path in paths:
        if not path.is_dir():
            yield path, path.stem
            continue
        faults: list[OSError] = []
        files = [
            Path(folder) / file for folder, _, filenames in os.walk(path, onerror=faults.append) for file in filenames
        ]
        wanted = sorted(file for file in files if file.suffix.lower() in SUFFIXES or _is_orphan(file, files))
        for fault in faults:
            yield Path(fault.filename), recognition.unreadable(Path(fault.filename), fault).message
        if not wanted and not faults:
            yield path, Message.of(N_("{path} has no file with the ending of a source of records."), path=str(path))
        for file in wanted:
            yield file, file.relative_to(path).with_suffix("").as_posix()


def _is_orphan(file: Path, files: list[Path]) -> bool:
    """Whether this is a cross-reference without its master file."""
    if file.suffix.lower() != _XRF:
        return False
    wanted = file.with_suffix(_MST)
    return not any(str(other).casefold() == str(wanted).casefold() for other in files)


def _same_name(source: Source, first: Path) -> Message:
    return Message.of(
        N_("There are two sources named {name}: {path} and {first}. Import one of them apart, with --source."),
        name=source.name,
        path=str(source.path),
        first=str(first),
    )


def _master_file(xrf: Path) -> Path:
    wanted = f"{xrf.stem}{_MST}".casefold()
    for path in sorted(xrf.parent.iterdir()):
        if path.name.casefold() == wanted:
            return path
    raise UnreadableSource(
        N_("{path} is only the cross-reference of a base: the file {name}.mst must lie beside it. Copy both."),
        path=str(xrf),
        name=xrf.stem,
    )


def _base(path: Path, encoding: str | None, name: str | None) -> Source:
    kind = database.inspect(path)
    if encoding is None:
        encoding = encodings.UTF8 if kind is Format.IRBIS64 else recognition.code_page_of_base(path)
    return Source(path=path, name=name or path.stem.upper(), format=kind, dialect=Dialect.IRBIS, encoding=encoding)


def _file(path: Path, kind: Format, dialect: Dialect | None, encoding: str | None, name: str | None) -> Source:
    warnings: tuple[Message, ...] = ()
    if kind is Format.IRBIS_TEXT:
        dialect = Dialect.IRBIS
        encoding = encoding or recognition.encoding_of_text(path)
    elif kind in (Format.MARCXML, Format.MARC_JSON):
        dialect_of = recognition.dialect_of_xml if kind is Format.MARCXML else recognition.dialect_of_json
        found, warnings = dialect_of(path)
        dialect, warnings = (dialect, ()) if dialect else (found, warnings)
        encoding = encodings.UTF8
    else:
        if dialect is None:
            dialect, warnings = recognition.dialect_of_iso2709(path)
        if encoding is None:
            encoding, doubts = recognition.encoding_of_iso2709(path, dialect)
            warnings += doubts
    return Source(path=path, name=name or path.stem, format=kind, dialect=dialect, encoding=encoding, warnings=warnings)


def _read_iso2709(source: Source) -> Iterator[ReadRecord | RejectedRecord]:
    keys = _Keys(source.dialect)
    decode = _irbis_record if source.dialect is Dialect.IRBIS else _marc_record
    try:
        with source.path.open("rb") as stream:
            for number, chunk in enumerate(iso2709.split(stream), start=1):
                reason = iso2709.reason_to_reject(chunk)
                if reason is None:
                    try:
                        marc, warnings = decode(chunk.raw, source)
                    except ValueError as error:
                        reason = why(error)
                if reason is None:
                    yield ReadRecord(
                        number=number,
                        offset=chunk.offset,
                        key=keys.of(marc),
                        marc=marc,
                        deleted=_is_deleted(marc),
                        warnings=warnings,
                    )
                else:
                    yield RejectedRecord(number=number, offset=chunk.offset, reason=reason, raw=chunk.raw)
    except OSError as error:
        raise recognition.unreadable(source.path, error) from error


def _marc_record(raw: bytes, source: Source) -> tuple[MarcRecord, tuple[Message, ...]]:
    text, doubts = record_text.decode(raw, source.encoding, source.dialect)
    marc, mended = iso2709.parse(raw, text, source.dialect)
    return marc, doubts + tuple(mended) if mended else doubts


def _irbis_record(raw: bytes, source: Source) -> tuple[MarcRecord, tuple[Message, ...]]:
    if not raw.endswith(iso2709.RECORD_END):
        raise BrokenRecord(N_("The record can't be read: it is cut off: the file ends before its end mark."))
    return irbis_iso.decode(raw, source.encoding), ()


def _read_marcxml(source: Source) -> Iterator[ReadRecord | RejectedRecord]:
    return _read_items(source, marcxml_reader.read)


def _read_json(source: Source) -> Iterator[ReadRecord | RejectedRecord]:
    return _read_items(source, json_reader.read)


def _read_items(
    source: Source, read: Callable[[BinaryIO, Dialect], Iterator[_Item]]
) -> Iterator[ReadRecord | RejectedRecord]:
    """What a reader of streams gives, with numbers and keys."""
    keys = _Keys(source.dialect)
    try:
        with source.path.open("rb") as stream:
            for number, item in enumerate(read(stream, source.dialect), start=1):
                if isinstance(item, marcxml_reader.XmlFault | json_reader.JsonFault):
                    yield RejectedRecord(number=number, offset=item.offset, reason=item.reason, raw=item.raw)
                else:
                    yield ReadRecord(
                        number=number,
                        offset=item.offset,
                        key=keys.of(item.marc),
                        marc=item.marc,
                        deleted=_is_deleted(item.marc),
                        warnings=item.warnings,
                    )
    except OSError as error:
        raise recognition.unreadable(source.path, error) from error


def _is_deleted(marc: MarcRecord) -> bool:
    """Whether the record says that its document was taken out of the catalogue (leader/05)."""
    return marc.leader[5] == "d"


class _Keys:
    """The keys given in one source; hashes of them are kept, so that ten million records fit into memory."""

    def __init__(self, dialect: Dialect) -> None:
        self._is_irbis = dialect is Dialect.IRBIS
        self._seen: set[int] = set()
        self._repeated: dict[str, int] = {}

    def of(self, marc: MarcRecord) -> str:
        """The key of a record: 001, or what its dialect has instead, or a digest; with "#2" when it comes again."""
        key = (marc.control("001") or "").strip()
        if not key:
            key = irbis_text.record_key(marc) if self._is_irbis else codec.digest(marc)
        hashed = hash(key)
        if hashed not in self._seen:
            self._seen.add(hashed)
            return key
        self._repeated[key] = self._repeated.get(key, 1) + 1
        return f"{key}#{self._repeated[key]}"


_BASES = (Format.IRBIS64, Format.IRBIS32)
_READERS: dict[Format, Callable[[Source], Iterator[ReadRecord | RejectedRecord]]] = {
    Format.ISO2709: _read_iso2709,
    Format.MARCXML: _read_marcxml,
    Format.MARC_JSON: _read_json,
    Format.IRBIS_TEXT: irbis_text.read,
    Format.IRBIS64: database.read,
    Format.IRBIS32: database.read,
}
