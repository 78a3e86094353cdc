"""What can go wrong with keeping bytes, in plain words.

A message is a template in English with named places in braces, and its values: whoever shows it can translate the
template. `code` is for machines and never changes.
"""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar


def N_(message: str) -> str:  # noqa: N802  (the name gettext tools look for)
    """Mark a message for translation without translating it."""
    return message


class StorageError(Exception):
    """The parent of all that can go wrong; `template` and `values` are the message."""

    code: ClassVar[str] = "storage-error"

    def __init__(self, template: str, /, **values: str | int) -> None:
        self.template = template
        self.values = values
        super().__init__(template.format(**values))


class TooLarge(StorageError):
    """More bytes came than are taken; nothing of them was kept."""

    code = "file-too-large"

    def __init__(self, limit: int) -> None:
        self.limit = limit
        super().__init__(N_("The file is larger than {limit} megabytes."), limit=limit >> 20)


class BrokenOff(StorageError):
    """The stream that bytes came from failed before its end; what may be kept of it, the receiver says."""

    code = "upload-broken-off"

    def __init__(self) -> None:
        super().__init__(N_("The connection was lost before the whole file had come."))


class StoreFull(StorageError):
    """The disk or its quota is full; nothing that was kept before is harmed."""

    code = "store-full"

    def __init__(self) -> None:
        super().__init__(N_("There is no room left for files. What was kept before is safe; ask the administrator."))


class StorageFailed(StorageError):
    """The disk refused to read or write; `values["reason"]` is what the system said."""

    code = "storage-failed"

    def __init__(self, reason: str) -> None:
        super().__init__(N_("The files can't be read or written now ({reason})."), reason=reason)


class WrongOffset(StorageError):
    """A piece of an upload doesn't begin where the piece before it ended; `received` says where that is (bytes)."""

    code = "wrong-offset"

    def __init__(self, received: int) -> None:
        self.received = received
        super().__init__(N_("The next piece of the file must begin at byte {received}."), received=received)


class BeingWritten(StorageError):
    """Another piece of the same upload is being received at this moment."""

    code = "being-written"

    def __init__(self) -> None:
        super().__init__(N_("Another piece of this file is being received. Try again in a moment."))


class Incomplete(StorageError):
    """An upload was declared finished before all its bytes came."""

    code = "upload-incomplete"

    def __init__(self, received: int, size: int) -> None:
        self.received = received
        super().__init__(
            N_("Only {received} of {size} bytes of the file have come. Send the rest."), received=received, size=size
        )


class UnknownIntake(StorageError):
    """There is no such file in quarantine, or it was taken out of it."""

    code = "unknown-intake"

    def __init__(self) -> None:
        super().__init__(N_("There is no such file in quarantine. Upload it again."))


class Locked(StorageError):
    """The file was refused and is kept under lock until somebody discards it."""

    code = "locked"

    def __init__(self) -> None:
        super().__init__(N_("The file was refused and is locked in quarantine."))


class NotKept(StorageError):
    """The store has no file with this digest, or not its description."""

    code = "not-kept"

    def __init__(self) -> None:
        super().__init__(N_("The store has no such file."))


class NotClean(StorageError):
    """The last scan of a kept file didn't find it clean, so it isn't given out."""

    code = "not-clean"

    def __init__(self) -> None:
        super().__init__(N_("The file is closed, because the last virus scan did not find it clean."))


class Altered(StorageError):
    """Bytes no longer have the digest under which they came; they are left where they are."""

    code = "altered"

    def __init__(self) -> None:
        super().__init__(N_("The bytes of the file have changed since it came. Ask the administrator."))


class NoText(StorageError):
    """No text of this file is kept, or it is damaged and must be extracted again."""

    code = "no-text"

    def __init__(self) -> None:
        super().__init__(N_("The text of this file has not been extracted yet."))


class UnsafeScanner(StorageError):
    """The virus scanner's configuration would let files through unseen; `problems` names each fault and its remedy."""

    code = "unsafe-scanner"

    def __init__(self, problems: tuple[str, ...]) -> None:
        self.problems = problems
        super().__init__(N_("The virus scanner is not set up safely: {problems}"), problems="; ".join(problems))


_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})


@contextmanager
def told_plainly() -> Iterator[None]:
    """Turn what the system says of a disk (`OSError`) into `StoreFull` or `StorageFailed`."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise StoreFull from error
        raise StorageFailed(error.strerror or str(error)) from error
