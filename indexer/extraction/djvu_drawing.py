"""Draws pages of DjVu with Debian's djvulibre, each run confined."""

from __future__ import annotations

import re

from indexer.extraction import sandbox
from indexer.extraction.drawing_children import DrawingLimits
from indexer.extraction.drawing_errors import DrawingUnavailable, NoSuchPage, TooCostly, Undrawable
from indexer.extraction.page_images import Original, PageSize

_BYTES_OF_PIXEL = 3
_HEAD = 64
_LONGEST_LISTING = 1 << 20
_LONGEST_DETAIL = 120
_SIZE = re.compile(rb"width=(\d{1,6}) height=(\d{1,6})(?: rotation=([0-3]))?")


def draw(original: Original, number: int, width: int, limits: DrawingLimits) -> bytes:
    """A page as a PPM, as wide as is asked for or, if it would have too many pixels, narrower."""
    command = [
        "ddjvu",
        "-format=ppm",
        f"-page={number}",
        f"-size={width}x{limits.pixels // width}",
        str(original.path),
    ]
    output = limits.pixels * _BYTES_OF_PIXEL + _HEAD
    try:
        drawn = _output(command, limits, output)
    except Undrawable:
        # ddjvu says of a page that isn't there the same as of a damaged one.
        pages = len(sizes(original, limits))
        if not 1 <= number <= pages:
            raise NoSuchPage(number, pages) from None
        raise
    if not drawn.startswith(b"P6"):
        raise Undrawable("ddjvu drew nothing")
    return drawn


def sizes(original: Original, limits: DrawingLimits) -> tuple[PageSize, ...]:
    """The sizes of all pages in dots, but of no more than `limits.pages`."""
    listing = _output(["djvused", "-e", "size", str(original.path)], limits, _LONGEST_LISTING)
    found = tuple(_size(match) for match in _SIZE.finditer(listing))
    if not found:
        raise Undrawable("djvused found no pages")
    return found[: limits.pages]


def _size(match: re.Match[bytes]) -> PageSize:
    width, height = float(match[1]), float(match[2])
    return PageSize(height, width) if match[3] in {b"1", b"3"} else PageSize(width, height)


def _output(command: list[str], limits: DrawingLimits, most: int) -> bytes:
    bounds = sandbox.Limits(memory=limits.memory, processor=limits.processor, clock=limits.clock, output=most)
    match sandbox.run(command, bounds):
        case sandbox.Done(output=output):
            return output
        case sandbox.Stopped(limit=limit):
            raise TooCostly(limit.value)
        case sandbox.Missing(program=program):
            raise DrawingUnavailable(f"{program} is not installed")
        case sandbox.Broken(detail=detail):
            raise Undrawable(" ".join(detail.split())[:_LONGEST_DETAIL])
