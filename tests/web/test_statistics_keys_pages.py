"""The pages of keys for officials: issued and shown once, listed, revoked, and every use by them seen."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from library.app import create_app
from library.container import Container
from library.domain.people import Role
from library.domain.statistics_keys import Scope
from library.settings import Settings
from tests.staff import BOTIR
from tests.web.colleagues import Colleague, colleague

FORM = {"official": "Karimova S., bosh mutaxassis", "label": "Xat 12-son <b>", "indicator": ["holdings.titles"]}


@pytest.fixture(scope="module")
def container(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Container]:
    directory = tmp_path_factory.mktemp("keys")
    shutil.copy(migrated_sqlite, directory / "library.sqlite")
    container = Container(Settings(data_dir=directory))
    yield container
    container.close()


@pytest.fixture(scope="module")
def app(container: Container) -> Flask:
    return create_app(container)


@pytest.fixture(scope="module")
def head(container: Container, app: Flask) -> Colleague:
    return colleague(container, app, Role.HEAD, name="botir")


@pytest.fixture(scope="module")
def inspector(container: Container, app: Flask) -> Colleague:
    return colleague(container, app, Role.INSPECTOR, name="inspektor")


def _issued(container: Container, head: Colleague, **values: object) -> str:
    """The secret of a key that the form issued."""
    last_day = (container.statistics_keys.today() + timedelta(days=30)).isoformat()
    response = head.post("/statistics/keys", **{"expires_on": last_day, **FORM, **values})
    text = response.get_data(as_text=True)
    assert response.status_code == 200, text
    assert response.headers["Cache-Control"] == "no-store"
    found = re.search(r"stat_[0-9a-f]{8}_[A-Za-z0-9_-]{43}", text)
    assert found is not None
    return found.group()


def test_the_head_issues_a_key_that_nobody_sees_again(container: Container, head: Colleague) -> None:
    networks = "195.158.0.0/16\r\n10.0.0.1"
    secret = _issued(container, head, networks=networks, first_day="2026-01-01", counter="1")
    key = container.statistics_keys.find(secret)
    assert key.entry.networks == ("195.158.0.0/16", "10.0.0.1")
    assert key.entry.scope.indicators == ("holdings.titles",)
    assert (str(key.entry.scope.first), key.entry.scope.last, key.entry.scope.counter) == ("2026-01-01", None, True)
    for page, told in (
        ("/statistics/keys", "Karimova S., bosh mutaxassis"),
        (f"/statistics/keys/{key.id}", "Karimova S., bosh mutaxassis"),
        (f"/journal?object=statistics-key:{key.id}", f"Key for statistics {key.id}"),
    ):
        text = head.page(page)
        assert told in text
        assert secret not in text
    assert "Titles held" in head.page(f"/statistics/keys/{key.id}")
    assert "Xat 12-son &lt;b&gt;" in head.page("/statistics/keys")


def test_the_head_reads_what_is_wrong_with_a_form_and_where_it_lies(
    container: Container, head: Colleague, inspector: Colleague
) -> None:
    assert "Some forms of reports" not in head.page("/statistics/keys")
    folder = container.settings.data_dir / "statistics-forms"
    folder.mkdir()
    form = folder / "yillik.toml"
    form.write_text(
        '[title]\nuz-Latn = "Yillik"\n[[row]]\nnumber = "1"\nindicator = "holdings.b<b>"\n', encoding="utf-8"
    )
    text = head.page("/statistics/keys")
    assert "in the folder statistics-forms" in text
    assert "yillik.toml, line " in text
    assert "there is no indicator “holdings.b&lt;b&gt;”" in text
    assert "yillik.toml" not in inspector.page("/statistics/keys"), "who can't mend it is not troubled"
    form.unlink()
    assert "Some forms of reports" not in head.page("/statistics/keys")


def test_a_key_without_ticks_opens_all_indicators(container: Container, head: Colleague) -> None:
    secret = _issued(container, head, indicator=[])
    assert container.statistics_keys.find(secret).entry.scope == Scope()


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"expires_on": ""}, "Write the last day of the key"),
        ({"expires_on": "1447-01-01"}, "between today"),
        ({"expires_on": "kecha"}, "Write days as"),
        ({"first_day": "٢٠٢٦-٠١-٠١"}, "Write days as"),
        ({"official": "\u200b"}, "whose key"),
        ({"networks": "everywhere"}, "“everywhere” is no address"),
        ({"indicator": ["nowhere"]}, "no indicator “nowhere”"),
    ],
)
def test_a_mistake_brings_the_form_back_with_all_that_was_typed(
    container: Container, head: Colleague, wrong: dict[str, object], told: str
) -> None:
    before = len(container.statistics_keys.listed(actor=BOTIR))
    last_day = (container.statistics_keys.today() + timedelta(days=30)).isoformat()
    response = head.post("/statistics/keys", **{"expires_on": last_day, "counter": "1", **FORM, **wrong})
    text = response.get_data(as_text=True)
    assert response.status_code == 422
    assert told in text
    assert "Xat 12-son &lt;b&gt;" in text
    assert re.search(r'name="counter" value="1" checked', text)
    assert len(container.statistics_keys.listed(actor=BOTIR)) == before


def test_the_inspector_sees_keys_and_calls_but_issues_and_revokes_none(
    container: Container, head: Colleague, inspector: Colleague
) -> None:
    key = container.statistics_keys.find(_issued(container, head))
    page = f"/statistics/keys/{key.id}"
    container.statistics_keys.note(key, "/stat/v1/reports?from=2026-01", 403, "out-of-scope", 0)
    container.statistics_keys.note(None, "/stat/v1/reports?by=\u202e<i>", 401, "key-unknown", 0)
    assert 'href="/statistics/keys/new"' in head.page("/statistics/keys")
    assert 'href="/statistics/keys/new"' not in inspector.page("/statistics/keys")
    assert "Revoke at once" not in inspector.page(page)
    for address in (page, "/statistics/keys/calls"):
        text = inspector.page(address)
        assert "/stat/v1/reports?from=2026-01" in text
        assert "out-of-scope" in text
    assert "A key that is none of ours" in text
    assert "\u202e" not in text
    assert "&lt;i&gt;" in text
    assert inspector.post(f"{page}/revoke").status_code == 403


def test_a_revoked_key_says_so_on_its_page(container: Container, head: Colleague) -> None:
    page = f"/statistics/keys/{container.statistics_keys.find(_issued(container, head)).id}"
    response = head.post(f"{page}/revoke")
    assert (response.status_code, response.headers["Location"]) == (303, page)
    text = head.page(page)
    assert "Revoked" in text
    assert "Revoke at once" not in text
    assert head.post(f"{page}/revoke").status_code == 409
    assert head.post("/statistics/keys/777/revoke").status_code == 404
    assert head.get("/statistics/keys/777").status_code == 404


def test_a_long_list_of_calls_goes_on_page_by_page(container: Container, head: Colleague) -> None:
    key = container.statistics_keys.find(_issued(container, head))
    for number in range(51):
        container.statistics_keys.note(key, f"/stat/v1/reports?n={number}.", 200, "", number)
    first = head.page(f"/statistics/keys/{key.id}")
    assert "n=50." in first
    assert "n=0." not in first
    following = re.search(rf'href="(/statistics/keys/{key.id}\?below=\d+)" rel="next"', first)
    assert following is not None
    second = head.page(following.group(1))
    assert "n=0." in second
    assert "n=1." not in second
    assert 'rel="next"' not in second
