"""Keys of backups: the age format (age-encryption.org/v1) against readers, an HMAC against forgers.

The key file is one of age's own: `age --decrypt -i KEYFILE FILE` opens every file of a backup without this program.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

import pyrage

from library.domain.errors import N_, LibraryError

SECRET_PREFIX = "AGE-SECRET-KEY-"  # noqa: S105  (what a secret begins with, not one)
ENDING = ".age"
_PURPOSE = b"seal of a backup's manifest, 1"


class Source(Protocol):
    """Something to read from."""

    def read(self, size: int, /) -> bytes:
        """Up to `size` bytes; none at the end."""


class Target(Protocol):
    """Something to write to."""

    def write(self, piece: bytes, /) -> int:
        """Take the piece; how many bytes of it were written."""


class Key:
    """A secret that encrypts backups, opens them, and vouches for their manifests."""

    def __init__(self, secret: str) -> None:
        self._secret = secret
        self._identity = pyrage.x25519.Identity.from_str(secret)

    def encrypt(self, source: Source, target: Target) -> None:
        """Write all of the source to the target, encrypted and authenticated piece by piece."""
        reading, writing = _Noted(source), _Noted(target)
        try:
            pyrage.encrypt_io(reading, writing, [self._identity.to_public()])
        except pyrage.EncryptError as error:
            raise (reading.failure or writing.failure or OSError(str(error))) from error

    def decrypt(self, source: Source, target: Target) -> None:
        """Write all of the source to the target, decrypted; `LibraryError` where it is not whole or not by this key.

        What was written to the target before that came to light is genuine, but not all.
        """
        reading, writing = _Noted(source), _Noted(target)
        try:
            pyrage.decrypt_io(reading, writing, [self._identity])
        except (pyrage.DecryptError, OSError) as error:
            if failure := reading.failure or writing.failure:
                raise failure from error
            raise LibraryError(N_("A file of the backup can't be decrypted: {reason}"), reason=str(error)) from error

    def seal(self, text: bytes) -> str:
        """What only a holder of the key can write under this text."""
        own = hmac.digest(self._secret.encode(), _PURPOSE, "sha256")
        return "hmac-sha256:" + hmac.digest(own, text, "sha256").hex()


def seal_of(text: bytes, key: Key | None) -> str:
    """What stands beside a manifest: with a key it tells any change, without one any accident."""
    return key.seal(text) if key else "sha256:" + hashlib.sha256(text).hexdigest()


def new_key(path: Path) -> None:
    """Make a key and write it to a file that is not there yet, readable by its owner only."""
    identity = pyrage.x25519.Identity.generate()
    text = f"# Key of the library's backups. Who loses it can't restore; who has it can read them.\n{identity}\n"
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise LibraryError(N_("{path} is there already; a key is never overwritten."), path=str(path)) from None
    except OSError as error:
        raise _unusable(path, error.strerror or str(error)) from error
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(text)
        file.flush()
        os.fsync(descriptor)


def read_key(path: Path) -> Key:
    """The key in a file; `LibraryError` where there is none."""
    try:
        lines = path.read_text(encoding="ascii").split()
    except (OSError, ValueError) as error:
        raise _unusable(path, getattr(error, "strerror", None) or str(error)) from error
    secrets = [line for line in lines if line.startswith(SECRET_PREFIX)]
    if len(secrets) != 1:
        raise _unusable(path, f"it has {len(secrets)} lines that begin with {SECRET_PREFIX}, not one")
    try:
        return Key(secrets[0])
    except pyrage.IdentityError as error:
        raise _unusable(path, str(error)) from error


class _Noted:
    """A file that keeps what was raised in reading or writing it; pyrage would tell it as an error of its own."""

    def __init__(self, file: Any) -> None:
        self._file = file
        self.failure: BaseException | None = None

    def read(self, size: int) -> bytes:
        return self._keeping(self._file.read, size)  # type: ignore[no-any-return]

    def write(self, piece: bytes) -> int:
        return self._keeping(self._file.write, piece)  # type: ignore[no-any-return]

    def flush(self) -> None:
        """Nothing: whoever opened the file sees to it."""

    def _keeping(self, step: Callable[[Any], Any], argument: object) -> Any:
        try:
            return step(argument)
        except BaseException as error:
            self.failure = error
            raise


def _unusable(path: Path, reason: str) -> LibraryError:
    return LibraryError(N_("The key file {path} can't be used: {reason}"), path=str(path), reason=reason)
