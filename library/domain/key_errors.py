"""What can be wrong with a key for statistics, or with what is asked by it; see `library.domain.errors`."""

from __future__ import annotations

from library.domain.errors import LibraryError


class InvalidStatisticsKey(LibraryError):
    """A key for statistics can't be issued like this; the message says why."""

    code = "invalid-statistics-key"


class KeyMissing(LibraryError):
    """Statistics are given to those who send their key."""

    code = "key-missing"


class KeyInAddress(LibraryError):
    """A key was sent in the address, where logs keep it; the message says where it belongs."""

    code = "key-in-address"


class KeyUnknown(LibraryError):
    """No key was issued with this secret."""

    code = "key-unknown"


class KeyExpired(LibraryError):
    """The last day of the key is over."""

    code = "key-expired"


class KeyRevoked(LibraryError):
    """The library took the key back."""

    code = "key-revoked"


class AddressNotAllowed(LibraryError):
    """The key works from other addresses only."""

    code = "address-not-allowed"


class OutOfScope(LibraryError):
    """The key does not open what was asked for; the message says what it opens."""

    code = "out-of-scope"


class TooManyCalls(LibraryError):
    """More was asked by a key in a minute than is answered."""

    code = "too-many-calls"


class FormatNotOffered(LibraryError):
    """The answer can't be had in the form that was asked for; the message lists those it can be had in."""

    code = "format-not-offered"
