"""What an author typed is read back from the record, in every dialect."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from library.domain.deposit_fields import Author, DepositKind, Fields
from library.domain.description import CreatorRole, Material
from library.domain.marc import DataField, Dialect, MarcRecord, Subfield
from library.marc import dialects
from library.marc.checks import Severity, check_form
from library.marc.deposited import made_anew, record_of
from library.marc.worksheets import worksheet_for
from library.projections.deposited_work import begun_work, deposited_work

AT = datetime(2026, 9, 1, tzinfo=UTC)
KARIMOV = Author(name="Karimov, Shavkat Olimovich", orcid="0000-0002-1825-0097", affiliation="Fizika kafedrasi")
THESIS = Fields(
    title="Yarimoʻtkazgichlarda issiqlik oʻtkazuvchanlik",
    other_title="Thermal conductivity in semiconductors",
    language="uzb",
    authors=(KARIMOV, Author(name="Aliyeva N.")),
    abstract="Ishda issiqlik oqimi oʻrganilgan.",
    other_abstract="Heat flow is studied.",
    keywords="issiqlik; yarimoʻtkazgich, fonon\nissiqlik",
    year="2026",
    pages="142",
    degree="PhD",
    speciality="01.04.10",
    supervisor="Toʻrayev, Elmurod",
    defence_date="2026-10-01",
    project="OT-F2-17",
    licence="CC-BY-4.0",
)
ARTICLE = Fields(
    title="Суу ресурстары",
    language="kir",
    authors=(Author(name="Осмонов, Б. К."),),
    abstract="Суу жөнүндө",
    year="2025",
    doi="https://doi.org/10.5281/Zenodo.1234",
    host="Илим жана билим",
    issn="1694-5220",
    volume="5",
    issue="3",
    pages="12-20",
    licence="agreement",
)
DIALECTS = pytest.mark.parametrize("dialect", list(Dialect))


def _record(dialect: Dialect, kind: DepositKind, typed: Fields, faculty: str = "") -> MarcRecord:
    return record_of(dialect, deposited_work(kind, typed, faculty), AT)


@DIALECTS
def test_a_thesis_is_read_back_as_it_was_typed(dialect: Dialect) -> None:
    marc = _record(dialect, DepositKind.DISSERTATION, THESIS, "Fizika fakulteti")
    assert dialects.check(dialect, marc) == ()
    facts = dialects.describe(dialect, marc)
    assert facts.title == THESIS.title
    assert facts.material is Material.DISSERTATION
    assert facts.parallel_titles == (THESIS.other_title,)
    assert facts.languages == ("uzb",)
    assert facts.year == 2026
    assert facts.abstract == f"{THESIS.abstract}\n{THESIS.other_abstract}"
    assert facts.keywords == ("issiqlik", "yarimoʻtkazgich", "fonon")
    assert facts.responsibility == "Shavkat Olimovich Karimov, N. Aliyeva"
    assert facts.extent == "142 b."
    in_full = dialect is Dialect.MARC21
    authors = [one.name for one in facts.creators if one.role is CreatorRole.AUTHOR]
    assert authors == ["Karimov, Shavkat Olimovich" if in_full else "Karimov, Sh. O.", "Aliyeva, N."]
    supervisors = [one.name for one in facts.creators if one.role is CreatorRole.SUPERVISOR]
    assert supervisors == ["Toʻrayev, Elmurod" if in_full else "Toʻrayev, E."]
    assert [one.name for one in facts.creators if one.role is CreatorRole.BODY] == ["Fizika fakulteti"]
    notes = " | ".join(facts.notes)
    assert all(said in notes for said in ("PhD", "01.04.10", "01.10.2026")), notes


@DIALECTS
def test_an_article_stands_in_its_journal(dialect: Dialect) -> None:
    marc = _record(dialect, DepositKind.ARTICLE, ARTICLE)
    assert dialects.check(dialect, marc) == ()
    facts = dialects.describe(dialect, marc)
    assert facts.material is Material.ARTICLE
    assert facts.year == 2025
    host = facts.host
    assert host is not None
    assert (host.title, host.issn, host.year) == ("Илим жана билим", "1694-5220", 2025)
    assert (host.volume, host.issue, host.pages) == ("5", "3", "12-20")
    assert [link.url for link in facts.links] == ["https://doi.org/10.5281/zenodo.1234"]


@DIALECTS
def test_a_paper_stands_in_its_volume_whose_isbn_is_not_its_own(dialect: Dialect) -> None:
    paper = replace(ARTICLE, conference="Илим-2025", isbn="978-9967-12-345-6", issn="", issue="")
    facts = dialects.describe(dialect, _record(dialect, DepositKind.CONFERENCE_PAPER, paper))
    assert facts.isbns == ()
    assert facts.host is not None
    assert facts.host.title == "Илим жана билим"
    assert "Илим-2025" in [one.name for one in facts.creators]


@DIALECTS
@pytest.mark.parametrize(
    ("kind", "material"),
    [
        (DepositKind.ABSTRACT, Material.DISSERTATION_ABSTRACT),
        (DepositKind.TEXTBOOK, Material.TEXTBOOK),
        (DepositKind.COURSE_WORK, Material.BOOK),
    ],
)
@pytest.mark.parametrize("language", ["uzb", "kir", "rus", "eng", "kaz"])
def test_each_kind_is_what_it_is_in_any_language(
    dialect: Dialect, kind: DepositKind, material: Material, language: str
) -> None:
    typed = replace(THESIS, language=language)
    if kind not in (DepositKind.ABSTRACT, DepositKind.DISSERTATION):
        typed = replace(typed, degree="", speciality="", defence_date="")
    assert dialects.describe(dialect, _record(dialect, kind, typed)).material is material


@DIALECTS
@pytest.mark.parametrize("kind", list(DepositKind))
def test_a_librarian_can_submit_what_was_typed(dialect: Dialect, kind: DepositKind) -> None:
    typed = replace(THESIS, host="Fizika jurnali", issue="2", pages="5-9")
    marc = _record(dialect, kind, typed)
    found = check_form(worksheet_for(dialect, marc), marc, date(2026, 9, 1))
    errors = [str(one.message) for one in found if one.severity is Severity.ERROR]
    assert errors == []


@DIALECTS
def test_licence_orcid_and_project_are_in_the_record(dialect: Dialect) -> None:
    marc = _record(dialect, DepositKind.DISSERTATION, THESIS)
    fields = {
        field.tag: [part.value for part in field.subfields] for field in marc.fields if isinstance(field, DataField)
    }
    everything = " ".join(value for values in fields.values() for value in values)
    everything += " ".join(part.value for field in marc.all("300") for part in field.subfields)
    for said in ("0000-0002-1825-0097", "CC BY 4.0", "creativecommons.org/licenses/by/4.0/", "OT-F2-17"):
        assert said in everything, (said, everything)
    assert KARIMOV.affiliation in everything


@DIALECTS
def test_a_work_of_which_nothing_was_typed_is_a_record_already(dialect: Dialect) -> None:
    for kind in DepositKind:
        assert dialects.check(dialect, record_of(dialect, begun_work(kind, Fields()), AT)) == ()


def test_no_value_of_irbis_has_the_mark_of_a_subfield() -> None:
    marc = _record(Dialect.IRBIS, DepositKind.DISSERTATION, replace(THESIS, title="x^2 ^Ayashirin", keywords="a^b"))
    assert not any(
        "^" in part.value for field in marc.fields if isinstance(field, DataField) for part in field.subfields
    )


@DIALECTS
def test_what_a_librarian_did_stays_when_the_author_mends_the_form(dialect: Dialect) -> None:
    before = _record(dialect, DepositKind.DISSERTATION, THESIS)
    after = _record(dialect, DepositKind.DISSERTATION, replace(THESIS, title="Issiqlik", keywords="fonon; issiqlik"))
    tag = "621" if dialect is Dialect.IRBIS else "686"
    classed = DataField(tag, "  ", (Subfield("" if dialect is Dialect.IRBIS else "a", "22.37"),))
    worked = before.with_fields((*before.fields, classed))
    anew = made_anew(worked, before, after)
    facts = dialects.describe(dialect, anew)
    assert facts.title == "Issiqlik"
    assert set(facts.keywords) == {"fonon", "issiqlik"}
    assert classed in anew.fields
    assert made_anew(worked, before, before) == worked
