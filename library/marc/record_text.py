"""The text of one record's bytes: in the encoding of its source if they fit it, else in another one, and it is said.

Nothing is ever replaced by question marks: a record whose bytes fit no encoding is not read.
"""

from __future__ import annotations

from library.domain.errors import N_, Message
from library.domain.marc import Dialect
from library.marc import encodings
from library.marc.broken import BrokenRecord
from library.marc.encodings import MARC8, UTF8

_ENOUGH = 40  # letters by which one code page is told from another
_ASCII = bytes(range(0x80))
_SMALL_LETTERS = {
    "cp1251": bytes(range(0xE0, 0x100)),
    "cp866": bytes(range(0xA0, 0xB0)) + bytes(range(0xE0, 0xF0)),
    "koi8-r": bytes(range(0xC0, 0xE0)),
}


def decode(raw: bytes, encoding: str, dialect: Dialect) -> tuple[str, tuple[Message, ...]]:
    """The text of a record in ISO 2709 with all its marks, and what was doubtful about its encoding.

    `ValueError` says which field has bytes that fit nowhere.
    """
    if raw.isascii() and encodings.ESCAPE not in raw:
        return raw.decode("ascii"), ()
    says_utf8 = dialect is Dialect.MARC21 and raw[9:10] == b"a"
    if encoding == UTF8 or (encoding == MARC8 and says_utf8) or _is_utf8_after_all(raw, encoding):
        try:
            text = raw.decode(UTF8)
        except UnicodeDecodeError as error:
            marc8_possible = dialect is Dialect.MARC21 and (encoding == MARC8 or not says_utf8)
            return _other_than_utf8(raw, error, marc8_possible=marc8_possible)
        doubtful = encoding not in (UTF8, MARC8) or (dialect is Dialect.MARC21 and not says_utf8)
        return text, (_decoded_as(UTF8),) if doubtful and not raw.isascii() else ()
    page = _other_page(raw, encoding)
    if page is not None:
        return raw.decode(page), (_decoded_as(page),)
    try:
        return encodings.decode(raw, encoding), ()
    except UnicodeDecodeError as error:
        raise _where(raw, error.start, encoding) from error
    except ValueError as error:
        raise BrokenRecord(
            N_("The record can't be read: its bytes are not in {encoding}: {reason}."),
            encoding=encoding,
            reason=str(error),
        ) from error


def _is_utf8_after_all(raw: bytes, encoding: str) -> bool:
    if encoding == MARC8:
        return not raw.isascii() and encodings.is_utf8(raw)
    return encodings.is_surely_utf8(raw)


def _other_than_utf8(raw: bytes, error: UnicodeDecodeError, *, marc8_possible: bool) -> tuple[str, tuple[Message, ...]]:
    page = encodings.code_page(raw)
    if page is not None:
        return raw.decode(page), (_decoded_as(page),)
    if marc8_possible and encodings.could_be_marc8(raw):
        return encodings.decode(raw, MARC8), (_decoded_as(MARC8),)
    raise _where(raw, error.start, UTF8) from error


def _other_page(raw: bytes, encoding: str) -> str | None:
    """A code page that fits the letters better than the one of the source."""
    small = _SMALL_LETTERS.get(encoding)
    if small is None and encoding != MARC8:
        return None
    letters = raw.translate(None, _ASCII)
    if len(letters) < _ENOUGH or (small is not None and len(letters.translate(None, small)) * 2 < len(letters)):
        return None
    page = encodings.code_page(raw)
    return None if page == encoding or (encoding == MARC8 and encodings.ESCAPE in raw) else page


def _decoded_as(encoding: str) -> Message:
    return Message.of(
        N_("The record is not in the encoding it should be in; it was read as {encoding}."), encoding=encoding
    )


def _where(raw: bytes, position: int, encoding: str) -> BrokenRecord:
    """Which byte does not fit, by its field and its place in it."""
    number = raw.count(b"\x1e", 0, position)
    start = raw.rfind(b"\x1e", 0, position) + 1
    tag = raw[24 + 12 * (number - 1) :][:3].decode("ascii", "replace") if number else "LDR"
    byte = raw[position]
    return BrokenRecord(
        N_("The record can't be read: field {tag} is not in {encoding}: byte {byte} at place {place}."),
        tag=tag,
        encoding=encoding,
        byte=f"{byte:02X}",
        place=position - start + 1,
    )
