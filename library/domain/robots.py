"""Which agents are robots: the list of COUNTER, and an addendum of our own with its own version.

A pattern is a regular expression that is looked for anywhere in the words of the agent, in any case. The addendum takes
words out before the list is asked (telephones whose name ends in “bot”), and adds patterns for
robots that are younger than the list.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass

# What stays in their place: agents that say nothing are robots.
_PERSON = "reader"


@dataclass(frozen=True, slots=True, kw_only=True)
class Addendum:
    """Patterns of our own: `robots` are more robots, `people` are words that make nobody one."""

    version: str
    robots: tuple[str, ...] = ()
    people: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RobotList:
    """Ready to be asked; `version` names both lists, and is kept with what was counted by them."""

    version: str
    robots: re.Pattern[str]
    people: re.Pattern[str]

    def is_robot(self, agent: str) -> bool:
        """Whether such an agent is a robot; one that says nothing of itself is whatever the list says of nothing."""
        return self.robots.search(self.people.sub(_PERSON, agent)) is not None


def addendum_from(text: str) -> Addendum:
    """The addendum out of TOML: `version`, `robots`, `people`; `ValueError` where it is not one."""
    facts = tomllib.loads(text)
    unknown = facts.keys() - {"version", "robots", "people"}
    if unknown or not isinstance(facts.get("version"), str):
        message = f"an addendum has a version, robots and people; unknown: {sorted(unknown)}"
        raise ValueError(message)
    return Addendum(
        version=facts["version"], robots=tuple(facts.get("robots", ())), people=tuple(facts.get("people", ()))
    )


def robot_list(patterns: Sequence[str], version: str, addendum: Addendum) -> RobotList:
    """The patterns of a list and of the addendum as one; `re.error` where one of them is no regular expression."""
    return RobotList(
        version=f"{version}+{addendum.version}",
        robots=_any_of((*patterns, *addendum.robots)),
        people=_any_of(addendum.people),
    )


def _any_of(patterns: Sequence[str]) -> re.Pattern[str]:
    """What matches where one of them does; nothing where there are none."""
    for pattern in patterns:
        re.compile(pattern)
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns) or r"(?!)", re.IGNORECASE)
