"""Nobody without the key touches the journal unseen, and it is said what was touched."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from library.domain.journal import FIRST_HASH, Deed, Entry, Line, sealed_line
from library.domain.journal_proof import Anchor, Fault, FaultKind, Proof, Verdict

KEY = b"k" * 32
BEGAN = datetime(2026, 9, 1, 9, tzinfo=UTC)
FACES = ("at", "actor", "actor_name", "deed", "object", "before", "after", "hash")


def _journal(length: int, key: bytes = KEY) -> list[Line]:
    lines: list[Line] = []
    for seq in range(1, length + 1):
        entry = Entry(
            seq=seq,
            at=BEGAN + timedelta(minutes=seq),
            actor=f"person:{seq % 3}",
            actor_name="Nodira",
            deed=Deed.WORK_SAVED,
            object=f"record:{seq % 4}",
            before={},
            after={"title": "Сув"},
        )
        lines.append(sealed_line(key, lines[-1].hash if lines else FIRST_HASH, entry))
    return lines


def _verdict(lines: Iterable[Line], anchors: Sequence[Anchor] = (), key: bytes = KEY) -> Verdict:
    proof = Proof(key, anchors)
    for line in lines:
        proof.take(line)
    return proof.verdict()


def _told(lines: Iterable[Line], anchors: Sequence[Anchor] = (), key: bytes = KEY) -> list[tuple[str, int, int]]:
    return [(fault.kind.value, fault.first, fault.last) for fault in _verdict(lines, anchors, key).faults]


def _anchored(line: Line) -> Anchor:
    return Anchor(at=BEGAN, seq=line.seq, hash=line.hash)


def _renumbered(lines: Sequence[Line]) -> list[Line]:
    return [replace(line, seq=seq) for seq, line in enumerate(lines, 1)]


def _forged(line: Line) -> Line:
    return replace(line, actor_name="Nobody", hash=secrets.token_hex(32))


@pytest.mark.parametrize("length", [0, 1, 2, 1_000])
def test_an_untouched_journal_is_whole(length: int) -> None:
    lines = _journal(length)
    verdict = _verdict(lines, [_anchored(line) for line in lines[::100]])
    assert verdict.is_whole
    assert (verdict.entries, verdict.last) == (length, length)


def test_a_changed_entry_is_named() -> None:
    lines = _journal(9)
    lines[4] = replace(lines[4], actor="person:7")
    assert _told(lines) == [("changed", 5, 5)]


def test_a_changed_seal_is_named_alone() -> None:
    lines = _journal(9)
    lines[4] = replace(lines[4], hash="0" * 64)
    assert _told(lines) == [("changed", 5, 5)]


def test_a_few_changed_entries_in_a_row_are_told_together() -> None:
    lines = _journal(9)
    for place in (3, 4, 5):
        lines[place] = replace(lines[place], after='{"title":"Suv"}')
    assert _told(lines) == [("changed", 4, 6)]


def test_an_entry_taken_out_is_missing() -> None:
    lines = _journal(9)
    del lines[4:6]
    assert _told(lines) == [("missing", 5, 6)]


def test_an_entry_taken_out_is_missing_when_the_later_ones_were_renumbered_too() -> None:
    lines = _journal(9)
    del lines[4]
    faults = _verdict(_renumbered(lines)).faults
    assert faults == (
        Fault(kind=FaultKind.MISSING, first=5, last=5),
        Fault(kind=FaultKind.RENUMBERED, first=6, last=8, own=7),
    )


def test_an_entry_put_in_is_told_from_the_ones_that_were_moved_for_it() -> None:
    lines = _journal(9)
    lines[4:4] = [_forged(lines[4])]
    faults = _verdict(_renumbered(lines)).faults
    assert faults == (
        Fault(kind=FaultKind.ADDED, first=5, last=5),
        Fault(kind=FaultKind.RENUMBERED, first=6, last=10, own=5),
    )


def test_an_entry_put_in_before_the_first_is_told() -> None:
    lines = _journal(3)
    assert _told([replace(_forged(lines[0]), seq=0), *lines]) == [("added", 0, 0)]


def test_an_entry_put_in_at_the_end_is_told() -> None:
    lines = _journal(3)
    assert _told([*lines, replace(_forged(lines[2]), seq=4)]) == [("changed", 4, 4)]


@pytest.mark.parametrize(("one", "other"), [(2, 7), (3, 4), (1, 2), (1, 9), (4, 6)])
def test_two_entries_that_changed_places_are_told_with_their_own_numbers(one: int, other: int) -> None:
    lines = _journal(9)
    first, second = lines[one - 1], lines[other - 1]
    lines[one - 1], lines[other - 1] = replace(second, seq=one), replace(first, seq=other)
    assert _verdict(lines).faults == (
        Fault(kind=FaultKind.MOVED, first=one, last=one, own=other),
        Fault(kind=FaultKind.MOVED, first=other, last=other, own=one),
    )


def test_a_cut_end_is_seen_by_what_was_noted_outside_alone() -> None:
    lines = _journal(9)
    assert _told(lines[:6]) == []
    assert _told(lines[:6], [_anchored(lines[3])]) == []
    assert _told(lines[:6], [_anchored(lines[3]), _anchored(lines[8])]) == [("cut", 7, 9)]
    assert _told([], [_anchored(lines[8])]) == [("cut", 1, 9)]


def test_a_journal_written_anew_with_the_key_is_seen_by_what_was_noted_outside() -> None:
    lines, others = _journal(9), _journal(9)
    others[4] = replace(others[4], actor="person:7")
    former = others[3].hash
    for place in range(4, 9):
        others[place] = replace(others[place], hash=others[place].link(KEY, former, place + 1))
        former = others[place].hash
    assert _told(others) == []
    assert _told(others, [_anchored(lines[2]), _anchored(lines[5]), _anchored(lines[8])]) == [("rewritten", 6, 9)]


def test_another_key_is_told_as_such() -> None:
    lines = _journal(50)
    assert _told(lines, key=b"x" * 32) == [("wrong-key", 1, 50)]


def test_a_key_that_was_replaced_is_told_with_the_entries_of_the_old_one() -> None:
    lines = _journal(20)
    for seq in range(21, 31):
        line = replace(lines[3], seq=seq)
        lines.append(replace(line, hash=line.link(b"x" * 32, lines[-1].hash, seq)))
    assert _told(lines, key=b"x" * 32) == [("wrong-key", 1, 20)]
    assert _told(lines) == [("changed", 21, 30)]


def test_faults_without_end_are_counted() -> None:
    lines = _journal(1_001)
    verdict = _verdict(lines[::2])
    assert len(verdict.faults) + verdict.more_faults == 500
    assert verdict.faults[0] == Fault(kind=FaultKind.MISSING, first=2, last=2)


@pytest.mark.parametrize(
    "text", ["", "x", "2026-09-01T09:00:00+00:00 7", "2026-09-01T09:00:00+00:00 7 " + "g" * 64, "7 " + "a" * 64]
)
def test_what_is_no_anchor_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="time, number, link"):
        Anchor.parse(text)


def test_an_anchor_survives_being_written() -> None:
    anchor = _anchored(_journal(3)[2])
    assert Anchor.parse(f" {anchor}\r\n") == anchor


@settings(max_examples=300, deadline=None)
@given(data=st.data(), length=st.integers(1, 25))
def test_any_one_change_of_a_line_is_found(data: st.DataObject, length: int) -> None:
    lines = _journal(length)
    place = data.draw(st.integers(0, length - 1))
    name = data.draw(st.sampled_from(FACES))
    text = data.draw(st.text(max_size=8))
    assume(text != getattr(lines[place], name))
    lines[place] = replace(lines[place], **{name: text})  # type: ignore[arg-type]
    assert _told(lines) == [("changed", place + 1, place + 1)]


@settings(max_examples=200, deadline=None)
@given(data=st.data(), length=st.integers(2, 25))
def test_any_lines_taken_out_put_in_or_moved_are_found(data: st.DataObject, length: int) -> None:
    lines = _journal(length)
    head = _anchored(lines[-1])
    others = list(lines)
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, max(0, len(others) - 1)))
        match data.draw(st.sampled_from(["out", "in", "move"])):
            case "out" if others:
                del others[place]
            case "in":
                others.insert(place, data.draw(st.sampled_from([_forged(lines[0]), *lines])))
            case _ if others:
                others.insert(data.draw(st.integers(0, len(others) - 1)), others.pop(place))
    others = _renumbered(others)
    assume(others != lines)
    assert _told(others, [head])


@settings(max_examples=100, deadline=None)
@given(data=st.data(), length=st.integers(1, 25))
def test_any_subset_of_the_lines_is_found(data: st.DataObject, length: int) -> None:
    lines = _journal(length)
    kept = data.draw(st.lists(st.sampled_from(range(length)), unique=True, max_size=length - 1))
    assert _told([lines[place] for place in sorted(kept)], [_anchored(lines[-1])])
