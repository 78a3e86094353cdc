"""Which encoding the bytes of a source are in: what its records claim is a hint, and the bytes decide.

The single-byte code pages of Cyrillic are told apart by the letters they would give: how common the letters are, how
vowels and consonants follow one another, and whether capitals stand where capitals stand.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from library.marc import marc8

MARC8 = "marc-8"
UTF8 = "utf-8"
ESCAPE = marc8.ESCAPE
CODE_PAGES = ("cp1251", "cp866", "koi8-r")

# RUSMARC 100 $a/26-29 and IRBIS 919 ^N; 01-04 name parts of ISO 646/5426/5427, which no Python codec has.
CLAIMS = {"50": UTF8, "79": "cp866", "89": "cp1251", "99": "koi8-r"}

# What XML 1.0 and PostgreSQL can't hold, and the control characters nobody meant: all but TAB, LF and CR.
UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")

_ASCII = bytes(range(0x80))
_COMMON = "аоеинртлсдкмуыбгпзйяшчвхжюцэўёфьъғқҳөүңщієї"
_RANK = {letter: rank / 8 for rank, letter in enumerate(_COMMON)}
_PUNCTUATION = frozenset("«»„“”‘’–—…№\xa0•§©°")
_ENOUGH_TO_TELL = 8  # fewer bytes of a code page can make characters of UTF-8 by chance
_CP866_OR_UTF8 = re.compile(rb"[\xe0-\xef][\xa0-\xaf]{2}|[\xf0-\xf4][\xa0-\xaf]{3}")
_MARKS = re.compile(rb"([\x1d-\x1f])")
_ACCENT = re.compile(rb"[\xe0-\xfe]+")
_ACCENT_OF_NOTHING = re.compile(rb"[\xe0-\xfe](?![A-Za-z\x80-\xfe])")
_NO_WORDS = 4.0  # words of our languages cost 1 to 2.5 a letter, noise more than 5
_VOWELS = frozenset("аоеиуыяюэёўөүії")
_HIGH_RUN = re.compile(rb"[\x80-\xff]{3,}")
_HIGH_WORD = re.compile(rb"[\x80-\xff]+")
_ENOUGH_FOR_PAGE = 4000


def decode(data: bytes, encoding: str) -> str:
    """The text of record bytes (marks 0x1D-0x1F included) in this encoding; `ValueError` says why it can't be."""
    if encoding != MARC8:
        return data.decode(encoding)
    if data.isascii() and marc8.ESCAPE not in data:
        return data.decode("ascii")
    # MARC-8 goes back to its first character sets at every mark.
    return "".join([_from_marc8(piece) for piece in _MARKS.split(data)])


def _from_marc8(piece: bytes) -> str:
    return piece.decode("ascii") if _MARKS.fullmatch(piece) else marc8.decode(piece)


def is_known(encoding: str) -> bool:
    """Whether records can be decoded from an encoding of this name: it is one of text, and has ASCII in its place."""
    try:
        return encoding == MARC8 or _ASCII.decode(encoding) == _ASCII.decode("ascii")
    except (LookupError, ValueError):
        return False


def is_utf8(data: bytes) -> bool:
    """Whether the bytes are UTF-8 without a fault."""
    try:
        data.decode(UTF8)
    except UnicodeDecodeError:
        return False
    return True


def is_surely_utf8(data: bytes) -> bool:
    """Whether the bytes are UTF-8, and could not be words in cp866 as well."""
    return is_utf8(data) and _not_by_chance(data) > 0


def is_broken_utf8(data: bytes) -> bool:
    """Whether the bytes are UTF-8 but for a few faults: most of those beyond ASCII make whole characters."""
    beyond = len(data.translate(None, _ASCII))
    return _ENOUGH_TO_TELL <= beyond <= _not_by_chance(data) * 2


def _not_by_chance(data: bytes) -> int:
    """How many bytes make characters of UTF-8 beyond ASCII that are no words in cp866, where "ста" is one too."""
    whole = data.decode(UTF8, "ignore").encode()
    return len(_CP866_OR_UTF8.sub(b"", whole).translate(None, _ASCII))


def without_unprintable(text: str) -> str:
    """The text without what can't stand in XML or in the database."""
    return UNPRINTABLE.sub("", text)


def code_page(data: bytes) -> str | None:
    """The Cyrillic code page of the bytes, or None where they don't look like Cyrillic words at all."""
    words = _HIGH_WORD.findall(data[: _ENOUGH_FOR_PAGE * 10])
    sample = b" ".join(words)[:_ENOUGH_FOR_PAGE]
    if not sample or is_broken_utf8(sample):
        return None
    in_runs = sum(map(len, _HIGH_RUN.findall(sample)))
    if in_runs * 2 < len(sample) - sample.count(b" "):
        return None
    costs = {name: _strangeness(sample.decode(name, "replace")) for name in CODE_PAGES}
    best = min(costs, key=costs.__getitem__)
    return best if costs[best] < _NO_WORDS else None


def could_be_marc8(data: bytes) -> bool:
    """Whether the letters make sense in MARC-8: its accents come before their letters, as in no other encoding."""
    try:
        decode(data, MARC8)
    except ValueError:
        return False
    accents = len(_ACCENT.findall(data))
    return len(_ACCENT_OF_NOTHING.findall(data)) * 20 <= accents


def detect(records: Iterable[bytes], *, claims: Iterable[str] = (), marc8_possible: bool) -> str:
    """The encoding of a source, from the bytes of some of its records.

    UTF-8 wins where most records with letters beyond ASCII are UTF-8, a few faults aside; then the Cyrillic code page
    the letters speak for; then MARC-8, where it is possible. Where the bytes don't tell, it is the first claim.
    """
    foreign = [record for record in records if not record.isascii() or (marc8_possible and ESCAPE in record)]
    faulty = [record for record in foreign if record.isascii() or not is_utf8(record)]
    claimed = next(iter(claims), UTF8)
    if not foreign:
        return claimed
    joined = b" ".join(faulty)
    if len(faulty) * 2 <= len(foreign) or is_broken_utf8(joined):
        return UTF8
    if not (marc8_possible and ESCAPE in joined):
        page = code_page(joined)
        if page is not None:
            return page
    if marc8_possible and sum(map(could_be_marc8, faulty)) * 2 >= len(faulty):
        return MARC8
    return claimed


def _strangeness(text: str) -> float:
    """How little the text looks like words in Cyrillic: 0 and above, by letter."""
    cost = 0.0
    before = " "
    for character in text:
        letter = character.lower()
        rank = _RANK.get(letter)
        if rank is None:
            cost += 0.5 if character in _PUNCTUATION or character == " " else _odd(character)
        else:
            cost += rank
            if before.isalpha():
                if character.isupper() and before.islower():
                    cost += 6
                if (letter in _VOWELS) == (before.lower() in _VOWELS):
                    cost += 1.5
        before = character
    return cost / max(len(text), 1)


def _odd(character: str) -> float:
    """What a character costs that is no letter of our languages: letters less than signs of drawing."""
    return 5.0 if unicodedata.category(character).startswith("L") else 8.0
