"""A report of COUNTER as it is handed over: JSON for programs, tables for people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from library.projections import counter_json, counter_table
from library.services.counter import CounterReport


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """What reports say of us. `record_address` is that of a record, with `{number}` in the place of its number."""

    institution: str
    platform: str
    record_address: str


def as_json(report: CounterReport, house: House) -> dict[str, Any]:
    """By the Code's schemas."""
    return counter_json.report(
        report.question,
        report.entries,
        report.remarks,
        institution=house.institution,
        platform=house.platform,
        record_address=house.record_address,
        made_at=report.made_at,
    )


def as_tsv(report: CounterReport, house: House) -> bytes:
    """The form that the Code wants for exchange."""
    return counter_table.tsv(_table(report, house))


def as_xlsx(report: CounterReport, house: House) -> bytes:
    """The same table as a workbook."""
    return counter_table.xlsx(_table(report, house), report.made_at)


def file_name(report: CounterReport, ending: str) -> str:
    """The report and its months, as `TR_B1_2026-01_2026-06.tsv`."""
    question = report.question
    return f"{question.kind.id.value}_{question.first:%Y-%m}_{question.last:%Y-%m}.{ending}"


def _table(report: CounterReport, house: House) -> counter_table.CounterTable:
    return counter_table.table(
        report.question,
        report.entries,
        report.remarks,
        institution=house.institution,
        platform=house.platform,
        record_address=house.record_address,
        made_at=report.made_at,
    )
