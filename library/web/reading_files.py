"""The files of a record on its page: what each is, what its rights say, and what this visitor may do with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from indexer.extraction.title_page import LARGEST
from library.domain.access import GUEST, REFUSALS, Rule, Use
from library.domain.document import Document, TextState
from library.domain.errors import N_, Message
from library.projections.licences import licence_name, licence_url
from library.projections.open_files import file_path
from library.services.reading import ReadFile
from library.services.viewing_pages import DRAWN, SET
from library.web import documents_words, formats
from library.web.availability import Availability, rights_badge
from library.web.languages import gettext, locale
from library.web.reading_words import OF_MEMBERS, reason, sign_in_url
from library.web.session import actor
from storage.model import MediaType

KINDS: Mapping[str, str] = {
    MediaType.PDF: "PDF",
    MediaType.EPUB: "EPUB",
    MediaType.DJVU: "DjVu",
    MediaType.DOCX: "DOCX",
    MediaType.TXT: N_("Plain text"),
    MediaType.MP3: "MP3",
    MediaType.MP4: "MP4",
}
PLAYED: Mapping[str, tuple[str, str]] = {MediaType.MP3: (N_("Listen"), "sound"), MediaType.MP4: (N_("Watch"), "screen")}
MEGABITS = (1, 10, 100)
_BITS, _MINUTE, _HOUR = 8, 60, 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """Something that this visitor may do: words, an icon, an address."""

    label: str
    icon: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DownloadTime:
    """How long a download takes over a line of so many megabits a second."""

    speed: str
    time: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FileLine:
    """One file that readers are told of. `ways` begins with what most visitors want; `note` says why there are none."""

    id: int
    label: str
    facts: tuple[str, ...]
    badge: Availability
    note: str
    ways: tuple[Way, ...]
    times: tuple[DownloadTime, ...]
    licence: str
    licence_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HiddenFile:
    """A file that readers are not told of, for staff."""

    label: str
    url: str
    badge: Availability


@dataclass(frozen=True, slots=True, kw_only=True)
class Files:
    """The section of files. `cover` is the address of a first page as an image, empty where there is none."""

    lines: tuple[FileLine, ...]
    hidden: tuple[HiddenFile, ...]
    cover: str

    @property
    def primary(self) -> Way | None:
        """What the one large button of the page does."""
        return next((line.ways[0] for line in self.lines if line.ways), None)


def files(found: Sequence[ReadFile]) -> Files:
    """The files of a record for the visitor they were ruled for."""
    shown = [file for file in found if file.is_for_readers]
    return Files(
        lines=tuple(_line(file) for file in shown),
        hidden=tuple(_hidden(file.document) for file in found if not file.is_for_readers),
        cover=cover_url(shown),
    )


def cover_url(found: Sequence[ReadFile], *, small: bool = False) -> str:
    """The address of the first cover that this visitor may see; empty where there is none."""
    for file in found:
        if file.document.media_type in DRAWN and file.may(Use.COVER):
            return f"/files/{file.document.id}/cover" + ("?size=small" if small else "")
    return ""


def kind(document: Document) -> str:
    """What kind of file it is, with the version of its format where it is known."""
    return document.contents.format or gettext(KINDS.get(document.media_type, document.media_type))


def _line(file: ReadFile) -> FileLine:
    document = file.document
    ways = tuple(_ways(file))
    pages = document.contents.pages
    facts = (kind(document), formats.size(document.size, locale()), gettext("{n} p.", n=pages) if pages else "")
    downloads = file.may(Use.DOWNLOAD)
    return FileLine(
        id=document.id,
        label=document.label or document.name,
        facts=tuple(fact for fact in facts if fact),
        badge=rights_badge(file),
        note="" if ways else _note(file),
        ways=ways,
        times=tuple(_times(document.size)) if downloads else (),
        licence=licence_name(document.rights.licence),
        licence_url=licence_url(document.rights.licence),
    )


def _ways(file: ReadFile) -> Iterable[Way]:
    document = file.document
    if can_be_viewed(document) and file.may(Use.VIEW):
        yield Way(label=gettext("Read"), icon="book", url=f"/view/{document.id}")
    if file.may(Use.DOWNLOAD):
        if document.media_type in PLAYED:
            label, icon = PLAYED[document.media_type]
            yield Way(label=gettext(label), icon=icon, url=f"/view/{document.id}")
        yield Way(label=gettext("Download"), icon="download", url=file_path(document))
        if document.media_type == MediaType.PDF and document.size <= LARGEST:
            yield Way(label=gettext("Download with a title page"), icon="article", url=f"/files/{document.id}/titled")
    elif actor() == GUEST and file.rulings[Use.VIEW].rule in OF_MEMBERS:
        wanted = f"/view/{document.id}" if can_be_viewed(document) else file_path(document)
        yield Way(label=gettext("Sign in to read"), icon="person", url=sign_in_url(wanted))


def can_be_viewed(document: Document) -> bool:
    """Whether it has pages to show: its own, or those that its text is set in."""
    return document.media_type in DRAWN or (
        document.media_type in SET and document.contents.text is TextState.EXTRACTED
    )


def _note(file: ReadFile) -> str:
    rule = file.rulings[Use.DOWNLOAD].rule
    day = _day(file)
    return reason(Message(REFUSALS[rule], (("date", day.isoformat()),) if day is not None else ()))


def _day(file: ReadFile) -> date | None:
    rule = file.rulings[Use.DOWNLOAD].rule
    return {Rule.EMBARGO: file.document.rights.embargo_until, Rule.TERM: file.document.term_ends}.get(rule)


def _times(size: int) -> Iterable[DownloadTime]:
    for megabits in MEGABITS:
        seconds = -(-size * _BITS // (megabits * 10**6))
        yield DownloadTime(speed=gettext("{n} Mbit/s", n=megabits), time=_in_words(seconds))


def _in_words(seconds: int) -> str:
    if seconds < _MINUTE:
        return gettext("{n} s", n=max(seconds, 1))
    if seconds < _HOUR:
        return gettext("{n} min", n=-(-seconds // _MINUTE))
    return gettext("{n} h", n=-(-seconds // _HOUR))


def _hidden(document: Document) -> HiddenFile:
    tone = documents_words.tone(document)
    badge = Availability(
        label=documents_words.state(document), icon="warning" if tone == "warning" else "clock", tone=tone
    )
    return HiddenFile(label=document.label or document.name, url=f"/documents/{document.id}", badge=badge)
