"""COUNTER's reports as JSON, by the schemas of the Code of Practice 5.1 (8.2)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

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
from library.domain.counter_types import Metric
from library.projections.counter_used import NAMESPACE, identifiers

Json = dict[str, Any]


def report(
    question: CounterQuestion,
    entries: Sequence[Entry],
    remarks: Iterable[Remark],
    *,
    institution: str,
    platform: str,
    record_address: str,
    made_at: datetime,
) -> Json:
    """The whole report. `record_address` is the address of a record with `{number}` in the place of its number."""
    header: Json = {
        "Report_Name": question.kind.name,
        "Report_ID": question.kind.id.value,
        "Release": RELEASE,
        "Institution_Name": WORLD if question.customer == WORLD_ID else institution,
        "Institution_ID": {"Proprietary": [institution_id(question)]},
        "Report_Filters": {
            "Begin_Date": question.first.isoformat(),
            "End_Date": question.last.isoformat(),
            **{name: value for name, value in filters(question).items() if value},
        },
    }
    if attributes := report_attributes(question):
        header["Report_Attributes"] = attributes
    if told := [exception(one) for one in remarks]:
        header["Exceptions"] = told
    header |= {"Created": created(made_at), "Created_By": platform, "Registry_Record": ""}
    shown = _Shown(question, platform, record_address)
    if question.kind.level is Level.ITEM:
        return {"Report_Header": header, "Report_Items": list(_under_parents(shown, entries))}
    return {"Report_Header": header, "Report_Items": [shown.entry(one) for one in entries]}


def exception(remark: Remark) -> Json:
    """A remark as the Code has it in headers, and as the whole answer where there is no report."""
    told: Json = {"Code": int(remark.fault), "Message": remark.message}
    return {**told, "Data": remark.data} if remark.data else told


def institution_id(question: CounterQuestion) -> str:
    """Whose use it is, by our own number for it."""
    return f"{NAMESPACE}:{question.customer}"


def created(made_at: datetime) -> str:
    """When a report was made, in UTC."""
    return made_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def filters(question: CounterQuestion) -> dict[str, str | list[str]]:
    """The filters that a report was narrowed by, beside its time; a list for those that may have several values."""
    years = [one.first if one.first == one.last else f"{one.first}-{one.last}" for one in question.years]
    return {
        Filter.PLATFORM.value: question.platform,
        Filter.ITEM_ID.value: question.item,
        Filter.AUTHOR.value: question.author,
        Filter.DATA_TYPE.value: [one.value for one in question.data_types],
        Filter.YOP.value: years,
        Filter.ACCESS_TYPE.value: [one.value for one in question.access_types],
        Filter.ACCESS_METHOD.value: [one.value for one in question.access_methods],
        Filter.METRIC_TYPE.value: [one.value for one in question.metrics],
    }


def report_attributes(question: CounterQuestion) -> Json:
    """What was asked for to be shown; empty in a Standard View."""
    if question.kind.is_view:
        return {}
    told: Json = {}
    if question.shown:
        told["Attributes_To_Show"] = [one.value for one in question.shown]
    if question.has_totals_only:
        told["Granularity"] = "Total"
    if question.has_parents:
        told["Include_Parent_Details"] = "True"
    return told


class _Shown:
    """Entries of one report."""

    def __init__(self, question: CounterQuestion, platform: str, record_address: str) -> None:
        self._question = question
        self._platform = platform
        self._record_address = record_address
        self._shown = frozenset(question.shown)

    def entry(self, entry: Entry) -> Json:
        told: Json = {}
        if entry.used is not None:
            name = "Item" if self._question.kind.level is Level.ITEM else "Title"
            told = {name: entry.used.title, "Publisher": entry.used.publisher}
        told["Platform"] = self._platform
        if entry.used is not None:
            told["Item_ID"] = self.identified(entry.used)
            if Attribute.AUTHORS in self._shown and entry.used.authors:
                told["Authors"] = authors(entry.used)
        return {**told, "Attribute_Performance": [self._performance(one) for one in entry.performances]}

    def parent(self, entry: Entry) -> Json:
        if entry.parent is None:
            return {}
        told: Json = {"Title": entry.parent.title, "Item_ID": self.identified(entry.parent)}
        if entry.parent_type is not None and self._question.kind.has_data_type:
            told["Data_Type"] = entry.parent_type.value
        return told

    def identified(self, used: Used) -> dict[str, str]:
        address = {"URI": self._record_address.format(number=used.number)} if used.number else {}
        return {**identifiers(used), **address}

    def _performance(self, performance: Performance) -> Json:
        told = {
            "Data_Type": performance.data_type.value if self._question.kind.has_data_type else "",
            "YOP": performance.year,
            "Access_Type": performance.access_type,
            "Access_Method": performance.access_method,
        }
        return {
            **{name: value for name, value in told.items() if value},
            "Performance": {
                metric.value: self._counts(months) for metric, months in _in_order(performance.figures).items()
            },
        }

    def _counts(self, months: Mapping[date, int]) -> dict[str, int]:
        if self._question.has_totals_only:
            # The whole time stands under its first month.
            return {f"{self._question.first:%Y-%m}": sum(months.values())}
        return {f"{month:%Y-%m}": number for month, number in sorted(months.items())}


def authors(used: Used) -> list[dict[str, str]]:
    """The first authors of an item; it has some."""
    return [{"Name": one.name, **({"ORCID": one.orcid} if one.orcid else {})} for one in used.authors]


def _in_order(figures: Mapping[Metric, Mapping[date, int]]) -> dict[Metric, Mapping[date, int]]:
    return dict(sorted(figures.items()))


def _under_parents(shown: _Shown, entries: Sequence[Entry]) -> Iterator[Json]:
    """Items under what they are part of; all without a parent, or whose parent isn't told, in one object (8.2)."""
    under: dict[tuple[int, str, str], list[Entry]] = {}
    for entry in entries:
        parent = entry.parent
        key = (parent.number, parent.issn, parent.isbn) if parent else (0, "", "")
        under.setdefault(key, []).append(entry)
    for group in under.values():
        yield {**shown.parent(group[0]), "Items": [shown.entry(one) for one in group]}
