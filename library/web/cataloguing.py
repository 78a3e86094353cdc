"""Cataloguing forms: opened, kept while they are typed, checked, saved as drafts and submitted."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import datetime

from flask import Blueprint, Response, request

from library.container import Container
from library.domain.access import Action
from library.domain.errors import N_, AlreadyEntered, InvalidForm, InvalidRecord, StaleVersion
from library.domain.marc import MarcRecord
from library.marc.worksheets import WORKSHEETS, copy_record, new_record, worksheet_for
from library.services.asked import whole
from library.services.cataloguing import Stamp
from library.web import cataloguing_conflict, cataloguing_desk, cataloguing_duplicates, cataloguing_lists, versions
from library.web.cataloguing_conflict import conflict_page
from library.web.cataloguing_desk import desk_page
from library.web.cataloguing_page import NOTICES, Shown, duplicates_of, form_page, here, problems_of
from library.web.cataloguing_state import LARGEST_NUMBER, FormState, kept, posted
from library.web.pages import render
from library.web.session import actor, requires, to

UNPROCESSABLE = 422
CONFLICT = 409
OPENING_BYTES = 12


def blueprint(container: Container) -> Blueprint:
    """All routes under `/cataloguing`."""
    routes = Blueprint("cataloguing", __name__)
    for part in (
        _form_routes(container),
        cataloguing_conflict.blueprint(container),
        cataloguing_desk.blueprint(container),
        cataloguing_duplicates.blueprint(container),
        cataloguing_lists.blueprint(),
        versions.blueprint(container),
    ):
        routes.register_blueprint(part)
    return routes


def _form_routes(container: Container) -> Blueprint:
    routes = Blueprint("forms", __name__)
    forms = _Forms(container)
    number = f"<int(max={LARGEST_NUMBER}):record_id>"

    @routes.get("/cataloguing")
    @requires(Action.CATALOGUE)
    def desk() -> Response:
        return render(desk_page(container))

    @routes.get("/cataloguing/new")
    @requires(Action.CATALOGUE)
    def choose() -> Response:
        return to("/cataloguing")

    @routes.get("/cataloguing/new/<worksheet>")
    @requires(Action.CATALOGUE)
    def new(worksheet: str) -> Response:
        return forms.opened(forms.begun(worksheet))

    @routes.get(f"/cataloguing/{number}")
    @requires(Action.CATALOGUE)
    def edit(record_id: int) -> Response:
        return forms.of_record(record_id)

    @routes.post("/cataloguing/new")
    @requires(Action.CATALOGUE)
    def send_new() -> Response:
        return forms.sent(0)

    @routes.post(f"/cataloguing/{number}")
    @requires(Action.CATALOGUE)
    def send(record_id: int) -> Response:
        return forms.sent(record_id)

    @routes.post("/cataloguing/keep")
    @requires(Action.CATALOGUE)
    def keep() -> Response:
        forms.keep(posted(request.form.items(multi=True)))
        return Response(status=204)

    return routes


class _Forms:
    """What is done with a form, by the button that sent it."""

    def __init__(self, container: Container) -> None:
        self._container = container

    def begun(self, key: str) -> FormState:
        """A form for a new record: empty, of a template, or like another record."""
        worksheet = WORKSHEETS.get(key)
        if worksheet is None:
            raise InvalidForm(N_("There is no such form. Choose one on your desk."))
        at = here(self._container)
        template, copied = (whole(request.args.get(name, ""), limit=LARGEST_NUMBER) for name in ("template", "copy"))
        if template:
            state = self._of_template(key, template, at)
        elif copied:
            place = self._container.cataloguing.workplace(copied, actor=actor())
            worksheet = worksheet_for(place.record.dialect, place.marc)
            marc = copy_record(place.record.dialect, place.marc, at)
            state = FormState.opened(f"new/{worksheet.key}?copy={copied}", worksheet, marc, None)
        else:
            state = FormState.opened(f"new/{key}", worksheet, new_record(worksheet, (), at), None)
        return replace(state, opening=secrets.token_urlsafe(OPENING_BYTES))

    def of_record(self, record_id: int) -> Response:
        """The form of what is saved of a record; where it was changed under the work, the choice between both."""
        place = self._container.cataloguing.workplace(record_id, actor=actor())
        worksheet = worksheet_for(place.record.dialect, place.marc)
        state = FormState.opened(str(record_id), worksheet, place.marc, place.stamp)
        if place.is_behind:
            behind = replace(state, origin=place.base)
            return render(conflict_page(self._container, behind, place.marc, place), CONFLICT)
        return self.opened(state)

    def opened(self, state: FormState) -> Response:
        """The form as it was left, if anything was typed into it and not saved, else as it is saved."""
        notice = request.args.get("done", "")
        draft = self._container.drafts.kept(state.place, actor=actor())
        left = kept(draft.values) if draft is not None else None
        if draft is not None and left is not None and left.record() != state.values.base:
            return self._shown(left, Shown(restored_at=draft.saved_at))
        marc = state.values.base
        if not state.record_id:
            return self._shown(state, Shown())
        problems = problems_of(self._container, state, marc) if notice in NOTICES else ()
        duplicates = duplicates_of(self._container, state, marc)
        return self._shown(state, Shown(problems=problems, duplicates=duplicates, notice=notice))

    def sent(self, record_id: int) -> Response:
        """What the pressed button asks for; whatever it is, nothing typed is lost."""
        state = posted(request.form.items(multi=True))
        if state.record_id != record_id:
            raise InvalidForm(N_("The form was damaged on its way. Go back and send it again."))
        deed, _, name = request.form.get("do", "check").partition(":")
        if deed == "discard":
            self._container.drafts.forget(state.place, actor=actor())
            return to(state.address)
        changed = {"add": state.with_one_more, "remove": state.without, "back": state.put_back}
        if deed in changed and state.text is None:
            state = changed[deed](name)
            self.keep(state)
            return self._shown(state, Shown(focus=name if deed == "add" else ""))
        marc = state.record()
        if not isinstance(marc, MarcRecord):
            self.keep(state)
            return self._shown(state, Shown(wrong_lines=marc, is_refused=True), UNPROCESSABLE)
        return self._done(state, marc, deed)

    def keep(self, state: FormState) -> None:
        """Keep what was typed until it is saved; of a record that is as it was nothing is left to be saved."""
        if state.values.is_cut:
            state.record()
        if state.record_id and state.record() == state.origin:
            self._container.drafts.forget(state.place, actor=actor())
            return
        self._container.drafts.keep(state.place, state.to_json(), actor=actor())

    def _of_template(self, key: str, number: int, at: datetime) -> FormState:
        template = self._container.drafts.template(number, actor=actor())
        state = kept(template.values)
        if state is None or state.worksheet.key != template.worksheet:
            raise InvalidForm(N_("This template was made for a form that is no more. Delete it."))
        marc = state.record()
        base = copy_record(state.worksheet.dialect, marc if isinstance(marc, MarcRecord) else state.origin, at)
        return FormState.opened(f"new/{key}?template={number}", state.worksheet, base, None)

    def _done(self, state: FormState, marc: MarcRecord, deed: str) -> Response:
        match deed:
            case "save" | "submit":
                return self._save(state, marc, submit=deed == "submit")
            case "template":
                name = request.form.get("template-name", "")
                self._container.drafts.keep_template(name, state.worksheet.key, state.to_json(), actor=actor())
                return self._redrawn(state, marc, "template")
            case "text":
                state = state.as_text(marc)
            case "fields":
                state = state.over(marc)
            case "worksheet":
                other = WORKSHEETS.get(request.form.get("other-worksheet", ""), state.worksheet)
                if other.dialect is state.worksheet.dialect:
                    state = state.in_worksheet(marc, other)
            case _:
                return self._redrawn(state, marc, "checked")
        self.keep(state)
        return self._shown(state, Shown())

    def _redrawn(self, state: FormState, marc: MarcRecord, notice: str, status: int = 200) -> Response:
        """The form with what its checks say."""
        self.keep(state)
        problems = problems_of(self._container, state, marc)
        state = state.over(marc) if state.text is None else state
        duplicates = duplicates_of(self._container, state, marc)
        told = "" if notice == "checked" and problems else notice
        refused = status == UNPROCESSABLE
        shown = Shown(problems=problems, duplicates=duplicates, notice=told, is_refused=refused)
        return self._shown(state, shown, status)

    def _save(self, state: FormState, marc: MarcRecord, *, submit: bool) -> Response:
        cataloguing, record_id = self._container.cataloguing, state.record_id
        try:
            if record_id and state.stamp is not None:
                stamp = cataloguing.save(record_id, marc, expected=state.stamp, actor=actor())
            else:
                record_id = cataloguing.create(state.worksheet.dialect, marc, actor=actor(), form=state.opening)
                stamp = Stamp(1, 1)
        except AlreadyEntered as error:
            return to(f"/cataloguing/{error.record_id}?done=saved")
        except InvalidRecord:
            return self._redrawn(state, marc, "", UNPROCESSABLE)
        except StaleVersion:
            self.keep(state)
            place = cataloguing.workplace(record_id, actor=actor())
            return render(conflict_page(self._container, state, marc, place), CONFLICT)
        self._container.drafts.forget(state.place, actor=actor())
        done = "saved"
        if submit:
            try:
                cataloguing.submit(record_id, expected=stamp, actor=actor())
                done = "submitted"
            except InvalidRecord:
                # It is saved; the page names what keeps it from being submitted.
                done = "saved"
        return to(f"/cataloguing/{record_id}?done={done}")

    def _shown(self, state: FormState, shown: Shown, status: int = 200) -> Response:
        place = self._container.cataloguing.workplace(state.record_id, actor=actor()) if state.record_id else None
        return render(form_page(self._container, state, place, shown), status)
