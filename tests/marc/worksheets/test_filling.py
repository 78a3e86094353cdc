"""What a form does not show, or nobody changed, stays as it was; an edit changes only what was edited."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from library.domain.description import Material
from library.domain.marc import ControlField, DataField, Dialect, Field, MarcRecord, Subfield
from library.marc.irbis import values as irbis_values
from library.marc.worksheets import (
    WORKSHEETS,
    FormValues,
    Worksheet,
    carried,
    carry,
    copy_record,
    fill,
    form_of,
    new_record,
    parse_form,
    values_of,
    worksheet,
)
from tests.builders import MARC21_LEADER, a_field, a_marc21_record, a_unimarc_record, an_irbis_record

AT = datetime(2026, 9, 5, 8, 30, tzinfo=UTC)
BOOK = worksheet(Dialect.MARC21, Material.BOOK)
RUSMARC = worksheet(Dialect.UNIMARC, Material.BOOK)
IRBIS = worksheet(Dialect.IRBIS, Material.BOOK)

text = st.text("abcXYZ 019.,:;/=-[]#|«»ʻ&<>\"'\t\n$абвЎўҚңө漢", max_size=12)
codes = st.sampled_from("aAbBcCdeEfFgGhitvVxyz0123456789")


@st.composite
def records(draw: st.DrawFn, form: Worksheet) -> MarcRecord:
    """A record of any content, with more of the fields that the form shows than chance would give."""
    known = [shape.tag for shape in form.fields if shape.tag != "LDR"]
    tags = st.one_of(st.sampled_from(known), st.from_regex(r"[1-9][0-9]{2}", fullmatch=True))
    irbis = form.dialect is Dialect.IRBIS

    def a_field_of(tag: str) -> st.SearchStrategy[Field]:
        if tag.startswith("00") and not irbis:
            return st.builds(ControlField, st.just(tag), st.text("ab |#19uz", max_size=40))
        subfields = st.lists(st.builds(Subfield, codes, text), min_size=1, max_size=5).map(tuple)
        embedded = st.sampled_from([
            (Subfield("1", "001к-7"), Subfield("1", "2001 "), Subfield("a", "Set"), Subfield("v", "Т. 2")),
            (Subfield("1", "2001 "), Subfield("a", "Set"), Subfield("1", "210  "), Subfield("a", "Osh")),
            (Subfield("t", "Set"), Subfield("v", "2")),
        ])  # fmt: skip
        if irbis:
            return st.text("abc^AaBb \n12", max_size=14).map(lambda value: irbis_values.field(int(tag), value))
        indicators = st.text(" 01#", min_size=2, max_size=2)
        return st.builds(DataField, st.just(tag), indicators, st.one_of(subfields, embedded))

    fields = draw(st.lists(tags.flatmap(a_field_of), max_size=9))
    return MarcRecord(form.leader, tuple(fields))


forms = st.sampled_from(sorted(WORKSHEETS)).map(WORKSHEETS.__getitem__)
opened = forms.flatmap(lambda form: st.tuples(st.just(form), records(form)))


def through_a_browser(form: Worksheet, values: FormValues) -> list[tuple[str, str]]:
    """All inputs of the form as a browser sends them back: lines end with CR LF."""
    drawn = form_of(form, values)
    return [
        (entry.name, entry.value.replace("\n", "\r\n"))
        for group in drawn.groups
        for row in group.rows
        for field in row.fields
        for entry in field.inputs
    ]


@settings(max_examples=100, deadline=None)
@given(opened)
def test_a_form_sent_back_unchanged_gives_the_same_record(case: tuple[Worksheet, MarcRecord]):
    form, marc = case
    values = values_of(form, marc)
    assert fill(form, values) == marc
    assert fill(form, parse_form(through_a_browser(form, values), marc)) == marc
    assert FormValues.from_json(values.to_json()) == values
    assert carried(form.dialect, carry(form.dialect, marc)) == marc


@settings(max_examples=100, deadline=None)
@given(opened, st.data())
def test_an_edit_changes_one_field_and_nothing_else(case: tuple[Worksheet, MarcRecord], data: st.DataObject):
    form, marc = case
    values = values_of(form, marc)
    names = [name for name, value in values.inputs if value.strip() and name.count(".") == 3]
    if not names:
        return
    name = data.draw(st.sampled_from(names))
    changed = fill(form, values.with_input(name, "another text"))
    tag, occurrence = name.split(".")[:2]
    place = [index for index, field in enumerate(marc.fields) if field.tag == tag][int(occurrence)]
    assert len(changed.fields) == len(marc.fields)
    assert changed.fields[:place] == marc.fields[:place]
    assert changed.fields[place + 1 :] == marc.fields[place + 1 :]
    before, after = marc.fields[place], changed.fields[place]
    assert isinstance(before, DataField)
    assert isinstance(after, DataField)
    differing = [one for one, other in zip(before.subfields, after.subfields, strict=True) if one != other]
    assert len(differing) == 1
    assert dict(values_of(form, changed).inputs)[name] == "another text"


@settings(max_examples=60, deadline=None)
@given(opened, st.data())
def test_a_field_taken_out_is_the_only_one_that_goes(case: tuple[Worksheet, MarcRecord], data: st.DataObject):
    form, marc = case
    values = values_of(form, marc)
    fields = sorted({name.rpartition(".")[0].partition(".")[0] for name, _ in values.inputs} - {"LDR"})
    if not fields:
        return
    tag = data.draw(st.sampled_from(fields))
    changed = fill(form, values.with_input(f"{tag}.0.remove", "1"))
    place = next(index for index, field in enumerate(marc.fields) if field.tag == tag)
    assert changed.fields == marc.fields[:place] + marc.fields[place + 1 :]


def test_subfields_that_the_form_does_not_show_stay_in_their_places():
    title = DataField(
        "245", "10", (Subfield("6", "880-01"), Subfield("a", "Suv"), Subfield("9", "x"), Subfield("c", "A"))
    )
    marc = MarcRecord(MARC21_LEADER, (title,))
    values = values_of(BOOK, marc)
    assert [name for name, _ in values.inputs if name.startswith("245")] == [
        "245.0.ind1", "245.0.ind2", "245.0.a.0", "245.0.c.0",
    ]  # fmt: skip
    (field,) = fill(BOOK, values.with_input("245.0.b.0", "qissa").with_input("245.0.c.0", "")).fields
    assert field == DataField(
        "245", "10", (Subfield("6", "880-01"), Subfield("a", "Suv"), Subfield("b", "qissa"), Subfield("9", "x"))
    )


def test_blanks_and_line_breaks_around_a_value_are_no_change():
    marc = MarcRecord(MARC21_LEADER, (a_field("245", "10", a="Oliy  matematika :", b=" darslik\n/ "),))
    values = values_of(BOOK, marc)
    same = values.with_input("245.0.a.0", "  Oliy  matematika :\r\n").with_input("245.0.b.0", "darslik /")
    assert fill(BOOK, same) == marc
    other = fill(BOOK, values.with_input("245.0.b.0", " oʻquv\r\n  qoʻllanma "))
    assert other.first("245", "b") == "oʻquv qoʻllanma"


def test_a_new_field_comes_behind_those_with_its_tag_else_to_the_place_of_its_tag():
    marc = MarcRecord(MARC21_LEADER, (a_field("100", a="A"), a_field("245", a="T"), a_field("999", a="9")))
    typed = [("700.0.a.0", "B"), ("700.1.a.0", "C"), ("250.0.a.0", "2-nashr"), ("653.0.a.0", ""), ("100.7.a.0", "D")]
    changed = fill(BOOK, parse_form(typed, marc))
    assert [field.tag for field in changed.fields] == ["100", "100", "245", "250", "700", "700", "999"]
    assert [field.first("a") for field in changed.all("700")] == ["B", "C"]
    assert changed.all("700")[0].indicators == "1 "


def test_what_an_empty_field_offers_makes_no_field_by_itself():
    marc = a_marc21_record()
    drawn = through_a_browser(BOOK, values_of(BOOK, marc))
    assert ("084.0.2.0", "rubbk") in drawn
    assert not fill(BOOK, parse_form(drawn, marc)).all("084")
    made = fill(BOOK, parse_form([*(pair for pair in drawn if pair[0] != "084.0.a.0"), ("084.0.a.0", "22.1")], marc))
    assert made.all("084") == (a_field("084", a="22.1", **{"2": "rubbk"}),)


def test_positions_are_changed_without_touching_their_neighbours():
    marc = a_marc21_record()
    values = values_of(BOOK, marc)
    assert values.value("008.0.p15") == "uz "
    assert values.value("008.0.p35") == "uzb"
    changed = fill(BOOK, values.with_input("008.0.p15", "kg").with_input("008.0.p7", "2024"))
    assert marc.control("008") == "210305s2019    uz ||||g |||| 00| 0 uzb d"
    assert changed.control("008") == "210305s2024    kg ||||g |||| 00| 0 uzb d"
    assert fill(BOOK, values.with_input("LDR.0.p18", "c")).leader == MARC21_LEADER[:18] + "c" + MARC21_LEADER[19:]


def test_a_short_008_is_filled_up_only_when_it_is_edited():
    marc = MarcRecord(MARC21_LEADER, (ControlField("008", "990101s1999"),))
    values = values_of(BOOK, marc)
    assert fill(BOOK, parse_form(through_a_browser(BOOK, values), marc)) == marc
    changed = fill(BOOK, values.with_input("008.0.p35", "rus")).control("008")
    assert changed is not None
    assert len(changed) == 40
    assert changed[:11] + changed[35:38] == "990101s1999rus"


def test_irbis_codes_keep_their_case_and_texts_typed_with_a_mark_are_edited_in_place():
    marc = MarcRecord(
        irbis_values.LEADER,
        (irbis_values.field(200, "^aАлгебра^fА. Асанов"), irbis_values.field(101, "^Akir"), irbis_values.field(7, "?")),
    )
    values = values_of(IRBIS, marc)
    assert values.value("200.0.A.0") == "Алгебра"
    assert values.value("101.0.text.0") == "kir"
    edited = values.with_input("200.0.A.0", "Анализ").with_input("101.0.text.0", "rus").with_input("200.0.E.0", "окуу")
    assert [irbis_values.text_of(field) for field in fill(IRBIS, edited).fields] == [
        "^aАнализ^Eокуу^fА. Асанов", "^Arus", "?",
    ]  # fmt: skip


def test_a_whole_new_record_is_typed_in():
    marc = new_record(BOOK, [("008.0.p35", "uzb"), ("008.0.p15", "uz "), ("041.0.a.0", "uzb")], AT)
    assert marc.control("008") == "260905s        uz ||||       000 0 uzb d"
    assert marc.first("041", "a") == "uzb"
    typed = [("245.0.a.0", "Suv"), ("100.0.a.0", "Karimov, A."), ("008.0.p7", "2026"), ("264.0.c.0", "2026")]
    done = fill(BOOK, parse_form([*values_of(BOOK, marc).inputs, *typed], marc))
    assert [field.tag for field in done.fields] == ["008", "041", "100", "245", "264"]


def test_a_new_irbis_record_begins_with_its_worksheet():
    marc = new_record(IRBIS, [("101.0.text.0", "kir"), ("200.0.A.0", "Алгебра")], AT)
    assert [(field.tag, irbis_values.text_of(field)) for field in marc.fields] == [
        ("920", "PAZK"), ("900", "^Ta^B05"), ("200", "^AАлгебра"), ("101", "kir"), ("919", "^KPSBO^N02"),
    ]  # fmt: skip


def test_a_copy_has_nothing_that_was_the_others_own():
    marc = a_marc21_record()
    mixed = marc.with_fields((*marc.fields, a_field("952", i="1042"), a_field("856", "40", u="https://example.uz/1")))
    copy = copy_record(Dialect.MARC21, MarcRecord("00000c" + MARC21_LEADER[6:], mixed.fields), AT)
    assert copy.leader == MARC21_LEADER
    assert [field.tag for field in copy.fields] == ["008", "041", "100", "245", "264", "300", "650"]
    assert copy.control("008") == "260905s2019    uz ||||g |||| 00| 0 uzb d"


def test_copies_of_the_other_dialects_have_their_own_day_and_no_copies():
    rusmarc = copy_record(Dialect.UNIMARC, a_unimarc_record(), AT)
    assert rusmarc.first("100", "a") == "20260905d2003    |||y0rusy50      ca"
    assert rusmarc.control("001") is None
    irbis = copy_record(Dialect.IRBIS, an_irbis_record(), AT)
    assert [field.tag for field in irbis.fields] == ["920", "101", "200", "210", "700", "610"]


@pytest.mark.parametrize("form", WORKSHEETS.values(), ids=lambda form: form.key)
def test_an_empty_form_sent_back_is_an_empty_record(form: Worksheet):
    marc = new_record(form, [], AT)
    assert fill(form, parse_form(through_a_browser(form, values_of(form, marc)), marc)) == marc


def test_coded_data_that_a_record_lacks_begins_with_its_template():
    marc = MarcRecord(RUSMARC.leader, (a_field("200", "1 ", a="Суу"),))
    drawn = through_a_browser(RUSMARC, values_of(RUSMARC, marc))
    assert fill(RUSMARC, parse_form(drawn, marc)) == marc
    typed = dict(drawn) | {"105.0.p0": "a"}
    assert fill(RUSMARC, parse_form(typed.items(), marc)).first("105", "a") == "a   z   000yy"


def test_a_part_that_stands_once_is_not_doubled_by_names_that_no_form_has():
    marc = MarcRecord(irbis_values.LEADER, (irbis_values.field(101, "kir"),))
    typed = [("101.0.text.1", "rus"), ("102.0.text.0", "KG"), ("102.0.text.1", "UZ")]
    changed = fill(IRBIS, parse_form(typed, marc))
    assert [irbis_values.text_of(field) for field in changed.fields] == ["kir", "KG"]


def test_a_set_is_named_by_embedded_fields_in_rusmarc_and_in_its_own_way_where_it_was():
    form = worksheet(Dialect.UNIMARC, Material.VOLUME)
    marc = new_record(form, [("461.0.t.0", "Тоолор"), ("461.0.v.0", "Т. 2"), ("461.0.d.0", "2020")], AT)
    (field,) = marc.all("461")
    assert [(part.code, part.value) for part in field.subfields] == [
        ("1", "2001 "), ("a", "Тоолор"), ("v", "Т. 2"), ("1", "210  "), ("d", "2020"),
    ]  # fmt: skip
    values = values_of(form, marc)
    (emptied,) = fill(form, values.with_input("461.0.d.0", "").with_input("461.0.0.0", "KG-7")).all("461")
    assert [(part.code, part.value) for part in emptied.subfields] == [
        ("1", "001KG-7"), ("1", "2001 "), ("a", "Тоолор"), ("v", "Т. 2"),
    ]  # fmt: skip
    plain = MarcRecord(form.leader, (a_field("461", " 0", t="Тоолор"),))
    changed = fill(form, values_of(form, plain).with_input("461.0.v.0", "Т. 3"))
    assert changed.all("461") == (a_field("461", " 0", t="Тоолор", v="Т. 3"),)
