"""The list a reader keeps without signing in: to look at, to print, to send and to take home."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from flask import Blueprint, Response, redirect, request

from library.container import Container
from library.db.records import ListedRecord
from library.domain.errors import N_, RecordNotFound
from library.services.asked import whole
from library.services.listing import ENDINGS, MEDIA_TYPES, MOST_LISTED, ListFormat
from library.services.reading import ReadFile
from library.web import words
from library.web.availability import Availability, availability_of
from library.web.changing import change_url
from library.web.citations import described
from library.web.downloads import File
from library.web.export import as_file, form_name, wording
from library.web.kept import LARGEST_NUMBER, keep, kept
from library.web.letter import Letter, letter
from library.web.list_form import ListForm, list_form, personal, way_back
from library.web.pages import Page, permanent, render
from library.web.session import actor

PAGE_SIZE = 50
LONGEST_TITLE = 60
FORMS = {ENDINGS[form].removeprefix("."): form for form in ListFormat}


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedLine:
    """A record of the list with its bibliographic description; the title, which stands there too, is cut if long."""

    id: int
    url: str
    title: str
    lang: str
    description: str
    permanent: str
    availability: Availability | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MyListPage(Page):
    """A part of the list, the files all of it can be had in, and how much of it readers can't see any more."""

    template: ClassVar[str] = "my_list/my_list.html"
    robots: ClassVar[str] = "noindex"

    form: ListForm
    lines: tuple[ListedLine, ...]
    total: int
    first: int
    page: int
    pages: int
    missing: int
    limit: int
    is_full: bool
    letter: Letter
    files: tuple[File, ...]
    change_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedListPage(Page):
    """The whole list as it goes to paper."""

    template: ClassVar[str] = "my_list/print.html"
    robots: ClassVar[str] = "noindex"

    lines: tuple[ListedLine, ...]


def blueprint(container: Container) -> Blueprint:
    """The routes `/my-list`, `/my-list/print`, `/my-list.txt` and the files of the list."""
    routes = Blueprint("my_list", __name__)

    @routes.get("/my-list")
    def show() -> Response:
        return personal(render(_page(container, is_full=False)))

    @routes.post("/my-list")
    def change() -> Response:
        numbers = kept()
        added = whole(request.form.get("add", ""), limit=LARGEST_NUMBER)
        removed = whole(request.form.get("remove", ""), limit=LARGEST_NUMBER)
        if added is not None and added not in numbers:
            if len(numbers) >= MOST_LISTED:
                return personal(render(_page(container, is_full=True), 409))
            if not container.listing.chosen((added,)).records:
                raise RecordNotFound(N_("There is no record {id}."), id=added)
            numbers = (*numbers, added)
        if removed is not None:
            numbers = tuple(number for number in numbers if number != removed)
        if "tidy" in request.form:
            missing = container.listing.chosen(numbers).missing
            numbers = tuple(number for number in numbers if number not in missing)
        if "clear" in request.form:
            numbers = ()
        return _back(numbers, added or removed)

    @routes.get("/my-list/print")
    def printed() -> Response:
        return personal(render(PrintedListPage(lines=_lines(container, container.listing.chosen(kept()).records, {}))))

    @routes.get("/my-list.txt")
    def text() -> Response:
        content = _as_text(_lines(container, container.listing.chosen(kept()).records, {}))
        response = Response(content, mimetype="text/plain")
        response.headers.set("Content-Disposition", "attachment", filename="my-list.txt")
        return personal(response)

    @routes.get(f"/my-list.<any({', '.join(FORMS)}):form>")
    def file(form: str) -> Response:
        written_as = FORMS[form]
        return personal(as_file(container.listing.write(kept(), written_as, wording("")), written_as, "my-list"))

    return routes


def _back(numbers: tuple[int, ...], touched: int | None) -> Response:
    """To the page the button was on, at the button."""
    address = way_back(request.form.get("back", ""))
    anchor = f"#keep-{touched}" if touched is not None and not address.startswith("/my-list") else ""
    response: Response = redirect(address + anchor, 303)  # type: ignore[assignment]
    keep(response, numbers)
    return personal(response)


def _page(container: Container, *, is_full: bool) -> MyListPage:
    chosen = container.listing.chosen(kept())
    total = len(chosen.records)
    pages = max(-(-total // PAGE_SIZE), 1)
    page = min(max(whole(request.args.get("page", ""), limit=MOST_LISTED) or 1, 1), pages)
    start = (page - 1) * PAGE_SIZE
    shown = chosen.records[start : start + PAGE_SIZE]
    visit = container.reading.visit(actor(), request.remote_addr or "")
    return MyListPage(
        form=list_form(),
        lines=_lines(container, shown, container.reading.of_records([record.id for record in shown], visit)),
        total=total,
        first=start + 1,
        page=page,
        pages=pages,
        missing=len(chosen.missing),
        limit=MOST_LISTED,
        is_full=is_full,
        letter=letter([(_short(record.description.title), _address(record)) for record in chosen.records]),
        files=tuple(
            File(label=form_name(form), url=f"/my-list.{ending}", media_type=MEDIA_TYPES[form])
            for ending, form in FORMS.items()
        ),
        change_url=change_url([("records", ",".join(str(record.id) for record in chosen.records))]),
    )


def _address(record: ListedRecord) -> str:
    return permanent("record.record", record_id=record.id)


def _lines(
    container: Container, records: tuple[ListedRecord, ...], files: Mapping[int, Sequence[ReadFile]]
) -> tuple[ListedLine, ...]:
    return tuple(
        ListedLine(
            id=record.id,
            url=f"/record/{record.id}",
            title=_short(record.description.title),
            lang=words.text_language(record.description.languages, record.description.title),
            description=described(record.description, container.settings),
            permanent=_address(record),
            availability=availability_of(record.description, files.get(record.id, ())),
        )
        for record in records
    )


def _as_text(lines: tuple[ListedLine, ...]) -> str:
    return (
        "\n\n".join(f"{place}. {line.description}\n   {line.permanent}" for place, line in enumerate(lines, 1)) + "\n"
    )


def _short(title: str) -> str:
    return title if len(title) <= LONGEST_TITLE else title[: LONGEST_TITLE - 1].rstrip() + "…"
