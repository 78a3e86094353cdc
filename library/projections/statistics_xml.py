"""A report of statistics as XML, by the schema `statistics.xsd` that lies beside this module."""

from __future__ import annotations

from pathlib import Path

from lxml import etree

from library.projections.plain_text import clean
from library.projections.statistics_answer import Answer, Told, facts, told

NAMESPACE = "urn:kutubxona:statistics:1"
SCHEMA = Path(__file__).with_name("statistics.xsd")


def report(answer: Answer, schema: str) -> bytes:
    """The report in UTF-8; `schema` is the address of its schema.

    A line has a `value`, or `unavailable` with the reason.
    """
    xsi = "http://www.w3.org/2001/XMLSchema-instance"
    top = etree.Element(_name("report"), nsmap={None: NAMESPACE, "xsi": xsi})
    top.set(f"{{{xsi}}}schemaLocation", f"{NAMESPACE} {schema}")
    for name, value in facts(answer.report).items():
        top.set(name, str(value).lower() if isinstance(value, bool) else clean(str(value)))
    top.set("by", " ".join(dimension.value for dimension in answer.by))
    for one in answer.indicators():
        element = etree.SubElement(top, _name("indicator"), id=one.id, unit=one.unit.value, decimals=str(one.decimals))
        element.text = clean(answer.words(one.names))
    for line in told(answer.report):
        _add(top, line)
    written: bytes = etree.tostring(top, encoding="UTF-8", xml_declaration=True)
    return written


def _add(top: etree._Element, line: Told) -> None:
    # "from" is a word of Python.
    days = {"from": line.first, "to": line.last}
    element = etree.SubElement(top, _name("line"), indicator=line.indicator, period=line.period, **days)
    for name, value in line.by:
        etree.SubElement(element, _name("by"), name=name).text = clean(value) or None
    if line.value is None:
        etree.SubElement(element, _name("unavailable"), reason=line.reason or "")
    else:
        etree.SubElement(element, _name("value")).text = f"{line.value:f}"


def _name(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"
