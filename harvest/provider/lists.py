"""Lists of records and of headers, page by page."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from harvest.model import ErrorCode, OaiPage, Position, Selection, Verb
from harvest.provider import envelope
from harvest.provider.faults import Refusal, refusal
from harvest.provider.records import Writer
from harvest.provider.repository import Repository
from harvest.provider.tokens import Bookmark, Tokens


class Lists:
    """The lists of a repository as they are at one moment; to be made for each answer."""

    def __init__(self, repository: Repository, *, tokens: Tokens, page_size: int, now: datetime) -> None:
        self._repository = repository
        self._tokens = tokens
        self._page_size = page_size
        self._now = now
        self._writer = Writer()

    def begin(self, verb: Verb, selection: Selection) -> bytes:
        """The first page; the list ends where it ends now, however long the harvester takes to read it."""
        end = self._now if selection.until is None else min(selection.until, self._now)
        frozen = replace(selection, until=end)
        if selection.from_ is not None and selection.from_ > end:
            raise self._nothing(frozen)
        page, written = self._some(verb, frozen, None)
        if not written:
            raise self._nothing(frozen)
        if page.more:
            mark = Bookmark(
                verb=verb,
                selection=selection,
                end=end,
                after=page.records[-1].position,
                delivered=len(written),
                # Records may have left the list since the page was read, and yet there was one more than it has.
                size=max(self._repository.size(frozen), len(written) + 1),
            )
            written.append(self._token(mark, cursor=0))
        return envelope.answer(verb, written)

    def resume(self, verb: Verb, text: str) -> bytes:
        """The page that a token asks for."""
        mark = self._tokens.read(text, verb, self._now)
        if not any(offered.prefix == mark.selection.prefix for offered in self._repository.formats(None)):
            raise refusal(ErrorCode.BAD_RESUMPTION_TOKEN, f"{mark.selection.prefix} is not offered any more.")
        page, written = self._some(verb, replace(mark.selection, until=mark.end), mark.after)
        if not written:
            # All that was left has been changed since and has moved behind the end of the list. A page must not be
            # empty, so the harvester gets the first of what was changed; the next harvest brings it all.
            page, written = self._some(verb, mark.selection, mark.after)
            page = replace(page, more=False)
        if not written:
            raise self._nothing(mark.selection)
        delivered = mark.delivered + len(written)
        if page.more:
            following = replace(mark, after=page.records[-1].position, delivered=delivered)
            written.append(self._token(following, cursor=mark.delivered))
        else:
            # What was changed meanwhile has left the list, so only here its length is certain.
            written.append(envelope.last_page(cursor=mark.delivered, size=delivered))
        return envelope.answer(verb, written)

    def _some(self, verb: Verb, selection: Selection, after: Position | None) -> tuple[OaiPage, list[bytes]]:
        """The next page on which there is anything that can be written, or the last one."""
        read = self._repository.headers if verb is Verb.LIST_IDENTIFIERS else self._repository.page
        while True:
            page = read(selection, after, self._page_size)
            written = self._writer.written(verb, selection.prefix, page.records)
            if written or not page.more:
                return page, written
            after = page.records[-1].position

    def _token(self, mark: Bookmark, *, cursor: int) -> bytes:
        return envelope.resumption(self._tokens.issue(mark, self._now), cursor=cursor, size=mark.size)

    def _nothing(self, selection: Selection) -> Refusal:
        if selection.set_spec and not self._repository.sets():
            return refusal(ErrorCode.NO_SET_HIERARCHY, "This repository is not divided into sets.")
        return refusal(ErrorCode.NO_RECORDS_MATCH, "There are no such records.")
