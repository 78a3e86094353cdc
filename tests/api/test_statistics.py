"""The service for statistics as an official's program meets it: by key, in four forms, and refused with a reason."""

from __future__ import annotations

import csv
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask
from lxml import etree
from openpyxl import load_workbook
from sqlalchemy import update
from werkzeug.test import TestResponse

from library.app import create_app
from library.container import Container
from library.db.statistics_keys import NotedCall
from library.db.tables import statistics_keys
from library.domain.maintenance import Window
from library.domain.statistics_keys import CALLS_A_MINUTE, KeyEntry, Scope
from library.settings import Settings
from tests.staff import BOTIR

BASE = "https://kutubxona.example"
INSTITUTION = '=HYPERLINK("http://example.org")'
WINDOWS = "service.maintenance-windows"
FIGURES = {"indicators": f"{WINDOWS},requests.searches", "from": "2026-01", "to": "2026-03", "lang": "en"}
REPORTS = f"/stat/v1/reports?{urlencode(FIGURES)}"
RESPONSIBLE = {
    "library": "Electronic library",
    "responsible_person": "Karimova D. S., head",
    "responsible_contact": "69 227-00-00",
}
SPAN = Scope(first=date(2026, 1, 1), last=date(2026, 12, 31))


@pytest.fixture(scope="module")
def container(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Container]:
    directory = tmp_path_factory.mktemp("officials")
    shutil.copy(migrated_sqlite, directory / "library.sqlite")
    settings = Settings(
        data_dir=directory,
        institution=INSTITUTION,
        base_url=BASE,
        responsible_person=RESPONSIBLE["responsible_person"],
        responsible_contact=RESPONSIBLE["responsible_contact"],
    )
    container = Container(settings)
    begins = datetime(2026, 2, 10, 9, tzinfo=UTC)
    window = Window(
        id=0,
        begins_at=begins,
        ends_at=begins + timedelta(minutes=90),
        notice_hours=72,
        texts={},
        registered_at=begins - timedelta(days=4),
        registered_by="person:8",
        registered_by_name="Admin",
    )
    with container.database.writing() as tx:
        tx.maintenance.add(window)
        tx.commit()
    yield container
    container.close()


@pytest.fixture(scope="module")
def app(container: Container) -> Flask:
    return create_app(container)


class Official:
    """Somebody with a key."""

    def __init__(self, app: Flask, container: Container, **changes: Any) -> None:
        self.container = container
        entry = KeyEntry(
            label="Letter", official="Karimova", scope=Scope(), expires_on=container.statistics_keys.today()
        )
        issued = container.statistics_keys.issue(replace(entry, **changes), actor=BOTIR)
        self.key, self.secret = issued.key, issued.secret
        self._client = app.test_client()

    def get(self, path: str, **headers: str) -> TestResponse:
        sent = {"Authorization": f"Bearer {self.secret}", **headers}
        return self._client.get(path, headers=[(name.replace("_", "-"), value) for name, value in sent.items()])

    def calls(self) -> list[NotedCall]:
        return self.container.statistics_keys.calls(self.key.id, None, 100, actor=BOTIR)


@pytest.fixture
def official(app: Flask, container: Container) -> Official:
    return Official(app, container)


def refusal(response: TestResponse, status: int) -> str:
    """The code of a refusal, which has words for people too."""
    assert response.status_code == status, response.get_data(as_text=True)
    error = response.get_json()["error"]
    assert set(error) == {"code", "message", "problems"}
    assert error["message"]
    return str(error["code"])


def test_a_report_in_json(official: Official) -> None:
    report = official.get(REPORTS).get_json()
    assert (report["from"], report["to"], report["step"], report["by"]) == ("2026-01-01", "2026-03-31", "month", [])
    assert [one["id"] for one in report["indicators"]] == [WINDOWS, "requests.searches"]
    assert [line["period"] for line in report["lines"]] == ["2026-01", "2026-02", "2026-03"] * 2
    assert report["institution"] == INSTITUTION


def _values_of_xml(response: TestResponse) -> list[Decimal | None]:
    root = etree.fromstring(response.data)
    texts = [line.findtext("{*}value") for line in root.iterfind("{*}line")]
    return [None if text is None else Decimal(text) for text in texts]


def test_all_forms_tell_the_same_figures_by_accept_and_by_ending(official: Official) -> None:
    answers = []
    for ending, accept in (
        ("json", "application/json"),
        ("xml", "application/xml"),
        ("csv", "text/csv"),
        ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ):
        by_ending = official.get(REPORTS.replace("reports?", f"reports.{ending}?"))
        by_accept = official.get(REPORTS, Accept=f"{accept}, text/html;q=0.5")
        assert by_ending.mimetype == by_accept.mimetype == accept
        answers.append(by_ending)
    as_json, as_xml, as_csv, as_xlsx = answers
    told = [None if line["value"] is None else Decimal(str(line["value"])) for line in as_json.get_json()["lines"]]
    assert _values_of_xml(as_xml) == told
    rows = list(csv.DictReader(StringIO(as_csv.data.decode("utf-8-sig"), newline="")))
    assert [Decimal(row["value"]) if row["value"] else None for row in rows] == told
    sheet = load_workbook(BytesIO(as_xlsx.data)).worksheets[0]
    column = [cell.value for cell in sheet[1]].index("value")
    assert [
        None if row[column] is None else Decimal(str(row[column])) for row in sheet.iter_rows(2, values_only=True)
    ] == told
    assert told == [0, 1, 0, None, None, None]
    assert all(line["reason"] for line in as_json.get_json()["lines"] if line["value"] is None)


@pytest.mark.parametrize("path", [REPORTS, "/stat/v1/forms/passport-16?period=2026-Q1&lang=en"])
def test_every_report_and_form_names_the_library_and_who_answers_for_it(official: Official, path: str) -> None:
    read = official.get(path).get_json()
    assert {name: read[name] for name in RESPONSIBLE} == RESPONSIBLE
    root = etree.fromstring(official.get(path.replace("?", ".xml?")).data)
    assert {name: root.get(name) for name in RESPONSIBLE} == RESPONSIBLE
    text = official.get(path.replace("?", ".csv?")).data.decode("utf-8-sig")
    for row in csv.DictReader(StringIO(text, newline="")):
        assert {name: row[name] for name in RESPONSIBLE} == RESPONSIBLE
    book = load_workbook(BytesIO(official.get(path.replace("?", ".xlsx?")).data))
    about = dict(book["About the report"].iter_rows(values_only=True))
    assert {name: about[name] for name in RESPONSIBLE} == RESPONSIBLE
    if "forms" in path:
        above = [row[0] for row in book.worksheets[0].iter_rows(max_row=7, values_only=True)]
        assert set(RESPONSIBLE.values()) <= set(above)


def test_a_new_responsible_official_is_a_new_answer(official: Official, container: Container) -> None:
    before = official.get(REPORTS).headers["ETag"]
    usual = container.settings
    container.settings = replace(usual, responsible_person="Soatov A.")
    try:
        again = official.get(REPORTS, If_None_Match=before)
    finally:
        container.settings = usual
    assert (again.status_code, again.get_json()["responsible_person"]) == (200, "Soatov A.")


def test_the_schema_is_open_and_reports_are_valid_by_it(app: Flask, official: Official) -> None:
    schema = etree.XMLSchema(etree.fromstring(app.test_client().get("/stat/v1/report.xsd").data))
    by_type = {**FIGURES, "indicators": "holdings.titles", "by": "type,language", "step": "quarter"}
    for path in (REPORTS, f"/stat/v1/reports?{urlencode(by_type)}"):
        root = etree.fromstring(official.get(path, Accept="text/xml, application/xml").data)
        schema.assertValid(root)
        (place,) = root.xpath("//@*[local-name()='schemaLocation']")
        assert place.split()[1] == f"{BASE}/stat/v1/report.xsd"


def test_nothing_in_a_table_is_computed(official: Official) -> None:
    book = load_workbook(BytesIO(official.get(REPORTS.replace("reports?", "reports.xlsx?")).data))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert any(cell.value == INSTITUTION and cell.data_type != "f" and cell.quotePrefix for cell in cells)
    text = official.get(REPORTS.replace("reports?", "reports.csv?")).data.decode("utf-8-sig")
    assert {row["institution"] for row in csv.DictReader(StringIO(text, newline=""))} == {f"'{INSTITUTION}"}


def test_tables_are_files_with_names_and_answers_link_to_their_definitions(official: Official) -> None:
    response = official.get(REPORTS.replace("reports?", "reports.csv?"))
    assert response.headers["Content-Disposition"] == "attachment; filename=statistics-2026-01-01-2026-03-31.csv"
    assert f'<{BASE}/stat/v1/indicators>; rel="describedby"' in response.headers["Link"]
    assert response.headers["Cache-Control"] == "private, no-cache"
    assert {"Accept", "Accept-Language", "Authorization"} <= set(response.headers["Vary"].split(", "))


def test_what_is_still_the_newest_is_not_sent_again(official: Official) -> None:
    for path in (REPORTS, REPORTS.replace("reports?", "reports.xlsx?"), "/stat/v1/indicators"):
        first = official.get(path)
        again = official.get(path, If_None_Match=first.headers["ETag"])
        assert (again.status_code, again.data) == (304, b""), path
        assert again.headers["ETag"] == first.headers["ETag"]
        assert official.get(path, If_None_Match='"other"').status_code == 200
    assert [noted.call.figures for noted in official.calls()][-2:] == [0, 6]


def test_another_form_language_or_question_has_another_etag(official: Official) -> None:
    paths = (
        REPORTS,
        REPORTS.replace("reports?", "reports.csv?"),
        REPORTS.replace("lang=en", "lang=ru"),
        REPORTS.replace("to=2026-03", "to=2026-02"),
        REPORTS + "&step=quarter",
    )
    assert len({official.get(path).headers["ETag"] for path in paths}) == len(paths)


def test_names_come_in_the_language_that_was_asked_for(official: Official) -> None:
    names = {lang: official.get(REPORTS.replace("lang=en", f"lang={lang}")).get_json() for lang in ("en", "ru", "ky")}
    assert len({report["indicators"][0]["name"] for report in names.values()}) == 3
    assert len({report["checksum"] for report in names.values()}) == 1


def test_the_indicators_are_told_with_all_that_they_can_be_told_by(official: Official, container: Container) -> None:
    answer = official.get("/stat/v1/indicators").get_json()
    table = container.statistics.table
    assert [one["id"] for one in answer["indicators"]] == list(table.indicators)
    assert answer["indicators"][0]["names"]["ru"] == next(iter(table.indicators.values())).names["ru"]
    assert set(answer["reasons"]) == {reason.value for reason in table.reasons}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"indicators": "nowhere"}, "unknown-indicator"),
        ({"indicators": ""}, "invalid-question"),
        ({"indicators": None}, "invalid-question"),
        ({"indicators": f"{WINDOWS},{WINDOWS}"}, "invalid-question"),
        ({"from": None}, "invalid-question"),
        ({"from": "2026-03", "to": "2026-01"}, "period-reversed"),
        ({"from": "2199-01", "to": "2199-02"}, "period-in-future"),
        ({"from": "1447-01"}, "invalid-period"),
        ({"from": "1999-12"}, "invalid-period"),
        ({"from": "٢٠٢٦-٠١"}, "invalid-period"),
        ({"from": "01.02.2026"}, "invalid-period"),
        ({"from": "2026-02-30"}, "invalid-period"),
        ({"from": "2000-01", "to": "2026-03", "step": "day"}, "period-too-long"),
        ({"step": "week"}, "invalid-question"),
        ({"by": "colour"}, "invalid-question"),
        ({"by": "hour"}, "invalid-question"),
        ({"by": "type,type"}, "invalid-question"),
        ({"lang": "fr"}, "invalid-question"),
        ({"limit": "5"}, "invalid-question"),
    ],
)
def test_a_question_that_makes_no_sense_is_refused_with_the_remedy(
    official: Official, changes: dict[str, str | None], code: str
) -> None:
    asked = {name: value for name, value in {**FIGURES, **changes}.items() if value is not None}
    response = official.get(f"/stat/v1/reports?{urlencode(asked)}")
    assert refusal(response, 400) == code
    (noted,) = official.calls()
    assert (noted.call.status, noted.call.code, noted.call.figures) == (400, code, 0)


def test_an_argument_that_is_given_twice_is_refused(official: Official) -> None:
    assert refusal(official.get(f"{REPORTS}&from=2026-02"), 400) == "invalid-question"


def test_ten_years_by_day_come_whole_or_not_at_all(official: Official) -> None:
    asked = {"indicators": WINDOWS, "from": "2016-01-01", "to": "2025-12-31", "step": "day"}
    response = official.get(f"/stat/v1/reports.csv?{urlencode(asked)}")
    assert response.data.decode("utf-8-sig").count("\n") == 3_653 + 1


def test_a_form_that_is_not_offered_is_refused_and_an_unknown_ending_is_no_address(official: Official) -> None:
    assert refusal(official.get(REPORTS, Accept="application/pdf"), 406) == "format-not-offered"
    assert refusal(official.get("/stat/v1/reports.pdf"), 404) == "not-found"


def test_without_a_key_nothing_is_told_but_the_description(app: Flask) -> None:
    client = app.test_client()
    for path in (REPORTS, "/stat/v1/indicators"):
        response = client.get(path)
        assert refusal(response, 401) == "key-missing"
        assert response.headers["WWW-Authenticate"] == 'Bearer realm="statistics"'
        assert refusal(client.get(path, headers={"Authorization": "Basic YTpi"}), 401) == "key-missing"
    assert client.get("/stat/v1/openapi.json").get_json()["openapi"] == "3.1.0"


def test_a_wrong_key_is_refused_and_listed(app: Flask, official: Official, container: Container) -> None:
    wrong = official.secret[:-1] + ("a" if official.secret[-1] != "a" else "b")
    response = app.test_client().get(REPORTS, headers={"Authorization": f"Bearer {wrong}"})
    assert refusal(response, 401) == "key-unknown"
    newest = container.statistics_keys.calls(None, None, 1, actor=BOTIR)[0]
    assert (newest.key, newest.call.code) == (None, "key-unknown")
    assert official.calls() == []


def test_a_key_in_the_address_is_refused_and_masked_in_the_list(
    app: Flask, official: Official, container: Container
) -> None:
    for name in ("key", "api_key", "access_token"):
        response = app.test_client().get(f"{REPORTS}&{name}={official.secret}")
        assert refusal(response, 400) == "key-in-address"
        newest = container.statistics_keys.calls(None, None, 1, actor=BOTIR)[0].call
        assert f"{name}=***" in newest.path
        assert official.secret not in newest.path


def test_a_revoked_key_opens_nothing_from_the_next_call_on(official: Official, container: Container) -> None:
    assert official.get(REPORTS).status_code == 200
    container.statistics_keys.revoke(official.key.id, actor=BOTIR)
    assert refusal(official.get(REPORTS), 401) == "key-revoked"
    assert [noted.call.code for noted in official.calls()] == ["key-revoked", ""]


def test_a_key_whose_last_day_is_over_says_so(official: Official, container: Container) -> None:
    assert official.get(REPORTS).status_code == 200
    yesterday = container.statistics_keys.today() - timedelta(days=1)
    with container.database.engine.begin() as connection:
        this = update(statistics_keys).where(statistics_keys.c.id == official.key.id)
        connection.execute(this.values(expires_on=yesterday))
    assert refusal(official.get(REPORTS), 401) == "key-expired"


def test_a_key_for_other_addresses_says_so(app: Flask, container: Container) -> None:
    official = Official(app, container, networks=("195.158.0.0/16",))
    assert refusal(official.get(REPORTS), 403) == "address-not-allowed"
    assert Official(app, container, networks=("127.0.0.0/8",)).get(REPORTS).status_code == 200


def test_a_key_opens_its_indicators_and_its_days_alone(app: Flask, container: Container) -> None:
    narrow = Official(app, container, scope=replace(SPAN, indicators=(WINDOWS,)))
    assert refusal(narrow.get(REPORTS), 403) == "out-of-scope"
    own = {"indicators": WINDOWS, "from": "2026-01", "to": "2026-03"}
    assert narrow.get(f"/stat/v1/reports?{urlencode(own)}").status_code == 200
    for days in ({"from": "2025-12"}, {"step": "academic-year"}):
        assert refusal(narrow.get(f"/stat/v1/reports?{urlencode({**own, **days})}"), 403) == "out-of-scope"


def test_the_list_says_what_was_asked_and_how_many_figures_were_given(official: Official) -> None:
    official.get(REPORTS)
    official.get("/stat/v1/indicators")
    last, first = (noted.call for noted in official.calls())
    assert (
        first.path
        == "/stat/v1/reports?indicators=service.maintenance-windows,requests.searches&from=2026-01&to=2026-03&lang=en"
    )
    assert (first.status, first.code, first.figures) == (200, "", 6)
    assert (last.path, last.figures) == ("/stat/v1/indicators", 0)


def test_a_key_that_asks_too_often_is_told_when_to_come_again(official: Official) -> None:
    for _ in range(CALLS_A_MINUTE):
        official.container.statistics_keys.note(official.key, "/stat/v1/indicators", 200, "", 0)
    response = official.get("/stat/v1/indicators")
    assert refusal(response, 429) == "too-many-calls"
    assert int(response.headers["Retry-After"]) > 0


def test_an_answer_that_cannot_be_listed_is_not_given(
    official: Official, container: Container, monkeypatch: pytest.MonkeyPatch, app: Flask
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(container.statistics_keys, "note", full)
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    response = official.get(REPORTS)
    assert response.status_code >= 500
    assert b"lines" not in response.data


def test_errors_speak_the_language_of_who_asks(official: Official) -> None:
    told = {
        lang: official.get("/stat/v1/reports", Accept_Language=lang).get_json()["error"]["message"]
        for lang in ("en", "ru", "uz")
    }
    assert re.match("Say which", told["en"])
    assert len(set(told.values())) == 3


def test_forms_are_listed_with_what_they_need(official: Official, container: Container) -> None:
    forms = {form["id"]: form for form in official.get("/stat/v1/forms").get_json()["forms"]}
    assert set(forms) == {form.id for form in container.statistics.forms.all()}
    assert set(forms["passport-16"]["indicators"]) <= set(container.statistics.table.indicators)
    assert len(set(forms["passport-16"]["titles"].values())) > 3


def test_all_forms_of_a_form_tell_the_same_figures(app: Flask, official: Official) -> None:
    path = "/stat/v1/forms/passport-16{}?period=2026-Q1&lang=en"
    form = official.get(path.format("")).get_json()
    assert (form["period"], form["from"], form["to"]) == ("2026-Q1", "2026-01-01", "2026-03-31")
    told = [(row["number"], row["title"], row["value"], row["reason"]) for row in form["rows"]]
    headings = [row for row in form["rows"] if row["indicator"] is None]
    assert headings
    assert all(row["value"] is None and row["reason"] is None and row["unit"] is None for row in headings)
    root = etree.fromstring(official.get(path.format(".xml")).data)
    etree.XMLSchema(etree.fromstring(app.test_client().get("/stat/v1/report.xsd").data)).assertValid(root)
    assert [
        (
            row.get("number"),
            row.findtext("{*}title"),
            None if row.find("{*}value") is None else int(Decimal(row.findtext("{*}value") or "")),
            next((found.get("reason") for found in row.iterfind("{*}unavailable")), None),
        )
        for row in root.iterfind("{*}row")
    ] == told
    text = official.get(path.format(".csv")).data.decode("utf-8-sig")
    assert [
        (row["number"], row["title"], int(row["value"]) if row["value"] else None, row["reason"] or None)
        for row in csv.DictReader(StringIO(text, newline=""))
    ] == told
    sheet = load_workbook(BytesIO(official.get(path.format(".xlsx")).data)).worksheets[0]
    rows = [row for row in sheet.iter_rows(values_only=True) if row[0]]
    start = next(place for place, row in enumerate(rows) if row[0] == "number") + 1
    assert [(row[0], row[1], row[5], row[6]) for row in rows[start:]] == told


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("passport-16", 400, "invalid-question"),
        ("passport-16?period=2026&period=2025", 400, "invalid-question"),
        ("passport-16?period=1447", 400, "invalid-period"),
        ("passport-16?period=2199", 400, "period-in-future"),
        ("passport-16?period=2026&step=day", 400, "invalid-question"),
        ("nowhere?period=2026", 404, "unknown-report-form"),
        ("..%2F..%2Fetc%2Fpasswd.csv?period=2026", 404, "not-found"),
    ],
)
def test_a_form_that_cannot_be_filled_says_why(official: Official, path: str, status: int, code: str) -> None:
    assert refusal(official.get(f"/stat/v1/forms/{path}"), status) == code


def test_a_form_takes_a_key_that_opens_all_its_indicators(app: Flask, container: Container) -> None:
    narrow = Official(app, container, scope=Scope(indicators=("requests.all",)))
    assert refusal(narrow.get("/stat/v1/forms/passport-16?period=2026"), 403) == "out-of-scope"
    other_year = Official(app, container, scope=SPAN)
    assert refusal(other_year.get("/stat/v1/forms/passport-16?period=2025"), 403) == "out-of-scope"
    assert other_year.get("/stat/v1/forms/passport-16?period=2026").status_code == 200
