"""The words of the interface for appeals: kinds, states, outcomes, channels, clocks, the steps of their way."""

from __future__ import annotations

from collections.abc import Mapping

from library.domain.appeal_files import FileState
from library.domain.appeals import AppealClock, AppealKind, AppealState, Channel, Outcome
from library.domain.errors import N_
from library.services.appeals import Part

KINDS: Mapping[AppealKind, str] = {
    AppealKind.COMPLAINT: N_("Complaint"),
    AppealKind.SUPPORT: N_("Question or help"),
    AppealKind.PURCHASE: N_("Suggestion to buy"),
    AppealKind.COPY: N_("Request for a copy"),
    AppealKind.MISTAKE: N_("Mistake in a record"),
}
HEADINGS: Mapping[AppealKind, str] = {
    AppealKind.COMPLAINT: N_("Write a complaint"),
    AppealKind.SUPPORT: N_("Ask a question"),
    AppealKind.PURCHASE: N_("Suggest a purchase"),
    AppealKind.COPY: N_("Ask for a copy"),
    AppealKind.MISTAKE: N_("Report a mistake"),
}
PROMISES: Mapping[AppealKind, str] = {
    **dict.fromkeys(
        AppealKind,
        N_("The library looks at it within 3 working days and answers within 3 more."),
    ),
    AppealKind.SUPPORT: N_("The library helps within 1 working day."),
}
STATES: Mapping[AppealState, str] = {
    AppealState.RECEIVED: N_("Received"),
    AppealState.LOOKED_AT: N_("Being looked into"),
    AppealState.ANSWERED: N_("Answered"),
    AppealState.CLOSED: N_("Settled"),
}
OUTCOMES: Mapping[Outcome, str] = {
    Outcome.DONE: N_("Done as asked"),
    Outcome.PARTLY: N_("Done in part"),
    Outcome.EXPLAINED: N_("Explained"),
    Outcome.DECLINED: N_("Declined with reasons"),
    Outcome.FORWARDED: N_("Passed on to whoever decides"),
}
CHANNELS: Mapping[Channel, str] = {
    Channel.FORM: N_("Form of this site"),
    Channel.RECEPTION: N_("Electronic reception"),
    Channel.LETTER: N_("Letter"),
    Channel.EMAIL: N_("E-mail"),
    Channel.TELEPHONE: N_("Telephone"),
    Channel.IN_PERSON: N_("In person"),
}
CLOCKS: Mapping[AppealClock, str] = {
    AppealClock.FIRST_LOOK: N_("First look"),
    AppealClock.MEASURES: N_("Measures and answer"),
}
PARTS: Mapping[Part, str] = {
    Part.WAITING: N_("Waiting for an answer"),
    Part.MINE: N_("Given to me"),
    Part.LATE: N_("Overdue"),
    Part.WITH_HEAD: N_("With the head of the library"),
    Part.ANSWERED: N_("Answered"),
    Part.CLOSED: N_("Settled"),
}
FILES: Mapping[FileState, str] = {
    FileState.WAITING: N_("Being checked"),
    FileState.CLEAN: N_("Checked"),
    FileState.REFUSED: N_("Refused"),
}
FIELDS: Mapping[str, str] = {
    "subject": N_("Topic in a few words"),
    "text": N_("Your message"),
    "name": N_("Your name"),
    "contact": N_("E-mail or telephone"),
    "files": N_("Files"),
    "outside_number": N_("Number in another register"),
    "received_at": N_("Day on which it came"),
    "website": N_("Leave this field empty"),
}
