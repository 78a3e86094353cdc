"""A complaint on a telephone without scripts: made, forgotten for a week, brought before the head, answered late."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from library.app import create_app
from library.container import Container
from library.domain.appeals import AppealKind
from library.domain.people import Role
from library.domain.periods import Span, Step
from library.domain.statistics import Amount, Question
from library.services.appeals import Appeals
from library.services.appeals_upkeep import AppealsUpkeep
from library.services.statistics import Statistics
from tests.journeys.barriers import barriers, too_wide
from tests.journeys.serving import served
from tests.signed_in import a_person, session_of

ZONE = ZoneInfo("Asia/Tashkent")
# A Tuesday.
MADE = datetime(2026, 9, 1, 5, tzinfo=UTC)
SEPTEMBER = Span(first=date(2026, 9, 1), last=date(2026, 9, 30))


@dataclass
class Calendar:
    """The time that the desk of complaints and the figures of it go by."""

    time: datetime = MADE

    def __call__(self) -> datetime:
        return self.time


@pytest.fixture
def calendar() -> Calendar:
    return Calendar()


@pytest.fixture
def address(container: Container, calendar: Calendar) -> Iterator[str]:
    """The address of a portal whose desk of complaints goes by the calendar."""
    parts = (container.database, container.appeal_files, container.configuration)
    container.appeals = Appeals(*parts, b"k" * 32, ZONE, calendar)
    container.appeals_upkeep = AppealsUpkeep(*parts, timedelta(days=365), ZONE, calendar)
    container.statistics = Statistics(container.database, container.configuration, container.settings, calendar)
    with served(create_app(container)) as address:
        yield address


@pytest.fixture
def reader(browser: Browser, address: str) -> Iterator[Page]:
    context = browser.new_context(
        base_url=address, locale="en", viewport={"width": 360, "height": 740}, java_script_enabled=False
    )
    yield context.new_page()
    context.close()


@pytest.fixture
def head(browser: Browser, container: Container, address: str) -> Iterator[BrowserContext]:
    context = browser.new_context(base_url=address, locale="en", color_scheme="dark")
    number = session_of(container, a_person(container, "botir", Role.HEAD))
    context.add_cookies([{"name": "sid", "value": number, "url": address}])
    yield context
    context.close()


def test_a_late_answer_is_seen_by_the_reader_the_head_and_the_ministry(
    container: Container, calendar: Calendar, reader: Page, head: BrowserContext, tmp_path: Path
) -> None:
    letter = tmp_path / "xat.txt"
    letter.write_text("Fayl uch kundan beri ochilmaydi.", encoding="utf-8")
    reader.goto("/help")
    reader.get_by_role("link", name="Complaints and questions").click()
    reader.get_by_label("What you want").select_option("complaint")
    reader.get_by_label("Topic in a few words").fill("Fayl ochilmaydi")
    reader.get_by_label("Your message").fill("Dissertatsiya fayli uch kundan beri ochilmaydi.")
    reader.get_by_label("Files").set_input_files(letter)
    reader.get_by_role("button", name="Send").click()
    # What is left of the Tuesday, and three days, or six.
    expect(reader.get_by_text("86 hours left")).to_be_visible()
    expect(reader.get_by_text("158 hours left")).to_be_visible()
    assert too_wide(reader) == 0
    reader.reload()

    calendar.time = MADE + timedelta(days=10)
    while container.appeals_upkeep.step():
        pass
    desk = head.new_page()
    desk.goto("/appeals/?part=with-head")
    _without_barriers(desk)
    desk.get_by_role("link", name="Fayl ochilmaydi").click()
    expect(desk.get_by_text("Overdue by")).to_have_count(2)
    _without_barriers(desk)
    desk.get_by_label("Outcome").select_option("done")
    desk.get_by_label("Words of the answer").fill("Fayl almashtirildi.")
    desk.get_by_role("button", name="Send the answer").click()
    expect(desk.get_by_text("Late by")).to_have_count(2)

    reader.reload()
    expect(reader.get_by_text("Fayl almashtirildi.")).to_be_visible()
    expect(reader.get_by_text("Late by").first).to_be_visible()
    with container.database.reading() as view:
        figures = view.appeals.figures(SEPTEMBER, at=calendar.time, zone=ZONE)[AppealKind.COMPLAINT]
    assert (figures.received, figures.answered_in_time, figures.answered_late) == (1, 0, 1)
    assert (figures.looked_late, figures.days) == (1, (8,))
    question = Question(span=SEPTEMBER, step=Step.DAY, indicators=("complaints.late",))
    by_day = [line.figure for line in container.statistics.report(question).lines]
    late, not_late = Amount(Decimal(1)), Amount(Decimal(0))
    # On the day it came, as it stood on the day it was answered; the days after that lie ahead of the calendar.
    assert by_day[:11] == [late, *[not_late] * 10]


def _without_barriers(page: Page) -> None:
    assert barriers(page) == []
