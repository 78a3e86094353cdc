"""The forms of a description by GOST, and in what they differ."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, StrEnum


class GostStyle(StrEnum):
    """The standard a description follows."""

    GOST_7_1_2003 = "7.1-2003"
    GOST_R_7_0_100_2018 = "7.0.100-2018"


class PlaceNames(Enum):
    """How the names of great cities are written."""

    SHORT = "short"
    FULL = "full"
    AS_RECORDED = "as recorded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What one standard asks for.

    `all_named` is the greatest number of authors that are all named; of more, the first `named_of_more` are.
    `designation` is the general material designation after the title, `content` the area of content and medium.
    """

    designation: bool
    content: bool
    all_named: int
    named_of_more: int
    page_dash: str
    places: PlaceNames
    shortened: bool
    unknown_marked: bool
    access_mode_named: bool
    publisher_of_host: bool
    words_in_full: bool


GOST_7_1_2003 = Rules(
    designation=True,
    content=False,
    all_named=3,
    named_of_more=1,
    page_dash="—",
    places=PlaceNames.SHORT,
    shortened=True,
    unknown_marked=True,
    access_mode_named=True,
    publisher_of_host=False,
    words_in_full=False,
)
GOST_R_7_0_100_2018 = Rules(
    designation=False,
    content=True,
    all_named=4,
    named_of_more=3,
    page_dash="–",
    places=PlaceNames.FULL,
    shortened=False,
    unknown_marked=False,
    access_mode_named=False,
    publisher_of_host=True,
    words_in_full=True,
)
GOST_R_7_0_5_2008 = Rules(
    designation=False,
    content=False,
    all_named=3,
    named_of_more=1,
    page_dash="–",
    places=PlaceNames.AS_RECORDED,
    shortened=False,
    unknown_marked=False,
    access_mode_named=False,
    publisher_of_host=False,
    words_in_full=False,
)


def rules_of(style: GostStyle) -> Rules:
    """The rules of a standard."""
    return GOST_7_1_2003 if style is GostStyle.GOST_7_1_2003 else GOST_R_7_0_100_2018
