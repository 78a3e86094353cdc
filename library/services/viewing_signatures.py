"""Addresses of page images that hold for some minutes, for one reader, one page and one width."""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

LASTS = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedImage:
    """The image of a page for one reader, known by the key of an actor; `width` is in pixels.

    With the digest in it an address dies with the file that it was made for.
    """

    document_id: int
    digest: str
    page: int
    width: int
    reader: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """What an address bears: the second (Unix time) from which it holds no more, and the seal over all of it."""

    expires: int
    seal: str


class Signatures:
    """Signs addresses and tells its own from others."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def sign(self, image: WantedImage, at: datetime) -> Signature:
        """A signature that holds for `LASTS` from this time."""
        expires = ceil((at + LASTS).timestamp())
        return Signature(expires=expires, seal=self._seal(image, expires))

    def hold(self, image: WantedImage, signature: Signature, at: datetime) -> bool:
        """Whether this is our signature on this very image, and in time."""
        expected = self._seal(image, signature.expires)
        genuine = hmac.compare_digest(expected.encode(), signature.seal.encode("utf-8", "surrogatepass"))
        return genuine and at.timestamp() < signature.expires

    def _seal(self, image: WantedImage, expires: int) -> str:
        # No part has a line break in it, so that no two images are written alike.
        parts = ("page image", image.document_id, image.digest, image.page, image.width, image.reader, expires)
        sealed = hmac.digest(self._key, "\n".join(map(str, parts)).encode(), "sha256")
        return urlsafe_b64encode(sealed).decode().rstrip("=")
