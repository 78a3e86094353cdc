"""ISBN and ISSN with right check digits, and the letters of the BBK tables."""

from __future__ import annotations

from library.sample.work import Dice

# Groups of the International ISBN Agency: Uzbekistan (two of them), Kyrgyzstan, and the one of Russian.
_GROUPS_13 = {"uz": ("9943", "9910"), "kg": ("9967", "9967"), "ru": ("5", "5")}
_NEW_UZBEK_GROUP = 2022
_ISBN13_SINCE = 2007
_DIGITS_AFTER_PREFIX = 9
_TITLE_DIGITS = 3
_STEP = 77  # has no divisor in common with 1000, so that all titles get numbers that look unordered and differ
# The tables for scientific libraries have a letter where the middle tables have a number.
_LETTERS = (
    ("22", "В"), ("24", "Г"), ("26", "Д"), ("28", "Е"), ("63", "Т"), ("65", "У"), ("67", "Х"), ("85", "Щ"),
    ("86", "Э"), ("87", "Ю"), ("88", "Ю9"), ("4", "П"), ("5", "Р"), ("7", "Ч"), ("8", "Ш"),
)  # fmt: skip


def isbn(country: str, year: int, publisher: str, number: int) -> str:
    """An ISBN as a publisher of "uz", "kg" or "ru" printed it in that year: 13 digits since 2007, 10 before.

    Another `number`, up to 999, gives another ISBN.
    """
    group = _GROUPS_13[country][year >= _NEW_UZBEK_GROUP]
    if year < _ISBN13_SINCE and country == "uz":
        group = "5"  # the agency of the USSR went on to number books of Uzbekistan
    free = _DIGITS_AFTER_PREFIX - len(group) - _TITLE_DIGITS
    prefix = Dice(publisher).number(10 ** (free - 1), 10**free - 1)
    title = number * _STEP % 10**_TITLE_DIGITS
    body = f"{group}-{prefix}-{title:0{_TITLE_DIGITS}}"
    plain = body.replace("-", "")
    if year < _ISBN13_SINCE:
        total = sum(weight * int(digit) for weight, digit in zip(range(10, 1, -1), plain, strict=True))
        check = (11 - total % 11) % 11
        return f"{body}-{'X' if check == 10 else check}"  # noqa: PLR2004  (ISO 2108: ten is written X)
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate("978" + plain))
    return f"978-{body}-{-total % 10}"


def issn(number: int) -> str:
    """An ISSN from 7990-0000 on, far from those in use."""
    digits = f"7990{number:03}"
    total = sum(weight * int(digit) for weight, digit in zip(range(8, 1, -1), digits, strict=True))
    check = -total % 11
    return f"{digits[:4]}-{digits[4:]}{'X' if check == 10 else check}"  # noqa: PLR2004  (ISO 3297)


def lettered(bbk: str) -> str:
    """The index in the notation of the tables for scientific libraries; as it is where they have no letter for it."""
    for number, letter in _LETTERS:
        if bbk.startswith(number):
            return letter + bbk[len(number) :].lstrip(".")
    return bbk
