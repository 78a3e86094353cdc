"""The text of a file of any kind that is taken in: `extract` is what everybody calls."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from indexer.extraction import djvu, in_child, pdf
from indexer.extraction.model import EMPTY, N_, NoText, Outcome, Reason, Unreadable
from indexer.extraction.sandbox import Limits

_READERS: Mapping[str, Callable[[Path, Limits], Outcome]] = MappingProxyType(
    {
        "application/pdf": pdf.read,
        "application/epub+zip": in_child.reader("indexer.extraction.epub:tell", "lxml"),
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document": in_child.reader(
            "indexer.extraction.office:tell", "python-docx"
        ),
        "image/vnd.djvu": djvu.read,
        "text/plain": in_child.reader("indexer.extraction.plain:tell", "kutubxona"),
    }
)
_WITHOUT_TEXT = MappingProxyType({"audio/mpeg": "MP3", "video/mp4": "MP4"})


def extract(path: Path, media_type: str, limits: Limits) -> Outcome:
    """The text of a file, page by page, read in child processes that each keep to the limits.

    A PDF may need two of them and a DjVu three, so the whole may take so many times `limits.clock`. Whatever is in the
    file, the answer is one of the three. Raises `OSError` when the file can't be opened.
    """
    if path.stat().st_size == 0:
        return Unreadable(reason=EMPTY)
    if media_type in _WITHOUT_TEXT:
        return NoText(page_count=0, format=_WITHOUT_TEXT[media_type])
    if media_type not in _READERS:
        return Unreadable(
            reason=Reason.of(
                "kind-not-read", N_("The text of files of this kind ({kind}) can't be read here."), kind=media_type
            )
        )
    return _READERS[media_type](path, limits)
