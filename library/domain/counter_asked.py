"""Arguments of a request for a COUNTER report become a question (8.3), with remarks on those that can't be followed."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from enum import StrEnum
from typing import TypeVar

from library.domain.counter_faults import Fault, Remark, remark, require_none
from library.domain.counter_reports import (
    Attribute,
    CounterQuestion,
    Filter,
    ReportKind,
    YearRange,
    end_of,
    month_of,
)
from library.domain.counter_types import AccessMethod, AccessType, DataType
from library.domain.periods import EARLIEST_YEAR

CREDENTIALS = ("requestor_id", "api_key")
_ALWAYS = frozenset({"customer_id", *CREDENTIALS, "platform", "begin_date", "end_date"})
_MASTER = frozenset({"attributes_to_show", "granularity"})
_OF_ITEMS = frozenset({"include_parent_details", "include_component_details"})
_PARAMETERS = {one: one.value.lower() for one in Filter}
_YEARS = re.compile(r"(\d{4})(?:-(\d{4}))?", re.ASCII)
_DATE = re.compile(r"(\d{4})-(\d{2})(?:-(\d{2}))?", re.ASCII)
_GRANULARITIES = {"month": False, "total": True, "totals": True}
_TRUTHS = {"true": True, "false": False}
_SEPARATOR = "|"
_SHORTEST = 2
_YEARS_AHEAD = 10

Value = TypeVar("Value", bound=StrEnum)


class _Asked:
    """The arguments of one request, and what was remarked of them so far."""

    def __init__(self, arguments: Sequence[tuple[str, str]]) -> None:
        self._arguments: dict[str, str] = {}
        self.remarks: list[Remark] = []
        for name, value in arguments:
            if name in self._arguments:
                self.remarks.append(remark(Fault.NOT_RECOGNIZED, f"{name} is given twice"))
            else:
                self._arguments[name] = value.strip()

    def get(self, name: str) -> str:
        return self._arguments.get(name, "")

    def refuse_unknown(self, known: Collection[str]) -> None:
        for name, value in self._arguments.items():
            if name not in known:
                self.remarks.append(remark(Fault.NOT_RECOGNIZED, f"{name}={value}"))

    def values(self, of: Filter, possible: Iterable[Value]) -> tuple[Value, ...]:
        """Those of a list that there are, in the order of the report; a remark tells of the others."""
        given = [one.strip() for one in self.get(_PARAMETERS[of]).split(_SEPARATOR) if one.strip()]
        known = {one.value.lower(): one for one in possible}
        for one in given:
            if one.lower() not in known:
                self.remarks.append(remark(Fault.INVALID_FILTER, f"{_PARAMETERS[of]}={one}"))
        chosen = {one.lower() for one in given}
        return tuple(value for key, value in known.items() if key in chosen)

    def choice(self, name: str, possible: dict[str, bool]) -> bool:
        given = self.get(name)
        if given and given.lower() not in possible:
            self.remarks.append(remark(Fault.INVALID_ATTRIBUTE, f"{name}={given}"))
        return possible.get(given.lower(), False)


def required_customer(arguments: Sequence[tuple[str, str]], customers: Collection[str]) -> str:
    """Whose use is asked for; `CounterRefused` where it is not said, or is none that there are figures of."""
    asked = _Asked(arguments)
    customer = asked.get("customer_id")
    if not customer:
        require_none([remark(Fault.INSUFFICIENT_INFORMATION, "customer_id")])
    if customer not in customers:
        require_none([remark(Fault.NOT_AUTHORIZED_FOR_INSTITUTION, f"customer_id={customer}")])
    return customer


def question_from(
    kind: ReportKind, arguments: Sequence[tuple[str, str]], customer: str, platform: str, today: date
) -> tuple[CounterQuestion, tuple[Remark, ...]]:
    """What is asked for, and what of it was not followed.

    Raises `CounterRefused` where the months are missing or impossible; the current month and later ones are (3020).
    """
    asked = _Asked(arguments)
    known = set(_ALWAYS)
    if not kind.is_view:
        known |= _MASTER | {_PARAMETERS[one] for one in kind.filters}
        known |= _OF_ITEMS if Filter.AUTHOR in kind.filters else set()
    asked.refuse_unknown(known)
    first, last = _months(asked, today)
    named = asked.get("platform")
    if named and named.casefold() != platform.casefold():
        asked.remarks.append(remark(Fault.INVALID_FILTER, f"platform={named}"))
        named = ""
    if kind.is_view:
        return _of_view(kind, customer, first, last, platform if named else ""), tuple(asked.remarks)
    item, author = asked.get("item_id"), asked.get("author")
    for name, text in (("item_id", item), ("author", author)):
        if text and len(text) < _SHORTEST:
            asked.remarks.append(remark(Fault.INVALID_FILTER, f"{name}={text}"))
    if asked.choice("include_component_details", _TRUTHS):
        asked.remarks.append(remark(Fault.NO_COMPONENTS))
    has = frozenset(kind.filters)
    question = CounterQuestion(
        kind=kind,
        customer=customer,
        first=first,
        last=last,
        platform=platform if named else "",
        metrics=asked.values(Filter.METRIC_TYPE, kind.metrics),
        data_types=asked.values(Filter.DATA_TYPE, kind.data_types),
        access_methods=asked.values(Filter.ACCESS_METHOD, AccessMethod),
        access_types=asked.values(Filter.ACCESS_TYPE, _ACCESS_TYPES) if Filter.ACCESS_TYPE in has else (),
        years=_years(asked) if Filter.YOP in has else (),
        item=item if Filter.ITEM_ID in has and len(item) >= _SHORTEST else "",
        author=author if Filter.AUTHOR in has and len(author) >= _SHORTEST else "",
        shown=_shown(asked, kind),
        has_totals_only=asked.choice("granularity", _GRANULARITIES),
        has_parents=asked.choice("include_parent_details", _TRUTHS),
    )
    return question, tuple(asked.remarks)


_ACCESS_TYPES = tuple(one for one in AccessType if one)


def _of_view(kind: ReportKind, customer: str, first: date, last: date, platform: str) -> CounterQuestion:
    def fixed(of: Filter) -> tuple[str, ...]:
        return kind.fixed.get(of, ())

    return CounterQuestion(
        kind=kind,
        customer=customer,
        first=first,
        last=last,
        platform=platform,
        metrics=kind.metrics,
        data_types=tuple(DataType(one) for one in fixed(Filter.DATA_TYPE)),
        access_methods=tuple(AccessMethod(one) for one in fixed(Filter.ACCESS_METHOD)),
        access_types=tuple(AccessType(one) for one in fixed(Filter.ACCESS_TYPE)),
        shown=kind.shown,
        has_parents=kind.has_parents,
    )


def _months(asked: _Asked, today: date) -> tuple[date, date]:
    """The first day of the first month and the last day of the last one."""
    begin, end = asked.get("begin_date"), asked.get("end_date")
    missing = [name for name, value in (("begin_date", begin), ("end_date", end)) if not value]
    if missing:
        require_none([remark(Fault.INSUFFICIENT_INFORMATION, ", ".join(missing))])
    first, last = _date(begin, today), _date(end, today)
    if first is None or last is None or last < first:
        require_none([remark(Fault.INVALID_DATES, f"begin_date={begin}, end_date={end}")])
        raise AssertionError
    if month_of(first) >= month_of(today):
        require_none([remark(Fault.INVALID_DATES, f"begin_date={begin}: {today:%Y-%m} is not over")])
    return month_of(first), end_of(last)


def _date(text: str, today: date) -> date | None:
    """The day, or the first one of the month; None for what is none, or of a year of another calendar."""
    form = _DATE.fullmatch(text)
    if form is None or not EARLIEST_YEAR <= int(form[1]) <= today.year + _YEARS_AHEAD:
        return None
    try:
        return date(int(form[1]), int(form[2]), int(form[3] or 1))
    except ValueError:
        return None


def _years(asked: _Asked) -> tuple[YearRange, ...]:
    ranges = []
    for one in filter(None, asked.get("yop").split(_SEPARATOR)):
        form = _YEARS.fullmatch(one.strip())
        if form is None or (form[2] or form[1]) < form[1]:
            asked.remarks.append(remark(Fault.INVALID_FILTER, f"yop={one}"))
        else:
            ranges.append(YearRange(first=form[1], last=form[2] or form[1]))
    return tuple(ranges)


def _shown(asked: _Asked, kind: ReportKind) -> tuple[Attribute, ...]:
    given = [one.strip() for one in asked.get("attributes_to_show").split(_SEPARATOR) if one.strip()]
    known = {one.value.lower(): one for one in kind.attributes}
    for one in given:
        if one.lower() not in known:
            asked.remarks.append(remark(Fault.INVALID_ATTRIBUTE, f"attributes_to_show={one}"))
    chosen = {one.lower() for one in given}
    return tuple(value for key, value in known.items() if key in chosen)
