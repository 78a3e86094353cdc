"""Lists of literature for paper: new arrivals of a period, or any records, in the order a library prints them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from indexer.classification import bbk_classes, udc_classes
from indexer.sorting import alphabet_of, sort_key
from library.domain.description import CreatorRole, Description
from library.services.arrivals import Arrival, Arrivals
from library.services.printing import IndexLine, ListEntry, ListSection

MOST_LISTED = 2_000
PAGE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """What arrived in a period, oldest last; `is_cut` where only the newest `MOST_LISTED` of it are here."""

    records: tuple[Arrival, ...]
    is_cut: bool


def arrived(arrivals: Arrivals, first: datetime, last: datetime) -> Period:
    """The records that came into the catalogue from `first` on and before `last`."""
    found: list[Arrival] = []
    before: int | None = None
    while len(found) <= MOST_LISTED:
        page = arrivals.page(before, PAGE)
        found += [one for one in page.records if first <= one.created_at < last]
        before = page.next
        if before is None or (page.records and page.records[-1].created_at < first):
            break
    return Period(records=tuple(found[:MOST_LISTED]), is_cut=len(found) > MOST_LISTED)


def sections(
    found: Iterable[Description],
    heading: Callable[[Description], str],
    described: Callable[[Description], str],
) -> tuple[tuple[ListSection, ...], tuple[IndexLine, ...]]:
    """Descriptions under their headings, numbered through, by author and title within each; and the index of names."""
    groups: dict[str, list[Description]] = {}
    for one in found:
        groups.setdefault(heading(one), []).append(one)
    number = 0
    made: list[ListSection] = []
    names: dict[str, list[int]] = {}
    for name in sorted(groups):
        entries = []
        for one in sorted(groups[name], key=_place):
            number += 1
            entries.append(ListEntry(number=number, text=described(one)))
            for creator in one.creators:
                names.setdefault(creator.name, []).append(number)
        made.append(ListSection(heading=name, entries=tuple(entries)))
    index = (
        IndexLine(name=name, numbers=tuple(dict.fromkeys(numbers)))
        for name, numbers in sorted(names.items(), key=lambda pair: sort_key(pair[0], alphabet_of(pair[0], ("uzb",))))
    )
    return tuple(made), tuple(index)


def main_class(description: Description) -> tuple[str, str]:
    """The scheme and number of a record's main class: UDC where it has one, else BBK; both empty where it has none."""
    for scheme, notations, classes in (("udc", description.udc, udc_classes), ("bbk", description.bbk, bbk_classes)):
        numbers: Sequence[str] = next((found for one in notations if (found := classes(one))), ())
        if numbers:
            return scheme, numbers[0]
    return "", ""


def _place(one: Description) -> tuple[str, str]:
    author = next((creator.name for creator in one.creators if creator.role is CreatorRole.AUTHOR), "")
    head = author or one.title
    return sort_key(head, alphabet_of(head, one.languages)), sort_key(one.title, alphabet_of(one.title, one.languages))
