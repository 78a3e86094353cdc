"""Draws who is reading, and when, into the image of a page: repeated, aslant, half transparent.

Runs in the child that draws. Every part of the page as large as a few lines has a stamp on it, so that none can be cut
out without one; each is grey with a pale edge, so that it is seen on paper and on pictures, and what is under it is
still read.
"""

from __future__ import annotations

import unicodedata
from collections import OrderedDict
from io import BytesIO
from itertools import count

from PIL import Image

from indexer.extraction.typesetting import Typesetting

LONGEST_NAME, LONGEST_CARD = 40, 24
_LONGEST_LOOKED_AT = 400
_MOST_MARKS_ON_LETTER = 2
# The size of the type: this part of the page's shorter side, and never below this many pixels.
_PART, _SMALLEST = 52, 8
_GREY, _EDGE = (70, 70, 70), (255, 255, 255)
_GREY_STRENGTH, _EDGE_STRENGTH = 0.24, 0.30
# How far apart stamps are, as parts of their width and height; every second row begins half a step further.
_ACROSS, _DOWN = 1.05, 0.85
_REMEMBERED = 16


class Marking:
    """Marks images; the last few stamps are remembered, for a reader turns pages faster than the minutes pass."""

    def __init__(self, typesetting: Typesetting) -> None:
        self._typesetting = typesetting
        self._stamps: OrderedDict[tuple[tuple[str, str], int], Image.Image] = OrderedDict()

    def mark(self, page: Image.Image, lines: tuple[str, str]) -> None:
        """Draw the two lines all over an RGB image, in place."""
        stamp = self._stamp(lines, max(min(page.size) // _PART, _SMALLEST))
        across, down = max(int(stamp.width * _ACROSS), 1), max(int(stamp.height * _DOWN), 1)
        for row in count():
            top = row * down - stamp.height // 2
            if top >= page.height:
                break
            for left in range(-stamp.width // 4 - (row % 2) * across // 2, page.width, across):
                page.paste(stamp, (left, top), stamp)

    def _stamp(self, lines: tuple[str, str], pixels: int) -> Image.Image:
        key = (lines, pixels)
        if key not in self._stamps:
            self._stamps[key] = self._draw(lines, pixels)
        self._stamps.move_to_end(key)
        while len(self._stamps) > _REMEMBERED:
            self._stamps.popitem(last=False)
        return self._stamps[key]

    def _draw(self, lines: tuple[str, str], pixels: int) -> Image.Image:
        with Image.open(BytesIO(self._typesetting.stamp(lines, pixels)), formats=("PNG",)) as words:
            letters = words.convert("RGBA").getchannel("A")
        edge = max(pixels // 16, 1)
        size = (letters.width + edge, letters.height + edge)
        stamp = Image.new("RGBA", size, (*_EDGE, 0))
        for colour, strength, place in ((_EDGE, _EDGE_STRENGTH, edge), (_GREY, _GREY_STRENGTH, 0)):
            layer = Image.new("RGBA", size, (*colour, 0))
            layer.paste((*colour, 255), (place, place, place + letters.width, place + letters.height), letters)
            layer.putalpha(layer.getchannel("A").point([int(value * strength) for value in range(256)]))
            stamp = Image.alpha_composite(stamp, layer)
        return stamp


def lines_of(name: str, card: str, time: str) -> tuple[str, str]:
    """The two lines of a stamp; whatever stands in the name or the number can't hide, turn round or drown the rest."""
    return shortened(name, LONGEST_NAME) or "—", f"{shortened(card, LONGEST_CARD) or '—'} · {time}"


def shortened(text: str, longest: int) -> str:
    """Text fit for a mark: one line of visible characters, cut with an ellipsis after `longest`.

    Controls and breaks become blanks; what directs, joins or has no shape is left out; a letter bears at most two
    combining marks.
    """
    kept: list[str] = []
    marks = 0
    for character in unicodedata.normalize("NFC", text[:_LONGEST_LOOKED_AT]):
        category = unicodedata.category(character)
        marks = marks + 1 if category in {"Mn", "Me"} else 0
        if category == "Cc" or category[0] == "Z":
            kept.append(" ")
        elif category[0] != "C" and marks <= _MOST_MARKS_ON_LETTER:
            kept.append(character)
    line = " ".join("".join(kept).split())
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"
