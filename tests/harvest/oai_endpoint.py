"""A provider on loopback behind the plainest server there is, for clients that others wrote."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl

from harvest.provider.provider import Provider

_FORM = "application/x-www-form-urlencoded"


@contextmanager
def served(make: Callable[[str], Provider], port: int = 0) -> Iterator[str]:
    """The base address of a provider, which is made when the address is known."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._answer(self.path.partition("?")[2])

        do_HEAD = do_GET  # noqa: N815

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode("utf-8", "replace")
            if self.headers.get("Content-Type", "").partition(";")[0].strip() != _FORM:
                self._send(415, b"", {})
                return
            self._answer(body)

        def do_PUT(self) -> None:
            self._send(405, b"", {"Allow": "GET, HEAD, POST"})

        def _answer(self, query: str) -> None:
            pairs = parse_qsl(query, keep_blank_values=True, errors="replace")
            body = provider.respond(pairs)
            headers = {"Content-Type": "text/xml; charset=utf-8", "Vary": "Accept-Encoding"}
            if "gzip" in self.headers.get("Accept-Encoding", ""):
                body = gzip.compress(body, 1)
                headers["Content-Encoding"] = "gzip"
            self._send(200, body, headers)

        def _send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    base_url = f"http://127.0.0.1:{server.server_address[1]}/oai"
    provider = make(base_url)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield base_url
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
