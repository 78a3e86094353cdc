"""What a page says that it gave to a reader, before it is known how much of it arrived."""

from __future__ import annotations

from dataclasses import dataclass

from library.domain.usage import Denial, Flag, Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """What was given, or why it was not; the fields are those of `Use`."""

    kind: Kind
    item_id: int = 0
    file_id: int = 0
    results: int = 0
    words: str = ""
    denied: Denial = Denial.NONE
    rule: str = ""
    flags: Flag = Flag.NONE
