"""Where the files of a large form go while it is read: to the disk of the data, never to memory."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from flask import Flask, Request, request

from library.web.security import LARGEST_REQUEST


def install(app: Flask, directory: Path) -> None:
    """Read large uploads into files of this directory that have no name, so that nothing is left of them."""

    class UploadRequest(Request):
        """A request whose large files are streamed to where the data is; `/tmp` may be small, or memory."""

        def __init__(self, *args: object, **kwargs: object) -> None:
            super().__init__(*args, **kwargs)  # type: ignore[arg-type]
            self.streams: list[IO[bytes]] = []

        def _get_file_stream(
            self,
            total_content_length: int | None,
            content_type: str | None,
            filename: str | None = None,
            content_length: int | None = None,
        ) -> IO[bytes]:
            if (self.max_content_length or 0) <= LARGEST_REQUEST:
                return super()._get_file_stream(total_content_length, content_type, filename, content_length)
            directory.mkdir(parents=True, exist_ok=True)
            stream = TemporaryFile(dir=directory)  # noqa: SIM115  (closed when the request is over)
            self.streams.append(stream)
            return stream

    def close(_error: BaseException | None) -> None:
        for stream in getattr(request, "streams", ()):
            stream.close()

    app.request_class = UploadRequest
    app.teardown_request(close)
