"""The last door before a page: one element of ready XML that is not sound must not spoil two hundred others."""

from __future__ import annotations

import re

from lxml import etree

from harvest.provider.characters import legal
from harvest.xml_reader import without_controls

# An XML declaration, a DOCTYPE or a byte order mark would be sound here and break the page.
_BEGINS_AN_ELEMENT = re.compile(rb"<[A-Za-z_:\x80-\xff]")


class Unsound(ValueError):
    """The bytes are not one element with its namespace, even without the characters that XML forbids."""


class Fragments:
    """Looks at elements one after another; to be made for each page, as it must not be shared by threads."""

    def __init__(self) -> None:
        self._parser = etree.XMLParser(encoding="utf-8", resolve_entities=False, load_dtd=False, no_network=True)

    def sound(self, fragment: bytes) -> bytes:
        """The element as it is if it can stand in a page, else without forbidden characters; or `Unsound`."""
        try:
            self._look_at(fragment)
        except Unsound:
            fragment = legal(without_controls(fragment).decode("utf-8", "ignore")).encode()
            self._look_at(fragment)
        return fragment

    def _look_at(self, fragment: bytes) -> None:
        if not _BEGINS_AN_ELEMENT.match(fragment):
            raise Unsound("it does not begin with an element")
        try:
            root = etree.fromstring(fragment, self._parser)
        except etree.XMLSyntaxError as error:
            raise Unsound(error.msg) from error
        if not root.tag.startswith("{"):
            raise Unsound("its element has no namespace")
