"""One report in four formats, each read by a reader that is not ours: the same figures, and none that is computed."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Callable
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Any

import orjson
import pytest
from lxml import etree
from openpyxl import load_workbook

from library.projections import statistics_json, statistics_table, statistics_xml
from library.projections.statistics_answer import Answer
from tests.statistics_answers import FORMULA, an_answer, as_asked

SCHEMA_AT = "https://kutubxona.example/stat/v1/report.xsd"
SHEETS = statistics_table.Sheets(figures="Report", about="About", indicators="Indicators")
NAMESPACE = {"s": statistics_xml.NAMESPACE}
SCHEMA = etree.XMLSchema(etree.parse(str(statistics_xml.SCHEMA)))
Told = tuple[str, str, str | None, Decimal | None, str | None]


def _json(answer: Answer) -> Any:
    return json.loads(orjson.dumps(statistics_json.report(answer)), parse_float=Decimal)


def _xml(answer: Answer) -> etree._Element:
    return etree.fromstring(statistics_xml.report(answer, SCHEMA_AT))


def _csv(answer: Answer) -> list[dict[str, str]]:
    text = "".join(statistics_table.csv(answer, ","))
    return list(csv.DictReader(StringIO(text.removeprefix("\ufeff"), newline="")))


def _xlsx(answer: Answer, sheet: str = "Report") -> list[dict[str, Any]]:
    rows = load_workbook(BytesIO(statistics_table.xlsx(answer, SHEETS)))[sheet].iter_rows(values_only=True)
    names = [str(name) for name in next(rows)]
    return [dict(zip(names, row, strict=True)) for row in rows]


def _told_by_json(answer: Answer) -> list[Told]:
    return [
        (
            line["indicator"],
            line["period"],
            line["by"].get("faculty") or None,
            None if line["value"] is None else Decimal(line["value"]),
            line["reason"],
        )
        for line in _json(answer)["lines"]
    ]


def _told_by_xml(answer: Answer) -> list[Told]:
    found = []
    for line in _xml(answer).iterfind("s:line", NAMESPACE):
        value, reason = line.findtext("s:value", None, NAMESPACE), line.find("s:unavailable", NAMESPACE)
        found.append(
            (
                line.get("indicator") or "",
                line.get("period") or "",
                line.findtext("s:by[@name='faculty']", None, NAMESPACE) or None,
                None if value is None else Decimal(value),
                None if reason is None else reason.get("reason"),
            )
        )
    return found


def _told_by_csv(answer: Answer) -> list[Told]:
    return [
        (
            row["indicator"],
            row["period"],
            row["faculty"].removeprefix("'") or None,
            Decimal(row["value"]) if row["value"] else None,
            row["reason"] or None,
        )
        for row in _csv(answer)
    ]


def _told_by_xlsx(answer: Answer) -> list[Told]:
    return [
        (
            row["indicator"],
            row["period"],
            row["faculty"] or None,
            None if row["value"] is None else Decimal(str(row["value"])),
            row["reason"],
        )
        for row in _xlsx(answer)
    ]


@pytest.mark.parametrize("read", [_told_by_json, _told_by_xml, _told_by_csv, _told_by_xlsx])
def test_every_format_tells_the_same_figures(read: Callable[[Answer], list[Told]]) -> None:
    assert read(an_answer()) == [
        ("requests.searches", "2026-09", FORMULA, Decimal(1204567), None),
        ("requests.searches", "2026-09", "Filologiya & <b>", None, "too-few"),
        ("requests.searches", "2026-09", None, Decimal(-3), None),
        ("requests.searches", "2026-10", None, Decimal(0), None),
        ("service.uptime", "2026-09", "=1+1", Decimal("99.5"), None),
        ("service.uptime", "2026-10", None, None, "not-counted"),
    ]


def test_every_format_says_how_sure_its_figures_are_and_who_answers_for_them() -> None:
    answer = an_answer()
    expected = {
        "institution": "Namangan <davlat> universiteti",
        "from": "2026-09-01",
        "to": "2026-10-31",
        "step": "month",
        "data_as_of": "2026-10-02T03:04:05Z",
        "complete": "false",
        "revision": "2",
        "rules_version": "5.1/3",
        "robots_version": "2025.11+1",
        "checksum": answer.report.checksum,
        "library": "Axborot-resurs markazi",
        "responsible_person": "Karimova D. S., direktor",
        "responsible_contact": "69 227-00-00, <arm@nmu.example>",
    }
    read = _json(answer)
    assert {name: str(read[name]).lower() if name == "complete" else str(read[name]) for name in expected} == expected
    root = _xml(answer)
    assert {name: root.get(name) for name in expected} == expected
    assert {str(row["name"]): str(row["value"]) for row in _xlsx(answer, "About")} == expected
    for row in _csv(answer):
        assert {name: row[name] for name in expected if name not in ("from", "to")} == {
            name: value for name, value in expected.items() if name not in ("from", "to")
        }


def test_xml_is_as_its_schema_says() -> None:
    SCHEMA.assertValid(_xml(an_answer()))


@pytest.mark.parametrize(
    ("path", "name", "value"),
    [
        ("s:line", "indicator", "unheard.of"),
        ("s:line", "from", "1 sentabr"),
        (".", "checksum", "0"),
        (".", "more", "1"),
        ("s:line/s:unavailable", "reason", ""),
    ],
)
def test_the_schema_is_no_mere_formality(path: str, name: str, value: str) -> None:
    root = _xml(an_answer())
    element = root.find(path, NAMESPACE)
    assert element is not None
    element.set(name, value)
    assert not SCHEMA.validate(root)


def test_the_checksum_can_be_made_again_from_json_alone() -> None:
    read = _json(an_answer())
    decimals = {one["id"]: one["decimals"] for one in read["indicators"]}

    def facts(line: dict[str, Any]) -> list[object]:
        cell = [[name, line["by"][name]] for name in read["by"] if name in line["by"]]
        if line["value"] is None:
            return [line["indicator"], line["period"], cell, None, line["reason"]]
        return [line["indicator"], line["period"], cell, f"{line['value']:.{decimals[line['indicator']]}f}"]

    names = ("complete", "institution", "revision", "robots_version", "rules_version", "step")
    canonical = {name: read[name] for name in names} | {
        "data_as_of": read["data_as_of"].replace("Z", "+00:00"),
        "span": [read["from"], read["to"]],
        "lines": [facts(line) for line in read["lines"]],
    }
    text = json.dumps(canonical, sort_keys=True, separators=(",", ":"))
    assert hashlib.sha256(text.encode()).hexdigest() == read["checksum"]


def test_names_stand_in_the_language_that_was_asked_for() -> None:
    names = {
        language: _json(as_asked(an_answer(), language))["indicators"][0]["name"] for language in ("en", "ru", "ky")
    }
    assert names == {"en": "Searches", "ru": "Поисковые запросы", "ky": "Qidiruvlar"}


def test_no_name_that_looks_like_a_formula_is_computed() -> None:
    book = load_workbook(BytesIO(statistics_table.xlsx(an_answer(), SHEETS)))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)]
    dangerous = [cell for cell in cells if cell.value.startswith(("=", "-"))]
    assert {cell.value for cell in dangerous} == {FORMULA, "=1+1", "-probe"}
    assert all(cell.data_type != "f" and cell.quotePrefix for cell in dangerous)
    for row in _csv(an_answer()):
        assert not any(text.startswith(("=", "+", "@")) for text in row.values())


def test_texts_that_xml_has_no_room_for_do_not_break_a_report() -> None:
    root = _xml(an_answer(institution="Univer\x00sitet\x08 \ufffe"))
    assert root.get("institution") == "Universitet"
