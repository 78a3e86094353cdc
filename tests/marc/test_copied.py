"""A record of another library becomes ours: without what was its own, with its source, ready to be saved."""

from __future__ import annotations

from datetime import UTC, datetime

from library.domain.marc import ControlField, DataField, Dialect, MarcRecord, Subfield
from library.marc import dialects, iso2709
from library.marc.copied import CopiedRecord, Provenance, copied, number_of
from tests.builders import MARC21_LEADER, a_field, a_marc21_record, a_unimarc_record

AT = datetime(2026, 11, 21, 9, tzinfo=UTC)
PARTNER = Provenance(name="Milliy kutubxona", number="uz0017")


def _copied(marc: MarcRecord, dialect: Dialect = Dialect.MARC21, into: Dialect | None = None) -> CopiedRecord:
    return copied(dialect, marc, PARTNER, into or dialect, AT)


def test_what_was_the_others_own_goes_and_the_edition_stays() -> None:
    theirs = a_marc21_record("uz0017").with_fields(
        (
            *a_marc21_record("uz0017").fields,
            a_field("035", a="(OCoLC)1"),
            a_field("852", b="Abonement", p="1042"),
            a_field("856", "40", u="https://example.org/closed.pdf"),
        )
    )
    ours = _copied(theirs)
    assert ours.problems == ()
    tags = [field.tag for field in ours.marc.fields]
    assert not {"001", "035", "852", "856"} & set(tags)
    assert tags == sorted(tags)
    assert ours.marc.first("020", "a") == "9789943225510"
    assert ours.marc.first("245", "a") == "Oliy matematika"
    assert (ours.marc.control("008") or "").startswith("261121")
    assert ours.marc.leader[5] == "n"
    assert number_of(theirs) == "uz0017"
    assert number_of(ours.marc) == ""


def test_the_source_is_named_for_cataloguers_and_not_for_readers() -> None:
    ours = _copied(a_marc21_record())
    assert ours.marc.first("588", "a") == "Milliy kutubxona, uz0017, 2026-11-21"
    assert ours.marc.first("040", "a") == "Milliy kutubxona"
    assert "Milliy" not in str(dialects.describe(Dialect.MARC21, ours.marc))

    named = a_marc21_record().with_fields((*a_marc21_record().fields, a_field("040", a="DLC", c="DLC")))
    assert [field.subfields for field in _copied(named).marc.all("040")] == [
        (Subfield("a", "DLC"), Subfield("c", "DLC"))
    ]

    russian = _copied(a_unimarc_record(), Dialect.UNIMARC)
    assert russian.problems == ()
    (agency,) = russian.marc.all("801")
    assert (agency.indicators, agency.first("b"), agency.first("c")) == (" 3", "Milliy kutubxona", "20261121")


def test_a_unimarc_record_is_kept_or_converted() -> None:
    kept = _copied(a_unimarc_record(), Dialect.UNIMARC)
    assert (kept.dialect, kept.marc.first("200", "a")) == (Dialect.UNIMARC, "Общая химия")
    converted = _copied(a_unimarc_record(), Dialect.UNIMARC, Dialect.MARC21)
    assert (converted.dialect, converted.marc.first("245", "a")) == (Dialect.MARC21, "Общая химия")
    assert converted.marc.first("588", "a") is not None
    assert converted.problems == ()


def test_small_faults_are_mended_and_told() -> None:
    theirs = MarcRecord(
        MARC21_LEADER.replace("n", "c", 1),
        (
            ControlField("008", "210305s2019    uz ||||g |||| 00| 0 uzb"),
            a_field("020", a="9789943225511", c="12000"),
            a_field("022", a="1234-5678"),
            a_field("041", "0 ", a="RUS", b="uzb"),
            a_field("245", "1^", a="Kimyo"),
            a_field("500", a=" "),
            a_field("041", "1 ", a="?"),
        ),
    )
    ours = _copied(theirs)
    assert ours.problems == ()
    assert len(ours.marc.control("008") or "") == 40
    assert ours.marc.all("020")[0].subfields == (Subfield("z", "9789943225511"), Subfield("c", "12000"))
    assert ours.marc.first("022", "y") == "1234-5678"
    assert [field.subfields for field in ours.marc.all("041")] == [(Subfield("a", "rus"), Subfield("b", "uzb"))]
    assert ours.marc.all("245")[0].indicators == "1 "
    assert not ours.marc.all("500")
    assert len(ours.mended) == 4
    assert "Field 020: the number 9789943225511 is wrong and was moved to $z." in map(str, ours.mended)


def test_what_can_not_be_mended_is_told() -> None:
    ours = _copied(MarcRecord(MARC21_LEADER, (a_field("500", a="A note"),)))
    assert [str(problem) for problem in ours.problems] == ["There is no title (245 $a)."]


def test_coded_data_of_unimarc_is_made_whole() -> None:
    fields = [
        DataField("100", "  ", (Subfield("a", field.first("a") or ""),)) if isinstance(field, DataField) else field
        for field in a_unimarc_record().fields
    ]
    theirs = a_unimarc_record().with_fields([fields[1], *a_unimarc_record().fields[2:]])
    ours = _copied(theirs, Dialect.UNIMARC)
    assert len(ours.marc.first("100", "a") or "") == 36
    assert (ours.marc.first("100", "a") or "").startswith("20261121d2003")


def test_a_copy_can_be_written_again() -> None:
    assert iso2709.encode(_copied(a_marc21_record()).marc)
