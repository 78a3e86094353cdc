"""Copies as property in the browser: acts of receipt and of writing off, the accession book, its balance."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import ClassVar
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, redirect, request, url_for

from library.container import Container
from library.db.holdings import BookLine, ListedAct
from library.domain.access import Action, may
from library.domain.errors import N_, InvalidAct
from library.domain.holdings import Act, ActKind, ActLine, Balance, Source, numbers_between
from library.projections import table
from library.services.asked import whole
from library.web import formats
from library.web.languages import gettext, locale, told
from library.web.pages import Page, render
from library.web.session import actor, csrf, requires

LATEST = 30
BOOK_PAGE = 100
BOOK_CHUNK = 2_000
ROWS = 5
MOST_ROWS = 200
LARGEST_NUMBER = 2**31 - 1
NUMBER = f"<int(max={LARGEST_NUMBER}):act_id>"
ACT_KIND = f"<any('{ActKind.RECEIPT}', '{ActKind.WRITE_OFF}'):kind>"
TEXTS = ("number", "date", "source", "partner", "document", "reason", "copies")
CELLS = ("record", "copies", "quantity", "price", "place")

KINDS: Mapping[ActKind, str] = {
    ActKind.OPENING: N_("Stock taken over"),
    ActKind.RECEIPT: N_("Receipt"),
    ActKind.WRITE_OFF: N_("Writing off"),
}
SOURCES: Mapping[Source, str] = {
    Source.PURCHASE: N_("Purchase"),
    Source.SUBSCRIPTION: N_("Subscription"),
    Source.EXCHANGE: N_("Exchange"),
    Source.GIFT: N_("Gift"),
    Source.OWN: N_("Own production"),
    Source.OTHER: N_("Other source"),
}
BOOK_HEADINGS = (
    N_("Date"),
    N_("Act"),
    N_("Source"),
    N_("From whom"),
    N_("Inventory number"),
    N_("Record number"),
    N_("Title"),
    N_("Copies"),
    N_("Price"),
    N_("Place"),
    N_("Written off by"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ActRow:
    """An act in a list."""

    id: int
    kind: str
    number: str
    date: date
    source: str
    partner: str
    copies: int
    cost: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldingsPage(Page):
    """The balance of a period and the newest acts."""

    template: ClassVar[str] = "holdings/holdings.html"
    robots: ClassVar[str] = "noindex"

    csrf: str
    first: date
    last: date
    balance: Balance
    received: tuple[tuple[str, int, Decimal], ...]
    acts: tuple[ActRow, ...]
    may_receive: bool
    may_write_off: bool
    problem: str
    taken_over: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ActForm(Page):
    """The form of an act, with whatever was typed."""

    template: ClassVar[str] = "holdings/act_form.html"
    robots: ClassVar[str] = "noindex"

    csrf: str
    kind: str
    heading: str
    values: Mapping[str, str]
    rows: tuple[Mapping[str, str], ...]
    sources: tuple[tuple[str, str], ...]
    problem: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ActPage(Page):
    """An act as it was entered, ready to be printed."""

    template: ClassVar[str] = "holdings/act.html"
    robots: ClassVar[str] = "noindex"

    heading: str
    row: ActRow
    document: str
    reason: str
    lines: tuple[ActLine, ...]
    entered_by: str
    entered_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class BookPage(Page):
    """A page of the accession book."""

    template: ClassVar[str] = "holdings/book.html"
    robots: ClassVar[str] = "noindex"

    lines: tuple[tuple[BookLine, str], ...]
    next_url: str


def blueprint(container: Container) -> Blueprint:
    """The routes under `/holdings`."""
    routes = Blueprint("holdings", __name__)
    zone = ZoneInfo(container.settings.time_zone)

    def today() -> date:
        return datetime.now(UTC).astimezone(zone).date()

    @routes.get("/holdings")
    @requires(Action.SEE_WORK)
    def holdings() -> Response:
        return _holdings(container, today())

    @routes.post("/holdings/take-over")
    @requires(Action.WRITE_OFF)
    def take_over() -> Response:
        taken = container.holdings.take_over(today(), actor=actor())
        return redirect(url_for("holdings.holdings", taken=taken), 303)  # type: ignore[return-value]

    @routes.get("/holdings/book")
    @requires(Action.SEE_WORK)
    def book() -> Response:
        after = whole(request.args.get("act", ""), limit=LARGEST_NUMBER) or 0
        position = whole(request.args.get("line", ""), limit=LARGEST_NUMBER) or 0
        found = container.holdings.book((after, position), BOOK_PAGE, actor=actor())
        following = url_for("holdings.book", act=found.next[0], line=found.next[1]) if found.next else ""
        lines = tuple((line, _source(line.source)) for line in found.lines)
        return render(BookPage(lines=lines, next_url=following))

    @routes.get("/holdings/book.csv")
    @requires(Action.SEE_WORK)
    def book_file() -> Response:
        response = Response(_book_file(container), content_type="text/csv; charset=utf-8")
        response.headers.set("Content-Disposition", "attachment", filename=f"accession-book-{today()}.csv")
        return response

    _acts(routes, container, today)
    return routes


def _acts(routes: Blueprint, container: Container, today: Callable[[], date]) -> None:
    @routes.get(f"/holdings/acts/{NUMBER}")
    @requires(Action.SEE_WORK)
    def act(act_id: int) -> Response:
        return render(_act_page(container.holdings.act(act_id, actor=actor())))

    @routes.get(f"/holdings/{ACT_KIND}/new")
    @requires(Action.HOLDINGS)
    def new(kind: str) -> Response:
        return render(_form(ActKind(kind), {"date": today().isoformat()}, ({},) * ROWS, ""))

    @routes.post(f"/holdings/{ACT_KIND}")
    @requires(Action.HOLDINGS)
    def enter(kind: str) -> Response:
        values = {name: request.form.get(name, "").strip() for name in TEXTS}
        rows = _rows()
        if "more" in request.form:
            return render(_form(ActKind(kind), values, (*rows, *({},) * ROWS), ""))
        try:
            entered = container.holdings.enter(_act(container, ActKind(kind), values, rows), actor=actor())
        except InvalidAct as error:
            return render(_form(ActKind(kind), values, rows or ({},) * ROWS, told(error.message)), 422)
        return redirect(url_for("holdings.act", act_id=entered), 303)  # type: ignore[return-value]


def _holdings(container: Container, today: date) -> Response:
    problem = ""
    first, last = _day("first", date(today.year, 1, 1)), _day("last", today)
    if last < first:
        problem, first, last = gettext("The period ends before it begins."), date(today.year, 1, 1), today
    balance = container.holdings.balance(first, last, actor=actor())
    received = tuple((_source(source), amount.copies, amount.cost) for source, amount in balance.received.items())
    page = HoldingsPage(
        csrf=csrf(),
        first=first,
        last=last,
        balance=balance,
        received=tuple(line for line in received if line[1]),
        acts=tuple(map(_row, container.holdings.latest(LATEST, actor=actor()))),
        may_receive=may(actor(), Action.HOLDINGS),
        may_write_off=may(actor(), Action.WRITE_OFF),
        problem=problem,
        taken_over=whole(request.args.get("taken", ""), limit=LARGEST_NUMBER),
    )
    return render(page, 422 if problem else 200)


def _day(name: str, otherwise: date) -> date:
    try:
        return date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return otherwise


def _source(source: Source | None) -> str:
    return gettext(SOURCES[source]) if source else ""


def _row(listed: ListedAct) -> ActRow:
    act = listed.act
    return ActRow(
        id=listed.id,
        kind=gettext(KINDS[act.kind]),
        number=act.number,
        date=act.date,
        source=_source(act.source),
        partner=act.partner,
        copies=listed.amount.copies,
        cost=listed.amount.cost,
    )


def _act_page(listed: ListedAct) -> ActPage:
    act = listed.act
    return ActPage(
        heading=gettext("{kind}: act {number}", kind=gettext(KINDS[act.kind]), number=act.number),
        row=_row(listed),
        document=act.document,
        reason=act.reason,
        lines=act.lines,
        entered_by=listed.entered_by_name,
        entered_at=listed.entered_at,
    )


def _rows() -> tuple[dict[str, str], ...]:
    """What was typed into the rows of the form; empty ones are left out."""
    columns = [request.form.getlist(f"line-{name}")[:MOST_ROWS] for name in CELLS]
    rows = (dict(zip(CELLS, map(str.strip, cells), strict=True)) for cells in zip(*columns, strict=False))
    return tuple(row for row in rows if any(row.values()))


def _form(kind: ActKind, values: Mapping[str, str], rows: tuple[Mapping[str, str], ...], problem: str) -> ActForm:
    return ActForm(
        csrf=csrf(),
        kind=kind.value,
        heading=gettext(KINDS[kind]),
        values={name: values.get(name, "") for name in TEXTS},
        rows=tuple({name: row.get(name, "") for name in CELLS} for row in rows),
        sources=tuple((source.value, gettext(label)) for source, label in SOURCES.items()),
        problem=problem,
    )


def _act(container: Container, kind: ActKind, values: Mapping[str, str], rows: Iterable[Mapping[str, str]]) -> Act:
    try:
        on = date.fromisoformat(values["date"])
    except ValueError as error:
        raise InvalidAct(N_("Write the date of the act.")) from error
    lines: list[ActLine] = []
    if kind is ActKind.WRITE_OFF:
        lines += container.holdings.lines_of(numbers_between(values["copies"]), actor=actor())
    for row in rows:
        lines += _lines(row)
    return Act(
        kind=kind,
        number=values["number"],
        date=on,
        source=Source(values["source"]) if values["source"] in list(Source) else None,
        partner=values["partner"],
        document=values["document"],
        reason=values["reason"],
        lines=tuple(lines),
    )


def _lines(row: Mapping[str, str]) -> list[ActLine]:
    record = whole(row["record"], limit=LARGEST_NUMBER)
    if not record:
        raise InvalidAct(N_("A line of the act begins with the number of its record: {typed}"), typed=row["record"])
    try:
        price = Decimal(row["price"].replace(" ", "").replace("\u00a0", "").replace(",", ".") or "0")
    except InvalidOperation as error:
        raise InvalidAct(N_("This is no price: {typed}"), typed=row["price"]) from error
    if not price.is_finite():
        raise InvalidAct(N_("This is no price: {typed}"), typed=row["price"])
    numbers = numbers_between(row["copies"])
    if numbers:
        return [ActLine(record_id=record, inventory_number=one, price=price, place=row["place"]) for one in numbers]
    quantity = whole(row["quantity"], limit=LARGEST_NUMBER)
    if not quantity:
        raise InvalidAct(N_("Write the inventory numbers of record {id}, or how many copies came."), id=record)
    return [ActLine(record_id=record, quantity=quantity, price=price, place=row["place"])]


def _book_file(container: Container) -> bytes:
    """The whole accession book as a table."""
    separator = "," if locale().language == "en" else ";"
    parts = [table.BYTE_ORDER_MARK, table.line(map(gettext, BOOK_HEADINGS), separator)]
    after: tuple[int, int] | None = (0, 0)
    while after is not None:
        page = container.holdings.book(after, BOOK_CHUNK, actor=actor())
        parts += [table.line(_cells(line), separator) for line in page.lines]
        after = page.next
    return "".join(parts).encode()


def _cells(line: BookLine) -> Iterable[str]:
    gone = f"{line.written_off[0]}, {formats.short_day(line.written_off[1], locale())}" if line.written_off else ""
    return (
        formats.short_day(line.came_on, locale()),
        line.act_number,
        _source(line.source),
        line.partner,
        line.inventory_number,
        str(line.record_id),
        line.title,
        str(line.quantity),
        str(line.price),
        line.place,
        gone,
    )
