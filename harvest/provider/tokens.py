"""Resumption tokens: where a harvester stands in a list, signed, so that the server need remember nothing.

A token names the last record delivered and never an offset: a change during the harvest can move a record towards the
end of the list but can make none be skipped or come twice.
"""

from __future__ import annotations

import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta

from harvest.model import ErrorCode, Position, Selection, Verb, read_datestamp, write_datestamp
from harvest.provider.faults import Refusal, refusal

_SHORTEST_KEY = 16
_SHORTEST_LIFE = timedelta(hours=24)
# What is signed with the same key for another purpose, or in another layout, is no token of ours.
_PURPOSE = b"OAI-PMH resumption token, layout 1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bookmark:
    """A place in a list: which list, the last record given, how many came before, how many there are in all.

    `selection` is as it was asked; `end` is where the list ends, frozen at the first request, or it could grow while
    it is read.
    """

    verb: Verb
    selection: Selection
    end: datetime
    after: Position
    delivered: int
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """The text that the harvester sends back, and until when it may."""

    text: str
    expires: datetime


class Tokens:
    """Writes and reads tokens that were signed with one key of at least 16 bytes; they live for at least 24 hours."""

    def __init__(self, key: bytes, *, life: timedelta = timedelta(hours=48)) -> None:
        if len(key) < _SHORTEST_KEY:
            raise ValueError(f"a key needs {_SHORTEST_KEY} bytes")
        if life < _SHORTEST_LIFE:
            raise ValueError("a token lives for 24 hours or longer, as harvesters come back the next night")
        self._key = hmac.digest(key, _PURPOSE, "sha256")
        self._life = life

    def issue(self, bookmark: Bookmark, at: datetime) -> Token:
        """The token for a place in a list."""
        selection, after = bookmark.selection, bookmark.after
        expires = at + self._life
        values = (
            bookmark.verb,
            selection.prefix,
            selection.set_spec,
            _written(selection.from_),
            _written(selection.until),
            write_datestamp(bookmark.end),
            write_datestamp(after.datestamp),
            after.identifier,
            bookmark.delivered,
            bookmark.size,
            write_datestamp(expires),
        )
        body = _armoured(json.dumps(values, separators=(",", ":")).encode())
        return Token(text=f"{body}.{self._seal(body)}", expires=expires)

    def read(self, text: str, verb: Verb, at: datetime) -> Bookmark:
        """The place that a token names.

        Raises `Refusal` for one that was altered, that another repository or another verb issued, or that has expired.
        """
        body, _, seal = text.rpartition(".")
        if not hmac.compare_digest(self._seal(body).encode(), seal.encode("utf-8", "surrogatepass")):
            raise _bad("This resumption token was not issued here, or it was altered.")
        values = json.loads(urlsafe_b64decode(body + "=" * (-len(body) % 4)))
        issued_for, prefix, set_spec, from_, until, end, datestamp, identifier, delivered, size, expires = values
        if issued_for != verb:
            raise _bad(f"This resumption token belongs to a list of {issued_for}, not of {verb}.")
        if at > _read(expires):
            raise _bad(f"This resumption token has expired at {expires}. Begin the list again.")
        return Bookmark(
            verb=verb,
            selection=Selection(
                prefix=prefix,
                from_=_read(from_) if from_ else None,
                until=_read(until) if until else None,
                set_spec=set_spec,
            ),
            end=_read(end),
            after=Position(datestamp=_read(datestamp), identifier=identifier),
            delivered=delivered,
            size=size,
        )

    def _seal(self, text: str) -> str:
        return _armoured(hmac.digest(self._key, text.encode("utf-8", "surrogatepass"), "sha256"))


def _armoured(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")


def _written(moment: datetime | None) -> str:
    return "" if moment is None else write_datestamp(moment)


def _read(datestamp: str) -> datetime:
    return read_datestamp(datestamp)[0]


def _bad(message: str) -> Refusal:
    return refusal(ErrorCode.BAD_RESUMPTION_TOKEN, message)
