"""Reports and forms of statistics as XML, by the schema `statistics.xsd` that lies beside this module."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from lxml import etree

from library.domain.statistics import StatisticsReport
from library.projections.plain_text import clean
from library.projections.statistics_answer import Answer, FormAnswer, Issuer, Told, facts, told

NAMESPACE = "urn:kutubxona:statistics:1"
SCHEMA = Path(__file__).with_name("statistics.xsd")


def report(answer: Answer, schema: str) -> bytes:
    """A report in UTF-8; `schema` is the address of its schema.

    A line has a `value`, or `unavailable` with the reason.
    """
    top = _root("report", answer.report, answer.issuer, schema)
    top.set("by", " ".join(dimension.value for dimension in answer.by))
    for one in answer.indicators():
        element = etree.SubElement(top, _name("indicator"), id=one.id, unit=one.unit.value, decimals=str(one.decimals))
        element.text = clean(answer.words(one.names))
    for line in told(answer.report):
        _add(top, line)
    return _written(top)


def form(answer: FormAnswer, schema: str) -> bytes:
    """A form in UTF-8; a row that is a heading has neither `value` nor `unavailable`."""
    top = _root("form", answer.filled.report, answer.issuer, schema)
    top.set("id", answer.filled.form.id)
    top.set("period", answer.period)
    etree.SubElement(top, _name("title")).text = clean(answer.title)
    etree.SubElement(top, _name("basis")).text = clean(answer.basis) or None
    for row in answer.rows():
        element = etree.SubElement(top, _name("row"), number=clean(row.number))
        etree.SubElement(element, _name("title")).text = clean(row.title)
        if row.indicator:
            element.set("indicator", row.indicator)
            element.set("unit", row.unit)
            for name, values in row.where:
                for value in values:
                    etree.SubElement(element, _name("where"), name=name).text = clean(value) or None
            _add_figure(element, row.value, row.reason)
    return _written(top)


def _root(name: str, report: StatisticsReport, issuer: Issuer, schema: str) -> etree._Element:
    xsi = "http://www.w3.org/2001/XMLSchema-instance"
    top = etree.Element(_name(name), nsmap={None: NAMESPACE, "xsi": xsi})
    top.set(f"{{{xsi}}}schemaLocation", f"{NAMESPACE} {schema}")
    for fact, value in facts(report, issuer).items():
        top.set(fact, str(value).lower() if isinstance(value, bool) else clean(str(value)))
    return top


def _written(top: etree._Element) -> bytes:
    written: bytes = etree.tostring(top, encoding="UTF-8", xml_declaration=True)
    return written


def _add(top: etree._Element, line: Told) -> None:
    # "from" is a word of Python.
    days = {"from": line.first, "to": line.last}
    element = etree.SubElement(top, _name("line"), indicator=line.indicator, period=line.period, **days)
    for name, value in line.by:
        etree.SubElement(element, _name("by"), name=name).text = clean(value) or None
    _add_figure(element, line.value, line.reason)


def _add_figure(element: etree._Element, value: Decimal | None, reason: str | None) -> None:
    if value is None:
        etree.SubElement(element, _name("unavailable"), reason=reason or "")
    else:
        etree.SubElement(element, _name("value")).text = f"{value:f}"


def _name(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"
