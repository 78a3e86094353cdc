"""The child that draws: a programme of its own, started by `drawing_children`, that answers one request after another.

Its standard input is a socket to us; when that ends it ends too, in the middle of whatever it does. A request has the
keys `source` ("pdf", "text", "image" or "sizes"), `width`, `tallest`, `pixels`, `bytes`, `wanted` (a list of "plain"
and "marked") and those of its source. The answer has `lengths` of the images in its body, and `size`; or `refused` and
`detail`. `last` says that it is the last answer: a process that has drawn much is replaced before its memory has grown.
"""

from __future__ import annotations

import ctypes
import json
import os
import resource
import socket
import sys
import threading
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any

if __name__ == "__main__":
    # Started with -I: the checkout isn't on the path.
    sys.path.insert(0, str(Path(__file__).parents[2]))

from indexer.extraction import confined
from indexer.extraction.messages import Message, packed, received

if TYPE_CHECKING:
    from PIL.Image import Image

# The processor time of one life in seconds, and when it is told to be the last answer.
LIFE, _MOST_ANSWERS, _MOST_MEMORY = 900, 2000, 256 << 20
_SET_DEATH_SIGNAL = 1


class Drawer:
    """Answers requests; it holds what is kept between them."""

    def __init__(self, processor: int) -> None:
        # Only now, for the process had to be confined before libraries start threads.
        from indexer.extraction import marking, page_drawing, typesetting

        self._drawing = page_drawing
        self._documents = page_drawing.Documents()
        self._typesetting = typesetting.Typesetting()
        self._marking = marking.Marking(self._typesetting)
        self._lines_of = marking.lines_of
        self._processor = processor
        self._answers = 0

    def answer(self, request: dict[str, Any], body: bytes) -> bytes:
        """The answer to a request; it may use so many seconds of the processor, then the system ends this process."""
        used = resource.getrusage(resource.RUSAGE_SELF)
        spent = int(used.ru_utime + used.ru_stime) + 1
        _, hard = resource.getrlimit(resource.RLIMIT_CPU)
        resource.setrlimit(resource.RLIMIT_CPU, (min(spent + self._processor, hard), hard))
        self._answers += 1
        last = self._answers >= _MOST_ANSWERS or spent + self._processor > LIFE or _resident() > _MOST_MEMORY
        try:
            head, images = self._done(request, body)
        except self._drawing.Refused as refusal:
            head, images = {"refused": refusal.kind, "detail": refusal.detail}, []
        return packed({**head, "last": last, "lengths": [len(image) for image in images]}, b"".join(images))

    def _done(self, request: dict[str, Any], body: bytes) -> tuple[dict[str, Any], list[bytes]]:
        if request["source"] == "sizes":
            return {"sizes": self._documents.sizes(request["path"], request["most"])}, []
        image = self._image(request, body)
        images = []
        for wanted in request["wanted"]:
            if wanted == "marked":
                self._marking.mark(image, self._lines_of(*request["mark"]))
            images.append(self._drawing.written(image, request["bytes"]))
        return {"size": image.size}, images

    def _image(self, request: dict[str, Any], body: bytes) -> Image:
        bounds = self._drawing.Bounds(width=request["width"], tallest=request["tallest"], pixels=request["pixels"])
        match request["source"]:
            case "pdf":
                return self._documents.draw(request["path"], request["number"], bounds)
            case "text":
                return self._drawing.draw_once(self._typesetting.page(body.decode("utf-8", "replace")), bounds)
            case _:
                return self._drawing.decoded(body, bounds)


def _resident() -> int:
    """The bytes of memory this process holds now; what getrusage(2) calls its peak may be that of who started it."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


def main() -> None:
    """`drawing_child.py LIMITS`: confine this process and serve until the socket ends."""
    limits = json.loads(sys.argv[1])
    confined.confine(memory=limits["memory"], processor=LIFE, written=0, parent=limits["parent"])
    # That signal comes when the thread that started us ends; the socket ends with the process.
    ctypes.CDLL(None).prctl(_SET_DEATH_SIGNAL, 0, 0, 0, 0)
    requests: SimpleQueue[Message] = SimpleQueue()
    with socket.socket(fileno=os.dup(0)) as line:
        threading.Thread(target=_listen, args=(line, requests), daemon=True).start()
        try:
            drawer = Drawer(limits["processor"])
            line.sendall(packed({"ready": True}))
            while True:
                line.sendall(drawer.answer(*requests.get()))
        except MemoryError:
            os._exit(confined.OUT_OF_MEMORY)
        except OSError:
            # Nobody listens any more.
            os._exit(0)


def _listen(line: socket.socket, requests: SimpleQueue[Message]) -> None:
    try:
        while True:
            requests.put(received(line.recv))
    except (EOFError, OSError):
        os._exit(0)
    except MemoryError:
        os._exit(confined.OUT_OF_MEMORY)


if __name__ == "__main__":
    main()
