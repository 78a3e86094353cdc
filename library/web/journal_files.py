"""The journal as files: a table of all that was found, and pages for the management."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from library.domain.errors import N_
from library.domain.journal import Line
from library.projections.journal_table import changes, visible
from library.projections.table import BYTE_ORDER_MARK, line
from library.services.journal import TakenAway
from library.services.printing import Sheet
from library.web import journal_words
from library.web.formats import date_and_time
from library.web.languages import gettext, language, locale, ngettext
from library.web.pages import site

HEADINGS = (
    N_("Number"),
    N_("Time ({zone})"),
    N_("Person"),
    N_("Deed"),
    N_("Done to"),
    N_("Before"),
    N_("After"),
)
SEAL = N_("Seal")
WIDTHS = (4, 6, 8, 9, 7, 18, 18)
LONGEST_PRINTED = 600
FIRST_YEAR, LAST_YEAR = 1900, 2999


def table(taken: TakenAway, zone: ZoneInfo) -> Iterator[str]:
    """The lines of a table (CSV); the last tells how many there are, so that a download that broke off is seen."""
    # What spreadsheets expect where the comma is the decimal sign.
    separator = "," if language() == "en" else ";"
    yield BYTE_ORDER_MARK + line((*_headings(zone), gettext(SEAL)), separator)
    for entry in taken.lines:
        yield line((*_row(entry, zone), visible(entry.hash)), separator)
    yield line((_all_told(taken), *("",) * len(HEADINGS)), separator)


def sheet(taken: TakenAway, zone: ZoneInfo, about: tuple[str, ...]) -> Sheet:
    """The pages; `about` are lines that say what was asked. What is too long for a cell is cut, and that is said."""
    rows = tuple(_row(entry, zone) for entry in taken.lines)
    made_at = date_and_time(taken.taken_at, locale(), zone)
    notes = [gettext("Made: {time}", time=made_at), _all_told(taken)]
    if any(len(cell) > LONGEST_PRINTED for row in rows for cell in row):
        notes.append(gettext("A cell that ends with … is cut; the table has it whole."))
    here = site()
    return Sheet(
        title=gettext("Journal of actions"),
        library=", ".join(filter(None, (here.library, here.institution))),
        about=(*about, *notes),
        headings=_headings(zone),
        widths=WIDTHS,
        rows=tuple(tuple(map(_cut, row)) for row in rows),
    )


def moment(text: str) -> datetime | None:
    """The time of an entry; None where somebody wrote what is none, or none that a clock here shows."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if FIRST_YEAR <= at.year <= LAST_YEAR else None


def _headings(zone: ZoneInfo) -> tuple[str, ...]:
    return tuple(gettext(heading, zone=zone.key) for heading in HEADINGS)


def _row(entry: Line, zone: ZoneInfo) -> tuple[str, ...]:
    at, facts = moment(entry.at), changes(entry.before, entry.after)
    name, key = visible(entry.actor_name), visible(entry.actor)
    return (
        str(entry.seq),
        f"{at.astimezone(zone):%Y-%m-%d %H:%M:%S}" if at else visible(entry.at),
        f"{name} ({key})" if name else key,
        journal_words.deed(entry.deed),
        journal_words.thing(entry.object),
        _side((fact.name, fact.before) for fact in facts),
        _side((fact.name, fact.after) for fact in facts),
    )


def _side(facts: Iterable[tuple[str, tuple[str, ...]]]) -> str:
    said = (
        f"{journal_words.fact(name)}: {' | '.join(journal_words.value(name, line) for line in lines)}"
        for name, lines in facts
        if lines
    )
    return "; ".join(said)


def _cut(cell: str) -> str:
    return f"{cell[:LONGEST_PRINTED]}…" if len(cell) > LONGEST_PRINTED else cell


def _all_told(taken: TakenAway) -> str:
    if taken.count < taken.total:
        return ngettext(
            "This list is cut: {total} entry was found, only the newest {limit} are here.",
            "This list is cut: {total} entries were found, only the newest {limit} are here.",
            taken.total,
            total=taken.total,
            limit=taken.count,
        )
    return ngettext("{n} entry in all", "{n} entries in all", taken.total)
