"""Maintenance as readers, programs and staff meet it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskClient

from library.app import create_app
from library.container import Container
from library.domain.access import Actor
from library.domain.people import Role
from library.services.maintenance import Maintenance
from tests.web.colleagues import Colleague, colleague

JASUR = Actor.person(9, "Jasur", frozenset({Role.ADMINISTRATOR}))
NOON = datetime(2026, 9, 5, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
TEXTS = {"uz-Latn": "Disklar almashtiriladi", "ru": "Замена дисков"}
MARKER = '"><x-m id=1>'


class Hands:
    """A clock that stands where it is put."""

    def __init__(self) -> None:
        self.time = NOON - 48 * HOUR

    def __call__(self) -> datetime:
        return self.time


@pytest.fixture
def hands(container: Container) -> Hands:
    hands = Hands()
    container.maintenance = Maintenance(container.database, container.settings.data_dir, hands)
    return hands


@pytest.fixture
def portal(container: Container, hands: Hands) -> Flask:  # noqa: ARG001
    return create_app(container)


@pytest.fixture
def reader(portal: Flask) -> FlaskClient:
    reader = portal.test_client()
    reader.environ_base["HTTP_ACCEPT_LANGUAGE"] = "ru"
    reader.environ_base["HTTP_ACCEPT"] = "text/html"
    return reader


@pytest.fixture
def jasur(container: Container, portal: Flask) -> Colleague:
    return colleague(container, portal, Role.ADMINISTRATOR, name="Jasur")


def _announce(container: Container) -> int:
    return container.maintenance.register(NOON, NOON + 2 * HOUR, 24, TEXTS, actor=JASUR)


def test_readers_are_told_beforehand_on_every_page(container: Container, hands: Hands, reader: FlaskClient) -> None:
    _announce(container)
    assert "Замена дисков" not in reader.get("/").get_data(as_text=True)
    hands.time = NOON - HOUR
    for path in ("/", "/help", "/nowhere"):
        page = reader.get(path).get_data(as_text=True)
        assert "Замена дисков" in page
        assert "5 сентября 2026 г., 17:00" in page
    assert "Disklar almashtiriladi" in reader.get("/?lang=uz-Cyrl").get_data(as_text=True)


def test_while_it_runs_readers_are_told_when_to_come_back(
    container: Container, hands: Hands, reader: FlaskClient
) -> None:
    _announce(container)
    hands.time = NOON + HOUR
    for path in ("/", "/search?q=x", "/record/1", "/nowhere", "/new.atom"):
        response = reader.get(path)
        assert response.status_code == 503
        assert response.headers["Retry-After"] == "3600"
        assert response.headers["Cache-Control"] == "no-store"
    page = reader.get("/").get_data(as_text=True)
    assert page.count("Замена дисков") == 1
    assert "5 сентября 2026 г., 19:00" in page
    hands.time = NOON + 2 * HOUR
    assert reader.get("/").status_code == 200


@pytest.mark.parametrize(
    ("path", "accept"),
    [("/api/v1/search?q=x", "*/*"), ("/record/1", "application/json"), ("/api/nowhere", "text/html")],
)
def test_programs_are_told_in_their_own_way(
    container: Container, hands: Hands, reader: FlaskClient, path: str, accept: str
) -> None:
    _announce(container)
    hands.time = NOON
    response = reader.get(path, headers={"Accept": accept})
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "7200"
    assert response.get_json() == {"error": {"code": "maintenance", "message": "Замена дисков", "problems": []}}


def test_what_watches_the_service_and_lets_staff_in_stays_open(
    container: Container, hands: Hands, reader: FlaskClient
) -> None:
    _announce(container)
    hands.time = NOON
    for path in ("/health", "/health/live", "/sign-in", "/maintenance", "/robots.txt", "/favicon.ico"):
        assert reader.get(path, buffered=True).status_code == 200, path
    asset = re.search(r'href="(/static/site.css[^"]*)"', reader.get("/sign-in").get_data(as_text=True))
    assert asset is not None
    assert reader.get(asset[1], buffered=True).status_code == 200
    assert reader.get("/journal").headers["Location"].startswith("/sign-in")


def test_staff_work_on_and_readers_with_an_account_wait(container: Container, hands: Hands, portal: Flask) -> None:
    _announce(container)
    hands.time = NOON
    for role in (Role.CATALOGUER, Role.INSPECTOR, Role.DEPARTMENT):
        page = colleague(container, portal, role).page("/")
        assert "Maintenance runs: readers are told to come back" in page
    assert colleague(container, portal, Role.READER).get("/").status_code == 503
    assert colleague(container, portal, Role.DEPOSITOR).get("/").status_code == 503


def test_an_administrator_announces_ends_and_cancels(container: Container, hands: Hands, jasur: Colleague) -> None:
    def by_the_clock(at: datetime) -> str:
        return at.astimezone(ZoneInfo("Asia/Tashkent")).strftime("%Y-%m-%dT%H:%M")

    form = {"begins_at": by_the_clock(NOON), "ends_at": by_the_clock(NOON + HOUR), "notice_hours": "72"}
    refused = jasur.post("/administration/maintenance", **{**form, "text-en": ""})
    assert refused.status_code == 422
    page = refused.get_data(as_text=True)
    assert "Write in one language at least" in page
    assert f'value="{form["begins_at"]}"' in page
    assert jasur.post("/administration/maintenance", **{**form, "text-en": f"New disks {MARKER}"}).status_code == 303
    assert "overlap" not in jasur.page("/administration/maintenance")
    assert jasur.post("/administration/maintenance", **{**form, "text-en": "Again"}).status_code == 422
    page = jasur.page("/administration/maintenance")
    assert "<x-m" not in page
    assert "Cancel this maintenance" in page
    hands.time = NOON
    page = jasur.page("/administration/maintenance")
    assert "End it now" in page
    assert "Cancel this maintenance" not in page
    hands.time = NOON + HOUR / 2
    assert jasur.post("/administration/maintenance/1/end").status_code == 303
    public = jasur.page("/maintenance")
    assert "30 minutes" in public
    assert "ended early" in public
    assert "<x-m" not in public
    assert jasur.post("/administration/maintenance/1/cancel").status_code == 404
    assert jasur.post("/administration/maintenance/7/end").status_code == 404
    assert container.maintenance.running() is None


@pytest.mark.parametrize(
    "values",
    [
        {"begins_at": ""},
        {"begins_at": "0001-01-01T00:00"},
        {"ends_at": "9999-12-31T23:59"},
        {"ends_at": "x" * 5_000},
        {"notice_hours": "9" * 5_000},
        {"notice_hours": "-1"},
        {"notice_hours": "²"},
        {"text-en": "x" * 501},
    ],
)
def test_nonsense_is_told_and_nothing_is_registered(
    container: Container, hands: Hands, jasur: Colleague, values: dict[str, str]
) -> None:
    form = {"begins_at": "2026-09-05T17:00", "ends_at": "2026-09-05T18:00", "notice_hours": "72", "text-en": "Disks"}
    assert jasur.post("/administration/maintenance", **{**form, **values}).status_code == 422
    hands.time = NOON
    assert container.maintenance.told() is None


@pytest.mark.parametrize("role", [Role.HEAD, Role.CATALOGUER, Role.INSPECTOR])
def test_others_do_not_close_the_library(container: Container, portal: Flask, role: Role) -> None:
    other = colleague(container, portal, role)
    assert other.get("/administration/maintenance").status_code == 403
    for path in ("", "/1/end", "/1/cancel"):
        assert other.post(f"/administration/maintenance{path}").status_code == 403


def test_the_public_list_has_pages(container: Container, hands: Hands, reader: FlaskClient) -> None:
    for day in range(51):
        container.maintenance.register(
            NOON + day * 24 * HOUR, NOON + day * 24 * HOUR + HOUR, 1, {"en": f"Work {day}."}, actor=JASUR
        )
    hands.time = NOON + 1_000 * 24 * HOUR
    first = reader.get("/maintenance").get_data(as_text=True)
    assert "Work 50." in first
    assert "Work 0." not in first
    assert 'href="/maintenance?page=2"' in first
    second = reader.get("/maintenance?page=2").get_data(as_text=True)
    assert "Work 0." in second
    assert "page=3" not in second


def test_a_page_costs_no_query_more(
    container: Container, hands: Hands, reader: FlaskClient, statements: Callable[..., object]
) -> None:
    _announce(container)
    hands.time = NOON - HOUR
    reader.get("/help")
    with statements(container.database.engine) as sent:  # type: ignore[attr-defined]
        assert "Замена дисков" in reader.get("/help").get_data(as_text=True)
        hands.time = NOON
        assert reader.get("/help").status_code == 503
    assert not len(sent)
