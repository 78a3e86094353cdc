"""Complaints, questions and suggestions for staff: the lists with both clocks, one case, and what is done with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from http import HTTPStatus
from typing import BinaryIO, cast
from urllib.parse import urlencode

from flask import Blueprint, Response, request
from werkzeug.wsgi import wrap_file

from library.container import Container
from library.domain.access import Action, Actor, may
from library.domain.appeal_files import FILE_MEGABYTES, AppealFile
from library.domain.appeals import LONGEST_TEXT, Appeal, AppealKind, AppealState, Outcome
from library.domain.errors import N_, InvalidAppeal, InvalidForm, LibraryError, NotEntitled, NotFound
from library.services.appeals import AppealCase, Part
from library.services.appeals_files import SentFile
from library.services.asked import whole
from library.web import appeals_words as words
from library.web import journal_words
from library.web.appeals import LARGEST_NUMBER, NUMBER, status_address
from library.web.appeals_letter import letter_of
from library.web.appeals_pages import CasePage, QueuePage, Step, choices, file_rows, row_of
from library.web.documents_alerts import FileAlert
from library.web.documents_pages import Choice, PartLink
from library.web.languages import NAMES, gettext, ngettext, told
from library.web.pages import render
from library.web.reading_bytes import BLOCK, FOR_ONE, HARMLESS, disposition
from library.web.session import actor, csrf, requires, to
from library.web.staff_names import named

ON_A_PAGE = 50
AROUND = 1 << 20


def blueprint(container: Container) -> Blueprint:
    """What staff read."""
    routes = Blueprint("appeals_desk", __name__)
    appeals = container.appeals

    @routes.get("/appeals/")
    @requires(Action.SEE_APPEALS)
    def queue() -> Response:
        return render(_queue_page(container))

    @routes.get(f"/appeals/{NUMBER}")
    @requires(Action.SEE_APPEALS)
    def case(appeal_id: int) -> Response:
        return render(_case_page(container, appeal_id))

    @routes.get(f"/appeals/{NUMBER}/letter.pdf")
    @requires(Action.APPEALS)
    def letter(appeal_id: int) -> Response:
        appeal = appeals.case(appeal_id, actor=actor()).line.appeal
        response = Response(container.printing.answer_letter(letter_of(appeal)), mimetype="application/pdf")
        response.headers.set("Content-Disposition", "attachment", filename=f"answer-{appeal_id}.pdf")
        return response

    @routes.get(f"/appeals/{NUMBER}/files/<int(max={LARGEST_NUMBER}):file_id>")
    @requires(Action.APPEALS)
    def file(appeal_id: int, file_id: int) -> Response:
        return _file(*container.appeal_files.open(appeal_id, file_id, actor=actor()))

    return routes


def deeds_blueprint(container: Container) -> Blueprint:
    """What staff do."""
    routes = Blueprint("appeals_deeds", __name__)
    appeals = container.appeals

    @routes.post(f"/appeals/{NUMBER}/look")
    @requires(Action.APPEALS)
    def look(appeal_id: int) -> Response:
        return _done(container, appeal_id, lambda: appeals.look(appeal_id, expected=_version(), actor=actor()))

    @routes.post(f"/appeals/{NUMBER}/assign")
    @requires(Action.APPEALS)
    def assign(appeal_id: int) -> Response:
        person = whole(request.form.get("person", ""), limit=LARGEST_NUMBER) or 0
        return _done(
            container, appeal_id, lambda: appeals.assign(appeal_id, person, expected=_version(), actor=actor())
        )

    @routes.post(f"/appeals/{NUMBER}/answer")
    @requires(Action.APPEALS)
    def answer(appeal_id: int) -> Response:
        said = request.form.get("outcome", "")
        outcome = Outcome(said) if said in list(Outcome) else Outcome.EXPLAINED
        return _done(
            container,
            appeal_id,
            lambda: appeals.answer(appeal_id, outcome, _text("answer"), expected=_version(), actor=actor()),
        )

    @routes.post(f"/appeals/{NUMBER}/close")
    @requires(Action.APPEALS)
    def close(appeal_id: int) -> Response:
        return _done(
            container, appeal_id, lambda: appeals.close(appeal_id, _text("effect"), expected=_version(), actor=actor())
        )

    return routes


def papers_blueprint(container: Container) -> Blueprint:
    """What staff do with what belongs to a case: its letters, its sender's data, the record it is about."""
    routes = Blueprint("appeals_papers", __name__)
    appeals = container.appeals

    @routes.post(f"/appeals/{NUMBER}/letter")
    @requires(Action.APPEALS, largest=(FILE_MEGABYTES << 20) + AROUND)
    def add_letter(appeal_id: int) -> Response:
        sent = request.files.get("file")

        def added() -> Appeal:
            if sent is None or not sent.filename:
                raise InvalidForm(N_("Choose a file."))
            file = SentFile(name=sent.filename, stream=cast("BinaryIO", sent.stream))
            return appeals.add_letter(appeal_id, file, expected=_version(), actor=actor())

        return _done(container, appeal_id, added)

    @routes.post(f"/appeals/{NUMBER}/erase")
    @requires(Action.APPEALS)
    def erase(appeal_id: int) -> Response:
        return _done(container, appeal_id, lambda: appeals.erase(appeal_id, expected=_version(), actor=actor()))

    @routes.post(f"/appeals/{NUMBER}/correct")
    @requires(Action.CATALOGUE)
    def correct(appeal_id: int) -> Response:
        record_id = appeals.case(appeal_id, actor=actor()).line.appeal.record_id
        if not record_id:
            raise NotFound(N_("This appeal is about no record."))
        place = container.cataloguing.workplace(record_id, actor=actor())
        if place.work is None:
            container.cataloguing.save(record_id, place.marc, expected=place.stamp, actor=actor())
        return to(f"/review/{record_id}")

    return routes


def _queue_page(container: Container) -> QueuePage:
    wanted, asked = request.args.get("part", ""), request.args.get("kind", "")
    part = Part(wanted) if wanted in list(Part) else Part.WAITING
    kind = AppealKind(asked) if asked in list(AppealKind) else None
    number = whole(request.args.get("page", ""), limit=10**5) or 1
    found = container.appeals.page(part, kind, ON_A_PAGE, (number - 1) * ON_A_PAGE, actor=actor())

    def address(page: int, of: Part = part) -> str:
        told_kind = {"kind": kind.value} if kind else {}
        return "?" + urlencode({"part": of.value, **told_kind, **({"page": page} if page > 1 else {})})

    return QueuePage(
        heading=gettext(words.PARTS[part]),
        parts=tuple(
            PartLink(label=gettext(label), address=address(1, one), count=found.counts[one], is_here=one is part)
            for one, label in words.PARTS.items()
        ),
        part=part.value,
        kinds=choices(words.KINDS.items(), kind or ""),
        rows=tuple(map(row_of, found.lines)),
        total=found.total,
        may_enter=may(actor(), Action.APPEALS),
        previous_url=address(number - 1) if number > 1 else "",
        next_url=address(number + 1) if number * ON_A_PAGE < found.total else "",
    )


def _file(file: AppealFile, stream: BinaryIO) -> Response:
    """The bytes of a file that was found clean: always to be saved, and nothing in it runs."""
    response = Response(wrap_file(request.environ, stream, BLOCK), mimetype=file.media_type, direct_passthrough=True)
    response.headers["Content-Disposition"] = disposition(file.name)
    response.headers["Content-Security-Policy"] = HARMLESS
    response.headers["Cache-Control"] = FOR_ONE
    response.content_length = file.size
    return response


def alerts(container: Container) -> tuple[FileAlert, ...]:
    """What ran out, for the desk of those who answer."""
    if not may(actor(), Action.APPEALS):
        return ()
    late = container.appeals.late(actor=actor())
    if not late:
        return ()
    text = ngettext(
        "{n} complaint or question is past its deadline.",
        "{n} complaints or questions are past their deadline.",
        late,
    )
    return (FileAlert(text=text, address=f"/appeals/?part={Part.LATE}"),)


def _done(container: Container, appeal_id: int, deed: Callable[[], object]) -> Response:
    """Do it, and show the case; what can't be done is told on its page, with what was typed."""
    try:
        deed()
    except InvalidAppeal as error:
        problem = " ".join(told(one.message) for one in error.problems)
        return render(_case_page(container, appeal_id, problem), HTTPStatus.UNPROCESSABLE_ENTITY)
    except (NotFound, NotEntitled):
        raise
    except LibraryError as error:
        return render(_case_page(container, appeal_id, told(error.message)), HTTPStatus.CONFLICT)
    return to(f"/appeals/{appeal_id}")


def _version() -> int:
    found = whole(request.form.get("version", ""), limit=LARGEST_NUMBER)
    return -1 if found is None else found


def _text(name: str) -> str:
    return request.form.get(name, "")[:LONGEST_TEXT]


def _case_page(container: Container, appeal_id: int, problem: str = "") -> CasePage:
    found, who = container.appeals.case(appeal_id, actor=actor()), actor()
    appeal = found.line.appeal
    may_answer = may(who, Action.APPEALS)
    return CasePage(
        csrf=csrf(),
        problem=problem,
        row=row_of(found.line),
        version=appeal.version,
        text=appeal.text,
        about=appeal.about,
        record_id=appeal.record_id,
        facts=tuple(_facts(appeal)),
        sender=tuple(_sender(appeal)) if may_answer else (),
        is_erased=appeal.erased_at is not None,
        status_address=status_address(container, appeal.id) if may_answer else "",
        files=file_rows(appeal, found.files, for_staff=may_answer),
        others=tuple((one.id, one.subject) for one in found.others),
        steps=tuple(_steps(found)),
        staff=_staff(found, who),
        outcomes=choices(words.OUTCOMES.items(), request.form.get("outcome", "")),
        outcome=gettext(words.OUTCOMES[appeal.outcome]) if appeal.outcome else "",
        answer=appeal.answer,
        answered_at=appeal.answered.at if appeal.answered else None,
        effect=appeal.effect,
        is_waiting=appeal.is_waiting,
        may_answer=may_answer,
        may_look=may_answer and appeal.state is AppealState.RECEIVED,
        may_close=may_answer and appeal.state is AppealState.ANSWERED,
        may_erase=may_answer and not appeal.is_waiting and appeal.erased_at is None,
        may_correct=may(who, Action.CATALOGUE) and bool(appeal.record_id),
        typed_answer=_text("answer"),
        typed_effect=_text("effect"),
    )


def _facts(appeal: Appeal) -> Iterator[tuple[str, str]]:
    yield gettext("How it came"), gettext(words.CHANNELS[appeal.channel])
    if appeal.outside_number:
        label = words.FIELDS["outside_number"]
        yield gettext(label), appeal.outside_number
    yield gettext("Language of its sender"), NAMES.get(appeal.language, appeal.language)
    if appeal.assigned_name:
        yield gettext("Answers it"), appeal.assigned_name


def _sender(appeal: Appeal) -> Iterator[tuple[str, str]]:
    yield gettext("Who wrote it"), appeal.name or "—"
    yield gettext("E-mail or telephone"), appeal.contact or "—"


def _steps(case: AppealCase) -> Iterator[Step]:
    for event in case.events:
        by = named(event.actor, {event.actor: event.actor_name} if event.actor.startswith("person:") else {})
        yield Step(label=journal_words.deed(event.deed), at=event.at, by="" if event.actor == "guest" else by)


def _staff(case: AppealCase, who: Actor) -> tuple[Choice, ...]:
    chosen = case.line.appeal.assigned_to or who.key
    return tuple(
        Choice(value=str(one.id), label=one.name, is_chosen=f"person:{one.id}" == chosen) for one in case.staff
    )
