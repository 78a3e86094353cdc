"""What the dashboard of a library with a filled year weighs, with all it needs, in every language."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from library.app import create_app
from library.container import Container
from library.domain.marc import Dialect
from library.domain.people import ReaderCategory, Role
from library.domain.usage import UsageEvent
from library.settings import LANGUAGES
from tests.builders import a_marc21_record
from tests.staff import published
from tests.web.colleagues import Colleague, colleague
from tests.web.test_statistics_pages import history, write
from tests.web.walked import weight_of

HEAVIEST = 100_000
DAYS = 365
TITLES = 12
CHARTS = 8
# By month, and by day with as many days before.
TIMES = ("12-months", "last-month")


def head_of_a_filled_library(container: Container) -> Colleague:
    """The head of a library with a year of use, whose titles are as long as those of textbooks are."""
    today = container.dashboard.today()
    numbers = [
        published(
            container.cataloguing,
            Dialect.MARC21,
            a_marc21_record(
                f"w{number}",
                title=f"Сборник задач по высшей математике для студентов технических вузов, часть {number}",
                author=f"Каримова-Абдурахманова, Д. С. {number}",
            ),
        )
        for number in range(TITLES)
    ]

    def year() -> Iterator[UsageEvent]:
        for day in range(1, DAYS):
            for number, one in enumerate(history(numbers[day % TITLES], today - timedelta(days=day))):
                category = list(ReaderCategory)[(day + number) % len(ReaderCategory)]
                faculty = f"Факультет русской и узбекской филологии, отделение {(day + number) % 9}"
                yield replace(one, category=category, faculty=faculty)

    write(container, list(year()), today)
    container.usage_counting.roll_up_all()
    return colleague(container, create_app(container), Role.HEAD)


def test_the_dashboard_of_a_filled_year_weighs_less_than_100_kb_in_every_language(container: Container) -> None:
    head = head_of_a_filled_library(container)
    for time in TIMES:
        for language in LANGUAGES:
            page = head.get(f"/statistics/?lang={language}&time={time}")
            assert page.get_data(as_text=True).count('<svg class="chart"') == CHARTS, time
            assert weight_of(page) < HEAVIEST, f"{time} in {language}: {weight_of(page)}"
