from collections.abc import Callable
from dataclasses import fields
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest

from library.domain.description import Description
from library.marc import dialects, reading
from library.marc.source import ReadRecord, RejectedRecord

DATA = Path(__file__).parents[1] / "data" / "marc"


def _plain(value: Any) -> Any:
    """A value as JSON has it; of a dataclass only what says something."""
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if hasattr(value, "__dataclass_fields__"):
        said = {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
        return {name: item for name, item in said.items() if item not in ("", [], None)}
    return value


def _outcome_of(path: Path) -> dict[str, Any]:
    """All that reading a file gives, in the form of the files in expected/."""
    source = reading.inspect(path)
    records: list[dict[str, Any]] = []
    for item in reading.read(source):
        if isinstance(item, RejectedRecord):
            records.append({"rejected": str(item.reason), "offset": item.offset, "size": len(item.raw)})
            continue
        description: Description = dialects.describe(source.dialect, item.marc)
        records.append({
            "key": item.key,
            "offset": item.offset,
            "warnings": [str(warning) for warning in item.warnings],
            "description": _plain(description),
            "problems": [str(problem) for problem in dialects.check(source.dialect, item.marc)],
        })  # fmt: skip
    return {
        "dialect": source.dialect.value,
        "encoding": source.encoding,
        "warnings": [str(warning) for warning in source.warnings],
        "records": records,
    }


@pytest.fixture
def outcome_of() -> Callable[[Path], dict[str, Any]]:
    """All that reading a file gives: its kind, its records as they are described, what was mended and rejected."""
    return _outcome_of


@pytest.fixture
def read_bytes(tmp_path: Path) -> Callable[..., list[ReadRecord | RejectedRecord]]:
    """Read these bytes as a file of this name."""

    def read(data: bytes, name: str = "file.mrc", **forced: Any) -> list[ReadRecord | RejectedRecord]:
        path = tmp_path / name
        path.write_bytes(data)
        return list(reading.read(reading.inspect(path, **forced)))

    return read
