"""What readers used, noted once the answer is over: all that lies between the pages and the counting of use.

A view says what it gave: `searched`, `record_viewed`, `page_viewed`, `downloaded`, or `refused` and why (views for
programs have `library.api.noting`); the last word counts, and a view that says nothing was no use. After the view
`hand_over` makes a `Use` of it, and the server's closing of the response completes it: only then is it known how many
bytes left and whether the reader waited for all of them. One response is noted once. A failure here is logged, and no
page suffers from it.

A visitor is known by the account, else by the number in the cookie that the browser has or is given with this very
answer, else by address and agent; `library.services.usage` makes a keyed hash of that and keeps none of it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from http import HTTPStatus
from time import monotonic, perf_counter
from typing import TYPE_CHECKING, Any

from flask import Flask, Response, g, request

from library.container import Container, now
from library.domain.access import Rule
from library.domain.document import Document
from library.domain.noted import Noted
from library.domain.usage import Denial, Flag, Kind, Use, best_identity
from library.web.noting_flags import flags_of, works_here
from library.web.session import browser_number, visit_if_known

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

ANSWERED = "library.answered"
COMPLAINTS_EVERY_SECONDS = 60.0
# What is not there is told of where something is looked for by its number, not of whatever a scanner guesses.
LOOKED_FOR = frozenset(
    {
        *("record.record", "record.marc", "record.download", "record.former_number", "citations.cite"),
        *("reading.file", "reading.named", "reading.titled", "viewing.viewer", "viewing.text", "api_search.record"),
    }
)
# Whoever watches the service is no reader, and style sheets are no answers.
UNMEASURED = ("static", "health.")

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What is left in the environment of the server for the end of the response."""

    has_failed: bool
    use: Use | None


def searched(results: int, words: str, *, is_continued: bool) -> None:
    """Readers were given a list of so many results; `is_continued` where it shows more of what was found before."""
    flags = Flag.CONTINUED if is_continued else Flag.NONE
    g.noted = Noted(kind=Kind.SEARCH, results=results, words=words, flags=flags)


def record_viewed(record_id: int) -> None:
    """The record was shown, or given as a file or citation."""
    g.noted = Noted(kind=Kind.RECORD_VIEW, item_id=record_id)


def page_viewed(document: Document, rule: Rule) -> None:
    """A page of a file was shown, by this rule."""
    g.noted = _of_file(Kind.PAGE_VIEW, document, rule)


def downloaded(document: Document, rule: Rule) -> None:
    """The bytes of a file are given, or a range of them, by this rule."""
    g.noted = _of_file(Kind.DOWNLOAD, document, rule)


def refused(denied: Denial, *, rule: str = "", item_id: int = 0, file_id: int = 0) -> None:
    """Something was not given; `rule` is the reading rule or the limit behind it."""
    g.noted = Noted(kind=Kind.REFUSAL, denied=denied, rule=rule, item_id=item_id, file_id=file_id)


def install(app: Flask, container: Container) -> None:
    """Note every response of this application when it is over, and how long its first byte took."""
    complain = Complaints()

    def safely(response: Response) -> Response:
        try:
            hand_over(response)
        except Exception as error:  # noqa: BLE001  (told in the log; whatever it is, the page is made)
            complain.of(error)
        return response

    app.after_request(safely)
    app.wsgi_app = _Noting(app.wsgi_app, container, complain)  # type: ignore[method-assign]


class Complaints:
    """Tells the log of failures, once a minute at most: a full disk fails at every response."""

    def __init__(self) -> None:
        self._told_at = -COMPLAINTS_EVERY_SECONDS
        self._untold = 0

    def of(self, error: Exception) -> None:
        """Tell of this failure, or count it until a minute has passed."""
        if monotonic() - self._told_at < COMPLAINTS_EVERY_SECONDS:
            self._untold += 1
            return
        log.error("A use could not be noted (%s more before it): %r", self._untold, error, exc_info=error)
        self._told_at, self._untold = monotonic(), 0


class _Noting:
    """The application, with an end to each of its responses."""

    def __init__(self, app: WSGIApplication, container: Container, complain: Complaints) -> None:
        self._app = app
        self._container = container
        self._complain = complain

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        began = perf_counter()
        body = self._app(environ, start_response)
        answered: Answered | None = environ.pop(ANSWERED, None)
        if answered is None:
            return body
        try:
            self._container.answer_times.note(perf_counter() - began, has_failed=answered.has_failed)
        except Exception as error:  # noqa: BLE001  (told in the log; the page was made)
            self._complain.of(error)
        use = answered.use
        if use is None:
            return body

        def note(sent: int, *, is_whole: bool) -> None:
            try:
                self._container.usage.note(replace(use, sent=sent, completed=is_whole))
            except Exception as error:  # noqa: BLE001  (told in the log; the page was given)
                self._complain.of(error)

        return _CountedBody(body, note)


class _CountedBody:
    """The blocks of a body, counted when the server comes back for the next one: then the one before has left.

    A server that would send the file itself can't tell how far it came, so that it is not given the chance. What a
    reader who leaves has not taken from the network's own buffers counts as sent.
    """

    def __init__(self, body: Iterable[bytes], note: Callable[..., None]) -> None:
        self._body = body
        self._blocks = iter(body)
        self._note: Callable[..., None] | None = note
        self._sent = self._leaving = 0
        self._is_whole = False

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        self._sent += self._leaving
        self._leaving = 0
        try:
            block = next(self._blocks)
        except StopIteration:
            self._is_whole = True
            raise
        self._leaving = len(block)
        return block

    def close(self) -> None:
        """Close the body, then note it; servers may close twice."""
        close: Any = getattr(self._body, "close", None)
        note, self._note = self._note, None
        try:
            if close is not None:
                close()
        finally:
            if note is not None:
                note(self._sent, is_whole=self._is_whole)


def _of_file(kind: Kind, document: Document, rule: Rule) -> Noted:
    # By this rule files are opened for work on them, be it by a depositor or for a department.
    flags = Flag.STAFF if rule is Rule.STAFF else Flag.NONE
    return Noted(kind=kind, item_id=document.record_id, file_id=document.id, flags=flags)


def hand_over(response: Response) -> None:
    """Leave what the view said, with whoever asked for it, to the end of the response."""
    endpoint = request.endpoint or ""
    if endpoint.startswith(UNMEASURED):
        return
    noted = _said(response.status_code, endpoint, g.pop("noted", None))
    refused = noted is not None and noted.kind is Kind.REFUSAL
    request.environ[ANSWERED] = Answered(
        has_failed=response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR and not refused,
        # An address that leads nowhere is no use of anything, whatever is answered.
        use=_use(noted, response) if noted is not None and endpoint else None,
    )


def _said(status: int, endpoint: str, noted: Noted | None) -> Noted | None:
    """What the view said, unless it failed after that; of what it did not find it says nothing itself."""
    if noted is not None and noted.kind is Kind.REFUSAL:
        return noted
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return replace(noted, kind=Kind.ERROR) if noted is not None else Noted(kind=Kind.ERROR)
    if status in (HTTPStatus.NOT_FOUND, HTTPStatus.GONE) and endpoint in LOOKED_FOR:
        # The number of what was withdrawn is the library's own; one that never was is whatever was typed.
        item_id = int((request.view_args or {}).get("record_id", 0)) if status == HTTPStatus.GONE else 0
        return Noted(kind=Kind.REFUSAL, denied=Denial.NOT_FOUND, item_id=item_id)
    return noted


def _use(noted: Noted, response: Response) -> Use:
    agent = request.user_agent.string
    here = visit_if_known()
    card = here.person.card if here is not None and not works_here(here.person.roles) else None
    flags = noted.flags | flags_of(request.method, request.headers, agent, noted.kind)
    if here is not None and works_here(here.person.roles):
        flags |= Flag.STAFF
    return Use(
        at=now(),
        kind=noted.kind,
        identity=best_identity(
            person=str(here.person.id) if here is not None else "",
            cookie=browser_number(),
            address=request.remote_addr or "",
            agent=agent,
        ),
        agent=agent,
        item_id=noted.item_id,
        file_id=noted.file_id,
        status=response.status_code,
        range_start=response.content_range.start or 0,
        denied=noted.denied,
        rule=noted.rule,
        results=noted.results,
        words=noted.words,
        category=card.category.value if card is not None else "",
        faculty=card.faculty if card is not None else "",
        flags=flags,
    )
