"""The words of kept files: extracted from them, or recognised page by page where they are images of pages.

The rows of the documents say what is to be done, so that a worker which was killed goes on where it was. Texts are
derivatives: those that are missing from their store are extracted again.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from indexer.extraction import ocr
from indexer.extraction.drawing import Drawing
from indexer.extraction.drawing_errors import DrawingBusy, DrawingError, DrawingUnavailable
from indexer.extraction.model import Extracted, NoText, Outcome, Reason, Unreadable
from indexer.extraction.page_images import WIDEST, FilePage, Original
from indexer.extraction.reading import extract
from indexer.extraction.sandbox import Limits
from library.db.outbox import Topic
from library.db.unit_of_work import Database
from library.domain.document import Contents, Document, DocumentState, TextState
from library.domain.errors import Message
from library.services.reading_covers import cover_image
from library.services.viewing_pages import DRAWN
from storage.content_store import ContentStore
from storage.errors import NotClean, NotKept
from storage.errors import NoText as NotInStore
from storage.model import Digest
from storage.text_store import Heading, Text, TextStore

LIMITS = Limits()
# A book most of whose pages are images is one to be recognised, though its cover or its imprint has a text.
MOSTLY = 0.5
# What can't be recognised for want of a program or a language is tried again after this time.
PAUSE = timedelta(minutes=10)
LOST_LOOKED_FOR_EVERY = timedelta(hours=1)
_WAITING_TO_BE_INSTALLED = ("program-missing", "language-missing")


class Texts:
    """Makes the texts of kept files, and gives them to the index by pages."""

    def __init__(
        self,
        database: Database,
        store: ContentStore,
        texts: TextStore,
        drawing: Drawing,
        clock: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._store = store
        self._texts = texts
        self._drawing = drawing
        self._clock = clock
        self._not_before: datetime | None = None
        self._complete_until: datetime | None = None

    def extract_step(self) -> bool:
        """Extract the text of the file that has waited for longest and draw its cover; False when none waits."""
        with self._database.reading() as view:
            document = view.documents.with_text(TextState.WAITING)
        if document is None:
            return False
        path = self._path(document)
        contents = Contents(text=TextState.FAILED)
        if path is not None:
            contents = self._extracted(document, extract(path, document.media_type, LIMITS))
            self._draw_covers(document, path)
        self._note(document, contents)
        return True

    def recognise_step(self) -> bool:
        """Recognise one page of the file that has waited for longest; False when none waits, or can be read now."""
        if self._not_before is not None and self._clock() < self._not_before:
            return False
        with self._database.reading() as view:
            document = view.documents.with_text(TextState.SCANNED)
            if document is None:
                return False
            languages = view.records.described(document.record_id).description.languages
        outcome = self._recognised(document, languages)
        if isinstance(outcome, Reason):
            self._not_before = self._clock() + PAUSE
            self._note(document, replace(document.contents, text_reason=_told(outcome)))
            return False
        self._add_page(document, outcome)
        return True

    def restore_step(self) -> bool:
        """Have all texts made again that are missing from their store; True if some are.

        They are looked for at once and then every hour: a backup that was restored has none.
        """
        now = self._clock()
        if self._complete_until is not None and now < self._complete_until:
            return False
        self._complete_until = now + LOST_LOOKED_FOR_EVERY
        with self._database.reading() as view:
            made = {one.digest: one for one in view.documents.all() if _has_text(one)}
        lost = [one for one in made.values() if self._kept(one) is None]
        with self._database.writing() as tx:
            for one in lost:
                again = replace(one.contents, text=TextState.WAITING, text_reason=None, recognised=0)
                tx.documents.note_contents(one.digest, again)
            tx.commit()
        return bool(lost)

    def bodies(self, documents: Mapping[int, Sequence[Document]]) -> Mapping[int, tuple[str, ...]]:
        """The pages of all searchable files of each record, one file after the other; see `first_pages`."""
        found = {}
        for record_id, some in documents.items():
            pages = [page for document in some if document.is_searchable for page in self.pages(document)]
            if any(pages):
                found[record_id] = tuple(pages)
        return found

    def _extracted(self, document: Document, outcome: Outcome) -> Contents:
        match outcome:
            case Unreadable(reason=reason):
                return Contents(text=TextState.FAILED, text_reason=_told(reason))
            case NoText(page_count=pages, format=kind):
                return Contents(pages=pages, format=kind, text=TextState.SCANNED if pages else TextState.WITHOUT)
            case Extracted(page_count=pages, format=kind, shortfall=shortfall):
                outline = [Heading(title=line.title, page=line.page, level=line.level) for line in outcome.outline]
                self._texts.keep(Digest(document.digest), outcome.pages, made_by=outcome.made_by, outline=outline)
                return Contents(
                    pages=pages,
                    format=kind,
                    text=TextState.SCANNED if _is_mostly_images(outcome) else TextState.EXTRACTED,
                    text_reason=None if shortfall is None else _told(shortfall),
                )

    def _draw_covers(self, document: Document, path: Path) -> None:
        """Draw what lists and the page of the record show, so that no reader waits for it."""
        if document.media_type not in DRAWN:
            return
        original = Original(path=path, media_type=document.media_type, digest=document.digest)
        for small in (True, False):
            # What can't be drawn now is tried again when somebody asks for it.
            with suppress(DrawingError):
                cover_image(self._drawing, original, small=small)

    def _recognised(self, document: Document, languages: Sequence[str]) -> str | Reason:
        """The text of the next page, empty where nothing can be read on it; why not where none can be read now."""
        path = self._path(document)
        if path is None:
            return ""
        original = Original(path=path, media_type=document.media_type, digest=document.digest)
        page = FilePage(original=original, number=document.contents.recognised + 1)
        try:
            image = self._drawing.plain(page, width=WIDEST)
        except (DrawingBusy, DrawingUnavailable) as error:
            return Reason.of(error.code, error.template, **error.values)
        except DrawingError:
            return ""
        with tempfile.NamedTemporaryFile(suffix=".jpg") as picture:
            picture.write(image.jpeg)
            picture.flush()
            outcome = ocr.recognise(Path(picture.name), languages)
        if isinstance(outcome, Unreadable):
            return outcome.reason if outcome.reason.code in _WAITING_TO_BE_INSTALLED else ""
        return outcome.text

    def _add_page(self, document: Document, text: str) -> None:
        digest, contents = Digest(document.digest), document.contents
        kept = self._kept(document) or Text(pages=(), made_by="")
        pages = [*kept.pages[: contents.pages], *[""] * (contents.pages - len(kept.pages))]
        # A page that had a text of its own keeps it.
        pages[contents.recognised] = pages[contents.recognised] or text
        self._texts.keep(digest, pages, made_by=kept.made_by or "tesseract", outline=kept.outline)
        done = contents.recognised + 1
        state = TextState.SCANNED
        if done == contents.pages:
            state = TextState.RECOGNISED if any(pages) else TextState.WITHOUT
        self._note(document, replace(contents, recognised=done, text=state, text_reason=None))

    def _note(self, document: Document, contents: Contents) -> None:
        with self._database.writing() as tx:
            tx.documents.note_contents(document.digest, contents)
            if contents.text is not document.contents.text:
                records = [one.record_id for one in tx.documents.with_digest(document.digest)]
                tx.outbox.add(Topic.INDEX_RECORD, records, self._clock())
            tx.commit()

    def pages(self, document: Document) -> tuple[str, ...]:
        """The text of each page of a document; empty for a page without any, so that the next file is counted on."""
        count, kept = document.contents.pages, self._kept(document)
        pages = kept.pages[:count] if kept else ()
        return (*pages, *[""] * (count - len(pages)))

    def _path(self, document: Document) -> Path | None:
        try:
            return self._store.path(Digest(document.digest))
        except (NotKept, NotClean):
            return None

    def _kept(self, document: Document) -> Text | None:
        try:
            return self._texts.read(Digest(document.digest))
        except NotInStore:
            return None


def first_pages(documents: Sequence[Document]) -> Mapping[int, int]:
    """On which page of the body of their record the pages of each searchable file begin, from 1, by its number."""
    first, found = 1, {}
    for document in documents:
        if document.is_searchable:
            found[document.id] = first
            first += document.contents.pages
    return found


def _has_text(document: Document) -> bool:
    """Whether a text of this file was kept, be it the first pages of one that is being recognised."""
    contents = document.contents
    begun = contents.text is TextState.SCANNED and contents.recognised > 0
    made = begun or contents.text in (TextState.EXTRACTED, TextState.RECOGNISED)
    return made and document.state is DocumentState.KEPT


def _is_mostly_images(outcome: Extracted) -> bool:
    return outcome.format.startswith(("PDF", "DjVu")) and len(outcome.wordless) > MOSTLY * len(outcome.pages)


def _told(reason: Reason) -> Message:
    return Message(reason.template, reason.values)
