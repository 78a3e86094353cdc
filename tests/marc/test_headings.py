"""A name written anew in the fields of each dialect, and nothing else touched."""

from __future__ import annotations

from library.domain.authority import AuthorityKind
from library.domain.marc import Dialect, MarcRecord
from library.marc.headings import rewritten
from tests.builders import MARC21_LEADER, a_field, a_marc21_record, a_unimarc_record, an_irbis_record

PERSON, SUBJECT, SERIES = AuthorityKind.PERSON, AuthorityKind.SUBJECT, AuthorityKind.SERIES


def test_in_marc21_dates_roles_and_closing_marks_stay() -> None:
    field = a_field("100", "1 ", a="Karimov, I.,", d="1938-2016,", e="muallif.")
    record = MarcRecord(MARC21_LEADER, (field, a_field("245", "10", a="Karimov, I.")))
    after = rewritten(
        Dialect.MARC21, record, PERSON, lambda name: name == "Karimov, I", "Karimov, Islom Abdugʻaniyevich"
    )
    assert after.fields[0] == a_field("100", "1 ", a="Karimov, Islom Abdugʻaniyevich,", d="1938-2016,", e="muallif.")
    assert after.fields[1] == record.fields[1]


def test_in_rusmarc_and_irbis_the_name_is_divided() -> None:
    russian = rewritten(
        Dialect.UNIMARC, a_unimarc_record(), PERSON, lambda name: name == "Каримова, Д. С", "Karimova, Dilnoza"
    )
    assert russian.all("700")[0] == a_field("700", " 1", a="Karimova", b="Dilnoza")
    irbis = an_irbis_record(author="Асанов")
    name = irbis.all("700")[0]
    given = (name.first("bB") or "").strip(" .")
    after = rewritten(Dialect.IRBIS, irbis, PERSON, lambda text: text == f"Асанов, {given}", "Asanov, K. K.")
    assert (after.first("700", "aA"), after.first("700", "bB")) == ("Asanov", "K. K.")


def test_given_names_are_added_where_there_were_none() -> None:
    record = MarcRecord(MARC21_LEADER, (a_field("700", " 1", a="Navoiy", **{"4": "070"}),))
    after = rewritten(Dialect.UNIMARC, record, PERSON, lambda name: name == "Navoiy", "Navoiy, Alisher")
    assert after.fields[0] == a_field("700", " 1", a="Navoiy", b="Alisher", **{"4": "070"})


def test_subjects_and_series_are_whole() -> None:
    subject = rewritten(Dialect.MARC21, a_marc21_record(), SUBJECT, lambda name: name == "Matematika", "Математика")
    assert subject.first("650", "a") == "Математика"
    series = MarcRecord(MARC21_LEADER, (a_field("490", "0 ", a="Jahon adabiyoti ;", v="12"),))
    after = rewritten(Dialect.MARC21, series, SERIES, lambda name: name == "Jahon adabiyoti", "Jahon durdonalari")
    assert after.fields[0] == a_field("490", "0 ", a="Jahon durdonalari ;", v="12")


def test_a_record_without_the_name_is_the_same() -> None:
    for dialect, record in (
        (Dialect.MARC21, a_marc21_record()),
        (Dialect.UNIMARC, a_unimarc_record()),
        (Dialect.IRBIS, an_irbis_record()),
    ):
        for kind in AuthorityKind:
            assert rewritten(dialect, record, kind, lambda _: False, "Nobody") == record
