"""How a reader in a child process tells the parent what it found: messages, each a line of JSON, in any order.

The functions make them and `Told` takes them. A reader tells pages as it goes, so that what was read before it crashed
or met a limit is not lost.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from indexer.extraction.cleaning import cleaned, says_something
from indexer.extraction.model import N_, Extracted, NoText, Outcome, OutlineItem, Reason, Unreadable, damaged

Message: TypeAlias = dict[str, Any]

_MOST_LINES = 5_000
_LONGEST_TITLE, _DEEPEST = 300, 15


def head(page_count: int, called: str) -> Message:
    """How many pages the document has and what it is, such as "PDF 1.7"."""
    return {"page_count": page_count, "format": called}


def page(text: str) -> Message:
    """The text of the next page."""
    return {"page": cleaned(text)}


def failed_page() -> Message:
    """The next page can't be read."""
    return {"page": None}


def outline(items: Iterable[tuple[str, int, int]]) -> Message:
    """The table of contents: titles, pages from 1, levels from 0; what is too long or deep is cut."""
    kept = []
    for title, number, level in items:
        if name := " ".join(cleaned(title[: 2 * _LONGEST_TITLE]).split())[:_LONGEST_TITLE]:
            kept.append((name, number, min(level, _DEEPEST)))
        if len(kept) == _MOST_LINES:
            break
    return {"outline": kept}


def trouble(code: str) -> Message:
    """The document can't be read at all, for a reason that has a name."""
    return {"trouble": code}


@dataclass(slots=True)
class Told:
    """What was told of a document so far; a page of None couldn't be read."""

    pages: list[str | None] = field(default_factory=list)
    page_count: int = 0
    format: str = ""
    outline: tuple[OutlineItem, ...] = ()
    trouble: str = ""

    def take(self, messages: Iterable[Message]) -> None:
        """Take in what a reader said."""
        for message in messages:
            if "page" in message:
                self.pages.append(message["page"])
            elif "outline" in message:
                self.outline = tuple(
                    OutlineItem(title=title, page=number, level=level) for title, number, level in message["outline"]
                )
            elif "trouble" in message:
                self.trouble = message["trouble"]
            else:
                self.page_count, self.format = message["page_count"], message["format"]

    def outcome(self, made_by: str, failure: Reason | None = None) -> Outcome:
        """The answer. `failure` is what ended the reading too early; what was read before it is kept."""
        pages = tuple(text or "" for text in self.pages)
        wordless = tuple(number for number, text in enumerate(pages, 1) if not says_something(text))
        page_count = max(self.page_count, len(pages))
        contents = tuple(item for item in self.outline if 1 <= item.page <= page_count)
        if len(wordless) == len(pages):
            if failure is None and all(text is None for text in self.pages):
                failure = damaged("no page can be read")
            if failure is not None:
                return Unreadable(reason=failure)
            return NoText(page_count=page_count, format=self.format, outline=contents)
        if failure is None and page_count > len(pages):
            failure = Reason.of(
                "many-pages",
                N_("Only the first {limit} pages of {pages} were read."),
                limit=len(pages),
                pages=page_count,
            )
        if failure is None and None in self.pages:
            failure = Reason.of(
                "pages-damaged",
                N_("Of {pages} pages, {damaged} are damaged and can't be read."),
                pages=page_count,
                damaged=self.pages.count(None),
            )
        return Extracted(
            pages=pages,
            made_by=made_by,
            page_count=page_count,
            format=self.format,
            outline=contents,
            wordless=wordless,
            shortfall=failure,
        )
