"""Changes of many records in the browser: chosen from a search or a list, previewed, approved, stopped, undone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from flask import Blueprint, Response, redirect, request, url_for

from library.container import Container
from library.domain.access import Action, Actor, may
from library.domain.batch import Batch, BatchState, Outcome
from library.domain.errors import N_, InvalidChange, LibraryError
from library.marc.changes import Change, Kind
from library.services.asked import Asked, whole
from library.services.batches import MOST_RECORDS, BatchView, Previewed
from library.web.differing import Place, places
from library.web.languages import gettext, told
from library.web.pages import Page, render
from library.web.session import actor, csrf, requires

LATEST = 50
PREVIEWED = 25
LARGEST_NUMBER = 2**31 - 1
NUMBER = f"<int(max={LARGEST_NUMBER}):batch_id>"
LONGEST_SELECTION = 500

KINDS: Mapping[Kind, str] = {
    Kind.SET_SUBFIELD: N_("Set the text of a subfield"),
    Kind.REPLACE: N_("Replace text in a subfield"),
    Kind.REPLACE_PATTERN: N_("Replace by a regular expression"),
    Kind.ADD_SUBFIELD: N_("Add a subfield"),
    Kind.DELETE_SUBFIELD: N_("Delete a subfield"),
    Kind.ADD_FIELD: N_("Add a field"),
    Kind.DELETE_FIELD: N_("Delete a field"),
}
LABELS: Mapping[Kind, str] = {**KINDS, Kind.HEADING: N_("Write the accepted form of a name")}
STATES: Mapping[BatchState, str] = {
    BatchState.PREPARED: N_("Prepared"),
    BatchState.SUBMITTED: N_("Waits for approval"),
    BatchState.RUNNING: N_("Running"),
    BatchState.DONE: N_("Done"),
    BatchState.UNDOING: N_("Being undone"),
    BatchState.UNDONE: N_("Undone"),
    BatchState.CANCELLED: N_("Stopped"),
}
OUTCOMES: Mapping[Outcome, str] = {
    Outcome.WAITING: N_("Waiting"),
    Outcome.CHANGED: N_("Changed"),
    Outcome.UNCHANGED: N_("Nothing to change"),
    Outcome.LEFT: N_("Left as it was"),
    Outcome.RESTORED: N_("Restored"),
    Outcome.KEPT: N_("Kept: changed since"),
}
AT_WORK = frozenset({BatchState.RUNNING, BatchState.UNDOING})


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchLine:
    """A batch in the list."""

    id: int
    state: str
    change: str
    selection: str
    entered_by: str
    entered_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchesPage(Page):
    """The newest batches."""

    template: ClassVar[str] = "batches/batches.html"
    robots: ClassVar[str] = "noindex"

    lines: tuple[BatchLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewBatchPage(Page):
    """The form of a change; `values` are what was typed, `chosen` carries the search or the list that it is for."""

    template: ClassVar[str] = "batches/new.html"
    robots: ClassVar[str] = "noindex"

    csrf: str
    kinds: tuple[tuple[str, str], ...]
    values: Mapping[str, str]
    chosen: tuple[tuple[str, str], ...]
    back_url: str
    total: int
    is_cut: bool
    problem: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewLine:
    """What a change does to one record."""

    record_id: int
    title: str
    outcome: str
    problem: str
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchPage(Page):
    """A batch with its differences, page by page, and what may be done with it."""

    template: ClassVar[str] = "batches/batch.html"
    robots: ClassVar[str] = "noindex"

    csrf: str
    id: int
    state: str
    is_at_work: bool
    change: str
    selection: str
    entered_by: str
    entered_at: datetime
    counts: tuple[tuple[str, int], ...]
    done: int
    total: int
    lines: tuple[PreviewLine, ...]
    next_url: str
    deeds: tuple[tuple[str, str], ...]


def blueprint(container: Container) -> Blueprint:
    """The routes under `/batches`."""
    routes = Blueprint("batches", __name__)

    @routes.get("/batches")
    @requires(Action.SEE_WORK)
    def batches() -> Response:
        return render(BatchesPage(lines=tuple(map(_line, container.batches.latest(LATEST, actor=actor())))))

    @routes.get("/batches/new")
    @requires(Action.BATCH)
    def new() -> Response:
        return render(_form(container, {}, ""))

    @routes.post("/batches")
    @requires(Action.BATCH)
    def prepare() -> Response:
        values = {name: request.form.get(f"change-{name}", "") for name in ("kind", *_TEXTS)}
        try:
            numbers, _ = _chosen(container)
            batch = container.batches.prepare(_change(values), numbers, _selection(), actor=actor())
        except InvalidChange as error:
            return render(_form(container, values, told(error.message)), 422)
        return _to(batch)

    @routes.get(f"/batches/{NUMBER}")
    @requires(Action.SEE_WORK)
    def batch(batch_id: int) -> Response:
        after = whole(request.args.get("after", ""), limit=LARGEST_NUMBER) or 0
        view = container.batches.view(batch_id, actor=actor())
        shown = container.batches.preview(batch_id, after, PREVIEWED + 1, actor=actor())
        return render(_page(view, shown, actor()))

    _deeds_of(routes, container)
    return routes


def _deeds_of(routes: Blueprint, container: Container) -> None:
    @routes.post(f"/batches/{NUMBER}/submit")
    @requires(Action.BATCH)
    def submit(batch_id: int) -> Response:
        container.batches.submit(batch_id, actor=actor())
        return _to(batch_id)

    @routes.post(f"/batches/{NUMBER}/approve")
    @requires(Action.APPROVE)
    def approve(batch_id: int) -> Response:
        container.batches.approve(batch_id, actor=actor())
        return _to(batch_id)

    @routes.post(f"/batches/{NUMBER}/stop")
    @requires(Action.BATCH)
    def stop(batch_id: int) -> Response:
        container.batches.cancel(batch_id, actor=actor())
        return _to(batch_id)

    @routes.post(f"/batches/{NUMBER}/undo")
    @requires(Action.BATCH)
    def undo(batch_id: int) -> Response:
        container.batches.undo(batch_id, actor=actor())
        return _to(batch_id)


def _to(batch_id: int) -> Response:
    return redirect(url_for("batches.batch", batch_id=batch_id), 303)  # type: ignore[return-value]


_TEXTS = ("tag", "indicators", "code", "value", "find", "containing")


def _change(values: Mapping[str, str]) -> Change:
    if values["kind"] not in list(KINDS):
        raise InvalidChange(N_("Choose what is to be done."))
    indicators = values["indicators"].replace("#", " ") or "  "
    texts = {name: values[name] for name in _TEXTS if name != "indicators"}
    return Change(kind=Kind(values["kind"]), indicators=indicators, **texts)


def _chosen(container: Container) -> tuple[tuple[int, ...], bool]:
    """The records that the address or the form names, and whether the search finds more than may be changed at once."""
    listed = request.values.get("records", "")
    if listed:
        numbers = [whole(part, limit=LARGEST_NUMBER) for part in listed.split(",")[:MOST_RECORDS]]
        return tuple(dict.fromkeys(number for number in numbers if number)), False
    asked = Asked.read(request.values)
    if not list(asked.pairs(sort=False)):
        raise InvalidChange(N_("Search for the records first, or keep them in your list, and begin from there."))
    found = container.selecting.find(asked.request())
    return found.numbers, found.is_cut


def _selection() -> str:
    """What was chosen, in the words of the one who chose it."""
    chosen = request.values.get("records", "") or " ".join(value for _, value in Asked.read(request.values).pairs())
    return chosen[:LONGEST_SELECTION]


def _form(container: Container, values: Mapping[str, str], problem: str) -> NewBatchPage:
    listed, asked = request.values.get("records", ""), Asked.read(request.values)
    try:
        numbers, is_cut = _chosen(container)
    except LibraryError as error:
        numbers, is_cut, problem = (), False, problem or told(error.message)
    return NewBatchPage(
        csrf=csrf(),
        kinds=tuple((kind.value, gettext(label)) for kind, label in KINDS.items()),
        values={name: values.get(name, "") for name in ("kind", *_TEXTS)},
        chosen=(("records", listed),) if listed else tuple(asked.pairs()),
        back_url="/my-list" if listed else asked.url(),
        total=len(numbers),
        is_cut=is_cut,
        problem=problem,
    )


def _line(batch: Batch) -> BatchLine:
    return BatchLine(
        id=batch.id,
        state=gettext(STATES[batch.state]),
        change=_described(Change.from_facts(batch.change)),
        selection=batch.selection,
        entered_by=batch.entered_by_name,
        entered_at=batch.entered_at,
    )


def _described(change: Change) -> str:
    """The change in one line: what is done, where, with which texts."""
    where = change.tag + (f" ${change.code}" if change.code and change.tag else "")
    texts = [f"“{text}”" for text in (change.find, change.value) if text]
    about = f" ({change.containing})" if change.containing else ""
    return f"{gettext(LABELS[change.kind])}: {where} {' → '.join(texts)}{about}"


def _page(view: BatchView, shown: list[Previewed], who: Actor) -> BatchPage:
    batch = view.batch
    lines = shown[:PREVIEWED]
    following = url_for("batches.batch", batch_id=batch.id, after=lines[-1].record_id) if len(shown) > PREVIEWED else ""
    waiting = view.counts.get(Outcome.CHANGED if batch.state is BatchState.UNDOING else Outcome.WAITING, 0)
    return BatchPage(
        csrf=csrf(),
        id=batch.id,
        state=gettext(STATES[batch.state]),
        is_at_work=batch.state in AT_WORK,
        change=_described(view.change),
        selection=batch.selection,
        entered_by=batch.entered_by_name,
        entered_at=batch.entered_at,
        counts=tuple(
            (gettext(OUTCOMES[outcome]), view.counts[outcome]) for outcome in Outcome if outcome in view.counts
        ),
        done=view.total - waiting,
        total=view.total,
        lines=tuple(map(_preview_line, lines)),
        next_url=following,
        deeds=tuple(_deeds(batch, who)),
    )


def _preview_line(one: Previewed) -> PreviewLine:
    return PreviewLine(
        record_id=one.record_id,
        title=one.title,
        outcome=gettext(OUTCOMES[one.outcome]),
        problem=gettext(one.problem) if one.problem else "",
        places=places(one.differences),
    )


def _deeds(batch: Batch, who: Actor) -> list[tuple[str, str]]:
    """What this person may do with the batch now: address and label."""
    offered = {
        BatchState.PREPARED: [
            ("submit", N_("Submit for approval"), Action.BATCH),
            ("stop", N_("Give up"), Action.BATCH),
        ],
        BatchState.SUBMITTED: [
            ("approve", N_("Approve and run"), Action.APPROVE),
            ("stop", N_("Give up"), Action.BATCH),
        ],
        BatchState.RUNNING: [("stop", N_("Stop"), Action.BATCH)],
        BatchState.DONE: [("undo", N_("Undo the whole batch"), Action.BATCH)],
        BatchState.CANCELLED: [("undo", N_("Undo the whole batch"), Action.BATCH)],
    }.get(batch.state, [])
    return [
        (f"/batches/{batch.id}/{path}", gettext(label))
        for path, label, action in offered
        if may(who, action) and not (path == "approve" and who.key == batch.entered_by)
    ]
