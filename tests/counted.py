"""A library in which two months of use were counted."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from library.container import Container
from library.domain.counter_types import AccessType, DataType
from library.domain.marc import Dialect
from library.domain.usage import Denial, Kind, UsageEvent, event_id
from library.services.counter import Counter
from tests.builders import a_marc21_record, a_unimarc_record
from tests.staff import published
from tests.usage_history import TASHKENT, an_event

NOW = datetime(2026, 11, 5, 7, tzinfo=UTC)
SEPTEMBER, OCTOBER = datetime(2026, 9, 10, 5, tzinfo=UTC), datetime(2026, 10, 20, 5, tzinfo=UTC)
TITLE = '=HYPERLINK("http://evil.example")'


def two_months(container: Container) -> None:
    """A book that is not open, an article that is, and what was done with them; COUNTER's reports are of November."""
    book = published(container.cataloguing, Dialect.MARC21, a_marc21_record(title=TITLE))
    article = published(container.cataloguing, Dialect.UNIMARC, a_unimarc_record())
    numbers = iter(range(1, 1000))

    def event(at: datetime, kind: Kind, **facts: Any) -> UsageEvent:
        number = next(numbers)
        return an_event(number, at + timedelta(minutes=number), kind, **{"institution": "", **facts})

    of_book = {"item_id": book, "title_id": book, "data_type": DataType.BOOK, "access_type": AccessType.CONTROLLED}
    of_article = {"item_id": article, "title_id": article}
    history = [
        *(event(SEPTEMBER, Kind.SEARCH, results=3) for _ in range(2)),
        event(SEPTEMBER, Kind.RECORD_VIEW, **of_book),
        event(SEPTEMBER, Kind.DOWNLOAD, sent=10, **of_book),
        event(OCTOBER, Kind.DOWNLOAD, sent=10, **of_book),
        event(OCTOBER, Kind.REFUSAL, status=403, denied=Denial.NO_LICENSE, **of_book),
        event(OCTOBER, Kind.DOWNLOAD, sent=10, who=b"v" * 16, **of_article),
    ]
    with container.database.writing() as tx:
        tx.usage_events.append(history, event_id(NOW, bytes(10)), TASHKENT)
        tx.commit()
    container.usage_counting.roll_up_all()
    container.counter = Counter(container.database, TASHKENT, lambda: NOW)
