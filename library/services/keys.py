"""Keys of the installation: random bytes in files that their owner alone can read."""

from __future__ import annotations

import hashlib
import os
import secrets
from contextlib import suppress
from pathlib import Path

KEY_BYTES = 32


def installation_key(path: Path) -> bytes:
    """The key that this file keeps; it is made at the first time, with its directory."""
    path.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
    if not path.exists():
        # Written beside and linked into its place: another process that starts now must not read half a key.
        beside = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(secrets.token_bytes(KEY_BYTES))
            stream.flush()
            os.fsync(stream.fileno())
        with suppress(FileExistsError):
            os.link(beside, path)
        beside.unlink()
    return path.read_bytes()


def digest_of(secret: str) -> str:
    """What a database keeps of a random number, token or code: SHA-256 in hexadecimal.

    They are random enough to need no slow hash, and looking a digest up tells nothing by its time.
    """
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
