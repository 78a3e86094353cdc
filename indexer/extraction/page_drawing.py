"""Draws pages with PDFium and writes them as JPEG: what the child that draws does, once it is confined.

Sizes are bounded before anything is drawn: a page of a million points becomes an image of a few megapixels. JPEG was
chosen by measurement (a dense page of text, 1000 pixels wide): WebP takes a quarter fewer bytes and ten times the
processor, PNG is no smaller once the page is marked.
"""

from __future__ import annotations

import math
from collections import OrderedDict
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import pypdfium2
from PIL import Image
from pypdfium2 import raw

_OPENED = 3
# Bitmaps are rounded up; without a hair's breadth less, an image would come out a pixel wider.
_HAIR = 0.01
_QUALITIES = (75, 50, 30)
# For a page without a size of its own, and the bounds of what is told: A4; a point; the side of a city.
_A4, _SMALLEST, _LARGEST = (595.0, 842.0), 1.0, 1_000_000.0


class Refused(Exception):
    """Nothing can be drawn: `kind` is "locked", "broken" or "page", `detail` the complaint or the number of pages."""

    def __init__(self, kind: str, detail: str | int = "") -> None:
        self.kind = kind
        self.detail = detail
        super().__init__(kind, detail)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """How wide the image is to be; one that would be taller than this, or have more pixels, is narrower."""

    width: int
    tallest: int
    pixels: int

    def scale(self, width: float, height: float) -> float:
        """By how much a page of this size is enlarged."""
        if not (math.isfinite(width) and math.isfinite(height)) or width <= 0 or height <= 0:
            raise Refused("broken", "the page has no size")
        return min(
            (self.width - _HAIR) / width,
            (self.tallest - _HAIR) / height,
            math.sqrt(self.pixels / (width * height)),
        )


class Documents:
    """PDFs by path; the last few stay open, for a reader asks for many pages of one book."""

    def __init__(self) -> None:
        self._open: OrderedDict[tuple[str, int, int], pypdfium2.PdfDocument] = OrderedDict()

    def draw(self, path: str, number: int, bounds: Bounds) -> Image.Image:
        """Page `number`, counted from 1, as an RGB image."""
        document = self._document(path)
        if not 1 <= number <= len(document):
            raise Refused("page", len(document))
        return _drawn(document, number - 1, bounds)

    def sizes(self, path: str, most: int) -> list[tuple[float, float]]:
        """The sizes in points of all pages, but no more than `most`."""
        document = self._document(path)
        return [_size(document, index) for index in range(min(len(document), most))]

    def _document(self, path: str) -> pypdfium2.PdfDocument:
        try:
            known = Path(path).stat()
        except OSError as error:
            raise Refused("broken", error.strerror or "not there") from error
        key = (path, known.st_size, known.st_mtime_ns)
        if key not in self._open:
            while len(self._open) >= _OPENED:
                self._open.popitem(last=False)[1].close()
            self._open[key] = _opened(path)
        self._open.move_to_end(key)
        return self._open[key]


def draw_once(data: bytes, bounds: Bounds) -> Image.Image:
    """The first page of a PDF that we have made."""
    document = _opened(data)
    try:
        return _drawn(document, 0, bounds)
    finally:
        document.close()


def decoded(data: bytes, bounds: Bounds) -> Image.Image:
    """A JPEG of ours or a PPM of a program of Debian's as an RGB image; it keeps its size, which must be allowed."""
    try:
        with Image.open(BytesIO(data), formats=("JPEG", "PPM")) as image:
            if image.width * image.height > bounds.pixels * 2:
                raise Refused("broken", "the image is too large")
            return image.convert("RGB")
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise Refused("broken", f"{type(error).__name__}: {error}") from error


def written(image: Image.Image, most: int) -> bytes:
    """An image as a JPEG; one of more than `most` bytes is written with less care, however it comes out at last."""
    data = b""
    for quality in _QUALITIES:
        stream = BytesIO()
        image.save(stream, format="JPEG", quality=quality, optimize=True)
        data = stream.getvalue()
        if len(data) <= most:
            break
    return data


def _opened(source: str | bytes) -> pypdfium2.PdfDocument:
    try:
        document = pypdfium2.PdfDocument(source)
        # What was typed into a form is drawn with the page; a form that is damaged is left out.
        with suppress(pypdfium2.PdfiumError):
            document.init_forms()
        if len(document) < 1:
            raise Refused("broken", "the document has no pages")
    except pypdfium2.PdfiumError as error:
        locked = error.err_code in {raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY}
        raise Refused("locked" if locked else "broken", str(error)) from error
    return document


def _drawn(document: pypdfium2.PdfDocument, index: int, bounds: Bounds) -> Image.Image:
    try:
        page = document[index]
    except (pypdfium2.PdfiumError, IndexError) as error:
        raise Refused("broken", str(error)) from error
    try:
        scale = bounds.scale(*page.get_size())
        bitmap = page.render(scale=scale, rev_byteorder=True)
        try:
            # A copy, for the picture only borrows the bitmap's bytes.
            image: Image.Image = bitmap.to_pil().convert("RGB")
            return image
        finally:
            bitmap.close()
    except pypdfium2.PdfiumError as error:
        raise Refused("broken", str(error)) from error
    finally:
        page.close()


def _size(document: pypdfium2.PdfDocument, index: int) -> tuple[float, float]:
    try:
        width, height = document.get_page_size(index)
    except pypdfium2.PdfiumError:
        return _A4
    if not (math.isfinite(width) and math.isfinite(height)) or width <= 0 or height <= 0:
        return _A4
    return min(max(width, _SMALLEST), _LARGEST), min(max(height, _SMALLEST), _LARGEST)
