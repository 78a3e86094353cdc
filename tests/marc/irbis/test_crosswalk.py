import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from library.domain.marc import Dialect, MarcRecord
from library.marc import iso2709, marcxml
from library.marc.dialects import irbis
from library.marc.irbis import values
from library.marc.source import ReadRecord

_CODES = st.sampled_from("abcdefghijstvx0149zABCDE")
_TEXT = st.text(alphabet="аяoʻz 1;.-<=>", max_size=10)
_FIELD = st.tuples(
    st.sampled_from(
        [1, 10, 11, 101, 102, 200, 210, 215, 330, 461, 463, 600, 606, 691, 700, 710, 900, 907, 910, 951, 3005]
    ),
    st.lists(st.tuples(_CODES, _TEXT).map(lambda pair: f"^{pair[0]}{pair[1]}"), max_size=4).map("".join),
)
_RECORDS = st.lists(_FIELD, max_size=8).map(
    lambda fields: MarcRecord(values.LEADER, tuple(values.field(tag, text) for tag, text in fields))
)

Record = Callable[..., MarcRecord]
Lines = Callable[[MarcRecord], list[str]]


def test_each_record_of_the_catalogue_becomes_what_it_should(
    data: Path, catalogue: list[ReadRecord], lines: Lines
) -> None:
    expected = (data / "marc21.txt").read_text(encoding="utf-8").rstrip("\n").split("\n\n")
    assert ["\n".join(lines(irbis.to_marc21(item.marc))) for item in catalogue] == expected


@settings(max_examples=200, deadline=None)
@given(marc=_RECORDS)
def test_every_record_becomes_one_that_can_be_written(marc: MarcRecord) -> None:
    made = irbis.to_marc21(marc)
    assert len(made.leader) == 24
    assert len(made.control("008") or "") == 40
    assert [field.tag for field in made.fields] == sorted(field.tag for field in made.fields)
    assert len(made.all("245")) == 1
    assert len(made.all("100", "110", "111")) <= 1
    assert iso2709.encode(made).endswith(b"\x1e\x1d")
    assert marcxml.encode(Dialect.MARC21, made)


@settings(max_examples=200, deadline=None)
@given(marc=_RECORDS)
@example(marc=MarcRecord(values.LEADER, (values.field(700, "^a;^41"),)))
@example(marc=MarcRecord(values.LEADER, (values.field(700, "^aYusupova^4999 muqova"),)))
def test_no_word_is_lost_but_the_names_of_cataloguers(marc: MarcRecord) -> None:
    made = irbis.to_marc21(marc)
    said = "\n".join([made.control("001") or "", *(s.value for f in made.all(*_tags(made)) for s in f.subfields)])
    words = set(_words(re.sub(r"\^.", " ", said)))  # 887 has the subfield marks of IRBIS
    for field in marc.all(*_tags(marc)):
        for subfield in field.subfields:
            if field.tag not in {"101", "907"} and not (field.tag == "10" and subfield.code in "aA"):
                assert words.issuperset(_words(subfield.value)), (field, made)


def _tags(marc: MarcRecord) -> set[str]:
    return {field.tag for field in marc.fields}


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def test_the_name_of_a_cataloguer_is_never_exported(record: Record, lines: Lines) -> None:
    made = irbis.to_marc21(record((200, "^AA"), (907, "^CКТ^A20210916^BYusupova N."), (907, "^bYusupova N.")))
    assert "Yusupova" not in "\n".join(lines(made))
    assert [field.first("a") for field in made.all("887")] == ["907: ^CКТ^A20210916"]


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ([(920, "PAZK"), (900, "^Ta^B05")], "am"),
        ([(920, "PAZK")], "am"),
        ([(920, "SPEC"), (900, "^Ti^B03")], "im"),
        ([(920, "ASP"), (900, "^Ta^B08")], "aa"),
        ([(900, "^B12"), (463, "^CX")], "aa"),
        ([(920, "AUNTD"), (900, "^B16")], "am"),
        ([(920, "J"), (900, "^Tl")], "ms"),
        ([(920, "NJ")], "am"),
        ([(920, "NJK")], "ac"),
        ([(920, "PAZK"), (900, "^Tb")], "tm"),
        ([(920, "PAZK"), (900, "^T?")], "am"),
    ],
)
def test_the_leader_follows_type_worksheet_and_kind(record: Record, fields: list[tuple[int, str]], kind: str) -> None:
    assert irbis.to_marc21(record(*fields)).leader[6:8] == kind


def test_the_main_entry_is_the_first_author_or_else_the_first_body(record: Record) -> None:
    person, body, meeting = (700, "^AA^BB."), (710, "^AOrg"), (971, "^AMeeting")
    assert _entries(irbis.to_marc21(record(person, body, meeting))) == ["100", "710", "711"]
    assert _entries(irbis.to_marc21(record((701, "^AC"), body, meeting))) == ["110", "700", "711"]
    assert _entries(irbis.to_marc21(record(meeting, (702, "^AC")))) == ["111", "700"]


def _entries(marc: MarcRecord) -> list[str]:
    return [field.tag for field in marc.fields if field.tag[1:] in {"00", "10", "11"}]
