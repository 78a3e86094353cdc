"""Transfers in the browser: entered with their papers, changed, printed as an act; the rules that speak of papers."""

from __future__ import annotations

import re
from contextlib import closing
from io import BytesIO

import pytest
from flask import Flask
from pypdf import PdfReader
from pypdfium2 import PdfDocument

from library.app import create_app
from library.container import Container
from library.domain.access_level import AccessLevel
from library.domain.configuration import Section
from library.domain.description import Material
from library.domain.holdings import Source
from library.domain.intake_rules import DefaultRights, PaperRule, RightsRule
from library.domain.people import Role
from library.domain.transfer import PaperKind
from library.services.configuration import papers_of, rights_of
from tests.builders import add_records
from tests.web.colleagues import Colleague, colleague
from tests.web.test_documents_pages import a_transfer, actor_of, came

RULES = "/administration/settings"
# Points by which the lines of one row may differ.
SAME_LINE = 4
COLUMNS = 5
MARKER = '"><x-m id=1>'
FORM = {"source": "gift", "partner": f"Kafedra {MARKER}", "taken_on": "2026-09-01", "price": "125 000,50"}
ACT = {"paper-kind": "act", "paper-number": "12-A", "paper-date": "2026-09-01"}
EMPTY = {"paper-kind": "act", "paper-number": "", "paper-date": ""}


@pytest.fixture
def portal(container: Container) -> Flask:
    return create_app(container)


@pytest.fixture
def nodira(container: Container, portal: Flask) -> Colleague:
    return colleague(container, portal, Role.CATALOGUER, name="Nodira")


@pytest.fixture
def botir(container: Container, portal: Flask) -> Colleague:
    return colleague(container, portal, Role.HEAD, name="Botir")


@pytest.fixture
def record(container: Container) -> int:
    return add_records(container.database, "Oliy matematika")[0]


def _with_papers(*papers: dict[str, str], **values: str) -> dict[str, object]:
    columns = {name: [paper[name] for paper in papers] for name in EMPTY}
    return {**FORM, **columns, **values}


def test_a_transfer_is_entered_on_the_way_to_its_files(nodira: Colleague, record: int) -> None:
    assert f'name="record" value="{record}"' in nodira.page(f"/transfers/new?record={record}")
    answer = nodira.post("/transfers/new", **_with_papers(ACT, EMPTY, record=str(record)))
    assert answer.headers["Location"] == f"/documents/new?record={record}&transfer=1"
    assert 'value="1" selected' in nodira.page(answer.headers["Location"])
    page = nodira.page("/transfers/1")
    assert "125,000.50" in page
    assert "12-A" in page
    assert "<x-m" not in page
    assert ">missing<" not in nodira.page("/transfers")


def test_more_lines_lose_nothing_that_was_typed(nodira: Colleague) -> None:
    page = nodira.post("/transfers/new", **_with_papers(ACT, ACT, more="1")).get_data(as_text=True)
    assert page.count('value="12-A"') == 2
    assert page.count('name="paper-number"') == 5
    assert 'value="125 000,50"' in page


@pytest.mark.parametrize(
    "wrong",
    [
        {"source": "theft"},
        {"partner": " "},
        {"taken_on": ""},
        {"taken_on": "yesterday"},
        {"price": "much"},
        {"price": "NaN"},
        {"price": "-1"},
        {"source": "subscription"},
        {"note": "x" * 501},
    ],
)
def test_a_transfer_that_can_not_be_is_told_beside_what_was_typed(nodira: Colleague, wrong: dict[str, str]) -> None:
    answer = nodira.post("/transfers/new", **_with_papers(ACT, **wrong))
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert 'role="alert"' in page
    assert 'value="12-A"' in page
    assert nodira.get("/transfers/1").status_code == 404


def test_a_paper_without_its_number_or_date_is_told(nodira: Colleague) -> None:
    for part in ({"paper-number": ""}, {"paper-date": ""}, {"paper-kind": "napkin"}):
        assert nodira.post("/transfers/new", **_with_papers({**ACT, **part})).status_code == 422


def test_two_people_who_change_a_transfer_do_not_overwrite_each_other(
    container: Container, nodira: Colleague, botir: Colleague
) -> None:
    number = a_transfer(container, nodira)
    assert "Papers are missing: Transfer act." in botir.page(f"/transfers/{number}")
    assert botir.post(f"/transfers/{number}/edit", version=1, **_with_papers(ACT)).status_code == 303
    answer = nodira.post(f"/transfers/{number}/edit", version=1, **_with_papers(ACT, note="mine"))
    assert answer.status_code == 409
    assert 'value="mine"' in answer.get_data(as_text=True)
    assert "Papers are missing" not in botir.page(f"/transfers/{number}")


def test_the_files_of_a_transfer_are_approved_together_by_another_person(
    container: Container, nodira: Colleague, botir: Colleague, record: int
) -> None:
    bare, complete = a_transfer(container, nodira), a_transfer(container, nodira, PaperKind.ACT)
    came(container, nodira, record, b"1", transfer_id=bare)
    for content in (b"2", b"3"):
        came(container, nodira, record, content, transfer_id=complete)
    came(container, botir, record, b"4", transfer_id=complete)
    assert "Approve" not in nodira.page(f"/transfers/{complete}")
    assert "Approve 2 files" in botir.page(f"/transfers/{complete}")
    assert nodira.post(f"/transfers/{complete}/approve").status_code == 403
    assert botir.post(f"/transfers/{complete}/approve").status_code == 303
    assert botir.post(f"/transfers/{bare}/approve").status_code == 409
    with container.database.reading() as view:
        approved = [one.approved is not None for one in view.documents.of_record(record)]
    assert approved == [False, True, True, False]


@pytest.mark.parametrize(
    ("language", "heading"),
    [
        ("uz-Latn", "Qabul qilish-topshirish dalolatnomasi № 1"),
        ("uz-Cyrl", "Қабул қилиш-топшириш далолатномаси № 1"),
        ("ky", "Кабыл алуу-өткөрүп берүү актысы № 1"),
        ("ru", "Акт приёма-передачи № 1"),
        ("en", "Transfer act No 1"),
    ],
)
def test_the_act_is_printed_in_the_language_of_the_page(
    container: Container, nodira: Colleague, record: int, language: str, heading: str
) -> None:
    nodira.post("/transfers/new", **_with_papers(ACT, partner="Fizika kafedrasi #pagebreak() $x$"))
    document = came(container, nodira, record, transfer_id=1)
    refused = came(container, nodira, record, b"2", transfer_id=1)
    container.documents.discard(refused.id, expected=1, actor=actor_of(nodira))
    answer = nodira.get(f"/transfers/1/act.pdf?lang={language}")
    assert answer.headers["Content-Disposition"] == "attachment; filename=transfer-act-1.pdf"
    pdf = PdfReader(BytesIO(answer.data))
    text = re.sub(r"[\s\u200b]+", " ", " ".join(page.extract_text() for page in pdf.pages))
    assert len(pdf.pages) == 1
    assert heading in text
    assert "#pagebreak() $x$" in text
    packed = text.replace(" ", "")
    assert document.digest[:16] in packed
    assert "Oliymatematika[1]" in packed
    assert "12-A" in text
    ends, begins = _columns(answer.data)
    assert ends < begins, "the heading of the numbers runs into that of the records"


def _columns(act: bytes) -> tuple[float, float]:
    """Where the heading of the first column of files ends, and where that of the second begins, in points."""
    with closing(PdfDocument(act)) as pdf, closing(pdf[0]) as page, closing(page.get_textpage()) as text:
        boxes = [text.get_rect(number) for number in range(text.count_rects())]
    lines = ([box for box in boxes if abs(box[1] - bottom) < SAME_LINE] for _, bottom, *_ in boxes)
    first, second, *_ = sorted(next(line for line in lines if len(line) >= COLUMNS))
    return first[2], second[0]


def test_the_library_rules_which_papers_are_needed(container: Container, nodira: Colleague, botir: Colleague) -> None:
    number = a_transfer(container, nodira)
    form = {"version": 0, "gift.letter": "one-of", "gift.invoice": "one-of", "own.act": "required", "x.act": "required"}
    assert botir.post(f"{RULES}/papers", **form).headers["Location"] == RULES
    saved = papers_of(container.configuration.section(Section.PAPERS, actor=actor_of(botir)))
    assert saved.of(Source.GIFT) == PaperRule(one_of=(PaperKind.INVOICE, PaperKind.LETTER))
    assert saved.of(Source.OWN) == PaperRule(required=(PaperKind.ACT,))
    assert saved.of(Source.PURCHASE) == PaperRule()
    assert "Papers are missing: Invoice or Letter." in nodira.page(f"/transfers/{number}")
    page = botir.page(f"{RULES}/papers/versions/1")
    assert "Invoice, Letter" in page
    assert "Gift, One of these papers" in page
    assert nodira.get(f"{RULES}/papers").status_code == 403


def test_a_rule_of_papers_that_says_nothing_is_told(botir: Colleague) -> None:
    answer = botir.post(f"{RULES}/papers", version=0, **{"gift.letter": "one-of"})
    assert answer.status_code == 422
    assert 'value="one-of" selected' in answer.get_data(as_text=True)
    assert botir.post(f"{RULES}/papers", version=7).status_code == 409


def test_the_library_rules_which_rights_files_begin_with(
    container: Container, nodira: Colleague, botir: Colleague, record: int
) -> None:
    rows = {
        "material": ["textbook", "", "thesis", ""],
        "source": ["gift", "gift", "", ""],
        "level": ["campus", "closed", "", ""],
    }
    assert "All other files" in botir.page(f"{RULES}/rights")
    more = botir.post(f"{RULES}/rights", version=0, otherwise="members", more="1", **rows).get_data(as_text=True)
    assert more.count('name="level"') == 5
    assert botir.post(f"{RULES}/rights", version=0, otherwise="members", **rows).status_code == 303
    saved = rights_of(container.configuration.section(Section.RIGHTS, actor=actor_of(botir)))
    assert saved == DefaultRights(
        rules=(
            RightsRule(material=Material.TEXTBOOK, source=Source.GIFT, level=AccessLevel.CAMPUS),
            RightsRule(source=Source.GIFT, level=AccessLevel.CLOSED),
        ),
        otherwise=AccessLevel.MEMBERS,
    )
    given = came(container, nodira, record, transfer_id=a_transfer(container, nodira))
    assert given.rights.level is AccessLevel.CAMPUS
    assert came(container, nodira, record, b"2").rights.level is AccessLevel.MEMBERS
    assert "For registered readers" in nodira.page(f"/documents/new?record={record}")
    assert botir.post(f"{RULES}/rights/versions/1/restore", version=1).status_code == 303
    twice = {name: [values[0]] * 2 for name, values in rows.items()}
    assert botir.post(f"{RULES}/rights", version=1, otherwise="open", **twice).status_code == 422
    anything = {"material": "", "source": "", "level": "open"}
    assert botir.post(f"{RULES}/rights", version=1, otherwise="open", **anything).status_code == 422
