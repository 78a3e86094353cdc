"""What the bytes are, not what the name says: libmagic, the first bytes and the extension must agree.

libmagic alone calls a PDF with HTML after it a PDF, and reads `%PDF` far into a file; the first bytes alone say little
of what follows; the extension is what a reader's system goes by.
"""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass
from typing import BinaryIO

import magic

from storage.errors import N_
from storage.model import MediaType, Objection, Reason
from storage.names import extension_of

_HEAD = 1 << 18
_BLOCK = 1 << 20
_ZIP = b"PK\x03\x04"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kind:
    extensions: frozenset[str]
    # At byte 0.
    head: re.Pattern[bytes]
    # What libmagic calls such files, across its versions.
    called: frozenset[str]


_KINDS = {
    MediaType.PDF: _Kind(
        extensions=frozenset({"pdf"}), head=re.compile(rb"%PDF-[12]\.\d"), called=frozenset({"application/pdf"})
    ),
    # The Open Container Format 3.2, 4.3: the first member is `mimetype`, neither compressed nor with an extra field.
    MediaType.EPUB: _Kind(
        extensions=frozenset({"epub"}),
        head=re.compile(rb"PK\x03\x04.{4}\0\0.{16}\x08\0\0\0mimetypeapplication/epub\+zip", re.DOTALL),
        called=frozenset({"application/epub+zip"}),
    ),
    # libmagic knows a DOCX only by the order of its members; `containers` looks into it.
    MediaType.DOCX: _Kind(
        extensions=frozenset({"docx"}),
        head=re.compile(re.escape(_ZIP)),
        called=frozenset({MediaType.DOCX.value, "application/zip", "application/octet-stream"}),
    ),
    MediaType.DJVU: _Kind(
        extensions=frozenset({"djvu", "djv"}),
        head=re.compile(rb"AT&TFORM.{4}DJV[UM]", re.DOTALL),
        called=frozenset({"image/vnd.djvu", "image/x-djvu"}),
    ),
    MediaType.MP3: _Kind(
        extensions=frozenset({"mp3"}),
        head=re.compile(rb"ID3[\x02-\x04]|\xff[\xe2\xe3\xf2\xf3\xfa\xfb]"),
        called=frozenset({"audio/mpeg"}),
    ),
    MediaType.MP4: _Kind(
        extensions=frozenset({"mp4"}),
        head=re.compile(rb"\0\0.{2}ftyp", re.DOTALL),
        called=frozenset({"video/mp4", "audio/mp4", "video/x-m4v", "audio/x-m4a"}),
    ),
}
# Plain text is what has no other shape. libmagic guesses at programs and tables in it, which do no harm under
# text/plain; pages and images that are written as text would.
_TEXT_EXTENSIONS = frozenset({"txt"})
_HARMLESS = re.compile(r"text/.*|application/(?:json|x-subrip|x-ndjson)|message/(?:rfc822|news)")
_NOT_PLAIN = frozenset({"text/html", "text/xml", "text/rtf", "text/x-shellscript", "text/x-msdos-batch"})
_WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff")
# Tab, line feed, form feed, carriage return, and the end-of-file mark of DOS.
_CONTROLS = bytes(set(range(0x20)) - {0x09, 0x0A, 0x0C, 0x0D, 0x1A})


def recognise(file: BinaryIO, name: str) -> MediaType:
    """The kind of a file; raises `Objection` when it is none that is taken in or its three witnesses disagree."""
    head = file.read(_HEAD)
    if not head:
        raise Objection(Reason.of("empty", N_("The file is empty.")))
    called = magic.from_buffer(head, mime=True)
    extension = extension_of(name)
    media_type = next((kind for kind, marks in _KINDS.items() if extension in marks.extensions), None)
    if media_type is None and extension not in _TEXT_EXTENSIONS:
        raise Objection(
            Reason.of(
                "kind-not-taken",
                N_("Files of this kind are not taken ({name}). Send PDF, EPUB, DjVu, DOCX, TXT, MP3 or MP4."),
                name=name,
            )
        )
    if media_type is None:
        if not _is_text(called) or not _is_plain(file, head):
            raise _disagreement(extension, called)
        media_type = MediaType.TXT
    elif called not in _KINDS[media_type].called or not _KINDS[media_type].head.match(head):
        raise _disagreement(extension, called)
    if media_type not in {MediaType.EPUB, MediaType.DOCX} and zipfile.is_zipfile(file):
        raise Objection(
            Reason.of(
                "hidden-archive", N_("A second file, an archive, is hidden in this one. Save it anew and send it.")
            )
        )
    return media_type


def _disagreement(extension: str, called: str) -> Objection:
    return Objection(
        Reason.of(
            "kinds-disagree",
            N_("The name ends in {extension}, but inside is something else ({kind}), or its beginning is damaged."),
            extension=extension,
            kind=called,
        )
    )


def _is_text(called: str) -> bool:
    return bool(_HARMLESS.fullmatch(called)) and called not in _NOT_PLAIN


def _is_plain(file: BinaryIO, head: bytes) -> bool:
    """Whether there are no controls but those of lines; UTF-16 only with its mark, as nothing else tells it."""
    if head.startswith(_WIDE_MARKS):
        # There the bytes of controls are halves of letters: U+0401 has 04 in it.
        return True
    block = head
    while block:
        if len(block.translate(None, _CONTROLS)) < len(block):
            return False
        block = file.read(_BLOCK)
    return True
