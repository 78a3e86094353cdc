"""Who may open what: every rule, every role, guests, and records in every state.

What is expected comes from `PERMISSIONS` and the right that a view requires. A view that requires none has to stand in
`PUBLIC` here: a new one that was left open by mistake fails.
"""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.routing import Rule

from library.app import create_app
from library.cli.accounts import rights_table
from library.container import Container
from library.db.tables import metadata, sessions
from library.domain.access import PERMISSIONS, Action
from library.domain.marc import Dialect
from library.domain.people import Role
from library.settings import Settings
from tests.builders import a_marc21_record
from tests.signed_in import a_person, browser_of, csrf_of, guest_of
from tests.staff import NODIRA, published, withdrawn
from tests.web.walked import CHANGING, address_of, methods

ROOT = Path(__file__).parents[2]
GUEST = "guest"
SECRET_TITLE = "Maxfiy qoralama sarlavha"

PUBLIC = frozenset(
    {
        *("home.home", "search.results", "advanced.form", "advanced.go", "export.export"),
        *("record.record", "record.download", "record.marc", "record.former_number"),
        *("reading.file", "reading.named", "reading.titled", "reading.cover"),
        *("citations.cite", "citations.code", "cards.one", "cards.several"),
        *("browse.ways", "browse.titles", "browse.authors", "browse.subjects", "browse.udc", "browse.bbk"),
        *("author.author", "collection.collections", "collection.collection"),
        *("appeals.new", "appeals.send", "appeals.status"),
        "statistics_public.year",
        *("browse.arrivals", "bulletin.bulletin", "bulletin.bulletin_file", "bulletin.own_list"),
        *("my_list.show", "my_list.change", "my_list.file", "my_list.text", "my_list.printed"),
        *("feeds.new_atom", "feeds.new_rss", "feeds.search_atom", "feeds.search_rss"),
        *("api_search.search", "api_search.record", "api_search.suggest", "openapi.openapi"),
        *("opensearch.description", "opensearch.typed", "sitemap.index", "sitemap.sitemap", "open_archive.respond"),
        *("sru.sru", "resource_sync.source", "resource_sync.capabilities"),
        *("resource_sync.resources", "resource_sync.resources_part"),
        *("resource_sync.changes", "resource_sync.changes_page"),
        *("help.guide", "help.roles.role", "help.robots", "help.favicon", "maintenance.public", "static"),
        "privacy.privacy",
        # These ask for a key of their own.
        *("counter.status", "counter.members", "counter.reports"),
        *("counter.report", "counter.report_tsv", "counter.report_xlsx"),
        *("health.whole", "health.live", "health.ready"),
        # These ask for a key of their own.
        *("api_statistics.indicators", "api_statistics.reports", "api_statistics.forms", "api_statistics.form"),
        *("api_statistics.schema", "statistics_openapi.openapi"),
        *("session.form", "session.sign_in", "session.code", "session.sign_out"),
        *("first_administrator.form", "first_administrator.token", "first_administrator.make"),
        *("viewing.viewer", "viewing.turn", "viewing.image", "viewing.thumbnails", "viewing.places", "viewing.text"),
        *("set_password.code_form", "set_password.form", "set_password.take_code", "set_password.set_password"),
    }
)
# Programs ask these by POST too, without a token: nothing changes by any method.
ASKED_BY_POST = frozenset({"sru.sru", "open_archive.respond"})
# That something was asked for is noted, by whatever method.
COUNTED = ("usage_", "answer_times")
# What everybody gets of a record, whatever their role: work that nobody approved is shown on pages of the staff alone.
RECORD_STATUS = {"draft": 404, "submitted": 404, "published": 200, "published with work": 200, "withdrawn": 410}


@dataclass(frozen=True)
class Library:
    """An application with a record in each state, and a browser for each role."""

    app: Flask
    container: Container
    records: dict[str, int]
    browsers: dict[str, FlaskClient]

    def rules(self, *, changing: bool) -> list[Rule]:
        return [rule for rule, method in methods(self.app.url_map) if (method in CHANGING) == changing]

    def required(self, rule: Rule) -> Action | None:
        action: Action | None = getattr(self.app.view_functions[rule.endpoint], "required_action", None)
        return action

    def addresses(self, rule: Rule) -> dict[str, str]:
        """The addresses of a rule by the states of records; one only where it is about no record."""
        states = self.records if "record_id" in rule.arguments else {"published": self.records["published"]}
        return {state: address_of(self.app.url_map, rule, number) for state, number in states.items()}


@pytest.fixture(scope="module")
def library(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    directory = tmp_path_factory.mktemp("rights")
    shutil.copy(migrated_sqlite, directory / "library.sqlite")
    container = Container(Settings(data_dir=directory))
    app = create_app(container)
    browsers = {role.value: browser_of(app, container, a_person(container, role.value, role)) for role in Role}
    browsers[GUEST] = guest_of(app)
    csrf_of(browsers[GUEST], "/sign-in")
    yield Library(app, container, _records(container), browsers)
    container.close()


def _records(container: Container) -> dict[str, int]:
    work = container.cataloguing
    secret = a_marc21_record("s1", title=SECRET_TITLE)
    submitted = work.create(Dialect.MARC21, secret, actor=NODIRA)
    work.submit(submitted, expected=work.workplace(submitted, actor=NODIRA).stamp, actor=NODIRA)
    changed = published(work, Dialect.MARC21, a_marc21_record("c1"))
    work.save(changed, secret, expected=work.workplace(changed, actor=NODIRA).stamp, actor=NODIRA)
    closed = published(work, Dialect.MARC21, a_marc21_record("w1"))
    withdrawn(work, closed, "Takroriy yozuv")
    records = {
        "draft": work.create(Dialect.MARC21, secret, actor=NODIRA),
        "submitted": submitted,
        "published": published(work, Dialect.MARC21, a_marc21_record("p1")),
        "published with work": changed,
        "withdrawn": closed,
    }
    container.indexing.rebuild()
    return records


def _may(role: str, action: Action) -> bool:
    return role != GUEST and Role(role) in PERMISSIONS[action]


def test_every_view_requires_a_right_or_is_known_to_be_public(library: Library) -> None:
    endpoints = {rule.endpoint for rule in library.app.url_map.iter_rules()}
    open_to_all = {rule.endpoint for rule in library.app.url_map.iter_rules() if library.required(rule) is None}
    assert open_to_all - PUBLIC == set(), "guard these with @requires, or name them in PUBLIC"
    assert PUBLIC - open_to_all == set(), "these are gone or guarded: take them out of PUBLIC"
    assert len(endpoints) > len(PUBLIC)


@pytest.mark.parametrize("role", [GUEST, *(role.value for role in Role)])
def test_reading_is_open_to_those_with_the_right(library: Library, role: str) -> None:
    browser = library.browsers[role]
    for rule in library.rules(changing=False):
        action = library.required(rule)
        if action is None:
            continue
        for state, path in library.addresses(rule).items():
            response = browser.get(path, buffered=True)
            about = f"{role}: GET {path} ({state}): {response.status_code}"
            if role == GUEST:
                assert response.status_code == 303, about
                assert response.headers["Location"].startswith("/sign-in?next=%2F"), about
            elif _may(role, action):
                assert response.status_code in (200, 303, 404, 409, 410, 422), about
                assert "/sign-in" not in response.headers.get("Location", ""), about
            else:
                assert response.status_code == 403, about
            assert response.headers["Cache-Control"] == "no-store", about


@pytest.mark.parametrize("role", [GUEST, *(role.value for role in Role)])
def test_changing_is_open_to_those_with_the_right_and_takes_the_token_of_the_form(library: Library, role: str) -> None:
    browser = library.browsers[role]
    for rule, method in methods(library.app.url_map):
        if method not in CHANGING or rule.endpoint in ASKED_BY_POST:
            continue
        action = library.required(rule)
        expected = 400 if action is None or role == GUEST or _may(role, action) else 403
        for state, path in library.addresses(rule).items():
            response = browser.open(path, method=method)
            assert response.status_code == expected, f"{role}: {method} {path} ({state}): {response.status_code}"


@pytest.mark.parametrize("role", [role.value for role in Role])
def test_who_has_no_right_is_refused_before_the_form_is_read(library: Library, role: str) -> None:
    browser = library.browsers[role]
    for rule in library.rules(changing=True):
        action = library.required(rule)
        if action is None or _may(role, action):
            continue
        path = library.addresses(rule)["published"]
        response = browser.post(path, data=b"no form at all", content_type="multipart/form-data; boundary=b")
        assert response.status_code == 403, path
        too_large = browser.post(path, data=b"", headers={"Content-Length": "900000000"})
        assert too_large.status_code == 403, path


def test_guests_who_send_a_form_are_led_to_the_sign_in(library: Library) -> None:
    browser = library.browsers[GUEST]
    csrf = csrf_of(browser, "/sign-in")
    for rule in library.rules(changing=True):
        if library.required(rule) is None:
            continue
        response = browser.post(library.addresses(rule)["published"], data={"csrf": csrf, "typed": "kept text"})
        text = response.get_data(as_text=True)
        assert response.status_code == 403
        assert 'action="/sign-in"' in text
        assert 'name="kept.typed" value="kept text"' in text


@pytest.mark.parametrize("role", [GUEST, *(role.value for role in Role)])
def test_what_nobody_approved_is_on_no_public_page_whoever_asks(library: Library, role: str) -> None:
    browser = library.browsers[role]
    for state, number in library.records.items():
        for path in (f"/record/{number}", f"/record/{number}/marc", f"/record/{number}.xml"):
            response = browser.get(path)
            assert response.status_code == RECORD_STATUS[state], f"{role}: {path} ({state})"
            assert SECRET_TITLE not in response.get_data(as_text=True), f"{role}: {path} ({state})"
    for path in (
        "/search?q=maxfiy",
        "/browse/titles?letter=M",
        "/new.atom",
        "/api/v1/search?q=maxfiy",
        "/sitemap-1.xml",
    ):
        assert SECRET_TITLE not in browser.get(path).get_data(as_text=True), f"{role}: {path}"


def test_no_public_page_of_a_record_that_is_not_published_opens(library: Library) -> None:
    for rule in library.rules(changing=False):
        if library.required(rule) is not None or "record_id" not in rule.arguments:
            continue
        for state, path in library.addresses(rule).items():
            status = library.browsers[GUEST].get(path, buffered=True).status_code
            if RECORD_STATUS[state] == 404:
                assert status == 404, f"{path} ({state}): {status}"
            else:
                assert status in (RECORD_STATUS[state], 200), f"{path} ({state}): {status}"


def _contents(container: Container) -> dict[str, str]:
    """A digest of the rows of every table, but for when sessions were used last and what is counted of readers."""
    digests = {}
    with container.database.engine.connect() as connection:
        for table in metadata.sorted_tables:
            if table.name.startswith(COUNTED):
                continue
            columns = [column for column in table.columns if column is not sessions.c.seen_at]
            rows = connection.execute(select(*columns)).all()
            digests[table.name] = hashlib.sha256(repr(sorted(map(repr, rows))).encode()).hexdigest()
    return digests


@pytest.mark.parametrize("role", [GUEST, Role.HEAD.value, Role.ADMINISTRATOR.value])
def test_no_get_changes_anything(library: Library, role: str) -> None:
    before = _contents(library.container)
    for rule in library.rules(changing=False):
        for path in library.addresses(rule).values():
            library.browsers[role].get(path, buffered=True)
            library.browsers[role].head(path, buffered=True)
    for rule in library.rules(changing=True):
        if rule.endpoint in ASKED_BY_POST:
            library.browsers[role].post(library.addresses(rule)["published"], data={"query": "maxfiy"})
    after = _contents(library.container)
    assert {name for name in before if before[name] != after[name]} == set()


def test_forms_on_pages_that_change_nothing_are_sent_by_get_and_all_others_bring_the_token(library: Library) -> None:
    for role in (Role.HEAD.value, Role.ADMINISTRATOR.value):
        for rule in library.rules(changing=False):
            for path in library.addresses(rule).values():
                response = library.browsers[role].get(path, buffered=True)
                if response.mimetype != "text/html":
                    continue
                for form in re.findall(r"<form\b.*?</form>", response.get_data(as_text=True), re.DOTALL):
                    if 'method="post"' in form.split(">")[0]:
                        assert 'name="csrf"' in form, f"{path}: {form[:120]}"


def test_the_table_of_rights_in_the_documents_is_that_of_the_program() -> None:
    text = (ROOT / "docs/roles.md").read_text(encoding="utf-8")
    assert rights_table() in text, "run library accounts rights"
    for action in Action:
        assert PERMISSIONS[action], "every right belongs to somebody"
