"""Records of partners beside those that may be the same, in the browser: a person says which they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from flask import Blueprint, Response, request

from library.container import Container
from library.db.records import ListedRecord
from library.domain.access import Action
from library.domain.errors import InvalidPartner
from library.services.asked import whole
from library.services.partners_twins import Pair
from library.web.cataloguing_duplicates import REASONS
from library.web.languages import gettext, told
from library.web.pages import Page, render
from library.web.partners import LARGEST_NUMBER
from library.web.search import imprint
from library.web.session import actor, csrf, requires, to

ON_A_PAGE = 25
ADDRESS = "/partners/duplicates"
DECIDED = f"{ADDRESS}/decided"
MOST_CREATORS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One of two records, in a few lines."""

    id: int
    title: str
    creators: str
    imprint: str
    isbns: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PairLine:
    """Two records that may be one, and why."""

    partner: str
    theirs: Side
    other: Side
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TwinsPage(Page):
    """Pairs that wait for a person, or those that a person decided on."""

    template: ClassVar[str] = "partners/duplicates.html"
    robots: ClassVar[str] = "noindex"

    csrf: str
    are_decided: bool
    lines: tuple[PairLine, ...]
    next_url: str
    problem: str


def blueprint(container: Container) -> Blueprint:
    """The routes of pairs."""
    routes = Blueprint("partners_twins", __name__)
    twins = container.partner_twins

    @routes.get(ADDRESS)
    @requires(Action.HARVEST)
    def listed() -> Response:
        return render(_page(twins.page(_after(), ON_A_PAGE + 1, actor=actor()), ADDRESS))

    @routes.get(DECIDED)
    @requires(Action.HARVEST)
    def decided() -> Response:
        return render(_page(twins.decided(_after(), ON_A_PAGE + 1, actor=actor()), DECIDED))

    @routes.post(DECIDED)
    @requires(Action.HARVEST)
    def undo() -> Response:
        try:
            twins.undo(_number(request.form.get("theirs", "")), _number(request.form.get("other", "")), actor=actor())
        except InvalidPartner as error:
            found = twins.decided((0, 0), ON_A_PAGE + 1, actor=actor())
            return render(_page(found, DECIDED, told(error.message)), 422)
        return to(DECIDED)

    @routes.post(ADDRESS)
    @requires(Action.HARVEST)
    def decide() -> Response:
        theirs, other = _number(request.form.get("theirs", "")), _number(request.form.get("other", ""))
        twins.decide(theirs, other, same="same" in request.form, actor=actor())
        return to(ADDRESS)

    return routes


def _after() -> tuple[int, int]:
    return _number(request.args.get("after", "")), _number(request.args.get("other", ""))


def _page(found: Sequence[Pair], address: str, problem: str = "") -> TwinsPage:
    shown = found[:ON_A_PAGE]
    last = shown[-1] if len(found) > ON_A_PAGE else None
    following = f"{address}?after={last.theirs.id}&other={last.other.id}" if last is not None else ""
    return TwinsPage(
        csrf=csrf(),
        are_decided=address == DECIDED,
        lines=tuple(map(_line, shown)),
        next_url=following,
        problem=problem,
    )


def _number(text: str) -> int:
    return whole(text, limit=LARGEST_NUMBER) or 0


def _line(pair: Pair) -> PairLine:
    return PairLine(
        partner=pair.partner,
        theirs=_side(pair.theirs),
        other=_side(pair.other),
        why=gettext(REASONS[pair.sameness]),
    )


def _side(record: ListedRecord) -> Side:
    facts = record.description
    return Side(
        id=record.id,
        title=facts.title,
        creators="; ".join(creator.name for creator in facts.creators[:MOST_CREATORS]),
        imprint=imprint(facts.places, facts.publishers, facts.year),
        isbns=", ".join(facts.isbns),
    )
