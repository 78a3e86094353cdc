"""Metadata for harvesters: one article and one thesis in every format, and what hostile records can't break."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from harvest.provider.fragments import Fragments
from library.domain.access_level import AccessLevel, Rights
from library.domain.description import Creator, CreatorRole, Description, HostItem, Link, Material
from library.domain.document import Document
from library.domain.marc import ControlField, DataField, Dialect, MarcRecord, Subfield
from library.domain.open_archive import Format
from library.domain.record import Status
from library.projections.oai_formats import FROM_DESCRIPTION, FROM_MARC, OFFERED
from library.projections.oai_item import Work, work_of
from library.projections.oai_vocabularies import Access, languages, type_words
from tests.builders import a_field, a_marc21_record, a_unimarc_record, an_irbis_record
from tests.documents import a_document

GOLDEN = Path(__file__).parents[1] / "data" / "oai" / "formats"
PORTAL = "https://kutubxona.example"
ADDRESS = f"{PORTAL}/record/7"
TODAY = date(2026, 9, 10)
XSI = "{http://www.w3.org/2001/XMLSchema-instance}"

ARTICLE = Description(
    title="Oʻzbekistonda suv huquqi",
    material=Material.ARTICLE,
    remainder="tahlil & taklif",
    parallel_titles=("Водное право в Узбекистане",),
    responsibility="N. Karimova, B. Aliyev",
    creators=(
        Creator(name="Karimova, N.", role=CreatorRole.AUTHOR, dates="1970-"),
        Creator(name="Aliyev, B.", role=CreatorRole.EDITOR),
    ),
    places=("Toshkent",),
    publishers=("TDYU",),
    year=2025,
    languages=("uzb", "ger"),
    extent="6 b.",
    isbns=("9789943225510",),
    subjects=("Suv huquqi",),
    keywords=("irrigatsiya",),
    udc=("349.6",),
    bbk=("67.407",),
    abstract="Maqolada <suv> haqida.",
    notes=("Bibliogr.: 12 nom.",),
    series=("Huquq seriyasi",),
    host=HostItem(title="Huquq va burch", issn="1234-5679", year=2025, volume="2", issue="3", pages="4-9"),
    links=(Link(url="https://doi.org/10.1234/suv.7"),),
)
THESIS = Description(
    title="Paxta navlari",
    material=Material.DISSERTATION,
    creators=(
        Creator(name="Yusupov, A.", role=CreatorRole.AUTHOR),
        Creator(name="Rahimov, S.", role=CreatorRole.SUPERVISOR),
        Creator(name="Toshkent davlat agrar universiteti", role=CreatorRole.BODY),
    ),
    year=2024,
    languages=("uzb",),
    subjects=("Paxtachilik",),
    udc=("633.51",),
    abstract="Ish.",
)


def a_file(number: int, level: AccessLevel = AccessLevel.OPEN, **rights: object) -> Document:
    document = replace(a_document(7, level), id=number, record_status=Status.PUBLISHED)
    return replace(document, rights=replace(document.rights, **rights))  # type: ignore[arg-type]


def works() -> Mapping[str, Work]:
    embargo = Rights(level=AccessLevel.OPEN, embargo_until=date(2027, 1, 1))
    files = [a_file(3, licence="CC-BY-4.0"), a_file(4, AccessLevel.MEMBERS)]
    return {
        "article": work_of(ARTICLE, ADDRESS, files, PORTAL, TODAY),
        "thesis": work_of(THESIS, ADDRESS, [replace(a_file(5), rights=embargo)], PORTAL, TODAY),
    }


@pytest.mark.parametrize("path", sorted(GOLDEN.glob("*.xml")), ids=lambda path: path.stem)
def test_it_is_written_as_it_always_was(path: Path) -> None:
    name, prefix = path.stem.split(".")
    form = Format[prefix.upper()]
    if form in FROM_DESCRIPTION:
        written = FROM_DESCRIPTION[form](works()[name])
    else:
        marc = {"marc21": a_marc21_record(), "unimarc": a_unimarc_record(), "irbis": an_irbis_record()}[name]
        written = FROM_MARC[form](Dialect(name), marc)
    assert _canonical(written) == _canonical(path.read_bytes())


def test_every_format_is_held_to_a_written_example() -> None:
    assert {Format[path.stem.split(".")[1].upper()] for path in GOLDEN.glob("*.xml")} == set(OFFERED)


def _canonical(document: bytes) -> bytes:
    parser = etree.XMLParser(remove_blank_text=True)
    written: bytes = etree.tostring(etree.fromstring(document, parser), method="c14n")
    return written


def test_each_says_its_namespace_and_where_its_schema_is() -> None:
    for form, offered in OFFERED.items():
        written = FROM_DESCRIPTION[form](works()["article"]) if form in FROM_DESCRIPTION else None
        if written is None:
            dialect = Dialect.MARC21 if form is Format.MARC21 else Dialect(offered.prefix)
            written = FROM_MARC[form](dialect, a_marc21_record())
        root = etree.fromstring(written)
        assert etree.QName(root).namespace == offered.namespace
        assert root.get(f"{XSI}schemaLocation") == f"{offered.namespace} {offered.schema}"


def test_access_is_what_anybody_may_have_today() -> None:
    def access(*files: Document) -> tuple[Access, date | None, int]:
        work = work_of(ARTICLE, ADDRESS, files, PORTAL, TODAY)
        return work.access, work.opens_on, len(work.files)

    later, past = date(2026, 10, 1), date(2026, 9, 10)
    assert access() == (Access.METADATA_ONLY, None, 0)
    assert access(replace(a_file(1), approved=None)) == (Access.METADATA_ONLY, None, 0)
    assert access(replace(a_file(1), record_status=Status.WITHDRAWN)) == (Access.METADATA_ONLY, None, 0)
    for level in set(AccessLevel) - {AccessLevel.OPEN}:
        assert access(a_file(1, level)) == (Access.RESTRICTED, None, 0)
        assert access(a_file(1, level, embargo_until=later)) == (Access.RESTRICTED, None, 0)
    assert access(a_file(1, embargo_until=later), a_file(2, embargo_until=date(2027, 1, 1))) == (
        Access.EMBARGOED,
        later,
        0,
    )
    assert access(a_file(1, embargo_until=past)) == (Access.OPEN, None, 1)
    assert access(a_file(1), a_file(2, AccessLevel.CAMPUS), a_file(3)) == (Access.OPEN, None, 2)
    assert access(replace(a_file(1), term_ends=date(2026, 9, 9))) == (Access.RESTRICTED, None, 0)
    assert access(replace(a_file(1, embargo_until=later), term_ends=date(2026, 9, 20)))[0] is Access.RESTRICTED


def test_words_are_of_the_vocabularies() -> None:
    assert type_words(ARTICLE).name == "journal article"
    in_book = replace(ARTICLE, host=HostItem(title="Toʻplam"))
    assert type_words(in_book).coar_uri == "http://purl.org/coar/resource_type/c_3248"
    assert {type_words(replace(THESIS, material=material)).coar_uri for material in Material}
    assert languages(ARTICLE) == ("uzb", "deu")
    assert languages(replace(ARTICLE, languages=("fre", "fra", "x", "UZB", "кир"))) == ("fra",)
    assert Access.EMBARGOED.coar_uri == "http://purl.org/coar/access_right/c_f1cf"


def test_what_the_schema_of_marc21_does_not_let_pass_is_left_out() -> None:
    record = MarcRecord(
        "xxxxxnam",
        (
            a_field("245", "1#", a="Kitob"),
            ControlField("001", "7"),
            ControlField("0x1", "?"),
            a_field("24", "  ", a="qisqa"),
            DataField("500", "  ", (Subfield("", "kodsiz"), Subfield("ö", "?"))),
            DataField("501", "A\x01", (Subfield("a", "bor\x0b"), Subfield("", "yoʻq"))),
        ),
    )
    root = etree.fromstring(FROM_MARC[Format.MARC21](Dialect.MARC21, record))
    assert [etree.QName(child).localname for child in root] == ["leader", "controlfield", "datafield", "datafield"]
    assert root[0].text == "00000nam a2200000 a 4500"
    assert [(child.get("tag"), child.get("ind1"), child.get("ind2")) for child in root[2:]] == [
        ("245", "1", " "),
        ("501", " ", " "),
    ]
    assert [subfield.text for subfield in root[3]] == ["bor"]


_TEXT = st.text(max_size=12)
_TEXTS = st.lists(_TEXT, max_size=2).map(tuple)
_CREATORS = st.builds(Creator, name=_TEXT, role=st.sampled_from(CreatorRole), dates=_TEXT)
_DESCRIPTIONS = st.builds(
    Description,
    title=_TEXT,
    material=st.sampled_from(Material),
    remainder=_TEXT,
    parallel_titles=_TEXTS,
    creators=st.lists(st.builds(Creator, name=_TEXT, role=st.sampled_from(CreatorRole), dates=_TEXT), max_size=2).map(
        tuple
    ),
    publishers=_TEXTS,
    year=st.none() | st.integers(0, 9999),
    languages=_TEXTS,
    isbns=_TEXTS,
    issns=_TEXTS,
    subjects=_TEXTS,
    udc=_TEXTS,
    abstract=_TEXT,
    host=st.none() | st.builds(HostItem, title=_TEXT, issn=_TEXT, isbn=_TEXT, volume=_TEXT, issue=_TEXT, pages=_TEXT),
    links=st.lists(st.builds(Link, url=_TEXT.map("https://doi.org/10.1234/".__add__)), max_size=1).map(tuple),
)


@settings(max_examples=60, deadline=None)
@given(_DESCRIPTIONS)
def test_whatever_stands_in_a_record_each_format_is_one_sound_element(description: Description) -> None:
    work = work_of(description, ADDRESS, [a_file(3, licence="“<&>”")], PORTAL, TODAY)
    for form, write in FROM_DESCRIPTION.items():
        written = write(work)
        assert Fragments().sound(written) == written, form


@settings(max_examples=60, deadline=None)
@given(st.lists(st.builds(Subfield, _TEXT, _TEXT), max_size=3).map(tuple), _TEXT, st.sampled_from(Dialect), _TEXT)
def test_whatever_stands_in_marc_it_is_one_sound_element(
    subfields: tuple[Subfield, ...], tag: str, dialect: Dialect, leader: str
) -> None:
    marc = MarcRecord(leader, (DataField(tag, "  ", subfields), ControlField("001", leader)))
    own = Format.MARC21 if dialect is Dialect.MARC21 else Format[dialect.name]
    written = FROM_MARC[own](dialect, marc)
    assert Fragments().sound(written) == written
