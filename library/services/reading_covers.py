"""The image of the first page of a file, for those to whom its cover may be shown."""

from __future__ import annotations

from dataclasses import dataclass

from indexer.extraction.drawing import Drawing
from indexer.extraction.drawing_errors import DrawingBusy, DrawingError, DrawingUnavailable
from indexer.extraction.page_images import FilePage, Original, PageImage
from library.domain.access import Actor, Rule, Use
from library.domain.errors import N_, NotFound, StorageUnreadable
from library.services.reading import Reading
from library.services.stored import told
from library.services.viewing_pages import DRAWN
from storage.content_store import ContentStore
from storage.model import Digest

# What 48 pixels of a list are on a fine screen.
SMALL_WIDTH = 96


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """A JPEG, the rule that let it be shown, and the SHA-256 of the file it was drawn from."""

    jpeg: bytes
    rule: Rule
    digest: str


def cover_image(drawing: Drawing, original: Original, *, small: bool) -> PageImage:
    """The cover of a file, or a thumbnail of it, kept by digest once it was drawn. Raises `DrawingError`."""
    page = FilePage(original=original, number=1)
    return drawing.plain(page, width=SMALL_WIDTH) if small else drawing.cover(page)


class Covers:
    """Gives covers; those that the worker did not draw when their files came are drawn when they are asked for."""

    def __init__(self, reading: Reading, store: ContentStore, drawing: Drawing) -> None:
        self._reading = reading
        self._store = store
        self._drawing = drawing

    def of(self, document_id: int, actor: Actor, address: str, *, small: bool) -> Cover:
        """The cover of a file, or a thumbnail of it.

        Raises `NotFound` where none can be drawn, `StorageUnreadable` while none can, and as `Reading.allowed`.
        """
        document, rule = self._reading.allowed(document_id, Use.COVER, actor, address)
        if document.media_type not in DRAWN:
            raise NotFound(N_("This file has no cover."))
        with told():
            path = self._store.path(Digest(document.digest))
        original = Original(path=path, media_type=document.media_type, digest=document.digest)
        try:
            image = cover_image(self._drawing, original, small=small)
        except (DrawingBusy, DrawingUnavailable) as error:
            raise StorageUnreadable(error.template, **error.values) from error
        except DrawingError as error:
            raise NotFound(N_("This file has no cover.")) from error
        return Cover(jpeg=image.jpeg, rule=rule, digest=document.digest)
