"""How well the service answers: times of answers, and minutes in which the portal was asked."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, Integer, SmallInteger, Table

from library.db.tables.schema import UtcTime, metadata

# Numbers of answers by local day and hour and by the bucket of how long they took (`domain.service_quality`). The hour
# 24 stands for the whole day: reports read these rows alone, which lie side by side.
answer_times = Table(
    "answer_times",
    metadata,
    Column("hour", SmallInteger, primary_key=True),
    Column("day", Date, primary_key=True),
    Column("bucket", SmallInteger, primary_key=True),
    Column("answers", Integer, nullable=False),
    Column("failed", Integer, nullable=False),
)

# Ranges of whole minutes in each of which the portal was asked; the newest one grows.
watched_minutes = Table(
    "watched_minutes",
    metadata,
    Column("begins_at", UtcTime, primary_key=True),
    Column("ends_at", UtcTime, nullable=False),
    Column("is_up", Boolean, nullable=False),
)
