"""Versions of the library's settings: domain values to rows and back."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Connection, Row, and_, func, insert, select, text

from library.db.tables import settings_versions
from library.domain.configuration import SavedSection, Section, as_facts, empty, from_facts
from library.domain.errors import N_, NotFound
from library.domain.journal import facts_text


class ReadConfigurations:
    """What is in force, and what was."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def newest(self) -> dict[Section, SavedSection]:
        """Every section as it is in force."""
        last = (
            select(settings_versions.c.section, func.max(settings_versions.c.version).label("version"))
            .group_by(settings_versions.c.section)
            .subquery()
        )
        is_last = and_(last.c.section == settings_versions.c.section, last.c.version == settings_versions.c.version)
        rows = self._connection.execute(select(settings_versions).join(last, is_last))
        return {section: empty(section) for section in Section} | {one.section: one for one in map(_saved, rows)}

    def version(self, section: Section, version: int) -> SavedSection:
        """A version; `NotFound` where there is none."""
        query = select(settings_versions).where(
            settings_versions.c.section == section, settings_versions.c.version == version
        )
        row = self._connection.execute(query).one_or_none()
        if row is None:
            raise NotFound(N_("These settings have no version {version}."), version=version)
        return _saved(row)

    def history(self, section: Section, below: int | None, limit: int) -> list[SavedSection]:
        """Versions under `below` (None: all), the newest first."""
        query = select(settings_versions).where(settings_versions.c.section == section)
        if below is not None:
            query = query.where(settings_versions.c.version < below)
        query = query.order_by(settings_versions.c.version.desc()).limit(limit)
        return [_saved(row) for row in self._connection.execute(query)]


class Configurations(ReadConfigurations):
    """Versions that are added; none is ever changed."""

    def hold(self) -> None:
        """Let nobody else save until this transaction ends; SQLite has one writer anyhow."""
        if self._connection.dialect.name == "postgresql":
            self._connection.execute(text("LOCK TABLE settings_versions IN SHARE ROW EXCLUSIVE MODE"))

    def add(self, saved: SavedSection) -> None:
        """Write a new version."""
        self._connection.execute(
            insert(settings_versions),
            {
                "section": saved.section.value,
                "version": saved.version,
                "content": facts_text(as_facts(saved.content)),
                "saved_at": saved.saved_at,
                "saved_by": saved.saved_by,
                "saved_by_name": saved.saved_by_name,
            },
        )


def _saved(row: Row[*tuple[Any, ...]]) -> SavedSection:
    section = Section(row.section)
    return SavedSection(
        section=section,
        version=row.version,
        content=from_facts(section, json.loads(row.content)),
        saved_at=row.saved_at,
        saved_by=row.saved_by,
        saved_by_name=row.saved_by_name,
    )
