"""Partners in the browser: entered and changed, tried, harvested, decided on; hostile entries and records are text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from http import HTTPStatus
from urllib.parse import urlsplit

import pytest
from flask import Flask

from harvest.intake.asking import Patience
from library.app import create_app
from library.container import Container
from library.domain.marc import Dialect
from library.domain.partners import RunKind
from library.domain.people import Role
from library.domain.record import Status
from library.settings import Settings
from tests.builders import a_marc21_record
from tests.harvest.hostile_server import HostileServer
from tests.harvest.oai_partner import Repository, works
from tests.staff import published
from tests.web.colleagues import Colleague, colleague

MARKER = '"><x-m id=1>'
UNPROCESSABLE = HTTPStatus.UNPROCESSABLE_ENTITY
NEW = "/partners/new"
ONE = "/partners/1"
HOSTILE = (
    *(
        ("address", address, "not an address of the public internet")
        for address in (
            "http://10.0.0.1/oai",
            "http://169.254.169.254/latest/meta-data",
            "http://[::1]/oai",
            "https://[::ffff:192.168.1.1]/oai",
            "http://0.0.0.0/oai",
        )
    ),
    *(
        ("address", address, "must begin with http:// or https://")
        for address in ("javascript:alert(1)", "file:///etc/passwd", "gopher://8.8.8.8/oai", "//8.8.8.8/oai", "oai")
    ),
    ("address", "http://admin:secret@8.8.8.8/oai", "must not hold a name or password"),
    ("address", "http://8.8.8.8:22/oai", "Port 22 of 8.8.8.8 is refused"),
    *(("address", address, "not a proper address") for address in ("http://0x7f.1/oai", "http://2130706433/oai")),
    ("address", f"http://8.8.8.8/{'a' * 500}", "500 characters at most"),
    ("address", "", "Write the partner"),
    ("name", "x" * 101, "100 characters at most"),
    ("name", " ", "100 characters at most"),
    ("form", "irbis", "Choose the form"),
    ("schedule", MARKER, "Choose the form"),
    ("prefix", "oai dc", "no blanks"),
    ("prefix", "оаи_дц", "no blanks"),
    ("prefix", "x" * 201, "no blanks"),
    ("set_spec", "a b", "no blanks"),
    ("hour", "24", "Choose a day"),
    ("hour", "-1", "Choose a day"),
    ("weekday", "7", "Choose a day"),
)
DEEDS = ("harvest", "compare", "pause", "resume", "vanishing", "remove")


@pytest.fixture
def repository() -> Repository:
    """Twelve records, of which the seventh is torn."""
    repository = Repository(works(12), batch=5)
    repository.works[6].inside = b" & <script>alert(1)</scrip"
    return repository


@pytest.fixture
def address(repository: Repository) -> Iterator[str]:
    with HostileServer(repository) as server:
        yield server.url("/oai")


@pytest.fixture
def settings(settings: Settings, address: str) -> Settings:
    port = str(urlsplit(address).port)
    return replace(
        settings, partner_networks=("127.0.0.1/32",), partner_ports=(port,), base_url="http://library.example"
    )


@pytest.fixture
def portal(container: Container) -> Flask:
    container.harvesting.patience = Patience(pause=0)
    return create_app(container)


@pytest.fixture
def botir(container: Container, portal: Flask) -> Colleague:
    return colleague(container, portal, Role.HEAD, name="Botir")


@pytest.fixture
def nodira(container: Container, portal: Flask) -> Colleague:
    return colleague(container, portal, Role.CATALOGUER, name="Nodira")


@pytest.fixture
def form(address: str) -> dict[str, str]:
    """What is typed of a partner."""
    return {
        "name": f"Hamkor {MARKER}",
        "address": address,
        "form": "oai_dc",
        "prefix": "",
        "set_spec": "",
        "schedule": "weekly",
        "weekday": "6",
        "hour": "23",
    }


@pytest.fixture
def entered(botir: Colleague, form: dict[str, str]) -> dict[str, str]:
    """The same, and the partner is entered."""
    answer = botir.post("/partners", **form)
    assert answer.headers["Location"] == ONE, answer.get_data(as_text=True)
    return form


@pytest.fixture
def harvested(entered: dict[str, str], container: Container) -> dict[str, str]:
    """The same, and harvested."""
    container.harvesting.run(1, RunKind.HARVEST)
    return entered


def _row_of(page: str) -> str:
    found = re.search(r'name="row" value="(\d+)"', page)
    assert found is not None
    return found.group(1)


def _shown(container: Container) -> int:
    """How many records readers see."""
    with container.database.reading() as view:
        return sum(one.status is Status.PUBLISHED for one in view.records.listed_page(0, 100))


def _main_of(page: str) -> str:
    assert "<x-m" not in page
    assert "<script>alert" not in page
    return page.partition("<main")[2]


def test_an_entry_is_shown_changed_and_not_overwritten_by_somebody_who_saw_the_old_one(
    botir: Colleague, entered: dict[str, str]
) -> None:
    page = _main_of(botir.page(ONE))
    assert "Hamkor &#34;&gt;&lt;x-m id=1&gt;" in page
    assert "Sunday, 23:00" in page
    edit = _main_of(botir.page(f"{ONE}/edit"))
    assert '<option value="23" selected>' in edit
    row = _row_of(edit)
    changed = entered | {"name": "Samarqand", "schedule": "never", "expose": "1", "row": row}
    assert botir.post(ONE, **changed).headers["Location"] == ONE
    assert "Samarqand" in _main_of(botir.page("/partners"))
    stale = botir.post(ONE, **(changed | {"name": "Buxoro"}))
    assert stale.status_code == HTTPStatus.CONFLICT
    assert "Buxoro" not in _main_of(botir.page(ONE))


def test_hostile_entries_are_refused_with_their_reasons_and_nothing_typed_is_lost(
    botir: Colleague, form: dict[str, str]
) -> None:
    for field, typed, said in HOSTILE:
        saved = botir.post("/partners", **(form | {field: typed}))
        assert saved.status_code == UNPROCESSABLE, typed
        tried = botir.post("/partners", **(form | {field: typed}), **{"try": "1"})
        for answer in (saved, tried):
            page = _main_of(answer.get_data(as_text=True))
            assert said in page, typed
            assert field == "name" or "Hamkor" in page
    assert f'href="{ONE}"' not in botir.page("/partners")


def test_a_name_is_there_once(botir: Colleague, entered: dict[str, str]) -> None:
    answer = botir.post("/partners", **entered)
    assert answer.status_code == UNPROCESSABLE
    assert "There is a partner" in _main_of(answer.get_data(as_text=True))


def test_a_try_says_what_there_is_and_enters_nothing(botir: Colleague, form: dict[str, str]) -> None:
    for changed, said in (
        ({}, "Records on the first page: 5 of 12."),
        ({"set_spec": "nowhere"}, "no records for this format and set"),
        ({"prefix": "klingon"}, "does not list the format klingon"),
    ):
        answer = botir.post("/partners", **(form | changed), **{"try": "1"})
        assert answer.status_code == HTTPStatus.OK
        assert said in _main_of(answer.get_data(as_text=True))
    assert f'href="{ONE}"' not in botir.page("/partners")


def test_what_a_hostile_partner_says_of_itself_is_text(
    botir: Colleague, form: dict[str, str], repository: Repository
) -> None:
    said = repository.envelope(repository.error("badArgument", "&lt;script&gt;alert(1)&lt;/script&gt;"))
    repository.answer = lambda arguments: said  # type: ignore[method-assign]  # noqa: ARG005
    answer = botir.post("/partners", **form, **{"try": "1"})
    assert "&lt;script&gt;alert(1)" in _main_of(answer.get_data(as_text=True))


@pytest.mark.usefixtures("entered")
def test_a_cataloguer_harvests_and_mends_and_decides_nothing(nodira: Colleague) -> None:
    assert NEW not in nodira.page("/partners")
    page = _main_of(nodira.page(ONE))
    assert f'action="{ONE}/harvest"' in page
    assert not [deed for deed in ("pause", "remove", "vanishing") if f"{ONE}/{deed}" in page]
    for deed in ("pause", "resume", "vanishing", "remove"):
        assert nodira.post(f"{ONE}/{deed}").status_code == HTTPStatus.FORBIDDEN
    assert nodira.get(f"{ONE}/edit").status_code == HTTPStatus.FORBIDDEN
    assert nodira.post(f"{ONE}/harvest").headers["Location"] == ONE


@pytest.mark.usefixtures("entered")
def test_nothing_is_done_without_the_token_of_the_form(botir: Colleague, container: Container) -> None:
    for deed in DEEDS:
        assert botir.client.post(f"{ONE}/{deed}").status_code == HTTPStatus.BAD_REQUEST
    with container.database.reading() as view:
        kept = view.partners.get(1)
    assert (kept.asked, kept.state.value) == (None, "active")


@pytest.mark.usefixtures("entered")
def test_what_is_asked_is_done_by_the_worker_and_paused_partners_are_left_alone(
    botir: Colleague, container: Container
) -> None:
    botir.post(f"{ONE}/harvest")
    assert container.harvesting.step()
    page = _main_of(botir.page(ONE))
    assert "new 11, rejected 1" in " ".join(page.split())
    botir.post(f"{ONE}/compare")
    assert container.harvesting.step()
    assert "Comparison" in _main_of(botir.page(ONE))
    botir.post(f"{ONE}/pause")
    refused = botir.post(f"{ONE}/harvest")
    assert "is paused" in _main_of(refused.get_data(as_text=True))
    botir.post(f"{ONE}/resume")
    assert f'action="{ONE}/harvest"' in botir.page(ONE)


@pytest.mark.usefixtures("harvested")
def test_a_rejected_record_is_shown_as_text_and_taken_in_only_if_it_is_sound(
    nodira: Colleague, container: Container
) -> None:
    (link,) = re.findall(r'href="(/partners/rejected/\d+)"', nodira.page(f"{ONE}/rejected"))
    page = _main_of(nodira.page(link))
    assert "&lt;script&gt;alert(1)&lt;/scrip" in page

    sound = (
        "<record><header><identifier>oai:partner.example:7</identifier><datestamp>2026-01-01</datestamp></header>"
        '<metadata><dc xmlns="http://purl.org/dc/elements/1.1/"><title>Tuzatilgan</title></dc></metadata></record>'
    )
    for text, said in (
        ("", "Write one record"),
        ("<record", "not well-formed"),
        (sound + sound, "Write one record"),
        (sound.replace("<header>", '<header status="deleted">'), "Write one record"),
        (sound.replace("example:7<", "example:8<"), "has to stay oai:partner.example:7"),
        (sound.replace("<title>Tuzatilgan</title>", ""), "has no title"),
        (sound.replace("Tuzatilgan", "&x;"), "not well-formed"),
        (f'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>{sound.replace("Tuzatilgan", "&x;")}', ""),
        (sound.replace("Tuzatilgan", "A" * (1 << 20)), "larger than a record can be"),
    ):
        answer = nodira.post(link, text=text)
        assert answer.status_code == UNPROCESSABLE, text[:100]
        shown = _main_of(answer.get_data(as_text=True))
        assert said in shown
        assert "root:" not in shown
    answer = nodira.post(link, text=sound.replace("Tuzatilgan", f"Tuzatilgan {MARKER.replace('<', '&lt;')}"))
    assert "Tuzatilgan" in _main_of(nodira.page(answer.headers["Location"]))
    assert nodira.post(link, text=sound).status_code == HTTPStatus.NOT_FOUND
    with container.database.reading() as view:
        assert view.partner_rejects.open_rejects() == {}


@pytest.mark.usefixtures("harvested")
def test_a_rejected_record_is_left_out_once(nodira: Colleague) -> None:
    answer = nodira.post("/partners/rejected/1/dismiss")
    assert answer.headers["Location"] == f"{ONE}/rejected"
    assert "oai:partner.example:7" not in nodira.page(f"{ONE}/rejected")
    assert nodira.post("/partners/rejected/1/dismiss").status_code == HTTPStatus.NOT_FOUND
    assert "does not wait for anybody any more" in nodira.get("/partners/rejected/1").get_data(as_text=True)


@pytest.mark.usefixtures("harvested")
@pytest.mark.parametrize(("button", "left"), [("hide", 7), ("keep", 11)])
def test_whether_many_records_vanish_is_decided_by_the_head(
    botir: Colleague, container: Container, repository: Repository, button: str, left: int
) -> None:
    for work in repository.works[:4]:
        work.deleted, work.changed = True, repository.clock()
    container.harvesting.run(1, RunKind.HARVEST)
    page = _main_of(botir.page(ONE))
    assert "4 of 11 records would vanish" in page
    assert f'name="{button}"' in page
    botir.post(f"{ONE}/vanishing", **{button: "1"})
    while container.harvesting.step():
        pass
    assert "would vanish" not in _main_of(botir.page(ONE))
    assert _shown(container) == left


@pytest.mark.usefixtures("harvested")
def test_a_partner_is_removed_in_two_steps_by_whoever_saw_it_as_it_is(botir: Colleague, container: Container) -> None:
    page = _main_of(botir.page(f"{ONE}/remove"))
    assert "11" in page
    row = _row_of(page)
    assert botir.post(f"{ONE}/remove", row="99").status_code == HTTPStatus.CONFLICT
    assert botir.post(f"{ONE}/remove", row=row).headers["Location"] == "/partners"
    while container.harvesting.step():
        pass
    assert _shown(container) == 0
    assert f'href="{ONE}"' not in botir.page("/partners")


def test_who_is_not_there_is_not_found(botir: Colleague) -> None:
    for path in (ONE, f"{ONE}/edit", f"{ONE}/rejected", "/partners/rejected/9", "/partners/99999999999"):
        assert botir.get(path).status_code == HTTPStatus.NOT_FOUND


@pytest.mark.usefixtures("entered")
@pytest.mark.parametrize(("answer", "left"), [("same", 11), ("different", 12)])
def test_pairs_wait_until_a_person_says_what_they_are(
    nodira: Colleague, container: Container, repository: Repository, answer: str, left: int
) -> None:
    ours = published(container.cataloguing, Dialect.MARC21, a_marc21_record(title=f"Algebra {MARKER}"))
    repository.works[0].inside = b"</dc:creator><dc:identifier>9789943225510</dc:identifier><dc:creator>C."
    container.harvesting.run(1, RunKind.HARVEST)
    page = _main_of(nodira.page("/partners/duplicates"))
    (theirs,) = re.findall(r'name="theirs" value="(\d+)"', page)
    assert f'name="other" value="{ours}"' in page
    for damage in ({"theirs": "x"}, {"other": "-1"}, {"theirs": str(2**31)}):
        answered = nodira.post("/partners/duplicates", **({"theirs": theirs, "other": str(ours), "same": "1"} | damage))
        assert answered.status_code == HTTPStatus.NOT_FOUND
    nodira.post("/partners/duplicates", theirs=theirs, other=str(ours), **{answer: "1"})
    assert f'value="{theirs}"' not in _main_of(nodira.page("/partners/duplicates"))
    assert _shown(container) == left
