"""What records say of licences and of persons' ORCIDs is told to harvesters in each format that has a place for it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from lxml import etree

from library.domain.access_level import AccessLevel, Rights
from library.domain.description import Creator, CreatorRole, Description, Material, Terms
from library.domain.open_archive import Format
from library.domain.record import Status
from library.projections.oai_formats import FROM_DESCRIPTION
from library.projections.oai_item import Work, work_of
from tests.documents import a_document

BY = "https://creativecommons.org/licenses/by/4.0/"
ORCID = "0000-0002-1825-0097"
WORDS = "Faqat & <ilmiy> maqsadda"
FACTS = Description(
    title="Suv",
    material=Material.ARTICLE,
    creators=(
        Creator(name="Karimova, Lola", role=CreatorRole.AUTHOR, orcid=ORCID),
        Creator(name="Aliyev, B.", role=CreatorRole.EDITOR, orcid="0000-0001-5109-3700"),
    ),
    year=2026,
    publishers=("Fan",),
    dois=("10.1234/suv",),
    terms=(Terms(text="CC BY 4.0", url=BY), Terms(text=WORDS)),
)
SAYING = {
    Format.OAI_DC: ("{*}rights", {BY, WORDS}),
    Format.QDC: ("{*}license", {BY}),
    Format.MODS: ("{*}accessCondition[@type='use and reproduction']", {BY, WORDS}),
    Format.OAI_OPENAIRE: ("{*}licenseCondition", {BY}),
    Format.DATACITE: ("{*}rightsList/{*}rights", {"metadata only access", "CC BY 4.0", WORDS}),
}


def _made(form: Format, work: Work) -> etree._Element:
    return etree.fromstring(FROM_DESCRIPTION[form](work))


@pytest.mark.parametrize("form", SAYING, ids=lambda form: form.prefix)
def test_the_licence_of_a_record_is_told_without_any_file(form: Format) -> None:
    path, texts = SAYING[form]
    made = _made(form, Work(description=FACTS, address="https://kutubxona.example/record/1"))
    assert {one.text for one in made.findall(path)} == texts
    bare = _made(form, Work(description=replace(FACTS, terms=()), address="https://kutubxona.example/record/1"))
    assert {BY, WORDS}.isdisjoint(bare.itertext())


def test_the_licence_of_a_file_comes_first_and_the_same_one_is_told_once() -> None:
    rights = Rights(level=AccessLevel.OPEN, licence="CC-BY-4.0")
    work = work_of(
        FACTS,
        "https://k.example/record/1",
        [replace(a_document(1), record_status=Status.PUBLISHED, rights=rights)],
        "https://k.example",
        date(2026, 9, 1),
    )
    assert [one.url or one.text for one in work.terms] == [BY, WORDS]
    nc = Rights(level=AccessLevel.OPEN, licence="CC-BY-NC-4.0")
    work = work_of(
        FACTS,
        "https://k.example/record/1",
        [replace(a_document(1), record_status=Status.PUBLISHED, rights=nc)],
        "https://k.example",
        date(2026, 9, 1),
    )
    assert work.licence == "https://creativecommons.org/licenses/by-nc/4.0/"


@pytest.mark.parametrize("form", [Format.MODS, Format.OAI_OPENAIRE, Format.DATACITE], ids=lambda form: form.prefix)
def test_an_orcid_stands_with_its_name_and_nowhere_else(form: Format) -> None:
    made = _made(form, Work(description=FACTS, address="https://kutubxona.example/record/1"))
    numbers = {one.text: " ".join(one.getparent().itertext()) for one in made.iter("{*}nameIdentifier")}
    assert numbers.keys() == {ORCID, "0000-0001-5109-3700"}
    assert "Karimova" in numbers[ORCID]
    assert "Aliyev" not in numbers[ORCID]
    nobody = replace(FACTS, creators=tuple(replace(one, orcid="") for one in FACTS.creators))
    assert not list(_made(form, Work(description=nobody, address="https://k.example/1")).iter("{*}nameIdentifier"))
