"""ResourceSync 1.1 (ANSI/NISO Z39.99-2017): who keeps a copy of the records learns which there are and what changed.

The resources are the records as MARCXML in their own dialects. Short lists are given in one piece, long ones as an
index of parts.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from flask import Blueprint, Response, abort

from library.api import site, xml
from library.container import Container
from library.db.published import Changed
from library.db.synchronised import Position
from library.services.record_formats import ENDINGS, MEDIA_TYPES, ExportFormat
from library.services.resource_sync import SIZE, Changes, ResourceSync
from library.settings import Settings

SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
TERMS = "http://www.openarchives.org/rs/terms/"
SOURCE = "/.well-known/resourcesync"
ROOM = "/resourcesync"
CAPABILITIES = f"{ROOM}/capabilitylist.xml"
HIGHEST = 2**31 // SIZE
LATEST = 2**40
LARGEST_NUMBER = 2**31 - 1
KEPT_SECONDS = 60
KEPT_LONG_SECONDS = 86_400


def blueprint(container: Container) -> Blueprint:
    """The source description, the capability list, and the lists of resources and of changes."""
    routes = Blueprint("resource_sync", __name__)
    lists, settings = container.resource_sync, container.settings

    @routes.get(SOURCE)
    def source() -> Response:
        top = _list("urlset", "description")
        _linked(top, "describedby", site.address(settings, "/"))
        _capability(top, settings, CAPABILITIES, "capabilitylist")
        return _document(top, KEPT_LONG_SECONDS)

    @routes.get(CAPABILITIES)
    def capabilities() -> Response:
        top = _list("urlset", "capabilitylist")
        _linked(top, "describedby", site.address(settings, "/"))
        _linked(top, "up", site.address(settings, SOURCE))
        for name in ("resourcelist", "changelist"):
            _capability(top, settings, f"{ROOM}/{name}.xml", name)
        return _document(top, KEPT_LONG_SECONDS)

    @routes.get(f"{ROOM}/resourcelist.xml")
    def resources() -> Response:
        return _document(_all_resources(settings, lists))

    @routes.get(f"{ROOM}/resourcelist-<int(min=1, max={HIGHEST}):part>.xml")
    def resources_part(part: int) -> Response:
        at, found = lists.settled(), lists.part(part)
        if not found:
            abort(404)
        return _document(_resources(settings, found, at, index=f"{ROOM}/resourcelist.xml"))

    @routes.get(f"{ROOM}/changelist.xml")
    def changes() -> Response:
        return _document(_all_changes(settings, lists))

    @routes.get(f"{ROOM}/changelist-<int(max={LATEST}):seconds>-<int(max={LARGEST_NUMBER}):number>.xml")
    def changes_page(seconds: int, number: int) -> Response:
        page = lists.page(Position(seconds=seconds, number=number))
        if not page.changes:
            abort(404)
        return _document(_changes(settings, page, index=f"{ROOM}/changelist.xml"))

    return routes


def _all_resources(settings: Settings, lists: ResourceSync) -> xml.Element:
    at, parts = lists.settled(), lists.parts()
    if len(parts) <= 1:
        return _resources(settings, [record for part in parts for record in lists.part(part.number)], at)
    top = _list("sitemapindex", "resourcelist", at=at)
    _placed(top, settings, "")
    for part in parts:
        entry = _entry(top, "sitemap", site.address(settings, f"{ROOM}/resourcelist-{part.number}.xml"))
        xml.add(entry, "lastmod", site.timestamp(part.changed_at))
    return top


def _all_changes(settings: Settings, lists: ResourceSync) -> xml.Element:
    until, since, pages = lists.settled(), lists.since(), lists.pages()
    if len(pages) <= 1:
        return _changes(settings, lists.short())
    top = _list("sitemapindex", "changelist", **{"from": since, "until": until})
    _placed(top, settings, "")
    for page in pages:
        _entry(top, "sitemap", site.address(settings, f"{ROOM}/changelist-{page.seconds}-{page.number}.xml"))
    return top


def _resources(settings: Settings, found: Iterable[Changed], at: datetime, *, index: str = "") -> xml.Element:
    top = _list("urlset", "resourcelist", at=at)
    _placed(top, settings, index)
    for record in found:
        entry = _entry(top, "url", _resource(settings, record.number))
        xml.add(entry, "lastmod", site.timestamp(record.changed_at))
        xml.add(entry, f"{{{TERMS}}}md", type=MEDIA_TYPES[ExportFormat.MARCXML])
    return top


def _changes(settings: Settings, page: Changes, *, index: str = "") -> xml.Element:
    top = _list("urlset", "changelist", **{"from": page.since, "until": page.until})
    _placed(top, settings, index)
    for change in page.changes:
        entry = _entry(top, "url", _resource(settings, change.number))
        moment = site.timestamp(change.changed_at)
        facts = {"datetime": moment, "type": MEDIA_TYPES[ExportFormat.MARCXML]}
        if change.deleted:
            kind = "deleted"
        else:
            xml.add(entry, "lastmod", moment)
            kind = "created" if change.number >= page.first_new else "updated"
        xml.add(entry, f"{{{TERMS}}}md", change=kind, **facts)
    return top


def _resource(settings: Settings, number: int) -> str:
    return site.record_address(settings, number) + ENDINGS[ExportFormat.MARCXML]


def _list(tag: str, capability: str, **moments: datetime) -> xml.Element:
    top = xml.root(SITEMAP, tag, {None: SITEMAP, "rs": TERMS})
    times = {name: site.timestamp(moment) for name, moment in moments.items()}
    xml.add(top, f"{{{TERMS}}}md", capability=capability, **times)
    return top


def _placed(top: xml.Element, settings: Settings, index: str) -> None:
    """What a list is part of."""
    _linked(top, "up", site.address(settings, CAPABILITIES))
    if index:
        _linked(top, "index", site.address(settings, index))


def _linked(top: xml.Element, relation: str, address: str) -> None:
    xml.add(top, f"{{{TERMS}}}ln", rel=relation, href=address)


def _entry(top: xml.Element, tag: str, address: str) -> xml.Element:
    entry = xml.add(top, tag)
    xml.add(entry, "loc", address)
    return entry


def _capability(top: xml.Element, settings: Settings, path: str, capability: str) -> None:
    xml.add(_entry(top, "url", site.address(settings, path)), f"{{{TERMS}}}md", capability=capability)


def _document(top: xml.Element, seconds: int = KEPT_SECONDS) -> Response:
    return xml.document(top, "application/xml", seconds=seconds)
