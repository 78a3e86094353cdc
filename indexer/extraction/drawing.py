"""Pages of documents as images, with the reader's mark on them where one belongs.

PDF is drawn by PDFium in warm children, DjVu by djvulibre, text set by typst; everything that reads a file runs
confined, and the errors are those of `drawing_errors`. Unmarked drawings are kept for the next reader, marked ones
never.
"""

from __future__ import annotations

from typing import Any, Self

from indexer.extraction.djvu_drawing import DjvuDrawing
from indexer.extraction.drawing_cache import DrawingCache, DrawingKey
from indexer.extraction.drawing_children import DrawingChildren, DrawingLimits
from indexer.extraction.drawing_errors import DocumentLocked, KindNotDrawn, NoSuchPage, Undrawable
from indexer.extraction.page_images import (
    DJVU,
    NARROWEST,
    PDF,
    WIDEST,
    FilePage,
    Mark,
    Original,
    PageImage,
    PageSize,
    PageSource,
    TextPage,
)

COVER_WIDTH, LARGEST_COVER = 240, 40 << 10
_LARGEST_PAGE = 8 << 20
_TALLEST_COVER = 2  # times its width
_TALLEST_PAGE = 20_000
# More text than this would make the cover a ribbon.
_LETTERS_OF_COVER = 1500
_PLAIN, _MARKED = "plain", "marked"
_TIME = "%Y-%m-%d %H:%M"


class Drawing:
    """Draws pages. May be used by several threads; processes share the cache, but each makes its own `Drawing`.

    Nothing is started before the first page. All methods raise `DrawingError`.
    """

    def __init__(self, cache: DrawingCache, *, children: int = 2, limits: DrawingLimits | None = None) -> None:
        self._cache = cache
        self._limits = limits or DrawingLimits()
        self._children = DrawingChildren(self._limits, children)
        self._djvu = DjvuDrawing(self._limits)

    def plain(self, source: PageSource, *, width: int) -> PageImage:
        """The page without a mark, for documents that are open to all.

        The width, in pixels, is brought within `NARROWEST` and `WIDEST`; a page so tall that its image would have more
        than `DrawingLimits.pixels` comes out narrower.
        """
        return self._plain(source, self._bounds(width))

    def marked(self, source: PageSource, *, width: int, mark: Mark) -> PageImage:
        """The page with the mark all over it; the width as in `plain`. It is drawn anew each time and kept nowhere."""
        ask = {**self._bounds(width), "mark": [mark.name, mark.card, mark.at.strftime(_TIME)]}
        if isinstance(source, TextPage):
            return self._drawn(source, ask, _MARKED)[0]
        key = _key(source, ask)
        kept = self._cache.find(key)
        if kept is not None:
            try:
                return self._of_image(kept, ask, _MARKED)[0]
            except Undrawable:
                self._cache.drop(key)
        plain, marked = self._drawn(source, ask, _PLAIN, _MARKED)
        self._cache.keep(key, plain.jpeg)
        return marked

    def cover(self, source: PageSource) -> PageImage:
        """The page as a thumbnail `COVER_WIDTH` pixels wide, below `LARGEST_COVER` bytes.

        One that would be more than twice as high is narrower.
        """
        if isinstance(source, TextPage):
            source = TextPage(text=source.text[:_LETTERS_OF_COVER])
        height = COVER_WIDTH * _TALLEST_COVER
        return self._plain(
            source,
            {"width": COVER_WIDTH, "tallest": height, "pixels": self._limits.pixels, "bytes": LARGEST_COVER},
        )

    def sizes(self, original: Original) -> tuple[PageSize, ...]:
        """The size of each page, so that their number is known too; no more than `DrawingLimits.pages`."""
        if original.media_type == DJVU:
            return self._djvu.sizes(original)
        _refuse_others(original)
        ask = {"source": "sizes", "path": str(original.path), "most": self._limits.pages}
        answer, _ = self._asked(ask)
        return tuple(PageSize(width, height) for width, height in answer["sizes"])

    def forget(self, digest: str) -> None:
        """Remove what is kept of a document."""
        self._cache.forget(digest)

    def processes(self) -> frozenset[int]:
        """The numbers of the processes that draw now or wait to, for whoever watches their memory."""
        return self._children.numbers()

    def close(self) -> None:
        """End all processes."""
        self._children.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _bounds(self, width: int) -> dict[str, Any]:
        width = min(max(width, NARROWEST), WIDEST)
        return {"width": width, "tallest": _TALLEST_PAGE, "pixels": self._limits.pixels, "bytes": _LARGEST_PAGE}

    def _plain(self, source: PageSource, ask: dict[str, Any]) -> PageImage:
        if isinstance(source, TextPage):
            return self._drawn(source, ask, _PLAIN)[0]
        key = _key(source, ask)
        kept = self._cache.find(key)
        if kept is not None:
            try:
                # Looked at, for its size and in case the disk has harmed it, but not written anew.
                answer, _ = self._asked({**ask, "source": "image", "wanted": ()}, kept)
                return PageImage(kept, *answer["size"])
            except Undrawable:
                self._cache.drop(key)
        plain = self._drawn(source, ask, _PLAIN)[0]
        self._cache.keep(key, plain.jpeg)
        return plain

    def _drawn(self, source: PageSource, ask: dict[str, Any], *wanted: str) -> list[PageImage]:
        if isinstance(source, TextPage):
            words = source.text.encode("utf-8", "replace")
            return self._images({**ask, "source": "text", "wanted": wanted}, words)
        original = source.original
        if original.media_type == DJVU:
            drawn = self._djvu.draw(original, source.number, ask["width"])
            return self._of_image(drawn, ask, *wanted)
        _refuse_others(original)
        place = {"source": "pdf", "path": str(original.path), "number": source.number}
        return self._images({**ask, **place, "wanted": wanted})

    def _of_image(self, image: bytes, ask: dict[str, Any], *wanted: str) -> list[PageImage]:
        return self._images({**ask, "source": "image", "wanted": wanted}, image)

    def _images(self, ask: dict[str, Any], body: bytes = b"") -> list[PageImage]:
        answer, images = self._asked(ask, body)
        found, start = [], 0
        for length in answer["lengths"]:
            found.append(PageImage(images[start : start + length], *answer["size"]))
            start += length
        return found

    def _asked(self, ask: dict[str, Any], body: bytes = b"") -> tuple[dict[str, Any], bytes]:
        answer, images = self._children.ask(ask, body)
        match answer.get("refused"):
            case None:
                return answer, images
            case "locked":
                raise DocumentLocked
            case "page":
                raise NoSuchPage(ask["number"], answer["detail"])
            case _:
                raise Undrawable(str(answer["detail"]))


def _key(page: FilePage, ask: dict[str, Any]) -> DrawingKey:
    return DrawingKey(digest=page.original.digest, number=page.number, width=ask["width"])


def _refuse_others(original: Original) -> None:
    if original.media_type != PDF:
        raise KindNotDrawn(original.media_type)
