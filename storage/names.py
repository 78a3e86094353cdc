"""Names of files as people send them, made fit to show and to offer for download; never used as paths."""

from __future__ import annotations

import re
import unicodedata

_SEPARATORS = re.compile(r"[/\\]")
# Controls, line separators, marks that turn the direction of writing, surrogates: a name with U+202E in it shows
# "exe.pdf" where it ends in "fdp.exe".
_UNFIT = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\uffff\ud800-\udfff]")
_RESERVED = re.compile('[<>:"|?*]')
_LONGEST_EXTENSION = 10
_LONGEST_NAME = 200
NAMELESS = "file"


def fit_name(sent: str) -> str:
    """The last part of a sent name in at most 200 bytes of UTF-8, one line, its extension kept; `file` if none is left.

    The result has no separators of paths, no control or direction characters and no leading or trailing dots.
    """
    name = unicodedata.normalize("NFC", _UNFIT.sub("", _SEPARATORS.split(sent)[-1]))
    name = " ".join(_RESERVED.sub("_", name).split()).strip(". ")
    stem, dot, extension = name.rpartition(".")
    if not dot or len(extension) > _LONGEST_EXTENSION:
        stem, extension = name, ""
    tail = f".{extension}" if extension else ""
    room = _LONGEST_NAME - len(tail.encode())
    stem = stem.encode()[:room].decode(errors="ignore").rstrip(". ")
    return f"{stem or NAMELESS}{tail}"


def extension_of(name: str) -> str:
    """The extension in small letters without its dot; empty if there is none."""
    _, dot, extension = name.rpartition(".")
    return extension.lower() if dot else ""
