"""Whose language a page speaks, and how each writes numbers and dates."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient

from library.app import create_app
from library.container import Container
from library.settings import LANGUAGES
from library.web.formats import date_and_time, long_date, number, short_moment
from library.web.languages import locale_of
from library.web.words import text_language

TASHKENT = ZoneInfo("Asia/Tashkent")
MOMENT = datetime(2026, 9, 4, 21, 7, tzinfo=UTC)


def _language(client: FlaskClient, path: str = "/help", accept: str = "") -> str:
    return client.get(path, headers={"Accept-Language": accept}).headers["Content-Language"]


def test_a_choice_is_kept_and_wins_over_the_browser(client: FlaskClient) -> None:
    assert _language(client, "/help?lang=ky", "ru") == "ky"
    assert _language(client, "/help", "ru") == "ky"
    assert _language(client, "/help?lang=en", "ru") == "en"


def test_the_cookie_is_for_the_server_alone(client: FlaskClient) -> None:
    cookie = client.get("/help?lang=ru").headers["Set-Cookie"]
    assert cookie.startswith("language=ru;")
    for part in ("HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=31536000"):
        assert part in cookie
    assert "Secure" in client.get("/help?lang=ky", base_url="https://localhost").headers["Set-Cookie"]


@pytest.mark.parametrize("tag", ["xx", "", "../../etc", "uz", "RU", "%00"])
def test_a_language_that_is_none_changes_nothing(client: FlaskClient, tag: str) -> None:
    response = client.get(f"/help?lang={tag}", headers={"Accept-Language": "ru"})
    assert response.headers["Content-Language"] == "ru"
    assert "Set-Cookie" not in response.headers


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("ky-KG,ky;q=0.9", "ky"),
        ("uz-Cyrl-UZ", "uz-Cyrl"),
        ("uz-UZ,ru;q=0.5", "uz-Latn"),
        ("uz", "uz-Latn"),
        ("de,fr;q=0.9,ru;q=0.1", "ru"),
        ("en-GB", "en"),
        ("de", "uz-Latn"),
        ("", "uz-Latn"),
        ("*", "uz-Latn"),
        (";;;,,,q=", "uz-Latn"),
    ],
)
def test_the_browser_is_listened_to(client: FlaskClient, accept: str, expected: str) -> None:
    assert _language(client, accept=accept) == expected


def test_the_setting_speaks_to_those_who_said_nothing(container: Container) -> None:
    container.settings = replace(container.settings, default_language="uz-Cyrl")
    client = create_app(container).test_client()
    assert _language(client) == "uz-Cyrl"
    assert _language(client, accept="uz") == "uz-Cyrl"


@pytest.mark.parametrize("tag", LANGUAGES)
def test_every_page_leads_to_itself_in_every_language(client: FlaskClient, tag: str) -> None:
    text = client.get(f"/search?q=a%26b&lang={tag}").get_data(as_text=True)
    assert f'<html lang="{tag}">' in text
    for other in LANGUAGES:
        assert f'href="/search?q=a%26b&amp;lang={other}"' in text


def test_a_language_says_how_to_count() -> None:
    assert number(1204567, locale_of("uz-Latn")) == "1\u00a0204\u00a0567"
    assert number(1204567, locale_of("en")) == "1,204,567"
    assert [number(count, locale_of("ru")) for count in (0, 999, 1000, -5)] == ["0", "999", "1\u00a0000", "-5"]


@pytest.mark.parametrize(
    ("tag", "written"),
    [
        ("uz-Latn", "2026-yil 5-sentabr"),
        ("uz-Cyrl", "2026 йил 5 сентябрь"),
        ("ky", "2026-жылдын 5-сентябры"),
        ("ru", "5 сентября 2026 г."),
        ("en", "5 September 2026"),
    ],
)
def test_dates_are_those_of_the_regulations_in_the_time_of_the_library(tag: str, written: str) -> None:
    assert long_date(MOMENT, locale_of(tag), TASHKENT) == written
    assert date_and_time(MOMENT, locale_of(tag), TASHKENT) == f"{written}, 02:07 (Tashkent)"


def test_tables_write_moments_in_figures() -> None:
    assert short_moment(MOMENT, locale_of("ky"), TASHKENT) == "05.09.2026, 02:07"
    assert short_moment(MOMENT, locale_of("en"), TASHKENT) == "5 Sep 2026, 02:07"


@pytest.mark.parametrize(
    ("languages", "text", "expected"),
    [
        (("uzb",), "Ўзбекистон", "uz-Cyrl"),
        (("uzb",), "Oʻzbekiston", "uz-Latn"),
        (("kir",), "Кыргыз тили", "ky"),
        (("rus",), "Kimyo", ""),
        (("rus", "eng"), "Химия", ""),
        (("ara",), "كتاب", "ar"),
        (("zzz",), "x", ""),
        ((), "x", ""),
    ],
)
def test_the_language_of_a_title_is_said_only_when_it_is_known(
    languages: tuple[str, ...], text: str, expected: str
) -> None:
    assert text_language(languages, text) == expected
