"""A PDF with a page before it that says what it is, where it comes from and what may be done with it."""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus
from pathlib import Path

from flask import Response, request

from indexer.extraction.title_page import with_title_page
from library.container import Container
from library.domain.document import Document
from library.projections import citation
from library.projections.licences import licence_name, licence_url
from library.services.catalogue import RecordView
from library.services.printing import TitlePage
from library.services.reading import Download
from library.web import formats
from library.web.citations import today
from library.web.languages import gettext, locale
from library.web.pages import permanent, settings, site
from library.web.reading_bytes import FOR_ONE, HARMLESS, disposition
from storage.model import MediaType

MOST_CREATORS = 4
LONGEST_TITLE, LONGEST_CITATION = 300, 900


def titled_answer(container: Container, download: Download) -> Response | None:
    """The file with its title page, made for this visitor and kept nowhere; None where it can't have one."""
    if download.media_type != MediaType.PDF:
        return None
    document = download.document
    page = container.printing.title_page(_title_page(container.catalogue.record(document.record_id), document))
    joined = with_title_page(Path(download.file.name), page)
    if joined is None:
        return None
    download.file.close()
    response = Response(joined, HTTPStatus.OK, mimetype=download.media_type)
    response.headers["Content-Disposition"] = disposition(document.name)
    response.headers["Content-Security-Policy"] = HARMLESS
    response.headers["Cache-Control"] = FOR_ONE
    response.headers["X-Robots-Tag"] = "noindex"
    if request.method == "HEAD":
        response.content_length = len(joined)
    return response


def _title_page(view: RecordView, document: Document) -> TitlePage:
    facts, house = view.description, site()
    return TitlePage(
        library=", ".join(part for part in (house.library, house.institution) if part),
        creators="; ".join(creator.name for creator in facts.creators[:MOST_CREATORS]),
        title=facts.title[:LONGEST_TITLE],
        facts=tuple(_facts(view, document)),
        notice=gettext("This page was added by the library; the document itself begins on the next one."),
    )


def _facts(view: RecordView, document: Document) -> Iterable[tuple[str, str]]:
    address = permanent("record.record", record_id=document.record_id)
    day = today(settings())
    reference = citation.gost(view.description, address=address, accessed=day)
    yield gettext("Bibliographic reference"), reference[:LONGEST_CITATION]
    yield gettext("Permanent address"), address
    if document.rights.licence:
        known = licence_url(document.rights.licence)
        yield gettext("Licence"), f"{licence_name(document.rights.licence)} {known}".strip()
    yield gettext("Downloaded on"), formats.long_day(day, locale())
