"""A record in the words of schema.org, as JSON-LD for search engines."""

from __future__ import annotations

from collections.abc import Sequence
from types import MappingProxyType
from typing import TypeAlias

from library.domain.description import CopyStatus, Creator, CreatorRole, Description, Material
from library.projections import reference_parts as part
from library.projections.gost_elements import host_of_part
from library.projections.identifiers import doi
from library.projections.name_forms import by_role
from library.projections.open_files import OpenFile
from library.projections.plain_text import clean, element, elements

Node: TypeAlias = dict[str, object]

_TYPES = MappingProxyType(
    {
        Material.BOOK: "Book",
        Material.TEXTBOOK: "Book",
        Material.VOLUME: "Book",
        Material.ARTICLE: "ScholarlyArticle",
        Material.DISSERTATION: "Thesis",
        Material.DISSERTATION_ABSTRACT: "Thesis",
        Material.SERIAL: "Periodical",
        Material.ISSUE: "PublicationIssue",
        Material.MAP: "Map",
        Material.SCORE: "SheetMusic",
        Material.AUDIO: "AudioObject",
        Material.VIDEO: "VideoObject",
        Material.IMAGE: "ImageObject",
        Material.MANUSCRIPT: "Manuscript",
    }
)
_ROLES = (
    ("editor", CreatorRole.EDITOR),
    ("translator", CreatorRole.TRANSLATOR),
    ("illustrator", CreatorRole.ILLUSTRATOR),
    ("contributor", CreatorRole.COMPILER),
)


def type_name(material: Material) -> str:
    """The type of schema.org for a type of document."""
    return _TYPES.get(material, "CreativeWork")


def json_ld(description: Description, address: str, files: Sequence[OpenFile] = ()) -> Node:
    """The record at this permanent address, with the files that everybody may take; what has no value is left out."""
    facts: Node = {
        "@context": "https://schema.org",
        "@type": type_name(description.material),
        "@id": address,
        "url": address,
        "name": part.work_title(description) or clean(description.title),
        "alternateName": list(elements(description.parallel_titles)),
        "author": [_agent(creator) for creator in part.writers(description)],
        **{name: [_agent(person) for person in by_role(description, role)] for name, role in _ROLES},
        "datePublished": str(description.year) if description.year else "",
        "publisher": [{"@type": "Organization", "name": name} for name in elements(description.publishers)],
        "bookEdition": element(description.edition) if type_name(description.material) == "Book" else "",
        "inLanguage": language(description),
        "isbn": [clean(isbn) for isbn in description.isbns] if type_name(description.material) == "Book" else [],
        "issn": [clean(issn) for issn in description.issns] if type_name(description.material) == "Periodical" else [],
        "identifier": f"https://doi.org/{doi(description)}" if doi(description) else "",
        "about": [subject for subject in map(element, description.subjects) if subject],
        "keywords": [keyword for keyword in map(element, description.keywords) if keyword],
        "abstract": clean(description.abstract),
        "isPartOf": _host(description),
        "offers": _offers(description),
        "isAccessibleForFree": bool(files),
        "license": next((file.licence_url for file in files if file.licence_url), ""),
        "encoding": [_media(file) for file in files],
        **_pages(description),
    }
    return {name: value for name, value in facts.items() if value}


def language(description: Description) -> str:
    """The language of the work as a tag, where the record names one and it can be a tag at all."""
    named = description.languages[:1]
    return part.language_tag(description) if named and named[0].isascii() and named[0].isalpha() else ""


def _agent(creator: Creator) -> Node:
    kind = "Organization" if creator.role is CreatorRole.BODY else "Person"
    return {"@type": kind, "name": clean(creator.name)}


def _host(description: Description) -> Node | None:
    host = host_of_part(description)
    if host is None:
        return None
    kind = "Periodical" if part.is_in_serial(host) else "Book"
    facts: Node = {"@type": kind, "name": part.host_title(host)}
    if kind == "Periodical" and host.issn:
        facts["issn"] = clean(host.issn)
    if kind == "Book" and host.isbn:
        facts["isbn"] = clean(host.isbn)
    return facts


def _media(file: OpenFile) -> Node:
    """A file; its size is in bytes, with the unit, as schema.org wants it."""
    node: Node = {
        "@type": "MediaObject",
        "contentUrl": file.url,
        "encodingFormat": file.media_type,
        "contentSize": f"{file.size} B",
    }
    return {**node, "license": file.licence_url} if file.licence_url else node


def _pages(description: Description) -> Node:
    """First and last page of an article, which only works of that type have."""
    host = host_of_part(description)
    if host is None or description.material is not Material.ARTICLE:
        return {}
    first, last = part.pages(host)
    return {"pageStart": first, "pageEnd": last}


def _offers(description: Description) -> Node | None:
    """That a copy can be borrowed, as schema.org has libraries say it."""
    if not any(copy.status is CopyStatus.AVAILABLE for copy in description.copies):
        return None
    return {
        "@type": "Offer",
        "businessFunction": "http://purl.org/goodrelations/v1#LeaseOut",
        "availability": "https://schema.org/InStock",
    }
