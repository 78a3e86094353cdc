"""The tables of docs/rights.md as tests read them: what is expected of every file, use and visitor."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from library.domain.access import Rule, Ruling, Use
from library.domain.document import Document, DocumentState
from library.domain.record import Status

RIGHTS = (Path(__file__).parents[1] / "docs/rights.md").read_text(encoding="utf-8")


def rows(heading: str) -> list[dict[str, str]]:
    """The rows of the table below a heading of the document."""
    lines = RIGHTS.split(f"## {heading}\n")[1].split("\n## ")[0].splitlines()
    table = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]
    names, _, *rows = table
    return [dict(zip(names, row, strict=True)) for row in rows]


def code_in(cell: str) -> str:
    """What stands in a cell as code."""
    found = re.search(r"`([^`]+)`", cell)
    assert found is not None, cell
    return found.group(1)


PERMITTED = {
    (code_in(row["Right"]), code_in(row["Use"]), column): Ruling(
        allowed=row[column].startswith("yes"), rule=Rule(code_in(row[column]))
    )
    for row in rows("What each right permits")
    for column in ("Guest", "On campus", "Reader", "With text", "Staff")
}
BEFORE = rows("What comes before the right")


def row_before(document: Document, today: date) -> dict[str, str] | None:
    """The first row of the table of what comes before the right that fits."""
    published, approved = document.record_status is Status.PUBLISHED, document.approved is not None
    fits = {
        "unapproved": not approved,
        "unpublished": not published,
        "embargo": document.rights.embargo_until is not None and document.rights.embargo_until > today,
        "term": document.term_ends is not None and document.term_ends < today,
        document.state.value: document.state is not DocumentState.KEPT,
    }
    for row in BEFORE:
        words = row["What is with the file"]
        seen = {"had been able": published and approved, "never saw": not (published and approved)}
        if fits.get(code_in(words)) and all(true for phrase, true in seen.items() if phrase in words):
            return row
    return None


def expected(document: Document, use: Use, columns: Sequence[str], today: date) -> Ruling:
    """What the tables say to a visitor who has these columns: where they sit, if that counts, then who they are."""
    before = row_before(document, today)
    staff = "Staff" in columns
    if before is not None and staff and before["Staff"] == "all but download" and use is not Use.DOWNLOAD:
        return Ruling(allowed=True, rule=Rule.STAFF)
    if before is not None:
        return Ruling(allowed=False, rule=Rule(code_in(before["Rule"])))
    cells = [PERMITTED[document.rights.level, use, column] for column in columns]
    # The last column is who they are, the first may be where they sit.
    return cells[-1] if cells[-1].allowed else next((cell for cell in cells if cell.allowed), cells[-1])
