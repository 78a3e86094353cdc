"""The coded data of UNIMARC (leader, 100, 105, 102, 101) as leader and 008 of MARC 21."""

from __future__ import annotations

from library.domain.marc import MarcRecord
from library.marc.dialects import codes
from library.marc.dialects.irbis_marc21_fields import COUNTRIES

_STATUSES = {"o": "n", "p": "p", "c": "c", "d": "d", "n": "n"}
_TYPES = {"b": "t", "l": "m", "m": "o"}
_KNOWN_TYPES = frozenset("acdefgijkmoprt")
_KNOWN_LEVELS = frozenset("acims")
_DATES = {"a": "c", "b": "d", "c": "u", "d": "s", "e": "r", "f": "q", "g": "m", "h": "t", "i": "p", "j": "e", "u": "n"}
_AUDIENCES = {"a": "j", "b": "a", "c": "b", "d": "c", "e": "d", "k": "f", "m": "e"}
# Contents: bibliography, catalogue, index, abstracts, dictionary … thesis (105 $a/4-7 to 008/24-27).
_CONTENTS = {
    "a": "b", "b": "c", "c": "i", "d": "a", "e": "d", "f": "e", "g": "r", "i": "s", "k": "j", "l": "u", "m": "m",
    "n": "l", "p": "t", "q": "p", "r": "n", "s": "z", "t": "6", "v": "m",
}  # fmt: skip
_LITERARY_FORMS = {
    "a": "1", "b": "d", "c": "e", "d": "h", "e": "i", "f": "j", "g": "p", "h": "s", "y": "0", "z": "m",
}  # fmt: skip
_NO_ATTEMPT = "|"
_LENGTH_100, _LENGTH_105 = 36, 13


def leader(old: str) -> str:
    """The leader; position 18 says that the text carries no ISBD signs."""
    kind = _TYPES.get(old[6], old[6])
    kind = kind if kind in _KNOWN_TYPES else "a"
    level = old[7] if old[7] in _KNOWN_LEVELS else "m"
    part = {"1": "a", "2": "b"}.get(old[8], " ") if level == "m" else " "
    return f"00000{_STATUSES.get(old[5], 'n')}{kind}{level} a2200000 c{part}4500"


def fixed_codes(marc: MarcRecord, new_leader: str) -> str:
    """Field 008, from 100 $a, 102, 105 $a and 101."""
    general = (marc.first("100", "a") or "").ljust(_LENGTH_100)
    entered = general[2:8] if general[:8].isdigit() else "000000"
    country = COUNTRIES.get((marc.first("102", "a") or "").strip().upper(), "xx")
    known = codes.languages([marc.first("101", "a") or ""])
    material = _book_codes(marc, general) if new_leader[6] in "at" and new_leader[7] in "acm" else _NO_ATTEMPT * 17
    return f"{entered}{_dates(general)}{country:<3}{material}{known[0] if known else 'und'} d"


def _dates(general: str) -> str:
    kind = _DATES.get(general[8], "n")
    first, second = (_year(general[place : place + 4]) for place in (9, 13))
    if kind == "n" and not first.strip():
        return "nuuuuuuuu"
    if kind == "c" and not second.strip():
        second = "9999"
    return f"{kind}{first}{second}"


def _year(text: str) -> str:
    """Four characters: digits, "u" for those that are not known, or blanks."""
    if not text.strip():
        return "    "
    return "".join([character if character in "0123456789" else "u" for character in text])


def _book_codes(marc: MarcRecord, general: str) -> str:
    """008/18-34 of a book."""
    text = (marc.first("105", "a") or "").ljust(_LENGTH_105, _NO_ATTEMPT)
    illustrations = "".join([code if code in "abcdefghijklm" else " " for code in text[:4]])
    contents = "".join([_CONTENTS.get(code, "") for code in text[4:8]]).ljust(4)
    conference, festschrift, index = (code if code in "01" else _NO_ATTEMPT for code in text[8:11])
    biography = text[12] if text[12] in "abcd" else " " if text[12] == "y" else _NO_ATTEMPT
    return (
        f"{illustrations}{_AUDIENCES.get(general[17], ' ')} {contents[:4]}{' ' if general[20] == 'y' else _NO_ATTEMPT}"
        f"{conference}{festschrift}{index} {_LITERARY_FORMS.get(text[11], _NO_ATTEMPT)}{biography}"
    )
