"""How often one address may ask for what costs the most; pages, files and everything else to read have no limit.

The counters live in the memory of a process, so that with several portal processes an address may ask a little more.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

from flask import Flask, request
from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from werkzeug.exceptions import TooManyRequests

from library.settings import Settings

# The storage looks through all addresses at every request: beyond so many it begins anew, and everybody is forgiven.
MOST_ADDRESSES = 1_000
# Whoever has one address of IPv6 has the whole of such a network.
IPV6_SITE = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Endpoints that are counted together, and how often one address may ask for them."""

    name: str
    limit: RateLimitItem
    endpoints: tuple[str, ...]


RULES = (
    Rule(
        name="search",
        limit=RateLimitItemPerMinute(60),
        endpoints=("search.results", "export.export", "feeds.search_atom", "feeds.search_rss"),
    ),
    Rule(name="api", limit=RateLimitItemPerMinute(60), endpoints=("api_search.search", "api_search.record")),
    # The search box asks while one types.
    Rule(name="suggestions", limit=RateLimitItemPerMinute(300), endpoints=("api_search.suggest", "opensearch.typed")),
)


def install(app: Flask, settings: Settings) -> None:
    """Answer 429 with Retry-After beyond the limits of the table; this machine and the campus have none."""
    storage = MemoryStorage()
    limiter = MovingWindowRateLimiter(storage)
    unlimited = tuple(ip_network(network, strict=False) for network in settings.campus_networks)
    rules = {endpoint: rule for rule in RULES for endpoint in rule.endpoints}

    def refuse_excess() -> None:
        rule = rules.get(request.endpoint or "")
        address = _address(request.remote_addr or "")
        if rule is None or address is None or address.is_loopback or any(address in network for network in unlimited):
            return
        if len(storage.events) > MOST_ADDRESSES:
            storage.reset()
        caller = _caller(address)
        if not limiter.hit(rule.limit, rule.name, caller):
            again = limiter.get_window_stats(rule.limit, rule.name, caller).reset_time - time.time()
            raise TooManyRequests(retry_after=max(math.ceil(again), 1))

    app.before_request(refuse_excess)


def _address(text: str) -> IPv4Address | IPv6Address | None:
    """None for what is no address, as of a connection through a socket file: there is nobody to tell apart."""
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return address.ipv4_mapped or address if isinstance(address, IPv6Address) else address


def _caller(address: IPv4Address | IPv6Address) -> str:
    """Who is counted as one."""
    site = IPv6Network((address, IPV6_SITE), strict=False) if isinstance(address, IPv6Address) else address
    return str(site)
