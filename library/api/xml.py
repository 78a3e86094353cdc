"""XML that is always well-formed, whatever stands in a record: what XML has no room for is left out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from flask import Response
from lxml import etree

from library.projections.plain_text import clean

Element: TypeAlias = etree._Element  # noqa: SLF001  (lxml has no other name for it)


def add(parent: Element, tag: str, text: str = "", /, **attributes: str) -> Element:
    """A new last child in the namespace of its parent, or in the one that the tag names."""
    own = etree.QName(parent).namespace
    child = etree.SubElement(parent, tag if tag.startswith("{") or own is None else f"{{{own}}}{tag}")
    for name, value in attributes.items():
        child.set(name, clean(value))
    child.text = clean(text) or None
    return child


def root(namespace: str | None, tag: str, prefixes: Mapping[str | None, str]) -> Element:
    """The root of a document with these namespaces."""
    return etree.Element(tag if namespace is None else f"{{{namespace}}}{tag}", nsmap=dict(prefixes))


def document(top: Element, media_type: str, *, seconds: int) -> Response:
    """The document as UTF-8, to be kept for so many seconds."""
    content = etree.tostring(top, encoding="UTF-8", xml_declaration=True)
    response = Response(content, content_type=f"{media_type}; charset=utf-8")
    response.headers["Cache-Control"] = f"public, max-age={seconds}"
    # The name of the library is told in the reader's language.
    response.vary.update(("Accept-Language", "Cookie"))
    return response
