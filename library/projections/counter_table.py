"""COUNTER's reports as tables: rows 1 to 13 say what the report is, then come the headings and the figures (3.2.1)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from library.domain.counter_faults import Remark
from library.domain.counter_reports import (
    RELEASE,
    WORLD,
    WORLD_ID,
    Attribute,
    CounterQuestion,
    Entry,
    Filter,
    Level,
    Performance,
    Used,
)
from library.projections.counter_json import created, filters, institution_id, report_attributes
from library.projections.counter_used import identifiers
from library.projections.workbook import Sheet, workbook

TSV_TYPE = "text/tab-separated-values; charset=utf-8"
_BOM = "\ufeff"
_IDENTIFIERS = ("DOI", "Proprietary_ID", "ISBN", "Print_ISSN", "Online_ISSN", "URI")
_PARENT_COLUMNS = (
    "Parent_Title",
    "Parent_Authors",
    "Parent_Publication_Date",
    "Parent_Article_Version",
    "Parent_Data_Type",
    *(f"Parent_{name}" for name in _IDENTIFIERS),
)
# A report of articles knows neither books nor what kind of thing the whole is.
_NOT_OF_ARTICLES = frozenset({"ISBN", "Parent_ISBN", "Parent_Publication_Date", "Parent_Data_Type"})
_SEPARATOR, _VALUES = "; ", "|"
_NOT_IN_CELLS = str.maketrans("\t\r\n", "   ")

Cell = str | int


@dataclass(frozen=True, slots=True, kw_only=True)
class CounterTable:
    """A report as a table: rows of names and values, a row of headings, rows of figures."""

    about: tuple[tuple[str, str], ...]
    headings: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def table(
    question: CounterQuestion,
    entries: Sequence[Entry],
    remarks: Sequence[Remark],
    *,
    institution: str,
    platform: str,
    record_address: str,
    made_at: datetime,
) -> CounterTable:
    """The report as a table; the arguments are those of `counter_json.report`."""
    columns = _columns(question)
    shown = _Rows(question, columns, platform, record_address)
    months = () if question.has_totals_only else tuple(f"{month:%b-%Y}" for month in question.months)
    return CounterTable(
        about=(
            ("Report_Name", question.kind.name),
            ("Report_ID", question.kind.id.value),
            ("Release", RELEASE),
            ("Institution_Name", WORLD if question.customer == WORLD_ID else institution),
            ("Institution_ID", institution_id(question)),
            ("Metric_Types", _SEPARATOR.join(sorted(question.wanted))),
            ("Report_Filters", _joined(_told_filters(question))),
            ("Report_Attributes", _joined(_told_attributes(question))),
            ("Exceptions", _SEPARATOR.join(map(_told_remark, remarks))),
            ("Reporting_Period", f"Begin_Date={question.first.isoformat()}; End_Date={question.last.isoformat()}"),
            ("Created", created(made_at)),
            ("Created_By", platform),
            ("Registry_Record", ""),
        ),
        headings=(*columns, "Metric_Type", "Reporting_Period_Total", *months),
        rows=tuple(row for entry in entries for row in shown.of(entry)),
    )


def tsv(report: CounterTable) -> bytes:
    """The table as the Code wants it for exchange: tabs, UTF-8 with a byte order mark, texts as they are."""
    lines = [*report.about, (), report.headings, *report.rows]
    text = "\n".join("\t".join(str(cell).translate(_NOT_IN_CELLS) for cell in line) for line in lines)
    return (_BOM + text + "\n").encode("utf-8")


def xlsx(report: CounterTable, made_at: datetime) -> bytes:
    """The table as a workbook with one sheet."""
    name = report.about[1][1]
    sheet = Sheet(name=name, headings=report.headings, rows=report.rows, above=(*report.about, ()))
    return workbook([sheet], title=report.about[0][1], made_at=made_at)


def _columns(question: CounterQuestion) -> tuple[str, ...]:
    """The columns before the metric, in the order of the Code (tables 4.c, 4.k, 4.p)."""
    shown = [one.value for one in Attribute if one in question.shown]
    said = [one for one in shown if one in _SAID]
    told_apart = [one for one in shown if one not in _SAID]
    data_type = ["Data_Type"] if question.kind.has_data_type else []
    if question.kind.level is Level.PLATFORM:
        return ("Platform", *data_type, *told_apart)
    if question.kind.level is Level.TITLE:
        return ("Title", "Publisher", "Publisher_ID", "Platform", *_IDENTIFIERS, *data_type, *told_apart)
    parents = _PARENT_COLUMNS if question.has_parents else ()
    columns = ("Item", "Publisher", "Publisher_ID", "Platform", *said, *_IDENTIFIERS, *parents, *data_type, *told_apart)
    if question.kind.has_data_type:
        return columns
    return tuple(one for one in columns if one not in _NOT_OF_ARTICLES)


_SAID = frozenset({Attribute.AUTHORS.value, Attribute.PUBLICATION_DATE.value, Attribute.ARTICLE_VERSION.value})


class _Rows:
    """The rows of the entries of one report."""

    def __init__(self, question: CounterQuestion, columns: Sequence[str], platform: str, record_address: str) -> None:
        self._question = question
        self._columns = columns
        self._platform = platform
        self._record_address = record_address

    def of(self, entry: Entry) -> Iterator[tuple[Cell, ...]]:
        """A row for each set of attributes and metric that has figures; months without use have 0."""
        said = self._said(entry)
        for performance in entry.performances:
            cells = {**said, **_told_apart(performance)}
            for metric, months in sorted(performance.figures.items()):
                numbers = () if self._question.has_totals_only else (months.get(m, 0) for m in self._question.months)
                yield (*(cells.get(one, "") for one in self._columns), metric.value, sum(months.values()), *numbers)

    def _said(self, entry: Entry) -> dict[str, str]:
        said = {"Platform": self._platform}
        if entry.used is None:
            return said
        name = "Item" if self._question.kind.level is Level.ITEM else "Title"
        said |= {name: entry.used.title, "Publisher": entry.used.publisher, "Authors": _authors(entry.used)}
        said |= self._identified(entry.used)
        if entry.parent is not None:
            whole = {"Title": entry.parent.title, "Authors": _authors(entry.parent)} | self._identified(entry.parent)
            whole["Data_Type"] = entry.parent_type.value if entry.parent_type else ""
            said |= {f"Parent_{name}": value for name, value in whole.items()}
        return said

    def _identified(self, used: Used) -> dict[str, str]:
        known = identifiers(used)
        address = self._record_address.format(number=used.number) if used.number else ""
        return {
            "DOI": known.get("DOI", ""),
            "Proprietary_ID": known.get("Proprietary", ""),
            "ISBN": known.get("ISBN", ""),
            "Print_ISSN": known.get("Print_ISSN", ""),
            "URI": address,
        }


def _told_apart(performance: Performance) -> dict[str, str]:
    return {
        "Data_Type": performance.data_type.value,
        "YOP": performance.year,
        "Access_Type": performance.access_type,
        "Access_Method": performance.access_method,
    }


def _authors(used: Used) -> str:
    return _SEPARATOR.join(f"{one.name} (ORCID:{one.orcid})" if one.orcid else one.name for one in used.authors)


def _told_filters(question: CounterQuestion) -> dict[str, str | list[str]]:
    """Those beside the metrics, which have a row of their own."""
    return {name: value for name, value in filters(question).items() if value and name != Filter.METRIC_TYPE}


def _told_attributes(question: CounterQuestion) -> dict[str, str | list[str]]:
    told = report_attributes(question)
    if told.pop("Granularity", None):
        told["Exclude_Monthly_Details"] = "True"
    return told


def _joined(told: dict[str, str | list[str]]) -> str:
    return _SEPARATOR.join(
        f"{name}={value if isinstance(value, str) else _VALUES.join(value)}" for name, value in told.items()
    )


def _told_remark(remark: Remark) -> str:
    data = f" ({remark.data})" if remark.data else ""
    return f"{int(remark.fault)}: {remark.message}{data}"
