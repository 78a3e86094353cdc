"""Reading a file page by page: which page, by which rule, at what pace, and what the journal says of it.

Nobody gets the bytes here. Whoever may not take the file either sees pages that bear name, card and time; their opening
is journalled, and readers take them at a pace (`viewing_pace`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from itertools import accumulate, takewhile
from types import MappingProxyType
from zoneinfo import ZoneInfo

from indexer.extraction.page_images import Mark, PageImage, PageSize
from library.db.journal import NOTHING, Wanted
from library.db.unit_of_work import Database, UnitOfWork
from library.domain.access import Actor, Rule, Use, ruling
from library.domain.document import Document
from library.domain.errors import N_, NotFound
from library.domain.journal import Deed, Facts, facts_text
from library.services.reading import PERSON, Reading
from library.services.search import parsed
from library.services.viewing_pace import Pace
from library.services.viewing_pages import RECORDINGS, SET, Pages
from library.services.viewing_search import Found, find
from library.services.viewing_signatures import Signature, Signatures, WantedImage
from storage.text_store import Heading

WIDTHS = (1000, 1500, 2000, 2400)
"""The widths in pixels in which pages can be had; others would fill the cache with drawings that nobody shares."""
THUMBNAIL = 120
"""The width of a thumbnail: nothing can be read in it, so that it bears no mark and doesn't count."""
AS_TEXT: Facts = MappingProxyType({"format": "text"})
CHARACTERS_AT_ONCE = 30_000
"""So much of a text version stands on one page of ours, in whole pages of the file and at least one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Who asks, and from which address of the network."""

    actor: Actor
    address: str

    @property
    def person_id(self) -> int | None:
        """The number of the account; None for guests."""
        key = self.actor.key
        return int(key.removeprefix(PERSON)) if key.startswith(PERSON) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """A file as one reader may see it now, and by which rule."""

    document: Document
    rule: Rule
    may_download: bool
    may_have_text: bool

    @property
    def is_marked(self) -> bool:
        """Whether its pages bear the name of whoever sees them."""
        return not self.may_download

    @property
    def is_counted(self) -> bool:
        """Whether its pages are taken at a pace."""
        return self.rule is Rule.VIEW_ONLY

    @property
    def is_for_all(self) -> bool:
        """Whether everybody sees the same, so that addresses need no signature."""
        return self.rule is Rule.OPEN

    @property
    def is_set_from_text(self) -> bool:
        """Whether its pages are made of its words alone."""
        return self.document.media_type in SET

    @property
    def is_recording(self) -> bool:
        """Whether it is heard or seen as a whole, without pages."""
        return self.document.media_type in RECORDINGS


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A file opened at a page; `sizes` has the proportions of every page."""

    look: Look
    page: int
    sizes: tuple[PageSize, ...]
    outline: tuple[Heading, ...]
    has_text: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TextPages:
    """Some pages of a text version: the number of the first, their texts, and how many pages there are in all.

    `before` is the number from which on the pages before these are shown.
    """

    look: Look
    first: int
    texts: tuple[str, ...]
    pages: int
    before: int


class Viewing:
    """What readers see of a file. Days begin in `time_zone`.

    All methods raise `ReadingRefused` or `NotFound` as `Reading.allowed`, `DocumentNotReady` for what has no pages to
    show (yet), `TooManyPages` for who reads view-only files too fast, `StorageUnreadable`.
    """

    def __init__(
        self,
        database: Database,
        reading: Reading,
        pages: Pages,
        signatures: Signatures,
        pace: Pace,
        clock: Callable[[], datetime],
        time_zone: str,
    ) -> None:
        self._database = database
        self._reading = reading
        self._pages = pages
        self._signatures = signatures
        self._pace = pace
        self._clock = clock
        self._zone = ZoneInfo(time_zone)

    def look(self, document_id: int, reader: Reader, use: Use = Use.VIEW) -> Look:
        """Whether this reader may see the file at all, and what else they may do with it; nothing is noted."""
        document, rule = self._reading.allowed(document_id, use, reader.actor, reader.address)
        visit = self._reading.visit(reader.actor, reader.address, document)
        return Look(
            document=document,
            rule=rule,
            may_download=ruling(document, Use.DOWNLOAD, visit).allowed,
            may_have_text=ruling(document, Use.TEXT, visit).allowed,
        )

    def open(self, look: Look, page: int | None, reader: Reader) -> Opened:
        """Open a file at a page, or (None) where this reader stopped; a page beyond the last is the last.

        The place is remembered. Of pages that bear marks the journal says once a day who opened the file.
        """
        document, person = look.document, reader.person_id
        sizes = self._pages.sizes(document)
        if look.is_counted and person is not None:
            self._pace.require(person)
        text = self._pages.text(document)
        if page is None and person is not None:
            with self._database.reading() as view:
                page = view.reading.place(person, document.id)
        page = min(max(page or 1, 1), len(sizes))
        if person is not None:
            with self._database.writing() as tx:
                if look.is_marked:
                    self._note_opened(tx, document, reader.actor)
                tx.reading.remember(person, document.id, page, self._clock())
                tx.commit()
        return Opened(
            look=look,
            page=page,
            sizes=sizes,
            outline=tuple(heading for heading in text.outline if 1 <= heading.page <= len(sizes)) if text else (),
            has_text=text is not None and any(text.pages),
        )

    def sizes(self, look: Look, reader: Reader) -> tuple[PageSize, ...]:
        """The proportions of every page, for a list of them; who sees it has opened the file."""
        self._note(look, reader)
        return self._pages.sizes(look.document)

    def sign(self, look: Look, page: int, width: int, reader: Reader) -> Signature | None:
        """What the address of an image has to bear for this reader; None where everybody may see it."""
        if look.is_for_all:
            return None
        return self._signatures.sign(_wanted(look, page, width, reader), self._clock())

    def image(self, look: Look, page: int, width: int, reader: Reader, signature: Signature | None) -> PageImage:
        """The image of a page in one of the `WIDTHS`, or as `THUMBNAIL`.

        `NotFound` where there is no such page or width, or where the signature is not for this very image and reader,
        or too old.
        """
        if width not in (*WIDTHS, THUMBNAIL):
            raise _no_such_image()
        if not look.is_for_all:
            wanted = _wanted(look, page, width, reader)
            if signature is None or not self._signatures.hold(wanted, signature, self._clock()):
                raise _no_such_image()
        if width == THUMBNAIL:
            return self._pages.image(look.document, page, width, None)
        if look.is_counted and reader.person_id is not None:
            self._pace.take(reader.person_id)
        mark = self._mark(reader) if look.is_marked else None
        return self._pages.image(look.document, page, width, mark)

    def find(self, document_id: int, words: str, reader: Reader) -> tuple[Look, Found]:
        """The pages on which words stand. In a view-only file a search counts as one page image.

        Without that a reader could have the whole text in pieces. Raises `QueryTooLong` too.
        """
        look = self.look(document_id, reader, Use.SNIPPET)
        query = parsed(words)
        if look.is_counted and reader.person_id is not None:
            self._pace.take(reader.person_id)
        self._note(look, reader)
        text = self._pages.text(look.document)
        return look, find(text.pages if text else (), query)

    def text(self, document_id: int, first: int, reader: Reader) -> TextPages:
        """Pages of the text version from this one on; where a librarian gave it, the journal says so once a day."""
        look = self.look(document_id, reader, Use.TEXT)
        text = self._pages.text(look.document)
        if text is None or not any(text.pages):
            raise NotFound(N_("This file has no text version."))
        self._note(look, reader, AS_TEXT)
        lengths = [len(page) for page in text.pages]
        first = min(max(first, 1), len(lengths))
        following = _fitting(lengths[first - 1 :])
        return TextPages(
            look=look,
            first=first,
            texts=text.pages[first - 1 : first - 1 + following],
            pages=len(lengths),
            before=first - _fitting(lengths[first - 2 :: -1]) if first > 1 else 1,
        )

    def _note(self, look: Look, reader: Reader, facts: Facts = NOTHING) -> None:
        if look.is_marked:
            with self._database.writing() as tx:
                self._note_opened(tx, look.document, reader.actor, facts)
                tx.commit()

    def _note_opened(self, tx: UnitOfWork, document: Document, actor: Actor, facts: Facts = NOTHING) -> None:
        at = self._clock()
        morning = datetime.combine(at.astimezone(self._zone).date(), time.min, self._zone)
        of = f"document:{document.id}"
        today = Wanted(actors=(actor.key,), object=of, deed=Deed.DOCUMENT_OPENED.value, since=morning)
        if not any(line.after == facts_text(facts) for line in tx.journal.newest(today, None, 2)):
            tx.journal.add(actor, Deed.DOCUMENT_OPENED, of, at, after=facts)

    def _mark(self, reader: Reader) -> Mark:
        assert reader.person_id is not None, "guests see nothing that has to be marked"
        at = self._clock().astimezone(self._zone)
        with self._database.reading() as view:
            person = view.people.get(reader.person_id)
        return Mark(name=person.name, card=person.card.number if person.card else person.login, at=at)


def _wanted(look: Look, page: int, width: int, reader: Reader) -> WantedImage:
    document = look.document
    return WantedImage(document_id=document.id, digest=document.digest, page=page, width=width, reader=reader.actor.key)


def _no_such_image() -> NotFound:
    return NotFound(N_("This address of a page holds no more. Open the page again."))


def _fitting(lengths: Sequence[int]) -> int:
    """How many pages of these lengths stand on one page of ours."""
    sums = accumulate(lengths)
    return max(sum(1 for _ in takewhile(lambda total: total <= CHARACTERS_AT_ONCE, sums)), 1)
