"""The words of the viewer: what a reader may do with a file and why, in one line."""

from __future__ import annotations

from collections.abc import Mapping

from library.domain.access import Rule
from library.domain.errors import N_
from library.services.viewing import Look
from library.web.languages import gettext

RULES: Mapping[Rule, str] = {
    Rule.OPEN: N_("Open to all: read it here or download it."),
    Rule.MEMBERS: N_("For registered readers: read it here or download it."),
    Rule.CAMPUS: N_("On the university network only: read it here or download it."),
    Rule.VIEW_ONLY: N_("View only, by copyright: pages bear your name, card and the time; copying is forbidden."),
    Rule.GRANT: N_("This text version was given to you alone; copying is forbidden."),
    Rule.STAFF: N_("You see this file because you look after it."),
}
MARKED_FOR_STAFF = N_("You see this file because you look after it: every page bears your name and the time.")


def rule_line(look: Look) -> str:
    """What this reader may do with this file, and why."""
    if look.rule is Rule.STAFF and look.is_marked:
        return gettext(MARKED_FOR_STAFF)
    return gettext(RULES[look.rule])
