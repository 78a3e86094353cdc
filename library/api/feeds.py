"""New arrivals, all or those of one search, as Atom (RFC 4287) and RSS 2.0."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import format_datetime
from urllib.parse import urlencode

from flask import Blueprint, Response, request

from indexer.model import Sort
from library.api import noting, site, xml
from library.container import Container
from library.domain.description import Description
from library.projections.plain_text import clean
from library.projections.reference_parts import place, publisher, work_title, writers
from library.services.arrivals import Arrival
from library.services.asked import Asked
from library.settings import Settings

MOST_ENTRIES = 50
KEPT_SECONDS = 600
ATOM = "http://www.w3.org/2005/Atom"
DUBLIN_CORE = "http://purl.org/dc/elements/1.1/"
# A feed must say when it changed, and an empty one never has.
NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """What both formats say; `own` is the address without the ending of a format."""

    title: str
    library: str
    own: str
    query: str
    page: str
    entries: tuple[Arrival, ...]

    @property
    def updated(self) -> datetime:
        """When the newest change among its entries was made."""
        return max((entry.changed_at for entry in self.entries), default=NEVER)


def blueprint(container: Container) -> Blueprint:
    """The routes `/search.atom`, `/search.rss`, `/new.atom` and `/new.rss`."""
    routes = Blueprint("feeds", __name__)
    settings = container.settings
    arrivals = container.arrivals

    def of_search() -> Feed:
        asked = replace(Asked.read(request.args), sort=Sort.RELEVANCE, page=1)
        pairs = list(asked.pairs())
        library = site.name(container)
        named = [value for _, value in pairs]
        entries = arrivals.found(asked.request(), MOST_ENTRIES)
        noting.searched(len(entries))
        return Feed(
            title=" — ".join([*([", ".join(named)] if named else []), library]),
            library=library,
            own=site.address(settings, "/search"),
            query="?" + urlencode(pairs) if pairs else "",
            page=site.address(settings, asked.url()),
            entries=entries,
        )

    def of_everything() -> Feed:
        library = site.name(container)
        return Feed(
            title=library,
            library=library,
            own=site.address(settings, "/new"),
            query="",
            page=site.address(settings, "/browse/new"),
            entries=arrivals.page(None, MOST_ENTRIES).records,
        )

    routes.add_url_rule("/search.atom", "search_atom", lambda: atom(settings, of_search()))
    routes.add_url_rule("/search.rss", "search_rss", lambda: rss(settings, of_search()))
    routes.add_url_rule("/new.atom", "new_atom", lambda: atom(settings, of_everything()))
    routes.add_url_rule("/new.rss", "new_rss", lambda: rss(settings, of_everything()))
    return routes


def atom(settings: Settings, feed: Feed) -> Response:
    """The feed as Atom; the ids of its entries are the permanent addresses of the records."""
    top = xml.root(ATOM, "feed", {None: ATOM})
    own = f"{feed.own}.atom{feed.query}"
    xml.add(top, "id", own)
    xml.add(top, "title", feed.title)
    xml.add(top, "updated", site.timestamp(feed.updated))
    xml.add(top, "link", rel="self", type="application/atom+xml", href=own)
    xml.add(top, "link", rel="alternate", type="text/html", href=feed.page)
    xml.add(xml.add(top, "author"), "name", feed.library)
    for arrival in feed.entries:
        facts, address = arrival.description, site.record_address(settings, arrival.id)
        entry = xml.add(top, "entry")
        xml.add(entry, "id", address)
        xml.add(entry, "title", _title(facts))
        xml.add(entry, "updated", site.timestamp(arrival.changed_at))
        xml.add(entry, "published", site.timestamp(arrival.created_at))
        xml.add(entry, "link", rel="alternate", type="text/html", href=address)
        for name in _names(facts):
            xml.add(xml.add(entry, "author"), "name", name)
        for subject in _subjects(facts):
            xml.add(entry, "category", term=subject)
        xml.add(entry, "summary", _summary(facts))
    return xml.document(top, "application/atom+xml", seconds=KEPT_SECONDS)


def rss(settings: Settings, feed: Feed) -> Response:
    """The feed as RSS 2.0; its guids are the permanent addresses of the records."""
    top = xml.root(None, "rss", {"atom": ATOM, "dc": DUBLIN_CORE})
    top.set("version", "2.0")
    channel = xml.add(top, "channel")
    xml.add(channel, "title", feed.title)
    xml.add(channel, "link", feed.page)
    xml.add(channel, "description", feed.library)
    xml.add(channel, "lastBuildDate", _mail_date(feed.updated))
    own = f"{feed.own}.rss{feed.query}"
    xml.add(channel, f"{{{ATOM}}}link", rel="self", type="application/rss+xml", href=own)
    for arrival in feed.entries:
        facts, address = arrival.description, site.record_address(settings, arrival.id)
        item = xml.add(channel, "item")
        xml.add(item, "title", _title(facts))
        xml.add(item, "link", address)
        xml.add(item, "guid", address, isPermaLink="true")
        xml.add(item, "pubDate", _mail_date(arrival.created_at))
        for name in _names(facts):
            xml.add(item, f"{{{DUBLIN_CORE}}}creator", name)
        for subject in _subjects(facts):
            xml.add(item, "category", subject)
        # RSS readers take this for HTML: what looks like markup must still look so after they have read it as such.
        xml.add(item, "description", _as_html(_summary(facts)))
    return xml.document(top, "application/rss+xml", seconds=KEPT_SECONDS)


def _title(facts: Description) -> str:
    return work_title(facts) or facts.title


def _names(facts: Description) -> Sequence[str]:
    return [clean(creator.name) for creator in writers(facts)]


def _subjects(facts: Description) -> list[str]:
    return [subject for subject in map(clean, (*facts.subjects, *facts.keywords)) if subject]


def _summary(facts: Description) -> str:
    where = " : ".join(part for part in (place(facts), publisher(facts)) if part)
    imprint = ", ".join(part for part in (where, str(facts.year or "")) if part)
    return ". ".join(part for part in (imprint, clean(facts.abstract)) if part)


def _as_html(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _mail_date(moment: datetime) -> str:
    return format_datetime(moment.astimezone(UTC))
