"""Draws pages of DjVu with Debian's djvulibre, each run confined."""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from pathlib import Path

from indexer.extraction import sandbox
from indexer.extraction.drawing_children import DrawingLimits
from indexer.extraction.drawing_errors import DrawingUnavailable, NoSuchPage, TooCostly, Undrawable
from indexer.extraction.page_images import Original, PageSize

# Both programs open what is named to them; by this name, pages beside the document are out of their sight.
_INPUT = "/dev/stdin"
_BYTES_OF_PIXEL = 3
_HEAD = 64
_LONGEST_LISTING = 1 << 20
_SIZE = re.compile(rb"width=(\d{1,6}) height=(\d{1,6})(?: rotation=([0-3]))?")
_REMEMBERED = 64


class DjvuDrawing:
    """Draws DjVu. May be used by several threads."""

    def __init__(self, limits: DrawingLimits) -> None:
        self._limits = limits
        self._lock = threading.Lock()
        # How many pages a document has: ddjvu draws the last one for any greater number.
        self._pages: OrderedDict[str, int] = OrderedDict()

    def draw(self, original: Original, number: int, width: int) -> bytes:
        """A page as a PPM, as wide as is asked for or, if it would have too many pixels, narrower."""
        pages = self._count(original)
        if not 1 <= number <= pages:
            raise NoSuchPage(number, pages)
        size = f"-size={width}x{self._limits.pixels // width}"
        command = ["ddjvu", "-format=ppm", f"-page={number}", size, _INPUT]
        drawn = self._output(command, original.path, self._limits.pixels * _BYTES_OF_PIXEL + _HEAD)
        if not drawn.startswith(b"P6"):
            raise Undrawable("ddjvu drew nothing")
        return drawn

    def sizes(self, original: Original) -> tuple[PageSize, ...]:
        """The sizes of all pages in dots, but of no more than `DrawingLimits.pages`."""
        listing = self._output(["djvused", "-n", "-e", "size", _INPUT], original.path, _LONGEST_LISTING)
        found = tuple(_size(match) for match in _SIZE.finditer(listing))
        if not found:
            raise Undrawable("djvused found no pages")
        return found[: self._limits.pages]

    def _count(self, original: Original) -> int:
        with self._lock:
            known = self._pages.get(original.digest)
        if known is None:
            counted = self._output(["djvused", "-n", "-e", "n", _INPUT], original.path, _LONGEST_LISTING).strip()
            if not counted.isdigit():
                raise Undrawable("djvused found no pages")
            known = int(counted)
        with self._lock:
            self._pages[original.digest] = known
            self._pages.move_to_end(original.digest)
            if len(self._pages) > _REMEMBERED:
                self._pages.popitem(last=False)
        return known

    def _output(self, command: list[str], path: Path, most: int) -> bytes:
        limits = sandbox.Limits(
            memory=self._limits.memory, processor=self._limits.processor, clock=self._limits.clock, output=most
        )
        try:
            outcome = sandbox.run(command, limits, source=path)
        except OSError as error:
            raise Undrawable(error.strerror or str(error)) from error
        match outcome:
            case sandbox.Done(output=output):
                return output
            case sandbox.Stopped(limit=limit):
                raise TooCostly(limit.value)
            case sandbox.Missing(program=program):
                raise DrawingUnavailable(f"{program} is not installed")
            case sandbox.Broken(detail=detail):
                raise Undrawable(detail)


def _size(match: re.Match[bytes]) -> PageSize:
    width, height = float(match[1]), float(match[2])
    return PageSize(height, width) if match[3] in {b"1", b"3"} else PageSize(width, height)
