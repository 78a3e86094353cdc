"""The bytes of a file as a response: whole or one range of them, streamed, under a safe name, harmless in a browser."""

from __future__ import annotations

import re
import unicodedata
from http import HTTPStatus
from urllib.parse import quote

from flask import Response, request
from werkzeug.exceptions import RequestedRangeNotSatisfiable
from werkzeug.wsgi import wrap_file

from indexer.folding import fold
from library.domain.access import Rule
from library.services.reading import Download
from library.web import noting
from storage.model import MediaType
from storage.names import NAMELESS, fit_name

# Nothing in a file may run, and no other page may frame it.
HARMLESS = "sandbox; default-src 'none'; frame-ancestors 'none'"
FOR_EVERYBODY, FOR_ONE = "public, max-age=60", "private, no-store"
BLOCK = 1 << 16
# Characters that RFC 8187 lets stand as they are.
_PLAIN = "!#$&+-.^_`|~"
_SUFFIX = re.compile(r"bytes=-([0-9]{1,18})")
_WORD = re.compile(r"\w+")
_UNSAFE = re.compile(r"[^A-Za-z0-9 ._()+-]+")


def answer(download: Download, *, inline: bool) -> Response:
    """The file, the range that was asked for, or the word that the asker has it already.

    `inline` shows a PDF in the browser; every other kind is always to be saved. What it holds of the file is closed
    when the response is, or here where there is no body.
    """
    try:
        response = _answer(download, inline=inline)
    except RequestedRangeNotSatisfiable:
        response = Response(status=HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE)
        response.headers["Content-Range"] = f"bytes */{download.size}"
        _describe(response, download, inline=False)
    if response.status_code != HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
        noting.downloaded(download.document, download.rule)
    if response.status_code not in (HTTPStatus.OK, HTTPStatus.PARTIAL_CONTENT) or request.method == "HEAD":
        download.file.close()
        response.response = []
    return response


def _answer(download: Download, *, inline: bool) -> Response:
    body = wrap_file(request.environ, download.file, BLOCK)
    response = Response(body, mimetype=download.media_type, direct_passthrough=True)
    _describe(response, download, inline=inline)
    response.content_length = download.size
    environ, asked = request.environ, request.headers.get("Range", "").lower()
    if (suffix := _SUFFIX.fullmatch(asked)) and int(suffix[1]) > download.size:
        # The end of a file that is longer than the file is the file (RFC 9110, 14.1.2).
        environ = {**environ, "HTTP_RANGE": "bytes=0-"}
    # A unit of ranges that is not ours must be ignored (14.2), and so must a range of a HEAD.
    length = download.size if request.method == "GET" and asked.startswith("bytes=") else None
    response.make_conditional(environ, accept_ranges=True, complete_length=length)
    return response


def _describe(response: Response, download: Download, *, inline: bool) -> None:
    response.set_etag(download.digest)
    response.last_modified = download.modified_at
    shown = inline and download.media_type == MediaType.PDF
    response.headers["Content-Disposition"] = disposition(download.document.name, inline=shown)
    response.headers["Content-Security-Policy"] = HARMLESS
    response.headers["Cache-Control"] = FOR_EVERYBODY if download.rule is Rule.OPEN else FOR_ONE
    if download.rule is not Rule.OPEN:
        response.headers["X-Robots-Tag"] = "noindex"


def disposition(name: str, *, inline: bool = False) -> str:
    """The header by RFC 6266: the name in ASCII for old programs, and as it is."""
    kind, name = "inline" if inline else "attachment", fit_name(name)
    plain = _in_ascii(name)
    said = f'{kind}; filename="{plain}"'
    return said if plain == name else f"{said}; filename*=UTF-8''{quote(name, safe=_PLAIN)}"


def _in_ascii(name: str) -> str:
    if not name.isascii():
        name = _WORD.sub(lambda word: word[0] if word[0].isascii() else fold(word[0]), name)
        name = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode("ascii")
    name = _UNSAFE.sub("_", name)
    # A name in letters that have no likeness in ASCII is left with its extension alone.
    return fit_name(NAMELESS + name if name.startswith(".") else name)
