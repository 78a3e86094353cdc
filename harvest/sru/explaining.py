"""What a server says of itself: ZeeRex 2.0."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import urlsplit

from harvest.provider.characters import attribute, content
from harvest.sru.meaning import CQL
from harvest.sru.model import Described, Index

ZEEREX = "http://explain.z3950.org/dtd/2.0/"
_PORTS = {"http": 80, "https": 443}


def explanation(described: Described, changed_at: datetime | None, version: str) -> bytes:
    """The record of explain, one element."""
    parts = (
        f'<explain xmlns="{ZEEREX}">',
        _server(described.address, version),
        _database(described, changed_at),
        _indexes(described),
        _schemas(described),
        f'<configInfo><default type="numberOfRecords">{described.usual}</default>'
        f'<default type="contextSet">{CQL.prefix}</default>'
        f'<setting type="maximumRecords">{described.most}</setting>'
        '<setting type="resultSets">0</setting></configInfo></explain>',
    )
    return "".join(parts).encode()


def _server(address: str, version: str) -> str:
    where = urlsplit(address)
    try:
        port = where.port or _PORTS.get(where.scheme, 80)
    except ValueError:  # the address may be what a client called us by
        port = _PORTS.get(where.scheme, 80)
    return (
        f'<serverInfo protocol="SRU" version={attribute(version)} transport={attribute(where.scheme)}'
        f' method="GET POST"><host>{content(where.hostname or "")}</host><port>{port}</port>'
        f"<database>{content(where.path.strip('/'))}</database></serverInfo>"
    )


def _database(described: Described, changed: datetime | None) -> str:
    contact = f"<contact>{content(described.contact)}</contact>" if described.contact else ""
    modified = (
        f"<metaInfo><dateModified>{changed.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}</dateModified></metaInfo>"
        if changed is not None
        else ""
    )
    return (
        f'<databaseInfo><title primary="true">{content(described.title)}</title>'
        f'<description lang="en" primary="true">{content(described.description)}</description>{contact}'
        f"</databaseInfo>{modified}"
    )


def _indexes(described: Described) -> str:
    sets = "".join(
        f"<set name={attribute(one.prefix)} identifier={attribute(one.identifier)}/>" for one in described.sets
    )
    return f"<indexInfo>{sets}{''.join(map(_index, described.indexes))}</indexInfo>"


def _index(index: Index) -> str:
    prefix, _, name = index.name.rpartition(".")
    maps = "".join(
        f"<map><name set={attribute(space)}>{content(own)}</name></map>"
        for space, own in ((prefix, name), *(_parted(other) for other in index.others if "." in other))
    )
    relations = "".join(
        f'<supports type="relation">{content(relation)}</supports>' for relation in sorted(index.relations)
    )
    return (
        f'<index search="true" scan="false" sort="{"true" if index.orders else "false"}">'
        f'<title lang="en">{content(index.title)}</title>{maps}<configInfo>{relations}</configInfo></index>'
    )


def _parted(name: str) -> tuple[str, str]:
    prefix, _, own = name.partition(".")
    return prefix, own


def _schemas(described: Described) -> str:
    listed = "".join(
        f'<schema identifier={attribute(one.identifier)} name={attribute(one.name)} retrieve="true" sort="false">'
        f'<title lang="en">{content(one.title)}</title></schema>'
        for one in described.schemas
    )
    return f"<schemaInfo>{listed}</schemaInfo>"
