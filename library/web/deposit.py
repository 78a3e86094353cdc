"""One's own works for the open archive: begun by kind, described in a form that keeps itself, sent, followed."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, Response, jsonify, request

from library.container import Container
from library.domain.access import Action
from library.domain.deposit_fields import DepositKind, cut
from library.domain.errors import N_, DepositNotReady, InvalidDeposit, InvalidForm, StaleVersion
from library.services.asked import whole
from library.web.deposit_form import form_page, typed
from library.web.deposit_pages import deposit_page, home_page, send_page
from library.web.languages import gettext, language, told
from library.web.pages import render
from library.web.session import actor, requires, to

LARGEST_NUMBER = 2**31 - 1
NUMBER = f"<int(max={LARGEST_NUMBER}):deposit_id>"
LONGEST_REASON = 4_000
MORE_AUTHORS = 3
UNPROCESSABLE, CONFLICT = 422, 409
SAVED_MEANWHILE = N_(
    "This deposit was saved meanwhile, perhaps in another window. What you typed stands below: save again to keep it."
)


def blueprint(container: Container) -> Blueprint:
    """The routes under `/deposit` that begin and show, and the form."""
    routes = Blueprint("deposit", __name__)
    deposits = container.deposits

    @routes.get("/deposit")
    @requires(Action.DEPOSIT)
    def home() -> Response:
        return render(home_page(container))

    @routes.post("/deposit/new")
    @requires(Action.DEPOSIT)
    def begin() -> Response:
        kind = request.form.get("kind", "")
        if kind not in list(DepositKind):
            raise InvalidForm(N_("Choose what kind of work it is."))
        try:
            begun = deposits.begin(DepositKind(kind), actor=actor())
        except DepositNotReady as error:
            return render(home_page(container, told(error.message)), CONFLICT)
        return to(f"/deposit/{begun.id}/edit")

    @routes.get(f"/deposit/{NUMBER}/edit")
    @requires(Action.DEPOSIT)
    def edit(deposit_id: int) -> Response:
        deposit = deposits.own(deposit_id, actor=actor())
        if not deposit.is_open:
            return to(f"/deposit/{deposit_id}")
        problems = deposits.problems(deposit) if request.args.get("check") else ()
        more = whole(request.args.get("more", ""), limit=MORE_AUTHORS) or 1
        notice = gettext("Saved") if request.args.get("done") == "saved" else ""
        return render(form_page(container, deposit, problems=problems, notice=notice, more=more))

    @routes.post(f"/deposit/{NUMBER}/edit")
    @requires(Action.DEPOSIT)
    def save(deposit_id: int) -> Response:
        return _saved(container, deposit_id)

    @routes.post(f"/deposit/{NUMBER}/keep")
    @requires(Action.DEPOSIT)
    def keep(deposit_id: int) -> Response:
        saved = deposits.save(deposit_id, typed(), expected=version(), actor=actor())
        kept: Response = jsonify(version=saved.version)
        return kept

    return routes


def deeds_blueprint(container: Container) -> Blueprint:
    """The routes by which a deposit goes its way."""
    routes = Blueprint("deposit_deeds", __name__)
    deposits = container.deposits

    @routes.get(f"/deposit/{NUMBER}")
    @requires(Action.DEPOSIT)
    def one(deposit_id: int) -> Response:
        return render(deposit_page(container, deposit_id))

    @routes.get(f"/deposit/{NUMBER}/send")
    @requires(Action.DEPOSIT)
    def check(deposit_id: int) -> Response:
        deposit = deposits.own(deposit_id, actor=actor())
        return render(send_page(container, deposit)) if deposit.is_open else to(f"/deposit/{deposit_id}")

    @routes.post(f"/deposit/{NUMBER}/send")
    @requires(Action.DEPOSIT)
    def send(deposit_id: int) -> Response:
        try:
            deposits.send(
                deposit_id,
                language=language(),
                has_accepted=request.form.get("accepted") == "1",
                expected=version(),
                actor=actor(),
            )
        except InvalidDeposit as error:
            deposit = deposits.own(deposit_id, actor=actor())
            return render(send_page(container, deposit, error.problems), UNPROCESSABLE)
        except (StaleVersion, DepositNotReady) as error:
            return render(deposit_page(container, deposit_id, told(error.message)), CONFLICT)
        return to(f"/deposit/{deposit_id}")

    @routes.post(f"/deposit/{NUMBER}/withdraw")
    @requires(Action.DEPOSIT)
    def withdraw(deposit_id: int) -> Response:
        reason = request.form.get("reason", "")[:LONGEST_REASON]
        try:
            if deposits.own(deposit_id, actor=actor()).is_published:
                deposits.ask_to_withdraw(deposit_id, reason, expected=version(), actor=actor())
            else:
                deposits.withdraw(deposit_id, expected=version(), actor=actor())
        except (StaleVersion, DepositNotReady) as error:
            return render(deposit_page(container, deposit_id, told(error.message)), CONFLICT)
        return to(f"/deposit/{deposit_id}")

    return routes


def version() -> int:
    """The version that the form of this request was filled from; what is none is older than all."""
    found = whole(request.form.get("version", ""), limit=LARGEST_NUMBER)
    return -1 if found is None else found


def _saved(container: Container, deposit_id: int) -> Response:
    """Keep what was typed, whatever is wrong in it, and go where the pressed button leads."""
    deposits, sent = container.deposits, typed()
    try:
        saved = deposits.save(deposit_id, sent, expected=version(), actor=actor())
    except StaleVersion:
        newest = deposits.own(deposit_id, actor=actor())
        page = form_page(container, replace(newest, fields=cut(sent)), problem=gettext(SAVED_MEANWHILE))
        return render(page, CONFLICT)
    here = f"/deposit/{deposit_id}"
    match request.form.get("do", "continue"):
        case "more":
            return to(f"{here}/edit?more={MORE_AUTHORS}#f-authors-{len(saved.fields.authors)}-name")
        case "save":
            return to(f"{here}/edit?done=saved")
        case _:
            problems = deposits.problems(saved)
            if problems:
                return render(form_page(container, saved, problems=problems), UNPROCESSABLE)
            return to(f"{here}/files")
