"""How long a server asks to be left in peace (RFC 9110, section 10.2.3)."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

LONGEST_WAIT = 600
_SECONDS = re.compile(r"[0-9]+")


def seconds_to_wait(header: str, now: datetime) -> int | None:
    """The seconds that a Retry-After header asks for, 0 to 600; a longer wait is cut, a date that is past gives 0.

    None for a header that says nothing usable: empty, negative, or text. `now` has a time zone.
    """
    header = header.strip()
    if _SECONDS.fullmatch(header):
        # Thousands of digits would be more than int() takes.
        return min(int(header[-20:]), LONGEST_WAIT) if len(header.lstrip("0")) <= len("600") else LONGEST_WAIT
    try:
        moment = parsedate_to_datetime(header)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return min(max(int((moment - now).total_seconds()), 0), LONGEST_WAIT)
