"""The second look into EPUB and DOCX: what their XML says, once the structure of the archive is sound.

Refused are declarations of entities and document types where the standards know none, parts that lie outside of the
file, macros and controls, templates and pictures that are fetched from elsewhere when the document is opened.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

from lxml import etree

from storage.containers import Container
from storage.errors import N_
from storage.model import MediaType, Objection, Reason

_CONTENT_TYPES = "[Content_Types].xml"
_MAIN_PART = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_MACROS = re.compile(r"macroEnabled|vbaProject|vbaData|activeX", re.IGNORECASE)
_MACRO_PARTS = re.compile(r"(?:^|/)(?:vba[^/]*\.(?:bin|xml)|activeX/.*)$", re.IGNORECASE)
# Relationships whose targets readers follow by hand; all others are fetched by the programme that opens the document.
_FOLLOWED_BY_HAND = ("/hyperlink",)
_FOREIGN_CHUNK = "/aFChunk"
_CONTAINER_XML = "META-INF/container.xml"
_ENCRYPTION_XML = "META-INF/encryption.xml"
# Fonts are scrambled by these, nothing else is (EPUB 3.3, 4.2.6.3.2, and Adobe's older way).
_FONT_SCRAMBLING = frozenset({"http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC"})
_LARGEST_LIST = 5 << 20
_MARKUP = (".xml", ".rels", ".opf", ".ncx", ".xhtml", ".html", ".htm", ".svg", ".smil", ".vml")
_ENCODING = re.compile(rb"^[^<]{0,8}<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._-]+)")
_UNICODE = frozenset({b"utf-8", b"utf-16", b"utf8", b"utf-16le", b"utf-16be", b"us-ascii"})


def look_into(container: Container, media_type: MediaType) -> None:
    """Judge the parts of an EPUB or a DOCX; raises `Objection`."""
    if media_type is MediaType.EPUB:
        _look_into_epub(container)
    else:
        _look_into_docx(container)


def _refusal(code: str, template: str, **values: str | int) -> Objection:
    return Objection(Reason.of(code, template, **values))


def _broken(part: str) -> Objection:
    return _refusal(
        "part-damaged", N_("A part of the file is missing or damaged ({member}). Save it anew."), member=part
    )


def _dangerous_xml(part: str) -> Objection:
    return _refusal(
        "entities", N_("A part of the file ({member}) declares what it could draw in from outside."), member=part
    )


def _markup(container: Container) -> Iterator[tuple[str, bytes]]:
    """The parts that are XML by their names; zeros are left out, so that UTF-16 and UTF-32 can be searched too."""
    for part in container.members:
        if part.lower().endswith(_MARKUP):
            yield part, container.read(part).replace(b"\0", b"")


def _parsed(container: Container, part: str) -> etree._Element:
    """A part as a tree; any document type is refused, before and after parsing."""
    if container.members.get(part, _LARGEST_LIST + 1) > _LARGEST_LIST:
        raise _broken(part)
    data = container.read(part)
    if b"<!DOCTYPE" in data.replace(b"\0", b""):
        raise _dangerous_xml(part)
    parser = etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError:
        raise _broken(part) from None
    if root.getroottree().docinfo.doctype:
        raise _dangerous_xml(part)
    return root


def _look_into_docx(container: Container) -> None:
    types = [
        node.get("ContentType", "") for node in _parsed(container, _CONTENT_TYPES).iter("{*}Override", "{*}Default")
    ]
    if any(_MACROS.search(name) for name in types) or any(_MACRO_PARTS.search(part) for part in container.members):
        raise _refusal(
            "macros", N_("The document holds macros or controls. Save it without them, as DOCX, and send it.")
        )
    if _MAIN_PART not in types:
        raise _refusal("not-docx", N_("Inside, the file is not a text document of Word. Save it as DOCX and send it."))
    for part, data in _markup(container):
        declared = _ENCODING.match(data[:300])
        if b"<!DOCTYPE" in data or b"<!ENTITY" in data or (declared and declared[1].lower() not in _UNICODE):
            raise _dangerous_xml(part)
        if part.lower().endswith(".rels"):
            _check_relationships(container, part)


def _check_relationships(container: Container, part: str) -> None:
    # "word/_rels/document.xml.rels" speaks for "word/document.xml", beside which its targets are.
    home = posixpath.dirname(posixpath.dirname(part))
    for relationship in _parsed(container, part).iter("{*}Relationship"):
        kind, target = relationship.get("Type", ""), relationship.get("Target", "")
        if kind.endswith(_FOREIGN_CHUNK):
            raise _refusal(
                "foreign-chunk", N_("A document of another kind is built into the file. Save it anew as DOCX.")
            )
        if relationship.get("TargetMode", "").lower() == "external":
            if not kind.endswith(_FOLLOWED_BY_HAND):
                raise _refusal(
                    "remote-part",
                    N_("The document draws in a template, picture or object from elsewhere ({target})."),
                    target=target,
                )
        elif _leaves(home, target):
            raise _outside(target)


def _look_into_epub(container: Container) -> None:
    roots = [node.get("full-path", "") for node in _parsed(container, _CONTAINER_XML).iter("{*}rootfile")]
    if not roots:
        raise _broken(_CONTAINER_XML)
    for root in roots:
        if root not in container.members:
            raise _outside(root) if _leaves("", root) else _broken(root)
        for item in _parsed(container, root).iter("{*}item", "{*}itemref", "{*}reference"):
            target = item.get("href", "")
            # Only a DOCX may begin a path at the root of the file.
            if target.startswith("/") or _leaves(posixpath.dirname(root), target):
                raise _outside(target)
    for part, data in _markup(container):
        if b"<!ENTITY" in data:
            raise _dangerous_xml(part)
    if _ENCRYPTION_XML in container.members:
        methods = _parsed(container, _ENCRYPTION_XML).iter("{*}EncryptionMethod")
        if any(method.get("Algorithm") not in _FONT_SCRAMBLING for method in methods):
            raise _refusal(
                "protected",
                N_("The book is protected against copying, so that it can be neither checked nor read here."),
            )


def _leaves(home: str, target: str) -> bool:
    """Whether a target is anywhere but inside of the file."""
    try:
        address = urlsplit(target)
    except ValueError:
        return True
    path = unquote(address.path)
    if address.scheme or address.netloc or "\\" in path:
        return True
    place = posixpath.normpath(path.lstrip("/") if path.startswith("/") else posixpath.join(home, path))
    return place == ".." or place.startswith("../")


def _outside(target: str) -> Objection:
    return _refusal("outside", N_("The file names a part of itself that lies elsewhere ({target})."), target=target)
