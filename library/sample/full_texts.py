"""Full texts of the sample catalogue: one of each kind, in each language, under each right, and some that wait."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from library.domain.access_level import AccessLevel

_ENDINGS = {"scan": "pdf", "djvu-scan": "djvu", "cp1251": "txt"}


@dataclass(frozen=True, slots=True, kw_only=True)
class FullText:
    """One text: the record it belongs to by source and key, its file, and how it is to be taken in.

    `came` is a source of acquisition, `subscription-ended`, or empty where nothing is known; `has_embargo` and
    `is_approved` say what is to be seen of it.
    """

    source: str
    key: str
    title: str
    author: str
    year: int
    kind: str
    level: AccessLevel
    came: str
    licence: str
    language: str
    has_embargo: bool
    is_approved: bool
    sections: tuple[tuple[str, ...], ...]

    @property
    def path(self) -> Path:
        """The file."""
        number = self.key.rpartition("\\")[2]
        ending = _ENDINGS.get(self.kind, self.kind)
        return Path(str(files("library.sample"))) / "data" / "texts" / f"{self.source}-{number}.{ending}"


def full_texts() -> tuple[FullText, ...]:
    """All of them."""
    words = files("library.sample") / "words" / "full_texts.toml"
    return tuple(_read(row) for row in tomllib.loads(words.read_text(encoding="utf-8"))["texts"])


def _read(row: Mapping[str, object]) -> FullText:
    source, _, key = str(row["record"]).partition(":")
    sections = row["sections"]
    assert isinstance(sections, list)
    return FullText(
        source=source,
        key=key,
        title=str(row["title"]),
        author=str(row["author"]),
        year=int(str(row["year"])),
        kind=str(row["kind"]),
        level=AccessLevel(str(row["level"])),
        came=str(row["came"]),
        licence=str(row.get("licence", "")),
        language=str(row["language"]),
        has_embargo=bool(row.get("embargo", False)),
        is_approved=row.get("state") != "unapproved",
        sections=tuple(tuple(section) for section in sections),
    )
