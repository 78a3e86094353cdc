"""A reader uses the library in a real browser; next day the head, an official and COUNTER are told just that."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest
from lxml import etree
from openpyxl import load_workbook
from playwright.sync_api import Browser, Page, expect

from library.app import create_app
from library.domain.access_level import AccessLevel
from library.domain.people import Person, Role
from library.services.counter import Counter
from tests.journeys.serving import served
from tests.signed_in import a_person, session_of
from tests.usage_history import AGENTS, TASHKENT
from tests.web.viewers import Library, a_library

PATIENCE = 60_000
EXPECTED = {
    "requests.searches": 2,
    "requests.searches-found": 1,
    "requests.searches-without": 1,
    "requests.record-views": 1,
    "requests.readings": 1,
    "requests.downloads": 1,
    "counter.total-item-requests": 2,
    "counter.unique-item-requests": 1,
}


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path) -> Iterator[Library]:
    with a_library(tmp_path_factory.mktemp("statistics"), migrated_sqlite) as library:
        library.container.indexing.rebuild()
        yield library


@contextmanager
def a_window(browser: Browser, address: str, library: Library, person: Person) -> Iterator[Page]:
    """A window of somebody who is signed in; a browser without a window would say so, and be taken for a robot."""
    context = browser.new_context(base_url=address, locale="en", user_agent=AGENTS["chrome"], accept_downloads=True)
    context.set_default_timeout(PATIENCE)
    number = session_of(library.container, person)
    context.add_cookies([{"name": "sid", "value": number, "url": address}])
    yield context.new_page()
    context.close()


def _use(page: Page, library: Library) -> None:
    """Search with and without success, look at the record, turn the pages of its file, take it home."""
    book = library.a_file(AccessLevel.OPEN)
    page.goto("/search?q=matematika")
    expect(page.get_by_role("link", name="Oliy matematika")).to_be_visible()
    page.goto("/search?q=qwzxqwzx")
    expect(page.get_by_role("main")).to_contain_text("qwzxqwzx")
    page.goto(f"/record/{library.record_id}")
    expect(page.get_by_role("heading", name="Oliy matematika")).to_be_visible()
    page.goto(f"/view/{book.id}")
    expect(page.locator("#sheet")).to_have_js_property("complete", value=True)
    page.get_by_role("link", name="Next page").click()
    expect(page.locator("#sheet")).to_have_attribute("src", re.compile("/page/2[?]"))
    expect(page.locator("#sheet")).not_to_have_js_property("naturalWidth", 0)
    page.goto(f"/record/{library.record_id}")
    with page.expect_download() as download:
        page.evaluate(
            "address => Object.assign(document.createElement('a'), {href: address, download: ''}).click()",
            f"/files/{book.id}",
        )
    assert Path(download.value.path()).read_bytes().startswith(b"%PDF")


def _asked(address: str, path: str, key: str = "", **arguments: str) -> bytes:
    question = f"?{urlencode(arguments)}" if arguments else ""
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    with urlopen(Request(f"{address}{path}{question}", headers=headers)) as answer:
        content: bytes = answer.read()
    return content


def _figures_in_four_forms(address: str, key: str, day: str) -> list[dict[str, int]]:
    asked = {"indicators": ",".join(EXPECTED), "from": day, "to": day, "step": "day"}

    def given(form: str) -> bytes:
        return _asked(address, f"/stat/v1/reports.{form}", key, **asked)

    of_json = {line["indicator"]: int(line["value"]) for line in json.loads(given("json"))["lines"]}
    tree = etree.fromstring(given("xml"))
    of_xml = {line.get("indicator"): int(line.findtext("{*}value") or -1) for line in tree.iter("{*}line")}
    of_csv = _of_rows(list(csv.reader(StringIO(given("csv").decode("utf-8-sig")))))
    sheet = load_workbook(BytesIO(given("xlsx"))).worksheets[0]
    of_xlsx = _of_rows([["" if cell is None else str(cell) for cell in row] for row in sheet.values])
    return [of_json, of_xml, of_csv, of_xlsx]


def _of_rows(rows: list[list[str]]) -> dict[str, int]:
    """Figures of a table: the row of an indicator is known by its id."""
    heading = next(row for row in rows if "indicator" in row)
    return {
        row[heading.index("indicator")]: int(float(row[heading.index("value")]))
        for row in rows
        if len(row) == len(heading) and row[heading.index("indicator")] in EXPECTED
    }


def _issued(page: Page) -> str:
    page.goto("/statistics/keys/new")
    page.get_by_label("Official: name and post").fill("S. Karimova, ministry")
    page.get_by_label("What it is for").fill("Letter 12")
    page.get_by_label("Last day of the key").fill((datetime.now(UTC) + timedelta(days=90)).date().isoformat())
    page.get_by_label("It opens the reports of COUNTER too").check()
    page.get_by_role("button", name="Issue a key").click()
    expect(page.get_by_role("heading", name="The key is issued")).to_be_visible()
    return page.locator("p.panel code").inner_text()


def _counter(address: str, key: str, report: str, month: str) -> dict[str, int]:
    asked = {"customer_id": "1", "api_key": key, "begin_date": month, "end_date": month}
    told: Any = json.loads(_asked(address, f"/counter/r51/reports/{report}", **asked))
    entries = [item for group in told["Report_Items"] for item in group.get("Items", [group])]
    return {
        metric: sum(months.values())
        for entry in entries
        for performance in entry["Attribute_Performance"]
        for metric, months in performance["Performance"].items()
    }


def test_what_a_reader_did_is_what_everybody_is_told(browser: Browser, library: Library) -> None:
    container = library.container
    began = datetime.now(TASHKENT)
    next_month = (began.replace(day=1) + timedelta(days=40)).astimezone(UTC)
    container.counter = Counter(container.database, TASHKENT, lambda: next_month)
    head = a_person(container, "botir", Role.HEAD)
    with served(create_app(container)) as address:
        with a_window(browser, address, library, library.people["reader"]) as page:
            _use(page, library)
        assert container.usage.flush()
        container.usage_counting.roll_up_all()
        day = began.date().isoformat()

        with a_window(browser, address, library, head) as page:
            page.goto(f"/statistics/?from={day}&to={day}")
            tiles = page.locator("dl.tally > div")
            expect(tiles.filter(has_text="Searches").locator("dd")).to_have_text("2")
            expect(tiles.filter(has_text="Downloads").locator("dd")).to_have_text("1")
            key = _issued(page)

            for told in _figures_in_four_forms(address, key, day):
                assert told == EXPECTED
            month = f"{began:%Y-%m}"
            platform, items = _counter(address, key, "pr", month), _counter(address, key, "ir", month)
            assert (platform["Searches_Platform"], platform["Total_Item_Requests"]) == (2, 2)
            assert (platform["Total_Item_Investigations"], platform["Unique_Item_Requests"]) == (3, 1)
            assert items == {
                name: number for name, number in platform.items() if name != "Searches_Platform" and "Title" not in name
            }

            page.get_by_role("link", name="Go on").click()
            expect(page.get_by_role("heading", name="S. Karimova")).to_be_visible()
            page.get_by_role("button", name="Revoke at once").click()
            expect(page.get_by_text("Revoked").first).to_be_visible()
        with pytest.raises(HTTPError) as refused:
            _asked(address, "/stat/v1/indicators", key)
        assert refused.value.code in (401, 403)
        assert json.loads(refused.value.read())["error"]["code"] == "key-revoked"
