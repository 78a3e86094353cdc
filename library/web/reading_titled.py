"""A PDF with a page before it that says what it is, where it comes from and what may be done with it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import ClassVar

from flask import Response, request

from indexer.extraction.title_page import with_title_page
from library.container import Container
from library.domain.description import Description
from library.domain.document import Document
from library.projections import citation
from library.projections.licences import licence_name, licence_url
from library.services.catalogue import RecordView
from library.services.printing import TitlePage
from library.services.reading import Download
from library.web import formats, noting, words
from library.web.citations import today
from library.web.languages import gettext, locale
from library.web.pages import Page, permanent, render, settings, site
from library.web.reading_bytes import FOR_ONE, HARMLESS, answer, disposition
from storage.model import MediaType

MOST_CREATORS = 4
LONGEST_TITLE, LONGEST_CITATION = 300, 900


@dataclass(frozen=True, slots=True, kw_only=True)
class UntitledPage(Page):
    """Why a file is not given with a title page, and where it is without."""

    template: ClassVar[str] = "reading/untitled.html"
    robots: ClassVar[str] = "noindex"

    record_id: int
    title: str
    lang: str
    file: str
    file_url: str


def titled_answer(container: Container, download: Download) -> Response:
    """The file with its title page, made for this visitor and kept nowhere.

    Where it can't have one, people are told so, and programs are given the file as it is.
    """
    document = download.document
    view = container.catalogue.record(document.record_id)
    joined = None
    if download.media_type == MediaType.PDF:
        page = container.printing.title_page(_title_page(view, document))
        joined = with_title_page(Path(download.file.name), page)
    if joined is None and "text/html" not in request.accept_mimetypes.values():
        return answer(download, inline=False)
    download.file.close()
    return _untitled(view.description, document) if joined is None else _titled(download, joined)


def _untitled(facts: Description, document: Document) -> Response:
    return render(
        UntitledPage(
            record_id=document.record_id,
            title=facts.title,
            lang=words.text_language(facts.languages, facts.title),
            file=document.label or document.name,
            file_url=f"/files/{document.id}",
        )
    )


def _titled(download: Download, joined: bytes) -> Response:
    noting.downloaded(download.document, download.rule)
    response = Response(joined, HTTPStatus.OK, mimetype=download.media_type)
    response.headers["Content-Disposition"] = disposition(download.document.name)
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
