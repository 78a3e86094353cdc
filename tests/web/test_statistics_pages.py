"""The dashboard, its files, the public page, figures on records: the service's numbers, for those who may see them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from html import unescape
from io import BytesIO
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from openpyxl import load_workbook
from pypdf import PdfReader

from library.app import create_app
from library.container import Container
from library.db.usage_events import Agent, Query
from library.domain.configuration import Division, LibraryFacts, Section
from library.domain.counter_types import DataType
from library.domain.dashboard import INVENTED
from library.domain.marc import Dialect
from library.domain.people import Role
from library.domain.periods import Span, Step
from library.domain.statistics import Amount, Audience, Dimension, Question
from library.domain.usage import Denial, Flag, Kind, UsageEvent, agent_number, event_id
from tests.builders import a_marc21_record
from tests.signed_in import guest_of
from tests.staff import BOTIR, published
from tests.usage_history import an_event
from tests.web.colleagues import Colleague, colleague
from tests.web.walked import weight_of

ZONE = ZoneInfo("Asia/Tashkent")
HOSTILE = '=HYPERLINK("http://x") <x-m id=1>&amp;x'
MOST_BYTES = 100 * 1024


@pytest.fixture
def today(container: Container) -> date:
    return container.dashboard.today()


@pytest.fixture
def used(container: Container, today: date) -> tuple[Container, int]:
    """A library whose one record was looked for, viewed, read and downloaded yesterday; the number of the record."""
    number = published(container.cataloguing, Dialect.MARC21, a_marc21_record("s1", title=HOSTILE))
    write(container, history(number, today - timedelta(days=1)), today)
    container.usage_counting.roll_up_all()
    return container, number


def history(number: int, day: date) -> list[UsageEvent]:
    """Fourteen uses of a day, by different visitors in different hours; one of them is of staff."""
    of_record = {"item_id": number, "data_type": DataType.BOOK}
    signed_in = {"category": "student", "faculty": "tarix"}
    kinds: Sequence[tuple[Kind, int, dict[str, object]]] = (
        (Kind.SEARCH, 3, {"results": 2, **signed_in}),
        (Kind.SEARCH, 1, {"results": 0}),
        (Kind.RECORD_VIEW, 4, of_record),
        (Kind.PAGE_VIEW, 2, {**of_record, **signed_in, "file_id": 1}),
        (Kind.DOWNLOAD, 2, {**of_record, "file_id": 1, "sent": 9}),
        (Kind.REFUSAL, 1, {**of_record, "denied": Denial.NO_LICENSE, "status": 403}),
        (Kind.RECORD_VIEW, 1, {**of_record, "flags": Flag.STAFF}),
    )
    events: list[UsageEvent] = []
    for kind, count, facts in kinds:
        for _ in range(count):
            at = datetime.combine(day, time(8 + len(events) % 12, 5), ZONE)
            events.append(an_event(len(events), at, kind, bytes([len(events)]) * 16, **{"institution": "", **facts}))
    return events


def write(container: Container, events: Sequence[UsageEvent], today: date) -> None:
    at = datetime.combine(today, time(1), ZONE)
    with container.database.writing() as tx:
        tx.usage_events.append(events, event_id(at, b"0123456789"), ZONE)
        # Keys of search have no signs: two visitors looked for it on one day.
        day = today - timedelta(days=1)
        queries = [Query(day=day, words="hyperlink kvant", mark=bytes([mark]) * 16, found=False) for mark in (1, 2)]
        tx.usage_events.note_queries(queries)
        tx.commit()


def head_of(container: Container, app: Flask) -> Colleague:
    return colleague(container, app, Role.HEAD)


def table_of(text: str, name: str) -> list[list[str]]:
    """The cells of a table of the page."""
    section = text.split(f'<h2 id="{name}">')[1].split("</section>", 1)[0].split("<tbody>")[1]
    rows = re.findall(r"<tr>(.*?)</tr>", section, re.DOTALL)
    return [[unescape(re.sub(r"<[^>]+>", "", cell)) for cell in re.findall(r"<t[hd].*?</t[hd]>", row)] for row in rows]


def test_the_dashboard_has_the_numbers_of_the_service(used: tuple[Container, int], today: date) -> None:
    container, number = used
    text = head_of(container, create_app(container)).page("/statistics/")
    span = Span(first=today - timedelta(days=40), last=today)
    question = Question(
        span=span, step=Step.SPAN, indicators=("requests.all",), by=(Dimension.REQUEST,), audience=Audience.HOUSE
    )
    told = {line.dimensions[0][1]: line.figure for line in container.statistics.report(question).lines}
    assert told[Kind.SEARCH] == Amount(Decimal(4))
    kinds = {row[0]: row[1] for row in table_of(text, "kinds")}
    assert kinds == {
        "Searches": "4",
        "Views of records": "4",
        "Readings in the viewer": "2",
        "Downloads": "2",
        "Refusals": "1",
    }
    assert "<dt>Requests made</dt><dd>13" in text
    assert table_of(text, "titles") == [[HOSTILE, "2", "2", "4"]]
    assert table_of(text, "excluded") == [["Staff of the library", "1"]]
    assert ["Student", "5"] in table_of(text, "categories")
    assert table_of(text, "unsuccessful")[0] == ["hyperlink kvantSuggest a purchase: hyperlink kvant", "2"]
    assert f'href="/record/{number}"' in text
    assert sum(int(cell) for row in table_of(text, "hours") for cell in row[1:]) == 13


def test_faculties_are_called_by_their_names(used: tuple[Container, int]) -> None:
    container, _ = used
    head = head_of(container, create_app(container))
    assert ["tarix", "5"] in table_of(head.page("/statistics/"), "faculties")
    history = Division(code="tarix", names={"en": "History"})
    container.configuration.add_division(Section.FACULTIES, history, expected=0, actor=BOTIR)
    assert ["History", "5"] in table_of(head.page("/statistics/"), "faculties")


def test_titles_are_text_on_pages_and_in_files(used: tuple[Container, int]) -> None:
    container, _ = used
    head = head_of(container, create_app(container))
    text = head.page("/statistics/")
    assert "<x-m" not in text
    assert "&lt;x-m id=1&gt;" in text
    assert "style=" not in text
    csv = head.page("/statistics/tables/titles.csv")
    assert csv.startswith("\ufeffTitle,")
    assert "\r\n\"'=HYPERLINK(" in csv
    for path in ("/statistics/tables/titles.xlsx", "/statistics/statistics.xlsx"):
        book = load_workbook(BytesIO(head.get(path).data))
        cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value == HOSTILE]
        assert cells
        assert all(cell.data_type == "s" for cell in cells)
    assert head.get("/statistics/tables/nothing.csv").status_code == 404


def test_files_are_of_the_time_that_is_shown(used: tuple[Container, int], today: date) -> None:
    container, _ = used
    head = head_of(container, create_app(container))
    own = f"from={(today - timedelta(days=1)).isoformat()}&to={(today - timedelta(days=1)).isoformat()}"
    text = head.page(f"/statistics/?{own}")
    assert f'href="/statistics/tables/requests.csv?{own.replace("&", "&amp;")}"' in text
    rows = head.page(f"/statistics/tables/requests.csv?{own}").splitlines()
    assert len(rows) == 2
    assert rows[1].split(",")[1] == "13"


def test_the_paper_names_the_official_who_answers_for_it(used: tuple[Container, int]) -> None:
    container, _ = used
    facts = LibraryFacts(responsible_person={"en": "N. Karimova, head of the library"})
    container.configuration.save_library(facts, expected=0, actor=BOTIR)
    response = head_of(container, create_app(container)).get("/statistics/statistics.pdf")
    text = " ".join(page.extract_text() for page in PdfReader(BytesIO(response.data)).pages)
    assert response.mimetype == "application/pdf"
    for words in ("N. Karimova, head of the library", "Statistics of use", "Requests over time", "=HYPERLINK"):
        assert words in text
    assert "Invented" not in text


def test_only_the_head_and_the_inspector_see_the_dashboard(used: tuple[Container, int]) -> None:
    container, _ = used
    app = create_app(container)
    for role in Role:
        expected = 200 if role in (Role.HEAD, Role.INSPECTOR) else 403
        person = colleague(container, app, role)
        assert person.get("/statistics/").status_code == expected, role
        assert person.get("/statistics/tables/titles.csv").status_code == expected, role
    assert 'href="/statistics/"' in head_of(container, app).page("/help")


def test_a_library_without_use_says_so_and_shows_no_zeros(container: Container) -> None:
    app = create_app(container)
    text = head_of(container, app).page("/statistics/")
    assert "Nothing was counted in this time" in text
    assert '<svg class="chart"' not in text
    assert "<dt>" not in text
    public = guest_of(app).get("/statistics/public").get_data(as_text=True)
    assert "Nothing was counted yet" in public
    assert "Downloads" not in public
    paper = head_of(container, app).get("/statistics/statistics.pdf")
    assert paper.status_code == 200


def test_a_time_that_is_none_is_told_beside_usual_figures(used: tuple[Container, int]) -> None:
    container, _ = used
    head = head_of(container, create_app(container))
    for asked in ("from=2026-09-01&to=2026-08-01", "from=3000-01-01", "to=1347-01-01", "from=%00", "from=2026-02-30"):
        response = head.get(f"/statistics/?{asked}")
        assert response.status_code == 400, asked
        text = response.get_data(as_text=True)
        assert 'role="alert"' in text
        assert "Requests over time" in text
        assert head.get(f"/statistics/tables/titles.csv?{asked}").status_code == 400, asked


def test_ten_years_are_told_by_year_and_not_cut(used: tuple[Container, int], today: date) -> None:
    container, _ = used
    text = head_of(container, create_app(container)).page(f"/statistics/?from={today.year - 10}&to={today.year}")
    assert len(table_of(text, "requests")) == 11


def test_queries_do_not_grow_with_use_and_the_page_stays_light(
    used: tuple[Container, int], today: date, statements: Callable[..., object]
) -> None:
    container, number = used
    app = create_app(container)
    head, guest = head_of(container, app), guest_of(app)
    paths = ("/statistics/", "/statistics/public", f"/record/{number}")

    def sent(path: str) -> int:
        with statements(container.database.engine) as found:  # type: ignore[attr-defined]
            response = head.get(path) if path == paths[0] else guest.get(path)
        assert weight_of(response) < MOST_BYTES, path
        return len(found)

    for path in paths:
        sent(path)
    few = [sent(path) for path in paths]
    for month in range(1, 6):
        more = history(number, today - timedelta(days=30 * month))
        at = datetime.combine(today, time(2, month), ZONE)
        with container.database.writing() as tx:
            tx.usage_events.append(
                [replace(one, eid=one.eid[:15] + bytes([month])) for one in more], event_id(at, b"0123456789"), ZONE
            )
            tx.commit()
    container.usage_counting.roll_up_all()
    assert [sent(path) for path in paths] == few


def test_everybody_sees_the_year_in_figures_where_the_library_allows(used: tuple[Container, int]) -> None:
    container, number = used
    app = create_app(container)
    guest = guest_of(app)
    text = guest.get("/statistics/public").get_data(as_text=True)
    assert "<dt>Requests made</dt><dd>13" in text
    assert "<dt>Downloads</dt><dd>2" in text
    assert text.count('<svg class="chart"') == 1
    assert "Invented" not in text
    assert 'href="/statistics/public"' in guest.get("/").get_data(as_text=True)
    record = guest.get(f"/record/{number}").get_data(as_text=True)
    assert "4 views of the record" in record
    assert "2 downloads" in record
    object.__setattr__(container, "settings", replace(container.settings, public_statistics=False))
    closed = guest_of(create_app(container))
    assert closed.get("/statistics/public").status_code == 404
    assert "/statistics/public" not in closed.get("/").get_data(as_text=True)
    assert "views of the record" not in closed.get(f"/record/{number}").get_data(as_text=True)


def test_a_record_that_nobody_used_has_no_figures(container: Container) -> None:
    number = published(container.cataloguing, Dialect.MARC21, a_marc21_record("s2"))
    text = guest_of(create_app(container)).get(f"/record/{number}").get_data(as_text=True)
    assert "Use in twelve months" not in text


def test_invented_use_is_told_wherever_its_figures_stand(used: tuple[Container, int]) -> None:
    container, number = used
    with container.database.writing() as tx:
        tx.usage_events.note_agents(
            [Agent(id=agent_number(INVENTED), words=INVENTED, is_robot=False, list_version="")], date.max
        )
        tx.usage_events.forget_agents(date(2999, 1, 1))
        tx.commit()
    app = create_app(container)
    head = head_of(container, app)
    assert "Invented figures" in head.page("/statistics/")
    for path in ("/statistics/public", f"/record/{number}"):
        assert "Invented figures" in guest_of(app).get(path).get_data(as_text=True), path
    paper = PdfReader(BytesIO(head.get("/statistics/statistics.pdf").data)).pages[0].extract_text()
    assert "Invented figures" in paper
    book = load_workbook(BytesIO(head.get("/statistics/statistics.xlsx").data))
    assert all("Invented figures" in str(sheet["A2"].value) for sheet in book)


def test_every_language_has_its_dashboard(used: tuple[Container, int]) -> None:
    container, _ = used
    head = head_of(container, create_app(container))
    for language in ("uz-Latn", "uz-Cyrl", "ky", "ru"):
        text = head.page(f"/statistics/?lang={language}&time=month")
        assert "Requests" not in text.split("<main")[1], language
