"""What can go wrong with a partner, in plain words.

A message is a template in English with named places in braces, and its values: whoever shows it can translate the
template. `code` is for machines and never changes.
"""

from __future__ import annotations

import re
from typing import ClassVar

# What comes from a partner goes into messages, so it must be one line of bounded length.
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
_LONGEST_QUOTE = 200


def N_(message: str) -> str:  # noqa: N802  (the name gettext tools look for)
    """Mark a message for translation without translating it."""
    return message


def quoted(text: str) -> str:
    """Foreign text fit for a message: control characters become blanks, what follows 200 characters is cut."""
    text = _UNPRINTABLE.sub(" ", text).strip()
    return text if len(text) <= _LONGEST_QUOTE else text[:_LONGEST_QUOTE] + "…"


class PartnerError(Exception):
    """The parent of all that can go wrong; `template` and `values` are the message."""

    code: ClassVar[str] = "partner-error"

    def __init__(self, template: str, /, **values: str | int) -> None:
        self.template = template
        self.values = {name: quoted(value) if isinstance(value, str) else value for name, value in values.items()}
        super().__init__(template.format(**self.values))


class AddressRefused(PartnerError):
    """The address is malformed or may not be reached; no packet was sent to it."""

    code = "address-refused"


class Unreachable(PartnerError):
    """The name is unknown, nobody answers there, or the partner's certificate is not in order."""

    code = "unreachable"


class TooSlow(PartnerError):
    """The partner did not finish within the time limit."""

    code = "too-slow"


class TooLarge(PartnerError):
    """The answer is larger than any honest one."""

    code = "too-large"


class BrokenOff(PartnerError):
    """The connection was lost before the answer was complete; asking again may help."""

    code = "broken-off"


class UnexpectedAnswer(PartnerError):
    """The answer is not what the protocol demands."""

    code = "unexpected-answer"


class NotWellFormed(UnexpectedAnswer):
    """The answer is not well-formed XML: damaged, cut off, or something else altogether."""

    code = "not-well-formed"


class UnexpectedStatus(UnexpectedAnswer):
    """The HTTP status is neither success nor a request to wait; `status` is its number."""

    code = "unexpected-status"

    def __init__(self, status: int) -> None:
        self.status = status
        super().__init__(N_("The partner's server answered with HTTP status {status}."), status=status)


class Busy(PartnerError):
    """The partner asks to be left in peace for a while; `seconds` says for how long, if it said so."""

    code = "busy"

    def __init__(self, seconds: int | None) -> None:
        self.seconds = seconds
        if seconds is None:
            super().__init__(N_("The partner's server is busy. Try again in a few minutes."))
        else:
            super().__init__(
                N_("The partner's server is busy and asks to wait {seconds} seconds. Try again then."), seconds=seconds
            )


class Declined(PartnerError):
    """The partner understood the protocol and declined: `number` is its diagnostic, `detail` its own words."""

    code = "declined"

    def __init__(self, template: str, /, *, number: int, detail: str) -> None:
        self.number = number
        super().__init__(template, number=number, detail=detail)


class InvalidTarget(PartnerError):
    """The entry of a partner's catalogue has a value that can't be right."""

    code = "invalid-target"


class NothingToSearch(PartnerError):
    """The search has no word in it, or none that can be sent to this partner."""

    code = "nothing-to-search"


class ProgramMissing(PartnerError):
    """A program of the operating system that is needed for this is not installed."""

    code = "program-missing"
