from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from library.domain.errors import NotExpressible
from library.domain.marc import MarcRecord
from library.marc.irbis import iso, text, values
from library.marc.source import ReadRecord

_VALUE = st.text(
    alphabet=st.one_of(
        st.sampled_from("^ "), st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")
    ),
    max_size=30,
)
_FIELDS = st.lists(st.tuples(st.integers(1, 999), _VALUE), min_size=1, max_size=8)


def _raw(*entries: tuple[str, bytes]) -> bytes:
    """A record as IRBIS writes it, of tags and the bytes of fields without their end."""
    directory, data = "", b""
    for tag, body in entries:
        directory += f"{tag}{len(body) + 1:04d}{len(data):05d}"
        data += body + b"\x1e"
    base = 25 + len(directory)
    head = f"{base + len(data) + 1:05d}nam2 22{base:05d} i 450 {directory}\x1e"
    return head.encode() + data + b"\x1d"


@settings(max_examples=150, deadline=None)
@given(fields=_FIELDS)
def test_what_is_written_is_read_again(fields: list[tuple[int, str]]) -> None:
    marc = MarcRecord(values.LEADER, tuple(values.field(tag, value) for tag, value in fields))
    assert iso.decode(iso.encode(marc), "utf-8") == marc


def test_a_record_is_the_same_whichever_way_it_came(catalogue: list[ReadRecord]) -> None:
    for item in catalogue:
        short = item.marc.with_fields(field for field in item.marc.fields if len(field.tag) <= 3)
        assert iso.decode(iso.encode(short), "utf-8") == short
        assert text.record_key(iso.decode(iso.encode(short), "utf-8")) == text.record_key(short)


def test_fields_without_subfields_are_read_in_either_encoding(record: Callable[..., MarcRecord]) -> None:
    for encoding in ("cp1251", "utf-8"):
        raw = _raw(
            ("001", b"17"), ("010", b"  \x1fa5-02"), ("610", "  картирование".encode(encoding)), ("920", b"  PAZK")
        )
        expected = record((1, "17"), (10, "^a5-02"), (610, "картирование"), (920, "PAZK"))
        assert iso.decode(raw, encoding) == expected


def test_the_bytes_are_those_of_irbis(record: Callable[..., MarcRecord]) -> None:
    raw = iso.encode(record((1, "17"), (200, "^AТоо^Eроман"), (920, "PAZK")))
    assert raw == _raw(("001", b"17"), ("200", "  \x1fAТоо\x1fEроман".encode()), ("920", b"  PAZK"))
    assert raw[:24] == f"{len(raw):05d}nam2 2200061 i 450 ".encode()


def test_two_blanks_are_indicators_and_more_are_text(record: Callable[..., MarcRecord]) -> None:
    raw = _raw(("300", b"   a"), ("005", b"  b"), ("610", b"1 \x1fAc"))
    assert iso.decode(raw, "utf-8") == record((300, " a"), (5, "  b"), (610, "1 ^Ac"))


def test_a_directory_that_lies_is_replaced_by_the_marks(record: Callable[..., MarcRecord]) -> None:
    raw = (
        _raw(("200", b"  \x1fAone"), ("610", b"  two")).replace(b"0200009", b"0200008").replace(b"6100006", b"6100016")
    )
    assert iso.decode(raw, "utf-8") == record((200, "^Aone"), (610, "two"))


def test_fields_may_stand_in_another_order_than_their_entries(record: Callable[..., MarcRecord]) -> None:
    raw = _raw(("200", b"  one"), ("610", b"  two"))
    swapped = raw[:24] + raw[36:48] + raw[24:36] + raw[48:]
    assert iso.decode(swapped, "utf-8") == record((610, "two"), (200, "one"))


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "shorter than a leader"),
        (b"0" * 30, "its directory is broken"),
        (b"0" * 24 + b"200000600\x1e  a\x1e\x1d", "its directory is broken"),
        (b"0" * 24 + b"20X000600000\x1e  a\x1e\x1d", "its directory is broken"),
        (b"0" * 24 + b"200000900000\x1e  a\x1e  b\x1e\x1d", "names 1 fields, but it has 2"),
        (_raw(("200", b"  \xd2\xff")), "field 200 holds bytes that are no letters in utf-8"),
    ],
)
def test_a_record_that_cannot_be_read_for_certain_says_why(raw: bytes, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        iso.decode(raw, "utf-8")


@settings(max_examples=150, deadline=None)
@given(place=st.integers(0, 10**6), byte=st.integers(0, 255), cut=st.integers(0, 40))
def test_a_spoilt_record_is_read_or_refused(place: int, byte: int, cut: int) -> None:
    raw = bytearray(_raw(("200", "  \x1fAСай".encode()), ("610", b"  suv"), ("920", b"  PAZK")))
    raw[place % len(raw)] = byte
    assert _verdict(bytes(raw[: len(raw) - cut]))


def _verdict(raw: bytes) -> str:
    """The leader of the record, or why it can't be read; any other exception than a plain `ValueError` is a fault."""
    try:
        return iso.decode(raw, "utf-8").leader
    except UnicodeDecodeError:
        raise
    except ValueError as error:
        return str(error)


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ([(1119, "guid")], "from 1 to 999"),
        ([(331, "ш" * 4999)], "Field 331 has 10001 bytes; ISO 2709 allows 9999."),
        ([(610, "s" * 9000)] * 12, "ISO 2709 allows 99999"),
        ([(200, "a\x1eb")], "marks of ISO 2709"),
    ],
)
def test_what_does_not_fit_is_refused(
    record: Callable[..., MarcRecord], fields: list[tuple[int, str]], reason: str
) -> None:
    with pytest.raises(NotExpressible, match=reason):
        iso.encode(record(*fields))


def test_what_just_fits_is_written(record: Callable[..., MarcRecord]) -> None:
    field = record((331, "s" * 9996))
    assert iso.decode(iso.encode(field), "utf-8") == field
    whole = record(*[(610, "s" * 9000)] * 11, (300, "s" * 793))
    assert len(iso.encode(whole)) == 99_999
    with pytest.raises(NotExpressible, match="100000 bytes"):
        iso.encode(record(*[(610, "s" * 9000)] * 11, (300, "s" * 794)))
