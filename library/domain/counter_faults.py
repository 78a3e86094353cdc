"""What the COUNTER Code of Practice 5.1 says when something is wrong (Appendix D), in its own words.

Programs compare the words, so they are told in no other language.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from http import HTTPStatus


class Fault(IntEnum):
    """The numbers of what is used here."""

    SERVICE_NOT_AVAILABLE = 1000
    TOO_MANY_REQUESTS = 1020
    INSUFFICIENT_INFORMATION = 1030
    REQUESTOR_NOT_AUTHORIZED = 2000
    NOT_AUTHORIZED_FOR_INSTITUTION = 2010
    KEY_INVALID = 2020
    INVALID_DATES = 3020
    NO_USAGE = 3030
    NOT_READY = 3031
    NO_LONGER_AVAILABLE = 3032
    NOT_RECOGNIZED = 3050
    INVALID_FILTER = 3060
    INCONGRUOUS_FILTER = 3061
    INVALID_ATTRIBUTE = 3062
    NO_COMPONENTS = 3063


MESSAGES: Mapping[Fault, str] = {
    Fault.SERVICE_NOT_AVAILABLE: "Service Not Available",
    Fault.TOO_MANY_REQUESTS: "Client has made too many requests",
    Fault.INSUFFICIENT_INFORMATION: "Insufficient Information to Process Request",
    Fault.REQUESTOR_NOT_AUTHORIZED: "Requestor Not Authorized to Access Service",
    Fault.NOT_AUTHORIZED_FOR_INSTITUTION: "Requestor is Not Authorized to Access Usage for Institution",
    Fault.KEY_INVALID: "APIKey Invalid",
    Fault.INVALID_DATES: "Invalid Date Arguments",
    Fault.NO_USAGE: "No Usage Available for Requested Dates",
    Fault.NOT_READY: "Usage Not Ready for Requested Dates",
    Fault.NO_LONGER_AVAILABLE: "Usage No Longer Available for Requested Dates",
    Fault.NOT_RECOGNIZED: "Parameter Not Recognized in this Context",
    Fault.INVALID_FILTER: "Invalid ReportFilter Value",
    Fault.INCONGRUOUS_FILTER: "Incongruous ReportFilter Value",
    Fault.INVALID_ATTRIBUTE: "Invalid ReportAttribute Value",
    Fault.NO_COMPONENTS: "Components Not Supported",
}
STATUSES: Mapping[Fault, HTTPStatus] = {
    Fault.SERVICE_NOT_AVAILABLE: HTTPStatus.SERVICE_UNAVAILABLE,
    Fault.TOO_MANY_REQUESTS: HTTPStatus.TOO_MANY_REQUESTS,
    Fault.INSUFFICIENT_INFORMATION: HTTPStatus.BAD_REQUEST,
    Fault.REQUESTOR_NOT_AUTHORIZED: HTTPStatus.UNAUTHORIZED,
    Fault.NOT_AUTHORIZED_FOR_INSTITUTION: HTTPStatus.FORBIDDEN,
    Fault.KEY_INVALID: HTTPStatus.UNAUTHORIZED,
    Fault.INVALID_DATES: HTTPStatus.BAD_REQUEST,
}
"""Those that take the place of a report; all others stand in its header."""

_LONGEST_DATA = 300


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Remark:
    """A fault with what it is about; `data` may be empty."""

    fault: Fault
    data: str = ""

    @property
    def message(self) -> str:
        """The words of the Code."""
        return MESSAGES[self.fault]

    @property
    def status(self) -> HTTPStatus:
        """With which status it is told."""
        return STATUSES.get(self.fault, HTTPStatus.OK)


class CounterRefused(Exception):
    """No report can be given; `remark` says why."""

    def __init__(self, remark: Remark) -> None:
        self.remark = remark
        super().__init__(f"{int(remark.fault)}: {remark.message} ({remark.data})")


def remark(fault: Fault, data: str = "") -> Remark:
    """A remark; what was sent is told back in part where it is long."""
    return Remark(fault=fault, data=data if len(data) <= _LONGEST_DATA else f"{data[: _LONGEST_DATA - 1]}…")


def require_none(remarks: Iterable[Remark]) -> None:
    """Raise `CounterRefused` with the lowest number of those that take the place of a report, if there is one (D)."""
    grave = sorted(one for one in remarks if one.fault in STATUSES)
    if grave:
        raise CounterRefused(grave[0])
