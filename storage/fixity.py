"""Reads originals again and hashes them again: bits flip, files vanish, and one is put in the place of another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from math import ceil

from storage.content_store import ContentStore, read_digest
from storage.errors import NotKept, StorageFailed, told_plainly
from storage.model import Digest

PERIOD = timedelta(days=90)
# Of all files, on each day.
SHARE = 0.05


class Condition(StrEnum):
    """How a kept file was found."""

    SOUND = "sound"
    ALTERED = "altered"
    SWAPPED = "swapped"
    MISSING = "missing"
    UNREADABLE = "unreadable"
    UNDESCRIBED = "undescribed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """The result for one file. `actual` is the digest its bytes have now, None where there are none to be read.

    `SWAPPED` bytes are those of another file of the store; `UNDESCRIBED` ones are right, but their sidecar is missing
    or damaged. `detail` is what the system said of `UNREADABLE` ones.
    """

    digest: Digest
    condition: Condition
    actual: Digest | None
    size: int
    at: datetime
    detail: str = ""


def due(last: Mapping[Digest, datetime | None], now: datetime) -> tuple[Digest, ...]:
    """What to check today of all files, given when each was last checked: never checked ones, then the oldest.

    These are 5 % of all, and more if more would otherwise pass the 90 days before tomorrow is over.
    """
    beginning = datetime.min.replace(tzinfo=now.tzinfo)
    order = sorted(last, key=lambda digest: (last[digest] or beginning, digest))
    late = sum(1 for at in last.values() if at is None or now - at > PERIOD - timedelta(days=2))
    return tuple(order[: max(late, ceil(len(order) * SHARE))])


def audit(store: ContentStore, digests: Iterable[Digest], now: datetime) -> Iterator[Checked]:
    """Check these files one after another; a file that can't be read is a result, not an error."""
    for digest in digests:
        yield check(store, digest, now)


def check(store: ContentStore, digest: Digest, now: datetime) -> Checked:
    """Read one file to its end, whatever its sidecar says of it."""
    try:
        with store.open_unchecked(digest) as file, told_plainly():
            actual, size = read_digest(file)
    except NotKept:
        return Checked(digest=digest, condition=Condition.MISSING, actual=None, size=0, at=now)
    except StorageFailed as error:
        return Checked(
            digest=digest,
            condition=Condition.UNREADABLE,
            actual=None,
            size=0,
            at=now,
            detail=str(error.values["reason"]),
        )
    if actual == digest:
        condition = Condition.SOUND if _described(store, digest) else Condition.UNDESCRIBED
    else:
        condition = Condition.SWAPPED if _described(store, actual) else Condition.ALTERED
    return Checked(digest=digest, condition=condition, actual=actual, size=size, at=now)


def _described(store: ContentStore, digest: Digest) -> bool:
    try:
        store.describe(digest)
    except NotKept:
        return False
    return True
