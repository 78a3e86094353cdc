"""What goes out is what came in; what can't go out is counted and named."""

from __future__ import annotations

import io
import json
import tracemalloc
from pathlib import Path

import pytest
from lxml import etree

from library.container import Container
from library.db.unit_of_work import Database
from library.domain.errors import RecordNotFound, SearchUnavailable
from library.domain.marc import Dialect, MarcRecord
from library.marc import codec, reading
from library.marc.source import ReadRecord
from library.services.cataloguing import Cataloguing
from library.services.exporting import Exporting
from library.services.record_formats import ExportFormat
from tests.builders import a_field, a_marc21_record, a_unimarc_record, add_records, an_irbis_record
from tests.conftest import Clock
from tests.staff import NODIRA, published, withdrawn

RECORDS = (
    (Dialect.MARC21, a_marc21_record()),
    (Dialect.UNIMARC, a_unimarc_record()),
    (Dialect.IRBIS, an_irbis_record()),
)


@pytest.fixture
def cataloguing(database: Database, clock: Clock) -> Cataloguing:
    service = Cataloguing(database, clock)
    for dialect, marc in RECORDS:
        published(service, dialect, marc)
    return service


@pytest.fixture
def exporting(database: Database, cataloguing: Cataloguing, container: Container) -> Exporting:
    del cataloguing
    return Exporting(database, container.index)


def _read_back(content: bytes, path: Path, dialect: Dialect) -> list[MarcRecord]:
    path.write_bytes(content)
    source = reading.inspect(path, dialect=dialect, encoding="utf-8")
    found = list(reading.read(source))
    assert all(isinstance(record, ReadRecord) for record in found)
    return [record.marc for record in found if isinstance(record, ReadRecord)]


@pytest.mark.parametrize(
    ("dialect", "written_as", "marc"),
    [
        *((dialect, written_as, marc) for dialect, marc in RECORDS for written_as in ("marcxml", "iso2709")),
        (Dialect.IRBIS, "txt", an_irbis_record()),
    ],
)
def test_what_is_exported_is_read_back_field_for_field(
    exporting: Exporting, tmp_path: Path, dialect: Dialect, written_as: str, marc: MarcRecord
) -> None:
    target = io.BytesIO()
    report = exporting.write(target, ExportFormat(written_as), dialect=dialect)
    ending = {"marcxml": "xml", "iso2709": "mrc", "txt": "txt"}[written_as]
    # For MARC 21 all three records are written, the other two by the crosswalk.
    assert report.written == (3 if dialect is Dialect.MARC21 else 1)
    assert marc in _read_back(target.getvalue(), tmp_path / f"back.{ending}", dialect)


def test_without_a_dialect_each_record_is_written_in_its_own(exporting: Exporting) -> None:
    target = io.BytesIO()
    assert exporting.write(target, ExportFormat.MARCXML).is_complete
    formats = [record.get("format") for record in etree.fromstring(target.getvalue())]
    assert formats == [None, "UNIMARC", "IRBIS"]

    target = io.BytesIO()
    assert exporting.write(target, ExportFormat.JSON).written == 3
    lines = [json.loads(line) for line in target.getvalue().splitlines()]
    assert [(line["id"], line["dialect"], line["status"], line["version"]) for line in lines] == [
        (1, "marc21", "published", 2),
        (2, "unimarc", "published", 2),
        (3, "irbis", "published", 2),
    ]
    assert [codec.from_json(json.dumps(line["marc"])) for line in lines] == [marc for _, marc in RECORDS]


def test_what_can_not_be_written_is_left_out_counted_and_named(exporting: Exporting, cataloguing: Cataloguing) -> None:
    for number in range(2):
        long = a_marc21_record(f"long{number}")
        long = long.with_fields((*long.fields, a_field("520", a="m" * 12_000)))
        published(cataloguing, Dialect.MARC21, long)
    report = exporting.write(io.BytesIO(), ExportFormat.ISO2709)
    assert report.written == 3
    (kind,) = report.left_out.values()
    assert (kind.count, kind.record_id) == (2, 4)
    assert "520" in str(kind.reason)

    report = exporting.write(io.BytesIO(), ExportFormat.TXT)
    assert report.written == 1
    assert sum(kind.count for kind in report.left_out.values()) == 4
    report = exporting.write(io.BytesIO(), ExportFormat.MARCXML, dialect=Dialect.UNIMARC)
    assert report.written == 1
    assert not report.is_complete


def test_drafts_and_withdrawn_records_are_not_exported(exporting: Exporting, cataloguing: Cataloguing) -> None:
    cataloguing.create(Dialect.MARC21, a_marc21_record(), actor=NODIRA)
    withdrawn(cataloguing, 2, "lost")
    report = exporting.write(io.BytesIO(), ExportFormat.JSON)
    assert report.written == 2
    assert report.is_complete
    for number in (2, 4, 99):
        with pytest.raises(RecordNotFound):
            exporting.one(number, ExportFormat.JSON)


def test_one_record_is_a_file_with_a_name_and_a_type(exporting: Exporting, tmp_path: Path) -> None:
    text = exporting.one(3, ExportFormat.TXT)
    assert (text.filename, text.media_type) == ("record-3.txt", "text/plain; charset=utf-8")
    assert _read_back(text.content, tmp_path / "one.txt", Dialect.IRBIS) == [an_irbis_record()]
    xml = exporting.one(3, ExportFormat.MARCXML, Dialect.MARC21)
    assert b"http://www.loc.gov/MARC21/slim" in xml.content
    assert xml.filename == "record-3.xml"
    lines = exporting.one(1, ExportFormat.TXT).content.decode().splitlines()
    assert lines[0].startswith("LDR 00000")
    assert any(line.startswith("245 ") for line in lines)


def test_what_a_search_finds_is_exported(container: Container) -> None:
    add_records(container.database, *(f"Algebra {number}" for number in range(7)), "Botanika", "Zoologiya")
    with pytest.raises(SearchUnavailable):
        container.exporting.write(io.BytesIO(), ExportFormat.JSON, words="algebra")
    container.indexing.rebuild()
    target = io.BytesIO()
    report = container.exporting.write(target, ExportFormat.JSON, words="title:algebra")
    assert [json.loads(line)["id"] for line in target.getvalue().splitlines()] == list(range(1, 8))
    assert report.written == 7
    nothing = container.exporting.write(io.BytesIO(), ExportFormat.JSON, words="astronomiya")
    assert nothing.written == 0


def test_memory_does_not_grow_with_the_catalogue(container: Container) -> None:
    class Sink(io.RawIOBase):
        def write(self, content: object) -> int:
            return len(content)  # type: ignore[arg-type]

    peaks = []
    for _ in range(2):
        add_records(container.database, *(f"Kitob {number}" for number in range(2000)))
        tracemalloc.start()
        container.exporting.write(Sink(), ExportFormat.MARCXML)  # type: ignore[arg-type]
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.3 * peaks[0]
