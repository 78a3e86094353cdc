"""Files read page by page: the viewer, its page images, thumbnails, search and text version."""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, Response, jsonify, request

from library.container import Container
from library.domain.access import Rule, Use
from library.domain.errors import N_, DocumentNotReady, LibraryError, NotFound, ReadingRefused, TooManyPages
from library.domain.usage import Denial
from library.services.asked import LONGEST_QUERY, cleaned, one, whole
from library.services.viewing import Look, Opened, Reader
from library.services.viewing_search import Found
from library.services.viewing_signatures import Signature
from library.web import noting
from library.web.error_page import asked_by_machine
from library.web.languages import gettext, told
from library.web.pages import Page, render
from library.web.record import LARGEST_NUMBER
from library.web.security import HEADERS
from library.web.session import actor, same_for_all
from library.web.viewing_pages import (
    WHOLE,
    ZOOMS,
    About,
    NotNowPage,
    RecordingPage,
    about,
    places_page,
    sheet,
    text_version_page,
    thumbnails_page,
    viewer_page,
)
from storage.model import MediaType

FILE = f"/view/<int(max={LARGEST_NUMBER}):document_id>"
PAGE = f"<int(max={LARGEST_NUMBER}):page>"
LATEST_SECOND = 2**40
LONGEST_SEAL = 64
FOR_ONE, ASKED_AGAIN = "private, no-store", "public, no-cache"


def blueprint(container: Container) -> Blueprint:
    """The routes of the viewer."""
    routes = Blueprint("viewing", __name__)
    viewing = container.viewing

    @routes.get(FILE)
    def viewer(document_id: int) -> Response:
        reader, look = _look(container, document_id)
        if look.is_recording:
            return _recording(container, look)
        opened = viewing.open(look, _page(), reader)
        zoom = _zoom()
        noting.page_viewed(look.document, look.rule)
        shown = sheet(viewing, look, opened.page, ZOOMS[zoom], opened.sizes[opened.page - 1], reader)
        return _for_reader(look, viewer_page(opened, _about(container, look), shown, zoom=zoom, words=_words()))

    @routes.get(f"{FILE}/turn/{PAGE}")
    def turn(document_id: int, page: int) -> Response:
        reader, look = _look(container, document_id)
        return _turned(container, viewing.open(look, page, reader), reader)

    @routes.get(f"{FILE}/page/{PAGE}")
    @same_for_all
    def image(document_id: int, page: int) -> Response:
        return _image(container, document_id, page)

    @routes.get(f"{FILE}/pages")
    def thumbnails(document_id: int) -> Response:
        reader, look = _look(container, document_id)
        return _for_reader(look, thumbnails_page(viewing, look, _about(container, look), _page() or 1, reader))

    _add_words(routes, container)

    @routes.errorhandler(TooManyPages)
    def too_many(error: TooManyPages) -> Response:
        return _too_many(container, error)

    @routes.errorhandler(DocumentNotReady)
    def not_ready(error: DocumentNotReady) -> Response:
        return _not_ready(container, error)

    return routes


def _add_words(routes: Blueprint, container: Container) -> None:
    """The routes that answer with words of a file: search inside it, and its text version."""

    @routes.get(f"{FILE}/search")
    def places(document_id: int) -> Response:
        words = _words()
        if words:
            look, found = container.viewing.find(document_id, words, _reader())
        else:
            look, found = container.viewing.look(document_id, _reader(), Use.SNIPPET), Found()
        return _for_reader(look, places_page(found, _about(container, look), words))

    @routes.get(f"{FILE}/text")
    def text(document_id: int) -> Response:
        version = container.viewing.text(document_id, _page() or 1, _reader())
        noting.page_viewed(version.look.document, version.look.rule)
        return _for_reader(version.look, text_version_page(version, _about(container, version.look)))


def _reader() -> Reader:
    return Reader(actor=actor(), address=request.remote_addr or "")


def _look(container: Container, document_id: int) -> tuple[Reader, Look]:
    reader = _reader()
    return reader, container.viewing.look(document_id, reader)


def _about(container: Container, look: Look) -> About:
    facts = container.catalogue.record(look.document.record_id).description
    return about(look, facts)


def _page() -> int | None:
    return whole(one(request.args, "page"), limit=LARGEST_NUMBER)


def _words() -> str:
    return cleaned(one(request.args, "words"))[:LONGEST_QUERY]


def _zoom() -> int:
    asked = whole(one(request.args, "zoom"), limit=LARGEST_NUMBER) or WHOLE
    return asked if asked in ZOOMS else WHOLE


def _for_reader(look: Look, page: Page) -> Response:
    """A page; what not everybody may see is kept by nobody on its way."""
    response = render(page)
    if not look.is_for_all:
        response.headers["Cache-Control"] = FOR_ONE
    return response


def _turned(container: Container, opened: Opened, reader: Reader) -> Response:
    """What the script needs to show a page in place of another."""
    look, page = opened.look, opened.page
    noting.page_viewed(look.document, look.rule)
    shown = sheet(container.viewing, look, page, ZOOMS[_zoom()], opened.sizes[page - 1], reader)
    pages = len(opened.sizes)
    label = gettext("Page {n} of {m}", n=page, m=pages)
    response = jsonify(page=page, pages=pages, label=label, src=shown.src, width=shown.width, height=shown.height)
    response.headers["Cache-Control"] = FOR_ONE
    return response


def _image(container: Container, document_id: int, page: int) -> Response:
    reader = _reader()
    try:
        look = container.viewing.look(document_id, reader)
    except ReadingRefused as refused:
        # An address that was good a minute ago says no more than one that never was.
        raise NotFound(N_("There is no file {id}."), id=document_id) from refused
    width = whole(one(request.args, "width"), limit=LARGEST_NUMBER) or 0
    tag = f"{look.document.digest[:32]}-{page}-{width}"
    response = Response(mimetype="image/jpeg")
    if look.is_for_all and request.if_none_match.contains(tag):
        response.status_code = HTTPStatus.NOT_MODIFIED
    else:
        response.data = container.viewing.image(look, page, width, reader, _signature()).jpeg
    if look.is_for_all:
        response.set_etag(tag)
    response.headers["Cache-Control"] = ASKED_AGAIN if look.is_for_all else FOR_ONE
    response.headers["Content-Disposition"] = "inline"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _signature() -> Signature | None:
    expires, seal = whole(one(request.args, "expires"), limit=LATEST_SECOND), one(request.args, "seal")
    return Signature(expires=expires, seal=seal[:LONGEST_SEAL]) if expires is not None else None


def _recording(container: Container, look: Look) -> Response:
    is_video = look.document.media_type == MediaType.MP4
    response = _for_reader(look, RecordingPage(about=_about(container, look), is_video=is_video))
    response.headers["Content-Security-Policy"] = f"{HEADERS['Content-Security-Policy']}; media-src 'self'"
    return response


def _too_many(container: Container, error: TooManyPages) -> Response:
    document = container.reading.document(_document_id())
    noting.refused(Denial.LIMIT_EXCEEDED, rule=Rule.VIEW_ONLY.value, item_id=document.record_id, file_id=document.id)
    page = NotNowPage(
        heading=gettext("So many pages at once are not given out"),
        reason=told(error.message),
        remedy=gettext("The limit keeps view-only files from being copied page by page. Your place is remembered."),
        url=f"/view/{_document_id()}",
        deed=gettext("Read on"),
    )
    response = _not_now(error, page, HTTPStatus.TOO_MANY_REQUESTS)
    response.headers["Retry-After"] = str(error.again_in)
    return response


def _not_ready(container: Container, error: DocumentNotReady) -> Response:
    page = NotNowPage(
        heading=gettext("This file can't be shown page by page"),
        reason=told(error.message),
        remedy=gettext("The record says what else can be done with it."),
        url=f"/record/{container.reading.document(_document_id()).record_id}",
        deed=gettext("To the record"),
    )
    return _not_now(error, page, HTTPStatus.CONFLICT)


def _not_now(error: LibraryError, page: NotNowPage, status: HTTPStatus) -> Response:
    """A page for people; for the script, and in the place of an image, the error alone."""
    if asked_by_machine() or request.endpoint == "viewing.image":
        response = jsonify(error={"code": error.code, "message": told(error.message), "problems": []})
        response.status_code = status
        return response
    return render(page, status)


def _document_id() -> int:
    return int((request.view_args or {})["document_id"])
