"""What the pages of the viewer show: the sheet with its links, thumbnails, places of words, the text version."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import ClassVar
from urllib.parse import urlencode

from indexer.extraction.page_images import PageSize
from library.domain.description import Description
from library.projections.licences import licence_name
from library.projections.open_files import file_path
from library.services.viewing import THUMBNAIL, Look, Opened, Reader, TextPages, Viewing
from library.services.viewing_search import Found
from library.web.marks import Piece, in_pieces
from library.web.pages import Page
from library.web.viewing_words import rule_line
from library.web.words import text_language

WHOLE = 100
ZOOMS: Mapping[int, int] = {60: 1000, WHOLE: 1000, 150: 1500, 200: 2000, 300: 2400}
"""Per cent of the width of the screen, and the width in pixels of the image that is sharp there."""
THUMBNAILS_AT_ONCE = 24
MOST_HEADINGS = 400
LONGEST_HEADING = 160
DEEPEST_HEADING = 3
_PARAGRAPHS = re.compile(r"\n\s*\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The image of a page: its address and its size in pixels."""

    src: str
    width: int
    height: int


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What every page of the viewer says of the file; addresses are empty where there is nothing for this reader."""

    document_id: int
    title: str
    lang: str
    name: str
    licence: str
    record_url: str
    download_url: str
    text_url: str
    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadingLine:
    """A line of the table of contents."""

    title: str
    page: int
    level: int
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoomLink:
    """One of the sizes in which a page is shown."""

    percent: int
    url: str
    is_here: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewerPage(Page):
    """One page of a file, and the ways to the others."""

    template: ClassVar[str] = "viewing/viewer.html"
    robots: ClassVar[str] = "noindex"

    about: About
    sheet: Sheet
    number: int
    pages: int
    previous_url: str
    next_url: str
    zoom: int
    zooms: tuple[ZoomLink, ...]
    contents: tuple[HeadingLine, ...]
    has_text: bool
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Thumbnail:
    """A page in small; `sheet` is None where the pages of a file are only text."""

    page: int
    url: str
    sheet: Sheet | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ThumbnailsPage(Page):
    """Some pages in small."""

    template: ClassVar[str] = "viewing/thumbnails.html"
    robots: ClassVar[str] = "noindex"

    about: About
    thumbnails: tuple[Thumbnail, ...]
    here: int
    pages: int
    previous_url: str
    next_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A page on which the words stand, and the words around them."""

    page: int
    url: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacesPage(Page):
    """The pages on which words stand; `close` says that only another spelling does, `some` that not all words do."""

    template: ClassVar[str] = "viewing/places.html"
    robots: ClassVar[str] = "noindex"

    about: About
    words: str
    places: tuple[Place, ...]
    total: int
    close: bool
    some: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TextPart:
    """A page of the file as text: paragraphs, each in its lines."""

    page: int
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TextVersionPage(Page):
    """Pages of a file as text, for those who listen to it or need it larger."""

    template: ClassVar[str] = "viewing/text.html"
    robots: ClassVar[str] = "noindex"

    about: About
    parts: tuple[TextPart, ...]
    pages: int
    previous_url: str
    next_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingPage(Page):
    """A recording with the browser's own player; without an address where the rights let nobody have it."""

    template: ClassVar[str] = "viewing/recording.html"
    robots: ClassVar[str] = "noindex"

    about: About
    is_video: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NotNowPage(Page):
    """Why no page can be shown, and what to do: `deed` says where `url` leads."""

    template: ClassVar[str] = "viewing/not_now.html"
    robots: ClassVar[str] = "noindex"

    heading: str
    reason: str
    remedy: str
    url: str
    deed: str


def about(look: Look, facts: Description) -> About:
    """The file in words."""
    document = look.document
    return About(
        document_id=document.id,
        title=facts.title,
        lang=text_language(facts.languages, facts.title),
        name=document.label or document.name,
        licence=licence_name(document.rights.licence),
        record_url=f"/record/{document.record_id}",
        download_url=file_path(document) if look.may_download else "",
        text_url=f"/view/{document.id}/text" if look.may_have_text and not look.is_recording else "",
        rule=rule_line(look),
    )


def address(document_id: int, page: int, *, zoom: int = WHOLE, words: str = "") -> str:
    """The viewer at a page."""
    query: dict[str, object] = {"page": page}
    if zoom != WHOLE:
        query["zoom"] = zoom
    if words:
        query["words"] = words
    return f"/view/{document_id}?{urlencode(query)}"


def sheet(viewing: Viewing, look: Look, page: int, width: int, size: PageSize, reader: Reader) -> Sheet:
    """The image of a page with an address that holds for this reader."""
    query: dict[str, object] = {"width": width}
    signature = viewing.sign(look, page, width, reader)
    if signature is not None:
        query |= {"expires": signature.expires, "seal": signature.seal}
    return Sheet(
        src=f"/view/{look.document.id}/page/{page}?{urlencode(query)}",
        width=width,
        height=max(round(width * size.height / size.width), 1),
    )


def viewer_page(opened: Opened, of: About, shown: Sheet, *, zoom: int, words: str) -> ViewerPage:
    """The viewer at the page that was opened."""
    number, pages, document_id = opened.page, len(opened.sizes), of.document_id

    def at(page: int, percent: int = zoom) -> str:
        return address(document_id, page, zoom=percent, words=words)

    return ViewerPage(
        about=of,
        sheet=shown,
        number=number,
        pages=pages,
        previous_url=at(number - 1) if number > 1 else "",
        next_url=at(number + 1) if number < pages else "",
        zoom=zoom,
        zooms=tuple(ZoomLink(percent=one, url=at(number, one), is_here=one == zoom) for one in ZOOMS),
        contents=tuple(
            HeadingLine(
                title=line.title[:LONGEST_HEADING],
                page=line.page,
                level=min(max(line.level, 0), DEEPEST_HEADING),
                url=at(line.page),
            )
            for line in opened.outline[:MOST_HEADINGS]
        ),
        has_text=opened.has_text,
        words=words,
    )


def thumbnails_page(viewing: Viewing, look: Look, of: About, page: int, reader: Reader) -> ThumbnailsPage:
    """The pages around this one, in small."""
    sizes = viewing.sizes(look, reader)
    pages, page = len(sizes), min(max(page, 1), len(sizes))
    first = (page - 1) // THUMBNAILS_AT_ONCE * THUMBNAILS_AT_ONCE + 1
    last = min(first + THUMBNAILS_AT_ONCE - 1, pages)

    def shown(number: int) -> Sheet | None:
        if look.is_set_from_text:
            return None
        return sheet(viewing, look, number, THUMBNAIL, sizes[number - 1], reader)

    here = f"/view/{of.document_id}/pages?page="
    return ThumbnailsPage(
        about=of,
        thumbnails=tuple(
            Thumbnail(page=number, url=address(of.document_id, number), sheet=shown(number))
            for number in range(first, last + 1)
        ),
        here=page,
        pages=pages,
        previous_url=f"{here}{first - THUMBNAILS_AT_ONCE}" if first > 1 else "",
        next_url=f"{here}{last + 1}" if last < pages else "",
    )


def places_page(found: Found, of: About, words: str) -> PlacesPage:
    """Where the words stand."""
    return PlacesPage(
        about=of,
        words=words,
        places=tuple(
            Place(
                page=hit.page,
                url=address(of.document_id, hit.page, words=words),
                pieces=in_pieces(hit.text, hit.marks),
            )
            for hit in found.hits
        ),
        total=found.total,
        close=found.close,
        some=found.some,
    )


def text_version_page(text: TextPages, of: About) -> TextVersionPage:
    """The text version from a page on."""
    here, after = f"/view/{of.document_id}/text?page=", text.first + len(text.texts)
    return TextVersionPage(
        about=of,
        parts=tuple(
            TextPart(page=page, paragraphs=tuple(_paragraphs(words)))
            for page, words in enumerate(text.texts, text.first)
        ),
        pages=text.pages,
        previous_url=f"{here}{text.before}" if text.first > 1 else "",
        next_url=f"{here}{after}" if after <= text.pages else "",
    )


def _paragraphs(words: str) -> Iterable[str]:
    return (part.strip() for part in _PARAGRAPHS.split(words.replace("\r\n", "\n")) if part.strip())
