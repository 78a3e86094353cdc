"""The XML of answers. What it gives is well-formed whatever it is given, if only fragments have passed `fragments`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from harvest.model import (
    NAMESPACE,
    Granularity,
    Identity,
    MetadataFormat,
    OaiRecord,
    OaiSet,
    Verb,
    write_datestamp,
)
from harvest.provider.characters import attribute, content
from harvest.provider.faults import Fault
from harvest.provider.tokens import Token

_HEAD: Final = (
    f'<OAI-PMH xmlns="{NAMESPACE}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    f' xsi:schemaLocation="{NAMESPACE} http://www.openarchives.org/OAI/2.0/OAI-PMH.xsd">'
)


def document(body: bytes, *, base_url: str, echoed: Iterable[tuple[str, str]], now: datetime, stylesheet: str) -> bytes:
    """A whole answer around its body; `stylesheet`, if any, is the address of an XSLT for people with a browser."""
    styled = f'<?xml-stylesheet type="text/xsl" href={attribute(stylesheet)}?>\n' if stylesheet else ""
    arguments = "".join(f" {name}={attribute(value)}" for name, value in echoed)
    head = (
        f'<?xml version="1.0" encoding="UTF-8"?>\n{styled}{_HEAD}'
        f"<responseDate>{write_datestamp(now)}</responseDate><request{arguments}>{content(base_url)}</request>"
    )
    return b"".join((head.encode(), body, b"</OAI-PMH>\n"))


def errors(faults: Sequence[Fault]) -> bytes:
    """One element for each fault."""
    return "".join(f'<error code="{fault.code}">{content(fault.message)}</error>' for fault in faults).encode()


def identify(identity: Identity, descriptions: Iterable[bytes]) -> bytes:
    """Who the repository is."""
    emails = "".join(_element("adminEmail", email) for email in identity.admin_emails)
    compressions = "".join(_element("compression", name) for name in identity.compressions)
    facts = (
        f"<Identify>{_element('repositoryName', identity.name)}{_element('baseURL', identity.base_url)}"
        f"<protocolVersion>2.0</protocolVersion>{emails}"
        f"<earliestDatestamp>{write_datestamp(identity.earliest)}</earliestDatestamp>"
        f"<deletedRecord>{identity.deleted_records}</deletedRecord>"
        f"<granularity>{Granularity.SECOND}</granularity>{compressions}"
    )
    return b"".join((facts.encode(), *_boxed(b"description", descriptions), b"</Identify>"))


def formats(offered: Iterable[MetadataFormat]) -> bytes:
    """The formats of the repository or of an item."""
    listed = "".join(
        f"<metadataFormat>{_element('metadataPrefix', one.prefix)}{_element('schema', one.schema)}"
        f"{_element('metadataNamespace', one.namespace)}</metadataFormat>"
        for one in offered
    )
    return f"<ListMetadataFormats>{listed}</ListMetadataFormats>".encode()


def sets(division: Iterable[tuple[OaiSet, Iterable[bytes]]]) -> bytes:
    """All sets, each with its descriptions."""
    listed = (
        b"".join(
            (
                f"<set>{_element('setSpec', one.spec)}{_element('setName', one.name)}".encode(),
                *_boxed(b"setDescription", descriptions),
                b"</set>",
            )
        )
        for one, descriptions in division
    )
    return b"".join((b"<ListSets>", *listed, b"</ListSets>"))


def header(record: OaiRecord) -> bytes:
    """The header of a record."""
    sets_of_it = "".join(f"<setSpec>{content(spec)}</setSpec>" for spec in record.sets)
    status = ' status="deleted"' if record.deleted else ""
    return (
        f"<header{status}><identifier>{content(record.identifier)}</identifier>"
        f"<datestamp>{write_datestamp(record.datestamp)}</datestamp>{sets_of_it}</header>"
    ).encode()


def record(header_of_it: bytes, metadata: bytes, abouts: Iterable[bytes]) -> bytes:
    """A record that is there; `metadata` and `abouts` are sound."""
    return b"".join(
        (b"<record>", header_of_it, b"<metadata>", metadata, b"</metadata>", *_boxed(b"about", abouts), b"</record>")
    )


def tombstone(header_of_it: bytes) -> bytes:
    """A record that is no longer there."""
    return b"".join((b"<record>", header_of_it, b"</record>"))


def answer(verb: Verb, parts: Iterable[bytes]) -> bytes:
    """The element that is called after the verb, around its parts."""
    return b"".join((f"<{verb}>".encode(), *parts, f"</{verb}>".encode()))


def resumption(token: Token, *, cursor: int, size: int) -> bytes:
    """The end of a page that others follow; `cursor` records came before the page."""
    return (
        f'<resumptionToken expirationDate="{write_datestamp(token.expires)}" completeListSize="{size}"'
        f' cursor="{cursor}">{content(token.text)}</resumptionToken>'
    ).encode()


def last_page(*, cursor: int, size: int) -> bytes:
    """The end of the last page of several."""
    return f'<resumptionToken completeListSize="{size}" cursor="{cursor}"/>'.encode()


def _element(name: str, text: str) -> str:
    return f"<{name}>{content(text)}</{name}>"


def _boxed(name: bytes, fragments: Iterable[bytes]) -> list[bytes]:
    return [b"".join((b"<", name, b">", fragment, b"</", name, b">")) for fragment in fragments]
