"""Checks name the input that is wrong, say why, and what would be right; errors keep a record from being saved."""

from __future__ import annotations

import subprocess
import sys
from collections import defaultdict
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from library.domain.description import Material
from library.domain.marc import ControlField, DataField, Dialect, MarcRecord, Subfield
from library.marc import dialects
from library.marc.checks import Severity, check_form, isbn
from library.marc.dialects import codes
from library.marc.irbis import values as irbis_values
from library.marc.worksheets import WORKSHEETS, Name, Worksheet, new_record, worksheet
from tests.builders import a_field, a_marc21_record, a_unimarc_record, an_irbis_record

TODAY = date(2026, 9, 5)
BOOK = worksheet(Dialect.MARC21, Material.BOOK)
RUSMARC = worksheet(Dialect.UNIMARC, Material.BOOK)
IRBIS = worksheet(Dialect.IRBIS, Material.BOOK)


def said(form: Worksheet, marc: MarcRecord) -> dict[str, str]:
    """The problems by the name of the input, one in a line; errors begin with a sign."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for problem in check_form(form, marc, TODAY):
        found[problem.name].append(("! " if problem.severity is Severity.ERROR else "") + str(problem.message))
    return {name: "\n".join(lines) for name, lines in found.items()}


def with_fields(marc: MarcRecord, *more: DataField) -> MarcRecord:
    tags = {field.tag for field in more}
    return marc.with_fields([*(field for field in marc.fields if field.tag not in tags), *more])


def irbis(*fields: tuple[int, str]) -> MarcRecord:
    return MarcRecord(irbis_values.LEADER, tuple(irbis_values.field(tag, text) for tag, text in fields))


def test_good_records_have_no_problems():
    marc = with_fields(a_marc21_record(), a_field("245", "10", a="Oliy matematika", c="Yo. U. Soatov"))
    assert said(BOOK, marc) == {}
    assert said(RUSMARC, a_unimarc_record()) == {}
    assert said(IRBIS, an_irbis_record()) == {}


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        ("9789943225511", "! ISBN is wrong: the check digit does not match. By the other digits it would be 0. "
                          "A number printed wrongly goes into its own field."),
        ("978-9943-22-55-0", "! An ISBN has 10 or 13 digits, this one has 12."),
        ("5-02-013850-4", "! ISBN is wrong: the check digit does not match. By the other digits it would be 9. "
                          "A number printed wrongly goes into its own field."),
        ("9789943225510", None),
        ("978-9943-22-551-0 (jild)", None),
        ("9786999999990", "No publisher is known to have this ISBN. Compare it with the book."),
    ],
)  # fmt: skip
def test_a_wrong_isbn_is_named_with_the_digit_that_would_be_right(number: str, reason: str | None):
    found = said(BOOK, with_fields(a_marc21_record(), a_field("020", a="9789943225510"), a_field("020", a=number)))
    assert found.get("020.1.a.0") == reason
    assert "020.0.a.0" not in found


@settings(max_examples=100, deadline=None)
@given(st.text("0123456789", min_size=9, max_size=9))
def test_the_digit_that_is_offered_makes_the_number_right(digits: str):
    for stem in (digits, f"978{digits}"):
        number = stem + isbn.right_check_digit(f"{stem}0")
        assert codes.isbn_agrees(number)
        facts = isbn.owner(number)
        assert facts is not None
        assert facts.hyphenated.replace("-", "") in {"", number}


def test_a_number_is_told_by_its_publisher():
    assert isbn.owner("9789943225510") == isbn.IsbnOwner("978-9943-22-551-0", "978-9943-22", "Uzbekistan")
    assert isbn.owner("ISBN 978-9943-22-551-0 (1-jild)") == isbn.owner("9789943225510")
    assert isbn.owner("9789943225511") is None
    assert isbn.owner("kitob") is None


def test_isbn_tables_need_no_network():
    program = """
import sys
def refuse(event, arguments):
    if event.startswith("socket."):
        raise SystemExit(f"the network was asked: {event}")
sys.addaudithook(refuse)
from library.marc.checks import isbn
print(isbn.owner("9789943225510"), isbn.right_check_digit("5020138500"))
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert "prefix='978-9943-22'" in done.stdout, done.stderr
    assert done.stdout.endswith(" 9\n")


def test_a_wrong_issn_is_named_with_its_right_digit():
    form = worksheet(Dialect.MARC21, Material.SERIAL)
    marc = with_fields(a_marc21_record(), a_field("022", a="1234-5678"), a_field("022", a="1234-5679"))
    found = said(form, marc)
    assert found["022.0.a.0"] == "! ISSN is wrong: the check digit does not match. By the other digits it would be 9."
    assert "022.1.a.0" not in found


def test_what_every_record_needs_is_asked_for_at_its_input():
    assert said(BOOK, with_fields(a_marc21_record(), a_field("245", "10")))["245.0.a.0"] == (
        "! This field must be filled in."
    )
    assert said(RUSMARC, MarcRecord(RUSMARC.leader, ()))["200.0.a.0"].startswith("! ")
    assert said(IRBIS, irbis((200, "^AАлгебра")))["920.0.text.0"] == "! This field must be filled in."


@pytest.mark.parametrize(
    ("dialect", "material", "name"),
    [
        (Dialect.MARC21, Material.ARTICLE, "773.0.t.0"),
        (Dialect.UNIMARC, Material.ARTICLE, "463.0.t.0"),
        (Dialect.IRBIS, Material.ARTICLE, "463.0.C.0"),
        (Dialect.MARC21, Material.VOLUME, "773.0.t.0"),
        (Dialect.UNIMARC, Material.VOLUME, "461.0.t.0"),
        (Dialect.IRBIS, Material.VOLUME, "461.0.C.0"),
        (Dialect.UNIMARC, Material.ISSUE, "461.0.t.0"),
        (Dialect.IRBIS, Material.ISSUE, "933.0.text.0"),
        (Dialect.MARC21, Material.DISSERTATION, "502.0.a.0"),
    ],
)
def test_a_part_names_its_whole(dialect: Dialect, material: Material, name: str):
    form = worksheet(dialect, material)
    marc = new_record(form, [], datetime(2026, 9, 5, tzinfo=UTC))
    assert said(form, marc)[name].startswith("! ")
    parsed = Name.parse(name)
    assert parsed is not None
    place = form.field(parsed.tag)
    assert place is not None
    shown = new_record(form, [(name, "У1415")], datetime(2026, 9, 5, tzinfo=UTC))
    assert name not in said(form, shown)


def test_a_condition_is_asked_only_where_it_holds():
    original = "A translation names the language of its original."
    marc = a_marc21_record()
    assert original not in said(BOOK, with_fields(marc, a_field("041", "0 ", a="uzb"))).values()
    assert said(BOOK, with_fields(marc, a_field("041", "1 ", a="uzb")))["041.0.h.0"] == original
    assert original not in said(BOOK, with_fields(marc, a_field("041", "1 ", a="uzb", h="rus"))).values()


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        ("37:004.8(075.8)", None),
        ('94(575.1)"19"', None),
        ("=512.133", None),
        ("81'33", None),
        ("004.4’24", "no UDC"),
        ("37:004.8(075.8", "no other half"),
        ("педагогика", "no UDC"),
        ("(?)", "no UDC"),
    ],
)
def test_udc_numbers(number: str, reason: str | None):
    found = said(BOOK, with_fields(a_marc21_record(), a_field("080", a=number))).get("080.0.a.0")
    assert (found is None) == (reason is None)
    assert reason is None or reason in str(found)


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        ("22.1я73", None), ("С561.8", None), ("У263.111(04)", None), ("Ч514я031", None), ("84(5Узб)6", None),
        ("32.973.26-018.2я73", None), ("63.3(2)622", None), ("C561.8", "Latin"), ("22.1z73", "Latin"),
        ("15.20", "no BBK"), ("математика", "no BBK"), ("63.3(2622", "no other half"),
    ],
)  # fmt: skip
def test_bbk_numbers_in_figures_and_in_letters(number: str, reason: str | None):
    found = said(IRBIS, with_fields(an_irbis_record(), irbis_values.field(621, number))).get("621.0.text.0")
    assert (found is None) == (reason is None)
    assert reason is None or reason in str(found)
    other = said(BOOK, with_fields(a_marc21_record(), a_field("084", a=number, **{"2": "rubbk"}))).get("084.0.a.0")
    assert other == found


def test_other_classifications_are_not_taken_for_bbk():
    marc = a_marc21_record()
    assert "084.0.a.0" not in said(BOOK, with_fields(marc, a_field("084", a="QA76.9", **{"2": "lcc"})))
    assert "GRNTI" in said(BOOK, with_fields(marc, a_field("084", a="14/35", **{"2": "rugasnti"})))["084.0.a.0"]
    assert "084.0.a.0" not in said(BOOK, with_fields(marc, a_field("084", a="14.35.07", **{"2": "rugasnti"})))


def test_words_of_two_scripts_are_shown_in_one():
    title = "Тоng отар PDFнинг XXI-аср хисоби тоng"
    marc = with_fields(a_marc21_record(), a_field("245", "10", a=title))
    found = [str(problem.message) for problem in check_form(BOOK, marc, TODAY) if problem.name == "245.0.a.0"]
    assert found == [
        "“Тоng” mixes Latin and Cyrillic letters; in one script it is “Tong”.",
        "“тоng” mixes Latin and Cyrillic letters.",
    ]
    hidden = with_fields(a_marc21_record(), a_field("245", "10", a="Oliy\u200b matematika"))
    assert "nobody sees" in said(BOOK, hidden)["245.0.a.0"]


def test_years_and_dates_that_cannot_be():
    marc = a_marc21_record()
    for position, kind, first, second, reason in (
        (7, "s", "2062", "    ", "can hardly be right"),
        (7, "s", "1uuu", "    ", ""),
        (7, "s", "20 9", "    ", ""),
        (7, "s", "xxxx", "    ", "is no year"),
        (7, "m", "2019", "2011", "comes before the first"),
        (7, "r", "2019", "1960", ""),
        (7, "s", "2018", "    ", "2018 and the printed year 2019 differ"),
    ):
        coded = ControlField("008", f"210305{kind}{first}{second}uz ||||g |||| 00| 0 uzb d")
        changed = marc.with_fields([coded if field.tag == "008" else field for field in marc.fields])
        found = said(BOOK, changed).get(f"008.0.p{position}", "")
        assert reason in found if reason else not found, first
    source = a_field("801", " 0", a="UZ", c="20261301")
    assert "is no date" in said(RUSMARC, with_fields(a_unimarc_record(), source))["801.0.c.0"]
    late = a_field("801", " 0", a="UZ", c="20301201")
    assert "in the future" in said(RUSMARC, with_fields(a_unimarc_record(), late))["801.0.c.0"]


def test_codes_are_sought_in_their_lists():
    marc = a_marc21_record()
    assert "No language" in said(BOOK, with_fields(marc, a_field("041", "0 ", a="uzx")))["041.0.a.0"]
    assert said(BOOK, with_fields(marc, a_field("041", "0 ", a="o‘zbek")))["041.0.a.0"]
    assert "041.0.a.0" not in said(BOOK, with_fields(marc, a_field("041", "0 ", a="uzbrus")))
    assert "no code" in said(RUSMARC, with_fields(a_unimarc_record(), a_field("102", a="UZB")))["102.0.a.0"]
    assert "102.0.a.0" not in said(RUSMARC, with_fields(a_unimarc_record(), a_field("102", a="uz")))
    person = a_field("702", " 1", a="Алиев", **{"4": "ред."})
    assert "no code" in said(RUSMARC, with_fields(a_unimarc_record(), person))["702.0.4.0"]


def test_the_title_says_whether_there_is_a_main_author():
    marc = with_fields(a_marc21_record(), a_field("245", "00", a="Oliy matematika"))
    assert said(BOOK, marc)["245.0.ind1"].startswith("There is a main author")


def test_irbis_cannot_hold_a_caret_in_a_value():
    marc = MarcRecord(irbis_values.LEADER, (DataField("200", "  ", (Subfield("A", "x^2"),)),))
    assert said(IRBIS, marc)["200.0.A.0"].startswith("! IRBIS can't hold the sign ^")


values_typed = st.text("abcXYZ0123456789 .,:()^|$-/Xа", max_size=10)
some_tags = st.sampled_from(["10", "11", "020", "022", "041", "101", "200", "245", "910", "920", "080", "084", "100"])


@settings(max_examples=120, deadline=None)
@given(
    st.sampled_from(sorted(WORKSHEETS)).map(WORKSHEETS.__getitem__),
    st.lists(
        st.builds(
            DataField,
            some_tags,
            st.text(" 01A", min_size=2, max_size=2),
            st.lists(st.builds(Subfield, st.sampled_from("aAbB2"), values_typed), max_size=3).map(tuple),
        ),
        max_size=6,
    ),
    st.text("ancm 0123", min_size=24, max_size=24),
)
def test_a_record_without_errors_can_be_saved(form: Worksheet, fields: list[DataField], leader: str):
    marc = MarcRecord(leader, tuple(fields))
    problems = check_form(form, marc, TODAY)
    if not any(problem.severity is Severity.ERROR for problem in problems):
        assert dialects.check(form.dialect, marc) == ()
    for problem in problems:
        assert problem.name.count(".") in {0, 1} or Name.parse(problem.name) is not None, problem
