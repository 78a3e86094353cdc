"""Hostile input through every field of every worksheet: it is text wherever it comes out again, and breaks nothing."""

from __future__ import annotations

import re
import secrets
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader
from werkzeug.wrappers import Response

from library.app import create_app
from library.container import Container
from library.domain.people import Role
from library.domain.record import Status
from library.marc.worksheets import WORKSHEETS, FormValues, Input, InputKind, Worksheet, form_of, new_record
from library.settings import LANGUAGES, Settings
from library.web.pages import STATIC
from tests.signed_in import a_person, browser_of
from tests.web.sheets import Sheet, opened, read
from tests.web.walked import address_of

MARKER = '"><x-m id=1>'
HOSTILE = {
    "markup": MARKER,
    "template": "{{7*7}} ${7*7} <%= 7*7 %>",
    "nul": "a\x00b\x08\x0b\x1b",
    "surrogate": "\ud800 \udfff \ufffe \uffff",
    "bidi": "\u202e\u2066evil\u2069",
    "sql": "'; DROP TABLE records; --",
    "formula": "=cmd|' /C calc'!A0",
    "marks": "$a ^A #245: =LDR {dollar} \x1d\x1e\x1f",
    "breaks": "one\r\n\r\ntwo\rthree\n",
    "long": "ж" * 500,
    "astral": "𝒜📚👩‍👩‍👧",
    "script": "javascript:alert(1)",
    "digits": "9" * 400,
}
AT = datetime(2026, 9, 1, tzinfo=UTC)
HEAVIEST = 100_000
# What takes nothing but codes and numbers.
NO_TEXT = frozenset({InputKind.CODE, InputKind.ISBN, InputKind.ISSN, InputKind.YEAR, InputKind.DATE})
# Pages and files of a record that are walked for every kind of document; the others once.
OF_EACH = ("record.record", "record.marc", "record.download", "cataloguing.forms.edit", "api_search.record")


@pytest.fixture(scope="module")
def container(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Container]:
    directory = tmp_path_factory.mktemp("hostile")
    shutil.copy(migrated_sqlite, directory / "library.sqlite")
    container = Container(Settings(data_dir=directory))
    yield container
    container.close()


@pytest.fixture(scope="module")
def app(container: Container) -> Flask:
    return create_app(container)


@pytest.fixture(scope="module")
def cataloguer(app: Flask, container: Container) -> FlaskClient:
    return browser_of(app, container, a_person(container, "nodira", Role.CATALOGUER))


@pytest.fixture
def newcomer(app: Flask, container: Container) -> FlaskClient:
    """The browser of a cataloguer who never typed anything."""
    return browser_of(app, container, a_person(container, f"new.{secrets.token_hex(4)}", Role.CATALOGUER))


@pytest.fixture(scope="module")
def everybody(app: Flask, container: Container) -> FlaskClient:
    """The browser of somebody with all the rights of the staff."""
    roles = (Role.HEAD, Role.APPROVER, Role.INSPECTOR, Role.ADMINISTRATOR)
    return browser_of(app, container, a_person(container, "botir", *roles))


def _inputs(worksheet: Worksheet) -> list[Input]:
    """All inputs of the worksheet, those of folded groups too."""
    form = form_of(worksheet, FormValues(new_record(worksheet, (), AT), ()))
    return [one for group in form.groups for row in group.rows for field in row.fields for one in field.inputs]


def _names(worksheet: Worksheet) -> list[str]:
    return [one.name for one in _inputs(worksheet)]


def _is_coded(name: str) -> bool:
    """Whether it is an indicator or a place in coded data, which hold no text."""
    part = name.split(".")[2]
    return part.startswith(("p", "ind")) and len(part) > 1


def _assert_text(answer: Response, where: str) -> None:
    assert answer.status_code < 500, where
    if (answer.mimetype or "").endswith(("html", "xml")):
        assert "<x-m" not in answer.get_data(as_text=True), where


@pytest.mark.parametrize("key", list(WORKSHEETS))
def test_the_marker_in_every_input_of_a_worksheet_is_shown_again_as_text(cataloguer: FlaskClient, key: str) -> None:
    sheet = opened(cataloguer, f"/cataloguing/new/{key}")
    everywhere = dict.fromkeys(_names(WORKSHEETS[key]), MARKER)
    shown = read(cataloguer, cataloguer.post("/cataloguing/new", data={**sheet.inputs, **everywhere, "do": "check"}))
    assert shown.response.status_code == 200
    _assert_text(shown.response, key)
    for name in everywhere:
        if not _is_coded(name):
            assert shown.inputs[name] == MARKER, name


@pytest.mark.parametrize("key", ["irbis-book", "marc21-book", "unimarc-book"])
@pytest.mark.parametrize("hostile", list(HOSTILE))
def test_hostile_values_in_every_input_are_answered_in_words(cataloguer: FlaskClient, key: str, hostile: str) -> None:
    sheet = opened(cataloguer, f"/cataloguing/new/{key}")
    value = HOSTILE[hostile].encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    filled = {**sheet.inputs, **dict.fromkeys(_names(WORKSHEETS[key]), value), "template-name": value}
    others = ("save", "text", "template", f"add:{value}", f"remove:{value}", f"back:{value}", value)
    for do in ("check", *(others if key == "irbis-book" else ())):
        answer = cataloguer.post("/cataloguing/new", data={**filled, "do": do})
        assert answer.status_code in (200, 303, 422), do
        _assert_text(answer, do)
        assert ">49<" not in answer.get_data(as_text=True)
    query = {"isbn": value, "title": value, "author": value, "year": value, "besides": value}
    assert cataloguer.get("/cataloguing/duplicates", query_string=query).status_code == 200


def _pushed(cataloguer: FlaskClient, key: str) -> Sheet:
    """A record with the marker in every input that holds text."""
    sheet = opened(cataloguer, f"/cataloguing/new/{key}")
    sheet.inputs.update((one.name, MARKER) for one in _inputs(WORKSHEETS[key]) if one.kind not in NO_TEXT)
    years = [one.name for one in _inputs(WORKSHEETS[key]) if one.kind is InputKind.YEAR and not _is_coded(one.name)]
    sheet.inputs.update(dict.fromkeys(years, "2019"))
    return sheet.press("submit")


def test_the_marker_is_text_on_every_page_feed_and_file(
    app: Flask, container: Container, newcomer: FlaskClient, everybody: FlaskClient
) -> None:
    for key in WORKSHEETS:
        done = _pushed(newcomer, key)
        assert done.response.status_code == 200, key
        assert "Submitted" in done.text, (key, done.complaints())
    queue = opened(everybody, "/review")
    csrf = queue.tree.xpath("//main//input[@name='csrf']/@value")[0]
    chosen = queue.tree.xpath("//input[@name='chosen']/@value")
    _assert_text(everybody.post("/review", data={"csrf": csrf, "chosen": chosen}), "/review")
    assert len(chosen) == len(WORKSHEETS)
    with container.database.reading() as view:
        assert view.records.counts() == {Status.PUBLISHED: len(WORKSHEETS)}
    container.indexing.rebuild()
    seen = 0
    for rule in [rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())]:
        for number in range(1, len(WORKSHEETS) + 1) if rule.endpoint in OF_EACH else (1,):
            client = newcomer if rule.rule.startswith("/cataloguing") else everybody
            with client.get(address_of(app.url_map, rule, number)) as answer:
                _assert_text(answer, f"{rule.rule} {number}")
                seen += b"x-m" in answer.data
    assert seen > 4 * len(WORKSHEETS)
    for path in ("/search?q=x-m", "/search.atom?q=x-m", "/search.rss?q=x-m", "/search/export?q=x-m", "/review/1"):
        _assert_text(everybody.get(path), path)
    assert "x-m" in "".join(
        page.extract_text() for page in PdfReader(BytesIO(everybody.get("/record/1/card.pdf").data)).pages
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_form_is_heavier_than_a_hundred_kilobytes(newcomer: FlaskClient, language: str) -> None:
    for key in WORKSHEETS:
        text = newcomer.get(f"/cataloguing/new/{key}?lang={language}").get_data(as_text=True)
        assets = set(re.findall(r'(?:src|href)="/static/([a-z_]+\.(?:css|js|svg))', text))
        assert {"site.css", "cataloguing.js"} < assets
        weight = len(text.encode()) + sum((STATIC / name).stat().st_size for name in assets)
        assert weight <= HEAVIEST, f"{key}: {weight}"


def test_a_form_that_is_sent_as_it_was_opened_changes_nothing(newcomer: FlaskClient) -> None:
    for key in WORKSHEETS:
        sheet = opened(newcomer, f"/cataloguing/new/{key}")
        base = sheet.inputs["base"]
        assert sheet.press("check").inputs["base"] == base, key
