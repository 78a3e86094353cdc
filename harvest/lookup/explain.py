"""What an SRU server says of itself (ZeeRex 2.0 and 2.1): which indexes can be searched, which schemas it gives."""

from __future__ import annotations

from dataclasses import dataclass

from harvest.errors import N_, UnexpectedAnswer
from harvest.xml_reader import Element, child, children, local_name, parse, text_of

_MOST_NAMED = 1000  # indexes or schemas; more are of no use to anybody


@dataclass(frozen=True, slots=True, kw_only=True)
class Schema:
    """A format of records: the short name to ask for, its identifier, and a title for people."""

    name: str
    identifier: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """Something that can be searched: its name in CQL with the context set (`dc.title`), and a title for people."""

    name: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """A server's description of itself; many leave parts of it empty."""

    title: str
    version: str
    database: str
    indexes: tuple[Index, ...]
    schemas: tuple[Schema, ...]


def read_explain(root: Element) -> Explained:
    """Read an explain response. Raises `UnexpectedAnswer` when it holds no description."""
    data = child(child(root, "record"), "recordData")
    content = children(data)
    if not content and data is not None and (data.text or "").strip():
        content = [parse(data.text.strip().encode())]
    if not content or local_name(content[0]) != "explain":
        raise UnexpectedAnswer(N_("The server answers, but does not describe itself. Try a search instead."))
    explained = content[0]
    server = child(explained, "serverInfo")
    return Explained(
        title=text_of(child(explained, "databaseInfo"), "title"),
        version=server.get("version", "") if server is not None else "",
        database=text_of(server, "database"),
        indexes=_indexes(child(explained, "indexInfo")),
        schemas=_schemas(child(explained, "schemaInfo")),
    )


def _indexes(element: Element | None) -> tuple[Index, ...]:
    found: dict[str, Index] = {}
    for index in children(element):
        if local_name(index) != "index":
            continue
        title = text_of(index, "title")
        for mapped in children(index):
            named = child(mapped, "name") if local_name(mapped) == "map" else None
            if named is None or not (named.text or "").strip():
                continue
            context = named.get("set", "")
            name = f"{context}.{named.text.strip()}" if context else named.text.strip()
            found.setdefault(name, Index(name=name, title=title))
    return tuple(found.values())[:_MOST_NAMED]


def _schemas(element: Element | None) -> tuple[Schema, ...]:
    return tuple(
        Schema(name=schema.get("name", ""), identifier=schema.get("identifier", ""), title=text_of(schema, "title"))
        for schema in children(element)
        if local_name(schema) == "schema"
    )[:_MOST_NAMED]
