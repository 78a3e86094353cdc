"""How long answers take is counted of what readers wait for, and failures of ours among them."""

from __future__ import annotations

from datetime import UTC, timedelta

from flask.testing import FlaskClient

from library.app import create_app
from library.container import Container, now
from library.domain.access import Actor
from library.domain.people import Role
from library.domain.periods import Span
from library.domain.service_quality import ServiceQuality
from tests.signed_in import guest_of

JASUR = Actor.person(7, "Jasur", frozenset({Role.ADMINISTRATOR}))


def _take(client: FlaskClient, *paths: str) -> list[int]:
    statuses = []
    for path in paths:
        with client.get(path, buffered=True) as response:
            statuses.append(response.status_code)
    return statuses


def _told(container: Container) -> ServiceQuality:
    container.answer_times.write()
    today = now().date()
    # The library's day may be another one than that of the clock in Greenwich.
    days = Span(first=today - timedelta(days=1), last=today + timedelta(days=1))
    with container.database.reading() as view:
        (quality,) = view.service_quality.of([days], UTC, now())
    return quality


def test_pages_are_counted_and_neither_style_sheets_nor_monitors(container: Container) -> None:
    client = guest_of(create_app(container))
    assert _take(client, "/", "/search?q=x", "/nowhere") == [200, 503, 404]
    assert _take(client, "/static/site.css", "/health/live", "/health/ready", "/health") == [200, 200, 503, 200]
    quality = _told(container)
    assert (quality.answers, quality.failed) == (3, 1)
    assert quality.p95_ms is not None
    assert quality.p95_ms > 0


def test_to_be_told_of_maintenance_is_no_failure(container: Container) -> None:
    client = guest_of(create_app(container))
    container.maintenance.register(now(), now() + timedelta(hours=1), 0, {"ru": "Замена дисков"}, actor=JASUR)
    assert _take(client, "/", "/record/1", "/nowhere") == [503, 503, 503]
    quality = _told(container)
    assert (quality.answers, quality.failed) == (3, 0)
