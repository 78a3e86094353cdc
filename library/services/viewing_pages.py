"""The pages of a document as images: drawn from the file, or set from its text where its kind has no pages."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager

from indexer.extraction import drawing_errors
from indexer.extraction.drawing import Drawing
from indexer.extraction.page_images import (
    TEXT_SIZE,
    FilePage,
    Mark,
    Original,
    PageImage,
    PageSize,
    PageSource,
    TextPage,
)
from library.domain.document import Document
from library.domain.errors import N_, DocumentNotReady, LibraryError, NotFound, StorageUnreadable
from library.services.stored import told
from storage.content_store import ContentStore
from storage.errors import NoText
from storage.model import Digest, MediaType
from storage.text_store import Text, TextStore

DRAWN = frozenset({MediaType.PDF, MediaType.DJVU})
"""Kinds that have pages of their own."""
SET = frozenset({MediaType.EPUB, MediaType.DOCX, MediaType.TXT})
"""Kinds whose text is set in pages."""
RECORDINGS = frozenset({MediaType.MP3, MediaType.MP4})
"""Kinds to hear and to see, which have no pages."""

# The sizes of so many documents; each may have thousands of pages.
_REMEMBERED = 50
_OURS: tuple[tuple[type[drawing_errors.DrawingError], type[LibraryError]], ...] = (
    (drawing_errors.NoSuchPage, NotFound),
    (drawing_errors.DrawingBusy, StorageUnreadable),
    (drawing_errors.DrawingUnavailable, StorageUnreadable),
    (drawing_errors.DrawingError, DocumentNotReady),
)


class Pages:
    """Counts, measures and draws pages. May be used by several threads.

    All methods raise `DocumentNotReady` for what has no pages to show (yet), `StorageUnreadable` when the store or
    what draws can't work now.
    """

    def __init__(self, drawing: Drawing, store: ContentStore, texts: TextStore) -> None:
        self._drawing = drawing
        self._store = store
        self._texts = texts
        self._lock = threading.Lock()
        self._sizes: OrderedDict[str, tuple[PageSize, ...]] = OrderedDict()

    def sizes(self, document: Document) -> tuple[PageSize, ...]:
        """The proportions of every page, at least of one."""
        if document.media_type in SET:
            return (TEXT_SIZE,) * len(self._text(document).pages)
        with self._lock:
            if document.digest in self._sizes:
                self._sizes.move_to_end(document.digest)
                return self._sizes[document.digest]
        with _told():
            sizes = self._drawing.sizes(self._original(document))
        with self._lock:
            self._sizes[document.digest] = sizes
            while len(self._sizes) > _REMEMBERED:
                self._sizes.popitem(last=False)
        return sizes

    def image(self, document: Document, page: int, width: int, mark: Mark | None) -> PageImage:
        """A page as a JPEG of this width in pixels, with the mark all over it if there is one; `NotFound`."""
        source = self._source(document, page)
        with _told():
            if mark is None:
                return self._drawing.plain(source, width=width)
            return self._drawing.marked(source, width=width, mark=mark)

    def text(self, document: Document) -> Text | None:
        """The text page by page and the contents; None where there is none, or none yet."""
        with told():
            try:
                return self._texts.read(Digest(document.digest))
            except NoText:
                return None

    def _source(self, document: Document, page: int) -> PageSource:
        if document.media_type not in SET:
            return FilePage(original=self._original(document), number=page)
        pages = self._text(document).pages
        if not 1 <= page <= len(pages):
            raise NotFound(
                N_("There is no page {number}: the document has {pages} pages."), number=page, pages=len(pages)
            )
        return TextPage(text=pages[page - 1])

    def _text(self, document: Document) -> Text:
        text = self.text(document)
        if text is None or not text.pages:
            raise DocumentNotReady(N_("The pages of this file are being prepared. Come back in some minutes."))
        return text

    def _original(self, document: Document) -> Original:
        if document.media_type not in DRAWN:
            raise DocumentNotReady(N_("Files of this kind have no pages to show."))
        with told():
            path = self._store.path(Digest(document.digest))
        return Original(path=path, media_type=document.media_type, digest=document.digest)


@contextmanager
def _told() -> Iterator[None]:
    """Raise what drawing says as the library's error with the same words; the first error is its cause."""
    try:
        yield
    except drawing_errors.DrawingError as error:
        ours = next(ours for theirs, ours in _OURS if isinstance(error, theirs))
        raise ours(error.template, **error.values) from error
