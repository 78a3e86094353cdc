"""Taking home what a search finds: a page that says what will be in the file, and the file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from urllib.parse import urlencode

from flask import Blueprint, Response, request

from library.container import Container
from library.domain.errors import N_, QueryTooLong
from library.projections import table
from library.services.asked import LONGEST_QUERY, Asked
from library.services.listing import ENDINGS, MEDIA_TYPES, ListFormat, Wording
from library.web import words
from library.web.downloads import File
from library.web.languages import gettext, language, ngettext
from library.web.pages import Page, permanent, render

FOR_PROGRAMS = N_("{form}, for {programs}")
# What a form is for: the message, the form's own name, and programs that read it.
PURPOSES = {
    ListFormat.CSV: (N_("{form}, a table for spreadsheets"), "CSV", ""),
    ListFormat.RIS: (FOR_PROGRAMS, "RIS", "Zotero, Mendeley, EndNote"),
    ListFormat.BIBTEX: (FOR_PROGRAMS, "BibTeX", "LaTeX, JabRef"),
    ListFormat.MARCXML: (N_("{form}, for library systems"), "MARCXML", ""),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportPage(Page):
    """How many records the file will have, and in which forms it can be had."""

    template: ClassVar[str] = "search/export.html"
    robots: ClassVar[str] = "noindex"

    words: str
    total: int
    limit: int
    note: str
    files: tuple[File, ...]
    back_url: str


def blueprint(container: Container) -> Blueprint:
    """The route `/search/export`."""
    routes = Blueprint("export", __name__)

    @routes.get("/search/export")
    def export() -> Response:
        asked = Asked.read(request.args).on_page(1)
        if len(asked.words) > LONGEST_QUERY:
            raise QueryTooLong(
                N_("The query is longer than {limit} characters. Leave the most important words."), limit=LONGEST_QUERY
            )
        found = container.listing.find(asked.request())
        note = _note(len(found.numbers), found.total) if found.is_cut else ""
        form = request.args.get("format", "")
        if form not in list(ListFormat):
            return render(_page(asked, found.total, container.listing.limit, note))
        written_as = ListFormat(form)
        name = f"search-first-{len(found.numbers)}-of-{found.total}" if found.is_cut else f"search-{found.total}"
        return as_file(container.listing.write(found.numbers, written_as, wording(note)), written_as, name)

    return routes


def export_url(asked: Asked, written_as: ListFormat | None = None) -> str:
    """The address of the page of exports for this search, or of its file in one form."""
    pairs = [*asked.pairs(), *([("format", written_as.value)] if written_as is not None else [])]
    return "/search/export?" + urlencode(pairs) if pairs else "/search/export"


def form_name(written_as: ListFormat) -> str:
    """The name of the form and what it is for, in the reader's language."""
    message, form, programs = PURPOSES[written_as]
    return gettext(message, form=form, programs=programs)


def wording(note: str) -> Wording:
    """What a file says, in the reader's language."""
    return Wording(
        headings=tuple(map(gettext, table.HEADINGS)),
        labels={code: gettext(name) for code, name in {**words.MATERIALS, **words.LANGUAGE_NAMES}.items()},
        # What spreadsheets expect where the comma is the decimal sign.
        separator="," if language() == "en" else ";",
        note=note,
        address=lambda number: permanent("record.record", record_id=number),
    )


def as_file(content: bytes, written_as: ListFormat, name: str) -> Response:
    """The file of a list, to be saved under this name."""
    response = Response(content, content_type=MEDIA_TYPES[written_as])
    response.headers.set("Content-Disposition", "attachment", filename=name + ENDINGS[written_as])
    response.headers["X-Robots-Tag"] = "noindex"
    # The headings are in the language of the reader.
    response.vary.update(("Accept-Language", "Cookie"))
    return response


def _page(asked: Asked, total: int, limit: int, note: str) -> ExportPage:
    files = tuple(
        File(label=form_name(form), url=export_url(asked, form), media_type=MEDIA_TYPES[form]) for form in ListFormat
    )
    return ExportPage(
        words=asked.words,
        total=total,
        limit=limit,
        note=note,
        files=files if total else (),
        back_url=asked.url(),
    )


def _note(written: int, total: int) -> str:
    return ngettext(
        "This list is cut: the search finds {total} record, only the first {limit} are here.",
        "This list is cut: the search finds {total} records, only the first {limit} are here.",
        total,
        total=total,
        limit=written,
    )
