"""The COUNTER API over two months of use: the figures, the Code's words for what is wrong, and tables that agree."""

from __future__ import annotations

import csv
import shutil
from collections import Counter as Tally
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from openpyxl import load_workbook

from library.app import create_app
from library.container import Container
from library.domain.counter_reports import REPORTS, ReportId
from library.domain.counter_types import BOOKS, Metric
from library.domain.counts import impossible
from library.domain.statistics_keys import KeyEntry, Scope
from library.services.counter import Counter
from library.settings import Settings
from tests.counted import NOW, TITLE, two_months
from tests.staff import BOTIR
from tests.usage_history import TASHKENT

PERIOD = {"begin_date": "2026-09", "end_date": "2026-10"}
Ask = Callable[..., tuple[int, Any]]


@pytest.fixture(scope="module")
def library(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Container]:
    """A book that is not open, an article that is, and what was done with them in two months."""
    directory = tmp_path_factory.mktemp("counter")
    shutil.copy(migrated_sqlite, directory / "library.sqlite")
    container = Container(Settings(data_dir=directory, institution="Buxoro davlat universiteti"))
    two_months(container)
    yield container
    container.close()


def secret_of(container: Container, **scope: Any) -> str:
    """A new key; of COUNTER, unless told otherwise."""
    entry = KeyEntry(
        label="COUNTER",
        official="S. Karimova",
        scope=Scope(**{"counter": True, **scope}),
        expires_on=datetime.now(UTC).date() + timedelta(days=30),
    )
    return container.statistics_keys.issue(entry, actor=BOTIR).secret


@pytest.fixture(scope="module")
def browser(library: Container) -> FlaskClient:
    return create_app(library).test_client()


@pytest.fixture
def ask(library: Container, browser: FlaskClient) -> Ask:
    """Asks with a key of its own, for both months unless told otherwise."""
    secret = secret_of(library)

    def answered(path: str, **arguments: str) -> tuple[int, Any]:
        given = {"customer_id": "1", "api_key": secret, **arguments}
        answer = browser.get(f"/counter/r51{path}", query_string={k: v for k, v in given.items() if v})
        return answer.status_code, answer.get_json() if answer.is_json else answer.data

    return answered


def figures(performances: list[dict[str, Any]]) -> dict[tuple[str, str, str], int]:
    """Figures by data type, metric and month."""
    return {
        (one.get("Data_Type", ""), metric, month): number
        for one in performances
        for metric, months in one["Performance"].items()
        for month, number in months.items()
    }


def test_the_platform_report_counts_what_happened(ask: Ask) -> None:
    status, report = ask("/reports/pr", **PERIOD)
    assert status == 200
    (platform,) = report["Report_Items"]
    assert figures(platform["Attribute_Performance"]) == {
        ("Platform", "Searches_Platform", "2026-09"): 2,
        ("Book", "Total_Item_Investigations", "2026-09"): 2,
        ("Book", "Total_Item_Requests", "2026-09"): 1,
        ("Book", "Unique_Item_Investigations", "2026-09"): 1,
        ("Book", "Unique_Item_Requests", "2026-09"): 1,
        ("Book", "Unique_Title_Investigations", "2026-09"): 1,
        ("Book", "Unique_Title_Requests", "2026-09"): 1,
        ("Book", "Total_Item_Investigations", "2026-10"): 1,
        ("Book", "Total_Item_Requests", "2026-10"): 1,
        ("Book", "Unique_Item_Investigations", "2026-10"): 1,
        ("Book", "Unique_Item_Requests", "2026-10"): 1,
        ("Book", "Unique_Title_Investigations", "2026-10"): 1,
        ("Book", "Unique_Title_Requests", "2026-10"): 1,
        ("Article", "Total_Item_Investigations", "2026-10"): 1,
        ("Article", "Total_Item_Requests", "2026-10"): 1,
        ("Article", "Unique_Item_Investigations", "2026-10"): 1,
        ("Article", "Unique_Item_Requests", "2026-10"): 1,
    }
    header = report["Report_Header"]
    assert header["Report_Filters"] == {"Begin_Date": "2026-09-01", "End_Date": "2026-10-31"}
    assert "Exceptions" not in header
    assert "Report_Attributes" not in header


def test_a_book_is_a_title_in_title_reports_and_a_segment_of_itself_in_item_reports(ask: Ask) -> None:
    _, titles = ask("/reports/tr", **PERIOD)
    (book,) = titles["Report_Items"]
    assert book["Title"] == TITLE
    assert book["Item_ID"]["ISBN"] == "978-9943-22-551-0"
    assert {one["Data_Type"] for one in book["Attribute_Performance"]} == {"Book"}
    assert figures(book["Attribute_Performance"])["Book", "No_License", "2026-10"] == 1
    _, items = ask("/reports/ir", include_parent_details="True", attributes_to_show="YOP|Authors", **PERIOD)
    under = {group.get("Title", ""): group for group in items["Report_Items"]}
    (segment,) = under[TITLE]["Items"]
    assert under[TITLE]["Data_Type"] == "Book"
    assert segment["Authors"] == [{"Name": "Soatov, Yo. U."}]
    assert [(one["Data_Type"], one["YOP"]) for one in segment["Attribute_Performance"]] == [("Book_Segment", "2019")]
    (article,) = under[""]["Items"]
    assert article["Attribute_Performance"][0]["Data_Type"] == "Article"
    assert items["Report_Header"]["Report_Attributes"] == {
        "Attributes_To_Show": ["Authors", "YOP"],
        "Include_Parent_Details": "True",
    }


@pytest.mark.parametrize("report", REPORTS)
def test_every_report_adds_up_and_hides_nothing(ask: Ask, report: ReportId) -> None:
    kind = REPORTS[report]
    status, told = ask(f"/reports/{report.lower()}", **PERIOD)
    assert status == 200
    assert (told["Report_Header"]["Report_ID"], told["Report_Header"]["Report_Name"]) == (report.value, kind.name)
    groups = told["Report_Items"]
    assert groups, report
    for entry in [item for group in groups for item in group.get("Items", [group])]:
        for performance in entry["Attribute_Performance"]:
            assert set(performance["Performance"]) <= {one.value for one in kind.metrics}
            for month in ("2026-09", "2026-10"):
                row = {Metric(metric): months.get(month, 0) for metric, months in performance["Performance"].items()}
                if not kind.is_view and performance["Data_Type"] != "Platform":
                    of_books = performance["Data_Type"] in BOOKS
                    assert not [pair for pair in impossible(row) if of_books or "Title" not in pair[1]]


@pytest.mark.parametrize("report", REPORTS)
def test_tables_say_what_json_says(ask: Ask, report: ReportId) -> None:
    _, told = ask(f"/reports/{report.lower()}", **PERIOD)
    status, content = ask(f"/reports/{report.lower()}.tsv", **PERIOD)
    assert status == 200
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(StringIO(content.decode("utf-8-sig")), delimiter="\t", quoting=csv.QUOTE_NONE))
    assert [row[0] for row in rows[:13]] == [
        *("Report_Name", "Report_ID", "Release", "Institution_Name", "Institution_ID", "Metric_Types"),
        *("Report_Filters", "Report_Attributes", "Exceptions", "Reporting_Period", "Created", "Created_By"),
        "Registry_Record",
    ]
    assert rows[9][1] == "Begin_Date=2026-09-01; End_Date=2026-10-31"
    assert rows[13] == []
    assert rows[14][-4:] == ["Metric_Type", "Reporting_Period_Total", "Sep-2026", "Oct-2026"]
    entries = [item for group in told["Report_Items"] for item in group.get("Items", [group])]
    in_json: Tally[str] = Tally()
    for entry in entries:
        for (_, metric, _month), number in figures(entry["Attribute_Performance"]).items():
            in_json[metric] += number
    in_table: Tally[str] = Tally()
    for row in rows[15:]:
        cells = dict(zip(rows[14], row, strict=True))
        in_table[cells["Metric_Type"]] += int(cells["Reporting_Period_Total"])
        assert int(cells["Sep-2026"]) + int(cells["Oct-2026"]) == int(cells["Reporting_Period_Total"]) > 0
    assert in_table == in_json
    _, file = ask(f"/reports/{report.lower()}.xlsx", **PERIOD)
    sheet = load_workbook(BytesIO(file)).worksheets[0]
    written = [[str(cell.value if cell.value is not None else "") for cell in row] for row in sheet.iter_rows()]
    assert [row[: len(rows[14])] for row in written[14:]] == rows[14:]
    assert not any(cell.data_type == "f" for row in sheet.iter_rows() for cell in row)


def test_the_headings_of_the_views_are_those_of_the_code(ask: Ask) -> None:
    def headings(report: str) -> list[str]:
        _, content = ask(f"/reports/{report}.tsv", **PERIOD)
        return content.decode("utf-8-sig").split("\n")[14].split("\t")[:-4]  # type: ignore[no-any-return]

    identifiers = ["DOI", "Proprietary_ID", "ISBN", "Print_ISSN", "Online_ISSN", "URI"]
    titles = ["Title", "Publisher", "Publisher_ID", "Platform", *identifiers, "Data_Type"]
    assert headings("pr_p1") == ["Platform", "Data_Type"]
    assert headings("tr_b1") == headings("tr_b2") == [*titles, "YOP"]
    assert headings("tr_b3") == [*titles, "YOP", "Access_Type"]
    without_isbn = [one for one in identifiers if one != "ISBN"]
    assert headings("ir_a1") == [
        *("Item", "Publisher", "Publisher_ID", "Platform", "Authors", "Publication_Date", "Article_Version"),
        *without_isbn,
        *("Parent_Title", "Parent_Authors", "Parent_Article_Version"),
        *(f"Parent_{one}" for one in without_isbn),
        "Access_Type",
    ]


def test_filters_narrow_and_are_told(ask: Ask) -> None:
    _, report = ask(
        "/reports/tr", data_type="Book|Journal", metric_type="Total_Item_Requests|No_License", yop="2019", **PERIOD
    )
    assert report["Report_Header"]["Report_Filters"] == {
        "Begin_Date": "2026-09-01",
        "End_Date": "2026-10-31",
        "Data_Type": ["Book", "Journal"],
        "YOP": ["2019"],
        "Metric_Type": ["Total_Item_Requests", "No_License"],
    }
    assert len(report["Report_Items"]) == 1
    for narrow in ({"yop": "2020-2026"}, {"item_id": "ISBN:978-5-17-118366-0"}, {"access_type": "Open"}):
        _, empty = ask("/reports/tr", **narrow, **PERIOD)
        assert empty["Report_Items"] == []
        assert [one["Code"] for one in empty["Report_Header"]["Exceptions"]] == [3030]
    _, found = ask("/reports/ir", author="soatov, yo. u.", item_id="ISBN:9789943225510", **PERIOD)
    assert len(found["Report_Items"]) == 1


def test_the_whole_time_may_be_told_as_one_sum(ask: Ask) -> None:
    for granularity in ("Totals", "Total"):
        _, report = ask("/reports/pr", granularity=granularity, **PERIOD)
        assert report["Report_Header"]["Report_Attributes"] == {"Granularity": "Total"}
        told = figures(report["Report_Items"][0]["Attribute_Performance"])
        assert told["Book", "Total_Item_Requests", "2026-09"] == 2
        assert not [month for _, _, month in told if month != "2026-09"]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ({"colour": "red"}, 3050),
        ({"attributed": "yes"}, 3050),
        ({"metric_type": "Downloads"}, 3060),
        ({"platform": "Elsewhere"}, 3060),
        ({"data_type": "Book_Segment"}, 3060),
        ({"yop": "19"}, 3060),
        ({"yop": "2020-2019"}, 3060),
        ({"attributes_to_show": "Colour"}, 3062),
        ({"granularity": "Week"}, 3062),
    ],
)
def test_what_can_not_be_followed_is_said_and_the_report_is_given(
    ask: Ask, arguments: Mapping[str, str], code: int
) -> None:
    status, report = ask("/reports/tr", **arguments, **PERIOD)
    assert status == 200
    (said,) = report["Report_Header"]["Exceptions"]
    assert said["Code"] == code
    assert next(iter(arguments)) in said["Data"]
    assert report["Report_Items"]


def test_components_are_not_supported_and_views_take_no_filters(ask: Ask) -> None:
    _, items = ask("/reports/ir", include_component_details="True", **PERIOD)
    assert [one["Code"] for one in items["Report_Header"]["Exceptions"]] == [3063]
    _, view = ask("/reports/tr_b1", data_type="Book", **PERIOD)
    assert [one["Code"] for one in view["Report_Header"]["Exceptions"]] == [3050]
    assert view["Report_Header"]["Report_Filters"]["Data_Type"] == ["Book", "Reference_Work"]


@pytest.mark.parametrize(
    ("arguments", "status", "code"),
    [
        ({"begin_date": ""}, 400, 1030),
        ({"customer_id": ""}, 400, 1030),
        ({"api_key": ""}, 400, 1030),
        ({"api_key": "stat_00000000_" + "x" * 43}, 401, 2020),
        ({"api_key": "", "requestor_id": "somebody"}, 401, 2000),
        ({"customer_id": "77"}, 403, 2010),
        ({"begin_date": "2026-10", "end_date": "2026-09"}, 400, 3020),
        ({"begin_date": "2026-13"}, 400, 3020),
        ({"begin_date": "2026-02-30"}, 400, 3020),
        ({"begin_date": "٢٠٢٦-٠٩"}, 400, 3020),
        ({"begin_date": "1405-06"}, 400, 3020),
        ({"end_date": "9999-12"}, 400, 3020),
        ({"begin_date": "2026-11", "end_date": "2026-11"}, 400, 3020),
        ({"begin_date": "2099-01", "end_date": "2099-02"}, 400, 3020),
        ({"end_date": "2026-12"}, 200, 3031),
        ({"begin_date": "2026-07", "end_date": "2026-08"}, 200, 3032),
    ],
)
def test_what_is_wrong_has_the_codes_number_and_status(
    ask: Ask, arguments: Mapping[str, str], status: int, code: int
) -> None:
    given, answer = ask("/reports/pr", **{**PERIOD, **arguments})
    assert given == status
    said = answer if status != 200 else answer["Report_Header"]["Exceptions"][0]
    assert (said["Code"], set(said) <= {"Code", "Message", "Data"}) == (code, True)


def test_months_that_are_not_over_are_left_out_and_the_period_stays_as_asked(ask: Ask) -> None:
    _, report = ask("/reports/pr", begin_date="2026-10", end_date="2026-11")
    assert report["Report_Header"]["Report_Filters"] == {"Begin_Date": "2026-10-01", "End_Date": "2026-11-30"}
    assert report["Report_Header"]["Exceptions"] == [
        {"Code": 3031, "Message": "Usage Not Ready for Requested Dates", "Data": "2026-11"}
    ]
    assert {month for _, _, month in figures(report["Report_Items"][0]["Attribute_Performance"])} == {"2026-10"}


def test_the_world_is_asked_for_by_its_number(ask: Ask) -> None:
    _, report = ask("/reports/ir", **{**PERIOD, "customer_id": "0000000000000000"})
    assert report["Report_Header"]["Institution_Name"] == "The World"
    assert report["Report_Items"]


def test_a_key_that_does_not_open_counter_opens_nothing_here(library: Container, browser: FlaskClient) -> None:
    closed = secret_of(library, counter=False)
    for secret, code in ((closed, 2000), (secret_of(library), None)):
        answer = browser.get(f"/counter/r51/reports?customer_id=1&api_key={secret}")
        assert (answer.get_json()["Code"] if code else answer.status_code) == (code or 200)


def test_a_key_that_was_revoked_is_refused_at_once_and_every_call_is_in_the_list(
    library: Container, browser: FlaskClient
) -> None:
    secret = secret_of(library)
    path = f"/counter/r51/members?customer_id=1&api_key={secret}"
    assert browser.get(path).status_code == 200
    line = library.statistics_keys.listed(actor=BOTIR)[0]
    library.statistics_keys.revoke(line.key.id, actor=BOTIR)
    assert browser.get(path).get_json()["Code"] == 2000
    calls = library.statistics_keys.calls(line.key.id, None, 10, actor=BOTIR)
    assert [one.call.status for one in calls] == [401, 200]
    assert not any(secret in one.call.path for one in calls)


def test_status_is_public_and_the_list_says_from_when_to_when(ask: Ask, browser: FlaskClient) -> None:
    assert browser.get("/counter/r51/status").get_json()[0]["Service_Active"] is True
    _, reports = ask("/reports")
    assert {one["Report_ID"] for one in reports} == {one.value for one in ReportId}
    assert {(one["First_Month_Available"], one["Last_Month_Available"]) for one in reports} == {("2026-09", "2026-10")}
    assert browser.get("/counter/r50/reports").status_code == 404
    assert ask("/reports/dr")[0] == 404


def test_a_library_where_nothing_was_counted_yet_says_so(container: Container) -> None:
    container.counter = Counter(container.database, TASHKENT, lambda: NOW)
    secret = secret_of(container)
    answer = (
        create_app(container)
        .test_client()
        .get("/counter/r51/reports/pr", query_string={"customer_id": "1", "api_key": secret, **PERIOD})
    )
    assert [one["Code"] for one in answer.get_json()["Report_Header"]["Exceptions"]] == [3031]
    assert answer.get_json()["Report_Items"] == []
    assert date.fromisoformat(answer.get_json()["Report_Header"]["Report_Filters"]["End_Date"]) == date(2026, 10, 31)
