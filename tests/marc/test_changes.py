"""What a change for many records does to one."""

from __future__ import annotations

import time

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from library.domain.errors import InvalidChange
from library.domain.marc import ControlField, DataField, MarcRecord, Subfield
from library.marc.changes import Change, Kind, apply, require_sense
from tests.builders import a_field, a_marc21_record, an_irbis_record

BOOK = a_marc21_record()


def _after(record: MarcRecord, **change: object) -> MarcRecord:
    made = Change(**change)  # type: ignore[arg-type]
    require_sense(made)
    return apply(made, record)


def test_a_field_is_added_in_its_place_and_only_once() -> None:
    once = _after(BOOK, kind=Kind.ADD_FIELD, tag="080", code="a", value="51")
    assert [field.tag for field in once.fields] == [
        "001",
        "008",
        "020",
        "041",
        "080",
        "100",
        "245",
        "264",
        "300",
        "650",
    ]
    assert _after(once, kind=Kind.ADD_FIELD, tag="080", code="a", value="51") == once
    tags = [field.tag for field in _after(an_irbis_record(), kind=Kind.ADD_FIELD, tag="1119", value="x").fields]
    assert tags[-1] == "1119"


def test_a_field_goes_where_it_contains_the_text() -> None:
    record = BOOK.with_fields((*BOOK.fields, a_field("650", " 4", a="Fizika")))
    assert _after(record, kind=Kind.DELETE_FIELD, tag="650", containing="FIZ") == BOOK
    assert _after(BOOK, kind=Kind.DELETE_FIELD, tag="650", containing="fizika") == BOOK
    assert not _after(record, kind=Kind.DELETE_FIELD, tag="650").all("650")


def test_a_subfield_is_set_added_and_taken_away() -> None:
    assert _after(BOOK, kind=Kind.SET_SUBFIELD, tag="041", code="a", value="rus").first("041", "a") == "rus"
    assert _after(BOOK, kind=Kind.SET_SUBFIELD, tag="041", code="h", value="rus").first("041", "h") == "rus"
    added = _after(BOOK, kind=Kind.ADD_SUBFIELD, tag="650", code="2", value="local")
    assert added.all("650")[0].subfields[-1] == Subfield("2", "local")
    assert _after(added, kind=Kind.ADD_SUBFIELD, tag="650", code="2", value="local") == added
    assert _after(added, kind=Kind.DELETE_SUBFIELD, tag="650", code="2") == BOOK
    assert not _after(BOOK, kind=Kind.DELETE_SUBFIELD, tag="041", code="a").all("041")


def test_text_is_replaced_as_it_is_or_by_a_pattern_of_any_script() -> None:
    replaced = _after(BOOK, kind=Kind.REPLACE, tag="264", code="a", find="Toshkent", value="Samarqand")
    assert replaced.first("264", "a") == "Samarqand"
    pages = _after(BOOK, kind=Kind.REPLACE_PATTERN, tag="300", code="a", find=r"(\d+) b\.", value=r"\1 bet")
    assert pages.first("300", "a") == "312 bet"
    gone = _after(BOOK, kind=Kind.REPLACE_PATTERN, tag="650", code="a", find=r"\p{L}+", value="")
    assert not gone.all("650")
    number = _after(BOOK, kind=Kind.REPLACE, tag="001", find="kx", value="ky")
    assert number.control("001") == "ky0001"


def test_the_text_of_an_irbis_field_before_its_first_mark_has_no_code() -> None:
    record = an_irbis_record().with_fields([DataField("920", "  ", (Subfield("", "PAZK"),))])
    assert _after(record, kind=Kind.REPLACE, tag="920", find="PAZK", value="SPEC").all("920")[0].text == "SPEC"


@pytest.mark.parametrize(
    "change",
    [
        {"kind": Kind.DELETE_FIELD, "tag": "24a"},
        {"kind": Kind.DELETE_FIELD, "tag": ""},
        {"kind": Kind.DELETE_FIELD, "tag": "٢٤٥"},
        {"kind": Kind.SET_SUBFIELD, "tag": "245", "code": "ab", "value": "x"},
        {"kind": Kind.SET_SUBFIELD, "tag": "245", "code": "a"},
        {"kind": Kind.ADD_FIELD, "tag": "245", "code": "a", "value": "x" * 2_001},
        {"kind": Kind.ADD_FIELD, "tag": "245", "code": "a", "value": "x", "indicators": "123"},
        {"kind": Kind.REPLACE, "tag": "245", "code": "a"},
        {"kind": Kind.REPLACE_PATTERN, "tag": "245", "code": "a", "find": "("},
        {"kind": Kind.REPLACE_PATTERN, "tag": "300", "code": "a", "find": "312", "value": r"\9"},
    ],
)
def test_what_can_not_be_meant_is_told(change: dict[str, object]) -> None:
    with pytest.raises(InvalidChange):
        _after(BOOK, **change)


def test_a_pattern_that_explodes_is_stopped() -> None:
    record = BOOK.with_fields([a_field("500", a="a" * 5_000 + "!")])
    began = time.monotonic()
    with pytest.raises(InvalidChange, match="too long"):
        _after(record, kind=Kind.REPLACE_PATTERN, tag="500", code="a", find=r"^(a|a|aa)+$", value="")
    assert time.monotonic() - began < 30


TEXT = st.text(st.characters(codec="utf-8"), max_size=8)
FIELDS = st.lists(
    st.one_of(
        st.builds(ControlField, st.sampled_from(["001", "005"]), TEXT),
        st.builds(
            lambda tag, pairs: DataField(tag, "  ", tuple(Subfield(code, value) for code, value in pairs)),
            st.sampled_from(["100", "245", "2001"]),
            st.lists(st.tuples(st.sampled_from("ab"), TEXT), min_size=1, max_size=3),
        ),
    ),
    max_size=5,
)
CHANGES = st.builds(
    Change,
    kind=st.sampled_from([kind for kind in Kind if kind is not Kind.ADD_FIELD]),
    tag=st.sampled_from(["001", "100", "245", "2001"]),
    code=st.sampled_from("abc"),
    value=TEXT.filter(lambda text: text and "\\" not in text),
    find=st.sampled_from(["a", "0", "x+", "."]),
    containing=TEXT,
)


@given(FIELDS, CHANGES)
@settings(max_examples=200, deadline=None)
def test_fields_with_other_tags_stay_as_they_are(fields: list[ControlField | DataField], change: Change) -> None:
    before = MarcRecord("0" * 24, tuple(fields))
    after = apply(change, before)
    others = [field for field in fields if field.tag != change.tag]
    assert [field for field in after.fields if field.tag != change.tag] == others
    assert Change.from_facts(change.as_facts()) == change
