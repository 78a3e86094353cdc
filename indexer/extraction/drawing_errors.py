"""Why a page can't be drawn, in plain words.

A message is a template in English with named places in braces, and its values: whoever shows it can translate the
template. `code` is for machines and never changes.
"""

from __future__ import annotations

from typing import ClassVar

from indexer.extraction.model import N_

_LONGEST_DETAIL = 120


class DrawingError(Exception):
    """The parent of all that can go wrong with drawing; `template` and `values` are the message."""

    code: ClassVar[str] = "drawing-error"

    def __init__(self, template: str, /, **values: str | int) -> None:
        self.template = template
        self.values = values
        super().__init__(template.format(**values))


class NoSuchPage(DrawingError):
    """The document has no page of this number; `pages` is how many it has."""

    code = "no-such-page"

    def __init__(self, number: int, pages: int) -> None:
        self.pages = pages
        super().__init__(N_("There is no page {number}: the document has {pages} pages."), number=number, pages=pages)


class Undrawable(DrawingError):
    """The document or this page is so damaged that nothing can be drawn; `values["detail"]` is for the journal."""

    code = "page-undrawable"

    def __init__(self, detail: str) -> None:
        # It may repeat what stands in the file.
        safe = "".join(character if character.isprintable() else " " for character in detail)[:_LONGEST_DETAIL]
        super().__init__(N_("This page can't be shown, because the file is damaged ({detail})."), detail=safe)


class DocumentLocked(DrawingError):
    """The document opens with a password only."""

    code = "document-locked"

    def __init__(self) -> None:
        super().__init__(N_("The document is locked with a password, so its pages can't be shown."))


class TooCostly(DrawingError):
    """Drawing met a limit: `limit` is "memory", "processor", "clock" or "output"."""

    code = "page-too-costly"

    def __init__(self, limit: str) -> None:
        self.limit = limit
        super().__init__(N_("This page is so large or intricate that it couldn't be drawn."))


class DrawingBusy(DrawingError):
    """All that can draw were at work for longer than a reader waits."""

    code = "drawing-busy"

    def __init__(self) -> None:
        super().__init__(N_("Too many pages are being asked for at this moment. Try again in a few seconds."))


class KindNotDrawn(DrawingError):
    """Files of this kind have no pages that could be drawn from the file."""

    code = "kind-not-drawn"

    def __init__(self, media_type: str) -> None:
        super().__init__(N_("Files of this kind ({media_type}) have no pages to show."), media_type=media_type)


class DrawingUnavailable(DrawingError):
    """Nothing of this kind can be drawn on this machine now; `values["reason"]` says what is missing or failed."""

    code = "drawing-unavailable"

    def __init__(self, reason: str) -> None:
        super().__init__(N_("Pages can't be shown now ({reason}). Ask the administrator."), reason=reason)
