"""MARC-8 to Unicode by the code tables of pymarc, without losing anything in silence.

The Library of Congress, "MARC 21 Specifications for Record Structure, Character Sets, and Exchange Media", part 3.
pymarc's own converter drops control characters and combining marks at the end of a field, and writes what it does not
know to the standard error output as blanks; here each of these is a `ValueError` that says where.
"""

from __future__ import annotations

import unicodedata

from pymarc.marc8_mapping import CODESETS, ODD_MAP

ESCAPE = 0x1B
_BASIC_LATIN = 0x42
_ANSEL = 0x45
_EAST_ASIAN = 0x31
_SINGLE_LETTER_SETS = {0x67: 0x67, 0x62: 0x62, 0x70: 0x70, 0x73: _BASIC_LATIN}
_TO_G0 = {0x28, 0x2C}  # ( ,
_TO_G1 = {0x29, 0x2D}  # ) -
_MULTIBYTE = 0x24  # $
_ANSEL_FINAL_PREFIX = 0x21  # ESC ( ! E
_SPACE = 0x20
_DELETE = 0x7F
_C1_END = 0xA0


def decode(data: bytes) -> str:
    """The text of one subfield in MARC-8, in Unicode's composed form (NFC); `ValueError` says what can't be decoded."""
    if data.isascii() and ESCAPE not in data:
        return data.decode("ascii")
    out: list[str] = []
    combining: list[str] = []
    g0, g1 = _BASIC_LATIN, _ANSEL
    position = 0
    while position < len(data):
        byte = data[position]
        if byte == ESCAPE:
            g0, g1, position = _escape(data, position, g0, g1)
            continue
        if byte < _SPACE or (_DELETE <= byte < _C1_END and byte not in CODESETS[_ANSEL]):
            out.append(chr(byte))
            position += 1
            continue
        current = g1 if byte > _DELETE else g0
        width = 3 if current == _EAST_ASIAN and byte != _SPACE else 1
        character, is_combining = _character(data[position : position + width], current, position)
        position += width
        if is_combining:
            combining.append(character)
        else:
            out.append(character)
            out += combining
            combining.clear()
    return unicodedata.normalize("NFC", "".join(out + combining))


def _escape(data: bytes, position: int, g0: int, g1: int) -> tuple[int, int, int]:
    """The sets in force after the escape sequence that starts at `position`, and where it ends."""
    sequence = data[position + 1 : position + 5]
    kind = sequence[:1]
    if kind and kind[0] in _SINGLE_LETTER_SETS:
        return _SINGLE_LETTER_SETS[kind[0]], g1, position + 2
    length = 1
    if kind and kind[0] == _MULTIBYTE:
        kind = sequence[1:2]
        length = 2 if kind and kind[0] in _TO_G0 | _TO_G1 else 1
    is_g1 = bool(kind) and kind[0] in _TO_G1
    if not is_g1 and length == 1 and sequence[:1] != b"$" and not (kind and kind[0] in _TO_G0):
        raise ValueError(f"unknown escape sequence at byte {position + 1}")
    if sequence[length : length + 1] == bytes([_ANSEL_FINAL_PREFIX]):
        length += 1
    final = sequence[length : length + 1]
    if not final or final[0] not in CODESETS:
        raise ValueError(f"unknown character set in the escape sequence at byte {position + 1}")
    end = position + 2 + length
    return (g0, final[0], end) if is_g1 else (final[0], g1, end)


def _character(code: bytes, charset: int, position: int) -> tuple[str, bool]:
    """The character of this code, and whether it goes above or below the next letter."""
    number = int.from_bytes(code, "big")
    if number == _SPACE:
        return " ", False
    table = CODESETS[charset]
    if number not in table and charset != _EAST_ASIAN:
        # A set drawn up for one half of the code table may be called to the other.
        number ^= 0x80
    if number in table:
        value, is_combining = table[number]
        return chr(value), bool(is_combining)
    if int.from_bytes(code, "big") in ODD_MAP:
        return chr(ODD_MAP[int.from_bytes(code, "big")]), False
    raise ValueError(f"no character {code.hex(' ').upper()} at byte {position + 1}")
