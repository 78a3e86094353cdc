"""Copy cataloguing in the browser: partners are searched, a record of theirs is looked at and taken over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar
from urllib.parse import urlencode

from flask import Blueprint, Response, request

from harvest.lookup.model import Lookup
from library.container import Container
from library.db.targets import KeptTarget
from library.domain.access import Action, may
from library.domain.description import Creator, CreatorRole, Description
from library.domain.errors import N_, PartnerFailed, UnreadableSource
from library.domain.marc import Dialect
from library.domain.record import Status
from library.marc.copied import CopiedRecord
from library.marc.worksheets import carried, carry
from library.services.asked import cleaned, whole
from library.services.copy_cataloguing import MOST_AT_ONCE, FoundLine, Preview, Searched
from library.services.duplicates import Duplicate
from library.web import words
from library.web.citations import described
from library.web.languages import gettext, told
from library.web.marc_view import MarcLine, marc_lines
from library.web.pages import Page, render, settings
from library.web.session import actor, csrf, requires, to

FIELDS = ("title", "author", "isbn", "year", "words")
LONGEST_FIELD = 600
LARGEST_NUMBER = 2**31 - 1
MOST_CREATORS = 3
# What a partner sends may be of any size; pages and forms may not.
LONGEST_SHOWN = 300
LONGEST_PART = 2_000
MOST_LINES = 500
LARGEST_CARRIED = 400_000


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetChoice:
    """A catalogue to tick."""

    id: int
    name: str
    is_chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Ours:
    """A record of ours that may be the same; drafts and withdrawn ones have no page for readers."""

    id: int
    title: str
    is_published: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultLine:
    """A record of a partner in the list."""

    title: str
    lang: str
    creators: str
    facts: str
    url: str
    ours: tuple[Ours, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetResults:
    """What one catalogue answered."""

    name: str
    total: int
    lines: tuple[ResultLine, ...]
    remarks: tuple[str, ...]
    problem: str
    next_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyPage(Page):
    """The form of a search in partners' catalogues, and what they answered, side by side."""

    template: ClassVar[str] = "copy_cataloguing/search.html"
    robots: ClassVar[str] = "noindex"

    values: Mapping[str, str]
    targets: tuple[TargetChoice, ...]
    results: tuple[TargetResults, ...]
    is_asked: bool
    may_enter: bool
    problem: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftChoice:
    """What the record can become: a dialect, what is mended, and what keeps it from being saved."""

    value: str
    label: str
    mended: tuple[str, ...]
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignRecordPage(Page):
    """A record of a partner before it is taken over; `record` carries it through the form."""

    template: ClassVar[str] = "copy_cataloguing/record.html"
    robots: ClassVar[str] = "noindex"

    csrf: str
    target_id: int
    target: str
    title: str
    lang: str
    description: str
    dialect: str
    leader: str
    lines: tuple[MarcLine, ...]
    is_cut: bool
    warnings: tuple[str, ...]
    ours: tuple[Ours, ...]
    drafts: tuple[DraftChoice, ...]
    record: str
    back_url: str
    problem: str


def blueprint(container: Container) -> Blueprint:
    """The routes under `/copy-cataloguing` that search and take over."""
    routes = Blueprint("copy_cataloguing", __name__)

    @routes.get("/copy-cataloguing")
    @requires(Action.CATALOGUE)
    def search() -> Response:
        asked = any(value.strip() for value in _values().values())
        if not asked and "target" not in request.args:
            return render(_page(container, (), ""))
        try:
            found = container.copy_cataloguing.search(_lookup(), _chosen(), _start(), actor=actor())
        except PartnerFailed as error:
            return render(_page(container, (), told(error.message)), 422)
        return render(_page(container, found, ""))

    @routes.get("/copy-cataloguing/record")
    @requires(Action.CATALOGUE)
    def record() -> Response:
        target = whole(request.args.get("from", ""), limit=LARGEST_NUMBER) or 0
        position = max(whole(request.args.get("position", ""), limit=LARGEST_NUMBER) or 1, 1)
        preview = container.copy_cataloguing.preview(target, _lookup(), position, actor=actor())
        return render(_record_page(preview))

    @routes.post("/copy-cataloguing/drafts")
    @requires(Action.CATALOGUE)
    def take_over() -> Response:
        target = whole(request.form.get("target", ""), limit=LARGEST_NUMBER) or 0
        dialect = _dialect(request.form.get("dialect", ""))
        marc = carried(dialect, request.form.get("record", ""))
        if marc is None:
            raise UnreadableSource(N_("The record was damaged on the way. Open it at the partner's again."))
        into = _dialect(request.form.get("into", ""))
        number = container.copy_cataloguing.take_over(target, marc, into, actor=actor())
        return to(f"/cataloguing/{number}")

    return routes


def _values() -> dict[str, str]:
    return {name: cleaned(request.args.get(name, ""))[:LONGEST_FIELD] for name in FIELDS}


def _lookup() -> Lookup:
    return Lookup(**_values())


def _chosen() -> tuple[int, ...]:
    numbers = (whole(text, limit=LARGEST_NUMBER) for text in request.args.getlist("target"))
    return tuple(dict.fromkeys(number for number in numbers if number))


def _start() -> int:
    return max(whole(request.args.get("start", ""), limit=LARGEST_NUMBER) or 1, 1)


def _dialect(text: str) -> Dialect:
    return Dialect(text) if text in list(Dialect) else Dialect.MARC21


def _address(path: str, target_ids: tuple[int, ...], **more: int) -> str:
    pairs = [(name, value) for name, value in _values().items() if value]
    return f"{path}?{urlencode([*pairs, *(('target', number) for number in target_ids), *more.items()])}"


def _page(container: Container, found: tuple[Searched, ...], problem: str) -> CopyPage:
    chosen = _chosen()
    targets = container.copy_cataloguing.targets(actor=actor())
    return CopyPage(
        values=_values(),
        targets=tuple(
            TargetChoice(
                id=target.id,
                name=target.target.name,
                is_chosen=target.id in chosen if chosen else place < MOST_AT_ONCE,
            )
            for place, target in enumerate(targets)
        ),
        results=tuple(map(_results, found)),
        is_asked=bool(found),
        may_enter=may(actor(), Action.SETTINGS),
        problem=problem,
    )


def _results(one: Searched) -> TargetResults:
    return TargetResults(
        name=one.target.target.name,
        total=one.total,
        lines=tuple(_line(one.target, line) for line in one.lines),
        remarks=tuple(map(told, one.faults)),
        problem=told(one.problem) if one.problem else "",
        next_url=_address("/copy-cataloguing", (one.target.id,), start=one.next) if one.next else "",
    )


def _line(target: KeptTarget, line: FoundLine) -> ResultLine:
    facts = line.description
    details = {"from": target.id, "position": line.position}
    return ResultLine(
        title=_short(facts.title),
        lang=words.text_language(facts.languages, facts.title),
        creators=_short(_creators(facts)),
        facts=_short(", ".join(filter(None, (*facts.publishers[:1], str(facts.year or ""), *facts.isbns[:2])))),
        url=_address("/copy-cataloguing/record", _chosen(), **details),
        ours=tuple(map(_ours, line.duplicates)),
    )


def _creators(facts: Description) -> str:
    def comes_first(creator: Creator) -> bool:
        return creator.role is not CreatorRole.AUTHOR

    return "; ".join(creator.name for creator in sorted(facts.creators, key=comes_first)[:MOST_CREATORS])


def _ours(duplicate: Duplicate) -> Ours:
    record = duplicate.record
    return Ours(id=record.id, title=_short(record.description.title), is_published=record.status is Status.PUBLISHED)


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_SHOWN else text[:LONGEST_SHOWN] + "…"


def _record_page(preview: Preview) -> ForeignRecordPage:
    facts, record = preview.description, carry(preview.dialect, preview.marc)
    too_large = len(record) > LARGEST_CARRIED
    lines, is_cut = _bounded(tuple(marc_lines(preview.marc, preview.dialect)))
    return ForeignRecordPage(
        csrf=csrf(),
        target_id=preview.target.id,
        target=preview.target.target.name,
        title=_short(facts.title),
        lang=words.text_language(facts.languages, facts.title),
        description=described(facts, settings()),
        dialect=preview.dialect.value,
        leader=preview.marc.leader,
        lines=lines,
        is_cut=is_cut,
        warnings=tuple(map(told, preview.warnings)),
        ours=tuple(map(_ours, preview.duplicates)),
        drafts=tuple(_draft(preview.dialect, draft) for draft in _usual_first(preview.drafts)),
        record="" if too_large else record,
        back_url=_address("/copy-cataloguing", _chosen()),
        problem=gettext("The record is too large to be taken over.") if too_large else "",
    )


def _usual_first(drafts: tuple[CopiedRecord, ...]) -> list[CopiedRecord]:
    """The dialect that this library catalogues in before the other one."""
    return sorted(drafts, key=lambda draft: draft.dialect.value != settings().cataloguing_dialect)


def _draft(own: Dialect, draft: CopiedRecord) -> DraftChoice:
    name = words.DIALECTS[draft.dialect]
    kept, converted = N_("Keep it as it is, in {dialect}"), N_("Convert it to {dialect}")
    return DraftChoice(
        value=draft.dialect.value,
        label=gettext(kept if draft.dialect is own else converted, dialect=name),
        mended=tuple(map(told, draft.mended)),
        problems=tuple(map(told, draft.problems)),
    )


def _bounded(lines: tuple[MarcLine, ...]) -> tuple[tuple[MarcLine, ...], bool]:
    """As much of a record as a page can show, and whether that is not all of it."""
    shown = tuple(
        MarcLine(
            tag=line.tag,
            indicators=line.indicators,
            parts=tuple((mark, text[:LONGEST_PART]) for mark, text in line.parts[:MOST_LINES]),
        )
        for line in lines[:MOST_LINES]
    )
    return shown, shown != lines
