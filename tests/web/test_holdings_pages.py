"""The accession book in the browser: acts are entered, printed and balanced; nothing typed is lost."""

from __future__ import annotations

import csv
import io

import pytest
from flask import Flask

from library.app import create_app
from library.container import Container
from library.domain.marc import Dialect
from library.domain.people import Role
from tests.builders import an_irbis_record
from tests.staff import published
from tests.web.colleagues import Colleague, colleague

MARKER = '"><x-m id=1>'
LINE = {
    "line-record": "1",
    "line-copies": "7001-7003",
    "line-quantity": "",
    "line-price": "25 000,50",
    "line-place": "F",
}
ACT = {"number": "15", "date": "2026-02-03", "source": "gift", "partner": "A. Qodiriy fondi"}


@pytest.fixture
def portal(container: Container) -> Flask:
    published(container.cataloguing, Dialect.IRBIS, an_irbis_record(inventory="K-1"))
    return create_app(container)


@pytest.fixture
def nodira(container: Container, portal: Flask) -> Colleague:
    return colleague(container, portal, Role.CATALOGUER, name="Nodira")


@pytest.fixture
def botir(container: Container, portal: Flask) -> Colleague:
    return colleague(container, portal, Role.HEAD, name="Botir")


def test_copies_come_go_and_balance(nodira: Colleague, botir: Colleague) -> None:
    entered = nodira.post("/holdings/receipt", **ACT, **LINE)
    assert entered.status_code == 303
    act = nodira.page(entered.headers["Location"])
    assert "75,001.50" in act
    assert "7002" in act
    assert (
        nodira.post("/holdings/write-off", number="1", date="2026-03-01", reason="x", copies="7001").status_code == 403
    )
    gone = botir.post("/holdings/write-off", number="1", date="2026-03-01", reason="yirtilgan", copies="7001-7002")
    assert gone.status_code == 303
    page = botir.page("/holdings?first=2026-01-01&last=2026-12-31")
    assert "<strong>1</strong>" in page
    assert "<strong>25,000.50</strong>" in page
    book = botir.page("/holdings/book")
    assert book.count("1 Mar 2026") == 2
    rows = list(csv.reader(io.StringIO(botir.get("/holdings/book.csv").get_data(as_text=True))))
    assert [row[4] for row in rows[1:]] == ["7001", "7002", "7003"]


def test_what_was_typed_stays_when_an_act_is_refused_or_needs_more_lines(nodira: Colleague) -> None:
    wrong = nodira.post("/holdings/receipt", **{**ACT, "partner": MARKER}, **{**LINE, "line-price": "arzon"})
    page = wrong.get_data(as_text=True)
    assert wrong.status_code == 422
    assert "This is no price: arzon" in page
    assert "<x-m" not in page
    assert "&lt;x-m id=1&gt;" in page
    assert 'value="7001-7003"' in page
    more = nodira.post("/holdings/receipt", more="1", **ACT, **LINE).get_data(as_text=True)
    assert more.count('name="line-record"') == 6
    assert 'value="7001-7003"' in more


@pytest.mark.parametrize(
    "line",
    [
        {"line-record": "x"},
        {"line-record": "99"},
        {"line-copies": "", "line-quantity": ""},
        {"line-copies": "9-1"},
        {"line-price": "NaN"},
        {"line-price": "-5"},
        {"line-price": "1e999999"},
        {"line-copies": "\u202e7"},
        {"line-record": "9" * 300},
    ],
)
def test_hostile_lines_are_told(nodira: Colleague, line: dict[str, str]) -> None:
    assert nodira.post("/holdings/receipt", **ACT, **{**LINE, **line}).status_code == 422


def test_the_stock_of_an_imported_catalogue_is_taken_over_by_the_head(nodira: Colleague, botir: Colleague) -> None:
    assert nodira.post("/holdings/take-over").status_code == 403
    done = botir.post("/holdings/take-over")
    assert "1 copy was taken over" in botir.page(done.headers["Location"])


def test_a_period_that_ends_before_it_begins_is_told(nodira: Colleague) -> None:
    assert nodira.get("/holdings?first=2026-05-01&last=2026-01-01").status_code == 422
    assert nodira.get("/holdings?first=<x>&last=9999-99-99").status_code == 200
