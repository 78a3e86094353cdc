"""The library's settings in the browser."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from flask import Flask

from library.app import create_app
from library.container import Container
from library.domain.people import Role
from tests.web.colleagues import Colleague, colleague

HOME = "/administration/settings"
MARKER = '"><x-m id=1>'


@pytest.fixture
def portal(container: Container) -> Flask:
    return create_app(container)


@pytest.fixture
def botir(container: Container, portal: Flask) -> Colleague:
    return colleague(container, portal, Role.HEAD, name="Botir")


def _version(page: str) -> str:
    found = re.search(r'name="version" value="(\d+)"', page)
    assert found is not None
    return found[1]


def test_what_the_head_saves_is_on_every_page_and_in_every_answer(portal: Flask, botir: Colleague) -> None:
    form = {
        "version": _version(botir.page(f"{HOME}/library")),
        "institution-uz-Latn": "Namangan davlat universiteti",
        "institution-ru": "Наманганский университет",
        "library_name-en": "Scientific library",
        "opening_hours-ru": "пн–пт 9–18",
        "responsible_person-uz-Latn": "Karimova D. S.",
    }
    assert botir.post(f"{HOME}/library", **form).headers["Location"] == HOME
    guest = portal.test_client(use_cookies=False)
    russian = guest.get("/help?lang=ru").get_data(as_text=True)
    for part in ("Наманганский университет", "Scientific library", "пн–пт 9–18", "Karimova D. S."):
        assert part in russian
    assert "Namangan davlat universiteti" in guest.get("/?lang=ky").get_data(as_text=True)
    feed = guest.get("/new.atom", headers={"Accept-Language": "ru"})
    assert "Scientific library, Наманганский университет" in feed.get_data(as_text=True)
    search = guest.get("/opensearch.xml", headers={"Accept-Language": "ru"}).get_data(as_text=True)
    assert "Наманганский университет" in search
    described = guest.get("/api/v1/openapi.json", headers={"Accept-Language": "ru"}).get_json()
    assert described["info"]["title"].startswith("Наманганский университет")


def test_the_environment_s_words_are_shown_as_what_stands_otherwise(container: Container) -> None:
    container.settings = replace(container.settings, address="Uychi, 316")
    botir = colleague(container, create_app(container), Role.HEAD)
    assert "Where all are empty: Uychi, 316" in botir.page(f"{HOME}/library")


def test_who_comes_second_sees_both_and_may_save_again(container: Container, portal: Flask, botir: Colleague) -> None:
    jasur = colleague(container, portal, Role.ADMINISTRATOR, name="Jasur")
    version = _version(jasur.page(f"{HOME}/library"))
    botir.post(f"{HOME}/library", version=version, **{"address-en": "Botir's street"})
    refused = jasur.post(f"{HOME}/library", version=version, **{"address-en": "Jasur's street"})
    assert refused.status_code == 409
    page = refused.get_data(as_text=True)
    assert "Saved meanwhile: Botir&#39;s street" in page
    assert 'value="Jasur&#39;s street"' in page
    assert _version(page) == "1"
    again = jasur.post(f"{HOME}/library", version="1", **{"address-en": "Jasur's street"})
    assert again.status_code == 303
    assert "Jasur&#39;s street" in jasur.page("/help")


def test_an_old_version_is_looked_at_and_put_back_in_force(botir: Colleague) -> None:
    for version, street in enumerate(("First street", "Second street")):
        botir.post(f"{HOME}/library", version=version, **{"address-en": street})
    versions = botir.page(f"{HOME}/library/versions")
    assert re.findall(r"/library/versions/(\d)", versions) == ["2", "1"]
    first = botir.page(f"{HOME}/library/versions/1")
    assert "Address (en)" in first
    assert "First street" in first
    assert "In force" in botir.page(f"{HOME}/library/versions/2")
    assert botir.post(f"{HOME}/library/versions/1/restore", version="1").status_code == 409
    assert botir.post(f"{HOME}/library/versions/1/restore", version=_version(first)).status_code == 303
    assert "First street" in botir.page("/help")
    assert "Address (en)" in botir.page("/journal?deed=settings-changed")
    assert botir.get(f"{HOME}/library/versions/9").status_code == 404


def test_collections_and_faculties(botir: Colleague) -> None:
    new = f"{HOME}/collections/new"
    assert botir.post(new, version="0", code="Nodir", **{"names-uz-Latn": "Nodir kitoblar"}).status_code == 303
    assert "Nodir kitoblar" in botir.page(f"{HOME}/collections")
    taken = botir.post(new, version="1", code="nodir", **{"names-uz-Latn": "Boshqa"})
    assert taken.status_code == 422
    assert 'value="Boshqa"' in taken.get_data(as_text=True)
    stale = botir.post(new, version="0", code="yangi", **{"names-uz-Latn": "Yangi"})
    assert (stale.status_code, _version(stale.get_data(as_text=True))) == (409, "1")
    one = f"{HOME}/collections/one/nodir"
    assert "Nodir kitoblar" in botir.page(one)
    assert botir.post(one, version="0", **{"names-ru": "Редкие"}).status_code == 409
    assert botir.post(one, version="1", **{"names-ru": " "}).status_code == 422
    assert botir.post(one, version="1", **{"names-ru": "Редкие"}).status_code == 303
    assert botir.post(f"{one}/remove", version="1").status_code == 409
    assert botir.post(f"{one}/remove", version="2").status_code == 303
    assert botir.get(one).status_code == 404
    assert botir.get(f"{HOME}/faculties/new").status_code == 200
    assert "description-ru" not in botir.page(f"{HOME}/faculties/new")


def test_what_was_typed_does_nothing(botir: Colleague) -> None:
    form = {f"{name}-en": f"{MARKER}{name}" for name in ("institution", "library_name", "address", "opening_hours")}
    botir.post(f"{HOME}/library", version="0", **form)
    refused = botir.post(f"{HOME}/collections/new", version="0", code=MARKER, **{"names-en": MARKER})
    assert refused.status_code == 422
    assert "<x-m" not in refused.get_data(as_text=True)
    botir.post(f"{HOME}/collections/new", version="0", code="a", **{"names-en": MARKER, "description-en": MARKER})
    for path in (
        "",
        "/library",
        "/library/versions/1",
        "/collections",
        "/collections/one/a",
        "/collections/versions/1",
    ):
        assert "<x-m" not in botir.page(f"{HOME}{path}")
    for path in ("/", "/help", "/new.atom", "/opensearch.xml", "/journal"):
        assert "<x-m" not in botir.page(path)


@pytest.mark.parametrize("path", ["x", "library/one/a", "library/new", "readers/versions"])
def test_there_is_nothing_else(botir: Colleague, path: str) -> None:
    assert botir.get(f"{HOME}/{path}").status_code == 404


@pytest.mark.parametrize("role", [Role.CATALOGUER, Role.APPROVER, Role.INSPECTOR])
def test_others_set_nothing(container: Container, portal: Flask, role: Role) -> None:
    other = colleague(container, portal, role)
    for path in ("", "/library", "/collections", "/library/versions"):
        assert other.get(f"{HOME}{path}").status_code == 403
    for path in ("/library", "/collections/new", "/collections/one/a/remove", "/library/versions/1/restore"):
        assert other.post(f"{HOME}{path}", version="0").status_code == 403
