"""How often one address, or one person, may ask for what costs the most; everything else to read has no limit.

The counters live in the memory of a process, so that with several portal processes an address may ask a little more.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from flask import Flask, request
from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from werkzeug.exceptions import TooManyRequests

from library.domain.usage import Denial
from library.settings import Settings
from library.web import noting
from library.web.session import actor

# The storage looks through all addresses at every request: beyond so many it begins anew, and everybody is forgiven.
MOST_ADDRESSES = 1_000
# Whoever has one address of IPv6 has the whole of such a network.
IPV6_SITE = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Endpoints that are counted together, and how often one address, or one person wherever they are, may ask.

    A refusal is told in the statistics where what was asked for `is_use` of the library.
    """

    name: str
    limit: RateLimitItem
    endpoints: tuple[str, ...]
    by_person: bool = False
    is_use: bool = True


RULES = (
    Rule(
        name="search",
        limit=RateLimitItemPerMinute(60),
        endpoints=(
            *("search.results", "export.export", "feeds.search_atom", "feeds.search_rss", "viewing.places"),
            "collection.collection",
        ),
    ),
    Rule(name="api", limit=RateLimitItemPerMinute(60), endpoints=("api_search.search", "api_search.record")),
    # Each is a file taken apart and put together again.
    Rule(name="title-page", limit=RateLimitItemPerMinute(6), endpoints=("reading.titled",)),
    # A harvester takes 200 records with each: a hundred thousand of them in a minute, and others still get their turn.
    Rule(name="oai", limit=RateLimitItemPerMinute(600), endpoints=("open_archive.respond",)),
    Rule(
        name="resource-sync",
        limit=RateLimitItemPerMinute(60),
        endpoints=(
            "resource_sync.resources",
            "resource_sync.resources_part",
            "resource_sync.changes",
            "resource_sync.changes_page",
        ),
    ),
    # Each becomes work for a person. The pages of senders open by a word that nobody guesses; nobody shall try fast.
    Rule(name="appeals", limit=RateLimitItemPerHour(10), endpoints=("appeals.send",)),
    Rule(name="appeal-pages", limit=RateLimitItemPerMinute(60), endpoints=("appeals.status",)),
    Rule(name="sru", limit=RateLimitItemPerMinute(60), endpoints=("sru.sru",)),
    # A key has a limit of its own; this one is for whoever tries keys.
    Rule(
        name="statistics",
        limit=RateLimitItemPerMinute(120),
        endpoints=tuple(f"api_statistics.{name}" for name in ("indicators", "reports", "forms", "form")),
        is_use=False,
    ),
    # The search box asks while one types.
    Rule(
        name="suggestions",
        limit=RateLimitItemPerMinute(300),
        endpoints=("api_search.suggest", "opensearch.typed"),
        is_use=False,
    ),
    # A cataloguer takes in a delivery of some hundred files in one sitting; a form with several files counts once.
    Rule(
        name="uploads",
        limit=RateLimitItemPerHour(300),
        endpoints=(
            *("documents_uploads.begin", "documents_new.receive", "deposit_uploads.begin", "deposit_files.receive"),
        ),
        by_person=True,
        is_use=False,
    ),
)


def install(app: Flask, settings: Settings) -> None:
    """Answer 429 with Retry-After beyond the limits of the table; this machine and the campus have none."""
    storage = MemoryStorage()
    limiter = MovingWindowRateLimiter(storage)
    unlimited = tuple(ip_network(network, strict=False) for network in settings.campus_networks)
    rules = {endpoint: rule for rule in RULES for endpoint in rule.endpoints}

    def refuse_excess() -> None:
        rule = rules.get(request.endpoint or "")
        caller = None if rule is None else actor().key if rule.by_person else _counted(unlimited)
        if rule is None or caller is None:
            return
        if len(storage.events) > MOST_ADDRESSES:
            storage.reset()
        if not limiter.hit(rule.limit, rule.name, caller):
            if rule.is_use:
                noting.refused(Denial.RATE, rule=rule.name)
            again = limiter.get_window_stats(rule.limit, rule.name, caller).reset_time - time.time()
            raise TooManyRequests(retry_after=max(math.ceil(again), 1))

    app.before_request(refuse_excess)


def _counted(unlimited: Iterable[IPv4Network | IPv6Network]) -> str | None:
    """The address of this request, as whoever is counted as one; None where it has no limit."""
    address = _address(request.remote_addr or "")
    if address is None or address.is_loopback or any(address in network for network in unlimited):
        return None
    return _caller(address)


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
