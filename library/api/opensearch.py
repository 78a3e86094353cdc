"""OpenSearch 1.1: browsers add the search box of the library, with suggestions while one types."""

from __future__ import annotations

import orjson
from flask import Blueprint, Response, request

from library.api import site, xml
from library.container import Container
from library.services.asked import cleaned, one

NAMESPACE = "http://a9.com/-/spec/opensearch/1.1/"
PRODUCT = "Kutubxona"
LONGEST_SHORT_NAME, LONGEST_DESCRIPTION = 16, 1024
KEPT_SECONDS = 86_400


def blueprint(container: Container) -> Blueprint:
    """The routes `/opensearch.xml` and `/opensearch/suggestions`."""
    routes = Blueprint("opensearch", __name__)

    @routes.get("/opensearch.xml")
    def description() -> Response:
        return described(container)

    @routes.get("/opensearch/suggestions")
    def typed() -> Response:
        text = cleaned(one(request.args, "q"))
        found = container.suggestions.run(text)
        response = Response(
            orjson.dumps([text, [said.text for said in found]]), content_type="application/x-suggestions+json"
        )
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    return routes


def described(container: Container) -> Response:
    """The description document; its short name is cut to the sixteen letters browsers have room for."""
    top = xml.root(NAMESPACE, "OpenSearchDescription", {None: NAMESPACE})
    settings, here = container.settings, site.house(container)
    short = here.library_name or here.institution or PRODUCT
    xml.add(top, "ShortName", short[:LONGEST_SHORT_NAME].strip())
    xml.add(top, "Description", site.name(container)[:LONGEST_DESCRIPTION])
    xml.add(top, "InputEncoding", "UTF-8")
    xml.add(top, "Image", site.address(settings, "/favicon.ico"), width="16", height="16", type="image/svg+xml")
    for media_type, path in (
        ("text/html", "/search?q={searchTerms}&page={startPage?}"),
        ("application/atom+xml", "/search.atom?q={searchTerms}"),
        ("application/rss+xml", "/search.rss?q={searchTerms}"),
    ):
        xml.add(top, "Url", type=media_type, template=site.address(settings, path))
    template = site.address(settings, "/opensearch/suggestions?q={searchTerms}")
    xml.add(top, "Url", type="application/x-suggestions+json", rel="suggestions", template=template)
    itself = site.address(settings, "/opensearch.xml")
    xml.add(top, "Url", type="application/opensearchdescription+xml", rel="self", template=itself)
    return xml.document(top, "application/opensearchdescription+xml", seconds=KEPT_SECONDS)
