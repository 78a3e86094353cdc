"""Whether the web addresses in records still answer: tried at night, one by one, and only where that is wanted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from harvest.addresses import WebAddress
from harvest.errors import PartnerError, TooLarge
from harvest.transport import Limits, Transport
from library.services.quality import Quality

# Hours in which a slow server may keep the worker from the index for a few seconds.
NIGHT = range(1, 5)
PATIENCE = Limits(connecting=3, silence=5, total=8, size=65_536, redirects=3)


class WebLinks:
    """Opens addresses by the one way out of the house, which refuses private networks."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def problem(self, address: str) -> str:
        """Why an address can't be opened, in a few words; empty where it answers, be it with much or "later"."""
        try:
            self._transport.get(WebAddress.parse(address))
        except TooLarge:
            return ""
        except PartnerError as error:
            return str(error)
        return ""


class LinkCheck:
    """A chore of the worker."""

    def __init__(self, quality: Quality, links: WebLinks, clock: Callable[[], datetime], zone: ZoneInfo) -> None:
        self._quality = quality
        self._links = links
        self._clock = clock
        self._zone = zone

    def step(self) -> bool:
        """Try one address, if it is night and one waits."""
        return self._clock().astimezone(self._zone).hour in NIGHT and self._quality.check_link(self._links)
