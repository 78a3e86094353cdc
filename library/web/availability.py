"""Whether a document can be had, in one badge: as a file before the shelf, the shelf before the loan desk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from library.domain.access import Rule, Use
from library.domain.access_level import AccessLevel
from library.domain.description import CopyStatus, Description
from library.services.reading import ReadFile
from library.web import formats
from library.web.languages import gettext, locale
from library.web.words import ACCESS_LEVELS

# Icon and tone of each right, from the widest to the narrowest.
_LEVELS: Mapping[Rule, tuple[str, str]] = {
    Rule.OPEN: ("check", "positive"),
    Rule.MEMBERS: ("person", "positive"),
    Rule.CAMPUS: ("map", "warning"),
    Rule.VIEW_ONLY: ("book", "positive"),
    Rule.CLOSED: ("closed", "muted"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Availability:
    """The badge: its words, its icon, and its tone (`positive`, `warning`, `muted`)."""

    label: str
    icon: str
    tone: str


def availability_of(facts: Description, files: Sequence[ReadFile] = ()) -> Availability | None:
    """The widest right of its files; else links, copies; nothing where none of them are known."""
    rules = {_rule(file): file for file in files if file.is_for_readers}
    readable = next((rule for rule in _LEVELS if rule in rules and rule is not Rule.CLOSED), None)
    if readable is not None:
        return rights_badge(rules[readable])
    if facts.links:
        return Availability(label=gettext("Online"), icon="link", tone="positive")
    if Rule.EMBARGO in rules and not _is_on_the_shelf(facts):
        return rights_badge(rules[Rule.EMBARGO])
    if not facts.copies:
        return Availability(label=gettext("Not available"), icon="closed", tone="muted") if rules else None
    return _of_copies(facts)


def rights_badge(file: ReadFile) -> Availability:
    """What readers may do with a file today, whoever looks."""
    rule, document = _rule(file), file.document
    if rule is Rule.EMBARGO and document.rights.embargo_until is not None:
        day = formats.short_day(document.rights.embargo_until, locale())
        return Availability(label=gettext("Embargo. Opens on: {date}", date=day), icon="clock", tone="warning")
    if rule is Rule.TERM and document.term_ends is not None:
        day = formats.short_day(document.term_ends, locale())
        return Availability(label=gettext("Subscription ended: {date}", date=day), icon="clock", tone="muted")
    icon, tone = _LEVELS[rule]
    return Availability(label=gettext(ACCESS_LEVELS[AccessLevel(rule)]), icon=icon, tone=tone)


def _rule(file: ReadFile) -> Rule:
    """Nobody has the bytes but by the rights, so that what rules a download is what rules readers."""
    return file.rulings[Use.DOWNLOAD].rule


def _is_on_the_shelf(facts: Description) -> bool:
    return any(copy.status is CopyStatus.AVAILABLE for copy in facts.copies)


def _of_copies(facts: Description) -> Availability:
    states = {copy.status for copy in facts.copies}
    if CopyStatus.AVAILABLE in states:
        return Availability(label=gettext("On the shelf"), icon="shelf", tone="positive")
    if states & {CopyStatus.ON_LOAN, CopyStatus.RESERVED, CopyStatus.ON_THE_WAY, CopyStatus.EXPECTED}:
        return Availability(label=gettext("Not on the shelf now"), icon="clock", tone="warning")
    if CopyStatus.UNKNOWN in states:
        return Availability(label=gettext("In the library"), icon="shelf", tone="muted")
    return Availability(label=gettext("Not available"), icon="closed", tone="muted")
