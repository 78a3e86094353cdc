"""Two people change one record: what only one of them touched is not asked about, and no choice loses a field."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from library.domain.marc import Field, MarcRecord
from library.marc.merging import choices, merged
from tests.builders import MARC21_LEADER, a_field, a_marc21_record

ORIGIN = a_marc21_record()


def _with(record: MarcRecord, tag: str, *fields: Field) -> MarcRecord:
    kept = [field for field in record.fields if field.tag != tag]
    return record.with_fields(sorted([*kept, *fields], key=lambda field: field.tag))


def test_each_one_s_change_is_taken_and_only_the_contested_place_is_doubtful() -> None:
    mine = _with(_with(ORIGIN, "245", a_field("245", "10", a="Mine")), "300", a_field("300", a="300 b."))
    theirs = _with(_with(ORIGIN, "245", a_field("245", "10", a="Theirs")), "500", a_field("500", a="A note"))
    found = choices(ORIGIN, mine, theirs)
    assert [(one.tag, one.takes_mine, one.is_contested) for one in found] == [
        ("245", True, True),
        ("300", True, False),
        ("500", False, False),
    ]
    taken = [number for number, one in enumerate(found) if one.takes_mine]
    both = merged(mine, theirs, taken)
    assert both == _with(mine, "500", a_field("500", a="A note"))
    assert merged(mine, theirs, taken[1:]) == _with(both, "245", a_field("245", "10", a="Theirs"))


def test_a_changed_leader_is_a_place_of_its_own() -> None:
    mine = MarcRecord(MARC21_LEADER.replace("am", "cm"), ORIGIN.fields)
    (only,) = choices(ORIGIN, mine, ORIGIN)
    assert (only.tag, only.takes_mine, only.is_contested) == ("LDR", True, False)
    assert merged(mine, ORIGIN, [0]) == mine


_RECORDS = st.lists(
    st.builds(
        lambda tag, text: a_field(tag, a=text), st.sampled_from(["100", "245", "650", "700"]), st.text("ab", max_size=2)
    ),
    max_size=6,
).map(lambda fields: MarcRecord(MARC21_LEADER, tuple(fields)))


@given(origin=_RECORDS, mine=_RECORDS, theirs=_RECORDS)
@settings(max_examples=200, deadline=None)
def test_all_of_one_side_is_that_side_but_for_the_order(
    origin: MarcRecord, mine: MarcRecord, theirs: MarcRecord
) -> None:
    found = choices(origin, mine, theirs)
    assert sorted(map(repr, merged(mine, theirs, range(len(found))).fields)) == sorted(map(repr, mine.fields))
    assert sorted(map(repr, merged(mine, theirs, ()).fields)) == sorted(map(repr, theirs.fields))
    assert choices(origin, mine, mine) == ()
    assert merged(mine, mine, ()) == mine
