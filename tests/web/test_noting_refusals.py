"""What was not given, why, and what failed, as it is noted when the answer is over."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from library.app import create_app
from library.container import Container, now
from library.domain.access import Actor, Rule
from library.domain.access_level import AccessLevel
from library.domain.document import DocumentState
from library.domain.people import Role
from library.domain.record import Status
from library.domain.usage import Denial, Flag, Kind, Use
from tests.builders import add_records
from tests.documents import a_document, keep
from tests.signed_in import guest_of
from tests.web.uses import Uses, noting
from tests.web.viewers import Library, a_library

LONG_AGO, FAR = date(2020, 1, 1), date(2099, 1, 5)
JASUR = Actor.person(7, "Jasur", frozenset({Role.ADMINISTRATOR}))


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path) -> Iterator[Library]:
    with a_library(tmp_path_factory.mktemp("refusals"), migrated_sqlite, pages_a_minute=1) as library:
        library.container.indexing.rebuild()
        yield library


@pytest.fixture
def uses(library: Library) -> Iterator[Uses]:
    with noting(library.container) as uses:
        yield uses


def _refused(client: FlaskClient, uses: Uses, path: str) -> Use:
    client.get(path, buffered=True).close()
    use = uses.only()
    assert use.kind is Kind.REFUSAL
    return use


@pytest.mark.parametrize(
    ("level", "who", "path", "rule", "denied"),
    [
        (AccessLevel.MEMBERS, "guest", "/files/{}", Rule.MEMBERS, Denial.SIGN_IN),
        (AccessLevel.MEMBERS, "guest", "/view/{}", Rule.MEMBERS, Denial.SIGN_IN),
        (AccessLevel.CAMPUS, "reader", "/files/{}", Rule.CAMPUS, Denial.NO_LICENSE),
        (AccessLevel.VIEW_ONLY, "guest", "/view/{}", Rule.VIEW_ONLY, Denial.SIGN_IN),
        (AccessLevel.VIEW_ONLY, "guest", "/files/{}", Rule.VIEW_ONLY, Denial.NO_LICENSE),
        (AccessLevel.VIEW_ONLY, "reader", "/files/{}", Rule.VIEW_ONLY, Denial.NO_LICENSE),
        (AccessLevel.VIEW_ONLY, "reader", "/view/{}/text", Rule.VIEW_ONLY, Denial.NO_LICENSE),
        (AccessLevel.CLOSED, "reader", "/files/{}", Rule.CLOSED, Denial.NO_LICENSE),
    ],
)
def test_a_level_of_access_is_told_with_its_rule(
    library: Library, uses: Uses, level: AccessLevel, who: str, path: str, rule: Rule, denied: Denial
) -> None:
    file = library.a_file(level)
    use = _refused(library.browsers[who], uses, path.format(file.id))
    assert (use.status, use.rule, use.denied) == (403, rule.value, denied)
    assert (use.item_id, use.file_id) == (library.record_id, file.id)


def test_embargoes_ended_subscriptions_and_files_that_were_closed_are_told(library: Library, uses: Uses) -> None:
    record, container = library.record_id, library.container
    files = {
        Rule.EMBARGO: keep(container, a_document(record, embargo_until=FAR)),
        Rule.TERM: keep(container, a_document(record), term_ends=LONG_AGO),
        Rule.CLOSED: keep(container, a_document(record, state=DocumentState.CLOSED)),
    }
    for rule, file in files.items():
        use = _refused(library.guest, uses, f"/files/{file.id}")
        assert (use.rule, use.denied) == (rule.value, Denial.NO_LICENSE)


def test_programs_are_refused_like_people(library: Library, uses: Uses) -> None:
    file = library.a_file(AccessLevel.CAMPUS)
    library.guest.get(f"/files/{file.id}", headers={"Accept": "application/json"}).close()
    use = uses.only()
    assert (use.denied, use.item_id, use.file_id) == (Denial.NO_LICENSE, library.record_id, file.id)


def test_what_was_looked_for_by_a_number_that_leads_nowhere_is_told(library: Library, uses: Uses) -> None:
    hidden = keep(library.container, a_document(library.record_id, approved=False))
    for path in ("/record/999999", "/record/999999.xml", "/files/999999", f"/files/{hidden.id}", "/irbis/IBIS/99"):
        use = _refused(library.guest, uses, path)
        assert (use.status, use.denied, use.item_id) == (404, Denial.NOT_FOUND, 0), path
    (withdrawn,) = add_records(library.container.database, "Yoʻqolgan kitob", status=Status.WITHDRAWN)
    use = _refused(library.guest, uses, f"/record/{withdrawn}")
    assert (use.status, use.denied, use.item_id) == (410, Denial.NOT_FOUND, withdrawn)


def test_addresses_that_scanners_guess_are_told_to_nobody(library: Library, uses: Uses) -> None:
    for path in ("/wp-login.php", "/record/x", "/static/nothing.css"):
        library.guest.get(path).close()
    assert uses.all() == []


def test_whoever_turns_pages_too_fast_has_reached_the_limit(library: Library, uses: Uses) -> None:
    file = library.a_file(AccessLevel.VIEW_ONLY)
    opened = library.reader.get(f"/view/{file.id}")
    page = opened.get_data(as_text=True)
    opened.close()
    image = page.split('id="sheet"')[1].split('src="')[1].split('"')[0].replace("&amp;", "&")
    library.reader.get(image).close()
    assert [use.kind for use in uses.all()] == [Kind.PAGE_VIEW]
    for path in (f"/view/{file.id}/turn/2", image):
        use = _refused(library.reader, uses, path)
        assert (use.status, use.denied, use.rule) == (429, Denial.LIMIT_EXCEEDED, "view-only")
        assert (use.item_id, use.file_id) == (library.record_id, file.id)


def test_asking_faster_than_people_read_is_told_with_its_limit(library: Library, uses: Uses) -> None:
    stranger = create_app(library.container).test_client()
    stranger.environ_base["REMOTE_ADDR"] = "203.0.113.7"
    for _ in range(60):
        stranger.get("/sru").close()
    assert uses.all() == []
    use = _refused(stranger, uses, "/sru")
    assert (use.status, use.denied, use.rule) == (429, Denial.RATE, "sru")
    for _ in range(301):
        last = stranger.get("/api/v1/suggest?q=m")
        last.close()
    assert last.status_code == 429
    assert uses.all() == [], "to type is no use"


def test_maintenance_refuses_readers_and_staff_work_on(container: Container) -> None:
    container.maintenance.register(
        now(), now() + timedelta(hours=1), 0, {"uz-Latn": "Disklar almashtiriladi"}, actor=JASUR
    )
    client = guest_of(create_app(container))
    with noting(container) as uses:
        for path in ("/", "/search?q=x", "/record/1", "/api/v1/search?q=x"):
            use = _refused(client, uses, path)
            assert (use.status, use.denied) == (503, Denial.MAINTENANCE), path
        for path in ("/health/live", "/maintenance", "/wp-login.php", "/static/site.css"):
            client.get(path, buffered=True).close()
        assert uses.all() == []


def test_a_failure_of_ours_is_an_error_whatever_was_asked_for(
    library: Library, uses: Uses, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.guest.get("/record/1").close()
    assert uses.only().kind is Kind.RECORD_VIEW

    def fail(_record_id: int) -> None:
        message = "the disk is gone"
        raise OSError(message)

    monkeypatch.setattr(library.container.catalogue, "record", fail)
    library.guest.get("/record/1").close()
    use = uses.only()
    assert (use.kind, use.status, use.flags) == (Kind.ERROR, 500, Flag.NONE)


def test_a_search_without_an_index_is_an_error_and_not_a_search_without_hits(container: Container) -> None:
    with noting(container) as uses:
        guest_of(create_app(container)).get("/search?q=x").close()
        assert (use := uses.only()).kind is Kind.ERROR
        assert use.status == 503


def test_a_use_that_cannot_be_noted_spoils_no_page_and_is_told_once_a_minute(
    library: Library, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_use: Use) -> None:
        message = "nowhere to write"
        raise OSError(message)

    client = guest_of(create_app(library.container))
    with noting(library.container) as uses, caplog.at_level(logging.ERROR):
        monkeypatch.setattr(uses, "note", fail)
        pages = [client.get(f"/record/{library.record_id}") for _ in range(3)]
        assert [page.status_code for page in pages] == [200, 200, 200]
        for page in pages:
            assert page.get_data(as_text=True).rstrip().endswith("</html>")
            page.close()
    told = [line for line in caplog.records if "could not be noted" in line.message]
    assert len(told) == 1
    assert "nowhere to write" in told[0].message
