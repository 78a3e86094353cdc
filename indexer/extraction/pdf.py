"""PDF: PDFium reads the pages; what it can't read, pypdf tries.

Measured (`benchmarks/extraction.py`), PDFium finds the same words in a sixth of the time and half of the memory. Both
run in child processes, for PDFium is a library in C++ that may crash, and pypdf can be led into circles.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from indexer.extraction import in_child, telling
from indexer.extraction.model import LOCKED, Outcome
from indexer.extraction.sandbox import Limits
from indexer.extraction.telling import Message, Told

if TYPE_CHECKING:
    from pypdf import PdfReader
    from pypdfium2 import PdfDocument

# What PDFium puts in place of a hyphen between the two halves of a word it has joined.
_JOINED = "\ufffe"
_PASSWORD_WANTED = 4  # FPDF_ERR_PASSWORD
_LARGEST_UNPACKED = 64 << 20
_NOT_FORESEEN = (
    ArithmeticError, AssertionError, AttributeError, EOFError, LookupError, NotImplementedError, RecursionError,
    TypeError, ValueError,
)  # fmt: skip
_VERSION = re.compile(r"%PDF-(\d\.\d)")
_FIRST, _SECOND = "PDFium", "pypdf"
# So many pages that can't be read, one after another, are pages that aren't there: the number of pages is a lie.
_ENOUGH_FAILED = 200


def read(path: Path, limits: Limits) -> Outcome:
    """The text of a PDF."""
    told, failure = in_child.tell("indexer.extraction.pdf:by_pdfium", {"most": limits.pages}, limits, path)
    failed = [number for number, text in enumerate(told.pages) if text is None]
    if told.trouble == LOCKED.code or not (failure or failed or told.trouble):
        return in_child.outcome(told, _FIRST, None)
    # The pages that failed, and those that PDFium didn't come to.
    wanted = failed if failure is None and not told.trouble else [*failed, *range(len(told.pages), limits.pages)]
    again, second_failure = in_child.tell(
        "indexer.extraction.pdf:by_pypdf", {"most": limits.pages, "wanted": wanted}, limits, path
    )
    if not any(text is not None for text in told.pages):
        return in_child.outcome(again, _SECOND, second_failure or (None if again.pages else failure))
    made_by = f"{_FIRST}, {_SECOND}" if any(again.pages) else _FIRST
    _fill(told, again, wanted)
    return told.outcome(made_by, failure if second_failure or again.trouble else None)


def _fill(told: Told, again: Told, wanted: Sequence[int]) -> None:
    """Put the pages of the second reader where they were wanted, and leave out pages that were only claimed."""
    told.outline = told.outline or again.outline
    readable = [text for text in told.pages if text is not None]
    if len(readable) == again.page_count:
        told.pages, told.page_count = list(readable), again.page_count
        return
    for number, text in zip(wanted, again.pages, strict=False):
        if number >= len(told.pages):
            told.pages.append(text)
        elif again.page_count == told.page_count:
            told.pages[number] = text
    # What neither can read at the end of a document isn't there, unless both count it.
    while told.pages and told.pages[-1] is None and len(told.pages) > again.page_count:
        told.pages.pop()
        told.page_count = max(len(told.pages), again.page_count)


def by_pdfium(stream: BinaryIO, *, most: int) -> Iterator[Message]:
    """Tell a PDF as PDFium reads it (in a child process): at most so many pages, then the table of contents."""
    from pypdfium2 import PdfDocument, PdfiumError

    try:
        document = PdfDocument(stream)
    except PdfiumError as error:
        yield telling.trouble(LOCKED.code if error.err_code == _PASSWORD_WANTED else str(error))
        return
    version = document.get_version()
    yield telling.head(len(document), f"PDF {version // 10}.{version % 10}" if version else "PDF")
    failed = 0
    for number in range(min(len(document), most)):
        try:
            page = document[number]
            text = page.get_textpage()
            yield telling.page(text.get_text_range().replace(_JOINED, ""))
            text.close()
            page.close()
            failed = 0
        except PdfiumError:
            yield telling.failed_page()
            failed += 1
            if failed == _ENOUGH_FAILED:
                break
    yield telling.outline(_bookmarks(document))


def _bookmarks(document: PdfDocument) -> Iterator[tuple[str, int, int]]:
    for bookmark in document.get_toc():
        target = bookmark.get_dest()
        number = target.get_index() if target else None
        if number is not None:
            yield bookmark.get_title(), number + 1, bookmark.level


def by_pypdf(stream: BinaryIO, *, most: int, wanted: Sequence[int]) -> Iterator[Message]:
    """Tell a PDF as pypdf reads it (in a child process): of its first pages those that are wanted, counted from 0."""
    from pypdf import PasswordType, PdfReader, overwrite_configuration
    from pypdf.errors import DependencyError, PyPdfError

    overwrite_configuration(zlib_maximum_output_length=_LARGEST_UNPACKED)
    logging.disable(logging.CRITICAL)
    # Its own errors, and those of Python that files made to hurt it lead it to.
    unreadable = (PyPdfError, *_NOT_FORESEEN)
    try:
        document = PdfReader(stream, strict=False)
        if document.is_encrypted and document.decrypt("") == PasswordType.NOT_DECRYPTED:
            yield telling.trouble(LOCKED.code)
            return
        page_count = len(document.pages)
    except DependencyError:
        yield telling.trouble(LOCKED.code)
        return
    except unreadable as error:
        yield telling.trouble(f"{type(error).__name__}: {error}")
        return
    version = _VERSION.match(document.pdf_header)
    yield telling.head(page_count, f"PDF {version[1]}" if version else "PDF")
    for number in wanted:
        if number >= min(page_count, most):
            break
        try:
            yield telling.page(document.pages[number].extract_text())
        except unreadable:
            yield telling.failed_page()
    with suppress(*unreadable):
        yield telling.outline(_destinations(document, document.outline))


def _destinations(document: PdfReader, items: list[Any]) -> Iterator[tuple[str, int, int]]:
    """The lines of an outline; pypdf gives those of a deeper level as a list after the line they belong to."""
    waiting = [(item, 0) for item in reversed(items)]
    while waiting:
        item, level = waiting.pop()
        if isinstance(item, list):
            waiting += [(inner, level + 1) for inner in reversed(item)]
        elif (number := document.get_destination_page_number(item)) is not None and number >= 0:
            yield str(item.title), number + 1, level
