"""The journal in the browser: asked by person, thing, deed and period, and taken away as a table or as pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, request, stream_with_context

from library.container import Container
from library.domain.access import Action
from library.domain.errors import N_
from library.domain.journal import Deed, Line
from library.projections.journal_table import changes, visible
from library.services.asked import whole
from library.services.journal import JournalFormat, Question
from library.web import journal_files, journal_words
from library.web.languages import gettext
from library.web.pages import Page, render
from library.web.session import actor, csrf, requires

ON_A_PAGE = 20
LARGEST_NUMBER = 2**31 - 1
LONGEST_ANSWER = 200
# What a page shows of an entry; the page of the entry shows all of it.
MOST_LINES = 8
LONGEST_LINE = 160
QUESTIONS: Mapping[str, str] = {
    "person": N_("Person"),
    "object": N_("Done to"),
    "deed": N_("Deed"),
    "since": N_("From day"),
    "until": N_("To day"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownFact:
    """A fact with its name in the reader's language."""

    label: str
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownEntry:
    """An entry of the journal; `hidden` lines of its facts are not on this page."""

    number: int
    at: datetime | None
    written_at: str
    name: str
    deed: str
    thing: str
    thing_url: str
    person_url: str
    record_url: str
    facts: tuple[ShownFact, ...]
    hidden: int
    seal: str


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalPage(Page):
    """Entries, the newest first; `values` are what was asked."""

    template: ClassVar[str] = "journal/journal.html"
    robots: ClassVar[str] = "noindex"

    csrf: str
    values: Mapping[str, str]
    deeds: tuple[tuple[str, str], ...]
    entries: tuple[ShownEntry, ...]
    total: int
    printed: int
    too_many_namesakes: bool
    first_url: str
    next_url: str
    zone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryPage(Page):
    """One entry, whole."""

    template: ClassVar[str] = "journal/entry.html"
    robots: ClassVar[str] = "noindex"

    entry: ShownEntry


def blueprint(container: Container) -> Blueprint:
    """The routes under `/journal`."""
    routes = Blueprint("journal", __name__)
    zone = ZoneInfo(container.settings.time_zone)

    @routes.get("/journal")
    @requires(Action.JOURNAL)
    def journal() -> Response:
        values = _values(request.args)
        below = whole(request.args.get("below", ""), limit=LARGEST_NUMBER)
        found = container.journal.page(_question(values), below, ON_A_PAGE, actor=actor())
        return render(
            JournalPage(
                csrf=csrf(),
                values=values,
                deeds=tuple(sorted(((kind.value, journal_words.deed(kind)) for kind in Deed), key=lambda one: one[1])),
                entries=tuple(_shown(one, MOST_LINES) for one in found.lines),
                total=found.total,
                printed=container.journal.most_printed,
                too_many_namesakes=found.too_many_namesakes,
                first_url=_url(values) if below else "",
                next_url=_url({**values, "below": str(found.next)}) if found.next else "",
                zone=zone.key,
            )
        )

    @routes.get(f"/journal/<int(max={LARGEST_NUMBER}):seq>")
    @requires(Action.JOURNAL)
    def entry(seq: int) -> Response:
        return render(EntryPage(entry=_shown(container.journal.entry(seq, actor=actor()), None)))

    @routes.post("/journal/export")
    @requires(Action.JOURNAL)
    def export() -> Response:
        values = _values(request.form)
        asked = request.form.get("format", "")
        form = JournalFormat(asked) if asked in list(JournalFormat) else JournalFormat.CSV
        taken = container.journal.take_away(_question(values), form, actor=actor())
        if form is JournalFormat.CSV:
            content = stream_with_context(journal_files.table(taken, zone))
            response = Response(content, content_type="text/csv; charset=utf-8")
        else:
            sheet = journal_files.sheet(taken, zone, _about(values))
            response = Response(container.printing.sheet(sheet), mimetype="application/pdf")
        name = f"journal-{taken.taken_at.astimezone(zone):%Y-%m-%d-%H%M}.{form.value}"
        response.headers.set("Content-Disposition", "attachment", filename=name)
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    return routes


def _values(asked: Mapping[str, str]) -> dict[str, str]:
    return {name: asked.get(name, "").strip()[:LONGEST_ANSWER] for name in QUESTIONS}


def _question(values: Mapping[str, str]) -> Question:
    return Question(
        person=values["person"],
        thing=values["object"],
        deed=Deed(values["deed"]) if values["deed"] in list(Deed) else None,
        since=_day(values["since"]),
        until=_day(values["until"]),
    )


def _about(values: Mapping[str, str]) -> tuple[str, ...]:
    """What was asked, in words."""
    said = {**values, "deed": journal_words.deed(values["deed"])}
    return tuple(f"{gettext(label)}: {visible(said[name])}" for name, label in QUESTIONS.items() if said[name])


def _day(text: str) -> date | None:
    """A date as browsers send it; what is none, or no day that a clock here shows, asks nothing."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if journal_files.FIRST_YEAR <= day.year <= journal_files.LAST_YEAR else None


def _url(values: Mapping[str, str]) -> str:
    query = urlencode({name: value for name, value in values.items() if value}, errors="replace")
    return f"/journal?{query}" if query else "/journal"


def _shown(entry: Line, most: int | None) -> ShownEntry:
    """The entry with what changed, up to `most` lines of it, each cut; None shows all that it tells."""
    facts, hidden = [], 0
    for whole_fact in changes(entry.before, entry.after):
        one = whole_fact if most is None else whole_fact.difference()
        before, after = one.before, one.after
        if most is not None:
            before = before[:most]
            after = after[: most - len(before)]
            most -= len(before) + len(after)
        hidden += one.length - len(before) - len(after)
        if before or after:
            facts.append(_fact(one.name, before, after, LONGEST_LINE if most is not None else None))
    kind, _, number = entry.object.partition(":")
    return ShownEntry(
        number=entry.seq,
        at=journal_files.moment(entry.at),
        written_at=visible(entry.at),
        name=visible(entry.actor_name or entry.actor),
        person_url=_url({"person": entry.actor}),
        deed=journal_words.deed(entry.deed),
        thing=journal_words.thing(entry.object),
        thing_url=_url({"object": entry.object}),
        record_url=f"/record/{number}" if kind == "record" and number.isdecimal() else "",
        facts=tuple(facts),
        hidden=hidden,
        seal=visible(entry.hash),
    )


def _fact(name: str, before: tuple[str, ...], after: tuple[str, ...], longest: int | None) -> ShownFact:
    def said(line: str) -> str:
        line = journal_words.value(name, line)
        return f"{line[:longest]}…" if longest is not None and len(line) > longest else line

    return ShownFact(label=journal_words.fact(name), before=tuple(map(said, before)), after=tuple(map(said, after)))
