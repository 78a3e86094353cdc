"""Bytes whose encoding is claimed wrongly, rightly, or not at all."""

import contextlib
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from library.marc import encodings, marc8
from library.marc.source import ReadRecord, RejectedRecord

Read = Callable[..., list[ReadRecord | RejectedRecord]]

# Titles as they stand in catalogues; letters that a code page lacks are written with their neighbours, as they were.
RUSSIAN = ["Основы экономической теории", "ВЫСШАЯ МАТЕМАТИКА", "Химия", "Щербаков Ю. М.", "Ёлки", "Учебник для вузов"]
UZBEK = [
    "Узбекистон тарихи",
    "Иктисодиёт назарияси асослари",
    "Адабиёт",
    "УКУВ КУЛЛАНМА",
    "Ёш олимлар",
    "XX аср шеърияти",
]
KYRGYZ = [
    "Кыргыз тилинин грамматикасы",
    "ОКУУ КИТЕБИ",
    "Жусупов Ж. М.",
    "Кыргыз Республикасынын экономикасы",
    "Айыл чарба",
]
CODE_PAGES = ["cp1251", "cp866", "koi8-r"]


@pytest.mark.parametrize("encoding", CODE_PAGES)
@pytest.mark.parametrize("title", RUSSIAN + UZBEK + KYRGYZ)
def test_a_short_title_shows_its_code_page(title: str, encoding: str):
    assert encodings.code_page(title.encode(encoding)) == encoding


def test_uzbek_letters_that_only_one_code_page_has_do_not_mislead():
    assert encodings.code_page("Ўзбек халқ эртаклари, ўн жилд".replace("қ", "к").encode("cp1251")) == "cp1251"
    assert encodings.code_page("Ўзбек халк эртаклари, ўн жилд".encode("cp866")) == "cp866"


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(RUSSIAN + UZBEK + KYRGYZ), min_size=3, max_size=12), st.sampled_from(CODE_PAGES))
def test_any_mixture_of_titles_shows_its_code_page(titles: list[str], encoding: str):
    assert encodings.code_page(" / ".join(titles).encode(encoding)) == encoding


@pytest.mark.parametrize("text", ["plain ASCII", "Zürich, déjà vu", ""])
def test_what_is_no_cyrillic_has_no_code_page(text: str):
    assert encodings.code_page(text.encode("latin-1")) is None


def test_utf8_with_a_fault_is_not_taken_for_a_code_page():
    broken = "Фаргона давлат университети".encode()[:-1] + b" 1990"
    assert encodings.code_page(broken) is None
    assert encodings.is_broken_utf8(broken)
    assert encodings.detect([broken], marc8_possible=True) == "utf-8"


def in_encoding(title: str, encoding: str, flag: bytes = b"a", tag: str = "245") -> bytes:
    """A record in ISO 2709 with this title in this encoding."""
    body = b"1 \x1fa" + title.encode(encoding) + b"\x1e"
    base = 24 + 12 + 1
    head = (
        f"{base + len(body) + 1:05d}nam ".encode()
        + flag
        + b"22"
        + f"{base:05d}   4500{tag}{len(body):04d}00000".encode()
    )
    return head + b"\x1e" + body + b"\x1d"


def titles(outcome: list[ReadRecord | RejectedRecord], tag: str = "245") -> list[str]:
    return [item.marc.first(tag, "a") or "" if isinstance(item, ReadRecord) else "-" for item in outcome]


@pytest.mark.parametrize("encoding", CODE_PAGES)
@pytest.mark.parametrize("flag", [b"a", b" "], ids=["declared as UTF-8", "declared as MARC-8"])
def test_a_wrong_claim_is_overruled_by_the_letters(encoding: str, flag: bytes, read_bytes: Read):
    data = b"".join(in_encoding(title, encoding, flag) for title in RUSSIAN)
    assert titles(read_bytes(data)) == RUSSIAN


@pytest.mark.parametrize("encoding", CODE_PAGES)
def test_rusmarc_without_any_claim_is_read_by_its_letters(encoding: str, read_bytes: Read):
    data = b"".join(in_encoding(title, encoding, b" ", "200") for title in UZBEK + KYRGYZ)
    assert titles(read_bytes(data), "200") == UZBEK + KYRGYZ


def test_utf8_without_its_flag_is_read_and_said(read_bytes: Read):
    outcome = read_bytes(in_encoding("Қўқон", "utf-8", b" "))
    assert titles(outcome) == ["Қўқон"]
    assert isinstance(outcome[0], ReadRecord)
    assert "read as utf-8" in str(outcome[0].warnings[0])


def test_a_stranger_in_a_utf8_file_is_read_another_way_and_said(read_bytes: Read):
    data = b"".join(in_encoding(title, "utf-8") for title in UZBEK) + in_encoding(RUSSIAN[0], "cp1251")
    outcome = read_bytes(data)
    assert titles(outcome) == [*UZBEK, RUSSIAN[0]]
    assert [bool(item.warnings) for item in outcome if isinstance(item, ReadRecord)] == [False] * 6 + [True]


def test_a_stranger_in_a_cp1251_file_is_read_another_way_and_said(read_bytes: Read):
    long_title = "Очерки истории народов Средней Азии и Казахстана с древнейших времён"
    data = b"".join(in_encoding(title, "cp1251") for title in RUSSIAN)
    outcome = read_bytes(data + in_encoding(long_title, "koi8-r") + in_encoding("Навоий", "utf-8"))
    assert titles(outcome) == [*RUSSIAN, long_title, "Навоий"]
    assert [bool(item.warnings) for item in outcome if isinstance(item, ReadRecord)] == [False] * 6 + [True, True]


def test_a_record_that_fits_nowhere_is_rejected_and_the_byte_is_named(read_bytes: Read):
    broken = in_encoding("Фан ва турмуш", "utf-8").replace("т".encode(), b"\xd1", 1)
    outcome = read_bytes(in_encoding("Фан", "utf-8") + broken + in_encoding("Турмуш", "utf-8"))
    assert titles(outcome) == ["Фан", "-", "Турмуш"]
    assert isinstance(outcome[1], RejectedRecord)
    assert "field 245 is not in utf-8: byte D1" in str(outcome[1].reason)
    assert outcome[1].raw == broken


def test_the_encoding_can_be_forced(read_bytes: Read):
    data = in_encoding("Café à Genève", "latin-1", b"a")
    assert titles(read_bytes(data)) == ["-"]
    assert titles(read_bytes(data, encoding="latin-1")) == ["Café à Genève"]


def test_letters_late_in_a_large_file_still_count(read_bytes: Read):
    plain = in_encoding("Plain title", "ascii", b" ", "200") * 20_000
    outcome = read_bytes(plain + in_encoding(RUSSIAN[0], "cp866", b" ", "200"))
    assert titles(outcome[-1:], "200") == [RUSSIAN[0]]


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"plain", "plain"),
        (b"\xe2etudes", "études"),
        (b"\xe8uber", "über"),
        (b"\xb9 5", "£ 5"),
        (b"\x1b(NkNIGA\x1b(B 2", "Книга 2"),
        (b"Namo\xe5a", "Namoā"),
        (b"H\x1bb2\x1bsO", "H₂O"),
        (b"\x1bga\x1bs-ray", "α-ray"),
        (b"a\xe2", "á"),
        (b"\x1b$1\x21\x30\x21\x1b(B.", "一."),
    ],
)
def test_marc8_becomes_unicode(data: bytes, text: str):
    assert marc8.decode(data) == text


@pytest.mark.parametrize(
    "data", [b"\x1bx", b"\x1b", b"\x1b(", b"\x1b(Q!", b"\x1b$1\x21", b"\xff", b"\x1b$1{69", b"\xc9"], ids=repr
)
def test_marc8_that_means_nothing_is_said_and_not_lost(data: bytes):
    with pytest.raises(ValueError, match=r"byte|character"):
        marc8.decode(b"title " + data)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=40))
def test_marc8_never_fails_otherwise(data: bytes):
    with contextlib.suppress(ValueError):
        assert isinstance(marc8.decode(data), str)


def test_a_bad_escape_costs_its_record_only(read_bytes: Read):
    bad = in_encoding("bad \x1bx escape", "ascii", b" ")
    outcome = read_bytes(in_encoding("Good one", "ascii", b" ") + bad + in_encoding("Good two", "ascii", b" "))
    assert titles(outcome) == ["Good one", "-", "Good two"]
    assert "escape" in str(outcome[1].reason) if isinstance(outcome[1], RejectedRecord) else False
