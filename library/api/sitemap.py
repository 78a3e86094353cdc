"""Sitemaps: the address of every published record, with the time of its last change (sitemaps.org, protocol 0.9)."""

from __future__ import annotations

from flask import Blueprint, Response, abort

from library.api import site, xml
from library.container import Container
from library.db.published import Changed
from library.services.sitemap import SIZE

NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
HIGHEST = 2**31 // SIZE
KEPT_SECONDS = 3_600


def blueprint(container: Container) -> Blueprint:
    """The routes `/sitemap.xml`, which lists the others, and `/sitemap-<part>.xml`."""
    routes = Blueprint("sitemap", __name__)
    addresses = container.sitemap
    settings = container.settings

    @routes.get("/sitemap.xml")
    def index() -> Response:
        top = _root("sitemapindex")
        for part in addresses.parts():
            _add(top, "sitemap", site.address(settings, f"/sitemap-{part.number}.xml"), part)
        return xml.document(top, "application/xml", seconds=KEPT_SECONDS)

    @routes.get(f"/sitemap-<int(min=1, max={HIGHEST}):part>.xml")
    def sitemap(part: int) -> Response:
        found = addresses.part(part)
        if not found:
            # The schema of the protocol knows no empty sitemap.
            abort(404)
        top = _root("urlset")
        for record in found:
            _add(top, "url", site.record_address(settings, record.number), record)
        return xml.document(top, "application/xml", seconds=KEPT_SECONDS)

    return routes


def _root(tag: str) -> xml.Element:
    return xml.root(NAMESPACE, tag, {None: NAMESPACE})


def _add(top: xml.Element, tag: str, address: str, changed: Changed) -> None:
    entry = xml.add(top, tag)
    xml.add(entry, "loc", address)
    xml.add(entry, "lastmod", site.timestamp(changed.changed_at))
