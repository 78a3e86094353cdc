import pytest
from hypothesis import given
from hypothesis import strategies as st

from library.domain.errors import Message, NotExpressible
from library.domain.marc import ControlField, DataField, Subfield
from library.marc.irbis import values


@given(st.text(alphabet=st.one_of(st.just("^"), st.characters(exclude_categories=["Cs"])), max_size=30))
def test_the_text_of_a_field_survives_whatever_it_is(text: str) -> None:
    assert values.joined(values.parts(text)) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("^AПлач^Eповесть", (Subfield("A", "Плач"), Subfield("E", "повесть"))),
        ("rus", (Subfield("", "rus"),)),
        ("", (Subfield("", ""),)),
        ("before^aafter", (Subfield("", "before"), Subfield("a", "after"))),
        ("^a", (Subfield("a", ""),)),
        ("^", (Subfield("", ""), Subfield("", ""))),
    ],
)
def test_text_is_split_at_its_marks_and_letters_keep_their_case(text: str, expected: tuple[Subfield, ...]) -> None:
    field = values.field(200, text)
    assert field == DataField("200", "  ", expected)
    assert values.text_of(field) == text


def test_the_text_of_a_control_field_is_its_value() -> None:
    assert values.text_of(ControlField("001", "17")) == "17"


@pytest.mark.parametrize("tag", ["", "24a", "-1", "²", "1000", "0"])
def test_a_tag_that_has_no_place_is_refused(tag: str) -> None:
    with pytest.raises(NotExpressible, match="from 1 to 999"):
        values.tag_of(DataField(tag, "  ", ()), range(1, 1000))


def test_line_breaks_become_spaces_and_control_characters_go() -> None:
    warnings: list[Message] = []
    assert values.cleaned(331, "first \r\n second\x00\ufffe\tthird", warnings) == "first second\tthird"
    assert [str(warning) for warning in warnings] == [
        "Field 331: line breaks were made spaces.",
        "Field 331: control characters were left out.",
    ]


def test_a_field_in_the_other_encoding_is_read_and_named() -> None:
    warnings: list[Message] = []
    assert values.decoded(610, "тут".encode("cp1251"), "utf-8", warnings) == "тут"
    assert values.decoded(610, "китеп".encode(), "utf_8", []) == "китеп"
    assert "Field 610 is not in utf-8" in str(warnings[0])
    with pytest.raises(UnicodeDecodeError):
        values.decoded(610, b"\x98\xff", "utf-8", [])
