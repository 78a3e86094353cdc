"""The head takes reports of COUNTER as files, and is told what is wrong with the months."""

from __future__ import annotations

from io import BytesIO

from openpyxl import load_workbook

from library.app import create_app
from library.container import Container
from library.domain.counter_reports import REPORTS
from library.domain.people import Role
from tests.counted import two_months
from tests.signed_in import a_person, browser_of

REPORT = "/statistics/counter/report"


def test_the_head_takes_every_report_as_a_file(container: Container) -> None:
    two_months(container)
    browser = browser_of(create_app(container), container, a_person(container, "botir", Role.HEAD))
    page = browser.get("/statistics/counter?lang=en").text
    months = {"begin_date": "2026-09", "end_date": "2026-10"}
    for report in REPORTS:
        assert f'value="{report}"' in page
        answer = browser.get(REPORT, query_string={"report": report, "form": "xlsx", **months})
        assert answer.headers["Content-Disposition"] == f"attachment; filename={report}_2026-09_2026-10.xlsx"
        assert load_workbook(BytesIO(answer.data)).worksheets[0]["B2"].value == report
    assert 'value="2026-09" min="2026-09" max="2026-10"' in page
    table = browser.get(REPORT, query_string={"report": "PR", "form": "tsv", **months})
    assert table.data.startswith(b"\xef\xbb\xbfReport_Name\tPlatform Report\n")


def test_what_is_wrong_is_said_in_words(container: Container) -> None:
    two_months(container)
    browser = browser_of(create_app(container), container, a_person(container, "botir", Role.HEAD))
    for months in ({"begin_date": "2026-10", "end_date": "2026-09"}, {"begin_date": "x", "end_date": "y"}, {}):
        answer = browser.get(
            REPORT, query_string={"report": "PR", "form": "tsv", **months}, headers={"Accept-Language": "en"}
        )
        assert answer.status_code == 400
        assert "Choose months that are over" in answer.text
    assert browser.get(REPORT, query_string={"report": "DR", "form": "tsv"}).status_code == 404


def test_before_the_first_month_is_over_there_is_nothing_to_take(container: Container) -> None:
    browser = browser_of(create_app(container), container, a_person(container, "botir", Role.HEAD))
    assert "come back when the next one begins" in browser.get("/statistics/counter?lang=en").text


def test_only_who_may_see_statistics_gets_reports(container: Container) -> None:
    app = create_app(container)
    for role in (Role.READER, Role.CATALOGUER):
        browser = browser_of(app, container, a_person(container, role.value, role))
        assert browser.get("/statistics/counter").status_code == 403
