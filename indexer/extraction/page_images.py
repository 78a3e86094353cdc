"""What drawing speaks of: documents, their pages, marks, and the images that come of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TypeAlias

PDF = "application/pdf"
DJVU = "image/vnd.djvu"
# The media type of every image that is drawn.
IMAGE_TYPE = "image/jpeg"
NARROWEST, WIDEST = 64, 2400


@dataclass(frozen=True, slots=True, kw_only=True)
class Original:
    """A PDF or DjVu on disk, with the SHA-256 of its bytes in hexadecimal digits."""

    path: Path
    media_type: str
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FilePage:
    """A page that is drawn from the file; `number` counts from 1."""

    original: Original
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TextPage:
    """A page of extracted text, for what has no pages of its own: EPUB, DOCX, TXT."""

    text: str


PageSource: TypeAlias = FilePage | TextPage


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Who is reading, under which card, and when, as it is drawn: year-month-day, hours and minutes of its own zone."""

    name: str
    card: str
    at: datetime


@dataclass(frozen=True, slots=True)
class PageSize:
    """Width and height, in points (PDF) or dots (DjVu): what counts is their proportion."""

    width: float
    height: float


# How pages of text are laid out; one with much text is higher.
TEXT_SIZE = PageSize(420, 594)


@dataclass(frozen=True, slots=True)
class PageImage:
    """A JPEG, and its size in pixels."""

    jpeg: bytes
    width: int
    height: int
