"""Labels of copies as a PDF: chosen by an act, by inventory numbers or by records."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar
from urllib.parse import urlencode

from flask import Blueprint, Response, request

from library.container import Container
from library.domain.access import Action
from library.domain.errors import N_, InvalidAct, LibraryError
from library.domain.holdings import numbers_between
from library.projections.labels import Label, LabelKind, label
from library.services.asked import whole
from library.services.printing import LABELS_ON_A_SHEET, LabelSheets
from library.web.languages import gettext, told
from library.web.pages import Page, permanent, render, site
from library.web.session import actor, requires

MOST_LABELS = 960
LARGEST_NUMBER = 2**31 - 1
NAMES = ("act", "numbers", "records")
KINDS: Mapping[LabelKind, str] = {
    LabelKind.BARCODE: N_("Barcode of the copy"),
    LabelKind.SPINE: N_("Label for the spine"),
    LabelKind.QR: N_("QR code that leads to the record"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelsPage(Page):
    """What labels are for, and how many there will be."""

    template: ClassVar[str] = "labels/labels.html"
    robots: ClassVar[str] = "noindex"

    kinds: tuple[tuple[str, str], ...]
    kind: str
    values: Mapping[str, str]
    skip: int
    most_skipped: int
    total: int
    file_url: str
    problem: str


def blueprint(container: Container) -> Blueprint:
    """The routes `/labels` and `/labels.pdf`."""
    routes = Blueprint("labels", __name__)

    @routes.get("/labels")
    @requires(Action.SEE_WORK)
    def labels() -> Response:
        problem, total = "", 0
        if any(map(_asked, NAMES)):
            try:
                total = len(_labels(container))
            except LibraryError as error:
                problem = told(error.message)
        values = {name: _asked(name) for name in NAMES}
        pairs = [(name, value) for name, value in values.items() if value]
        query = urlencode([*pairs, ("kind", _kind().value), ("skip", _skip())])
        page = LabelsPage(
            kinds=tuple((kind.value, gettext(text)) for kind, text in KINDS.items()),
            kind=_kind().value,
            values=values,
            skip=_skip(),
            most_skipped=LABELS_ON_A_SHEET - 1,
            total=total,
            file_url=f"/labels.pdf?{query}" if total else "",
            problem=problem,
        )
        return render(page, 422 if problem else 200)

    @routes.get("/labels.pdf")
    @requires(Action.SEE_WORK)
    def file() -> Response:
        around = site()
        sheets = LabelSheets(
            title=gettext("Labels"),
            library=around.institution or around.library,
            kind=_kind(),
            skip=_skip(),
            labels=_labels(container),
        )
        response = Response(container.printing.labels(sheets), mimetype="application/pdf")
        response.headers.set("Content-Disposition", "inline", filename="labels.pdf")
        return response

    return routes


def _asked(name: str) -> str:
    return request.args.get(name, "").strip()


def _kind() -> LabelKind:
    return LabelKind(_asked("kind")) if _asked("kind") in list(LabelKind) else LabelKind.BARCODE


def _skip() -> int:
    return whole(_asked("skip"), limit=LABELS_ON_A_SHEET - 1) or 0


def _labels(container: Container) -> tuple[Label, ...]:
    """The labels of what was chosen. Raises `InvalidAct` and `NotFound`."""
    found = tuple(_found(container))
    if not found:
        raise InvalidAct(N_("Nothing of that has copies."))
    if len(found) > MOST_LABELS:
        raise InvalidAct(N_("{most} labels at most can be printed at once."), most=MOST_LABELS)
    return found


def _found(container: Container) -> Iterator[Label]:
    """Labels of the act's copies, of the numbers, or of all copies of the records."""
    if act := whole(_asked("act"), limit=LARGEST_NUMBER):
        lines = container.holdings.act(act, actor=actor()).act.lines
        wanted = {line.inventory_number for line in lines if line.inventory_number}
        records = [line.record_id for line in lines]
    elif _asked("numbers"):
        numbers = numbers_between(_asked("numbers"))
        wanted = set(numbers)
        records = [line.record_id for line in container.holdings.lines_of(numbers, actor=actor())]
    else:
        wanted = set()
        parts = (whole(part, limit=LARGEST_NUMBER) for part in _asked("records").split(",")[:MOST_LABELS])
        records = [part for part in parts if part]
    for record_id in dict.fromkeys(records):
        description = container.catalogue.record(record_id).description
        address = permanent("record.record", record_id=record_id)
        for copy in description.copies:
            if not wanted or copy.inventory_number in wanted:
                yield label(_kind(), copy, description, address)
