"""What the engine `storage` says went wrong, in the library's own errors."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import storage.errors
import storage.model
from library.domain.errors import (
    DocumentNotReady,
    FileTooLarge,
    LibraryError,
    Message,
    NotFound,
    StorageFull,
    StorageUnreadable,
    UploadConflict,
)

_OURS: tuple[tuple[type[storage.errors.StorageError], type[LibraryError]], ...] = (
    (storage.errors.TooLarge, FileTooLarge),
    (storage.errors.StoreFull, StorageFull),
    (storage.errors.BrokenOff, UploadConflict),
    (storage.errors.WrongOffset, UploadConflict),
    (storage.errors.BeingWritten, UploadConflict),
    (storage.errors.Incomplete, UploadConflict),
    (storage.errors.UnknownIntake, NotFound),
    (storage.errors.NotKept, NotFound),
    (storage.errors.NoText, NotFound),
    (storage.errors.Locked, DocumentNotReady),
    (storage.errors.NotClean, DocumentNotReady),
    (storage.errors.StorageError, StorageUnreadable),
)


@contextmanager
def told() -> Iterator[None]:
    """Raise what the store says as the library's error with the same words; the first error is its cause."""
    try:
        yield
    except storage.errors.StorageError as error:
        ours = next(ours for theirs, ours in _OURS if isinstance(error, theirs))
        raise ours(error.template, **error.values) from error


def message(reason: storage.model.Reason) -> Message:
    """Why the gate did not admit a file, as a message of the library."""
    return Message(reason.template, reason.values)
