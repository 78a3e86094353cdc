"""The words of the interface for files: where one stands, why, what comes next, and its rights and papers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from library.domain.access_level import Rights
from library.domain.document import Document, DocumentState, TextState
from library.domain.errors import N_
from library.domain.transfer import PaperKind
from library.services.documents_queue import Part
from library.web import formats
from library.web.languages import gettext, locale
from library.web.words import ACCESS_LEVELS

MISSING = tuple[tuple[PaperKind, ...], ...] | None

PARTS: Mapping[Part, str] = {
    Part.UNDER_WAY: N_("Under way"),
    Part.WAITING: N_("Waiting for checks"),
    Part.REFUSED: N_("Refused"),
    Part.TO_APPROVE: N_("Waiting for approval"),
    Part.WITHOUT_PAPERS: N_("Without papers"),
    Part.CLOSED: N_("Closed by a later check"),
    Part.BEING_READ: N_("Text is being taken out"),
    Part.ALL: N_("All files"),
}
STATES: Mapping[DocumentState, str] = {
    DocumentState.ARRIVING: N_("Still coming"),
    DocumentState.QUARANTINED: N_("In quarantine"),
    DocumentState.REFUSED: N_("Refused"),
    DocumentState.KEPT: N_("Waiting for approval"),
    DocumentState.CLOSED: N_("Closed by a later check"),
    DocumentState.WITHDRAWN: N_("Withdrawn"),
}
TEXTS: Mapping[TextState, str] = {
    TextState.WAITING: N_("The text is being taken out"),
    TextState.EXTRACTED: N_("The text can be searched"),
    TextState.SCANNED: N_("No text in it: it waits to be recognised"),
    TextState.RECOGNISED: N_("The text was recognised and can be searched"),
    TextState.WITHOUT: N_("There is nothing to read in it"),
    TextState.FAILED: N_("The text could not be taken out"),
}
PAPERS: Mapping[PaperKind, str] = {
    PaperKind.ACT: N_("Transfer act"),
    PaperKind.CONTRACT: N_("Contract"),
    PaperKind.AUTHOR_AGREEMENT: N_("Author's agreement"),
    PaperKind.INVOICE: N_("Invoice"),
    PaperKind.LETTER: N_("Letter"),
}
FINDINGS: Mapping[str, str] = {
    "clean": N_("No virus found"),
    "infected": N_("Virus found"),
    "unscannable": N_("It could not be scanned"),
    "retry": N_("Not checked yet"),
}


def state(document: Document) -> str:
    """Where a file stands, in a few words."""
    if document.state is DocumentState.KEPT and document.approved is not None:
        return gettext("Open to readers") if document.is_published else gettext("Its record is not published yet")
    return gettext(STATES[document.state])


def tone(document: Document) -> str:
    """The kind of badge its state has."""
    if document.state in (DocumentState.REFUSED, DocumentState.CLOSED):
        return "warning"
    return "positive" if document.is_published else "muted"


def remedy(document: Document) -> str:
    """What happens next, or what a person can do; empty where nothing has to be done."""
    match document.state:
        case DocumentState.ARRIVING:
            return gettext("Choose the same file again on the page of its record: it goes on where it stopped.")
        case DocumentState.QUARANTINED if document.next_try_at is None:
            return gettext("It can't be decided by itself: upload a mended file, then discard this one.")
        case DocumentState.QUARANTINED:
            return gettext("It is checked by itself, again and again; nothing has to be done.")
        case DocumentState.REFUSED:
            return gettext("It is under lock. Ask for a clean file, upload that, then discard this one.")
        case DocumentState.CLOSED:
            return gettext("Readers don't see it. Tell the administrator, or withdraw it and upload a good file.")
        case _:
            return ""


def next_step(document: Document, missing: MISSING) -> str:
    """Who has to do what; empty where nobody has to."""
    if document.state is DocumentState.WITHDRAWN:
        return ""
    if document.state not in (DocumentState.QUARANTINED, DocumentState.KEPT) or document.approved is not None:
        return remedy(document)
    if missing is None:
        return gettext("Cataloguer: enter by which transfer it came.")
    if missing:
        return gettext("Cataloguer: enter the papers that are missing ({papers}).", papers=papers(missing))
    return gettext("Another person: look at it and approve it.")


def papers(missing: Iterable[Iterable[PaperKind]]) -> str:
    """Papers that are lacking; of several in one place any will do."""
    either = gettext(" or ")
    return "; ".join(either.join(gettext(PAPERS[kind]) for kind in kinds) for kinds in missing)


def rights(of: Rights, today: date) -> str:
    """Rights in words."""
    level = gettext(ACCESS_LEVELS[of.level])
    if of.embargo_until is not None and today < of.embargo_until:
        opens = gettext("Embargo. Opens on: {date}", date=formats.short_day(of.embargo_until, locale()))
        return f"{level}. {opens}"
    return level
