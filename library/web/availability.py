"""Whether a document can be had, in one badge."""

from __future__ import annotations

from dataclasses import dataclass

from library.domain.description import CopyStatus, Description
from library.web.languages import gettext


@dataclass(frozen=True, slots=True, kw_only=True)
class Availability:
    """The badge: its words, its icon, and its tone (`positive`, `warning`, `muted`)."""

    label: str
    icon: str
    tone: str


def availability_of(facts: Description) -> Availability | None:
    """Online before the shelf before the loan desk; nothing where neither links nor copies are known."""
    if facts.links:
        return Availability(label=gettext("Online"), icon="link", tone="positive")
    if not facts.copies:
        return None
    states = {copy.status for copy in facts.copies}
    if CopyStatus.AVAILABLE in states:
        return Availability(label=gettext("On the shelf"), icon="shelf", tone="positive")
    if states & {CopyStatus.ON_LOAN, CopyStatus.RESERVED, CopyStatus.ON_THE_WAY, CopyStatus.EXPECTED}:
        return Availability(label=gettext("Not on the shelf now"), icon="clock", tone="warning")
    if CopyStatus.UNKNOWN in states:
        return Availability(label=gettext("In the library"), icon="shelf", tone="muted")
    return Availability(label=gettext("Not available"), icon="closed", tone="muted")
