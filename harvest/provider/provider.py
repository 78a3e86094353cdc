"""The provider: six verbs, answered from a repository."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from harvest.model import ErrorCode, Selection, Verb
from harvest.provider import envelope
from harvest.provider.arguments import (
    GetRecord,
    Identify,
    ListItems,
    ListMetadataFormats,
    ListSets,
    Request,
    Resume,
    parse,
)
from harvest.provider.faults import Refusal, refusal
from harvest.provider.lists import Lists
from harvest.provider.records import Writer
from harvest.provider.repository import FormatNotAvailable, Repository, UnknownIdentifier
from harvest.provider.tokens import Tokens


class Provider:
    """Answers harvesters from a repository; nothing is remembered from one answer to the next.

    All answers are given as of `lag` ago. No change may become visible later than that after its datestamp: `lag` is
    longer, by a second or more, than the longest transaction that writes. So a list that ends at its `responseDate`
    has all that will ever be there until then, and what comes later is found by the next harvest from that moment on.
    """

    def __init__(
        self,
        repository: Repository,
        *,
        tokens: Tokens,
        clock: Callable[[], datetime],
        lag: timedelta,
        page_size: int = 200,
        stylesheet: str = "",
    ) -> None:
        self._repository = repository
        self._tokens = tokens
        self._clock = clock
        self._lag = lag
        self._page_size = page_size
        self._stylesheet = stylesheet

    def respond(self, arguments: Sequence[tuple[str, str]]) -> bytes:
        """The answer in UTF-8, to be sent as `text/xml` with HTTP status 200 whether or not it is an error.

        `arguments` are all pairs of the query, or of the form of a POST, decoded, with all repetitions. `stylesheet`,
        if it was given, is named in the answer for people who look at it in a browser.
        """
        now = (self._clock().astimezone(UTC) - self._lag).replace(microsecond=0)
        echoed = arguments
        try:
            body = self._answer(parse(arguments), now)
        except Refusal as declined:
            body = envelope.errors(declined.faults)
            echoed = arguments if declined.may_echo else ()
        return envelope.document(
            body, base_url=self._repository.base_url, echoed=echoed, now=now, stylesheet=self._stylesheet
        )

    def _answer(self, request: Request, now: datetime) -> bytes:
        match request:
            case Identify():
                return self._identify()
            case ListMetadataFormats(identifier=identifier):
                return self._formats(identifier)
            case ListSets():
                return self._sets()
            case GetRecord(identifier=identifier, prefix=prefix):
                return self._record(identifier, prefix)
            case ListItems(verb=verb, selection=selection):
                return self._begin(verb, selection, now)
            case Resume(verb=verb, token=token):
                return self._lists(now).resume(verb, token)

    def _identify(self) -> bytes:
        identity = self._repository.identity()
        return envelope.identify(identity, Writer().descriptions("the repository", identity.descriptions))

    def _formats(self, identifier: str | None) -> bytes:
        try:
            offered = self._repository.formats(identifier)
        except UnknownIdentifier as error:
            raise _unknown() from error
        if not offered:
            raise refusal(ErrorCode.NO_METADATA_FORMATS, "This item can't be had in any format.")
        return envelope.formats(offered)

    def _sets(self) -> bytes:
        division = self._repository.sets()
        if not division:
            raise refusal(ErrorCode.NO_SET_HIERARCHY, "This repository is not divided into sets.")
        writer = Writer()
        return envelope.sets(
            (one, writer.descriptions(one.spec, (one.description,) if one.description else ())) for one in division
        )

    def _record(self, identifier: str, prefix: str) -> bytes:
        self._expect_format(prefix)
        try:
            found = self._repository.record(identifier, prefix)
        except UnknownIdentifier as error:
            raise _unknown() from error
        except FormatNotAvailable as error:
            raise _not_available(prefix) from error
        written = Writer().written(Verb.GET_RECORD, prefix, (found,))
        if not written:
            raise _not_available(prefix)
        return envelope.answer(Verb.GET_RECORD, written)

    def _begin(self, verb: Verb, selection: Selection, now: datetime) -> bytes:
        self._expect_format(selection.prefix)
        return self._lists(now).begin(verb, selection)

    def _lists(self, now: datetime) -> Lists:
        return Lists(self._repository, tokens=self._tokens, page_size=self._page_size, now=now)

    def _expect_format(self, prefix: str) -> None:
        if not any(offered.prefix == prefix for offered in self._repository.formats(None)):
            raise refusal(
                ErrorCode.CANNOT_DISSEMINATE_FORMAT, f"{prefix} is not offered here; ListMetadataFormats says what is."
            )


def _unknown() -> Refusal:
    return refusal(ErrorCode.ID_DOES_NOT_EXIST, "There is no item of this identifier.")


def _not_available(prefix: str) -> Refusal:
    return refusal(ErrorCode.CANNOT_DISSEMINATE_FORMAT, f"This item can't be had as {prefix}.")
