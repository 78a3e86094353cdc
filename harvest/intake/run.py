"""A harvest from its beginning to its end, and the full comparison for partners that forget what they deleted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from harvest.errors import AddressRefused, Busy, PartnerError, UnexpectedStatus
from harvest.intake.asking import USUAL_PATIENCE, Asker, Patience, may_pass
from harvest.intake.checkpoint import Checkpoint, Counts, Ending, Outcome, Partner, Sink, Standing, Vanishing
from harvest.intake.circles import Circle
from harvest.intake.faults import EndedEarly, Inconclusive, LimitReached, Looping, Refused
from harvest.intake.pages import Introduction, ListPage, Token, read_identity, read_list
from harvest.intake.provenance import chain, read_origin
from harvest.intake.windows import Window, since
from harvest.model import DeletedRecords, ErrorCode, Identity, OaiRecord, Verb
from harvest.transport import Transport

_MOST_RESTARTS = 3
_MOST_TROUBLES = 200
_MOST_HOLES = 20
_FIRST_HOLES = 2  # before anything came at all: then not these windows are bad, but everything
# How far a partner's clock is believed to be ahead, and how far back is gone without one.
_CLOCK_DOUBT = timedelta(days=1)


def harvest(
    partner: Partner,
    sink: Sink,
    transport: Transport,
    *,
    clock: Callable[[], datetime],
    sleep: Callable[[float], None],
    patience: Patience = USUAL_PATIENCE,
    agree: Callable[[Vanishing], bool] = lambda _: False,
) -> Outcome:
    """Bring what is new, changed and deleted since the last complete harvest, and close the run with its outcome.

    Goes on where an interrupted run stopped. What can't be read is narrowed down by halving its window, to a second or
    a day if need be, and left as a hole that the next run tries again. `agree` is asked before more than a tenth of
    the partner's records is hidden. Whatever the partner does is an outcome; what `sink` raises comes out as it is.
    """
    asker = Asker(partner.address, transport, patience=patience, clock=clock, sleep=sleep)
    return _Run(partner, sink, asker, Verb.LIST_RECORDS, clock, agree).go()


def compare(
    partner: Partner,
    sink: Sink,
    transport: Transport,
    *,
    clock: Callable[[], datetime],
    sleep: Callable[[float], None],
    patience: Patience = USUAL_PATIENCE,
    agree: Callable[[Vanishing], bool] = lambda _: False,
) -> Outcome:
    """Read the identifiers of all that the partner has, so that what is not among them can be hidden.

    Needed now and then for partners of which `forgets_deletions` is true. Unlike a harvest it is complete only without
    any hole, rejected header or shortfall: what a partner fails to list is not deleted.
    """
    asker = Asker(partner.address, transport, patience=patience, clock=clock, sleep=sleep)
    return _Run(partner, sink, asker, Verb.LIST_IDENTIFIERS, clock, agree).go()


def forgets_deletions(identity: Identity) -> bool:
    """Whether a partner does not promise to tell of each deletion for ever."""
    return identity.deleted_records is not DeletedRecords.PERSISTENT


class _Run:
    def __init__(
        self,
        partner: Partner,
        sink: Sink,
        asker: Asker,
        verb: Verb,
        clock: Callable[[], datetime],
        agree: Callable[[Vanishing], bool],
    ) -> None:
        self._partner = partner
        self._sink = sink
        self._asker = asker
        self._verb = verb
        self._clock = clock
        self._agree = agree
        self._standing = Standing()
        self._identity: Identity | None = None
        self._at: Checkpoint | None = None
        self._before = Counts()
        self._taken = Counts()
        self._anything_came = False
        self._troubles = 0
        self._hole_error: PartnerError | None = None

    def go(self) -> Outcome:
        self._standing = self._sink.standing()
        try:
            at = self._begin()
            while at.windows:
                at = self._window(at)
            outcome = self._completed(at)
        except (LimitReached, Busy) as error:
            outcome = self._stopped(Ending.INTERRUPTED, error)
        except PartnerError as error:
            outcome = self._stopped(Ending.FAILED, error)
        self._sink.finish(outcome)
        return outcome

    def _begin(self) -> Checkpoint:
        self._at = self._standing.checkpoint
        if self._at is not None and self._at.request != self._request():
            self._at = None
        if self._at is not None:
            self._before = self._at.counts
            self._anything_came = self._before.records + self._before.deleted > 0
        introduction = self._introduction()
        self._identity = introduction.identity
        if self._at is None:
            now = self._clock().replace(microsecond=0)
            moment = min(introduction.responded or now - _CLOCK_DOUBT, now + _CLOCK_DOUBT)
            whole = self._verb is Verb.LIST_IDENTIFIERS
            first = Window() if whole else since(self._standing.since, introduction.identity.granularity)
            windows = (first, *(() if whole else self._standing.holes))
            self._at = Checkpoint(request=self._request(), started=moment, windows=_each_once(windows))
        return self._at

    def _window(self, at: Checkpoint) -> Checkpoint:
        """The first window read to its end, or replaced by what may go better."""
        circle = Circle(at.token)
        left = len(at.windows)
        while len(at.windows) == left:
            try:
                page = self._asked(at)
                received, announced = at.received + page.size, at.announced
                if page.token is not None and page.token.announced is not None:
                    announced = page.token.announced
                circle.look(page, received, announced)
            except PartnerError as error:
                self._at = self._evaded(at, error)
                return self._at
            at = self._stored(at, page, received, announced)
        return at

    def _stored(self, at: Checkpoint, page: ListPage, received: int, announced: int | None) -> Checkpoint:
        page, own = self._without_own(page)
        ended = page.token is None or not page.token.value
        self._taken = self._taken.plus(
            Counts(
                records=sum(not record.deleted for record in page.records),
                deleted=sum(record.deleted for record in page.records),
                rejected=len(page.rejected),
                mended=len(page.mended),
                own=own,
                missing=max(0, announced - received) if ended and announced is not None else 0,
            )
        )
        if page.token is not None and page.token.value:
            following = replace(at, token=page.token.value, announced=announced, received=received)
        else:
            following = at.next_window()
        following = replace(following, counts=self._counts())
        self._sink.take(page, following)
        self._at = following
        self._anything_came = True
        return following

    def _asked(self, at: Checkpoint) -> ListPage:
        assert self._identity is not None
        arguments = [("verb", self._verb.value)]
        if at.token:
            arguments.append(("resumptionToken", at.token))
        else:
            arguments.append(("metadataPrefix", self._partner.prefix))
            arguments.extend(at.windows[0].arguments(self._identity.granularity))
            if self._partner.set_spec:
                arguments.append(("set", self._partner.set_spec))

        def read(body: bytes) -> ListPage:
            page = read_list(body, self._verb)
            if page.token is None and at.token:
                self._check_end(at, at.received + page.size)
            return page

        try:
            page = self._asker.ask(arguments, read)
            # Some announce too much; but it may also be the end of another list, out of somebody's cache.
            return self._asker.ask(arguments, read) if _is_short(page, at) else page
        except Refused as refusal:
            if refusal.oai_code == ErrorCode.NO_RECORDS_MATCH:
                if at.token:
                    self._check_end(at, at.received)
            elif not _lost(refusal, at) or at.announced is None or at.received < at.announced:
                raise
            # Some give a token with the last page, and then do not know it.
            return ListPage(responded=None, token=Token(value=""))

    @staticmethod
    def _check_end(at: Checkpoint, received: int) -> None:
        if at.announced is not None and received < at.announced:
            raise EndedEarly(received, at.announced)

    def _evaded(self, at: Checkpoint, error: PartnerError) -> Checkpoint:
        """What to do about a window that can't be read: begin it again, halve it, or leave it as a hole."""
        if _lost(error, at) and at.restarts < _MOST_RESTARTS:
            return replace(at.from_the_start(), restarts=at.restarts + 1)
        self._troubles += 1
        if not _evadable(error, at) or self._troubles > _MOST_TROUBLES:
            raise error
        introduction = self._introduction()
        halves = at.windows[0].halves(
            introduction.identity.granularity, introduction.identity.earliest, introduction.responded or at.started
        )
        narrowed = at.next_window()
        if halves is not None:
            return replace(narrowed, windows=(*halves, *narrowed.windows))
        if len(at.holes) >= (_MOST_HOLES if self._anything_came else _FIRST_HOLES):
            raise error
        self._hole_error = error
        return replace(narrowed, holes=_each_once((*at.holes, at.windows[0])))

    def _introduction(self) -> Introduction:
        return self._asker.ask([("verb", Verb.IDENTIFY.value)], read_identity)

    def _without_own(self, page: ListPage) -> tuple[ListPage, int]:
        beginning = self._partner.own_identifiers
        if not beginning or self._verb is Verb.LIST_IDENTIFIERS:
            return page, 0
        foreign = tuple(record for record in page.records if not _is_own(record, beginning))
        return replace(page, records=foreign), len(page.records) - len(foreign)

    def _completed(self, at: Checkpoint) -> Outcome:
        if self._verb is Verb.LIST_IDENTIFIERS and (at.holes or at.counts.rejected or at.counts.missing):
            return self._stopped(Ending.FAILED, Inconclusive())
        vanishing = self._sink.vanishing()
        return Outcome(
            ending=Ending.COMPLETE,
            counts=self._counts(),
            since=at.started,
            holes=at.holes,
            error=self._hole_error,
            hide=not vanishing.too_many or self._agree(vanishing),
            vanishing=vanishing,
            identity=self._identity,
        )

    def _stopped(self, ending: Ending, error: PartnerError) -> Outcome:
        counts = self._counts()
        anew = isinstance(error, Looping | Refused | Inconclusive)
        return Outcome(
            ending=ending,
            counts=counts,
            since=self._standing.since,
            holes=self._standing.holes,
            checkpoint=None if anew or self._at is None else replace(self._at, counts=counts),
            error=error,
            identity=self._identity,
        )

    def _counts(self) -> Counts:
        return self._before.plus(self._asker.counts).plus(self._taken)

    def _request(self) -> str:
        partner = self._partner
        return " ".join((self._verb, str(partner.address), partner.prefix, partner.set_spec))


def _is_short(page: ListPage, at: Checkpoint) -> bool:
    """Whether a page ends a list of which less has come than was announced."""
    token = page.token
    if token is None or token.value:
        return False
    announced = at.announced if token.announced is None else token.announced
    return announced is not None and at.received + page.size < announced


def _lost(error: PartnerError, at: Checkpoint) -> bool:
    """Whether a partner forgot a token. Some say so with an HTTP status."""
    if not at.token:
        return False
    if isinstance(error, Refused):
        return error.oai_code == ErrorCode.BAD_RESUMPTION_TOKEN
    return isinstance(error, UnexpectedStatus) and not may_pass(error)


def _evadable(error: PartnerError, at: Checkpoint) -> bool:
    """Whether a smaller window may do better."""
    if isinstance(error, LimitReached | Busy | Looping | AddressRefused):
        return False
    return _lost(error, at) or not isinstance(error, Refused | UnexpectedStatus) or may_pass(error)


def _each_once(windows: tuple[Window, ...]) -> tuple[Window, ...]:
    """A hole within the overlap is met twice: in the first window, and by itself."""
    return tuple(dict.fromkeys(windows))


def _is_own(record: OaiRecord, beginning: str) -> bool:
    return record.identifier.startswith(beginning) or any(
        origin.identifier.startswith(beginning) for origin in chain(read_origin(record.abouts))
    )
