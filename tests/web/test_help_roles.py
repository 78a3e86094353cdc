"""The help of a role tells its rights as they are, and sends nobody to a page that refuses them."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html

from library.app import create_app
from library.container import Container
from library.domain.access import MEANINGS, PERMISSIONS, Action
from library.domain.people import Role
from library.settings import LANGUAGES
from library.web.help_tasks import ROOMS
from tests.signed_in import a_person, browser_of, guest_of

HEAVIEST = 100_000


@pytest.fixture
def portal(container: Container) -> Flask:
    return create_app(container)


def _text(client: FlaskClient, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, path
    return response.get_data(as_text=True)


@pytest.mark.parametrize("role", list(Role))
def test_the_rights_of_a_role_are_those_of_the_one_table(portal: Flask, role: Role) -> None:
    table = html.fromstring(_text(guest_of(portal), f"/help/{role}")).xpath("//tbody/tr")
    told = {row.xpath("string(th)").strip(): row.xpath("string(td)").strip() for row in table}
    assert told == {MEANINGS[action]: "Yes" if role in PERMISSIONS[action] else "No" for action in Action}


@pytest.mark.parametrize("role", list(Role))
def test_every_page_that_the_help_leads_to_opens_for_the_role(portal: Flask, container: Container, role: Role) -> None:
    browser = browser_of(portal, container, a_person(container, role.value, role))
    addresses = set(html.fromstring(_text(browser, f"/help/{role}")).xpath("//main//a/@href"))
    assert len(addresses) > len(Role)
    for address in sorted(addresses):
        assert browser.get(address).status_code == 200, address


def test_every_task_is_somebody_s_and_is_told_in_one_place() -> None:
    tasks = [task for room in ROOMS for task in room.tasks]
    assert len({task.name for task in tasks}) == len(tasks)
    assert all(task.roles for task in tasks)


def test_the_head_and_the_inspector_are_led_to_statistics_and_nobody_else(portal: Flask) -> None:
    for role in Role:
        page = _text(guest_of(portal), f"/help/{role}")
        seen = [f'href="{path}"' in page for path in ("/statistics/", "/statistics/keys/calls", "/statistics/counter")]
        assert seen == [role in PERMISSIONS[Action.SEE_STATISTICS]] * 3, role
        assert ('href="/statistics/keys"' in page) == (role in PERMISSIONS[Action.STATISTICS_KEYS]), role


def test_somebody_who_signed_in_finds_the_help_of_their_role_in_the_menu(portal: Flask, container: Container) -> None:
    both = a_person(container, "nodira", Role.APPROVER, Role.CATALOGUER)
    page = _text(browser_of(portal, container, both), "/account")
    assert '<a href="/help/cataloguer">Help for my work</a>' in page
    assert page.count("Help for my work") == 1
    assert "Help for my work" not in _text(guest_of(portal), "/")


def test_the_help_of_readers_leads_to_that_of_all_roles(portal: Flask) -> None:
    page = _text(guest_of(portal), "/help")
    for role in Role:
        assert f'href="/help/{role}"' in page
    assert guest_of(portal).get("/help/king").status_code == 404


@pytest.mark.parametrize("language", LANGUAGES)
def test_help_is_told_in_every_language_and_weighs_little(portal: Flask, language: str) -> None:
    client = guest_of(portal)
    seen = {}
    for role in Role:
        response = client.get(f"/help/{role}?lang={language}")
        assert len(response.data) < HEAVIEST
        assert response.headers["Content-Language"] == language
        seen[role] = response.get_data(as_text=True)
    is_english = ["Whom to ask" in page for page in seen.values()]
    assert all(is_english) if language == "en" else not any(is_english)
