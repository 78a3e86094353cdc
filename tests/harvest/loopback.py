"""What tests of partners need of this machine: its ports, and leave to reach them."""

from __future__ import annotations

import socket
import ssl
from ipaddress import ip_network

from harvest.addresses import Reach
from harvest.lookup.search import Catalogues
from harvest.lookup.sru import Sru
from harvest.lookup.z3950 import Z3950
from harvest.transport import Limits, Transport


def free_port() -> int:
    """A port of loopback on which nobody listens."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def reach_of(*ports: int) -> Reach:
    """127.0.0.1 on these ports, beside the public internet."""
    return Reach(networks=(ip_network("127.0.0.1/32"),), ports=frozenset(ports))


def without_authorities() -> ssl.SSLContext:
    """A context that trusts nobody: loading the authorities of the system would take most of the time of a test."""
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def catalogues_on(*ports: int, seconds: float = 20) -> Catalogues:
    """Searches partners on these ports of 127.0.0.1, and borne for so many seconds."""
    reach = reach_of(*ports)
    transport = Transport(agent="test", reach=reach, limits=Limits(total=seconds), tls=without_authorities())
    return Catalogues(Sru(transport), Z3950(reach=reach, seconds=seconds))
