"""Why a record can't be read, in words that can be said in any language."""

from __future__ import annotations

from library.domain.errors import N_, Message


class BrokenRecord(ValueError):
    """A record can't be read for certain; `message` says why."""

    def __init__(self, template: str, /, **values: str | int) -> None:
        self.message = Message.of(template, **values)
        super().__init__(str(self.message))


def why(error: ValueError) -> Message:
    """The reason for people; what a codec of Python raised is told in its own words."""
    if isinstance(error, BrokenRecord):
        return error.message
    return Message.of(N_("The record can't be read: {reason}."), reason=str(error))
