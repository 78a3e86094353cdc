"""The tables of forms are whole: every kind of document in every dialect, every part labelled, every rule grounded."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, date, datetime

import pytest

from library.domain.description import Material
from library.domain.marc import ControlField, DataField, Dialect, MarcRecord, Subfield
from library.marc import dialects
from library.marc.checks import Severity, check_form
from library.marc.irbis import values as irbis_values
from library.marc.worksheets import (
    WORKSHEETS,
    CodeList,
    InputKind,
    Naming,
    Worksheet,
    form_of,
    new_record,
    values_of,
    worksheet,
    worksheet_for,
    worksheets,
)
from library.marc.worksheets.model import LEADER
from library.translations import update
from tests.builders import a_field, a_marc21_record, a_unimarc_record, an_irbis_record

AT = datetime(2026, 9, 5, tzinfo=UTC)
MATERIALS = (
    Material.BOOK, Material.VOLUME, Material.ARTICLE, Material.SERIAL, Material.ISSUE, Material.DISSERTATION,
    Material.DISSERTATION_ABSTRACT, Material.STANDARD, Material.ELECTRONIC, Material.MAP, Material.SCORE,
    Material.AUDIO, Material.VIDEO,
)  # fmt: skip
every = pytest.mark.parametrize("form", WORKSHEETS.values(), ids=lambda form: form.key)


def lists_of(form: Worksheet) -> list[CodeList]:
    found = [choice.codes for shape in form.fields for choice in shape.choices]
    found += [place.codes for shape in form.fields for place in shape.subfields if place.codes]
    return found + [position.codes for shape in form.fields for position in shape.positions if position.codes]


def test_every_kind_of_document_has_a_form_in_every_dialect():
    for dialect in Dialect:
        assert [form.material for form in worksheets(dialect)] == list(MATERIALS)
    assert worksheet(Dialect.IRBIS, Material.TEXTBOOK).material is Material.BOOK
    assert worksheet(Dialect.MARC21, Material.AUDIO).key == "marc21-audio"


@every
def test_each_field_stands_once_and_each_part_has_a_label(form: Worksheet):
    assert max(Counter(shape.tag for shape in form.fields).values()) == 1
    for shape in form.fields:
        assert shape.label
        assert shape.subfields or shape.positions
        assert len(shape.indicators) == 2
        assert max(Counter(place.code for place in shape.subfields).values(), default=1) == 1
        for place in shape.subfields:
            assert place.label
            assert len(place.code) <= 1
            assert place.kind is not InputKind.CODE or place.codes is not None, (form.key, shape.tag, place.code)


@every
def test_coded_data_of_a_new_record_has_its_length_and_codes(form: Worksheet):
    lengths = {"008": 40, "100": 36, "105": 13, "110": 12, "115": 15, "135": 13}
    for shape in form.fields:
        if shape.template:
            assert len(shape.template) == lengths[shape.tag], shape.tag
    for shape in form.fields:
        text = form.leader if shape.tag == LEADER else shape.template
        for position in shape.positions:
            code = text[position.start : position.start + position.length]
            known = position.codes is None or code in position.codes or not code.strip(" |") or code in {"und", "xx "}
            assert known or re.fullmatch(position.codes.pattern if position.codes else "", code), (shape.tag, code)
    assert len(form.leader) == 24


@every
def test_rules_ask_for_what_the_form_has(form: Worksheet):
    for rule in form.rules:
        for where in (*rule.needs, *rule.when):
            shape = form.field(where.tag)
            assert shape is not None, where
            parts = {place.code for place in shape.subfields} | {f"ind{choice.number}" for choice in shape.choices}
            assert not where.code or where.code in parts, where


@every
def test_a_new_record_opens_in_the_form_that_it_was_made_in(form: Worksheet):
    marc = new_record(form, [], AT)
    by_words = {
        Material.DISSERTATION, Material.DISSERTATION_ABSTRACT, Material.STANDARD, Material.ISSUE, Material.VOLUME,
    }  # fmt: skip
    if form.dialect is not Dialect.IRBIS and form.material in by_words:
        return
    if form.dialect is Dialect.IRBIS and form.material in {Material.DISSERTATION, Material.DISSERTATION_ABSTRACT}:
        return
    assert worksheet_for(form.dialect, marc) == form


@pytest.mark.parametrize(
    ("dialect", "typed", "material"),
    [
        (Dialect.MARC21, [("245.0.a.0", "Suv"), ("502.0.a.0", "Diss. 05.01")], Material.DISSERTATION),
        (Dialect.MARC21, [("245.0.a.0", "Suv"), ("245.0.b.0", "avtoreferat")], Material.DISSERTATION_ABSTRACT),
        (Dialect.UNIMARC, [("200.0.a.0", "Т. 2"), ("461.0.t.0", "Тоолор")], Material.VOLUME),
        (Dialect.UNIMARC, [("461.0.t.0", "Илим"), ("461.0.x.0", "1234-5679")], Material.ISSUE),
        (Dialect.MARC21, [("773.0.t.0", "Илим"), ("773.0.x.0", "1234-5679")], Material.ISSUE),
        (Dialect.MARC21, [("773.0.t.0", "Тоолор")], Material.VOLUME),
        (Dialect.IRBIS, [("200.0.E.0", "автореферат диссертации")], Material.DISSERTATION_ABSTRACT),
        (Dialect.IRBIS, [("328.0.text.0", "Дис. ... канд. наук")], Material.DISSERTATION),
    ],
)
def test_parts_and_genres_open_in_their_forms(dialect: Dialect, typed: list[tuple[str, str]], material: Material):
    form = worksheet(dialect, material)
    assert worksheet_for(dialect, new_record(form, typed, AT)) == form


def test_a_volume_of_irbis_is_one_whatever_its_title_says():
    marc = MarcRecord(irbis_values.LEADER, (irbis_values.field(920, "SPEC"), irbis_values.field(461, "^CУчебник")))
    assert worksheet_for(Dialect.IRBIS, marc).material is Material.VOLUME


@every
def test_a_record_with_a_title_and_what_it_stands_in_can_be_saved(form: Worksheet):
    typed = {
        Dialect.MARC21: [
            ("245.0.a.0", "Suv"), ("245.0.b.0", "avtoreferat"), ("773.0.t.0", "Tog‘"), ("502.0.a.0", "Diss."),
        ],
        Dialect.UNIMARC: [
            ("200.0.a.0", "Суу"), ("200.0.e.0", "автореферат"), ("461.0.t.0", "Тоо"), ("328.0.a.0", "Дисс."),
        ],
        Dialect.IRBIS: [
            ("200.0.A.0", "Суу"), ("200.0.E.0", "автореферат"), ("461.0.C.0", "Тоо"), ("463.0.C.0", "Илим"),
            ("933.0.text.0", "И1"), ("934.0.text.0", "2026"), ("328.0.text.0", "Дисс."), ("101.0.text.0", "kir"),
        ],
    }[form.dialect]  # fmt: skip
    marc = new_record(form, [*typed, ("856.0.u.0", "https://example.uz/1"), ("951.0.I.0", "https://example.uz/1")], AT)
    errors = [problem for problem in check_form(form, marc, date(2026, 9, 5)) if problem.severity is Severity.ERROR]
    assert errors == []
    assert dialects.check(form.dialect, marc) == ()


def test_codes_are_told_apart_and_named():
    seen: dict[str, CodeList] = {}
    for form in WORKSHEETS.values():
        for code_list in lists_of(form):
            assert seen.setdefault(code_list.name, code_list) == code_list, "two lists of one name"
    for code_list in seen.values():
        values = [code.value for code in code_list.codes]
        assert len(set(values)) == len(values), code_list.name
        for code in code_list.codes:
            assert code.label or (code_list.naming is not Naming.LABELS and code.known_as), code
    languages = seen["languages"]
    assert languages.codes[0].value == "uzb"
    assert {"kir", "kaa", "ger", "mul", "und"} <= {code.value for code in languages.codes}
    assert {code.value: code.known_as for code in languages.codes}["ger"] == "de"
    assert {code.value: code.known_as for code in seen["marc-countries"].codes}["uz "] == "UZ"


def test_every_label_is_among_the_messages_to_translate():
    messages = {message.id for message in update.messages()}
    for form in WORKSHEETS.values():
        texts = {group.label for group in form.groups} | {rule.says for rule in form.rules}
        for shape in form.fields:
            texts |= {shape.label, shape.help}
            texts |= {text for place in shape.subfields for text in (place.label, place.help)}
            texts |= {text for position in shape.positions for text in (position.label, position.help)}
            texts |= {choice.label for choice in shape.choices}
        texts |= {
            code.label
            for code_list in lists_of(form)
            for code in code_list.codes
            if code.label not in {code.value, "ISMN", "EAN"}
        }
        assert texts - {""} <= messages


def test_a_form_shows_what_the_record_says_and_offers_the_rest():
    marc = a_marc21_record()
    form = worksheet(Dialect.MARC21, Material.BOOK)
    drawn = form_of(form, values_of(form, marc))
    rows = {row.shape.tag: row for group in drawn.groups for row in group.rows}
    assert [entry.value for entry in rows["245"].fields[0].inputs] == [
        "1", "0", "Oliy matematika", "", "", "", "", "Soatov, Yo. U.",
    ]  # fmt: skip
    assert rows["245"].more == ""
    assert rows["700"].fields[0].is_new
    assert rows["700"].more == "700.1.a.0"
    assert rows["653"].fields[0].inputs[0].more == "653.0.a.1"
    assert "260" not in rows, "a former field is not offered"
    assert [field.tag for field in drawn.kept] == ["001"]
    assert {group.label: group.is_open for group in drawn.groups}["Other titles"] is False


def test_one_more_field_is_asked_for_by_an_empty_input():
    form = worksheet(Dialect.MARC21, Material.BOOK)
    values = values_of(form, a_marc21_record()).with_input("700.1.a.0", "").with_input("245.0.n.1", "")
    rows = {row.shape.tag: row for group in form_of(form, values).groups for row in group.rows}
    assert [field.name for field in rows["700"].fields] == ["700.1"]
    assert rows["700"].more == "700.2.a.0"
    assert [entry.name for entry in rows["245"].fields[0].inputs if entry.mark == "n"] == ["245.0.n.1"]


def test_a_menu_has_the_value_of_the_record_whatever_it_is():
    marc = a_marc21_record().with_fields((ControlField("008", "210305s2019    ?? ||||g |||| 00| 0 uzb d"),))
    form = worksheet(Dialect.MARC21, Material.BOOK)
    inputs = {
        entry.name: entry
        for group in form_of(form, values_of(form, marc)).groups
        for row in group.rows
        for field in row.fields
        for entry in field.inputs
    }
    assert inputs["008.0.p15"].options[0].value == "?? "
    assert [code.value for code in inputs["LDR.0.p19"].options] == [" ", "a", "b", "c"]
    assert inputs["041.0.a.0"].options[0].value == ""


def test_what_a_field_has_beyond_the_form_is_told():
    title = DataField("245", "10", (Subfield("6", "880-01"), Subfield("a", "Suv")))
    form = worksheet(Dialect.MARC21, Material.BOOK)
    drawn = form_of(form, values_of(form, MarcRecord(form.leader, (title,))))
    (field,) = next(row.fields for group in drawn.groups for row in group.rows if row.shape.tag == "245")
    assert field.kept == (Subfield("6", "880-01"),)


@pytest.mark.parametrize(
    ("dialect", "marc"),
    [
        (Dialect.MARC21, a_marc21_record()),
        (Dialect.UNIMARC, a_unimarc_record()),
        (Dialect.IRBIS, an_irbis_record()),
        (Dialect.MARC21, MarcRecord("0" * 24, ())),
        (Dialect.UNIMARC, MarcRecord(" " * 24, (a_field("463"),))),
    ],
)
def test_any_record_has_a_form(dialect: Dialect, marc: MarcRecord):
    assert worksheet_for(dialect, marc).dialect is dialect
