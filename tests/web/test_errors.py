"""What is said when something goes wrong: to people in words, to machines in one shape."""

from __future__ import annotations

import logging
from collections.abc import Callable

import pytest
from flask import abort
from flask.testing import FlaskClient

from library import error_responses
from library.app import create_app
from library.container import Container
from library.domain import errors
from library.domain.errors import N_, LibraryError, Message
from library.settings import LANGUAGES

Failing = Callable[[Exception | int], FlaskClient]


@pytest.fixture
def failing(container: Container) -> Failing:
    """A portal with one more route, which fails as told."""

    def build(failure: Exception | int) -> FlaskClient:
        app = create_app(container)

        def fail() -> str:
            if isinstance(failure, int):
                abort(failure)
            raise failure

        app.add_url_rule("/fail", view_func=fail)
        app.add_url_rule("/api/fail", endpoint="api_fail", view_func=fail)
        client = app.test_client()
        client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
        client.environ_base["HTTP_ACCEPT"] = "text/html"
        return client

    return build


@pytest.mark.parametrize("status", [400, 403, 404, 405, 409, 410, 413, 414, 418, 422, 429, 500, 503])
def test_every_error_has_a_page_with_a_way_on(failing: Failing, status: int) -> None:
    response = failing(status).get("/fail")
    text = response.get_data(as_text=True)
    assert response.status_code == status
    assert 'href="/"' in text
    assert response.headers["X-Request-ID"] in text
    assert "Werkzeug" not in text
    if status in (429, 503):
        assert int(response.headers["Retry-After"]) > 0


def test_nobody_sees_a_stack_and_the_log_has_it_under_the_number(
    failing: Failing, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        response = failing(ZeroDivisionError("secret detail")).get("/fail")
    text = response.get_data(as_text=True)
    assert response.status_code == 500
    assert "secret detail" not in text
    assert "ZeroDivisionError" not in text
    assert "Traceback" not in text
    assert "secret detail" in caplog.text
    assert response.headers["X-Request-ID"] in caplog.text


def test_an_error_of_the_library_is_told_in_the_reader_s_language(failing: Failing) -> None:
    client = failing(errors.RecordNotFound(N_("There is no record {id}."), id=12345))
    for tag, words in {"en": "There is no record 12345.", "ru": "Записи с номером 12345 нет."}.items():
        response = client.get("/fail", headers={"Accept-Language": tag})
        assert response.status_code == 404
        assert words in response.get_data(as_text=True)


def test_problems_are_listed(failing: Failing) -> None:
    broken = errors.InvalidRecord(
        [Message.of("There is no title (245 $a)."), Message.of("“{tag}” is no tag.", tag="<b>")]
    )
    page = failing(broken).get("/fail")
    assert page.status_code == 422
    assert "<li>There is no title (245 $a).</li>" in page.get_data(as_text=True)
    assert "<li>“&lt;b&gt;” is no tag.</li>" in page.get_data(as_text=True)
    answer = failing(broken).get("/api/fail").get_json()
    assert answer == {
        "error": {
            "code": "invalid-record",
            "message": "The record has 2 problems.",
            "problems": ["There is no title (245 $a).", "“<b>” is no tag."],
        }
    }


@pytest.mark.parametrize(
    ("path", "accept", "is_json"),
    [
        ("/api/fail", "text/html", True),
        ("/api/nowhere", "*/*", True),
        ("/fail", "application/json", True),
        ("/fail", "text/html,application/json;q=0.5", False),
        ("/fail", "*/*", False),
        ("/fail", "", False),
    ],
)
def test_machines_get_json_and_people_get_pages(failing: Failing, path: str, accept: str, is_json: bool) -> None:
    response = failing(404).get(path, headers={"Accept": accept})
    assert response.status_code == 404
    assert response.is_json is is_json
    if is_json:
        assert set(response.get_json()) == {"error"}
        assert response.get_json()["error"]["code"] == "not-found"


def test_every_status_of_the_table_has_words_for_people() -> None:
    for kind, status in error_responses.STATUS.items():
        assert issubclass(kind, LibraryError)
        assert status in error_responses.HEADINGS
        assert status in error_responses.REMEDIES
    assert set(error_responses.HEADINGS) == set(error_responses.REMEDIES)


def test_a_method_that_is_not_taken_says_which_are(client: FlaskClient) -> None:
    response = client.put("/help")
    assert response.status_code in (400, 405)
    assert client.open("/help", method="TRACE").headers["Allow"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize("tag", LANGUAGES)
def test_not_found_speaks_every_language(client: FlaskClient, tag: str) -> None:
    words = {"uz-Latn": "Sahifa topilmadi", "uz-Cyrl": "Саҳифа топилмади", "ky": "Барак табылган жок"}
    words |= {"ru": "Страница не найдена", "en": "Page not found"}
    assert words[tag] in client.get("/nowhere", headers={"Accept-Language": tag}).get_data(as_text=True)
