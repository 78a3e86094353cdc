"""Class numbers as printed, and the classes one can browse by: UDC, and BBK in its letters and in its numbers."""

from __future__ import annotations

import re

from indexer.analysis import split_notation
from indexer.folding import surface

# Second-level classes of UDC that have three figures.
_UDC_LONG = ("004", "902", "908", "929")
_UDC_NUMBER = re.compile(r"(?<![\d.])\d+(?:\.\d+)*")
# Language, form, place and time stand in signs of their own and are not classes.
_UDC_AUXILIARY = re.compile(r"\([^)]*\)?|\"[^\"]*\"?|=[\d.'`-]*|-\d+")
_UDC_JOINED = re.compile(r"[:+/\[\];,\s]+")

# Letters of the scientific tables and the numbers of the middle tables that mean the same.
_BBK_NUMBERS: dict[str, tuple[str, ...]] = {
    "а": ("А",), "б": ("20",), "в": ("22",), "г": ("24",), "д": ("26",), "е": ("28",), "ж": ("30",),
    "з": ("31", "32"), "и": ("33",), "к": ("34",), "л": ("35", "36"), "м": ("37",), "н": ("38",), "о": ("39",),
    "п": ("4",), "р": ("5",), "с": ("60",), "т": ("63",), "у": ("65",), "ф": ("66",), "х": ("67",), "ц": ("68",),
    "ч": ("7",), "ш": ("8",), "щ": ("85",), "э": ("86",), "ю": ("87", "88"), "я": ("9",),
}  # fmt: skip
_BBK_MAIN = tuple(
    sorted({numbers[0] for numbers in _BBK_NUMBERS.values()} | {"32", "36", "88"}, key=lambda main: (-len(main), main))
)
_BBK_SAME_CLASS = {"32": "31", "36": "35", "88": "87"}
# Literature, general works, and printing and libraries are divided differently in the two tables.
_BBK_DIVIDED_ALIKE = re.compile(r"[бвгдежикмнопрстуфхцщэ]\d|ч[12456]")
_BBK_LETTER = re.compile(r"([а-щэюя])(\d*)")
_BBK_FIGURES = re.compile(r"\d+(?:\.\d+)*")
# A Latin letter typed for the Cyrillic one that looks like it.
_LOOKALIKES = str.maketrans("abcekmhopty", "авсекмнорту")


def udc_classes(notation: str) -> tuple[str, ...]:
    """The main class and the class under it, for each number a notation joins: 37:004.8 is 3, 37, 0 and 004."""
    classes: list[str] = []
    for part in _UDC_JOINED.split(_UDC_AUXILIARY.sub(" ", notation)):
        if not (number := _UDC_NUMBER.match(part)):
            continue
        figures = number[0].replace(".", "")
        second = next((long for long in _UDC_LONG if figures.startswith(long)), figures[:2])
        classes += [figures[0], second] if second != figures[0] else [figures[0]]
    return tuple(dict.fromkeys(classes))


def bbk_classes(notation: str) -> tuple[str, ...]:
    """The main class and the class under it, in the numbers of the middle tables, whichever notation is printed.

    В161 and 22.161 are both 22 and 22.1. Energy and radio (31, 32), chemistry and food (35, 36), philosophy and
    psychology (87, 88) have one letter and so are one class. А has no number and stays.
    """
    text = surface(notation.strip())
    if letter := _BBK_LETTER.match(text.translate(_LOOKALIKES)):
        return _of_letter(letter[1], letter[2])
    number = _BBK_FIGURES.match(text)
    whole = number[0].replace(".", "") if number else ""
    main = next((main for main in _BBK_MAIN if whole.startswith(main)), None)
    if main is None:
        return ()
    shown = _BBK_SAME_CLASS.get(main, main)
    rest = whole[len(main) :]
    return (shown, _second(main, rest[0])) if rest and main == shown else (shown,)


def _of_letter(letter: str, figures: str) -> tuple[str, ...]:
    main = _BBK_NUMBERS.get(letter, ("",))[0]
    if not main:
        return ()
    if figures and len(_BBK_NUMBERS[letter]) == 1 and _BBK_DIVIDED_ALIKE.match(letter + figures):
        return (main, _second(main, figures[0]))
    return (main,)


def _second(main: str, figure: str) -> str:
    return main + figure if len(main) == 1 else f"{main}.{figure}"


def bbk_words(notation: str) -> list[str]:
    """What a notation is found by: its parts and its classes, as surfaces."""
    return [*split_notation(notation), *map(surface, bbk_classes(notation))]


def bbk_asked(word: str) -> tuple[str, ...]:
    """The beginnings of a notation a reader means by one word: В1 is В1 and, as a class, 22.1."""
    letter = _BBK_LETTER.fullmatch(word.translate(_LOOKALIKES))
    if letter is None or len(letter[2]) > 1:
        return (word,)
    return (word, *map(surface, _of_letter(letter[1], letter[2])[-1:]))
