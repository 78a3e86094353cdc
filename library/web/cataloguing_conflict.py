"""Two people changed one record: both versions side by side, and field by field whose is taken."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar

from flask import Blueprint, Response, request

from library.container import Container
from library.domain.access import Action
from library.domain.errors import N_, InvalidForm, InvalidRecord, StaleVersion
from library.domain.marc import Field, MarcRecord
from library.marc import dialects
from library.marc.merging import choices, merged
from library.marc.worksheets import carried, carry
from library.marc.writing import field_line
from library.services.asked import whole
from library.services.cataloguing import Stamp, Workplace
from library.web import words
from library.web.cataloguing_page import Shown, form_page, problems_of
from library.web.cataloguing_state import LARGEST_NUMBER, FormState, posted
from library.web.pages import Page, render
from library.web.session import actor, csrf, requires, to
from library.web.staff_names import named

UNPROCESSABLE = 422
CONFLICT = 409
MOST_PLACES = 99_999


@dataclass(frozen=True, slots=True, kw_only=True)
class ConflictRow:
    """A place where the versions differ; the suggested one is chosen already."""

    name: str
    tag: str
    mine: tuple[str, ...]
    theirs: tuple[str, ...]
    takes_mine: bool
    is_contested: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ConflictPage(Page):
    """Mine and theirs. `hidden` carries both records through the choice."""

    template: ClassVar[str] = "cataloguing/conflict.html"
    robots: ClassVar[str] = "noindex"

    csrf: str
    record_id: int
    title: str
    lang: str
    saved_by: str
    saved_at: datetime
    rows: tuple[ConflictRow, ...]
    hidden: tuple[tuple[str, str], ...]


def blueprint(container: Container) -> Blueprint:
    """The route that takes the choices."""
    routes = Blueprint("conflict", __name__)

    @routes.post(f"/cataloguing/<int(max={LARGEST_NUMBER}):record_id>/merge")
    @requires(Action.CATALOGUE)
    def merge(record_id: int) -> Response:
        state = posted(request.form.items(multi=True))
        mine = carried(state.worksheet.dialect, request.form.get("mine", ""))
        if mine is None or state.record_id != record_id or state.stamp is None:
            raise InvalidForm(N_("The form was damaged on its way. Go back and send it again."))
        place = container.cataloguing.workplace(record_id, actor=actor())
        if place.stamp != state.stamp:
            return render(conflict_page(container, state, mine, place), CONFLICT)
        taken = _taken(request.form.items())
        both = merged(mine, place.newest, taken)
        return _saved(container, state, both, place.stamp)

    return routes


def conflict_page(container: Container, state: FormState, mine: MarcRecord, place: Workplace) -> ConflictPage:
    """The page of the choice between what was typed and what is saved now."""
    facts = dialects.describe(place.record.dialect, place.newest)
    work = place.work if not place.is_behind else None
    by, at = (work.edited_by, work.edited_at) if work else (place.record.changed_by, place.record.changed_at)
    return ConflictPage(
        csrf=csrf(),
        record_id=state.record_id,
        title=facts.title,
        lang=words.text_language(facts.languages, facts.title),
        saved_by=named(by, container.versions.names([by], actor=actor())),
        saved_at=at,
        rows=tuple(
            ConflictRow(
                name=f"choice.{number}",
                tag=one.tag,
                mine=_lines(one.mine),
                theirs=_lines(one.theirs),
                takes_mine=one.takes_mine,
                is_contested=one.is_contested,
            )
            for number, one in enumerate(choices(state.origin, mine, place.newest))
        ),
        hidden=(
            *replace(state, stamp=place.stamp).hidden(),
            ("mine", carry(place.record.dialect, mine)),
        ),
    )


def _saved(container: Container, state: FormState, both: MarcRecord, stamp: Stamp) -> Response:
    try:
        container.cataloguing.save(state.record_id, both, expected=stamp, actor=actor())
    except StaleVersion:
        place = container.cataloguing.workplace(state.record_id, actor=actor())
        return render(conflict_page(container, state, both, place), CONFLICT)
    except InvalidRecord:
        place = container.cataloguing.workplace(state.record_id, actor=actor())
        state = replace(state.over(both), stamp=place.stamp, origin=place.newest)
        shown = Shown(problems=problems_of(container, state, both), is_refused=True)
        return render(form_page(container, state, place, shown), UNPROCESSABLE)
    container.drafts.forget(state.place, actor=actor())
    return to(f"/cataloguing/{state.record_id}?done=saved")


def _taken(pairs: Iterable[tuple[str, str]]) -> frozenset[int]:
    """The numbers of the places in which mine was chosen."""
    numbers = [name.removeprefix("choice.") for name, value in pairs if name.startswith("choice.") and value == "mine"]
    return frozenset(number for text in numbers if (number := whole(text, limit=MOST_PLACES)) is not None)


def _lines(fields: tuple[Field, ...]) -> tuple[str, ...]:
    return tuple(map(field_line, fields))
