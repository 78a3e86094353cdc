import dataclasses
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from library.domain.description import CopyStatus, CreatorRole, Description, Material
from library.domain.marc import ControlField, DataField, MarcRecord, Subfield
from library.marc.dialects import irbis
from library.marc.irbis import values
from library.marc.source import ReadRecord

_TAGS = [10, 46, 101, 200, 210, 215, 461, 463, 606, 610, 700, 710, 900, 903, 907, 910, 920, 923, 933, 951, 963, 1119]
_SUBFIELD = st.builds("^{}{}".format, st.sampled_from([*"abcdefghijstvx0149", ""]), st.text(max_size=8))
_VALUES = st.lists(_SUBFIELD, max_size=4)
RECORDS = st.lists(st.tuples(st.sampled_from(_TAGS), _VALUES.map("".join)), max_size=8).map(
    lambda fields: MarcRecord(values.LEADER, tuple(values.field(tag, text) for tag, text in fields))
)

Record = Callable[..., MarcRecord]


def _told(value: Any) -> Any:
    """A description as JSON would have it, without what it does not know."""
    if dataclasses.is_dataclass(value):
        told = {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
        defaults = {field.name: field.default for field in dataclasses.fields(value)}
        return {name: _told(item) for name, item in told.items() if item != defaults[name]}
    return [_told(item) for item in value] if isinstance(value, tuple) else value


def test_each_record_of_the_catalogue_says_what_it_should(data: Path, catalogue: list[ReadRecord]) -> None:
    expected = json.loads((data / "descriptions.json").read_text(encoding="utf-8"))
    assert [_told(irbis.describe(item.marc)) for item in catalogue] == expected


@settings(max_examples=300, deadline=None)
@given(marc=RECORDS)
def test_every_record_can_be_described(marc: MarcRecord) -> None:
    description = irbis.describe(marc)
    assert description.title
    assert all(copy.count >= 1 for copy in description.copies)
    assert all(creator.name for creator in description.creators)


def test_letters_of_subfields_mean_the_same_in_either_case(record: Record) -> None:
    def description(case: Callable[[str], str]) -> Description:
        return irbis.describe(
            record(
                (200, case("^A") + "Кун" + case("^E") + "шеърлар"),
                (910, case("^A") + "0" + case("^D") + "AB" + case("^Q") + "Нодир"),
            )
        )

    assert description(str.lower) == description(str.upper)
    assert description(str.lower).copies[0].place == "AB"
    assert description(str.lower).copies[0].collection == "Нодир"


def test_a_description_is_made_in_no_time(catalogue: list[ReadRecord]) -> None:
    started = time.perf_counter()
    for _ in range(20):
        for item in catalogue:
            irbis.describe(item.marc)
    # Several times what it takes, for slow machines; a quadratic walk would miss it by far.
    assert (time.perf_counter() - started) / (20 * len(catalogue)) < 0.02


@pytest.mark.parametrize(
    ("fields", "material"),
    [
        ([(920, "j")], Material.SERIAL),
        ([(920, "NJK")], Material.ISSUE),
        ([(920, "AUNTD"), (200, "^AGOST^Edarslik")], Material.STANDARD),
        ([(920, "ASP"), (900, "^Te")], Material.ARTICLE),
        ([(920, "PAZK"), (200, "^AА^Eавтореф. дис. … канд. ист. наук")], Material.DISSERTATION_ABSTRACT),
        ([(920, "PAZK"), (200, "^AА^Eдис. … канд. ист. наук")], Material.DISSERTATION),
        ([(920, "PAZK"), (200, "^AБудис. роман")], Material.BOOK),
        ([(920, "PAZK"), (900, "^Cm1^2j21")], Material.TEXTBOOK),
        ([(920, "PAZK"), (200, "^AX^Eoʻquv qoʻllanma")], Material.TEXTBOOK),
        ([(920, "PAZK"), (200, "^AX^EO'quv-uslubiy majmua. O‘quv qo‘llanma")], Material.TEXTBOOK),
        ([(920, "PAZK"), (200, "^AX^Eучебно-методическое пособие")], Material.TEXTBOOK),
        ([(920, "PAZK"), (200, "^AX^Eокуу куралы")], Material.TEXTBOOK),
        ([(920, "PAZK"), (900, "^Tl"), (200, "^AX^Edarslik")], Material.ELECTRONIC),
        ([(920, "PAZK"), (900, "^Tj")], Material.AUDIO),
        ([(920, "PAZK"), (900, "^Tc1")], Material.SCORE),
        ([(920, "SPEC"), (461, "^CX")], Material.VOLUME),
        ([(463, "^CX"), (200, "^AY")], Material.ARTICLE),
        ([(300, "note")], Material.OTHER),
    ],
)
def test_the_material_is_told_by_worksheet_codes_and_words(
    record: Record, fields: list[tuple[int, str]], material: Material
) -> None:
    assert irbis.describe(record(*fields)).material is material


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ("^AQodirov^BA.B.", "Qodirov, A. B."),
        ("^AQodirov,^BA. B.", "Qodirov, A. B."),
        ("^AQodirov^GAnvar", "Qodirov, Anvar"),
        ("^AНавоий", "Навоий"),
        ("^AАлишер^BНавоий^91", "Алишер Навоий"),
        ("^AПавел^DII^Cимператор", "Павел II, император"),
        ("^BНавоий", "Навоий"),
        ("^F1441-1501", ""),
    ],
)
def test_names_are_headings(record: Record, value: str, name: str) -> None:
    assert [creator.name for creator in irbis.describe(record((700, value))).creators] == ([name] if name else [])


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        ("070", CreatorRole.AUTHOR),
        ("340 ред.", CreatorRole.EDITOR),
        ("570 ilmiy rahbar", CreatorRole.SUPERVISOR),
        ("570 Владелец", CreatorRole.OTHER),
        ("сост.", CreatorRole.COMPILER),
        ("tarjimon", CreatorRole.TRANSLATOR),
        ("котормочу", CreatorRole.TRANSLATOR),
        ("сүрөтчү", CreatorRole.ILLUSTRATOR),
        ("???", CreatorRole.EDITOR),
    ],
)
def test_roles_are_told_by_code_or_word(record: Record, role: str, expected: CreatorRole) -> None:
    (creator,) = irbis.describe(record((702, f"^AX^4{role}"))).creators
    assert creator.role is expected


@pytest.mark.parametrize(
    ("date", "year"),
    [("1998", 1998), ("[2004]", 2004), ("2003-2006", 2003), ("cop. 2011", 2011), ("[б. г.]", None), ("19??", None)],
)
def test_the_year_is_the_first_that_is_one(record: Record, date: str, year: int | None) -> None:
    assert irbis.describe(record((210, f"^D{date}"))).year == year


@pytest.mark.parametrize(
    ("value", "status", "count"),
    [
        ("^A0", CopyStatus.AVAILABLE, 1),
        ("^AU^150^220", CopyStatus.AVAILABLE, 50),
        ("^Au^150^250", CopyStatus.ON_LOAN, 50),
        ("^AU^1many", CopyStatus.AVAILABLE, 1),
        ("^AC^13", CopyStatus.AVAILABLE, 3),
        ("^A8", CopyStatus.ON_THE_WAY, 1),
        ("^A7", CopyStatus.UNKNOWN, 1),
        ("^B12", CopyStatus.UNKNOWN, 1),
    ],
)
def test_copies_have_their_status_and_number(record: Record, value: str, status: CopyStatus, count: int) -> None:
    (copy,) = irbis.describe(record((910, value))).copies
    assert (copy.status, copy.count) == (status, count)


def test_only_addresses_of_the_web_are_links(record: Record) -> None:
    links = irbis.describe(
        record(
            (951, "^Ihttp://a.example^TA"), (951, "^Ajavascript:x"), (951, "^Ahttps://b.example"), (951, "^Iftp://c")
        )
    ).links
    assert [(link.url, link.label) for link in links] == [("http://a.example", "A"), ("https://b.example", "")]


def test_a_record_without_words_still_has_a_title(record: Record) -> None:
    assert irbis.describe(record()).title == "[…]"
    assert irbis.describe(record((5, "s" * 300))).title == "s" * 200 + "…"


def test_the_catalogue_has_only_the_faults_it_should(catalogue: list[ReadRecord]) -> None:
    found = {item.number: [str(problem) for problem in irbis.check(item.marc)] for item in catalogue}
    assert {number: problems for number, problems in found.items() if problems} == {
        4: ["ISBN X-123 is wrong; a number printed wrongly belongs in 10 ^Z."],
        18: ["Field 920 names no known worksheet: “”."],
        19: [
            "There is no title (200 ^A; for a volume 461 ^C).",
            "Field 920 names no known worksheet: “”.",
            "ISBN Zumrad is wrong; a number printed wrongly belongs in 10 ^Z.",
        ],
    }


@pytest.mark.parametrize(
    ("field", "problem"),
    [
        ((10, "^A978-9943-40-117-5"), "ISBN 978-9943-40-117-5 is wrong"),
        ((10, "^A5-7110-0177-8"), "ISBN 5-7110-0177-8 is wrong"),
        ((11, "^A2010-1237"), "ISSN 2010-1237 is wrong"),
        ((101, "uzbek"), "“uzbek” is no code of a language"),
        ((910, "^B12"), "The inventory number 12 stands in two copies."),
    ],
)
def test_faults_are_named(record: Record, field: tuple[int, str], problem: str) -> None:
    sound = [
        (920, "PAZK"),
        (200, "^AA"),
        (10, "^A5-7110-0177-9"),
        (11, "^A1694550Х".replace("Х", "6")),
        (101, "uz"),
        (910, "^B12"),
    ]
    assert irbis.check(record(*sound)) == ()
    (found,) = irbis.check(record(*sound, field))
    assert problem in str(found)


def test_names_of_cataloguers_are_taken_out_and_nothing_else(record: Record) -> None:
    marc = record((200, "^AB^Btext"), (907, "^CКТ^A20210916^BYusupova N."), (907, "^bX"), (907, "^A1^B"), (910, "^B1"))
    without, taken = irbis.without_staff_names(marc)
    assert without == record((200, "^AB^Btext"), (907, "^CКТ^A20210916"), (907, "^A1"), (910, "^B1"))
    assert taken == 2
    assert irbis.without_staff_names(without) == (without, 0)


def test_fields_of_another_shape_are_left_alone() -> None:
    marc = MarcRecord(values.LEADER, (ControlField("907", "x"), DataField("200", "  ", (Subfield("a", "A"),))))
    assert irbis.without_staff_names(marc) == (marc, 0)
    assert irbis.describe(marc).title == "A"
    assert irbis.to_marc21(marc).first("245", "a") == "A"
