"""What readers and programs used, as it is noted when the answer is over."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from library.domain.access_level import AccessLevel
from library.domain.document import Document
from library.domain.people import LibraryCard, ReaderCategory, Role
from library.domain.usage import Flag, Kind, Use, best_identity
from tests.builders import add_records
from tests.documents import PDF
from tests.signed_in import a_person, browser_of
from tests.web.uses import Uses, noting
from tests.web.viewers import Library, a_library

AGENT = "Mozilla/5.0 (X11; Linux x86_64) Firefox/130.0"
SEARCH = "/search?q=matematika"


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path) -> Iterator[Library]:
    with a_library(tmp_path_factory.mktemp("noting"), migrated_sqlite) as library:
        add_records(library.container.database, *(f"Matematika masalalari {number}" for number in range(25)))
        library.container.indexing.rebuild()
        yield library


@pytest.fixture
def uses(library: Library) -> Iterator[Uses]:
    with noting(library.container) as uses:
        yield uses


@pytest.fixture
def guest(library: Library, uses: Uses) -> FlaskClient:  # noqa: ARG001  (what is asked from now on is noted)
    return library.app.test_client()


@pytest.fixture(scope="module")
def file(library: Library) -> Document:
    return library.a_file(AccessLevel.OPEN)


def _asked(client: FlaskClient, uses: Uses, path: str, **headers: str) -> Use:
    """What is noted of one request; header names are written with underscores."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    response = client.get(path, headers={"User-Agent": AGENT, "Accept": "text/html", **named}, buffered=True)
    response.close()
    return uses.only()


def test_a_search_is_noted_with_its_words_and_how_much_it_found(guest: FlaskClient, uses: Uses) -> None:
    found = _asked(guest, uses, SEARCH)
    assert (found.kind, found.results, found.words, found.flags) == (Kind.SEARCH, 26, "matematika", Flag.NONE)
    nothing = _asked(guest, uses, "/search?q=zzzzyyyy")
    assert (nothing.kind, nothing.results, nothing.words) == (Kind.SEARCH, 0, "zzzzyyyy")


@pytest.mark.parametrize(
    ("path", "referrer", "is_new"),
    [
        ("/search?q=matematika&page=2", "", False),
        ("/search?q=matematika&sort=title", "", False),
        ("/search?q=matematika&sort=title", "http://localhost/search?q=matematika", False),
        ("/search?q=matematika", "http://localhost/search?q=matematika&page=2", False),
        ("/search?q=matematika&lang=ru", "http://localhost/search?q=matematika&sort=title", False),
        ("/search?q=matematika&material=book", "http://localhost/search?q=matematika", True),
        ("/search?q=matematika", "http://localhost/search?q=matematika&material=book", True),
        ("/search?q=matematika", "http://localhost/", True),
        ("/search?q=matematika&sort=title", "http://localhost/search/advanced?q=matematika", True),
        ("/search?q=matematika", "https://elsewhere.example/search?q=matematika", True),
    ],
)
def test_a_search_is_counted_once_for_each_set_of_results(
    guest: FlaskClient, uses: Uses, path: str, referrer: str, is_new: bool
) -> None:
    use = _asked(guest, uses, path, **({"Referer": referrer} if referrer else {}))
    assert bool(use.flags & Flag.CONTINUED) is not is_new


@pytest.mark.parametrize(
    "path",
    ["/", "/api/v1/suggest?q=mat", "/search?q=matematika&page=99", "/browse/titles", "/static/site.css", "/oops"],
)
def test_what_is_no_use_is_not_noted(guest: FlaskClient, uses: Uses, path: str) -> None:
    guest.get(path, buffered=True).close()
    assert uses.all() == []


def test_a_record_is_viewed_on_its_page_and_in_every_form(library: Library, guest: FlaskClient, uses: Uses) -> None:
    here = f"/record/{library.record_id}"
    for path in (here, f"{here}/marc", f"{here}.xml", f"{here}/cite.bib", f"/api/v1/records/{library.record_id}"):
        use = _asked(guest, uses, path)
        assert (use.kind, use.item_id, use.file_id, use.status) == (Kind.RECORD_VIEW, library.record_id, 0, 200), path


def test_searches_by_programs_are_no_searches_of_the_platform(guest: FlaskClient, uses: Uses) -> None:
    found = "/sru?version=1.2&operation=searchRetrieve&query=title=matematika&maximumRecords=2"
    nothing = "/sru?version=1.2&operation=searchRetrieve&query=title=zzzzyyyy"
    for path, results in ((found, 26), (nothing, 0), ("/api/v1/search?q=matematika", 26), ("/search.atom?q=zzyy", 0)):
        use = _asked(guest, uses, path)
        assert (use.kind, use.results, use.words) == (Kind.SRU, results, ""), path
    guest.get("/sru").close()
    assert uses.all() == [], "who asks what the catalogue is has searched nothing"


def test_harvesters_are_answered(guest: FlaskClient, uses: Uses) -> None:
    for path in ("/oai?verb=Identify", "/oai?verb=nonsense"):
        use = _asked(guest, uses, path)
        assert (use.kind, use.status) == (Kind.OAI, 200)
    guest.post("/oai", data={"verb": "ListSets"}).close()
    assert uses.only().kind is Kind.OAI


def test_a_file_is_downloaded_whole_from_its_beginning_or_from_its_middle(
    library: Library, guest: FlaskClient, uses: Uses, file: Document
) -> None:
    whole = _asked(guest, uses, f"/files/{file.id}/kitob.pdf")
    assert (whole.kind, whole.item_id, whole.file_id) == (Kind.DOWNLOAD, library.record_id, file.id)
    assert (whole.status, whole.range_start, whole.sent, whole.completed) == (200, 0, len(PDF), True)
    first = _asked(guest, uses, f"/files/{file.id}", Range="bytes=0-99")
    assert (first.status, first.range_start, first.sent, first.completed) == (206, 0, 100, True)
    later = _asked(guest, uses, f"/files/{file.id}", Range="bytes=100-149")
    assert (later.status, later.range_start, later.sent, later.completed) == (206, 100, 50, True)


def test_whoever_has_the_file_already_is_noted_as_that(guest: FlaskClient, uses: Uses, file: Document) -> None:
    use = _asked(guest, uses, f"/files/{file.id}", If_None_Match=f'"{file.digest}"')
    assert (use.kind, use.status, use.sent, use.completed) == (Kind.DOWNLOAD, 304, 0, True)


def test_headers_alone_are_marked_and_an_impossible_range_is_no_use(
    guest: FlaskClient, uses: Uses, file: Document
) -> None:
    guest.head(f"/files/{file.id}").close()
    assert uses.only().flags == Flag.HEAD
    guest.get(f"/files/{file.id}", headers={"Range": "bytes=999999-"}).close()
    assert uses.all() == []


def test_a_file_with_a_title_page_is_a_download_and_the_page_that_has_none_is_not(
    library: Library, guest: FlaskClient, uses: Uses, file: Document
) -> None:
    assert _asked(guest, uses, f"/files/{file.id}/titled").kind is Kind.DOWNLOAD
    plain = library.a_file(AccessLevel.OPEN, media_type="text/plain")
    page = guest.get(f"/files/{plain.id}/titled", headers={"Accept": "text/html"})
    assert page.mimetype == "text/html"
    assert uses.all() == []


def test_pages_are_viewed_when_they_are_opened_or_turned_and_their_images_are_not_counted_again(
    library: Library, guest: FlaskClient, uses: Uses, file: Document
) -> None:
    for path in (f"/view/{file.id}", f"/view/{file.id}/turn/2", f"/view/{file.id}/text"):
        use = _asked(guest, uses, path)
        assert (use.kind, use.item_id, use.file_id) == (Kind.PAGE_VIEW, library.record_id, file.id), path
    for path in (f"/view/{file.id}/page/1?width=1000", f"/view/{file.id}/pages", f"/view/{file.id}/search?words=bet"):
        assert guest.get(path).status_code == 200, path
    assert uses.all() == []


def test_a_student_who_signed_in_is_told_by_category_and_faculty(library: Library, uses: Uses) -> None:
    container = library.container
    card = LibraryCard(number="2026-1", category=ReaderCategory.MASTER, faculty="Fizika")
    student = a_person(container, "barno", Role.READER)
    with container.database.writing() as tx:
        tx.people.replace(student, replace(student, card=card))
        tx.commit()
    use = _asked(browser_of(library.app, container, student), uses, SEARCH)
    assert (use.category, use.faculty, use.flags) == ("master", "Fizika", Flag.NONE)
    assert use.identity == best_identity(person=str(student.id))


@pytest.mark.parametrize(
    ("role", "is_staff"),
    [
        (Role.CATALOGUER, True),
        (Role.APPROVER, True),
        (Role.HEAD, True),
        (Role.INSPECTOR, True),
        (Role.ADMINISTRATOR, True),
        (Role.DEPARTMENT, False),
        (Role.DEPOSITOR, False),
        (Role.READER, False),
    ],
)
def test_who_keeps_or_supervises_records_looks_at_them_as_staff(
    library: Library, uses: Uses, role: Role, is_staff: bool
) -> None:
    container = library.container
    person = a_person(container, f"kim-{role.value}", role)
    with container.database.writing() as tx:
        card = LibraryCard(number=f"N-{role.value}", category=ReaderCategory.TEACHER, faculty="Kimyo")
        tx.people.replace(person, replace(person, card=card))
        tx.commit()
    use = _asked(browser_of(library.app, container, person), uses, f"/record/{library.record_id}")
    assert bool(use.flags & Flag.STAFF) is is_staff
    assert (use.category, use.faculty) == (("", "") if is_staff else ("teacher", "Kimyo"))


@pytest.mark.parametrize(
    ("headers", "flags"),
    [
        ({"Sec_Purpose": "prefetch"}, Flag.BULK),
        ({"Sec_Purpose": "prefetch;prerender"}, Flag.BULK),
        ({"Purpose": "prefetch"}, Flag.BULK),
        ({"X_Moz": "prefetch"}, Flag.BULK),
        ({"User_Agent": "Kutubxona-probe"}, Flag.MONITOR),
        ({"User_Agent": "Mozilla/5.0 (compatible; UptimeRobot/2.0)"}, Flag.MONITOR),
        ({"User_Agent": "Kutubxona (kutubxona@example.uz)"}, Flag.JOB),
        ({"User_Agent": "Googlebot/2.1"}, Flag.NONE),
    ],
)
def test_a_request_tells_itself_that_nobody_reads(
    library: Library, guest: FlaskClient, uses: Uses, headers: dict[str, str], flags: Flag
) -> None:
    use = _asked(guest, uses, f"/record/{library.record_id}", **headers)
    assert use.flags == flags
    assert use.agent == headers.get("User_Agent", AGENT)


def test_other_libraries_harvest_under_our_name_and_are_readers(guest: FlaskClient, uses: Uses) -> None:
    assert _asked(guest, uses, "/oai?verb=Identify", User_Agent="Kutubxona (a@example.uz)").flags == Flag.NONE


def test_a_browser_is_the_same_from_the_page_that_gave_it_its_cookie(
    library: Library, guest: FlaskClient, uses: Uses
) -> None:
    landing = _asked(guest, uses, f"/record/{library.record_id}")
    after = _asked(guest, uses, SEARCH)
    assert landing.identity == after.identity
    assert _asked(library.app.test_client(), uses, SEARCH).identity != after.identity


def test_without_a_cookie_a_visitor_is_an_address_and_an_agent(guest: FlaskClient, uses: Uses, file: Document) -> None:
    path = f"/files/{file.id}"
    use = _asked(guest, uses, path)
    assert use.identity == best_identity(address="127.0.0.1", agent=AGENT)
    assert _asked(guest, uses, path, User_Agent="Opera/9.8").identity != use.identity
    guest.set_cookie("sid", "forged")
    assert _asked(guest, uses, path).identity == use.identity, "what is no number of ours tells nobody apart"


def test_every_language_tells_what_is_counted_and_every_page_leads_there(guest: FlaskClient) -> None:
    headings = set()
    for tag in ("uz-Latn", "uz-Cyrl", "ky", "ru", "en"):
        page = guest.get(f"/privacy?lang={tag}").get_data(as_text=True)
        headings.add(page.split("<h1>")[1].split("</h1>")[0])
        assert "COUNTER 5.1" in page
    assert len(headings) == 5
    assert 'href="/privacy"' in guest.get("/").get_data(as_text=True)
