"""The way to partners' catalogues: how long and how far, and their failures in the words of the library."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_network

from harvest.addresses import Reach
from harvest.errors import PartnerError
from harvest.lookup.search import Catalogues
from harvest.lookup.sru import Sru
from harvest.lookup.z3950 import Z3950
from harvest.transport import Limits, Transport
from library.domain.errors import Message, PartnerFailed
from library.settings import Settings

# A person waits for the answer.
SECONDS = 20.0


def open_catalogues(settings: Settings, seconds: float = SECONDS) -> Catalogues:
    """The catalogues of partners, each of which may take so long for an answer."""
    limits = Limits(connecting=min(5, seconds), silence=seconds, total=seconds)
    return Catalogues(Sru(open_transport(settings, limits)), Z3950(reach=reach_of(settings), seconds=seconds))


def open_transport(settings: Settings, limits: Limits = Limits()) -> Transport:  # noqa: B008  (a value)
    """The way to partners that speak HTTP, as far as the settings allow it."""
    keeper = settings.responsible_contact or settings.base_url or settings.institution
    agent = "".join(character for character in f"Kutubxona ({keeper})" if " " <= character <= "~")
    return Transport(agent=agent, reach=reach_of(settings), limits=limits)


def reach_of(settings: Settings) -> Reach:
    """What may be reached beside the public internet."""
    return Reach(
        networks=tuple(ip_network(network, strict=False) for network in settings.partner_networks),
        ports=frozenset(map(int, settings.partner_ports)),
    )


def message_of(error: PartnerError) -> Message:
    """What went wrong, for people."""
    return Message.of(error.template, **error.values)


@contextmanager
def told_plainly() -> Iterator[None]:
    """Let `PartnerFailed` come out of the block wherever a partner fails."""
    try:
        yield
    except PartnerError as error:
        raise PartnerFailed(error.template, **error.values) from error
