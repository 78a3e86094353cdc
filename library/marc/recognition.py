"""What a file is: its format by its first bytes, its dialect by leaders and tags, its encoding by its letters."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from library.domain.errors import N_, Message, UnreadableSource
from library.domain.marc import DataField, Dialect, MarcRecord
from library.marc import encodings, iso2709, json_reader, marcxml_reader
from library.marc.encodings import MARC8, UTF8
from library.marc.source import Format

_HEAD = 1 << 16
_SAMPLED_RECORDS = 200
_ENOUGH_LETTERS = 300_000
_SIGNATURES = (
    (b"%PDF", N_("a PDF document")),
    (b"PK\x03\x04", N_("a ZIP archive or an office document")),
    (b"\x1f\x8b", N_("a gzip archive")),
    (b"BZh", N_("a bzip2 archive")),
    (b"7z\xbc\xaf", N_("a 7z archive")),
    (b"Rar!", N_("a RAR archive")),
    (b"\xfd7zXZ", N_("an xz archive")),
    (b"MZ", N_("a Windows program")),
    (b"\x7fELF", N_("a program")),
    (b"\xd0\xcf\x11\xe0", N_("an old office document")),
    (b"SQLite format 3", N_("an SQLite database")),
    (b"\x89PNG", N_("a picture")),
    (b"\xff\xd8\xff", N_("a picture")),
)
_HTML = re.compile(rb"\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL)
_JSON = re.compile(rb'(?:\[\s*)?\{\s*"')
_BYTE_ORDER_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_TEXT_FIELD = re.compile(rb"^\s*#\d{1,10}: ?", re.MULTILINE)
_ENTRY = re.compile(rb"([0-9A-Za-z]{3})\d{9}")
_CODED_DATA = re.compile(rb"\x1fa[0-9 |#]{8}[ -~]{18}(\d\d)(\d\d)?")
_IRBIS_TAGS = frozenset({"903", "905", "907", "910", "920"})
_FORMAT_NAMES = {
    "MARC21": Dialect.MARC21,
    "USMARC": Dialect.MARC21,
    "UNIMARC": Dialect.UNIMARC,
    "RUSMARC": Dialect.UNIMARC,
    "IRBIS": Dialect.IRBIS,
}


def kind_of_file(path: Path) -> Format:
    """ISO 2709, MARCXML or IRBIS text; `UnreadableSource` in plain words for anything else."""
    try:
        with path.open("rb") as stream:
            head = stream.read(_HEAD)
    except OSError as error:
        raise unreadable(path, error) from error
    if not head:
        raise UnreadableSource(N_("{path} is empty."), path=str(path))
    for signature, kind in _SIGNATURES:
        if head.startswith(signature):
            raise _not_records(path, kind)
    if _HTML.match(head):
        raise _not_records(path, N_("a web page (HTML)"))
    start = head
    for mark in _BYTE_ORDER_MARKS:
        start = start.removeprefix(mark)
    start = start.lstrip(b"\r\n\t \x00\x1a")
    if start.startswith(b"<"):
        return Format.MARCXML
    if _JSON.match(start):
        return Format.MARC_JSON
    if iso2709.FIELD_END in start:
        return Format.ISO2709
    if _TEXT_FIELD.search(start):
        return Format.IRBIS_TEXT
    raise UnreadableSource(
        N_("{path} is of no kind that can be imported: ISO 2709, MARCXML, MARC-in-JSON, IRBIS text or an IRBIS base."),
        path=str(path),
    )


def unreadable(path: Path, error: OSError) -> UnreadableSource:
    """The error of a path that can't be opened or read."""
    return UnreadableSource(N_("{path} can't be read: {reason}."), path=str(path), reason=error.strerror or str(error))


def _not_records(path: Path, kind: str) -> UnreadableSource:
    return UnreadableSource(N_("{path} is {kind}, not a file of records."), path=str(path), kind=kind)


def dialect_of_iso2709(path: Path) -> tuple[Dialect, tuple[Message, ...]]:
    """The dialect that most of the first records speak, and a warning where some speak another."""
    votes: Counter[Dialect] = Counter()
    with path.open("rb") as stream:
        for chunk in islice(iso2709.split(stream), _SAMPLED_RECORDS):
            directory, _, data = chunk.raw.partition(iso2709.FIELD_END)
            tags = [match[1].decode() for match in _ENTRY.finditer(directory, iso2709.LEADER_LENGTH)]
            bodies = data.rstrip(b"\x1d").removesuffix(iso2709.FIELD_END).split(iso2709.FIELD_END)
            pairs = [(tag, b"\x1f" in body) for tag, body in zip(tags, bodies, strict=False)]
            if pairs:
                votes[_vote(chunk.raw[:24].decode("ascii", "replace"), pairs)] += 1
    return _elected(votes)


def dialect_of_xml(path: Path) -> tuple[Dialect, tuple[Message, ...]]:
    """The dialect that a MARCXML file claims, or that its first records speak; `UnreadableSource` if there are none."""
    votes: Counter[Dialect] = Counter()
    fault: Message | None = None
    with path.open("rb") as stream:
        for item in islice(marcxml_reader.read(stream, Dialect.IRBIS), _SAMPLED_RECORDS):
            if isinstance(item, marcxml_reader.XmlFault):
                fault = fault or item.reason
                continue
            claimed = _FORMAT_NAMES.get(item.claimed_format.upper().replace(" ", ""))
            votes[claimed or _vote(item.marc.leader, _pairs(item.marc))] += 1
    if not votes:
        raise UnreadableSource(
            N_("{path} has no MARC records that can be read. {fault}"), path=str(path), fault=str(fault or "")
        )
    return _elected(votes)


def dialect_of_json(path: Path) -> tuple[Dialect, tuple[Message, ...]]:
    """The dialect that MARC-in-JSON claims, or that its first records speak; `UnreadableSource` if there are none."""
    votes: Counter[Dialect] = Counter()
    with path.open("rb") as stream:
        for look in islice(json_reader.looks(stream), _SAMPLED_RECORDS):
            claimed = look.claimed_dialect in list(Dialect)
            votes[Dialect(look.claimed_dialect) if claimed else _vote(look.leader, look.fields)] += 1
    if not votes:
        raise UnreadableSource(N_("{path} has no MARC records that can be read. {fault}"), path=str(path), fault="")
    return _elected(votes)


def _pairs(marc: MarcRecord) -> list[tuple[str, bool]]:
    return [(field.tag, any(s.code for s in field.subfields)) for field in marc.fields if isinstance(field, DataField)]


def _vote(leader: str, fields: list[tuple[str, bool]]) -> Dialect:
    """The dialect of one record: `fields` are its tags, and whether they have subfields."""
    data = [(tag, has_subfields) for tag, has_subfields in fields if not tag.startswith("00")]
    tags = {tag for tag, _ in data}
    bare = sum(not has_subfields for _, has_subfields in data)
    if (bare * 5 >= len(data) and bare and tags & _IRBIS_TAGS) or any(len(tag) > len("245") for tag in tags):
        return Dialect.IRBIS
    if "245" in tags and not {"200", "700"} <= tags:
        return Dialect.MARC21
    if "200" in tags and "245" not in tags:
        return Dialect.UNIMARC
    return Dialect.UNIMARC if leader[20:24] == "450 " else Dialect.MARC21


def _elected(votes: Counter[Dialect]) -> tuple[Dialect, tuple[Message, ...]]:
    if not votes:
        return Dialect.MARC21, ()
    (winner, count), *_ = votes.most_common()
    total = votes.total()
    if count == total:
        return winner, ()
    return winner, (
        Message.of(
            N_("{others} of the first {total} records look like another dialect than {dialect}."),
            others=total - count,
            total=total,
            dialect=winner.value,
        ),
    )


def encoding_of_iso2709(path: Path, dialect: Dialect) -> tuple[str, tuple[Message, ...]]:
    """The encoding of the letters, and a warning where the records claim another."""
    claims: Counter[str] = Counter()
    with path.open("rb") as stream:
        sample = list(_with_letters((chunk.raw for chunk in iso2709.split(stream)), dialect, claims))
    claimed = claims.most_common(1)[0][0] if claims else None
    found = encodings.detect(sample, claims=[claimed] if claimed else [], marc8_possible=dialect is Dialect.MARC21)
    if claimed in (None, found) or not sample:
        return found, ()
    return found, (
        Message.of(
            N_("The records claim the encoding {claimed}, but they are in {found}."),
            claimed=str(claimed),
            found=found,
        ),
    )


def _with_letters(records: Iterable[bytes], dialect: Dialect, claims: Counter[str]) -> Iterator[bytes]:
    """The records that have more than ASCII, until there are enough of them; what all of them claim is counted."""
    enough = _ENOUGH_LETTERS
    for record in records:
        claim = _claim(record, dialect)
        if claim:
            claims[claim] += 1
        if not record.isascii() or encodings.ESCAPE in record:
            yield record
            enough -= len(record)
            if enough < 0:
                return


def _claim(record: bytes, dialect: Dialect) -> str | None:
    if dialect is Dialect.MARC21:
        return {b"a": UTF8, b" ": MARC8}.get(record[9:10])
    if dialect is Dialect.UNIMARC:
        match = _CODED_DATA.search(record)
        codes = [code.decode() for code in match.groups() if code] if match else []
        known = [encodings.CLAIMS[code] for code in codes if code in encodings.CLAIMS]
        return known[0] if known else None
    return None


def encoding_of_text(path: Path) -> str:
    """The encoding of a file of lines."""
    with path.open("rb") as stream:
        lines = (line for line in iter(lambda: stream.readline(_HEAD), b""))
        return encodings.detect(_with_letters(lines, Dialect.IRBIS, Counter()), marc8_possible=False)


def code_page_of_base(path: Path) -> str:
    """The code page of an IRBIS32 base: cp1251, unless its letters speak for that of DOS or for KOI8-R."""
    with path.open("rb") as stream:
        return encodings.code_page(stream.read(_ENOUGH_LETTERS)) or "cp1251"
