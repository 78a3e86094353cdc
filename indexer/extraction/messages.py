"""How we and the child that draws speak: a line of JSON and bytes, each with its length before it."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable
from typing import Any, TypeAlias

Message: TypeAlias = tuple[dict[str, Any], bytes]

_LENGTHS = struct.Struct(">II")
# No image within the bounds has more.
LONGEST = 64 << 20


def packed(head: dict[str, Any], body: bytes = b"") -> bytes:
    """A message as it is sent."""
    text = json.dumps(head).encode()
    return _LENGTHS.pack(len(text), len(body)) + text + body


def received(receive: Callable[[int], bytes]) -> Message:
    """The next message from what gives at most so many bytes; EOFError at the end, ValueError if it is none."""
    text, body = _LENGTHS.unpack(_exactly(receive, _LENGTHS.size))
    if text + body > LONGEST:
        message = "a message that is too long"
        raise ValueError(message)
    head = json.loads(_exactly(receive, text))
    if not isinstance(head, dict):
        message = "a message without a head"
        raise TypeError(message)
    return head, _exactly(receive, body)


def _exactly(receive: Callable[[int], bytes], size: int) -> bytes:
    parts = []
    while size:
        part = receive(min(size, 1 << 20))
        if not part:
            raise EOFError
        parts.append(part)
        size -= len(part)
    return b"".join(parts)
