from collections.abc import Callable
from pathlib import Path

import pytest

from library.domain.marc import ControlField, Dialect, MarcRecord
from library.marc.irbis import text, values
from library.marc.source import Format, ReadRecord, Source

DATA = Path(__file__).parents[2] / "data" / "marc" / "irbis"


def _source(path: Path, kind: Format, encoding: str = "utf-8") -> Source:
    return Source(path=path, name=path.stem.upper(), format=kind, dialect=Dialect.IRBIS, encoding=encoding)


def _record(*fields: tuple[int, str]) -> MarcRecord:
    return MarcRecord(values.LEADER, tuple(values.field(tag, value) for tag, value in fields))


def _lines(marc: MarcRecord) -> list[str]:
    lines = [f"LDR {marc.leader}"]
    for field in marc.fields:
        if isinstance(field, ControlField):
            lines.append(f"{field.tag} {field.value}")
        else:
            subfields = "".join(f"${subfield.code}{subfield.value}" for subfield in field.subfields)
            lines.append(f"{field.tag} {field.indicators.replace(' ', '_')} {subfields}")
    return lines


@pytest.fixture(scope="session")
def data() -> Path:
    return DATA


@pytest.fixture(scope="session")
def source() -> Callable[..., Source]:
    return _source


@pytest.fixture(scope="session")
def record() -> Callable[..., MarcRecord]:
    """record((200, "^ATitle"), …): an IRBIS record of these fields."""
    return _record


@pytest.fixture(scope="session")
def lines() -> Callable[[MarcRecord], list[str]]:
    """A MARC 21 record as lines that can be read and compared."""
    return _lines


@pytest.fixture(scope="session")
def catalogue() -> list[ReadRecord]:
    """The records of catalogue.txt: each worksheet, in Uzbek (two scripts), Kyrgyz, Russian and English."""
    records = [
        item for item in text.read(_source(DATA / "catalogue.txt", Format.IRBIS_TEXT)) if isinstance(item, ReadRecord)
    ]
    assert len(records) == 19
    return records
